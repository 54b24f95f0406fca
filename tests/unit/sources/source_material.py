"""A small project made in a folder, to read one file with the real catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemList
from terril.sources.project import InputSpec, Project
from terril.sources.read import FileRead, read_input
from terril.territories.registry import Territories, Territory

EPCI = "200000001"


def territories() -> Territories:
    """Two neighbourhoods, three communes, one EPCI: none of the pilot."""
    return Territories(
        (
            Territory(EPCI, "epci", "CA du Val", "Val", aliases=("CAV",)),
            Territory("QP001001", "qpv", "Les Prés", "Les Prés", ("01004",), EPCI),
            Territory("QP001002", "qpv", "Cité Haute", "Cité Haute", ("01004", "01005"), EPCI),
            Territory("01004", "commune", "Ambérieu", "Ambérieu", epci=EPCI),
            Territory("01005", "commune", "Éloise-sur-Mer", "Éloise", epci=EPCI),
            Territory("01006", "commune", "Saint-Amand", "Saint-Amand", epci=EPCI),
            Territory("01", "departement", "Ain", "Ain"),
            Territory("FM", "france_metro", "France métropolitaine", "France métropolitaine"),
        )
    )


@dataclass
class Read:
    """What came of reading one file."""

    frame: pl.DataFrame
    problems: list[Problem]
    files: tuple[FileRead, ...]

    def of(self, code: str) -> list[Problem]:
        return [p for p in self.problems if p.code == code]

    @property
    def codes(self) -> list[str]:
        return [p.code for p in self.problems]

    def value(self, territory: str, indicator: str, period: str | None = None) -> float | None:
        rows = self.rows(territory, indicator, period)
        assert len(rows) == 1, rows
        value: float | None = rows[0]["value"]
        return value

    def status(self, territory: str, indicator: str) -> str:
        rows = self.rows(territory, indicator)
        assert len(rows) == 1, rows
        return str(rows[0]["status"])

    def rows(
        self, territory: str, indicator: str, period: str | None = None
    ) -> list[dict[str, Any]]:
        found = self.frame.filter(
            (pl.col("territory") == territory) & (pl.col("indicator") == indicator)
        )
        if period is not None:
            found = found.filter(pl.col("period") == period)
        return found.to_dicts()


@dataclass
class Desk:
    """A folder where files are written and read as inputs of a project."""

    root: Path
    places: Territories = field(default_factory=territories)

    def read(
        self,
        name: str,
        content: str | bytes | None = None,
        reader: str = "long",
        *,
        source: str | None = None,
        sheet: str | None = None,
        file: Path | None = None,
        **options: str,
    ) -> Read:
        """Write ``content`` (text as UTF-8) and read it; ``__`` in an option stands for a dot."""
        path = file or self.root / name
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8", newline="")
        elif content is not None:
            path.write_bytes(content)
        return self.read_path(
            path, reader, source, sheet, {k.replace("__", "."): v for k, v in options.items()}
        )

    def read_path(
        self,
        path: Path,
        reader: str,
        source: str | None = None,
        sheet: str | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Read:
        problems = ProblemList()
        spec = InputSpec("essai", path, reader, 10, source, sheet, options or {}, line=7)
        frame, files = read_input(spec, self.project, self.places, load_catalogue(), problems)
        return Read(frame, list(problems), files)

    @property
    def project(self) -> Project:
        return Project(
            root=self.root,
            name="Essai",
            contract="",
            epci=EPCI,
            epci_name="CA du Val",
            epci_short="CAV",
            edition="2020-01-01",
            territories_file=self.root / "territoires.csv",
            inputs=(),
        )
