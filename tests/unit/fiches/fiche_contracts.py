"""Contracts made up for the sentences, compared by the real comparison stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from terril.benchmarks.compare import Comparisons
from terril.catalogue.load import Catalogue
from terril.fiches.model import Run, Statement
from terril.fiches.sentences import GroupContext, Writer
from terril.fiches.verify import Figures, check

MODEL = "quartier"
GROUP = "200000001"

Rows = Sequence[tuple[str, str, str, str, float | None, str]]


@dataclass(frozen=True)
class Contract:
    """A contract with its writer and what its statements are checked against."""

    catalogue: Catalogue
    comparisons: Comparisons
    signals: pl.DataFrame
    context: GroupContext
    writer: Writer
    figures: Figures

    @property
    def themes(self) -> list[str]:
        return [
            block.theme
            for block in self.writer.model.blocks
            if self.catalogue.themes[block.theme].signal == "zscore"
        ]

    def text(self, runs: tuple[Run, ...]) -> str:
        return "".join(run.text for run in runs)

    def texts(self, qpv: str) -> dict[str, tuple[str, tuple[Statement, ...]]]:
        """Every text of a sheet by name, with its statements."""
        headline, said = self.writer.headline(qpv)
        found = {"headline": (headline, said)}
        for name, (runs, claims) in (
            ("brief", self.writer.brief(qpv)),
            ("equipement", self.writer.equipment_text(qpv)),
            *((theme, self.writer.theme_text(qpv, theme)) for theme in self.themes),
        ):
            found[name] = self.text(runs), claims
        return found

    def faults(self, qpv: str) -> list[str]:
        said = [s for _, claims in self.texts(qpv).values() for s in claims]
        return check(said, qpv, self.figures, self.catalogue, self.themes)


Build = Callable[..., Contract]
