"""How has one figure moved over the years, and where is its series broken?

A pure function → SVG: a point and its value a period, a line within a segment and never from
one segment to the next, a dashed rule where the series breaks, with what broke it written on it.
A secret or absent figure leaves a gap in the line and its mark on the axis. The agglomeration and
the mean of the neighbourhoods are lighter lines, named at their end: there is no legend. Time is
to scale; a reference so far that it would flatten the series is told at the edge, not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.figures.series_frame import Frame
from terril.figures.series_model import Cut, Point, Reference, Segment, scale_of
from terril.figures.svg import document, num, path, stroke

__all__ = [
    "PLOT", "SMALL", "Cut", "Point", "Reference", "Segment", "line_key", "scale_of", "series_alt",
    "series_chart",
]  # fmt: skip

PLOT: Final = 62.0  # height of the plot, in points
SMALL: Final = 44.0


def series_chart(
    segments: Sequence[Segment],
    cuts: Sequence[Cut] = (),
    references: Sequence[Reference] = (),
    *,
    title: str,
    width: float,
    plot: float = PLOT,
    margin: float = 0.0,
    domain: tuple[float, float] | None = None,
    told: bool = True,
    token: str = "brique",
) -> str:
    """The chart, ``width`` points wide; its height depends on its labels (``size_of``).

    Segments are in the order of time. ``margin``: room at the right at least, so that charts one
    under the other have the same scale of time. ``domain``: lowest and highest
    value of the scale, for charts to be compared. ``told``: write what broke the series and
    name the references, else only draw them (the words stand elsewhere). ``token``: colour;
    « brique » is *this* neighbourhood. Raises ``ValueError`` without a point.
    """
    if not any(segment.points for segment in segments):
        raise ValueError("a series without a point")
    frame = Frame(segments, cuts, references, width, plot, margin, domain, told=told)
    parts = [
        *frame.rules(),
        path(f"M0 {num(frame.axis)}H{num(frame.right + 4)}", stroke("filet", 0.5)),
        *frame.periods(),
        *frame.other_lines(),
        *frame.own_lines(token),
        *frame.words(),
    ]
    return document(width, frame.height, title, parts)


def line_key(*, strong: bool) -> str:
    """A piece of a lighter line, for a key: the agglomeration (``strong``) or the mean."""
    name = "agglomération" if strong else "moyenne des quartiers"
    ink = stroke("ardoise" if strong else "gris", 0.9)
    return document(12, 8, name, [path("M0 4H12", ink)])


def series_alt(
    title: str,
    segments: Sequence[Segment],
    cuts: Sequence[Cut] = (),
    references: Sequence[Reference] = (),
) -> str:
    """The chart read aloud: each period with its figure, the breaks in their place, the ends."""
    words = {"s": "secret", "–": "pas de donnée"}
    told: list[tuple[float, int, str]] = []
    for segment in segments:
        for point in segment.points:
            who = f" ({segment.name})" if segment.name else ""
            said = words.get(point.text, point.text)
            told.append((point.at, 1, f"{point.period}{who}, {said}"))
    for cut in cuts:
        told.append((cut.at, 0, f"[{cut.label}]"))
    parts = [text for _, _, text in sorted(told, key=lambda item: item[:2])]
    parts += [
        f"{reference.name}, {reference.known[-1].period}, {reference.known[-1].text}"
        for reference in references
        if reference.known
    ]
    return f"{title}\u00a0: " + "\u202f; ".join(parts) + "."
