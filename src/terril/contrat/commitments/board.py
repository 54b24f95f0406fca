"""Where does each commitment stand: its actions, its evidence, its delay?

A commitment is late when its day is past and its state still awaits something; so is an action.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from terril.catalogue.load import Catalogue
from terril.catalogue.registers import State
from terril.registres.rows import Books, Row

REGISTER: Final = "engagements"
ACTIONS: Final = "engagements_actions"
ORGANISATIONS: Final = "organisations"
DONE: Final = "realise"
NO_THEME: Final = "Sans thème"

#: rows that have a paper attached: (register, number)
Papers = Container[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Step:
    """An action of a commitment."""

    number: int
    title: str
    owner: int | None
    owner_name: str
    due: dt.date | None
    state: str
    state_label: str
    done: bool
    tone: str
    late: bool
    evidence: str
    evidenced: bool  # a text or a paper shows it
    row: Row


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment as boards and reviews show it."""

    number: int
    mark: str  # its n° in the protocol
    theme: str
    title: str
    owner: int | None
    owner_name: str
    quarters: tuple[int, ...]
    due: dt.date | None
    state: str
    state_label: str
    public_label: str
    done: bool
    tone: str
    late: bool
    progress: Decimal | None
    said: str
    evidenced: bool  # a paper of its own, or the evidence of one of its actions
    public: bool
    steps: tuple[Step, ...]
    row: Row

    @property
    def name(self) -> str:
        """« 4. Mettre en place une commission locale d’évaluation »."""
        return f"{self.mark}. {self.title}" if self.mark else self.title

    @property
    def steps_done(self) -> int:
        """How many of its actions await nothing more."""
        return sum(step.done for step in self.steps)


def states(catalogue: Catalogue, register: str) -> dict[str, State]:
    """The states of a register by code, in their order."""
    card = catalogue.registers[register]
    column = card.columns[card.state or ""]
    return dict(catalogue.workflows[column.workflow or ""].states)


def commitments(books: Books, catalogue: Catalogue, papers: Papers = ()) -> tuple[Commitment, ...]:
    """Return the commitments: by theme in the order of their first n°, then by n°."""
    held: dict[int, list[Step]] = {}
    step_states = states(catalogue, ACTIONS)
    for row in books.rows(ACTIONS):
        step = _step(books, row, step_states, papers)
        held.setdefault(row.get("engagement") or 0, []).append(step)
    own_states = states(catalogue, REGISTER)
    found = [
        _commitment(books, row, own_states, tuple(held.get(row.number, ())), papers)
        for row in books.rows(REGISTER)
    ]
    found.sort(key=lambda c: (c.row.get("numero") or 0, c.number))
    themes = list(dict.fromkeys(c.theme for c in found))
    return tuple(sorted(found, key=lambda c: themes.index(c.theme)))


def _step(books: Books, row: Row, known: dict[str, State], papers: Papers) -> Step:
    code, state = _state(row, known)
    due, owner = row.get("echeance"), row.get("responsable")
    evidence = (row.get("preuve") or "").strip()
    return Step(
        row.number, row.get("intitule") or "", owner, _name(books, owner), due, code, state.label,
        state.done, state.tone, _late(due, state, books.today), evidence,
        bool(evidence) or (ACTIONS, row.number) in papers, row,
    )  # fmt: skip


def _commitment(
    books: Books, row: Row, known: dict[str, State], steps: tuple[Step, ...], papers: Papers
) -> Commitment:
    code, state = _state(row, known)
    due, owner, number = row.get("echeance"), row.get("responsable"), row.get("numero")
    steps = tuple(sorted(steps, key=lambda s: (s.done, s.due or dt.date.max, s.number)))
    return Commitment(
        number=row.number,
        mark=str(number) if number is not None else "",
        theme=(row.get("theme") or "").strip() or NO_THEME,
        title=row.get("titre") or "",
        owner=owner,
        owner_name=_name(books, owner),
        quarters=tuple(row.get("quartiers") or ()),
        due=due,
        state=code,
        state_label=state.label,
        public_label=state.public or state.label,
        done=state.done,
        tone=state.tone,
        late=_late(due, state, books.today),
        progress=row.get("avancement"),
        said=(row.get("fait") or "").strip(),
        evidenced=(REGISTER, row.number) in papers or any(step.evidenced for step in steps),
        public=bool(row.get("public")),
        steps=steps,
        row=row,
    )


def _state(row: Row, known: dict[str, State]) -> tuple[str, State]:
    code = row.get("etat")
    code = code if code in known else next(iter(known))
    return code, known[code]


def _late(due: dt.date | None, state: State, today: dt.date) -> bool:
    return due is not None and due < today and not state.done


def _name(books: Books, owner: int | None) -> str:
    return books.name(ORGANISATIONS, owner) if owner is not None else ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One theme of the board: its commitments by state, the late ones first in each."""

    theme: str
    columns: tuple[tuple[str, str, tuple[Commitment, ...]], ...]  # state, label, commitments

    @property
    def count(self) -> int:
        """How many commitments the theme has."""
        return sum(len(found) for _, _, found in self.columns)


def board(found: Sequence[Commitment], catalogue: Catalogue) -> tuple[Lane, ...]:
    """Return the board: theme × state. Within a cell the late ones first, then by day, by n°."""
    known = states(catalogue, REGISTER)
    lanes = []
    for theme in dict.fromkeys(c.theme for c in found):
        mine = [c for c in found if c.theme == theme]
        columns = tuple(
            (code, state.label, tuple(sorted((c for c in mine if c.state == code), key=_urgency)))
            for code, state in known.items()
        )
        lanes.append(Lane(theme, columns))
    return tuple(lanes)


def _urgency(commitment: Commitment) -> tuple[bool, dt.date, int, int]:
    return (
        not commitment.late,
        commitment.due or dt.date.max,
        commitment.row.get("numero") or 0,
        commitment.number,
    )
