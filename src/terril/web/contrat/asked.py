"""Which day, year or row does an address ask for?"""

from __future__ import annotations

import datetime as dt

from django.http import QueryDict

from terril.registres.rows import Row
from terril.web.espace.space import Space


def day_asked(query: QueryDict, name: str, default: dt.date) -> dt.date:
    """The day under a name of the address, the default when it is none."""
    try:
        return dt.date.fromisoformat(query.get(name, ""))
    except ValueError:
        return default


def number_asked(query: QueryDict, name: str) -> int | None:
    """The number under a name of the address."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def row_asked(space: Space, query: QueryDict, name: str, register: str) -> Row | None:
    """The row, not archived, whose number is under a name of the address."""
    number = number_asked(query, name)
    row = space.row(register, number) if number is not None else None
    return row if row is not None and not row.archived else None
