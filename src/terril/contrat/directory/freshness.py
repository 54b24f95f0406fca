"""Which sheets has nobody looked at for too long, and which await the team?

A structure says its sheet is right by the date it puts on it. Past a number of months, it is
reminded, and readers see since when. The team reads what is new and what has changed.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from terril.contrat.directory.sheets import Directory, Sheet


@dataclass(frozen=True, slots=True)
class Late:
    """A sheet to be looked at again: the day it was due, ``None`` when it never was."""

    sheet: Sheet
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What the team has to read, in the order of its work."""

    new: tuple[Sheet, ...]  # the operator asks to be published
    changed: tuple[Sheet, ...]  # published, changed since it was read
    drafts: tuple[Sheet, ...]  # begun and left there

    @property
    def count(self) -> int:
        """How many sheets the team has to read."""
        return len(self.new) + len(self.changed)


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, the last of the month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def review_due(sheet: Sheet, months: int) -> dt.date | None:
    """The day by which a sheet is to be looked at again; ``None`` when it never was."""
    return months_later(sheet.reviewed, months) if sheet.reviewed else None


def is_late(sheet: Sheet, today: dt.date, months: int) -> bool:
    """Has a published sheet been left for more than ``months``?"""
    due = review_due(sheet, months)
    return sheet.published and (due is None or due < today)


def late(directory: Directory, months: int) -> tuple[Late, ...]:
    """Return the published sheets to be looked at again: never seen first, then the oldest."""
    found = [
        Late(sheet, review_due(sheet, months))
        for sheet in directory.sheets
        if is_late(sheet, directory.today, months)
    ]
    return tuple(sorted(found, key=lambda late: late.due or dt.date.min))


def awaiting(directory: Directory) -> Awaiting:
    """Return what the team has to read."""

    def in_state(state: str) -> tuple[Sheet, ...]:
        return tuple(s for s in directory.sheets if s.state == state and s.number is not None)

    return Awaiting(in_state("a_relire"), in_state("modifiee"), in_state("brouillon"))
