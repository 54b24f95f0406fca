"""Which editions are there, and is each still what was sealed?

The folders are confronted with the register: an edition that was sealed and is no longer
there, one whose files changed, one that the register never heard of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from terril.editions.manifest import MANIFEST, sha256_of
from terril.editions.open import Edition, open_edition
from terril.editions.register import DAMAGED, Notice, Register, read_register
from terril.editions.seal import edition_folder
from terril.lib.dates import date_longue
from terril.lib.problems import Problem, ProblemsError, Where


class State(StrEnum):
    """Where an edition stands in its life."""

    DRAFT = "brouillon"
    PUBLISHED = "publiée"
    UNREGISTERED = "hors registre"  # sealed before the register was kept, or copied here
    WITHDRAWN = "retirée"


class Check(StrEnum):
    """Are the files of an edition still those that were sealed?"""

    INTACT = "intacte"  # every hash was computed again
    SIZES = "tailles justes"  # files there, of the right size, their content not read
    ALTERED = "altérée"
    MISSING = "manquante"
    UNREADABLE = "illisible"


@dataclass(frozen=True, slots=True)
class Listed:
    """One edition of the list. Counts are ``None`` when it cannot be read."""

    date: str
    folder: Path
    state: State
    check: Check
    figures: int | None = None
    sheets: int | None = None
    fingerprint: str = ""  # SHA-256 of the manifest
    sealed: str = ""  # ISO date at which the register noted it
    notice: Notice | None = None
    extra: tuple[str, ...] = ()  # files that the manifest does not know
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Inventory:
    """All the editions of a folder, and what is wrong with its register."""

    folder: Path
    editions: tuple[Listed, ...]
    problems: tuple[Problem, ...]

    @property
    def all_problems(self) -> list[Problem]:
        """The problems of the register, then those of each edition."""
        return [*self.problems, *(p for listed in self.editions for p in listed.problems)]


def inventory(path: Path, *, hashes: bool = False) -> Inventory:
    """List the editions of ``path``: a folder of editions, or that of a project.

    ``hashes``: compute the hashes of all the files again; otherwise sizes are looked at.
    Raises ``ProblemsError`` (``edition-absente``) when there is neither edition nor register.
    """
    folder = _folder(path)
    register = read_register(folder)
    listed = [
        _present(child, register, hashes)
        for child in sorted(folder.iterdir())
        if (child / MANIFEST).is_file()
    ]
    held = {item.date for item in listed if item.state is not State.DRAFT}
    listed += [_missing(folder, date, register) for date in register.editions if date not in held]
    listed.sort(key=lambda item: (item.date, item.state is State.DRAFT))
    return Inventory(folder, tuple(listed), register.problems)


def _folder(path: Path) -> Path:
    if (path / MANIFEST).is_file():
        return path.resolve().parent
    for folder in (path, path / "editions"):
        if folder.is_dir() and (
            read_register(folder).path.exists()
            or any((child / MANIFEST).is_file() for child in folder.iterdir())
        ):
            return folder
    raise ProblemsError(
        [
            Problem(
                code="edition-absente",
                where=Where(file=str(path)),
                what="Aucune édition à cet endroit.",
                expected="un dossier d’éditions, ou celui d’un projet.",
                remedy="Construisez-en une d’abord\u00a0: terril construire <projet>.",
            )
        ]
    )


def _present(folder: Path, register: Register, hashes: bool) -> Listed:
    try:
        edition = open_edition(folder)
    except ProblemsError as error:
        date = folder.name[:10]
        known = register.sealing(date)
        return Listed(
            date=date,
            folder=folder,
            state=_state(register, date, draft=folder.name != date),
            check=Check.UNREADABLE,
            sealed=known.on if known is not None else "",
            notice=register.notice(date),
            problems=tuple(error.problems),
        )
    known = None if edition.draft else register.sealing(edition.edition)
    # the register is told once for the whole folder, not again for each edition
    problems = [p for p in edition.verify(hashes=hashes) if p.code not in DAMAGED]
    return Listed(
        date=edition.edition,
        folder=folder,
        state=_state(register, edition.edition, draft=edition.draft),
        check=Check.ALTERED if problems else Check.INTACT if hashes else Check.SIZES,
        figures=edition.manifest.rows.get("observations"),
        sheets=edition.manifest.rows.get("fiches"),
        fingerprint=sha256_of(folder / MANIFEST),
        sealed=known.on if known is not None else "",
        notice=edition.notice,
        extra=_extra(edition),
        problems=tuple(problems),
    )


def _state(register: Register, date: str, *, draft: bool) -> State:
    if draft:
        return State.DRAFT
    if register.notice(date) is not None:
        return State.WITHDRAWN
    return State.PUBLISHED if register.sealing(date) is not None else State.UNREGISTERED


def _extra(edition: Edition) -> tuple[str, ...]:
    known = {MANIFEST, *(output.file for output in edition.manifest.outputs)}
    names = (
        path.relative_to(edition.path).as_posix()
        for path in sorted(edition.path.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    )
    return tuple(name for name in names if name not in known)


def _missing(folder: Path, date: str, register: Register) -> Listed:
    known = register.sealing(date)
    place = edition_folder(folder, date, draft=False)
    said = f"scellée le {date_longue(known.on)}" if known is not None else "retirée"
    return Listed(
        date=date,
        folder=place,
        state=_state(register, date, draft=False),
        check=Check.MISSING,
        fingerprint=known.manifest if known is not None else "",
        sealed=known.on if known is not None else "",
        notice=register.notice(date),
        problems=(
            Problem(
                code="edition-manquante",
                where=Where(file=str(place)),
                what=f"L’édition du {date_longue(date)}, {said}, n’est plus là.",
                expected="toutes les éditions du registre, retirées ou non.",
                remedy="Reprenez-la d’une sauvegarde, ou refaites-la à la même date si les "
                "fichiers du projet n’ont pas changé (terril construire).",
            ),
        ),
    )
