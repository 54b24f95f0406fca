"""Which day is so many months away, the second Tuesday of a month, or a public holiday?"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache


def shift(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or earlier when negative.

    A month too short gives its last day: 31 August and six months is 28 or 29 February.
    """
    rank = day.year * 12 + day.month - 1 + months
    year, month = divmod(rank, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def month_end(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def ranked(year: int, month: int, weekday: int, rank: int) -> dt.date:
    """Return the ``rank``-th ``weekday`` (Monday is 1) of a month; the last one beyond."""
    first = dt.date(year, month, 1)
    day = first + dt.timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (rank - 1))
    while day.month != month:
        day -= dt.timedelta(days=7)
    return day


def rank_of(day: dt.date) -> int:
    """Return the rank of a day among those of its name in its month: 1 to 5."""
    return (day.day - 1) // 7 + 1


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[dt.date]:
    """Return the public holidays of metropolitan France (code du travail, L. 3133-1).

    Easter by the Gregorian computus (Meeus, Jones, Butcher).
    """
    golden = year % 19
    century = year // 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - golden) // 11))
    sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    ahead = moon - sunday
    month = 3 + (ahead + 40) // 44
    easter = dt.date(year, month, ahead + 28 - 31 * (month // 4))
    moving = {easter + dt.timedelta(days=days) for days in (1, 39, 50)}
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset(moving | {dt.date(year, *day) for day in fixed})


def worked(day: dt.date) -> bool:
    """Is it a weekday that is no public holiday?"""
    return day.isoweekday() < 6 and day not in holidays(day.year)


def next_worked(day: dt.date) -> dt.date:
    """Return the day, or the next weekday that is no holiday."""
    while not worked(day):
        day += dt.timedelta(days=1)
    return day
