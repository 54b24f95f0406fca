"""How does a series of a sheet become a drawing with its text?

The figures of ``fiches.series`` go to ``figures.series`` as they are; nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from terril.fiches.model import Series, SeriesPoint
from terril.figures import series as figure
from terril.figures.metrics import shorten, text_width
from terril.figures.svg import MM, size_of
from terril.lib.prose import typographie

TITLE: Final = 4.0  # mm, from the top of the title to the drawing


@dataclass(frozen=True, slots=True)
class Chart:
    """A series drawn: its title, the drawing, what it says."""

    label: str
    under: str  # unit and sources, beside the title
    svg: str
    alt: str

    @property
    def height(self) -> float:
        """Millimetres, the title included."""
        return TITLE + size_of(self.svg)[1] / MM

    def data(self) -> dict[str, Any]:
        """What the templates need."""
        return {"label": self.label, "under": self.under, "svg": self.svg, "alt": self.alt}


def chart(
    series: Series,
    width: float,
    *,
    plot: float = figure.PLOT,
    margin: float = 0.0,
    label: str = "",
    domain: tuple[float, float] | None = None,
    told: bool = True,
    token: str = "brique",
) -> Chart:
    """Draw a series ``width`` millimetres wide, its plot ``plot`` points high.

    ``label``: its title, the name of the indicator unless given. ``margin``, ``domain``,
    ``told``, ``token``: see :func:`terril.figures.series.series_chart`. With ``told`` the unit
    and the sources stand beside the title.
    """
    segments = [figure.Segment(_points(line.points), line.name) for line in series.lines]
    cuts = [
        figure.Cut(cut.year, typographie(cut.label), cut.blocks, cut.sides) for cut in series.cuts
    ]
    references = [
        figure.Reference(held.name, tuple(_points(line) for line in held.lines), held.strong)
        for held in series.references
    ]
    svg = figure.series_chart(
        segments, cuts, references, title=series.label, width=width * MM, plot=plot, margin=margin,
        domain=domain, told=told, token=token,
    )  # fmt: skip
    alt = figure.series_alt(label or series.label, segments, cuts, references)
    title = label or series.label
    room = width * MM - text_width(title, 8.2, 600) - 1.6 * MM
    under = shorten(", ".join(part for part in (series.unit, series.sources) if part), room, 7)
    return Chart(title, under if told and len(under) > 4 else "", svg, alt)


def _points(points: tuple[SeriesPoint, ...]) -> tuple[figure.Point, ...]:
    return tuple(figure.Point(p.year, p.period, p.value, p.text) for p in points)


def notes_of(series: Series) -> tuple[str, ...]:
    """What is to be known of its breaks, each sentence once."""
    return tuple(dict.fromkeys(cut.text for cut in series.cuts))
