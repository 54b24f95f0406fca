"""When does a period end, and how far apart are two of them?

Periods are texts: « 2015 », « 2018-12-31 », « 2018-12 », « 2008-2014 », "" when unknown. A period
of several years counts by its last day.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

_YEARS = re.compile(r"^\d{4}-(\d{4})$")


@lru_cache(maxsize=4096)
def end_of(period: str) -> str:
    """Return the last day of a period as text: « 2015 » → 2015-12-31; "" for "".

    A text of no known form is returned as it is.
    """
    if match := _YEARS.match(period):
        return f"{match[1]}-12-31"
    if re.fullmatch(r"\d{4}", period):
        return f"{period}-12-31"
    if re.fullmatch(r"\d{4}-\d{2}", period):
        year, month = int(period[:4]), int(period[5:])
        if not 1 <= month <= 12:
            return period
        after = dt.date(year + month // 12, month % 12 + 1, 1)
        return (after - dt.timedelta(days=1)).isoformat()
    return period


@lru_cache(maxsize=4096)
def in_years(period: str) -> float | None:
    """Return the end of a period as a number of years: 2015-12-31 → 2016.0, within a day.

    ``None`` for a period without a date.
    """
    try:
        day = dt.date.fromisoformat(end_of(period))
    except ValueError:
        return None
    start = dt.date(day.year, 1, 1)
    length = (dt.date(day.year + 1, 1, 1) - start).days
    return day.year + ((day - start).days + 1) / length


def years_between(former: str, latter: str) -> float:
    """Return the years from the end of a period to that of another; 0 when one has no date."""
    first, last = in_years(former), in_years(latter)
    return 0.0 if first is None or last is None else last - first
