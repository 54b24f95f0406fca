"""Which lines of several breakdowns are hidden, so that no small group can be read or worked out?

A group smaller than the minimum is hidden (primary). A total less the lines that are shown tells
the sum of the hidden ones: where that sum is itself smaller than the minimum, as when a single
line is hidden, the smallest shown line goes too (secondary). Breakdowns of the same allocations
also cross: a commune less its neighbourhood tells another neighbourhood. So a last step looks
for hidden lines that are a combination of shown ones, and hides one of these.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: combinations are looked for modulo this prime: products of two residues fit 64 bits
_PRIME: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Group:
    """A line: the breakdown that it is of, the kinds of allocations that it gathers, how many.

    ``total`` lines are hidden only when they are small themselves.
    """

    breakdown: Hashable
    kinds: frozenset[int]
    size: int
    total: bool = False


def hidden_groups(groups: Mapping[Hashable, Group], minimum: int) -> frozenset[Hashable]:
    """Return the keys of the lines to hide. Empty groups are shown: nobody is nobody.

    Where nothing is left to hide, a breakdown is hidden whole.
    """
    live = {key: group for key, group in groups.items() if group.size}
    hidden = {key for key, group in live.items() if group.size < minimum}
    while True:
        more = _small_sums(live, hidden, minimum) or _worked_out(live, hidden)
        if not more:
            return frozenset(hidden)
        hidden |= more


def _small_sums(
    groups: Mapping[Hashable, Group], hidden: set[Hashable], minimum: int
) -> set[Hashable]:
    """The smallest shown line of each breakdown whose hidden lines make less than the minimum."""
    found: set[Hashable] = set()
    for breakdown in dict.fromkeys(group.breakdown for group in groups.values()):
        own = [k for k, group in groups.items() if group.breakdown == breakdown and not group.total]
        gone = [key for key in own if key in hidden]
        shown = [key for key in own if key not in hidden]
        if gone and shown and sum(groups[key].size for key in gone) < minimum:
            found.add(_smallest(groups, shown))
    return found


def _smallest(groups: Mapping[Hashable, Group], keys: Sequence[Hashable]) -> Hashable:
    return min(keys, key=lambda key: (groups[key].size, str(key)))


def _worked_out(groups: Mapping[Hashable, Group], hidden: set[Hashable]) -> set[Hashable]:
    """A shown line that helps to work out a hidden one; empty when none can be.

    Elimination modulo a prime over [kinds | shown lines]: a hidden line whose kinds become zero
    is the combination of shown lines that the right part tells.
    """
    shown = [key for key in groups if key not in hidden]
    gone = sorted(hidden, key=lambda key: (groups[key].size, str(key)))
    if not shown or not gone:
        return set()
    kinds = _told_apart([*(groups[key].kinds for key in shown), *(groups[k].kinds for k in gone)])
    width = kinds.shape[1]
    combination = np.zeros((len(shown) + len(gone), len(shown)), dtype=np.int64)
    combination[: len(shown)] = np.eye(len(shown), dtype=np.int64)
    lines = np.hstack([kinds, combination])
    for place in range(len(shown)):
        filled = np.flatnonzero(lines[place, :width])
        if not len(filled):
            continue
        pivot = filled[0]
        lines[place] = lines[place] * pow(int(lines[place, pivot]), -1, _PRIME) % _PRIME
        below = lines[place + 1 :]
        below -= np.outer(below[:, pivot], lines[place]) % _PRIME
        below %= _PRIME
    for place in range(len(shown), len(lines)):
        if not lines[place, :width].any():
            made = [shown[number] for number in np.flatnonzero(lines[place, width:])]
            return {_smallest(groups, [k for k in made if not groups[k].total] or made)}
    return set()


def _told_apart(lines: Sequence[frozenset[int]]) -> NDArray[np.int64]:
    """Lines × kinds, 1 where a line gathers the kind; kinds that no line tells apart are one."""
    member: dict[int, list[int]] = {}
    for place, kinds in enumerate(lines):
        for kind in kinds:
            member.setdefault(kind, []).append(place)
    columns = sorted({tuple(places) for places in member.values()})
    found = np.zeros((len(lines), len(columns)), dtype=np.int64)
    for column, places in enumerate(columns):
        found[list(places), column] = 1
    return found
