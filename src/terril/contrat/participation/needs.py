"""How far did the needs and ideas of residents go: received, studied, answered, done?

Counted on the state alone, so that the steps can only shrink: received ≥ studied ≥ answered ≥
done + declined. A need of two neighbourhoods counts in each, once in the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from terril.catalogue.cards import Catalogue
from terril.contrat.participation.delays import Wait, delays, median
from terril.registres.rows import Books, Row

By = Literal["quartiers", "theme"]

#: states in which an answer is awaited
WAITING: Final = frozenset({"recu", "etudie"})
ANSWERED: Final = frozenset({"repondu", "fait", "non_retenu"})


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far a set of needs went; delays in days, ``None`` when none is known.

    ``key``: number of a neighbourhood, code of a theme, "" for what has none, ``None`` for all.
    """

    key: int | str | None
    label: str
    received: int
    studied: int
    answered: int
    done: int
    declined: int
    waiting: int
    late: tuple[int, ...]
    to_answer: Fraction | None  # median, from reception to answer
    to_done: Fraction | None  # median, from answer to done
    unpublished: int  # not yet read by somebody


def state_of(row: Row) -> str:
    """The state of a need; a blank one is « recu »."""
    return row.get("etat") or "recu"


def need_wait(row: Row) -> Wait:
    """A need as a wait for its answer."""
    return Wait(
        row.number, row.get("recu_le"), row.get("repondu_le"), state_of(row) not in ANSWERED
    )


def funnel(
    rows: Iterable[Row],
    books: Books,
    catalogue: Catalogue,
    key: int | str | None = None,
    label: str = "Ensemble",
) -> Funnel:
    """Count one set of needs."""
    items = list(rows)
    states = [state_of(row) for row in items]
    most = int(catalogue.number("participation_besoin_jours"))
    measured = delays(map(need_wait, items), books.today, most)
    spans = [
        days
        for row in items
        if state_of(row) == "fait"
        and (days := Wait(0, row.get("repondu_le"), row.get("fait_le")).days) is not None
    ]
    return Funnel(
        key=key,
        label=label,
        received=len(items),
        studied=sum(state != "recu" for state in states),
        answered=sum(state in ANSWERED for state in states),
        done=states.count("fait"),
        declined=states.count("non_retenu"),
        waiting=sum(state in WAITING for state in states),
        late=measured.late,
        to_answer=measured.median,
        to_done=median(spans),
        unpublished=sum(row.get("publie") is None for row in items),
    )


def funnels(
    books: Books, catalogue: Catalogue, by: By, rows: Sequence[Row] | None = None
) -> tuple[Funnel, ...]:
    """One funnel a neighbourhood or a theme that has a need, most needs first."""
    groups: dict[int | str, list[Row]] = defaultdict(list)
    for row in books.rows("besoins") if rows is None else rows:
        value = row.get(by)
        keys: Iterable[int | str] = value if by == "quartiers" else (value,) if value else ()
        for key in keys or ("",):
            groups[key].append(row)
    made = [
        funnel(kept, books, catalogue, key, _label(key, by, books, catalogue))
        for key, kept in groups.items()
    ]
    return tuple(sorted(made, key=lambda f: (f.key == "", -f.received, f.label)))


def _label(key: int | str, by: By, books: Books, catalogue: Catalogue) -> str:
    if key == "":
        return "Quartier non dit" if by == "quartiers" else "Thème non dit"
    if isinstance(key, int):
        return books.name("quartiers", key)
    return catalogue.lists["themes_besoin"].items.get(key, key)


def published(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The needs that everybody may read: those that somebody read and published, with a text."""
    return tuple(
        row for row in rows if row.get("publie") is True and row.get("texte") and not row.archived
    )
