"""What of a small table of counts may be shown, so that no small count can be found?

A table of two levels: a total known to everybody, its groups, and the parts of each group. Counts
under the minimum are blanked, and as few others as it takes; the attacker of the editions then
tries the result. What does not resist is not shown at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.secrecy.attacker import attack
from terril.secrecy.base import settle
from terril.secrecy.secondary import choose
from terril.secrecy.system import State
from terril.secrecy.tables import Dimension, counts, cross

TOTAL: Final = "total"
_GROUP_WEIGHT: Final = 8.0  # a group is worth more than its parts: it is what was asked


@dataclass(frozen=True, slots=True)
class ShortTable:
    """The counts that may be shown; ``None`` for a blanked one.

    ``groups``: by name. ``parts``: by group, then by name; empty when the parts of the group may
    not be told. ``blanked``: how many counts are.
    """

    total: int
    groups: Mapping[str, int | None]
    parts: Mapping[str, Mapping[str, int | None]]
    blanked: int


def short_table(groups: Mapping[str, Mapping[str, int]], minimum: int) -> ShortTable | None:
    """Return what may be shown of a table, ``None`` when nothing may.

    ``groups``: the parts of each group with their counts, zero or more; a group without parts is
    given as one part under its own name. The first groups are those that matter most: they are
    blanked last. The total is taken as known. Names of parts are told
    apart by their group. With fewer than ``minimum`` in all, nothing is shown.
    """
    total = sum(sum(parts.values()) for parts in groups.values())
    if total < minimum:
        return None
    blank = _blanked(groups, minimum, with_parts=True)
    if blank is None:
        blank = _blanked(groups, minimum, with_parts=False)
        groups = {name: {name: sum(parts.values())} for name, parts in groups.items()}
    if blank is None:
        return ShortTable(total, dict.fromkeys(groups), {name: {} for name in groups}, len(groups))
    return ShortTable(
        total,
        {
            name: None if ("", name) in blank else sum(parts.values())
            for name, parts in groups.items()
        },
        {
            name: {}
            if set(parts) == {name}
            else {part: None if (name, part) in blank else n for part, n in parts.items()}
            for name, parts in groups.items()
        },
        len(blank),
    )


def _blanked(
    groups: Mapping[str, Mapping[str, int]], minimum: int, *, with_parts: bool
) -> set[tuple[str, str]] | None:
    """Return the blanked cells, ``("", group)`` or ``(group, part)``; ``None`` if it fails.

    A group of one part is that part: one cell.
    """
    leaves: dict[str, tuple[str, str]] = {}  # code of the finest cells → cell
    base: dict[tuple[str, ...], float] = {}
    sums: dict[str, list[str]] = {}
    for rank, (name, parts) in enumerate(groups.items()):
        whole = f"g{rank}"
        if with_parts and len(parts) > 1:
            members = [f"p{rank}.{place}" for place in range(len(parts))]
            sums[whole] = members
            for code, (part, count) in zip(members, parts.items(), strict=True):
                leaves[code] = (name, part)
                base[(code,)] = float(count)
        else:
            base[(whole,)] = float(sum(parts.values()))
        leaves[whole] = ("", name)
    sums[TOTAL] = [f"g{rank}" for rank in range(len(groups))]
    table = cross([Dimension("liste", sums)], base)
    codes = table.dimensions[0].codes
    dear = {f"g{rank}": _GROUP_WEIGHT * (len(groups) - rank) for rank in range(len(groups))}
    weight = np.array([dear.get(code, 1.0) for code in codes]) + np.log1p(table.value)
    system = counts(table, minimum, weight)
    state = system.state.copy()
    state[codes.index(TOTAL)] = State.MUST
    settled = settle(dataclasses.replace(system, state=state))
    choice = choose(settled.system, settled.base)
    if not attack(settled.system, choice.blanked).resists:
        return None
    found = {leaves[code] for code, blank in zip(codes, choice.blanked, strict=True) if blank}
    for name, parts in groups.items():  # a group and its one part are the same count
        if len(parts) == 1 and ("", name) in found:
            found.add((name, next(iter(parts))))
    return found
