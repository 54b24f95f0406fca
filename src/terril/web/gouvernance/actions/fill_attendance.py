"""How is it noted who came, when two people may be noting at once?

Each structure is a row of its own, and what is compared is each cell: what somebody else wrote
in another cell stays, and a cell that both wrote is told, both values shown, the first one kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from terril.registres.cells import Fault
from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.shown import text_of
from terril.web.espace.space import Space
from terril.web.espace.writing import FaultsError, former_values
from terril.web.gouvernance.perms import can_note_attendance
from terril.web.people.refusal import RefusedError

#: the cells of a line of the sheet
CELLS = ("etat", "nombre", "femmes", "hommes", "habitants")
_VERB = "présence notée"


@dataclass(frozen=True, slots=True)
class Noted:
    """What a form says of one structure. ``base``: version of the line that it showed, 0 for none.

    ``cells``: what the form holds of each cell, ``None`` when blank.
    """

    organisation: int
    base: int
    cells: Mapping[str, Any]
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Disputed:
    """A cell that two people wrote: what stands, what she wanted."""

    organisation: int
    name: str
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written, what was not: cells disputed, faults by structure."""

    written: int
    disputed: tuple[Disputed, ...]
    faults: Mapping[int, Mapping[str, Fault]]


def fill_attendance(space: Space, meeting: Row, lines: Sequence[Noted]) -> Filled:
    """Write what a sheet says that it did not say before. Raises ``RefusedError``.

    A line that is not right (more women than people) is left, with its faults; the others are
    written.
    """
    refusal = can_note_attendance(space, meeting)
    if refusal is not None:
        raise RefusedError(refusal)
    before = space.batch
    disputed: list[Disputed] = []
    faults: dict[int, Mapping[str, Fault]] = {}
    written = 0
    try:
        with transaction.atomic():
            space.refresh()
            space.batch = True
            standing = {
                row.get("organisation"): row
                for row in space.rows("presences")
                if row.get("reunion") == meeting.number
            }
            for line in lines:
                row = standing.get(line.organisation)
                changes, clashes = _changes(space, line, row)
                disputed += clashes
                if not changes:
                    continue
                wrong = _wrong({**(row.values if row else {}), **changes})
                if wrong:
                    faults[line.organisation] = wrong
                    continue
                try:
                    with transaction.atomic():
                        _write(space, meeting, line, row, changes)
                except FaultsError as error:
                    faults[line.organisation] = error.faults
                else:
                    written += 1
    finally:
        space.batch = before
        space.refresh()
    return Filled(written, tuple(disputed), faults)


def _changes(space: Space, line: Noted, row: Row | None) -> tuple[dict[str, Any], list[Disputed]]:
    """Return the cells to write, and those that somebody else wrote meanwhile."""
    shown: Mapping[str, Any] = {}
    if row is not None and line.base == row.version:
        shown = row.values
    elif row is not None and line.base:
        shown = former_values(space, "presences", row.number, line.base) or {}
    columns = space.card("presences").columns
    changes: dict[str, Any] = {}
    clashes = []
    for name in CELLS:
        wanted, was = line.cells.get(name), shown.get(name)
        now = row.get(name) if row is not None else None
        if wanted in (was, now) or (name == "habitants" and not wanted and not was):
            continue
        if now != was:
            clashes.append(
                Disputed(
                    line.organisation,
                    space.name("organisations", line.organisation),
                    columns[name].label,
                    text_of(space, columns[name], now) or "rien",
                    text_of(space, columns[name], wanted) or "rien",
                )
            )
            continue
        changes[name] = wanted
    return changes, clashes


def _wrong(values: Mapping[str, Any]) -> dict[str, Fault]:
    """Counts that cannot be: women and men together are not more than the people."""
    people = values.get("nombre")
    women, men = values.get("femmes"), values.get("hommes")
    if people is not None and (women or 0) + (men or 0) > people:
        return {
            "nombre": Fault(
                "Il y a plus de femmes et d’hommes que de personnes.",
                "un nombre de personnes au moins égal à leur somme.",
                "Corrigez l’un des trois nombres.",
            )
        }
    if people is not None and women is not None and men is not None and women + men != people:
        return {
            "nombre": Fault(
                "Femmes et hommes ne font pas ensemble le nombre de personnes.",
                "une somme égale, ou l’un des deux laissé vide.",
                "Corrigez l’un des trois nombres.",
            )
        }
    return {}


def _write(
    space: Space, meeting: Row, line: Noted, row: Row | None, changes: Mapping[str, Any]
) -> None:
    if row is not None:
        change_row(space, "presences", row.number, changes, row.version, verb=_VERB)
        return
    values = {"reunion": meeting.number, "organisation": line.organisation, **changes}
    if line.quality:
        values["qualite"] = line.quality
    add_row(space, "presences", values, verb=_VERB)
