"""How is a line of the journal read: who, what, on which row, from what to what?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from terril.lib.french import nombre
from terril.registres.cells import held
from terril.web.espace.shown import address_of, cut, text_of
from terril.web.espace.space import Space
from terril.web.people.models import Journal


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the journal in words."""

    at: Any
    who: str
    verb: str
    thing: str
    address: str
    comment: str
    changes: tuple[tuple[str, str, str], ...]
    register: str = ""
    title: str = ""  # of the register
    list: str = ""  # address of the register


def journal_lines(space: Space, lines: Iterable[Journal]) -> list[Told]:
    """Return lines of the journal of a contract, in words; personal data are not in them."""
    return [_told(space, line) for line in lines]


def gathered(lines: Iterable[Told]) -> list[Told]:
    """Put together lines that follow one another: one person, one verb, one register, one day."""
    found: list[Told] = []
    counts: list[int] = []
    for line in lines:
        last = found[-1] if found else None
        same = last is not None and (
            (last.who, last.verb, last.register, last.at.date())
            == (line.who, line.verb, line.register, line.at.date())
        )
        if same and line.register:
            counts[-1] += 1
        else:
            found.append(line)
            counts.append(1)
    return [
        line
        if count == 1
        else replace(
            line, thing=f"{nombre(count)} lignes, {line.title}", address=line.list, comment=""
        )
        for line, count in zip(found, counts, strict=True)
    ]


def _told(space: Space, line: Journal) -> Told:
    thing, address, title, page = line.thing, "", "", ""
    register, number = line.register, line.number
    if register in space.catalogue.registers and number is not None:
        card = space.card(register)
        title = card.title
        page = reverse("registre", args=[space.contract.code, register])
        row = space.row(register, number)
        if row is not None:
            thing = f"{card.singular} «\u00a0{cut(space.name(register, number), 90)}\u00a0»"
            address = address_of(space, register, number)
    changes = _changes(space, register, line.details.get("champs") or {})
    return Told(
        line.at,
        line.who,
        line.verb,
        thing,
        address,
        str(line.details.get("motif", "")),
        changes,
        register,
        title,
        page,
    )


def _changes(
    space: Space, register: str, fields: dict[str, list[Any]]
) -> tuple[tuple[str, str, str], ...]:
    if register not in space.catalogue.registers:
        return ()
    columns = space.card(register).columns
    found = []
    for name, pair in fields.items():
        column = columns.get(name)
        if column is None:
            continue
        if len(pair) != 2:
            found.append((column.label, "", "modifié (donnée personnelle)"))
            continue
        words = []
        for value in pair:
            try:
                words.append("" if value is None else text_of(space, column, held(column, value)))
            except (ValueError, TypeError, ArithmeticError):
                words.append(str(value))
        found.append((column.label, cut(words[0]), cut(words[1])))
    return tuple(found)
