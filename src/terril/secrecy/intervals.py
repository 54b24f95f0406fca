"""What do the relations say of each cell, one relation at a time?

Interval propagation: the ends of a cell follow from those of the others of its relation, and so
on until nothing moves. The bounds are sound (a feasible figure is never excluded) and cheap, not
the tightest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from terril.secrecy.sparse import Csr, Floats, Ints

#: how much a bound has to gain to count
GAIN: Final = 1e-7


def propagate(
    lower: Floats, upper: Floats, rows: Csr, low: Floats, high: Floats, rounds: int = 30
) -> tuple[Floats, Floats]:
    """Return tighter bounds of the variables of ``low ≤ rows · x ≤ high``."""
    lower, upper = lower.copy(), upper.copy()
    if not len(rows.column):
        return lower, upper
    row, column, value = rows.row, rows.column, rows.value
    for _ in range(rounds):
        small = np.where(value > 0, value * lower[column], value * upper[column])
        large = np.where(value > 0, value * upper[column], value * lower[column])
        least, most = _others(small, row, rows.rows), _others(large, row, rows.rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            ceiling, floor = (high[row] - least) / value, (low[row] - most) / value
        swapped = value < 0
        ceiling, floor = np.where(swapped, floor, ceiling), np.where(swapped, ceiling, floor)
        new_lower, new_upper = lower.copy(), upper.copy()
        np.maximum.at(new_lower, column, np.where(np.isnan(floor), -np.inf, floor))
        np.minimum.at(new_upper, column, np.where(np.isnan(ceiling), np.inf, ceiling))
        gained = (new_lower > lower + GAIN) | (new_upper < upper - GAIN)
        if not gained.any():
            break
        lower = np.where(gained, new_lower, lower)
        upper = np.where(gained, new_upper, upper)
    return lower, upper


def _others(terms: Floats, row: Ints, rows: int) -> Floats:
    """Return, for each entry, the sum of the other terms of its row (infinite if one is)."""
    infinite = np.isinf(terms)
    finite = np.where(infinite, 0.0, terms)
    total = np.bincount(row, weights=finite, minlength=rows)
    endless = np.bincount(row[infinite], minlength=rows)
    sign = np.sign(terms[infinite][0]) if infinite.any() else 1.0
    return np.where(endless[row] - infinite > 0, sign * np.inf, total[row] - finite)
