"""What does the steering committee look at when it reviews the commitments?

Counts by theme and state, what is late, what nobody answers for, what has no day, what is said to
be done without evidence, what moved since the last review.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from terril.catalogue.load import Catalogue
from terril.contrat.commitments.board import DONE, REGISTER, Commitment, states
from terril.registres.rows import Line, Table


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of state, from the history of a commitment."""

    number: int  # of the commitment
    before: str
    after: str
    on: dt.date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MovedCommitment:
    """A commitment that moved, and its moves in their order, in words."""

    commitment: Commitment
    moves: tuple[tuple[dt.date, str, str, str], ...]  # day, from, to, reason


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many commitments are in a state."""

    code: str
    label: str
    tone: str
    count: int


@dataclass(frozen=True, slots=True)
class Review:
    """The review of a period, both ends included."""

    since: dt.date
    until: dt.date
    commitments: tuple[Commitment, ...]
    counts: tuple[StateCount, ...]
    by_theme: Table
    late: tuple[Commitment, ...]
    ownerless: tuple[Commitment, ...]
    dayless: tuple[Commitment, ...]
    unproved: tuple[Commitment, ...]
    moved: tuple[MovedCommitment, ...]

    @property
    def total(self) -> int:
        """How many commitments there are."""
        return len(self.commitments)

    @property
    def themes(self) -> tuple[tuple[str, tuple[Commitment, ...]], ...]:
        """The commitments by theme."""
        names = dict.fromkeys(c.theme for c in self.commitments)
        return tuple(
            (name, tuple(c for c in self.commitments if c.theme == name)) for name in names
        )


def review(
    found: Sequence[Commitment],
    catalogue: Catalogue,
    since: dt.date,
    until: dt.date,
    moves: Sequence[Moved] = (),
) -> Review:
    """Return the review of the commitments as they stand, and what moved from ``since`` on.

    ``moves``: the whole history, in any order; those outside the period are left out, and so is a
    change to the same state. Raises ``ValueError`` when the period ends before it begins.
    """
    if until < since:
        raise ValueError("la période finit avant de commencer")
    known = states(catalogue, REGISTER)
    tally = [
        StateCount(code, state.label, state.tone, sum(c.state == code for c in found))
        for code, state in known.items()
    ]
    return Review(
        since,
        until,
        tuple(found),
        tuple(tally),
        by_theme(found, catalogue),
        tuple(sorted((c for c in found if c.late), key=lambda c: (c.due or since, c.number))),
        tuple(c for c in found if not c.done and c.owner is None),
        tuple(c for c in found if not c.done and c.due is None),
        tuple(c for c in found if c.state == DONE and not c.evidenced),
        _moved(found, catalogue, since, until, moves),
    )


def by_theme(found: Sequence[Commitment], catalogue: Catalogue) -> Table:
    """How many commitments of each theme are in each state, and how many are late."""
    known = states(catalogue, REGISTER)

    def line(head: str, mine: Sequence[Commitment], *, whole: bool = False) -> Line:
        cells = [sum(c.state == code for c in mine) for code in known]
        return Line(head, (*cells, len(mine), sum(c.late for c in mine)), whole)

    themes = dict.fromkeys(c.theme for c in found)
    lines = [line(theme, [c for c in found if c.theme == theme]) for theme in themes]
    return Table(
        "Par thème et par état",
        ("Thème", *(state.label for state in known.values()), "Total", "En retard"),
        (*lines, line("Ensemble", found, whole=True)),
        ("",) * (len(known) + 2),
    )


def _moved(
    found: Sequence[Commitment],
    catalogue: Catalogue,
    since: dt.date,
    until: dt.date,
    moves: Sequence[Moved],
) -> tuple[MovedCommitment, ...]:
    labels = {code: state.label for code, state in states(catalogue, REGISTER).items()}
    held: dict[int, list[Moved]] = {}
    for move in moves:
        if since <= move.on <= until and move.before != move.after:
            held.setdefault(move.number, []).append(move)
    return tuple(
        MovedCommitment(
            commitment,
            tuple(
                (m.on, labels.get(m.before, m.before), labels.get(m.after, m.after), m.reason)
                for m in sorted(held[commitment.number], key=lambda m: m.on)
            ),
        )
        for commitment in found
        if commitment.number in held
    )
