"""What does a file that someone brings contain, and how does it enter a project?

The survey (which reader fits, what is recognised, all the problems) and the taking in are
here once: the command line and the site call them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from terril.catalogue.load import Catalogue, load_catalogue
from terril.editions.declaration import DATA, bring_in, entry, identity, put
from terril.lib.dates import periode_courte
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.observations.schema import Status
from terril.sources.project import FILE_NAME, InputSpec, Project
from terril.sources.read import READERS, FileRead, read_input
from terril.territories.registry import Territories, read_territories


@dataclass(frozen=True, slots=True)
class Recognised:
    """One indicator of a file: its periods, and how many values are known, secret, absent."""

    indicator: str
    label: str
    periods: str
    known: int
    secret: int
    missing: int


@dataclass(frozen=True)
class Survey:
    """What reading a file gave. ``accepted``: it can enter the project as it is."""

    spec: InputSpec
    frame: pl.DataFrame
    reads: tuple[FileRead, ...]
    problems: tuple[Problem, ...]
    catalogue: Catalogue

    @property
    def errors(self) -> list[Problem]:
        """The problems that refuse the file."""
        return ProblemList(list(self.problems)).errors

    @property
    def accepted(self) -> bool:
        """No error, and something was read."""
        return bool(self.reads) and not self.errors

    @property
    def territories(self) -> int:
        """How many territories have a row."""
        return self.frame["territory"].n_unique() if "territory" in self.frame.columns else 0

    @property
    def recognised(self) -> tuple[Recognised, ...]:
        """The indicators of the file, empty when it holds something else than values."""
        if "indicator" not in self.frame.columns:
            return ()
        rows = (
            self.frame.group_by("indicator")
            .agg(
                periods=pl.col("period").unique().sort(),
                known=(pl.col("status") == Status.OK).sum(),
                secret=(pl.col("status") == Status.SECRET).sum(),
                total=pl.len(),
            )
            .sort("indicator")
        )
        return tuple(
            Recognised(
                row["indicator"],
                str(self.catalogue.indicators[row["indicator"]].label),
                ", ".join(periode_courte(period) for period in row["periods"]),
                row["known"],
                row["secret"],
                row["total"] - row["known"] - row["secret"],
            )
            for row in rows.iter_rows(named=True)
        )


def wished(project: Project, file: Path, spec: InputSpec, *, replace: bool) -> InputSpec:
    """Return the declaration of ``file``: ``spec``, or that of the entry it replaces.

    ``spec.id`` may be empty: the name of the file gives it. Raises ``ProblemsError`` when the
    entry to replace is not declared (``entree-absente``) or when a new one is
    (``entree-existante``).
    """
    name = spec.id or identity(file)
    declared = {item.id: item for item in project.inputs}
    where = Where(file=FILE_NAME, column="id")
    if replace:
        if name not in declared:
            raise ProblemsError(
                [
                    Problem(
                        "entree-absente",
                        where,
                        f"Aucune entrée « {name} » n’est déclarée.",
                        f"l’une de {', '.join(declared) or 'celles que vous déclarerez'}.",
                        "Donnez son nom avec --id, ou importez sans --remplacer.",
                    )
                ]
            )
        return dataclasses.replace(declared[name], file=file)
    if name in declared:
        raise ProblemsError(
            [
                Problem(
                    "entree-existante",
                    where,
                    f"L’entrée « {name} » est déjà déclarée.",
                    "un nom par fichier.",
                    "Donnez un autre nom avec --id, ou remplacez son fichier avec --remplacer.",
                )
            ]
        )
    return dataclasses.replace(spec, id=name, file=file)


def survey(project: Project, spec: InputSpec) -> Survey:
    """Read a file with the reader of ``spec``, else with the one that fits best.

    Nothing is written. Raises ``ProblemsError`` when the territories or the catalogue of the
    project cannot be read.
    """
    catalogue = load_catalogue(project.catalogue_dirs)
    problems = ProblemList()
    territories = read_territories(project.territories_file, problems)
    problems.raise_errors()
    candidate, frame, reads = _best(spec, project, territories, catalogue, problems)
    return Survey(candidate, frame, reads, tuple(problems), catalogue)


def _best(
    spec: InputSpec,
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    problems: ProblemList,
) -> tuple[InputSpec, pl.DataFrame, tuple[FileRead, ...]]:
    tried = []
    for name in [spec.reader] if spec.reader else list(READERS):
        heard = ProblemList()
        candidate = dataclasses.replace(spec, reader=name)
        frame, reads = read_input(candidate, project, territories, catalogue, heard)
        # a reader that had to pass over lines to find its head has not recognised the file
        from_the_top = all(problem.code != "titres-au-dessus" for problem in heard)
        fit = (bool(reads), from_the_top, not heard.errors, -len(heard.errors))
        tried.append((fit, candidate, frame, reads, heard))
    _, candidate, frame, reads, heard = max(tried, key=lambda item: item[0])
    problems.extend(heard)
    return candidate, frame, reads


def take_in(project: Project, file: Path, spec: InputSpec, *, replace: bool) -> Path:
    """Copy ``file`` into the project and declare it, or put it in the place of its entry.

    Returns the file of the project. Raises ``ProblemsError`` as ``bring_in`` does.
    """
    if replace:
        target = next(item.file for item in project.inputs if item.id == spec.id)
        put(file, target)
        return target
    values = {
        "id": spec.id,
        "fichier": f"{DATA}/{file.name}",
        "lecteur": spec.reader,
        "priorite": spec.priority,
        "source": spec.source,
        "feuille": spec.sheet,
        "libelle": spec.label,
        **spec.options,
    }
    return bring_in(project, file, entry(values))
