"""How long did answers take, and which ones are late?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Wait:
    """Something asked: its row, when, when it was answered, whether it is still awaited.

    ``due``: a day announced for the answer, when there is one.
    """

    number: int
    asked: dt.date | None
    answered: dt.date | None = None
    open: bool = True
    due: dt.date | None = None

    @property
    def days(self) -> int | None:
        """Days from the question to the answer; ``None`` when not known or not in that order."""
        if self.asked is None or self.answered is None or self.answered < self.asked:
            return None
        return (self.answered - self.asked).days


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays of a set, in days. ``late``: numbers of the rows, the longest wait first."""

    asked: int
    answered: int
    open: int
    median: Fraction | None
    longest: int | None
    late: tuple[int, ...]
    backwards: tuple[int, ...]  # answered before they were asked: an error of entry


def median(values: Sequence[int]) -> Fraction | None:
    """The middle value, or the mean of the two; ``None`` without a value."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[half])
    return Fraction(ordered[half - 1] + ordered[half], 2)


def is_late(wait: Wait, today: dt.date, most_days: int) -> bool:
    """Is it open beyond its announced day, or for more than ``most_days`` without one?"""
    if not wait.open:
        return False
    if wait.due is not None:
        return wait.due < today
    return wait.asked is not None and (today - wait.asked).days > most_days


def delays(waits: Iterable[Wait], today: dt.date, most_days: int) -> Delays:
    """Count and measure. A question without a date is counted, and never late."""
    items = list(waits)
    known = [days for item in items if not item.open and (days := item.days) is not None]
    late = [item for item in items if is_late(item, today, most_days)]
    late.sort(key=lambda item: (item.asked or today, item.number))
    return Delays(
        asked=len(items),
        answered=sum(not item.open and item.answered is not None for item in items),
        open=sum(item.open for item in items),
        median=median(known),
        longest=max(known, default=None),
        late=tuple(item.number for item in late),
        backwards=tuple(
            item.number
            for item in items
            if item.asked and item.answered and item.answered < item.asked
        ),
    )
