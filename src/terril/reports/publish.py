"""What is written when an edition is published?

Everything that people take away, made from the edition and from nothing else: the sheets
(PDF and JSON), the theme sheets, the tables, the volume, the workbook of the checks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from terril.editions.open import Edition
from terril.fiches.model import Fiche
from terril.figures.maps_model import Atlas, SheetMap
from terril.figures.svg import MM
from terril.lib.problems import Problem, ProblemsError
from terril.lib.progress import Progress, Silent
from terril.reports import fiche as fiche_report
from terril.reports.engine import Job, typeset_many, write_atomic
from terril.reports.mapped import atlas_of, maps_of
from terril.reports.tables import PORTRAIT, write_tables
from terril.reports.theme_sheets import write_theme_sheets
from terril.reports.volume import write_volume
from terril.reports.words import notice_line
from terril.reports.workbooks import write_controls, write_workbooks


@dataclass(frozen=True, slots=True)
class Published:
    """The files written, in the order of the documents."""

    fiches: tuple[Path, ...]
    others: tuple[Path, ...]


def fiche_json(fiche: Fiche) -> bytes:
    """Return a sheet as data: UTF-8 JSON, its keys in the order of the model."""
    return (json.dumps(asdict(fiche), ensure_ascii=False, indent=1) + "\n").encode()


def fiche_jobs(
    fiches: Sequence[Fiche],
    folder: Path,
    notice: str = "",
    maps: Mapping[str, SheetMap] | None = None,
    atlas: Atlas | None = None,
) -> Iterator[Job]:
    """One typesetting job a sheet: ``fiche-<code>.pdf`` in ``folder``, two pages each.

    ``notice``: what heads the pages of a withdrawn edition. ``maps``: the maps of the
    neighbourhoods whose perimeter is known, by code; ``atlas``: that of the agglomeration.
    """
    for fiche in fiches:
        output = folder / f"fiche-{fiche.code}.pdf"
        yield fiche_report.job(fiche, output, notice, (maps or {}).get(fiche.code), atlas)


def publish(
    edition: Edition, out: Path, progress: Progress | None = None, processes: int | None = None
) -> Published:
    """Write all the documents of ``edition`` into the folder ``out``.

    Each file is replaced whole or not at all. Raises :class:`ProblemsError` with every
    document that could not be typeset; the others are written all the same.
    """
    watch = progress or Silent()
    problems: list[Problem] = []
    folder = out / "fiches"
    watch.stage("Fiches de quartier", len(edition.fiches))
    for fiche in edition.fiches:
        write_atomic(folder / f"fiche-{fiche.code}.json", fiche_json(fiche))
    outcomes = typeset_many(
        fiche_jobs(
            edition.fiches,
            folder,
            notice_line(edition, PORTRAIT * MM),
            maps_of(edition),
            atlas_of(edition),
        ),
        processes=processes,
        progress=watch.advance,
    )
    for outcome in outcomes:
        problems.extend(outcome.problems)
    others: list[Path] = []
    for label, write, place in (
        ("Fiches thématiques", write_theme_sheets, out / "themes"),
        ("Tableaux", write_tables, out / "tableaux"),
        ("Classeurs", write_workbooks, out / "tableaux"),
        ("Volume", write_volume, out),
        ("Contrôles", write_controls, out),
    ):
        watch.stage(label)
        try:
            others.extend(write(edition, place))
        except ProblemsError as error:
            problems.extend(error.problems)
    if problems:
        raise ProblemsError(problems)
    return Published(tuple(o.output for o in outcomes), tuple(others))
