"""How are two texts of the same column shown beside each other?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from terril.catalogue.registers import ColumnKind
from terril.registres.merge import words
from terril.web.espace.shown import text_of
from terril.web.espace.space import Space


@dataclass(frozen=True, slots=True)
class Difference:
    """A disputed column: as it was, as the other wrote it, as she wrote it.

    ``theirs``, ``mine``: pieces kept (« = »), taken away (« - »), added (« + »).
    """

    base: str
    theirs: tuple[tuple[str, str], ...]
    mine: tuple[tuple[str, str], ...]
    their_text: str


def differences(
    space: Space,
    register: str,
    name: str,
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
) -> Difference:
    """Return the three texts of a column, word by word where it is a text."""
    column = space.card(register).columns[name]
    was, other, own = (text_of(space, column, one.get(name)) for one in (base, theirs, mine))
    if column.kind in (ColumnKind.TEXT, ColumnKind.LONG):
        return Difference(was, tuple(words(was, other)), tuple(words(was, own)), other)
    return Difference(was, (("=", other),), (("=", own),), other)
