"""Fixtures: contracts made up, and the pilot, compared by the real comparison stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from fiche_contracts import GROUP, MODEL, Build, Contract, Rows

from terril.benchmarks.compare import compare
from terril.benchmarks.offer import local_offer
from terril.benchmarks.signals import signals
from terril.catalogue.load import Catalogue, load_catalogue
from terril.fiches.sentences import GroupContext, Writer
from terril.fiches.verify import Figures


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def build(catalogue: Catalogue) -> Build:
    """Make a contract: qpv → its communes, commune → its name, and the retained figures."""

    def make(
        qpvs: Mapping[str, Sequence[str]],
        communes: Mapping[str, str],
        rows: Rows,
        epci: str = "Communauté d’agglomération d’essai",
        equipment: pl.DataFrame | None = None,
    ) -> Contract:
        territories = pl.DataFrame(
            [
                ("epci", GROUP, epci, epci, GROUP, [], None),
                *(("commune", c, n, n, GROUP, [], None) for c, n in communes.items()),
                *(("qpv", q, f"Quartier {q}", q, GROUP, list(c), None) for q, c in qpvs.items()),
            ],
            schema={
                "kind": pl.String, "code": pl.String, "label": pl.String, "short": pl.String,
                "epci": pl.String, "communes": pl.List(pl.String), "population": pl.Float64,
            },
            orient="row",
        )  # fmt: skip
        retained = pl.DataFrame(
            [
                (kind, code, indicator, period, "total", value, status, "constaté")
                for kind, code, indicator, period, value, status in rows
            ],
            schema={
                "kind": pl.String, "territory": pl.String, "indicator": pl.String,
                "period": pl.String, "breakdown": pl.String, "value": pl.Float64,
                "status": pl.String, "origin": pl.String,
            },
            orient="row",
        )  # fmt: skip
        comparisons = compare(retained, territories, catalogue)
        found = signals(comparisons, catalogue, MODEL)
        offer = local_offer(equipment, catalogue) if equipment is not None else None
        context = GroupContext.from_frames(
            GROUP, comparisons, found, offer.offers if offer else None, territories, catalogue,
            retained, MODEL, offer.families if offer else None,
        )  # fmt: skip
        figures = Figures.from_frames(
            comparisons, found, offer.offers if offer else None, offer.families if offer else None
        )
        writer = Writer(catalogue, MODEL, context)
        return Contract(catalogue, comparisons, found, context, writer, figures)

    return make


@pytest.fixture(scope="session")
def demo(demo_dir: Path) -> Contract:
    """The pilot, read and compared as the main job does."""
    from terril.indicators.derive import derive
    from terril.lib.problems import ProblemList
    from terril.observations.resolve import resolve
    from terril.sources.project import read_project
    from terril.sources.read import read_inputs
    from terril.territories.registry import read_territories

    problems = ProblemList()
    project = read_project(demo_dir)
    catalogue = load_catalogue(project.catalogue_dirs)
    territories = read_territories(project.root / project.territories_file, problems)
    readings = read_inputs(project, territories, catalogue, problems)
    problems.raise_errors()
    retained = resolve(readings.statements)
    retained = resolve(pl.concat([readings.statements, derive(retained, catalogue)]))
    comparisons = compare(retained, territories.frame(), catalogue)
    found = signals(comparisons, catalogue, project.fiche_model)
    offer = local_offer(readings.equipment, catalogue)
    context = GroupContext.from_frames(
        project.epci, comparisons, found, offer.offers, territories.frame(), catalogue, retained,
        project.fiche_model, offer.families,
    )  # fmt: skip
    figures = Figures.from_frames(comparisons, found, offer.offers, offer.families)
    writer = Writer(catalogue, project.fiche_model, context)
    return Contract(catalogue, comparisons, found, context, writer, figures)
