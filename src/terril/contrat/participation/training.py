"""How much training did the active members of the forms get?

Hours of a training × its participants, over the active members of the last year known. The
participants of a training for several forms cannot be shared out between them: such a training
counts in the whole, and is only mentioned at each form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from terril.contrat.participation.forms import Form
from terril.registres.rows import Books, Row


@dataclass(frozen=True, slots=True)
class Training:
    """Training of one form or of all.

    ``person_hours``: over the sessions that tell hours and participants; ``untold``: the others.
    ``per_member``: ``None`` when active members or every duration are unknown.
    """

    sessions: int
    participants: int
    person_hours: Fraction
    untold: int
    shared: int  # sessions for several forms, not in the hours of one form
    active: int | None
    per_member: Fraction | None


def training(books: Books, forms: Sequence[Form], form: Form | None = None) -> Training:
    """Training of ``form``, or of all ``forms`` together."""
    rows = list(books.rows("formations"))
    shared: list[Row] = []
    if form is not None:
        mine = [row for row in rows if form.number in (row.get("formes") or ())]
        shared = [row for row in mine if len(row.get("formes")) > 1]
        rows = [row for row in mine if len(row.get("formes")) == 1]
    chosen = forms if form is None else (form,)
    known = [f.active_members for f in chosen if f.active_members is not None]
    active = sum(known) if known else None
    told = [
        row for row in rows if row.get("heures") is not None and row.get("participants") is not None
    ]
    hours = sum(
        (Fraction(row.get("heures")) * row.get("participants") for row in told), Fraction(0)
    )
    return Training(
        sessions=len(rows),
        participants=sum(row.get("participants") or 0 for row in rows),
        person_hours=hours,
        untold=len(rows) - len(told),
        shared=len(shared),
        active=active,
        per_member=hours / active if active and (told or not rows) else None,
    )
