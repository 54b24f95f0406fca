"""A small project on the ground, to read one file of places or of timetables with real cards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemList
from terril.sources.gtfs import Network, read_network
from terril.sources.points import read_points
from terril.sources.project import InputSpec, Project
from terril.territories.geometry import reproject
from terril.territories.geometry_points import Extent
from terril.territories.registry import Territories, Territory

EPCI = "200000001"
#: middle of the ground: longitude, latitude, and the same in Lambert-93
LON, LAT = 5.0, 46.0
X, Y = (float(v) for v in reproject(np.array([[LON, LAT]]), 4326, 2154)[0])
EXTENT = Extent(2154, X - 5000, Y - 5000, X + 5000, Y + 5000)


def ground_territories() -> Territories:
    return Territories(
        (
            Territory(EPCI, "epci", "CA du Val", "Val"),
            Territory("QP001001", "qpv", "Les Prés", "Les Prés", ("01004",), EPCI),
            Territory(
                "QP001002", "qpv", "Cité Haute", "Cité Haute", ("01005",), EPCI, buffer_m=500
            ),
            Territory("01004", "commune", "Ambérieu", "Ambérieu", epci=EPCI),
            Territory("01005", "commune", "Éloise", "Éloise", epci=EPCI),
        )
    )


def project_in(root: Path) -> Project:
    return Project(
        root=root,
        name="Essai",
        contract="",
        epci=EPCI,
        epci_name="CA du Val",
        epci_short="CAV",
        edition="2024-01-01",
        territories_file=root / "territoires.csv",
        inputs=(),
    )


@dataclass
class PointsRead:
    frame: pl.DataFrame
    problems: list[Problem]

    @property
    def codes(self) -> list[str]:
        return [p.code for p in self.problems]

    def of(self, code: str) -> list[Problem]:
        return [p for p in self.problems if p.code == code]

    def one(self, code: str) -> Problem:
        found = self.of(code)
        assert len(found) == 1, [str(p) for p in self.problems]
        return found[0]

    def errors(self) -> list[str]:
        return [str(p) for p in self.problems if p.severity == "erreur"]


@dataclass
class PointDesk:
    """A folder where files are written and read as [[points]] or [[dessertes]]."""

    root: Path
    extent: Extent | None = EXTENT
    places: Territories = field(default_factory=ground_territories)

    def spec(self, path: Path, reader: str, options: dict[str, str], **given: Any) -> InputSpec:
        told = {k.replace("__", "."): v for k, v in options.items()}
        return InputSpec("essai", path, reader, options=told, line=7, **given)

    def read(
        self,
        name: str,
        content: str | bytes | None = None,
        reader: str = "points",
        *,
        file: Path | None = None,
        source: str | None = None,
        sheet: str | None = None,
        **options: str,
    ) -> PointsRead:
        path = file or self.root / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        elif content is not None:
            path.write_bytes(content)
        problems = ProblemList()
        frame = read_points(
            self.spec(path, reader, options, source=source, sheet=sheet),
            project_in(self.root),
            load_catalogue(),
            problems,
            territories=self.places,
            extent=self.extent,
        )
        return PointsRead(frame, list(problems))

    def network(
        self, path: Path, reader: str = "gtfs", **options: str
    ) -> tuple[Network | None, list[Problem]]:
        problems = ProblemList()
        network = read_network(
            self.spec(path, reader, options),
            project_in(self.root),
            load_catalogue(),
            problems,
            territories=self.places,
            extent=self.extent,
        )
        return network, list(problems)

    def without_extent(self) -> PointDesk:
        return replace(self, extent=None)
