"""How is a row shown: on its page, in a list, in its history?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from terril.catalogue.registers import Column, ColumnKind, Register, State
from terril.registres.cells import shown
from terril.registres.rows import Row
from terril.web.espace.perms import can_read, seen_card
from terril.web.espace.space import Space

#: rows of another register shown on the page of a row that they point at
MOST_CHILDREN: Final = 50
#: characters of a long text in a list
_CUT: Final = 160


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and where it leads; "" when nowhere."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of a row, as its page shows it."""

    name: str
    label: str
    text: str
    links: tuple[Link, ...] = ()
    long: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A state: its word and its tone."""

    label: str
    tone: str
    public: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A row in a list."""

    number: int
    address: str
    cells: tuple[str, ...]
    tag: Tag | None
    archived: bool


@dataclass(frozen=True, slots=True)
class Children:
    """The rows of another register that point at a row."""

    code: str
    card: Register
    heads: tuple[str, ...]
    rows: tuple[Listed, ...]
    total: int
    add: str  # address of the form of a new one, filled with the link
    all: str  # address of the list of all of them
    stated: bool


def address_of(space: Space, register: str, number: int) -> str:
    """Return the address of the page of a row."""
    return reverse("fiche-registre", args=[space.contract.code, register, number])


def tag_of(space: Space, register: str, row: Row) -> Tag | None:
    """Return the state of a row, in words."""
    card = space.card(register)
    if card.state is None:
        return None
    workflow = space.catalogue.workflows[str(card.columns[card.state].workflow)]
    state: State = workflow.states.get(str(row.get(card.state))) or workflow.states[workflow.start]
    return Tag(state.label, state.tone, state.public or state.label)


def facts(space: Space, register: str, row: Row) -> list[tuple[str, list[Fact]]]:
    """Return what a row holds, by section; blank columns are left out."""
    found: dict[str, list[Fact]] = {}
    for name, column in seen_card(space, register, row).columns.items():
        value = row.get(name)
        if value is None or column.kind is ColumnKind.STATE:
            continue
        found.setdefault(column.section, []).append(fact(space, name, column, value))
    return list(found.items())


def fact(space: Space, name: str, column: Column, value: Any) -> Fact:
    """Return one column of a row."""
    text = text_of(space, column, value)
    links: tuple[Link, ...] = ()
    if column.target is not None:
        numbers = value if isinstance(value, tuple) else (value,)
        links = tuple(
            Link(space.name(column.target, one), address_of(space, column.target, one))
            for one in numbers
        )
    elif column.kind is ColumnKind.WEB:
        links = (Link(text, str(value)),)
    elif column.kind is ColumnKind.EMAIL:
        links = (Link(text, f"mailto:{value}"),)
    elif column.kind is ColumnKind.PHONE:
        links = (Link(text, f"tel:{str(value).replace(' ', '')}"),)
    elif column.kind is ColumnKind.INDICATORS:
        known = space.catalogue.indicators
        links = tuple(Link(known[one].label if one in known else one) for one in value)
    return Fact(name, column.label, text, links, long=column.kind is ColumnKind.LONG)


def text_of(space: Space, column: Column, value: Any) -> str:
    """Return the value of a column as French text, its unit after it."""
    if value is None:
        return ""
    text = shown(column, value, space.catalogue, space.names)
    return f"{text}\u00a0{column.unit}" if column.unit else text


def listed_columns(card: Register) -> list[str]:
    """Return the columns that a list shows: those declared, else those of the name."""
    found = [
        name
        for name, column in card.columns.items()
        if column.listed and column.kind is not ColumnKind.STATE
    ]
    return found or list(card.name)


def listed(
    space: Space, register: str, rows: Iterable[Row], columns: Sequence[str]
) -> list[Listed]:
    """Return rows as a list shows them."""
    card = space.card(register)
    found = []
    for row in rows:
        cells = [text_of(space, card.columns[name], row.get(name)) for name in columns]
        if not cells[0]:
            cells[0] = space.name(register, row.number)
        found.append(
            Listed(
                row.number,
                address_of(space, register, row.number),
                tuple(cut(cell) for cell in cells),
                tag_of(space, register, row),
                row.archived,
            )
        )
    return found


def cut(text: str, most: int = _CUT) -> str:
    """Return the beginning of a long text, cut between two words."""
    flat = " ".join(text.split(" "))
    if len(flat) <= most:
        return flat
    return flat[:most].rsplit(" ", 1)[0] + "…"


def children(space: Space, register: str, number: int) -> list[Children]:
    """Return the rows of other registers, and of the same one, that point at a row."""
    found = []
    for code, card in space.catalogue.registers.items():
        names = [name for name, column in card.columns.items() if column.target == register]
        if not names or can_read(space, code) is not None:
            continue
        rows = [row for row in space.rows(code) if _points(row, names, number)]
        if not rows and len(names) != 1:
            continue
        if not rows and not _is_part(card, names[0]):
            continue
        columns = [
            name for name in listed_columns(seen_card(space, code)) if name not in names
        ] or list(card.name)
        base = reverse("registre", args=[space.contract.code, code])
        add = reverse("ajouter", args=[space.contract.code, code])
        found.append(
            Children(
                code,
                card,
                tuple(card.columns[name].label for name in columns),
                tuple(listed(space, code, rows[:MOST_CHILDREN], columns)),
                len(rows),
                f"{add}?{names[0]}={number}",
                f"{base}?{names[0]}={number}",
                card.state is not None,
            )
        )
    return found


def _points(row: Row, names: Sequence[str], number: int) -> bool:
    for name in names:
        value = row.get(name)
        if value == number or (isinstance(value, tuple) and number in value):
            return True
    return False


def _is_part(card: Register, name: str) -> bool:
    """Is the row pointed at the whole of which the rows of this register are parts?"""
    column = card.columns[name]
    return column.kind is ColumnKind.LINK and column.required


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a row: who, when, what changed."""

    version: int
    who: str
    at: Any
    comment: str
    first: bool
    archived: bool
    restored: bool
    changes: tuple[tuple[str, str, str], ...]  # label, before, after


def steps(
    space: Space,
    card: Register,
    versions: Sequence[tuple[int, Mapping[str, Any], bool, str, Any, str]],
    people: Mapping[str, str],
) -> list[Step]:
    """Return the history of a row, the newest first.

    ``card``: with the columns that she may see. ``versions``: from the oldest; version, values,
    archived, key of the person, when, reason.
    """
    found: list[Step] = []
    before: Mapping[str, Any] = {}
    was_archived = False
    for place, (version, values, archived, by, at, comment) in enumerate(versions):
        changes = [
            (
                column.label,
                text_of(space, column, before.get(name)) if place else "",
                text_of(space, column, values.get(name)),
            )
            for name, column in card.columns.items()
            if before.get(name) != values.get(name)
        ]
        found.append(
            Step(
                version,
                people.get(by, "personne supprimée") if by else "import initial",
                at,
                comment,
                place == 0,
                archived and not was_archived,
                was_archived and not archived,
                tuple(changes),
            )
        )
        before, was_archived = values, archived
    return found[::-1]
