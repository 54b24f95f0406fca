"""Is a file that came really what it is said to be, whole, and can it be opened?

A server that fails often answers with a page of excuses under the name of the file: the first
bytes tell. Archives are tested to their last byte and opened without trusting their names.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from terril.lib.french import liste, nombre
from terril.sources.datagouv import plain
from terril.sources.remote import Refused

_HEAD: Final = 1 << 16
_WHOLE_JSON: Final = 128 << 20  # bytes that are parsed whole; beyond, only the ends are looked at
_AGAIN: Final = "Relancez ; si cela dure, téléchargez le fichier depuis la page du producteur."
_SHAPE: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NAMES: Final = {
    "geojson": "un GeoJSON",
    "gpkg": "un GeoPackage",
    "shp": "un Shapefile",
    "csv": "un CSV",
    "parquet": "un Parquet",
    "zip": "une archive zip",
}


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def digest(path: Path, algorithm: str = "sha256") -> str:
    """Return the hexadecimal digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def check_content(path: Path, kind: str, columns: Sequence[str] = ()) -> None:
    """Check that a file is of its format and holds ``columns``; raises ``Refused``.

    ``kind``: geojson, gpkg, shp, csv, parquet, zip. ``columns``: heads of a CSV, properties of
    a GeoJSON; case does not count.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise Refused("fichier-vide", "Le fichier reçu est vide.", remedy=_AGAIN)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (
        start.startswith(b"<?xml") and b"<html" in start
    ):
        raise Refused(
            "page-web",
            "Le serveur a envoyé une page web à la place du fichier.",
            f"{_NAMES[kind]}.",
            "Ouvrez l’adresse dans un navigateur : le site est peut-être en maintenance, ou une "
            "page de connexion s’interpose.",
        )
    reasons = {
        "geojson": _geojson,
        "gpkg": _geopackage,
        "shp": _shapefile,
        "csv": _csv,
        "parquet": _parquet,
        "zip": _zip,
    }
    reason = reasons[kind](path, head, columns)
    if reason:
        raise Refused("contenu-inattendu", reason, f"{_NAMES[kind]}, entier.", _AGAIN)


def _geojson(path: Path, head: bytes, columns: Sequence[str]) -> str:
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "Le fichier reçu n’est pas un GeoJSON."
    if path.stat().st_size > _WHOLE_JSON:
        with path.open("rb") as stream:
            stream.seek(-64, 2)
            whole = stream.read().rstrip().endswith(b"}") and b'"FeatureCollection"' in head
        return "" if whole else "Le GeoJSON reçu est incomplet."
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError:
        return "Le GeoJSON reçu est incomplet ou abîmé."
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        return "Le GeoJSON reçu ne contient aucun contour."
    known = {str(key).lower() for key in (features[0].get("properties") or {})}
    return _missing(known, columns)


def _missing(known: set[str], columns: Sequence[str]) -> str:
    absent = [column for column in columns if column.lower() not in known]
    if not absent:
        return ""
    return f"Il manque {liste([f'« {c} »' for c in absent])} : le producteur a changé ses colonnes."


def _geopackage(path: Path, head: bytes, columns: Sequence[str]) -> str:
    del columns
    if not head.startswith(b"SQLite format 3\x00"):
        return "Le fichier reçu n’est pas un GeoPackage."
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as base:
            healthy = base.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            layers = base.execute("SELECT count(*) FROM gpkg_contents").fetchone()[0]
    except sqlite3.Error:
        return "Le GeoPackage reçu est incomplet ou abîmé."
    return "" if healthy and layers else "Le GeoPackage reçu est abîmé, ou vide."


def _shapefile(path: Path, head: bytes, columns: Sequence[str]) -> str:
    del columns
    length = int.from_bytes(head[24:28], "big") * 2
    if head[:4] != b"\x00\x00\x27\x0a" or length != path.stat().st_size:
        return "Le Shapefile reçu est incomplet ou abîmé."
    absent = [s for s in (".shx", ".dbf") if not path.with_suffix(s).exists()]
    return f"Il manque {liste(absent)} au Shapefile reçu." if absent else ""


def _csv(path: Path, head: bytes, columns: Sequence[str]) -> str:
    del path
    if b"\x00" in head:
        return "Le fichier reçu n’est pas un texte."
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start >= len(head) - 4  # a letter cut in two by the end of the head
        text = head.decode("utf-8-sig" if cut else "cp1252", errors="ignore")
    line = text.splitlines()[0] if text.strip() else ""
    mark = max(";,\t|", key=line.count)
    return _missing({cell.strip().strip('"').lower() for cell in line.split(mark)}, columns)


def _parquet(path: Path, head: bytes, columns: Sequence[str]) -> str:
    del columns
    with path.open("rb") as stream:
        stream.seek(-min(4, path.stat().st_size), 2)
        whole = head.startswith(b"PAR1") and stream.read() == b"PAR1" and len(head) > 8
    return "" if whole else "Le Parquet reçu est incomplet ou abîmé."


def _zip(path: Path, head: bytes, columns: Sequence[str]) -> str:
    del head, columns
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            filled = bool(archive.infolist())
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError):
        return "L’archive reçue est incomplète ou abîmée."
    if broken:
        return f"Dans l’archive reçue, « {broken} » est abîmé."
    return "" if filled else "L’archive reçue est vide."


# ------------------------------------------------------------------ archives


def unpack(
    path: Path, archive: str, member: Sequence[str], target: Path, largest: int
) -> tuple[list[Path], str]:
    """Take the wanted file out of an archive, as ``target``; return what was written, and its name.

    A Shapefile brings its companions. ``largest``: bytes unpacked. The names inside the archive
    are only compared, never used as paths. Raises ``Refused``; what was begun stays, in the
    folder of ``target``, which should be a provisional one.
    """
    try:
        if archive == "gz":
            with gzip.open(path) as stream:
                _copy(stream, target, largest)
            return [target], ""
        check_content(path, "zip")
        with zipfile.ZipFile(path) as opened:
            chosen = _member(opened, member)
            written = []
            for info, suffix in _with_companions(opened, chosen):
                written.append(target.with_suffix(suffix) if suffix in _SHAPE else target)
                with opened.open(info) as inside:
                    _copy(inside, written[-1], largest)
            return written, chosen.filename
    except (gzip.BadGzipFile, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise Refused(
            "contenu-inattendu", "L’archive reçue est incomplète ou abîmée.", remedy=_AGAIN
        ) from error


def _copy(stream: _Readable, target: Path, largest: int) -> None:
    size = 0
    with target.open("wb") as out:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > largest:
                raise Refused(
                    "fichier-trop-gros",
                    f"Une fois ouverte, l’archive dépasse {nombre(largest / 1e6)} Mo.",
                    remedy="S’il a vraiment grossi, changez « largest » dans la carte.",
                )
            if shutil.disk_usage(target.parent).free < len(block):
                raise Refused(
                    "disque-plein",
                    "Il n’y a pas la place d’ouvrir l’archive.",
                    remedy="Libérez de la place, puis relancez.",
                )
            out.write(block)


def _member(archive: zipfile.ZipFile, words: Sequence[str]) -> zipfile.ZipInfo:
    """Return the only file of an archive whose name holds all the words."""
    files = [i for i in archive.infolist() if not i.is_dir()]
    wanted = [plain(word) for word in words]
    ends = wanted[-1]
    found = [
        i
        for i in files
        if all(w in plain(i.filename) for w in wanted) and plain(i.filename).endswith(f".{ends}")
    ]
    if len(found) == 1:
        return found[0]
    names = liste([i.filename.rsplit("/", 1)[-1] for i in (found or files)][:12])
    told = "plusieurs fichiers possibles" if found else "pas le fichier attendu"
    raise Refused(
        "membre-introuvable",
        f"L’archive contient {told} : {names}.",
        f"un nom avec {liste([f'« {w} »' for w in words])}.",
        "Le producteur a changé son archive : corrigez « member » dans la carte.",
    )


def _with_companions(
    archive: zipfile.ZipFile, chosen: zipfile.ZipInfo
) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return a file and, for a Shapefile, those that go with it; each with its suffix."""
    stem, _, suffix = chosen.filename.rpartition(".")
    if suffix.lower() != "shp":
        return [(chosen, f".{suffix.lower()}")]
    beside = {i.filename: i for i in archive.infolist()}
    found = [
        (info, f".{name.rpartition('.')[2].lower()}")
        for name, info in beside.items()
        if name.rpartition(".")[0] == stem and f".{name.rpartition('.')[2].lower()}" in _SHAPE
    ]
    return sorted(found, key=lambda pair: (pair[1] == ".shp", pair[1]))
