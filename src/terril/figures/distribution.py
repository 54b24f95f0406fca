"""How does a whole group spread on one indicator, in one line?

Ticks for every territory, a light bar over the middle half, the median, this one as a dot;
the two ends carry their values. For groups too large for one dot a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.figures.metrics import text_width
from terril.figures.svg import circle, colour, document, fill, label, num, path, rect, stroke, ticks

HEIGHT: Final = 16.0
_SIZE: Final = 7.2


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear interpolation between the two nearest values (type 7)."""
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def distribution(
    values: Sequence[float],
    own: float | None = None,
    *,
    title: str,
    low_text: str,
    high_text: str,
    width: float = 176.0,
    reverse: bool = False,
) -> str:
    """``width`` × 16 pt; ``low_text`` and ``high_text`` print the two extreme values."""
    if not values:
        return document(width, HEIGHT, title, [label(0, 11, "aucune valeur connue", size=_SIZE)])
    ordered = sorted(values)
    ends = (high_text, low_text) if reverse else (low_text, high_text)
    left = text_width(ends[0], _SIZE) + 5
    right = width - text_width(ends[1], _SIZE) - 5
    span = (ordered[-1] - ordered[0]) or 1.0

    def x(value: float) -> float:
        place = left + (value - ordered[0]) / span * (right - left)
        return left + right - place if reverse else place

    y = HEIGHT / 2
    quarter, three = sorted((x(_quantile(ordered, 0.25)), x(_quantile(ordered, 0.75))))
    median = x(_quantile(ordered, 0.5))
    parts = [
        rect(quarter, y - 4.4, three - quarter, 8.8, fill("papier-2")),
        ticks((x(v) for v in ordered), y - 3.2, y + 3.2, stroke("gris", 0.5)),
        path(f"M{num(median)} {num(y - 5)}v10", stroke("ardoise", 1)),
        label(0, y + 2.4, ends[0], size=_SIZE, token="ardoise-2"),
        label(width, y + 2.4, ends[1], size=_SIZE, token="ardoise-2", anchor="end"),
    ]
    if own is not None:
        edge = f'stroke="{colour("blanc")}" stroke-width="0.7"'
        parts.append(circle(x(own), y, 3.2, f"{fill('brique')} {edge}"))
    return document(width, HEIGHT, title, parts)


def distribution_alt(
    values: Sequence[float], own_text: str, *, title: str, low_text: str, high_text: str
) -> str:
    """« …, de 12,1 à 33,0 pour 21 territoires, 20,7 ici »."""
    if not values:
        return f"{title}\u00a0: aucune valeur connue."
    here = f", {own_text} ici" if own_text else ""
    return f"{title}, de {low_text} à {high_text} pour {len(values)} territoires{here}."
