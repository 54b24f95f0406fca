"""What do the relations say of each cell, one relation at a time?

Interval propagation: the ends of a cell follow from those of the others of its relation, and so
on until nothing moves. The bounds are sound (a feasible figure is never excluded) and cheap, not
the tightest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from terril.secrecy.sparse import Bools, Csr, Floats, Ints
from terril.secrecy.system import Ratios, TableSystem, View

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


def through_ratios(
    system: TableSystem, blanked: Bools, seen: View, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Return tighter bounds, by the ratios whose rate and base are both blanked.

    ``low``/``high``: certain bounds of the cells of the view. Such a ratio is no linear relation:
    it is taken as an interval here, and nowhere else.
    """
    r: Ratios = system.ratios
    both = np.flatnonzero(blanked[r.rate] & blanked[r.denominator])
    if not len(both):
        return low, high
    least, most = np.array(system.value - system.half), np.array(system.value + system.half)
    least[seen.cells], most[seen.cells] = low, high
    for _ in range(3):
        for k in both.tolist():
            n, d, t, f = int(r.numerator[k]), int(r.denominator[k]), int(r.rate[k]), r.factor[k]
            if least[d] > 0 and least[n] >= 0:
                least[t] = max(least[t], f * least[n] / most[d])
                most[t] = min(most[t], f * most[n] / least[d])
            if least[t] > 0 and least[n] >= 0:
                least[d] = max(least[d], f * least[n] / most[t])
                most[d] = min(most[d], f * most[n] / least[t])
            if least[t] >= 0 and least[d] >= 0 and np.isfinite(most[[t, d]]).all():
                least[n] = max(least[n], least[t] * least[d] / f)
                most[n] = min(most[n], most[t] * most[d] / f)
        low, high = propagate(least[seen.cells], most[seen.cells], seen.rows, seen.low, seen.high)
        least[seen.cells], most[seen.cells] = low, high
    return low, high
