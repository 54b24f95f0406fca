"""How is what costs not made again at each page: attendance, what is due, public minutes?

Each process keeps the last few, with the stamps of the registers that they were made from: a
write to one of them makes another. What is read within a transaction is not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeVar

from django.db import connection

from terril.contrat.meetings.assiduity import Attendance
from terril.contrat.meetings.due import Due
from terril.contrat.meetings.legal import Term
from terril.web.espace.space import Space

_ATTENDANCE: Final = ("reunions", "presences", "mandats", "instances", "organisations")
_MINUTES: Final = (*_ATTENDANCE, "decisions")
_MOST: Final = 8
_Made = TypeVar("_Made")
_Key = TypeVar("_Key")
_COUNTED: Final[OrderedDict[tuple[int, ...], Attendance]] = OrderedDict()
_PAPERS: Final[OrderedDict[tuple[int, ...], bytes]] = OrderedDict()
_DUES: Final[OrderedDict[tuple[object, ...], tuple[Due, ...]]] = OrderedDict()
_LOCK: Final = Lock()


def attendance_of(space: Space) -> Attendance:
    """Return the attendance of a contract as its registers stand."""
    key = _key(space, _ATTENDANCE)
    return _once(_COUNTED, key, lambda: Attendance(space, space.catalogue))


def public_pdf(space: Space, number: int, make: Callable[[], bytes]) -> bytes:
    """Return the public minutes of a meeting, made by ``make`` when they are not kept."""
    return _once(_PAPERS, (*_key(space, _MINUTES), number), make)


def dues_kept(space: Space, term: Term, make: Callable[[], tuple[Due, ...]]) -> tuple[Due, ...]:
    """Return what is due, made by ``make`` once a day while nothing is written to the contract."""
    mark = space.mark
    if mark is None:
        return make()
    # the rules are cards: others, as in a test, make others
    key = (space.contract.pk, mark, space.today, term, id(space.catalogue.deadlines))
    return _once(_DUES, key, make)


def _key(space: Space, registers: tuple[str, ...]) -> tuple[int, ...]:
    return (space.contract.pk, *(space.kept(name).stamp for name in registers))


def _once(held: OrderedDict[_Key, _Made], key: _Key, make: Callable[[], _Made]) -> _Made:
    if connection.in_atomic_block:
        return make()
    with _LOCK:
        found = held.get(key)
        if found is not None:
            held.move_to_end(key)
            return found
    made = make()
    with _LOCK:
        held[key] = made
        while len(held) > _MOST:
            held.popitem(last=False)
    return made
