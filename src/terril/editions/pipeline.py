"""In which order do the rooms work, from the files of a project to the content of an edition?

Read, harmonise, derive, compare, assemble: each stage is one call to its room. Problems are
gathered over all the files; an edition is built only from files without errors.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import polars as pl

from terril.benchmarks.changes import blocked_changes, comparable_changes
from terril.benchmarks.compare import Comparisons, compare
from terril.benchmarks.funnel import funnel
from terril.benchmarks.offer import local_offer
from terril.benchmarks.schema import GAPS
from terril.benchmarks.sensitivity import Sensitivity, sensitivity
from terril.benchmarks.signals import signals
from terril.benchmarks.worsening import worse_and_worsening
from terril.catalogue.load import Catalogue, load_catalogue
from terril.catalogue.schema import FicheModel
from terril.editions.content import EditionContent, EditionInfo, InputFile
from terril.editions.declared import declared_files
from terril.editions.ground import Ground, equipment_sources, read_ground, together
from terril.editions.manifest import sha256_of
from terril.fiches.assemble import Inputs, assemble_all
from terril.fiches.context import GroupContext
from terril.fiches.model import Fiche, ThemeText
from terril.fiches.theme_texts import theme_texts
from terril.indicators.breaks import annotate_changes, unblocked
from terril.indicators.derive import derive
from terril.indicators.series import join_series
from terril.indicators.trends import trends
from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.progress import Progress, Silent
from terril.observations import checks, contradictions
from terril.observations.resolve import resolve
from terril.observations.schema import KEY, STATEMENTS, Kind, Status, conform
from terril.secrecy.primary import apply_primary
from terril.secrecy.protect import blank, protect
from terril.sources.correspondence import read_correspondence
from terril.sources.project import FILE_NAME, Project, read_project
from terril.sources.read import Readings, read_inputs
from terril.territories.correspondence import CORRESPONDENCE, from_list
from terril.territories.generations import of_list
from terril.territories.registry import Territories, read_territories

T = TypeVar("T")

FINDINGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "severity": pl.String,
    "indicator": pl.String,
    "territory": pl.String,
    "period": pl.String,
    "text": pl.String,
    "places": pl.List(pl.String),
}

PROBLEMS: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "severity": pl.String,
    "place": pl.String,
    "what": pl.String,
    "expected": pl.String,
    "remedy": pl.String,
}


def build(
    path: Path,
    progress: Progress | None = None,
    *,
    edition: str | None = None,
    published: Sequence[pl.DataFrame] = (),
) -> EditionContent:
    """Build the whole content of an edition from the project at ``path``.

    ``edition`` (ISO date) replaces the date of terril.toml; ``published`` are the figures of
    the editions already out (frames of ``RETAINED``): what they show is known for ever. Raises
    ``ProblemsError`` with the problems of all the files when one of them is an error, or when
    the attack finds a blanked figure.
    """
    work = _Work(path, progress or Silent(), edition, published)
    work.problems.raise_errors()
    content = work.content()
    work.problems.raise_errors()
    fiches = work.step("Fiches assemblées", lambda: work.fiches(content))
    themes = work.step("Textes des thèmes", lambda: work.themes(content))
    return dataclasses.replace(content, fiches=fiches, themes=themes, timings=dict(work.timings))


def check(
    path: Path, progress: Progress | None = None, *, edition: str | None = None
) -> EditionContent:
    """Read, compare and check as :func:`build` does, without the sheets.

    A file with errors is left out and said in ``heard``; only a project, a catalogue or
    territories that cannot be read raise ``ProblemsError``.
    """
    work = _Work(path, progress or Silent(), edition)
    return dataclasses.replace(work.content(), timings=dict(work.timings))


@dataclasses.dataclass(frozen=True)
class _Later:
    """The frames of the stages after the comparison."""

    gaps: pl.DataFrame
    changes: pl.DataFrame
    blocked: pl.DataFrame
    trends: pl.DataFrame
    funnel: pl.DataFrame
    sensitivity: Sensitivity
    worsening: pl.DataFrame
    break_lines: pl.DataFrame


class _Work:
    """One run of the stages over one project."""

    def __init__(
        self,
        path: Path,
        progress: Progress,
        edition: str | None,
        published: Sequence[pl.DataFrame] = (),
    ) -> None:
        self.progress = progress
        self.published = published
        self.timings: dict[str, float] = {}
        self.problems = ProblemList()
        project = self.step("Projet et catalogue lus", lambda: read_project(path))
        self.project = dataclasses.replace(project, edition=edition or project.edition)
        self.catalogue: Catalogue = load_catalogue(self.project.catalogue_dirs)
        self.territories: Territories = read_territories(
            self.project.territories_file, self.problems
        )
        self.model = _model(self.catalogue, self.project, self.problems)
        self.problems.raise_errors()
        self.readings: Readings = self.step(
            "Fichiers lus",
            lambda: read_inputs(self.project, self.territories, self.catalogue, self.problems),
        )
        self.ground: Ground = self._ground()

    @property
    def document_labels(self) -> dict[str, str]:
        """How the project names its documents, by the id of the input."""
        return {spec.id: spec.label for spec in self.project.inputs if spec.label}

    @property
    def compared(self) -> Territories:
        """The territories without the neighbourhoods that those of the project replace."""
        kept = of_list(self.territories.frame(), self.project.generation)
        keys = set(kept.select("kind", "code").rows())
        return Territories(item for item in self.territories if (item.kind, item.code) in keys)

    def step(self, label: str, action: Callable[[], T]) -> T:
        """Run one stage, with its name shown and its time kept."""
        self.progress.stage(label)
        began = time.perf_counter()
        result = action()
        self.timings[label] = self.timings.get(label, 0.0) + time.perf_counter() - began
        return result

    def _ground(self) -> Ground:
        """Read the ground, when the project says anything of it."""
        official = self._correspondence()
        project = self.project
        if not (project.perimeters or project.points or project.networks or project.microdata):
            return Ground(correspondence=official)
        return self.step(
            "Périmètres et lieux",
            lambda: read_ground(project, self.territories, self.catalogue, official, self.problems),
        )

    def content(self) -> EditionContent:
        """Run the stages between the files and the sheets."""
        correspondence = self.ground.correspondence
        equipment = together(self.readings.equipment, self.ground.equipment, self.project)
        statements, retained, first = self.step("Chiffres harmonisés et calculés", self._figures)
        guarded = self.step(
            "Secret statistique",
            lambda: protect(
                retained,
                self.catalogue,
                self.territories,
                self.published,
                truth=self.ground.truth,
                contributions=self.readings.contributions,
                correspondence=correspondence,
            ),
        )
        statements = blank(statements, guarded.ledger, self.catalogue)  # no document tells it
        retained, blanked = guarded.frame, _ledger(first, guarded.ledger)
        self.problems.extend(_blanked_notes(blanked, self.catalogue))
        self.problems.extend(guarded.problems)
        frame = self.territories.frame(_population(retained, self.model.population))
        compared = of_list(frame, self.project.generation)
        labels = self.document_labels
        disputed, findings = self.step(
            "Contradictions et contrôles",
            lambda: (
                contradictions.find(statements, self.catalogue, self.territories, labels),
                checks.run(statements, retained, self.catalogue, self.territories, labels),
            ),
        )
        comparisons = self.step(
            "Comparaisons",
            lambda: compare(retained, compared, self.catalogue, self.model.population),
        )
        shown = self.step(
            "Pictogrammes",
            lambda: signals(comparisons, self.catalogue, self.project.fiche_model),
        )
        offer = local_offer(equipment, self.catalogue)
        later = self.step(
            "Évolutions et sensibilité",
            lambda: self._later(comparisons, shown, retained, compared, correspondence),
        )
        return EditionContent(
            info=_info(self.project),
            files=(
                *_files(self.project, self.readings, len(self.territories)),
                *self.ground.files,
            ),
            catalogue=self.catalogue,
            territories=frame,
            retained=retained,
            statements=statements,
            blanked=blanked,
            groups=comparisons.groups,
            positions=comparisons.positions,
            gaps=later.gaps,
            signals=shown,
            changes=later.changes,
            blocked=later.blocked,
            trends=later.trends,
            funnel=later.funnel,
            sensitivity=later.sensitivity.rows,
            worsening=later.worsening,
            correspondence=correspondence,
            break_lines=later.break_lines,
            offers=offer.offers,
            families=offer.families,
            equipment=equipment,
            contradictions=disputed,
            findings=_finding_frame([*findings, *self.ground.findings]),
            outlines=self.ground.outlines,
            buffers=self.ground.buffers,
            maps=self.ground.maps,
            atlas=self.ground.atlas,
            evidence=self.ground.evidence,
            served=self.ground.served,
            services=self.ground.services,
            problems=problem_frame(self.problems),
            heard=tuple(self.problems),
            reach=later.sensitivity.reach,
        )

    def _correspondence(self) -> pl.DataFrame:
        """Return the official correspondence of the project, empty when it names none."""
        path = self.project.correspondence
        if path is None:
            return pl.DataFrame(schema=CORRESPONDENCE)
        listed = read_correspondence(path, self.problems, self.project.shown(path))
        return from_list(listed)

    def _later(
        self,
        comparisons: Comparisons,
        shown: pl.DataFrame,
        retained: pl.DataFrame,
        frame: pl.DataFrame,
        correspondence: pl.DataFrame,
    ) -> _Later:
        """What time and size say: breaks, trends, limits, other rules, what gets worse."""
        annotated = annotate_changes(comparisons.gaps, retained, self.catalogue)
        gaps = comparable_changes(annotated, retained, comparisons.groups, self.catalogue)
        tested = trends(retained, self.catalogue)
        limits = funnel(retained, frame, self.catalogue)
        return _Later(
            gaps=conform(unblocked(gaps), GAPS),
            changes=gaps.filter(pl.col("comparator") == "previous"),
            blocked=blocked_changes(annotated, gaps),
            trends=tested,
            funnel=limits,
            sensitivity=sensitivity(
                comparisons, limits, shown, frame, self.catalogue, self.project.fiche_model
            ),
            worsening=worse_and_worsening(
                comparisons.positions, gaps, tested, shown, comparisons.groups, self.catalogue
            ),
            break_lines=join_series(retained, correspondence, self.catalogue).lines,
        )

    def _stated(self) -> pl.DataFrame:
        """Return what the documents state and what the ground gives (``STATEMENTS``)."""
        return pl.concat([conform(self.readings.statements, STATEMENTS), self.ground.statements])

    def _figures(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return the statements, the figures shown, and what primary secrecy blanked.

        Secrecy comes before the formulas, so that nothing is derived from a blanked count,
        and again after them, for what they make.
        """
        stated, first = apply_primary(self._stated(), self.catalogue)
        derived = derive(resolve(stated), self.catalogue, self.territories.frame())
        everything = pl.concat([stated, conform(derived, STATEMENTS)])
        statements, second = apply_primary(everything, self.catalogue)
        blanked = pl.concat([first, second]).unique(KEY, keep="first").sort(KEY)
        return statements, resolve(statements), blanked

    def fiches(self, content: EditionContent) -> tuple[Fiche, ...]:
        """Assemble the sheets."""
        return tuple(
            assemble_all(
                Inputs(
                    catalogue=self.catalogue,
                    model=self.project.fiche_model,
                    contract=self.project.contract,
                    epci_name=self.project.epci_name,
                    edition=self.project.edition,
                    territories=self.compared,
                    retained=content.retained,
                    statements=content.statements,
                    comparisons=Comparisons(content.groups, content.positions, content.gaps),
                    signals=content.signals,
                    offers=content.offers,
                    families=content.families,
                    labels=self.document_labels,
                    sensitivity=Sensitivity(content.sensitivity, content.reach),
                    changes=content.changes,
                    correspondence=content.correspondence,
                    equipment_sources=equipment_sources(
                        content.equipment, self.project, self.catalogue, self.ground.lines
                    ),
                )
            )
        )

    def themes(self, content: EditionContent) -> tuple[ThemeText, ...]:
        """Say what the theme sheets of the project's EPCI say."""
        if self.project.epci not in {qpv.epci for qpv in self.compared if qpv.kind == Kind.QPV}:
            return ()
        context = GroupContext.from_frames(
            self.project.epci,
            Comparisons(content.groups, content.positions, content.gaps),
            content.signals,
            content.offers,
            self.compared.frame(),
            self.catalogue,
            content.retained,
            self.project.fiche_model,
            content.families,
        )
        return tuple(theme_texts(context, self.catalogue, self.model))


def _ledger(first: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Put what primary secrecy blanked before the formulas with the ledger of the room."""
    primary = first.with_columns(blanking=pl.lit("primaire"), relation=pl.lit("")).select(
        ledger.columns
    )
    whole = pl.concat([ledger, primary], how="vertical_relaxed")
    return whole.unique(KEY, keep="first").sort(KEY)


def _blanked_notes(blanked: pl.DataFrame, catalogue: Catalogue) -> Iterable[Problem]:
    """Say, rule by rule, how many figures are too small to be published."""
    primary = blanked.filter(pl.col("blanking") == "primaire")
    for rule, count in primary.group_by("rule").len().sort("rule").iter_rows():
        card = catalogue.secrecy[rule]
        what = compte(count, "chiffre n’est pas publié", "chiffres ne sont pas publiés")
        yield Problem(
            "secret-primaire",
            Where(),
            f"{what}, par la règle de la source ({card.label}) : « s » en tient lieu.",
            severity=Severity.NOTE,
        )


def problem_frame(problems: Iterable[Problem]) -> pl.DataFrame:
    """Return one row a problem, columns :data:`PROBLEMS`."""
    rows = [
        (p.code, p.severity.value, str(p.where), p.what, p.expected, p.remedy) for p in problems
    ]
    return pl.DataFrame(rows, schema=PROBLEMS, orient="row")


def _finding_frame(findings: Iterable[checks.Finding]) -> pl.DataFrame:
    rows = [
        (f.code, str(f.severity), f.indicator, f.territory, f.period, f.text, list(f.places))
        for f in findings
    ]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")


def _model(catalogue: Catalogue, project: Project, problems: ProblemList) -> FicheModel:
    """Return the sheet model that the project asks for; say it when there is none."""
    found = catalogue.fiches.get(project.fiche_model)
    if found is None:
        problems.add(
            Problem(
                "modele-inconnu",
                Where(FILE_NAME, column="modele_fiche"),
                f"Le modèle de fiche « {project.fiche_model} » n’est pas au catalogue.",
                f"{', '.join(sorted(catalogue.fiches))}.",
                "Corrigez « modele_fiche » dans [projet], ou ajoutez sa carte au catalogue du "
                "projet.",
            )
        )
        return next(iter(catalogue.fiches.values()))
    return found


def _population(retained: pl.DataFrame, indicator: str) -> dict[tuple[str, str], float]:
    """Return the latest known population of each territory, by kind and code."""
    known = (
        retained.filter(
            (pl.col("indicator") == indicator)
            & (pl.col("breakdown") == "total")
            & (pl.col("status") == Status.OK)
        )
        .sort("period")
        .group_by("kind", "territory", maintain_order=True)
        .last()
    )
    return {
        (kind, code): value
        for kind, code, value in known.select("kind", "territory", "value").rows()
    }


def _info(project: Project) -> EditionInfo:
    return EditionInfo(
        name=project.name,
        contract=project.contract,
        epci=project.epci,
        epci_name=project.epci_name,
        epci_short=project.epci_short,
        edition=project.edition,
        generation=project.generation,
        fiche_model=project.fiche_model,
    )


def _files(project: Project, readings: Readings, territories: int) -> Iterable[InputFile]:
    """Return the files that the edition hangs on, then those that it read."""
    for held in declared_files(project):
        yield InputFile(
            held.document, held.file, held.reader, None, "", sha256_of(held.path),
            held.path.stat().st_size, territories if held.document == "territoires" else 0,
        )  # fmt: skip
    declared = {spec.id: spec for spec in project.inputs}
    for read in readings.files:
        yield InputFile(
            document=read.document,
            file=read.file,
            reader=read.reader,
            priority=declared[read.document].priority,
            sheet=", ".join(read.sheets),
            sha256=read.sha256,
            size=read.size,
            rows=read.rows,
            label=declared[read.document].label,
        )
