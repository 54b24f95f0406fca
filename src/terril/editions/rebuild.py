"""Does the project still give the edition that was sealed?

The manifest names the files read and their hashes: they are looked at first, since nothing
can be expected of other files. Then the edition is built again, in a temporary folder, with
its own date, and compared file by file with the one that was sealed. Where bytes differ, the
tables are read and their rows counted; no value is shown.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from terril.editions.content import EditionContent
from terril.editions.database import read_texts
from terril.editions.declared import CARD, CORRESPONDENCE, declared_files, specs
from terril.editions.diff_cards import METHOD, card_changes
from terril.editions.former import figures_before
from terril.editions.manifest import MANIFEST, sha256_of
from terril.editions.open import Edition, open_edition
from terril.editions.pipeline import build
from terril.editions.seal import DATABASE, PARQUET, edition_folder, seal
from terril.lib.french import nombre
from terril.lib.problems import Problem, ProblemsError, Where
from terril.lib.progress import Progress, Silent
from terril.sources.project import FILE_NAME, Project, read_project

#: builds the content of an edition from a project, with the date of the edition
Builder = Callable[[Path, Edition, Progress], EditionContent]

_TEXT_TABLES: Final = ("fiches", "themes", "cards")


@dataclass(frozen=True, slots=True)
class TableGap:
    """A table that differs: rows that only one of the two editions holds."""

    table: str
    sealed: int
    rebuilt: int
    columns: tuple[str, ...] = ()  # columns that only one of the two has


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What comes out of building an edition again."""

    same: int  # files that are the same to the byte
    files: tuple[str, ...]  # files that are not
    tables: tuple[TableGap, ...]
    versions: tuple[tuple[str, str, str], ...]  # software, version then, version now
    cards: tuple[str, ...]  # cards of the catalogue that are no longer those of the edition
    manifest: tuple[str, ...]  # parts of the manifest that differ, versions apart
    added: tuple[str, ...] = ()  # files that the project declares since

    @property
    def identical(self) -> bool:
        """Are all the files the same to the byte, the manifest too?"""
        return not self.files

    @property
    def same_content(self) -> bool:
        """Do they hold the same rows, texts and cards, however written?"""
        return not self.tables and not self.manifest


def check_inputs(edition: Edition, project: Path) -> list[Problem]:
    """Return a problem a file that the edition read and that is no longer the same.

    ``project``: its folder. A file outside the project is found through ``terril.toml``.
    """
    declared = _declared(project)
    problems = []
    for item in dict.fromkeys(
        (i.document, i.reader, i.file, i.sha256, i.size) for i in edition.manifest.inputs
    ):
        document, reader, file, sha256, size = item
        path = declared.get((document, file), project / file)
        noun = _noun(document, reader)
        if not path.is_file():
            problems.append(_missing(file, noun))
        elif sha256_of(path) != sha256:
            problems.append(_changed(file, noun, sha256, size, path))
    return problems


def added_files(edition: Edition, project: Path) -> tuple[str, ...]:
    """Return the files that the project declares now and that the edition did not know.

    A card that was not there may change the method without any file having changed.
    """
    known = {item.file for item in edition.manifest.inputs}
    try:
        held = declared_files(read_project(project))
        return tuple(dict.fromkeys(d.file for d in held if d.file not in known))
    except ProblemsError:
        return ()


def rebuild(
    edition: Edition,
    project: Path,
    progress: Progress | None = None,
    builder: Builder | None = None,
) -> Rebuilt:
    """Build ``edition`` again from the project and compare.

    Nothing is written but in a temporary folder, which goes. Raises ``ProblemsError`` when
    the edition itself is altered, when a file read is missing or changed (``entree-absente``,
    ``entree-changee``), and with what the project has wrong.
    """
    problems = edition.verify() or check_inputs(edition, project)
    if problems:
        raise ProblemsError(problems)
    watch = progress or Silent()
    content = (builder or _build)(project, edition, watch)
    watch.stage("Édition comparée")
    with tempfile.TemporaryDirectory(prefix="terril-") as place:
        seal(Path(place), content, draft=edition.draft)
        again = open_edition(edition_folder(Path(place), edition.edition, draft=edition.draft))
        return _compare(edition, again, added_files(edition, project))


def _build(project: Path, edition: Edition, progress: Progress) -> EditionContent:
    former = figures_before(edition.path.resolve().parent, edition.edition)
    return build(project, progress, edition=edition.edition, published=former)


def _declared(project: Path) -> dict[tuple[str, str], Path]:
    """Return the files that ``terril.toml`` names, by document and by name as it is shown."""
    try:
        held: Project = read_project(project)
    except ProblemsError:
        return {}
    files = {(spec.id, held.shown(spec.file)): spec.file for spec in specs(held)}
    return {**{(d.document, d.file): d.path for d in declared_files(held)}, **files}


def _compare(sealed: Edition, rebuilt: Edition, added: tuple[str, ...]) -> Rebuilt:
    outputs = [{o.file: o.sha256 for o in e.manifest.outputs} for e in (sealed, rebuilt)]
    names = sorted({*outputs[0], *outputs[1]})
    files = [name for name in names if outputs[0].get(name) != outputs[1].get(name)]
    manifests = [edition.path / MANIFEST for edition in (sealed, rebuilt)]
    if sha256_of(manifests[0]) != sha256_of(manifests[1]):
        files.append(MANIFEST)
    versions = [edition.manifest.versions for edition in (sealed, rebuilt)]
    changed = card_changes(sealed.catalogue, rebuilt.catalogue)
    return Rebuilt(
        same=len(names) + 1 - len(files),
        files=tuple(files),
        tables=tuple(_tables(sealed, rebuilt)) if files else (),
        versions=tuple(
            (name, versions[0].get(name, "–"), versions[1].get(name, "–"))
            for name in sorted({*versions[0], *versions[1]})
            if versions[0].get(name) != versions[1].get(name)
        ),
        cards=_cards(changed),
        manifest=tuple(_parts_of_manifest(*manifests)) if files else (),
        added=added,
    )


def _cards(changed: pl.DataFrame) -> tuple[str, ...]:
    """Return each card that changed, those whose method did first."""
    found: dict[str, bool] = {}
    for row in changed.to_dicts():
        name = f"{row['kind']} {row['code']}"
        found[name] = found.get(name, False) or row["nature"] == METHOD
    ordered = sorted(found.items(), key=lambda item: not item[1])
    return tuple(f"{name} (méthode)" if method else name for name, method in ordered)


def _tables(sealed: Edition, rebuilt: Edition) -> Iterator[TableGap]:
    sides = (sealed, rebuilt)
    names = sorted({path.stem for e in sides for path in (e.path / PARQUET).glob("*.parquet")})
    for name in names:
        frames = [_frame(edition, name) for edition in sides]
        columns = set(frames[0].columns) ^ set(frames[1].columns)
        shared = [column for column in frames[0].columns if column in frames[1].columns]
        gap = _rows(frames[0].select(shared), frames[1].select(shared))
        if any(gap) or columns:
            yield TableGap(name, *gap, columns=tuple(sorted(columns)))
    for name in _TEXT_TABLES:
        counts = [Counter(read_texts(edition.path / DATABASE, name)) for edition in sides]
        first, second = (counts[0] - counts[1]).total(), (counts[1] - counts[0]).total()
        if first or second:
            yield TableGap(name, first, second)


def _frame(edition: Edition, name: str) -> pl.DataFrame:
    try:
        return edition.frame(name)
    except KeyError:
        return pl.DataFrame()


def _rows(sealed: pl.DataFrame, rebuilt: pl.DataFrame) -> tuple[int, int]:
    """Return how many rows each frame holds that the other does not, repeats counted."""
    if not sealed.columns:
        return sealed.height, rebuilt.height
    counted = []
    for frame in (sealed, rebuilt):
        plain = frame.select(
            pl.col(name).map_elements(_text, return_dtype=pl.String)
            if isinstance(kind, pl.List)
            else pl.col(name)
            for name, kind in frame.schema.items()
        )
        counted.append(plain.group_by(plain.columns).len("_times"))
    key = [*sealed.columns, "_times"]
    if counted[0].schema != counted[1].schema:
        return sealed.height, rebuilt.height
    gaps = (
        one.join(other, on=key, how="anti", nulls_equal=True)["_times"].sum()
        for one, other in (counted, reversed(counted))
    )
    first, second = gaps
    return int(first), int(second)


def _text(items: pl.Series) -> str:
    return json.dumps(items.to_list(), ensure_ascii=False)


def _parts_of_manifest(sealed: Path, rebuilt: Path) -> Iterator[str]:
    held = [json.loads(path.read_text(encoding="utf-8")) for path in (sealed, rebuilt)]
    for name in sorted({*held[0], *held[1]}):
        if name not in ("outputs", "versions") and held[0].get(name) != held[1].get(name):
            yield name


def _noun(document: str, reader: str) -> str:
    """Name a file in a sentence, without what it says."""
    if reader == CARD:
        return "Ce fichier de cartes du projet"
    if reader == CORRESPONDENCE and document == CORRESPONDENCE:
        return "La liste de correspondance des périmètres"
    if reader == CORRESPONDENCE:
        return f"La correspondance des colonnes de l’entrée « {document} »"
    return f"Le fichier de l’entrée « {document} »"


def _missing(file: str, noun: str) -> Problem:
    return Problem(
        code="entree-absente",
        where=Where(file=file),
        what=f"{noun} n’est plus dans le projet.",
        expected="le fichier que l’édition a lu.",
        remedy="Reprenez-le d’une sauvegarde, au même endroit.",
    )


def _changed(file: str, noun: str, sha256: str, size: int, path: Path) -> Problem:
    now = path.stat().st_size
    seen = (
        f"sa taille était de {nombre(size)} octets, elle est de {nombre(now)}"
        if now != size
        else f"sa taille est la même, {nombre(size)} octets, son contenu non"
    )
    remedy = (
        "Reprenez le terril.toml de l’époque, ou comparez les éditions plutôt que de refaire "
        "celle-ci (terril comparer)."
        if file == FILE_NAME
        else "Reprenez le fichier d’origine d’une sauvegarde\u00a0; si la correction est voulue, "
        "construisez une nouvelle édition à une autre date."
    )
    return Problem(
        code="entree-changee",
        where=Where(file=file),
        what=f"{noun} a changé depuis l’édition\u00a0: {seen}.",
        expected=f"l’empreinte {sha256[:16]}…",
        remedy=remedy,
    )
