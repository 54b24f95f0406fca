"""How do the neighbourhoods spread on one indicator, with a name at each end?

A pure function → SVG: one dot a neighbourhood on one axis, dots that would overlap are piled
up; the mean and the agglomeration are marked and labelled at their mark, the two ends carry
their neighbourhood's name. Favourable to the right, or the highest where nothing is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from terril.figures.metrics import shorten, text_width
from terril.figures.svg import MM, circle, colour, document, fill, label, num, path, rect, stroke

WIDTH: Final = 128 * MM
HEIGHT: Final = 11.4 * MM
_AXIS: Final = 17.2  # baseline of the dots, from the top
_EDGE: Final = 7.0
_RADIUS: Final = 2.35
_STEP: Final = 3.9  # between two piled dots
_MOST: Final = 5.6  # a pile goes no further from the axis
_SIZE: Final = 7.2
_STRETCH: Final = 0.75  # the agglomeration may lengthen the axis by this share of it


@dataclass(frozen=True, slots=True)
class Dot:
    """A neighbourhood: its value, its name and the text of its value."""

    value: float
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The mean or the agglomeration: value, and « moyenne 19,0 »."""

    value: float
    text: str


def dot_row(
    dots: Sequence[Dot],
    mean: Mark | None = None,
    epci: Mark | None = None,
    *,
    reverse: bool = False,
) -> str:
    """One row, 128 × 11.4 mm. ``reverse``: the highest value is on the left (it is worse)."""
    if not dots:
        return document(WIDTH, HEIGHT, "aucune valeur connue", [_axis()])
    low, high = min(dot.value for dot in dots), max(dot.value for dot in dots)
    beyond = 0
    if epci is not None and high > low:
        room = _STRETCH * (high - low)
        if low - room <= epci.value <= high + room:
            low, high = min(low, epci.value), max(high, epci.value)
        else:
            beyond = 1 if (epci.value > high) != reverse else -1
    span = high - low

    def x(value: float) -> float:
        share = (value - low) / span if span else 0.5
        share = 1 - share if reverse else share
        return _EDGE + share * (WIDTH - 2 * _EDGE)

    parts = [_axis()]
    if mean is not None:
        parts.append(path(f"M{num(x(mean.value))} 9V{num(_AXIS + 8)}", stroke("ardoise-2", 0.8)))
    parts += _dots(dots, x)
    parts += _references(mean, epci, x, beyond)
    parts += _ends(dots, x)
    return document(WIDTH, HEIGHT, "les quartiers sur un axe", parts)


def _axis() -> str:
    return path(f"M0 {num(_AXIS)}H{num(WIDTH)}", stroke("filet", 0.5))


def _dots(dots: Sequence[Dot], x: Callable[[float], float]) -> list[str]:
    """Dots from left to right, each at the free height nearest to the axis."""
    edge = f'stroke="{colour("blanc")}" stroke-width="0.5"'
    placed: list[tuple[float, float]] = []
    parts = []
    for dot in sorted(dots, key=lambda item: (x(item.value), item.name)):
        at = x(dot.value)
        near = [y for other, y in placed if abs(other - at) < 2 * _RADIUS]
        choices = [0.0]
        for rung in range(1, 1 + int(_MOST / _STEP * 2)):
            choices += [rung * _STEP / 1.4, -rung * _STEP / 1.4]
        free = (y for y in choices if abs(y) <= _MOST and all(abs(y - o) >= 3.2 for o in near))
        y = next(free, 0.0)
        placed.append((at, y))
        parts.append(circle(at, _AXIS - y, _RADIUS, f"{fill('ardoise-2')} {edge}"))
    return parts


def _references(
    mean: Mark | None, epci: Mark | None, x: Callable[[float], float], beyond: int
) -> list[str]:
    """The bar of the agglomeration, and both labels above the axis, kept apart."""
    parts: list[str] = []
    labels: list[tuple[float, str, int]] = []
    if mean is not None:
        labels.append((x(mean.value), mean.text, 400))
    if epci is not None:
        at = x(epci.value) if not beyond else (WIDTH - 5 if beyond > 0 else 5)
        parts.append(rect(at - 1.4, _AXIS - 5.4, 2.8, 10.8, fill("ardoise")))
        if beyond:
            tip = at + 5 * beyond
            d = f"M{num(tip - 2.6 * beyond)} {num(_AXIS - 3.2)}L{num(tip)} {num(_AXIS)}"
            d += f"L{num(tip - 2.6 * beyond)} {num(_AXIS + 3.2)}"
            parts.append(path(d, stroke("ardoise", 1)))
        labels.append((at, epci.text, 600))
    boxes = [
        [max(0.0, min(at - text_width(text, _SIZE, weight) / 2,
                      WIDTH - text_width(text, _SIZE, weight))),
         text_width(text, _SIZE, weight)]
        for at, text, weight in labels
    ]  # fmt: skip
    _part(boxes)
    for (left, _), (_, text, weight) in zip(boxes, labels, strict=True):
        token = "ardoise" if weight == 600 else "ardoise-2"
        parts.append(label(left, 6.4, text, size=_SIZE, weight=weight, token=token))
    return parts


def _part(boxes: list[list[float]], gap: float = 6.0) -> None:
    """Push two labels that overlap away from one another, inside the figure."""
    if len(boxes) < 2:
        return
    first, second = sorted(boxes, key=lambda box: box[0])
    lack = first[0] + first[1] + gap - second[0]
    if lack <= 0:
        return
    first[0] -= lack / 2
    second[0] += lack / 2
    if first[0] < 0:
        second[0] -= first[0]
        first[0] = 0
    excess = second[0] + second[1] - WIDTH
    if excess > 0:
        second[0] -= excess
        first[0] = max(0.0, first[0] - excess)


def _ends(dots: Sequence[Dot], x: Callable[[float], float]) -> list[str]:
    """The names of the two extreme neighbourhoods, below their dot."""
    ordered = sorted(dots, key=lambda dot: x(dot.value))
    half = WIDTH / 2 - 6
    ends = [(ordered[0], "start")]
    if len(ordered) > 1 and ordered[0].value != ordered[-1].value:
        ends.append((ordered[-1], "end"))
    parts = []
    for dot, anchor in ends:
        ties = [other for other in ordered if other.value == dot.value]
        more = f" et {len(ties) - 1} autre{'s' if len(ties) > 2 else ''}" if len(ties) > 1 else ""
        value = f"{dot.text} "
        name = shorten(dot.name, half - text_width(value + more, _SIZE, 600), _SIZE) + more
        text = f"{value}{name}"
        width = text_width(text, _SIZE)
        at = x(dot.value)
        left = min(max(at - 3 if anchor == "start" else at + 3 - width, 0.0), WIDTH - width)
        parts.append(label(left, _AXIS + 13.6, text, size=_SIZE, token="ardoise-2"))
    return parts


def dot_row_alt(title: str, dots: Sequence[Dot], mean: Mark | None, epci: Mark | None) -> str:
    """The row read aloud: ends with their names, mean, agglomeration."""
    if not dots:
        return f"{title} : aucune valeur connue."
    ordered = sorted(dots, key=lambda dot: dot.value)
    parts = [f"de {ordered[0].text} ({ordered[0].name}) à {ordered[-1].text} ({ordered[-1].name})"]
    parts += [mark.text for mark in (mean, epci) if mark is not None]
    return f"{title} : {', '.join(parts)}."
