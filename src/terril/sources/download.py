"""How does an official file arrive: found, fetched, verified, put in place with its origin?

The file appears under its name only when it is whole, is what it should be, and has the checksum
that data.gouv.fr tells. An official file that changed, or a file changed by hand, is said and
never overwritten unless asked.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from terril import __version__
from terril.catalogue.downloads import DEPARTMENT, Download
from terril.lib.french import liste
from terril.lib.progress import Progress
from terril.sources.datagouv import SERVER, Resource, choose, read_data_set
from terril.sources.origin import Origin, changed_by_hand, place_of, read_origin, written
from terril.sources.received import check_content, digest, unpack
from terril.sources.remote import Refused, unchanged
from terril.sources.transfer import Fetched, Patience, Tell, drop, fetch, patiently

FETCHED: Final = "téléchargé"
REPLACED: Final = "remplacé"
CURRENT: Final = "déjà à jour"


@dataclass(frozen=True, slots=True)
class Order:
    """How downloads are made. ``server``: address of data.gouv.fr, or of what stands for it."""

    folder: Path
    server: str = SERVER
    department: str = ""
    replace: bool = False
    patience: Patience = field(default_factory=Patience)
    progress: Progress | None = None
    tell: Tell = lambda _: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one download. ``path``: the file to declare."""

    code: str
    path: Path
    state: str  # FETCHED | REPLACED | CURRENT
    origin: Origin
    resumed: int = 0  # bytes that an earlier command had brought


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The address of a file, and what data.gouv.fr says of it."""

    url: str
    resource: Resource | None = None

    @property
    def told(self) -> str:
        """« sha1:… », or ""."""
        held = self.resource
        return f"{held.algorithm}:{held.checksum}" if held and held.checksum else ""


def download(code: str, card: Download, order: Order) -> Outcome:
    """Bring the file of a card into the folder of the order; return what became of it.

    Raises ``Refused`` when it cannot come, or stands there already in another state; nothing
    half written is left under its name, and what was received waits in a ``.part``.
    """
    if card.by_department and not order.department:
        raise Refused(
            "departement-absent",
            f"« {card.label} » : un fichier par département.",
            "--departement 62, par exemple.",
        )
    order.folder.mkdir(parents=True, exist_ok=True)
    target = order.folder / card.file.replace(DEPARTMENT, order.department)
    wanted = _wanted(card, order)
    origin = read_origin(target)
    standing = target.exists()
    if standing and not order.replace:
        return _standing(code, target, origin, wanted, order)
    part = target.with_name(f"{target.name}.part")
    got = _whole(wanted, part, card, order)
    with tempfile.TemporaryDirectory(prefix=".terril-", dir=order.folder) as room:
        files, member = _opened(part, Path(room) / target.name, card)
        made = _origin(code, card, wanted, got, part, files, member)
        note = Path(room) / place_of(target).name
        note.write_text(written(made), encoding="utf-8")
        for file in [*files, note]:
            _lasting(file)
            os.replace(file, order.folder / file.name)
    drop(part)
    return Outcome(code, target, REPLACED if standing else FETCHED, made, got.resumed)


def _wanted(card: Download, order: Order) -> _Wanted:
    """Find the address, on data.gouv.fr when the card names a data set."""
    if card.url is not None:
        return _Wanted(card.url.replace(DEPARTMENT, order.department))
    slug = card.dataset or ""
    data_set = patiently(
        lambda: read_data_set(slug, order.server, order.patience.timeout),
        order.patience,
        order.tell,
    )
    resource = choose(data_set, card.words, card.without)
    return _Wanted(resource.url, resource)


def _standing(
    code: str, target: Path, origin: Origin | None, wanted: _Wanted, order: Order
) -> Outcome:
    """Say whether the file that is there is the official one; raise ``Refused`` when it is not."""
    replace = "Avec --remplacer, il est téléchargé à nouveau ; gardez une copie de l’ancien."
    if origin is None:
        raise Refused(
            "fichier-sans-origine",
            f"{target.name} est déjà là, et rien ne dit d’où il vient.",
            remedy=replace,
        )
    changed = changed_by_hand(target, origin)
    if changed:
        raise Refused(
            "fichier-modifie",
            f"{liste(changed)} : plus tel qu’il a été téléchargé le {origin.fetched[:10]}.",
            remedy=replace,
        )
    if not _same(origin, wanted, order):
        since = wanted.resource.modified[:10] if wanted.resource else ""
        raise Refused(
            "fichier-change",
            f"Le fichier officiel a changé{f' le {since}' if since else ''} depuis le "
            f"téléchargement du {origin.fetched[:10]}. Le vôtre est gardé.",
            remedy=replace,
        )
    return Outcome(code, target, CURRENT, origin)


def _same(origin: Origin, wanted: _Wanted, order: Order) -> bool:
    """Say whether the official file is still the one that was fetched."""
    held = wanted.resource
    if held is not None and held.checksum:
        if origin.told:
            return origin.told == wanted.told
        return held.algorithm == "sha256" and held.checksum == origin.sha256
    if held is not None:
        return (origin.url, origin.resource_modified) == (held.url, held.modified)
    if origin.url != wanted.url:
        return False
    same = patiently(
        lambda: unchanged(wanted.url, order.patience.timeout, origin.etag, origin.last_modified),
        order.patience,
        order.tell,
    )
    return same is not False


def _whole(wanted: _Wanted, part: Path, card: Download, order: Order) -> Fetched:
    """Fetch, and compare with what data.gouv.fr tells; once again from nothing when it differs."""
    for last in (False, True):
        got = fetch(
            wanted.url,
            part,
            largest=card.largest * 1_000_000,
            patience=order.patience,
            progress=order.progress,
            tell=order.tell,
        )
        wrong = _wrong(wanted, part, got)
        if wrong is None:
            return got
        drop(part)
        if last:
            raise wrong
        order.tell(f"{wrong.what} Tout est redemandé une fois.")
    raise AssertionError  # pragma: no cover


def _wrong(wanted: _Wanted, part: Path, got: Fetched) -> Refused | None:
    """Return what does not agree with data.gouv.fr, or ``None``.

    Of a file that the producer keeps itself, data.gouv.fr only repeats what it once heard: what
    it says does not count against the file.
    """
    held = wanted.resource
    if held is None or not held.kept:
        return None
    remedy = (
        "Il a changé pendant le téléchargement, ou quelque chose l’altère en route (mandataire, "
        "antivirus). Relancez plus tard, ou depuis un autre réseau."
    )
    if held.size is not None and held.size != got.size:
        return Refused(
            "taille-fausse",
            f"Le fichier reçu fait {got.size} octets, et data.gouv.fr en annonce {held.size}.",
            remedy=remedy,
        )
    if held.checksum and digest(part, held.algorithm) != held.checksum:
        return Refused(
            "somme-fausse",
            f"L’empreinte {held.algorithm} du fichier reçu n’est pas celle qu’annonce "
            "data.gouv.fr.",
            remedy=remedy,
        )
    return None


def _opened(part: Path, target: Path, card: Download) -> tuple[list[Path], str]:
    """Put what is kept at ``target``, checked; return the files, the one to declare last."""
    with part.open("rb") as stream:
        zipped = stream.read(2) in (b"PK", b"\x1f\x8b")
    try:
        if card.archive is not None and zipped:
            files, member = unpack(
                part, card.archive, card.member, target, card.largest * 1_000_000
            )
            check_content(target, card.format, card.columns)
            return files, member
        # a producer may leave the archive out; else this says what came instead
        check_content(part, card.format, card.columns)
    except Refused:
        drop(part)
        raise
    shutil.copyfile(part, target)
    return [target], ""


def _origin(
    code: str,
    card: Download,
    wanted: _Wanted,
    got: Fetched,
    part: Path,
    files: list[Path],
    member: str,
) -> Origin:
    held = wanted.resource
    return Origin(
        card=code,
        label=card.label,
        producer=card.producer,
        licence=card.licence,
        vintage=card.vintage,
        page=card.page,
        url=wanted.url,
        final_url=got.url,
        resource=held.title if held else "",
        resource_modified=held.modified if held else "",
        etag=got.etag,
        last_modified=got.modified,
        fetched=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        size=got.size,
        sha256=digest(part),
        told=wanted.told,
        checked=bool(held and held.kept and held.checksum),
        member=member,
        files={file.name: digest(file) for file in files},
        software=f"terril {__version__}",
    )


def _lasting(file: Path) -> None:
    """Make sure that a file is on the disk before it takes its name."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
