"""Whom must one remind of what: which commitments and actions are near their day, or past it?

The days before which a reminder goes are the card « engagement_rappels ». Each reminder is due on
one day only, so that a digest sent daily says each thing once a stage; what is late is said by
``awaiting`` as long as it lasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from terril.catalogue.load import Catalogue
from terril.contrat.commitments.board import ACTIONS, REGISTER, Commitment, Step
from terril.lib.dates import date_longue
from terril.lib.french import NBSP, compte

Level = Literal["retard", "attention", "information"]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A thing that is due: ``days`` left, negative once the day is past."""

    register: str
    number: int
    commitment: int
    owner: int | None
    title: str
    due: dt.date
    days: int
    level: Level

    @property
    def text(self) -> str:
        """« Engagement 4… : attendu le 3 mai 2026, dans 7 jours »."""
        day = date_longue(self.due.isoformat())
        if self.days < 0:
            late = compte(-self.days, "jour", "jours")
            return f"{self.title}{NBSP}: attendu le {day}, en retard de {late}"
        if self.days == 0:
            return f"{self.title}{NBSP}: attendu aujourd’hui"
        return f"{self.title}{NBSP}: attendu le {day}, dans {compte(self.days, 'jour', 'jours')}"


def stages(catalogue: Catalogue) -> tuple[int, ...]:
    """The numbers of days before the day, the greatest first."""
    value = catalogue.parameter("engagement_rappels")
    days = (value,) if isinstance(value, float) else value
    return tuple(sorted((int(day) for day in days), reverse=True))


def awaiting(
    found: Sequence[Commitment], today: dt.date, catalogue: Catalogue
) -> tuple[Reminder, ...]:
    """Return what is late or within the first stage, the most urgent first."""
    first = stages(catalogue)[0]
    held = [r for r in _all(found, today, catalogue) if r.days <= first]
    return tuple(sorted(held, key=lambda r: (r.due, r.register, r.number)))


def today_only(
    found: Sequence[Commitment], today: dt.date, catalogue: Catalogue
) -> tuple[Reminder, ...]:
    """Return what is to be said on this very day: a stage reached, the day, the day after."""
    days = {*stages(catalogue), 0, -1}
    return tuple(r for r in awaiting(found, today, catalogue) if r.days in days)


def _all(found: Sequence[Commitment], today: dt.date, catalogue: Catalogue) -> Iterator[Reminder]:
    near = stages(catalogue)[-1]
    for commitment in found:
        if not commitment.done and commitment.due is not None:
            yield _reminder(REGISTER, commitment, commitment, commitment.due, today, near)
        for step in commitment.steps:
            if not step.done and not commitment.done and step.due is not None:
                yield _reminder(ACTIONS, step, commitment, step.due, today, near)


def _reminder(
    register: str,
    thing: Commitment | Step,
    commitment: Commitment,
    due: dt.date,
    today: dt.date,
    near: int,
) -> Reminder:
    days = (due - today).days
    level: Level = "retard" if days < 0 else "attention" if days <= near else "information"
    owner = thing.owner if thing.owner is not None else commitment.owner
    title = (
        f"Engagement {commitment.name}"
        if isinstance(thing, Commitment)
        else f"{thing.title} (engagement {commitment.mark or commitment.title})"
    )
    return Reminder(register, thing.number, commitment.number, owner, title, due, days, level)
