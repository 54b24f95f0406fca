"""Into which classes do the values of a map fall?

Classes are told by the values they hold, from the lowest to the highest one, as they are
printed: two figures that print alike are never in two classes, and no bound stands where there
is no value. Natural breaks (Fisher’s exact method, least squares within classes) or quantiles;
fewer classes when there are fewer values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from terril.lib.french import NBSP, arrondi, avec_unite, nombre

Method = Literal["naturels", "quantiles"]

MOST: Final = 5
METHOD_WORDS: Final[dict[str, str]] = {
    "naturels": "seuils naturels",
    "quantiles": "quantiles",
}


@dataclass(frozen=True, slots=True)
class Class:
    """The lowest and the highest value of a class, as printed, and how many it holds."""

    low: float
    high: float
    count: int

    def text(self, decimals: int, symbol: str) -> str:
        """« 12,1 à 15,9 % », « 44 % » when the class holds one value only."""
        if self.low == self.high:
            return avec_unite(self.low, decimals, symbol)
        return f"{nombre(self.low, decimals)} à {avec_unite(self.high, decimals, symbol)}"


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a map, from the lowest values to the highest."""

    classes: tuple[Class, ...]
    method: Method
    decimals: int

    def of(self, value: float) -> int:
        """Number of the class of a value, from 0; raises ``ValueError`` outside them all."""
        shown = arrondi(value, self.decimals)
        for number, held in enumerate(self.classes):
            if held.low <= shown <= held.high:
                return number
        raise ValueError(f"{value} is in none of the classes")

    def words(self) -> str:
        """« seuils naturels », or how the values fall in when they are few."""
        if all(held.low == held.high for held in self.classes):
            return "une classe par valeur"
        return METHOD_WORDS[self.method]

    def tokens(self) -> tuple[str, ...]:
        """The colours of the classes: the whole scale, however many there are."""
        return TOKENS[len(self.classes)]


#: which of the five steps of the scale stand for so many classes
TOKENS: Final[dict[int, tuple[str, ...]]] = {
    0: (),
    1: ("classe-3",),
    2: ("classe-2", "classe-4"),
    3: ("classe-1", "classe-3", "classe-5"),
    4: ("classe-1", "classe-2", "classe-4", "classe-5"),
    5: ("classe-1", "classe-2", "classe-3", "classe-4", "classe-5"),
}


def classify(
    values: Sequence[float], *, decimals: int, method: Method = "naturels", most: int = MOST
) -> Classes:
    """Classes of known values, each rounded as it is printed.

    ``most``: classes at most, 5 or fewer. Raises ``ValueError`` on a value that is not finite.
    """
    if any(not np.isfinite(value) for value in values):
        raise ValueError("a map has classes of finite values only")
    shown = sorted(arrondi(value, decimals) for value in values)
    counts: dict[float, int] = {}
    for value in shown:
        counts[value] = counts.get(value, 0) + 1
    distinct = list(counts)
    number = min(most, MOST, len(distinct))
    if number == 0:
        return Classes((), method, decimals)
    starts = (
        natural_breaks(distinct, list(counts.values()), number)
        if method == "naturels"
        else _quantiles(counts, number)
    )
    ends = [*starts[1:], len(distinct)]
    return Classes(
        tuple(
            Class(
                distinct[first],
                distinct[last - 1],
                sum(counts[value] for value in distinct[first:last]),
            )
            for first, last in zip(starts, ends, strict=True)
        ),
        method,
        decimals,
    )


def natural_breaks(values: Sequence[float], counts: Sequence[int], number: int) -> list[int]:
    """Where classes start so that squares within them are least (Fisher, 1958), exactly.

    ``values``: sorted, distinct, each met ``counts`` times. Of two equal partitions, the one
    whose last classes start later.
    """
    n = len(values)
    shifted = np.array(values) - values[0]
    weight = np.array(counts, dtype=np.float64)
    w = np.concatenate([[0.0], np.cumsum(weight)])
    s = np.concatenate([[0.0], np.cumsum(weight * shifted)])
    q = np.concatenate([[0.0], np.cumsum(weight * shifted**2)])
    best = np.full((number + 1, n + 1), np.inf)
    start = np.zeros((number + 1, n + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for k in range(1, number + 1):
        for end in range(k, n + 1):
            first = np.arange(k - 1, end)
            mass, total = w[end] - w[first], s[end] - s[first]
            within = q[end] - q[first] - total**2 / mass
            costs = best[k - 1, first] + np.maximum(within, 0.0)
            least = int(np.flatnonzero(costs <= costs.min() + 1e-9)[-1])
            best[k, end], start[k, end] = costs[least], first[least]
    starts: list[int] = []
    end = n
    for k in range(number, 0, -1):
        end = int(start[k, end])
        starts.append(end)
    return starts[::-1]


def _quantiles(counts: Mapping[float, int], number: int) -> list[int]:
    """Classes as equal in number as equal values allow, none empty."""
    sizes = list(counts.values())
    total = sum(sizes)
    before = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    starts = [0]
    for k in range(1, number):
        wanted = total * k / number
        room = range(starts[-1] + 1, len(sizes) - (number - k) + 1)
        starts.append(min(room, key=lambda i: (abs(float(before[i]) - wanted), i)))
    return starts


def legend_note(classes: Classes, territories: str) -> str:
    """« seuils naturels ; entre parenthèses, nombre de quartiers »."""
    return f"{classes.words()}{NBSP}; entre parenthèses, nombre de {territories}".replace(
        f"{NBSP};", "\u202f;"
    )
