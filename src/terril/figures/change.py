"""What has changed between two periods, row by row?

An arrow from the former value to the new one on one axis, both values printed. A row with
one value only shows it alone; the arrow says the movement, the colour says who, never
whether it is good: the words beside do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terril.figures.metrics import shorten, text_width
from terril.figures.svg import circle, colour, document, fill, label, num, path, stroke

ROW: Final = 12.4
HEAD: Final = 12.0
_SIZE: Final = 8.2
_SMALL: Final = 7.2
_TIP: Final = 4.2


@dataclass(frozen=True, slots=True)
class Change:
    """A row: values at both periods, ``None`` when unknown, and their texts."""

    name: str
    before: float | None
    after: float | None
    before_text: str
    after_text: str
    own: bool = False


def change_height(rows: int) -> float:
    """Height in points of :func:`change`."""
    return HEAD + rows * ROW


def _arrow(x0: float, x1: float, y: float, token: str) -> str:
    if abs(x1 - x0) < _TIP + 1:
        edge = f'stroke="{colour("blanc")}" stroke-width="0.8"'
        still = circle(x1, y, 3.1, f"{fill(token)} {edge}")
        return path(f"M{num(x0)} {num(y - 3.4)}v6.8", stroke(token, 1.1)) + still
    way = 1 if x1 > x0 else -1
    base = x1 - _TIP * way
    return (
        path(f"M{num(x0)} {num(y - 3.4)}v6.8", stroke(token, 1.1))
        + path(f"M{num(x0)} {num(y)}H{num(base)}", stroke(token, 1.7))
        + path(
            f"M{num(base)} {num(y - 3.1)}L{num(x1)} {num(y)}L{num(base)} {num(y + 3.1)}z",
            fill(token),
        )
    )


def change(rows: Sequence[Change], *, title: str, before: str, after: str, width: float) -> str:
    """The rows in the order given; ``before`` and ``after`` name the two periods."""
    names = max((text_width(r.name, _SIZE, 600 if r.own else 400) for r in rows), default=0)
    name_width = min(names, width * 0.42)
    texts = [r.before_text for r in rows] + [r.after_text for r in rows] + [before, after]
    column = max((text_width(t, _SIZE, 600) for t in texts), default=0) + 8
    left, right = name_width + column + 10, width - column - 6
    known = [v for r in rows for v in (r.before, r.after) if v is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    unit = (right - left) / ((high - low) or 1.0)
    parts = [
        label(left - 10, 7.2, before, anchor="end", weight=600, token="ardoise-2", size=_SMALL),
        label(width, 7.2, after, anchor="end", weight=600, token="ardoise-2", size=_SMALL),
    ]
    for i, row in enumerate(rows):
        y = HEAD + (i + 0.5) * ROW
        base = y + _SIZE * 0.33
        weight = 600 if row.own else 400
        token = "brique" if row.own else "ardoise-2"
        parts.append(path(f"M0 {num(y + ROW / 2)}H{num(width)}", stroke("cheveu", 0.35)))
        xs = [None if v is None else left + (v - low) * unit for v in (row.before, row.after)]
        if xs[0] is not None and xs[1] is not None:
            parts.append(_arrow(xs[0], xs[1], y, token))
        elif xs[0] is not None:
            parts.append(path(f"M{num(xs[0])} {num(y - 3.4)}v6.8", stroke(token, 1.1)))
        elif xs[1] is not None:
            parts.append(circle(xs[1], y, 3.1, fill(token)))
        name = shorten(row.name, name_width, _SIZE, weight)
        parts.append(label(0, base, name, size=_SIZE, weight=weight))
        parts.append(
            label(left - 10, base, row.before_text, size=_SIZE, anchor="end", token="ardoise-2")
        )
        parts.append(label(width, base, row.after_text, size=_SIZE, weight=600, anchor="end"))
    return document(width, change_height(len(rows)), title, parts)


def change_alt(rows: Sequence[Change], *, title: str, before: str, after: str) -> str:
    """Every row with its two values."""
    listed = " ; ".join(
        f"{row.name}, {before} {row.before_text}, {after} {row.after_text}" for row in rows
    ).replace(" ;", "\u202f;")
    return f"{title}\u00a0: {listed}."
