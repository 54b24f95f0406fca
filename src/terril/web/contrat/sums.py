"""Which sums need not be made twice while nothing was written?

The money of a programme is cut and summed from all its rows: made once, it is the same for the
next reader until one of the registers that it comes from changes. What is kept holds the very
rows that it was made of: others, be they read in a transaction that is undone, are summed again.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from terril.contrat.tree.accounts import programme
from terril.contrat.tree.money import ACTIONS, FUNDINGS, Share, by_objective
from terril.contrat.tree.nodes import REGISTER, Tree
from terril.registres.rows import Summary
from terril.web.espace.space import Space

Made = TypeVar("Made")
_MOST: Final = 64
_HELD: OrderedDict[Hashable, tuple[tuple[object, ...], Any]] = OrderedDict()
_LOCK = Lock()


def kept_while(
    space: Space, registers: tuple[str, ...], key: Hashable, make: Callable[[], Made]
) -> Made:
    """Return what ``make`` gives, kept while the rows of these registers are the same."""
    sources: tuple[object, ...] = (*(space.kept(name) for name in registers), space.catalogue)
    place = (space.contract.pk, key)
    with _LOCK:
        held = _HELD.get(place)
        if held is not None and all(a is b for a, b in zip(held[0], sources, strict=True)):
            _HELD.move_to_end(place)
            return held[1]  # type: ignore[no-any-return]
    made = make()
    with _LOCK:
        _HELD[place] = (sources, made)
        _HELD.move_to_end(place)
        while len(_HELD) > _MOST:
            _HELD.popitem(last=False)
    return made


def shares_of(space: Space, tree: Tree, day: dt.date) -> tuple[Share, ...]:
    """The fundings cut between the objectives of the tree of a day."""
    registers = (ACTIONS, FUNDINGS, REGISTER)
    return kept_while(space, registers, ("parts", day), lambda: by_objective(space, tree))


def programme_of(space: Space, tree: Tree, year: int | None) -> Summary:
    """The account of the programme, of all years or one, with the tree of today."""
    levels = space.contract.levels
    return kept_while(
        space,
        (ACTIONS, FUNDINGS, REGISTER, "organisations", "quartiers"),
        ("programme", space.today, year, str(levels)),
        lambda: programme(
            space,
            space.catalogue,
            tree,
            levels,
            lambda share: year is None or share.year == year,
        ),
    )
