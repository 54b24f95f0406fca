"""Which files does an edition hang on, besides the documents that it reads?

The project file, its territories, the official correspondence, the project's own cards, and the
files that the options of an input name (a map of columns). They go to the manifest with their
hashes, so that building again says which of them changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terril.catalogue.load import SUFFIXES
from terril.sources.project import FILE_NAME, InputSpec, Project

#: words of the column « lecteur » of such a file
PROJECT: Final = "terril"
CARD: Final = "carte"
CORRESPONDENCE: Final = "correspondance"


@dataclass(frozen=True, slots=True)
class Declared:
    """A file and how the manifest names it: ``document``, ``file`` (as it is shown), ``reader``."""

    document: str
    file: str
    reader: str
    path: Path


def declared_files(project: Project) -> Iterator[Declared]:
    """Yield the files that are there, in a fixed order, each once."""
    seen: set[tuple[str, str]] = set()
    for held in _all(project):
        if held.path.is_file() and (held.document, held.file) not in seen:
            seen.add((held.document, held.file))
            yield held


def _all(project: Project) -> Iterator[Declared]:
    yield Declared("projet", FILE_NAME, PROJECT, project.root / FILE_NAME)
    territories = project.territories_file
    yield Declared("territoires", project.shown(territories), PROJECT, territories)
    if project.correspondence is not None:
        shown = project.shown(project.correspondence)
        yield Declared("correspondance", shown, CORRESPONDENCE, project.correspondence)
    for folder in project.catalogue_dirs:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES:
                yield Declared("catalogue", _card_name(project, folder, path), CARD, path)
    for spec in specs(project):
        for key, value in sorted(spec.options.items()):
            path = project.root / value
            if value and _is_file(path):
                yield Declared(spec.id, project.shown(path), key, path)


def _is_file(path: Path) -> bool:
    """Return whether the text of an option names a file; most of them are no name at all."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def specs(project: Project) -> tuple[InputSpec, ...]:
    """Return all that the project declares to be read, of whatever kind."""
    return (
        *project.inputs,
        *project.perimeters,
        *project.points,
        *project.networks,
        *project.microdata,
    )


def _card_name(project: Project, folder: Path, path: Path) -> str:
    """Return a card's name as it is shown, with its folders even when outside the project."""
    if path.resolve().is_relative_to(project.root.resolve()):
        return project.shown(path)
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"
