"""The pilot, read and compared once for all the tables of the public method."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from terril.benchmarks.compare import Comparisons, compare
from terril.benchmarks.offer import LocalOffer, local_offer
from terril.benchmarks.signals import signals
from terril.catalogue.load import Catalogue, load_catalogue
from terril.indicators.derive import derive
from terril.lib.problems import ProblemList
from terril.observations.resolve import resolve
from terril.observations.schema import STATEMENTS, conform
from terril.sources.project import read_project
from terril.sources.read import read_inputs
from terril.territories.registry import read_territories


@dataclass(frozen=True)
class Pilot:
    """The pilot's figures at each stage."""

    catalogue: Catalogue
    territories: pl.DataFrame
    statements: pl.DataFrame
    retained: pl.DataFrame
    comparisons: Comparisons
    signals: pl.DataFrame
    offer: LocalOffer


@pytest.fixture(scope="session")
def pilot(demo_dir: Path) -> Pilot:
    """The demonstration project, from its files to its signals."""
    problems = ProblemList()
    project = read_project(demo_dir)
    catalogue = load_catalogue(project.catalogue_dirs)
    registry = read_territories(project.territories_file, problems)
    readings = read_inputs(project, registry, catalogue, problems)
    stated = conform(readings.statements, STATEMENTS)
    territories = registry.frame()
    derived = derive(resolve(stated), catalogue, territories)
    statements = pl.concat([stated, derived])
    retained = resolve(statements)
    comparisons = compare(retained, territories, catalogue)
    return Pilot(
        catalogue,
        territories,
        statements,
        retained,
        comparisons,
        signals(comparisons, catalogue, project.fiche_model),
        local_offer(readings.equipment, catalogue),
    )
