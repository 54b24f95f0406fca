"""Are sums made once, and again as soon as a register that they come from changes?"""

from __future__ import annotations

from typing import Any, cast

import office
from django.test import Client

from terril.web.contrat.sums import kept_while
from terril.web.espace.kept import Kept
from terril.web.espace.space import Space


class _Registers:
    """What ``kept_while`` asks of a space: the registers as they were read."""

    def __init__(self, contract: Any, catalogue: object, **held: Kept) -> None:
        self.contract, self.catalogue, self.held = contract, catalogue, held

    def kept(self, register: str) -> Kept:
        return self.held[register]


def test_a_sum_is_made_again_when_its_rows_are_read_again(web: Client) -> None:
    where, cards = office.contract(), object()
    before, after = Kept(1, (), {}), Kept(1, (), {})
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    def ask(names: tuple[str, ...] = ("a", "b"), key: str = "somme", **held: Kept) -> int:
        space = cast(Space, _Registers(where, cards, **held))
        return kept_while(space, names, key, make)

    assert ask(a=before, b=before) == 1
    assert ask(a=before, b=before) == 1, "kept"
    assert ask(a=before, b=before, key="autre") == 2, "another sum"
    assert ask(a=before, b=after) == 3, "equal, but not the same reading: it may have been undone"
    assert ask(a=before, b=after) == 3
    where = office.contract("second")
    assert ask(a=before, b=after) == 4, "another contract"
    cards = object()
    assert ask(a=before, b=after) == 5, "other cards"
