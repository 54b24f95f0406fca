"""Where does one neighbourhood stand on an indicator, in a ranked list?

A pure function → SVG, one a row: the axis, the reference as a line, a stem from it to the dot
of the neighbourhood. Rows that touch make the line of the reference continuous.
"""

from __future__ import annotations

from typing import Final

from terril.figures.svg import circle, colour, document, fill, num, path, stroke

WIDTH: Final = 220.0
HEIGHT: Final = 18.0
_EDGE: Final = 6.0


def ranked_row(at: float | None, reference: float | None, *, own: bool = False) -> str:
    """One row; ``at`` and ``reference`` from 0 to 1 between the ends of the axis.

    ``own``: the dot is this neighbourhood's. Without ``at`` the axis stands alone.
    """
    y = HEIGHT / 2

    def x(share: float) -> float:
        return _EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * _EDGE)

    parts = [path(f"M{num(_EDGE)} {num(y)}H{num(WIDTH - _EDGE)}", stroke("cheveu", 0.8))]
    if reference is not None:
        parts.append(path(f"M{num(x(reference))} 0V{num(HEIGHT)}", stroke("ardoise-2", 0.8)))
    if at is not None:
        token = "brique" if own else "ardoise"
        if reference is not None:
            d = f"M{num(x(reference))} {num(y)}H{num(x(at))}"
            parts.append(path(d, stroke(token, 2.0)))
        edge = f'stroke="{colour("blanc")}" stroke-width="1"'
        parts.append(circle(x(at), y, 4.0, f"{fill(token)} {edge}"))
    return document(WIDTH, HEIGHT, "place sur l’axe", parts)
