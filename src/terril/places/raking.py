"""By how much must parts be multiplied so that they sum to totals that are known?

Iterative proportional fitting (Deming and Stephan, 1940): each set of totals in turn, until all
hold. Parts stay at zero where they are, keep their order of size within a cell of the totals,
and nothing becomes negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDS: Final = 500
_CLOSE: Final = 1e-9


@dataclass(frozen=True)
class Margin:
    """A set of totals: to which each part belongs (−1: to none), and how much each must make."""

    member: Ints  # one a part
    totals: Floats  # NaN: not known, left alone


@dataclass(frozen=True)
class Raked:
    """The factors of the parts. ``gap``: largest relative difference left with a total."""

    factors: Floats
    gap: float


def rake(parts: Floats, margins: Sequence[Margin]) -> Raked:
    """Return factors ≥ 0 such that the parts times them sum to the totals of every margin.

    A total whose parts are all zero cannot be met: its gap is told, and it changes nothing.
    With margins that contradict each other the gap stays above zero.
    """
    factors = np.ones(len(parts))
    gap = 0.0
    for _ in range(_ROUNDS):
        gap = 0.0
        for margin in margins:
            held = margin.member >= 0
            sums = np.bincount(margin.member[held], (parts * factors)[held], len(margin.totals))
            known = ~np.isnan(margin.totals)
            wrong = np.abs(sums - margin.totals)[known] / np.maximum(margin.totals[known], 1e-300)
            wrong = np.where((margin.totals[known] == 0) & (sums[known] == 0), 0.0, wrong)
            gap = max(gap, float(wrong.max(initial=0.0)))
            ratio = np.ones(len(margin.totals))
            some = known & (sums > 0)
            ratio[some] = margin.totals[some] / sums[some]
            factors[held] *= ratio[margin.member[held]]
        if gap < _CLOSE:
            break
    return Raked(factors, gap)
