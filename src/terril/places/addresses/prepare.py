"""How does the file of the national address base become an index that answers at once?

The CSV of a department (« adresses-62.csv », often « .csv.gz ») is read by blocks, in bounded
memory, and written once into a SQLite file that the user names: communes, streets by their
levelled names, numbers with their position in metres. The file keeps the vintage and the
fingerprint of the CSV, so that a base made from another file is seen.

Format: columns « id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;
code_insee_ancienne_commune;nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;
libelle_acheminement;nom_afnor;… », read by name; x and y in the legal grid of the territory.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, cast

import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.french import compte, liste
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.progress import Progress, Silent
from terril.places.addresses.words import level, name_of, place_key
from terril.territories.geometry import metric_crs, reproject

FORMAT: Final = "2"  # of the prepared file; another one is made again
BLOCK: Final = 8 << 20
ANYWHERE: Final = 99999  # « no number » in the exchange format of the communes

#: columns that an answer needs, and those that help when they are there
REQUIRED: Final = ("numero", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat")
USEFUL: Final = (
    "rep", "code_insee_ancienne_commune", "nom_ancienne_commune", "x", "y", "type_position",
    "libelle_acheminement", "nom_afnor",
)  # fmt: skip

_TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE places (name TEXT, commune TEXT, former TEXT, PRIMARY KEY (name, commune, former))
  WITHOUT ROWID;
CREATE TABLE communes (commune TEXT PRIMARY KEY, label TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE postcodes (postcode TEXT, commune TEXT, PRIMARY KEY (postcode, commune))
  WITHOUT ROWID;
CREATE TABLE streets (id INTEGER PRIMARY KEY, commune TEXT NOT NULL, former TEXT NOT NULL,
  name TEXT NOT NULL);
CREATE TABLE names (street INTEGER, full TEXT, PRIMARY KEY (street, full)) WITHOUT ROWID;
CREATE TABLE street_postcodes (street INTEGER, postcode TEXT, PRIMARY KEY (street, postcode))
  WITHOUT ROWID;
CREATE TABLE numbers (street INTEGER NOT NULL, number INTEGER NOT NULL, suffix TEXT NOT NULL,
  x REAL NOT NULL, y REAL NOT NULL, position INTEGER NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX streets_by_commune ON streets (commune);
CREATE INDEX numbers_by_street ON numbers (street);
"""


@dataclass(slots=True)
class _Street:
    id: int
    commune: str
    former: str
    name: str
    names: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Gathered:
    """What is kept in memory while the blocks pass: communes and streets, not numbers."""

    streets: dict[tuple[str, str, str], _Street] = field(default_factory=dict)
    communes: dict[str, str] = field(default_factory=dict)
    places: set[tuple[str, str, str]] = field(default_factory=set)
    postcodes: set[tuple[str, str]] = field(default_factory=set)
    crs: int = 0
    rows: int = 0
    kept: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    positions: Counter[str] = field(default_factory=Counter)


def position_types() -> tuple[str, ...]:
    """Return the types of position of the catalogue, levelled; their rank is their number."""
    return tuple(level(row["type"].replace("’", "'")) for row in read_list(_POSITIONS))


def position_parameters() -> tuple[str, ...]:
    """Return the parameter that gives the margin of each type; one more for an unknown type."""
    return (*(row["parametre"] for row in read_list(_POSITIONS)), "adresse_marge_inconnue")


_POSITIONS: Final = "vocabularies/positions.csv"


def prepare(
    source: Path,
    target: Path,
    problems: ProblemList,
    *,
    vintage: str = "",
    progress: Progress | None = None,
) -> bool:
    """Make the index ``target`` from the CSV ``source``; say whether it was made.

    ``vintage``: the date of the file, told with every answer; by default the day it was written.
    Problems: file absent, not in this format, of several grids, lines without a position or a
    street. Nothing is left of a base that could not be made whole.
    """
    work = progress or Silent()
    if not source.is_file():
        problems.add(
            Problem(
                "ban-absente",
                Where(source.name),
                "Le fichier des adresses n’est pas là.",
                "le fichier CSV d’un département, par exemple adresses-62.csv.gz.",
                "Téléchargez-le sur adresse.data.gouv.fr (Base Adresse Nationale).",
            )
        )
        return False
    partial = target.with_name(f".{target.name}.partiel")
    partial.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    held = _Gathered()
    digest = hashlib.sha256()
    work.stage(f"lecture de {source.name}")
    try:
        base = sqlite3.connect(partial)
        try:
            base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
            fine = _read(source, base, held, digest, problems)
            if fine:
                day = dt.date.fromtimestamp(source.stat().st_mtime).isoformat()
                _finish(base, held, source.name, digest.hexdigest(), vintage or day)
        finally:
            base.close()
        if fine:
            partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    _tell(held, source.name, problems, fine)
    return fine


def _read(
    source: Path,
    base: sqlite3.Connection,
    held: _Gathered,
    digest: hashlib._Hash,
    problems: ProblemList,
) -> bool:
    try:
        for block in _blocks(source, digest):
            frame = _frame(block, source.name, problems)
            if frame is None or not _take(frame, base, held, source.name, problems):
                return False
    except (OSError, EOFError, zlib.error):
        what = "La lecture s’arrête avant la fin : le fichier est abîmé ou incomplet."
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        what = "Ce n’est pas un texte CSV en UTF-8."
    else:
        if held.kept:
            return True
        what = "Aucune adresse n’y est lue."
    problems.add(
        Problem(
            "ban-illisible",
            Where(source.name),
            what,
            "le fichier CSV de la Base Adresse Nationale, tel que publié.",
            "Téléchargez-le de nouveau.",
        )
    )
    return False


def _blocks(source: Path, digest: hashlib._Hash) -> Iterator[bytes]:
    """Yield the text by blocks of whole lines, each under the head; the file is hashed."""
    with source.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        hashed = _Hashed(raw, digest)
        text = gzip.GzipFile(fileobj=cast(IO[bytes], hashed)) if packed else hashed
        head, rest = b"", b""
        while block := text.read(BLOCK):
            rest += block
            if not head:
                line, found, after = rest.partition(b"\n")
                if not found:
                    continue
                head, rest = line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r") + b"\n", after
            cut = rest.rfind(b"\n") + 1
            if cut and rest.count(b'"', 0, cut) % 2 == 0:  # not inside a quoted cell
                yield head + rest[:cut]
                rest = rest[cut:]
        if head and rest.strip():
            yield head + rest
        elif not head and rest:
            yield rest
        hashed.drain()


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, raw: IO[bytes], digest: hashlib._Hash) -> None:
        self._raw = raw
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        """Read, and hash what was read."""
        block = self._raw.read(size)
        self._digest.update(block)
        return block

    def drain(self) -> None:
        """Hash what is left."""
        while self.read(BLOCK):
            pass


def _frame(block: bytes, name: str, problems: ProblemList) -> pl.DataFrame | None:
    """Return the columns that serve, as texts; ``None`` when the format is another one."""
    block.decode("utf-8")
    frame = pl.read_csv(block, separator=";", infer_schema=False, truncate_ragged_lines=True)
    missing = [column for column in REQUIRED if column not in frame.columns]
    if missing:
        problems.add(
            Problem(
                "ban-colonnes",
                Where(name, line=1),
                f"Colonnes absentes : {liste(missing)}.",
                f"les colonnes de la Base Adresse Nationale : {', '.join(REQUIRED)}…",
                "Prenez le fichier « adresses » au format CSV, séparé par des points-virgules.",
            )
        )
        return None
    return frame.select(
        (pl.col(c) if c in frame.columns else pl.lit(None, pl.String).alias(c))
        .fill_null("")
        .str.strip_chars()
        for c in (*REQUIRED, *USEFUL)
    )


def _take(
    frame: pl.DataFrame, base: sqlite3.Connection, held: _Gathered, name: str, problems: ProblemList
) -> bool:
    """Add a block to the base; say whether it could be."""
    held.rows += frame.height
    number = pl.col("numero").cast(pl.Int64, strict=False)
    frame = frame.with_columns(
        number=pl.when(number.is_between(0, ANYWHERE - 1)).then(number).otherwise(-1),
        suffix=pl.col("rep").str.to_lowercase(),
        former=pl.col("code_insee_ancienne_commune"),
        lon=pl.col("lon").cast(pl.Float64, strict=False),
        lat=pl.col("lat").cast(pl.Float64, strict=False),
        x=pl.col("x").cast(pl.Float64, strict=False),
        y=pl.col("y").cast(pl.Float64, strict=False),
    )
    named = (pl.col("nom_voie") != "") & pl.col("code_insee").str.contains(r"^\d[0-9AB]\d{3}$")
    held.lost["voie"] += frame.filter(~named).height
    frame = frame.filter(named)
    if frame.is_empty():
        return True
    grids = {
        metric_crs(d) for d in frame["code_insee"].map_elements(_department, pl.String).unique()
    }
    if len(grids | ({held.crs} if held.crs else set())) > 1:
        problems.add(
            Problem(
                "ban-projections",
                Where(name),
                "Le fichier mêle des départements qui n’ont pas la même projection légale.",
                "les adresses de la métropole, ou d’un seul territoire d’outre-mer.",
                "Préparez une base par territoire.",
            )
        )
        return False
    held.crs = grids.pop()
    frame = _placed(frame, held)
    _streets(frame, base, held)
    return True


def _department(insee: str) -> str:
    return insee[:3] if insee.startswith(("97", "98")) else insee[:2]


def _placed(frame: pl.DataFrame, held: _Gathered) -> pl.DataFrame:
    """Put every row in the legal grid, from x and y when given, else from lon and lat."""
    legal = pl.col("x").is_finite() & pl.col("y").is_finite() & (pl.col("x") != 0)
    degrees = pl.col("lon").is_finite() & pl.col("lat").is_finite()
    frame = frame.with_columns(legal=legal.fill_null(value=False), degrees=degrees.fill_null(False))
    wanted = frame.select(~pl.col("legal") & pl.col("degrees")).to_series().to_numpy()
    if wanted.any():
        xy = frame.select("x", "y").to_numpy().copy()
        lonlat = frame.select("lon", "lat").to_numpy()[wanted]
        xy[wanted] = reproject(lonlat, 4326, held.crs)
        frame = frame.with_columns(x=pl.Series(xy[:, 0]), y=pl.Series(xy[:, 1]))
    fine = (pl.col("legal") | pl.col("degrees")) & pl.col("x").is_finite() & pl.col("y").is_finite()
    placed = frame.filter(fine)
    held.lost["position"] += frame.height - placed.height
    return placed


def _streets(frame: pl.DataFrame, base: sqlite3.Connection, held: _Gathered) -> None:
    keys = ["code_insee", "former", "nom_voie"]
    distinct = frame.unique(
        [*keys, "code_postal", "nom_commune", "nom_ancienne_commune", "libelle_acheminement",
         "nom_afnor"],
        maintain_order=True,
    )  # fmt: skip
    ids: dict[tuple[str, str, str], int] = {}
    for row in distinct.iter_rows(named=True):
        commune, former, name = row["code_insee"], row["former"], row["nom_voie"]
        full = name_of(name).full
        if not full:
            continue
        street = held.streets.get((commune, former, full))
        if street is None:
            street = _Street(len(held.streets) + 1, commune, former, name)
            held.streets[commune, former, full] = street
        ids[commune, former, name] = street.id
        street.names.update({full, name_of(row["nom_afnor"]).full} - {""})
        held.communes.setdefault(commune, row["nom_commune"])
        for label, part in (
            (row["nom_commune"], ""),
            (row["libelle_acheminement"], ""),
            (row["nom_ancienne_commune"], former),
        ):
            for key in place_names(label):
                held.places.add((key, commune, part))
        if row["code_postal"]:
            street.postcodes.add(row["code_postal"])
            held.postcodes.add((row["code_postal"], commune))
    found = pl.DataFrame(
        [(*key, street) for key, street in ids.items()],
        schema={**dict.fromkeys(keys, pl.String), "street": pl.Int64},
        orient="row",
    )
    held.lost["voie"] += frame.height
    frame = frame.join(found, on=keys, how="inner", maintain_order="left")
    held.lost["voie"] -= frame.height
    held.kept += frame.height
    types = {word: rank for rank, word in enumerate(position_types())}
    kinds = frame["type_position"].unique().to_list()
    ranks = {kind: types.get(level(kind.replace("’", "'")), len(types)) for kind in kinds}
    for kind, count in frame["type_position"].value_counts().rows():
        held.positions[kind] += count
    rows = frame.select(
        "street", "number", "suffix", "x", "y",
        pl.col("type_position").replace_strict(ranks, return_dtype=pl.Int64),
    )  # fmt: skip
    base.executemany("INSERT INTO numbers VALUES (?, ?, ?, ?, ?, ?)", rows.rows())


def place_names(label: str) -> tuple[str, ...]:
    """Return the keys of a commune’s name; a district of a big city answers to the city’s too."""
    key = place_key(label)
    city = [part for part in key.split() if not part.isdigit() and part != "arrondissement"]
    return tuple(name for name in dict.fromkeys((key, " ".join(city))) if name)


def _finish(
    base: sqlite3.Connection, held: _Gathered, file: str, sha256: str, vintage: str
) -> None:
    streets = list(held.streets.values())
    base.executemany(
        "INSERT INTO streets VALUES (?, ?, ?, ?)",
        [(s.id, s.commune, s.former, s.name) for s in streets],
    )
    base.executemany(
        "INSERT INTO names VALUES (?, ?)", [(s.id, n) for s in streets for n in sorted(s.names)]
    )
    base.executemany(
        "INSERT INTO street_postcodes VALUES (?, ?)",
        [(s.id, p) for s in streets for p in sorted(s.postcodes)],
    )
    base.executemany("INSERT INTO communes VALUES (?, ?)", sorted(held.communes.items()))
    base.executemany("INSERT INTO places VALUES (?, ?, ?)", sorted(held.places))
    base.executemany("INSERT INTO postcodes VALUES (?, ?)", sorted(held.postcodes))
    meta = {
        "format": FORMAT,
        "file": file,
        "sha256": sha256,
        "vintage": vintage,
        "crs": str(held.crs),
        "addresses": str(held.kept),
        "streets": str(len(streets)),
    }
    base.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    base.executescript(_INDEXES)
    base.commit()


def _tell(held: _Gathered, name: str, problems: ProblemList, fine: bool) -> None:
    if not fine:
        return
    lines = {
        "voie": ("sans nom de voie ou sans commune", "ban-sans-voie"),
        "position": ("sans position", "ban-sans-position"),
    }
    for reason, (words, code) in lines.items():
        if held.lost[reason]:
            problems.add(
                Problem(
                    code,
                    Where(name),
                    f"{compte(held.lost[reason], 'ligne', 'lignes')} {words} : "
                    "ces adresses ne pourront pas être reconnues.",
                    severity=Severity.WARNING,
                )
            )
    known = set(position_types())
    other = sorted(k for k in held.positions if k and level(k.replace("’", "'")) not in known)
    if other:
        problems.add(
            Problem(
                "ban-position-inconnue",
                Where(name),
                f"Types de position inconnus : {', '.join(f'« {k} »' for k in other)}.",
                "entrée, bâtiment, parcelle, segment…",
                "Ils sont tenus pour les moins précis.",
                Severity.WARNING,
            )
        )
