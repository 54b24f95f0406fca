"""What became of the decisions: done, in time, late, without anybody in charge?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from terril.contrat.meetings.agenda import OVER
from terril.registres.rows import Books, Row


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Counts of decisions. ``late``: not over and past their day. ``in_time`` and ``out_of_time``:
    done, with both days known, by the day or after it."""

    total: int
    done: int
    given_up: int
    going: int
    waiting: int
    late: int
    without_owner: int
    without_day: int
    in_time: int
    out_of_time: int

    @property
    def done_share(self) -> Fraction | None:
        """Done ÷ decisions not given up."""
        kept = self.total - self.given_up
        return Fraction(self.done, kept) if kept else None

    @property
    def in_time_share(self) -> Fraction | None:
        """Done by their day ÷ decisions whose day is past or that are done, both days known.

        A decision that is late today counts as not in time.
        """
        known = self.in_time + self.out_of_time + self.late
        return Fraction(self.in_time, known) if known else None


def follow_up(rows: Iterable[Row], today: dt.date) -> FollowUp:
    """Count decisions."""
    rows = tuple(rows)
    states = [row.get("etat") or "a_faire" for row in rows]
    dated = [
        (row.values["fait_le"], row.values["echeance"])
        for row, state in zip(rows, states, strict=True)
        if state == "fait" and row.get("fait_le") and row.get("echeance")
    ]
    return FollowUp(
        total=len(rows),
        done=states.count("fait"),
        given_up=states.count("abandonne"),
        going=states.count("en_cours"),
        waiting=states.count("a_faire"),
        late=sum(1 for row in rows if is_late(row, today)),
        without_owner=sum(
            1
            for row, state in zip(rows, states, strict=True)
            if state not in OVER and not row.get("responsable")
        ),
        without_day=sum(
            1
            for row, state in zip(rows, states, strict=True)
            if state not in OVER and row.get("echeance") is None
        ),
        in_time=sum(1 for done, day in dated if done <= day),
        out_of_time=sum(1 for done, day in dated if done > day),
    )


def is_late(row: Row, today: dt.date) -> bool:
    """Is a decision past its day and not over?"""
    day = row.get("echeance")
    return day is not None and day < today and (row.get("etat") or "a_faire") not in OVER


def decisions_of(books: Books, meeting: int) -> tuple[Row, ...]:
    """Return the decisions of a meeting, in the order in which they were written."""
    return tuple(row for row in books.rows("decisions") if row.get("reunion") == meeting)


def open_decisions(books: Books, body: int, before: dt.date | None) -> tuple[Row, ...]:
    """Return what former meetings of a body left to do, the earliest day first.

    ``before``: the day of the meeting that is run; its own decisions and later ones are out.
    """
    former = {
        row.number
        for row in books.rows("reunions")
        if row.get("instance") == body
        and (before is None or (row.get("date") or dt.date.min) < before)
    }
    kept = [
        row
        for row in books.rows("decisions")
        if row.get("reunion") in former and (row.get("etat") or "a_faire") not in OVER
    ]
    return tuple(sorted(kept, key=lambda r: (r.get("echeance") or dt.date.max, r.number)))
