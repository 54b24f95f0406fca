"""Which yearly promises of the signatories lack their value, and when is the contract updated?

The department and the region write measurable commitments, followed every year (circulaire of
31 Aug 2023). The contract is updated every three years if the parties agree (loi 2014-173, art. 1):
a due date that is told, not an obligation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from terril.catalogue.load import Catalogue
from terril.lib.dates import date_longue
from terril.registres.rows import Alert, Row

REGISTER: Final = "engagements_annuels"
VERSIONS: Final = "versions"
_UPDATE: Final = "actualisation"


@dataclass(frozen=True, slots=True)
class YearValue:
    """One year of a promise; ``row`` is ``None`` when the year has no row."""

    year: int
    row: Row | None
    target: Decimal | None
    done: Decimal | None
    awaited: bool  # the year is over, its delay too, and nothing says what was done

    @property
    def reached(self) -> Fraction | None:
        """Done over target, ``None`` when one is unknown or the target is zero."""
        if self.done is None or not self.target:
            return None
        return Fraction(self.done) / Fraction(self.target)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise followed over the years."""

    organisation: int | None
    text: str
    indicator: str
    unit: str
    objective: int | None
    years: tuple[YearValue, ...]

    @property
    def awaited(self) -> tuple[YearValue, ...]:
        """The years whose value is awaited."""
        return tuple(year for year in self.years if year.awaited)


def promises(rows: Sequence[Row], today: dt.date, catalogue: Catalogue) -> tuple[Promise, ...]:
    """Return the promises, each with all its years from its first to its last.

    A year between two that are written and that has no row is there, and awaited.
    """
    delay = dt.timedelta(days=_days(catalogue, "engagement_annuel_delai"))
    held: dict[tuple[int | None, str], dict[int, Row]] = {}
    for row in rows:
        year = row.get("annee")
        if year is not None:
            key = (row.get("organisation"), (row.get("engagement") or "").strip())
            held.setdefault(key, {})[year] = row
    found = []
    for (organisation, text), years in held.items():
        latest = [years[year] for year in sorted(years, reverse=True)]
        found.append(
            Promise(
                organisation,
                text,
                next((r.get("indicateur") for r in latest if r.get("indicateur")), ""),
                next((r.get("unite") for r in latest if r.get("unite")), ""),
                next((r.get("objectif") for r in latest if r.get("objectif")), None),
                tuple(
                    _year(year, years.get(year), today, delay)
                    for year in range(min(years), max(years) + 1)
                ),
            )
        )
    return tuple(found)


def _year(year: int, row: Row | None, today: dt.date, delay: dt.timedelta) -> YearValue:
    done = row.get("realise") if row is not None else None
    target = row.get("cible") if row is not None else None
    over = today > dt.date(year, 12, 31) + delay
    settled = row is not None and row.get("etat") == "non_tenu"  # said in words, with its reason
    return YearValue(year, row, target, done, over and done is None and not settled)


def alerts(found: Sequence[Promise]) -> tuple[Alert, ...]:
    """One alert a year without its value."""
    return tuple(
        Alert(
            f"« {promise.text} »\u00a0: la valeur de {value.year} n’est pas donnée.",
            "retard",
            REGISTER,
            value.row.number if value.row is not None else None,
        )
        for promise in found
        for value in promise.awaited
    )


@dataclass(frozen=True, slots=True)
class Update:
    """The next three-year update of the contract: its due day, and the day to prepare it from."""

    due: dt.date
    prepare: dt.date
    since: dt.date  # the start or the last update, from which it is counted
    ends: dt.date | None  # of the contract: past it, nothing is told

    def alert(self, today: dt.date) -> Alert | None:
        """What to tell on a day, ``None`` while there is nothing to prepare."""
        if today < self.prepare or (self.ends is not None and today > self.ends):
            return None
        day = date_longue(self.due.isoformat())
        if today > self.due:
            text = f"L’actualisation triennale du contrat était attendue le {day}."
            return Alert(text, "retard", VERSIONS)
        text = f"L’actualisation triennale du contrat est attendue le {day}, si les parties en"
        return Alert(f"{text} sont d’accord.", "attention", VERSIONS)


def next_update(
    starts: dt.date | None, ends: dt.date | None, versions: Sequence[Row], catalogue: Catalogue
) -> Update | None:
    """Return the update that comes next, ``None`` without a start or past the end of the contract.

    Counted from the last update signed, or from the start.
    """
    done = [
        day
        for row in versions
        if row.get("nature") == _UPDATE and (day := row.get("date") or row.get("debut"))
    ]
    since = max(done, default=starts)
    if since is None:
        return None
    due = _years_after(since, _days(catalogue, "contrat_actualisation_annees"))
    if ends is not None and due >= ends:
        return None
    notice = dt.timedelta(days=_days(catalogue, "contrat_actualisation_preavis"))
    return Update(due, due - notice, since, ends)


def _years_after(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _days(catalogue: Catalogue, code: str) -> int:
    value = catalogue.parameter(code)
    return int(value if isinstance(value, float) else value[0])
