"""Which projects does the atelier work on, and what state are they in?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from terril.editions.look import Look, Shelf
from terril.editions.seal import edition_folder
from terril.lib.french import nombre
from terril.lib.problems import Problem, ProblemsError
from terril.sources.project import FILE_NAME, InputSpec, Project, read_project

_NAME: Final = re.compile(r"[\w\-.]{1,120}")
_PARTS: Final = (
    ("inputs", "Données"),
    ("perimeters", "Périmètres"),
    ("points", "Équipements localisés"),
    ("networks", "Transports"),
    ("microdata", "Microdonnées"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A project of the atelier: its name in addresses, its folder."""

    name: str
    folder: Path

    @property
    def editions(self) -> Path:
        """Where its drafts and its sealed editions are."""
        return self.folder / "editions"

    def read(self) -> Project:
        """Read ``terril.toml``; raises ``ProblemsError``."""
        return read_project(self.folder)


@dataclass(frozen=True, slots=True)
class Line:
    """One declared file."""

    spec: InputSpec
    shown: str
    there: bool
    size: str
    changed: dt.datetime | None
    rows: str  # read from it by the newest edition, when it read this very file


@dataclass(frozen=True, slots=True)
class Stand:
    """One edition of the project: « brouillon », « scellée », « publiée » or « retirée »."""

    date: str
    state: str
    look: Look


def held() -> dict[str, Held]:
    """Return the projects by name: those of the site’s data, then the attached ones."""
    found: dict[str, Held] = {}
    for folder in _folders():
        if _NAME.fullmatch(folder.name) and not folder.name.startswith("."):
            found.setdefault(folder.name, Held(folder.name, folder))
    return found


def _folders() -> Iterator[Path]:
    places = [Path(settings.DATA) / "projets"]
    if settings.ATTACHED is not None:
        if (settings.ATTACHED / FILE_NAME).is_file():
            yield settings.ATTACHED
        else:
            places.append(settings.ATTACHED)
    for place in places:
        if place.is_dir():
            yield from sorted(p for p in place.iterdir() if (p / FILE_NAME).is_file())


def readable(item: Held) -> tuple[Project | None, list[Problem]]:
    """Return the project, or what is wrong with its file."""
    try:
        return item.read(), []
    except ProblemsError as error:
        return None, error.problems


def declared(project: Project, newest: Look | None) -> list[tuple[str, list[Line]]]:
    """Return the declared files, by kind; ``newest``: the edition that tells what it read."""
    read = {row["document"]: row for row in newest.rows("inputs")} if newest else {}
    found = []
    for part, label in _PARTS:
        lines = [_line(project, spec, read.get(spec.id)) for spec in getattr(project, part)]
        if lines or part == "inputs":
            found.append((label, lines))
    return found


def _line(project: Project, spec: InputSpec, read: dict[str, Any] | None) -> Line:
    there = spec.file.is_file()
    stat = spec.file.stat() if there else None
    return Line(
        spec,
        project.shown(spec.file),
        there,
        size_text(stat.st_size) if stat else "",
        dt.datetime.fromtimestamp(stat.st_mtime, dt.UTC) if stat else None,
        nombre(read["rows"]) if read and stat and read["size"] == stat.st_size else "–",
    )


def size_text(size: int) -> str:
    """Return a size in bytes as people write it: « 37 Ko »."""
    if size < 1_000_000:
        return f"{nombre(max(1, size / 1_000))}\u00a0Ko"
    return f"{nombre(size / 1_000_000, 0 if size >= 20_000_000 else 1)}\u00a0Mo"


def shown_shelf() -> Shelf:
    """The editions that the public sees."""
    return Shelf(settings.EDITIONS)


def stands(item: Held, project: Project | None) -> list[Stand]:
    """Return the editions of a project, the newest first, each in its furthest state."""
    own, public = Shelf(item.editions), shown_shelf()
    found: dict[str, Stand] = {}
    for date in own.drafts():
        look = own.draft(date)
        if look is not None:
            found[date] = Stand(date, "brouillon", look)
    for shelf, state in ((own, "scellée"), (public, "publiée")):
        for date in shelf.dates():
            look = shelf.look(date)
            if look is None or (project is not None and look.info.epci != project.epci):
                continue
            found[date] = Stand(date, "retirée" if look.notice else state, look)
    return sorted(found.values(), key=lambda stand: stand.date, reverse=True)


def preview(item: Held, date: str) -> Look | None:
    """Return the draft of a date, else the edition sealed in the project."""
    shelf = Shelf(item.editions)
    return shelf.draft(date) or shelf.look(date)


def sealed_folder(item: Held, date: str) -> Path:
    """Return the folder of the sealed edition of a date in the project."""
    return edition_folder(item.editions, date, draft=False)


def is_date(text: str) -> bool:
    """Is this the date of an edition, as addresses write it?"""
    try:
        return len(text) == 10 and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def project_editions_are_shown(item: Held) -> bool:
    """Are the sealed editions of this project those that the public sees, without a step more?"""
    return item.editions.resolve() == Path(settings.EDITIONS).resolve()
