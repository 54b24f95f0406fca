"""How is a booklet made for a page, once for all who ask for the same?

The last ones stay in memory, with the mark of the directory that they were made from.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any, Final

from django.db import connection

from terril.contrat.directory.search import Search
from terril.reports.directory.booklet import Booklet, booklet_pdf
from terril.web.annuaire.held import mark, public_search
from terril.web.espace.space import Space

_MOST: Final = 12
#: seconds that somebody waits for the press
_PATIENCE: Final = 15

_MADE: OrderedDict[Any, bytes] = OrderedDict()
_LOCK = Lock()
#: one at a time: typesetting takes a processor to itself
_PRESS = Lock()


class BusyError(Exception):
    """Raised when the press is taken for too long."""


def booklet_of(
    space: Space, themes: tuple[str, ...], quartiers: tuple[int, ...], address: str
) -> bytes:
    """Return the booklet of a choice.

    Raises ``ProblemsError`` when it is empty or too long, ``BusyError`` when others are made and
    it has waited long enough.
    """
    key = (mark(space), themes, quartiers, address)
    with _LOCK:
        if key in _MADE:
            _MADE.move_to_end(key)
            return _MADE[key]
    if not _PRESS.acquire(timeout=_PATIENCE):
        raise BusyError
    try:
        with _LOCK:  # somebody may have made it meanwhile
            if key in _MADE:
                return _MADE[key]
        made = booklet_pdf(_booklet(space, public_search(space), themes, quartiers, address))
    finally:
        _PRESS.release()
    if connection.in_atomic_block:
        return made  # what is read within a transaction may be undone
    with _LOCK:
        _MADE[key] = made
        while len(_MADE) > _MOST:
            _MADE.popitem(last=False)
    return made


def _booklet(
    space: Space,
    search: Search,
    themes: tuple[str, ...],
    quartiers: tuple[int, ...],
    address: str,
) -> Booklet:
    return Booklet(
        search.directory,
        space.contract.name,
        space.contract.holder,
        space.today.isoformat(),
        themes=themes,
        quartiers=quartiers,
        address=address,
        most=int(space.catalogue.number("annuaire_livret_entrees")),
    )
