"""Which directory does a contract have now, and is it read once and not at each page?

A directory made ready for searching is kept with the stamps of the registers that it was read
from: any write to one of them makes another.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar

from django.db import connection

from terril.contrat.directory.search import Search
from terril.contrat.directory.sheets import (
    COMMUNES,
    OFFERS,
    ORGANISATIONS,
    QUARTIERS,
    SHEETS,
    Directory,
    public_directory,
    whole_directory,
)
from terril.contrat.directory.twins import Pair, twins
from terril.web.espace.space import Space

_READ: Final = (SHEETS, OFFERS, ORGANISATIONS, QUARTIERS, COMMUNES)
_MOST: Final = 12

#: contract, day, stamps: what something was made from
Mark = tuple[int, dt.date, tuple[int, ...]]

_T = TypeVar("_T")

_HELD: OrderedDict[tuple[str, Mark], Any] = OrderedDict()
_LOCK = Lock()


def mark(space: Space, registers: tuple[str, ...] = _READ) -> Mark:
    """Return what is made from registers of a contract is made from: it changes when they do."""
    stamps = tuple(space.kept(register).stamp for register in registers)
    return (space.contract.pk, space.today, stamps)


def _once(name: str, key: Mark, make: Callable[[], _T]) -> _T:
    """Return what was made with the same name and mark, or make it."""
    with _LOCK:
        if (name, key) in _HELD:
            _HELD.move_to_end((name, key))
            found: _T = _HELD[name, key]
            return found
    made = make()
    if connection.in_atomic_block:
        return made  # what is read within a transaction may be undone
    with _LOCK:
        _HELD[name, key] = made
        while len(_HELD) > _MOST:
            _HELD.popitem(last=False)
    return made


def public_search(space: Space) -> Search:
    """Return the public directory of a contract, made ready for searching."""

    def make() -> Search:
        letters = int(space.catalogue.number("annuaire_faute_longueur"))
        return Search(public_directory(space, space.catalogue), letters)

    return _once("public", mark(space), make)


def member_directory(space: Space) -> Directory:
    """Return the whole directory, published or not, for the members of the contract."""
    return _once("whole", mark(space), lambda: whole_directory(space, space.catalogue))


def doubles(space: Space) -> tuple[Pair, ...]:
    """Return the structures that may stand twice."""
    letters = int(space.catalogue.number("annuaire_doublon_lettres"))
    return _once("doubles", mark(space, (ORGANISATIONS,)), lambda: tuple(twins(space, letters)))


def review_months(space: Space) -> int:
    """After how many months is a sheet to be looked at again?"""
    return int(space.catalogue.number("annuaire_relecture_mois"))
