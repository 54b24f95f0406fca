"""What is one thing to do by a day, where does it come from, and how pressing is it?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from terril.lib.dates import date_longue
from terril.lib.french import compte

#: where it comes from
Kind = Literal["legale", "contrat", "cycle", "reunion", "compte_rendu", "decision"]

State = Literal["fait", "retard", "proche", "a_venir", "a_fixer", "facultatif"]

STATES: dict[State, str] = {
    "retard": "en retard",
    "proche": "bientôt",
    "a_fixer": "jour à fixer",
    "a_venir": "à venir",
    "facultatif": "facultatif",
    "fait": "fait",
}
KINDS: dict[Kind, str] = {
    "legale": "échéance légale",
    "contrat": "échéance du contrat",
    "cycle": "cycle annuel",
    "reunion": "réunion",
    "compte_rendu": "compte rendu",
    "decision": "décision",
}
#: how a legal rule is known, as it is shown beside it
KNOWN: dict[str, str] = {
    "T": "texte lu",
    "R": "rapporté par une source publiée",
    "U": "usage, non vérifié",
}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do. ``day``: the last day on which it is in time, ``None`` when not known.

    ``loose``: the text gives a year, no day; ``day`` is then the last of the year. ``code``: the
    card of the legal calendar. ``register`` and ``number``: the row that it speaks of. ``year``:
    the year that it belongs to. ``shown``: how the day is told when the last day in time says it
    badly (« avant le 1er janvier 2027 »).
    """

    what: str
    kind: Kind
    day: dt.date | None
    done: bool = False
    done_on: dt.date | None = None
    loose: bool = False
    optional: bool = False
    year: int | None = None
    code: str = ""
    register: str = ""
    number: int | None = None
    owed_by: str = ""
    about: str = ""
    text: str = ""
    known: str = ""
    shown: str = ""
    calm: bool = False  # nothing is left to prepare: it is only to be known

    def left(self, today: dt.date) -> int | None:
        """Days left; negative once it is past; ``None`` without a day."""
        return None if self.day is None else (self.day - today).days

    def state(self, today: dt.date, warn: int) -> State:
        """How pressing it is; ``warn``: days before the day from which it is near."""
        left = self.left(today)
        if self.done:
            return "fait"
        if left is None:
            return "a_fixer"
        if self.optional:
            return "facultatif"
        if left < 0:
            return "retard"
        return "proche" if left <= warn else "a_venir"

    @property
    def when(self) -> str:
        """The day in words: « le 30 juin 2027 », « en 2027 », « jour à fixer »."""
        if self.shown:
            return self.shown
        if self.day is None:
            return f"en {self.year}, jour à fixer" if self.year else "jour à fixer"
        return f"en {self.day.year}" if self.loose else f"le {date_longue(self.day.isoformat())}"

    def countdown(self, today: dt.date) -> str:
        """The time left in words: « dans 12 jours », « aujourd’hui », « depuis 3 jours »."""
        left = self.left(today)
        if left is None or self.done:
            return ""
        if left == 0:
            return "aujourd’hui"
        days = compte(abs(left), "jour", "jours")
        return f"dans {days}" if left > 0 else f"passée depuis {days}"


def in_order(dues: Iterable[Due]) -> tuple[Due, ...]:
    """Sort by day, those whose day is to be set at the end; done or not does not count."""
    return tuple(sorted(dues, key=lambda d: (d.day or dt.date.max, d.kind, d.what, d.number or 0)))
