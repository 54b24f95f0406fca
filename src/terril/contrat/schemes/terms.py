"""When does a term of so many months end, and from which day is a dated rule in force?"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from terril.catalogue.cards import Catalogue


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day, so many months later; the last of the month when it has no such day.

    31 August and six months make 28 (or 29) February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(start: dt.date, months: int) -> dt.date:
    """Return the last day of a term of so many months: the eve of the day that follows it.

    Three years from 29 February 2024 end on 28 February 2027.
    """
    after = months_after(start, months)
    return after if after.day < start.day else after - dt.timedelta(days=1)


def in_force(catalogue: Catalogue, parameter: str, day: dt.date | None) -> bool:
    """Does a dated number of the catalogue bind what was signed that day? Unknown day: no.

    The card says « 2015 », « 2025-09 » or « 2025-09-08 ».
    """
    if day is None:
        return False
    since = catalogue.parameters[parameter].since
    return day.isoformat()[: len(since)] >= since
