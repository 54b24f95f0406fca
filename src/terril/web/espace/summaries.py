"""What is computed from a register, and may this person read all that it comes from?

A computation may read other registers than the one that shows it. It is made whole or not at all:
who may not read one of them is told which, and gets none of its figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from terril.contrat.measures import MEASURES
from terril.registres.rows import Row, Summary
from terril.web.espace.perms import can_read
from terril.web.espace.space import Space


class _Witness:
    """Books that remember which registers were read."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self.read: dict[str, None] = {}

    @property
    def today(self) -> dt.date:
        """The day to count deadlines from."""
        return self._space.today

    def rows(self, register: str) -> Sequence[Row]:
        """The rows that are not archived."""
        self.read[register] = None
        return self._space.rows(register)

    def name(self, register: str, number: int) -> str:
        """The name of a row."""
        self.read[register] = None
        return self._space.name(register, number)


def summaries_of(space: Space, register: str) -> list[Summary]:
    """Return what the card of a register asks to compute.

    A summary made from a register that the person may not read is replaced by the sentence that
    says so.
    """
    found = []
    for code in space.card(register).measures:
        if code not in MEASURES:
            continue
        books = _Witness(space)
        summary = MEASURES[code](books, space.catalogue)
        shut = [name for name in books.read if can_read(space, name) is not None]
        found.append(_refused(space, summary, shut) if shut else summary)
    return found


def _refused(space: Space, summary: Summary, shut: Sequence[str]) -> Summary:
    titles = ", ".join(f"«\u00a0{space.card(name).title}\u00a0»" for name in shut)
    return Summary(
        summary.title,
        notes=(f"Ce calcul porte aussi sur ce que vous ne pouvez pas lire\u00a0: {titles}.",),
    )
