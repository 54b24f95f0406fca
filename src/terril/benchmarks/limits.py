"""Within which limits would chance alone keep a rate, given how many it is taken on?

A *share* is x people out of n who each are counted with the probability p: binomial. A *rate* is
x events for n units, r expected for each: Poisson. Control limits at the level 1 − a: below the
lower one, the probability of a value so low or lower is at most a/2; the same above. They are

* exact when fewer than ``EXACT`` people (or not-people, for a share) are expected: the discrete
  distribution itself, added up;
* beyond, those of the score test: p ± z √(p(1−p)/n), or r ± z √(r/n). A share is outside if and
  only if p is outside the Wilson interval of that share. With 100 expected, the distribution is
  skewed by a tenth of a standard deviation at most, which moves the limits by less than a
  twentieth of it at 95 % and a seventh at 99,8 %.

Over-dispersion (Spiegelhalter, *Funnel plots for comparing institutional performance*, 2005):
neighbourhoods differ by more than chance. φ is the mean of the squared z-scores of the group,
the extreme ones first brought back to the quantiles q and 1 − q (winsorised). When φ exceeds 1 by
more than chance would (1 + 2√(2/k) for k neighbourhoods), the distance of the limits to the
expected value is multiplied by √φ.

Only numpy: the quantiles are found by adding up the distribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Step = Callable[[int, Floats, Floats], Floats]

#: expected counts under which the limits are exact
EXACT: Final = 100.0
#: levels of the limits, and their two-sided normal quantiles
Z: Final = {0.95: 1.959963984540054, 0.998: 3.090232306167813}
#: rows worked on together: bounds the memory
_SLICE: Final = 400_000


class Limits(NamedTuple):
    """Lower and upper limits as proportions (or events a unit), and where they are exact."""

    low: Floats
    high: Floats
    exact: npt.NDArray[np.bool_]


def binomial(n: Floats, p: Floats, level: float) -> Limits:
    """Return the control limits of x/n, for n trials of probability p.

    ``n``: whole numbers, 1 or more; ``p``: 0 to 1. Same shape.
    """
    z, tail = Z[level], (1.0 - level) / 2
    spread = z * np.sqrt(p * (1.0 - p) / n)
    low, high = p - spread, p + spread
    rare = np.minimum(p, 1.0 - p)
    exact = n * rare < EXACT
    few = np.flatnonzero(exact)
    for start in range(0, few.size, _SLICE):
        part = few[start : start + _SLICE]
        counts = _quantiles(n[part], rare[part], tail, _binomial_step)
        bottom, top = counts[0] / n[part], counts[1] / n[part]
        mirrored = p[part] > 0.5
        low[part] = np.where(mirrored, 1.0 - top, bottom)
        high[part] = np.where(mirrored, 1.0 - bottom, top)
    return _around(np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0), p, exact)


def poisson(n: Floats, rate: Floats, level: float) -> Limits:
    """Return the control limits of x/n, for ``rate`` events expected for each of n units."""
    z, tail = Z[level], (1.0 - level) / 2
    spread = z * np.sqrt(rate / n)
    low, high = rate - spread, rate + spread
    expected = n * rate
    exact = expected < EXACT
    few = np.flatnonzero(exact)
    for start in range(0, few.size, _SLICE):
        part = few[start : start + _SLICE]
        counts = _quantiles(n[part], expected[part], tail, _poisson_step)
        low[part], high[part] = counts[0] / n[part], counts[1] / n[part]
    return _around(np.maximum(low, 0.0), high, rate, exact)


def _around(low: Floats, high: Floats, expected: Floats, exact: npt.NDArray[np.bool_]) -> Limits:
    """Return the limits, the expected value between them.

    With a handful of people the only likely count may be none: the upper limit is then drawn at
    the expected value, above which no count is likely either.
    """
    return Limits(np.minimum(low, expected), np.maximum(high, expected), exact)


def _binomial_step(k: int, n: Floats, p: Floats) -> Floats:
    """Return P(X = k) / P(X = k − 1), or P(X = 0) for k = 0."""
    if k == 0:
        return np.exp(n * np.log1p(-p))
    return np.maximum(n - k + 1, 0.0) / k * (p / (1.0 - p))


def _poisson_step(k: int, n: Floats, expected: Floats) -> Floats:
    return np.exp(-expected) if k == 0 else expected / k


def _quantiles(n: Floats, parameter: Floats, tail: float, step: Step) -> tuple[Floats, Floats]:
    """Return the lowest and highest counts that are not in the tails.

    Lowest: the smallest x with P(X ≤ x) > tail, that is how many k have P(X ≤ k) ≤ tail. Highest:
    the largest x with P(X ≥ x) > tail, that is how many k have P(X ≤ k) < 1 − tail.
    """
    lowest, highest = np.zeros_like(parameter), np.zeros_like(parameter)
    if not parameter.size:
        return lowest, highest
    mean = EXACT if step is _poisson_step else min(EXACT, float((n * parameter).max()))
    last = math.ceil(mean + 6 * math.sqrt(mean) + 12)
    mass = step(0, n, parameter)
    added = mass.copy()
    for k in range(1, last + 1):
        lowest += added <= tail
        highest += added < 1.0 - tail
        mass = mass * step(k, n, parameter)
        added += mass
        if (added > 1.0 - tail / 2).all():
            break
    return lowest, highest


def widened(limits: Limits, expected: Floats, phi: Floats, ceiling: float | None) -> Limits:
    """Return the limits √φ times as far from the expected value, φ being at least 1.

    ``ceiling``: the largest possible value (1 for a share), ``None`` for a rate.
    """
    factor = np.sqrt(np.maximum(phi, 1.0))
    low = np.maximum(expected - (expected - limits.low) * factor, 0.0)
    high = expected + (limits.high - expected) * factor
    return Limits(low, high if ceiling is None else np.minimum(high, ceiling), limits.exact)


def dispersion(scores: Floats, share: float) -> float:
    """Return φ: the mean of the squared scores, the extreme ones winsorised at ``share``.

    ``scores``: z-scores of the group, one at least. Quantiles are linear between ranks.
    """
    low, high = np.quantile(scores, [share, 1.0 - share])
    return float(np.mean(np.clip(scores, low, high) ** 2))


def excess(phi: Floats, size: Floats) -> npt.NDArray[np.bool_]:
    """Say where φ is larger than chance would have it for groups of that size."""
    return phi > 1.0 + 2.0 * np.sqrt(2.0 / size)
