"""How does France write a date, and the period of a figure?

Periods are texts: « 2015 », « 2018-12-31 », « 2018-2020 », or "" when the document gives
none. A last day of the year is a state at the end of it: « fin 2018 ».
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

_TEXT_MONTHS: Final = """
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
MONTHS: Final = tuple(_TEXT_MONTHS.split())

_DAY: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_MONTH: Final = re.compile(r"^(\d{4})-(\d{2})$")
_YEARS: Final = re.compile(r"^(\d{4})-(\d{4})$")


def _day(iso: str) -> date:
    try:
        return date.fromisoformat(iso)
    except ValueError as error:
        raise ValueError(f"{iso!r} n’est pas une date (attendu : AAAA-MM-JJ)") from error


def date_longue(iso: str) -> str:
    """« 1er juillet 2020 » for ``2020-07-01``. Raises ``ValueError`` on anything but a date."""
    day = _day(iso)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=1024)
def periode_courte(period: str) -> str:
    """« 2015 », « fin 2018 » for ``2018-12-31``, « mars 2019 », « 2008-2014 », « – » for "".

    A period that follows none of the known writings is shown as it stands.
    """
    if not period:
        return "–"
    match = _DAY.match(period)
    if match:
        year, month, day = match.groups()
        if (month, day) == ("12", "31"):
            return f"fin {year}"
        if (month, day) == ("01", "01"):
            return f"début {year}"
        return date_longue(period)
    match = _MONTH.match(period)
    if match and 1 <= int(match.group(2)) <= 12:
        return f"{MONTHS[int(match.group(2)) - 1]} {match.group(1)}"
    return period


@lru_cache(maxsize=1024)
def en_periode(period: str) -> str:
    """The period as a complement: « en 2015 », « fin 2018 », « de 2018 à 2020 », "" for none."""
    match = _YEARS.match(period)
    if match:
        return f"de {match.group(1)} à {match.group(2)}"
    short = periode_courte(period)
    if short == "–":
        return ""
    if short.startswith(("fin ", "début ")):
        return short
    if _DAY.match(period):
        return f"au {short}"
    return f"en {short}"


@lru_cache(maxsize=1024)
def depuis(period: str) -> str:
    """« depuis 2015 », « depuis fin 2017 », "" for none."""
    match = _YEARS.match(period)
    if match:
        return f"depuis {match.group(1)}-{match.group(2)}"
    short = periode_courte(period)
    if short == "–":
        return ""
    if _DAY.match(period) and not short.startswith(("fin ", "début ")):
        return f"depuis le {short}"
    return f"depuis {short}"


@lru_cache(maxsize=1024)
def annee(period: str) -> int | None:
    """The year a period ends in, for ordering and for gaps: 2018 for ``2018-12-31``."""
    years = re.findall(r"(?<!\d)(\d{4})(?!\d)", period)
    if not years:
        return None
    return int(years[0]) if _DAY.match(period) else int(years[-1])
