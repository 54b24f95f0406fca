"""How likely is a row of figures as ordered as this one, when there is no trend?

Mann–Kendall: S counts the pairs of points that rise minus those that fall; a tie counts for
neither. Without a trend every order of the same values is as likely as another. Orders of n
values among which some are equal are permutations of a multiset, and the number of falling pairs
D follows its inversions, whose generating function is the Gaussian multinomial
[n]!_q / ∏ [t]!_q (t: how many times each value stands). The pairs that are not tied are M =
n(n−1)/2 − ∑ t(t−1)/2, and S = M − 2D. So the distribution is exact, with ties, up to
``EXACT`` points; beyond, the normal approximation with the variance corrected for ties and a
continuity correction (Kendall, *Rank Correlation Methods*, 1975; Mann, 1945).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

#: points up to which the distribution is exact
EXACT: Final = 40


def statistic(values: Sequence[float]) -> int:
    """Return S of values in the order of time."""
    return sum(
        (values[j] > values[i]) - (values[j] < values[i])
        for i in range(len(values))
        for j in range(i + 1, len(values))
    )


def p_value(points: int, ties: Sequence[int], s: int) -> float:
    """Return the two-sided probability of |S| at least as large without a trend.

    ``ties``: how many times each value that stands more than once does (2 for a pair), in any
    order. Raises ``ValueError`` when S cannot be of that many points.
    """
    return _p_value(points, tuple(sorted(t for t in ties if t > 1)), abs(s))


@lru_cache(maxsize=65536)
def _p_value(points: int, ties: tuple[int, ...], s: int) -> float:
    if sum(ties) > points:
        raise ValueError("more ties than points")
    untied = _pairs(points) - sum(_pairs(t) for t in ties)
    if s > untied:
        raise ValueError(f"S = {s} among {untied} pairs")
    if s == 0:
        return 1.0
    if points > EXACT:
        return _approximate(points, ties, s)
    counts = _inversions(points, ties)
    at_least = sum(c for d, c in enumerate(counts) if abs(untied - 2 * d) >= s)
    return at_least / sum(counts)


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def _approximate(points: int, ties: tuple[int, ...], s: int) -> float:
    def term(n: int) -> int:
        return n * (n - 1) * (2 * n + 5)

    variance = (term(points) - sum(term(t) for t in ties)) / 18
    return math.erfc((s - 1) / math.sqrt(2 * variance))


@lru_cache(maxsize=4096)
def _inversions(points: int, ties: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many orders of the multiset have 0, 1, 2… inversions."""
    counts = _factorial(points)
    for t in ties:
        counts = _divided(counts, _factorial(t))
    return counts


@lru_cache(maxsize=128)
def _factorial(n: int) -> tuple[int, ...]:
    """Return the coefficients of [n]!_q = ∏ (1 + q + … + q^(k−1))."""
    counts = [1]
    for k in range(2, n + 1):
        longer = [0] * (len(counts) + k - 1)
        for d, count in enumerate(counts):
            for step in range(k):
                longer[d + step] += count
        counts = longer
    return tuple(counts)


def _divided(counts: tuple[int, ...], by: tuple[int, ...]) -> tuple[int, ...]:
    """Return the quotient of two polynomials whose division is exact and ``by[0]`` is 1."""
    rest = list(counts)
    quotient = []
    for d in range(len(counts) - len(by) + 1):
        quotient.append(rest[d])
        for step, coefficient in enumerate(by):
            rest[d + step] -= quotient[-1] * coefficient
    return tuple(quotient)
