"""What is the cheapest blanking of a small group of figures?

Where few figures are bound together the choice is solved exactly: one 0/1 variable a figure that
may be blanked, one set of moves a need, moves allowed only where the figure is blank (Fischetti
and Salazar 2001, without their decomposition). The choice that was found step by step is kept
when the search gives nothing cheaper.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from terril.secrecy.base import Base
from terril.secrecy.lp import Lp, Outcome
from terril.secrecy.sparse import Csr, Floats, Ints
from terril.secrecy.system import State, TableSystem
from terril.secrecy.witness import Goal

#: most figures of a group, and most needs × figures
FIGURES: Final = 40
MOVES: Final = 800

#: nodes that the search may open
NODES: Final = 3000


def cheapest(system: TableSystem, base: Base, cells: Ints, needs: dict[Goal, float]) -> Ints | None:
    """Return the cells to blank, among ``cells`` (a whole component), so that ``needs`` are met.

    ``None`` when the group is too large or the search finds nothing. Moves are real numbers
    here: whoever calls checks that whole figures do as well.
    """
    movable = cells[
        np.isin(system.state[cells], (State.FREE, State.SENSITIVE, State.BLANK))
        | (system.half[cells] > 0)
    ]
    if len(movable) > FIGURES or len(needs) * len(movable) > MOVES or not needs:
        return None
    free = system.state[movable] == State.FREE
    choices = np.flatnonzero(free)
    size, count, goals = len(movable), len(choices), sorted(needs)
    up, down, up_free, down_free = _rooms(system, base, movable, max(needs.values()))
    fixed = system.state[movable] == State.MUST
    up[fixed], down[fixed] = up_free[fixed], down_free[fixed]
    rows = base.rows.by_column.across(movable)
    part = base.rows.take(rows, movable)
    # variables: the moves of each need, then the choices
    blocks: list[tuple[Ints, Ints, Floats]] = []
    low: list[Floats] = []
    high: list[Floats] = []
    lower: list[Floats] = []
    upper: list[Floats] = []
    line = 0
    first = len(goals) * size
    for number, (cell, side) in enumerate(goals):
        shift = number * size
        blocks.append((part.row + line, part.column + shift, part.value))
        low.append(base.low[rows])
        high.append(base.high[rows])
        line += len(rows)
        at = np.arange(count)
        for room, ease, sign in ((up, up_free, 1.0), (down, down_free, -1.0)):
            # sign · move − (room − ease) · choice ≤ ease
            extra = np.maximum(room[choices] - ease[choices], 0.0)
            blocks.append((at + line, choices + shift, np.full(count, sign)))
            blocks.append((at + line, at + first, -extra))
            low.append(np.full(count, -np.inf))
            high.append(ease[choices])
            line += count
        least, most = -down.copy(), up.copy()
        place = int(np.flatnonzero(movable == cell)[0])
        if side > 0:
            least[place] = most[place] = needs[cell, side]
        else:
            least[place] = most[place] = -needs[cell, side]
        lower.append(least)
        upper.append(most)
    matrix = Csr.of(
        np.concatenate([b[0] for b in blocks]),
        np.concatenate([b[1] for b in blocks]),
        np.concatenate([b[2] for b in blocks]),
        line,
        first + count,
    )
    cost = np.concatenate((np.zeros(first), system.weight[movable[choices]]))
    whole = np.concatenate((np.zeros(first, dtype=bool), np.ones(count, dtype=bool)))
    lp = Lp(
        cost,
        np.concatenate([*lower, np.zeros(count)]),
        np.concatenate([*upper, np.ones(count)]),
        matrix,
        np.concatenate(low),
        np.concatenate(high),
        whole,
        nodes=NODES,
    )
    if lp.solve() is not Outcome.OPTIMAL:
        return None
    return movable[choices][lp.values()[first:] > 0.5]


def _rooms(
    system: TableSystem, base: Base, cells: Ints, need: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return how far each cell may go up and down, blank then published."""
    value = base.value[cells]
    stated = np.where(np.isnan(system.value[cells]), value, system.value[cells])
    far = np.maximum(10 * need, 2 * np.abs(value) + 1)
    up = np.minimum(np.maximum(0.0, system.upper[cells] - value), far)
    down = np.minimum(np.maximum(0.0, value - system.lower[cells]), far)
    half = system.half[cells]
    return (
        up,
        down,
        np.maximum(0.0, stated + half - value),
        np.maximum(0.0, value - stated + half),
    )
