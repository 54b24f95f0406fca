"""How is a row written, so that every version stays and the journal says what changed?

The actions of the workspace go through here, within their transaction. Nothing here asks who
may: the actions do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max

from terril.catalogue.registers import Register
from terril.registres.cells import Fault, stored
from terril.registres.check import check_key, check_values
from terril.registres.rows import Row
from terril.web.espace.kept import hold, row_of, touch
from terril.web.espace.models import Entry, Revision
from terril.web.espace.space import Space
from terril.web.people.journal import note

#: longest text of a change that the journal repeats; the versions of the row have it whole
_SHORT: Final = 200
_LONGEST_REASON: Final = 2_000


class FaultsError(Exception):
    """Raised when values are not fit: the fault of each column, "" for the row."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(f"{name}: {fault.what}" for name, fault in faults.items()))


@dataclass(frozen=True)
class Conflict:
    """What two people wrote in the same columns."""

    row: Row  # as it stands now
    base: Mapping[str, Any]  # as she found it
    mine: Mapping[str, Any]  # what she wants, all columns
    columns: tuple[str, ...]  # those that both changed
    by: str  # key of the person who wrote last
    at: Any  # when


class ConflictError(Exception):
    """Raised when somebody else changed the same columns meanwhile; nothing was written."""

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        super().__init__(", ".join(conflict.columns))


def checked(
    space: Space, register: str, values: Mapping[str, Any], before: Row | None
) -> dict[str, Any]:
    """Return values without the blank ones; raises ``FaultsError`` with all that is wrong."""
    card = space.card(register)
    known = {name: value for name, value in values.items() if value not in (None, "", ())}
    faults = check_values(
        card, known, space.catalogue, before=before.values if before is not None else None
    )
    clash = check_key(card, known, space.rows(register), before.number if before else None)
    if clash is not None and not faults:
        faults = {card.key[0] if card.key else "": clash}
    faults = {**_broken_links(space, card, known, before), **faults}
    if faults:
        raise FaultsError(faults)
    return known


def _broken_links(
    space: Space, card: Register, values: Mapping[str, Any], before: Row | None
) -> dict[str, Fault]:
    """A link points at a row that is there, and not archived unless it already was pointed at."""
    found: dict[str, Fault] = {}
    for name, column in card.columns.items():
        if column.target is None or name not in values:
            continue
        value = values[name]
        numbers = value if isinstance(value, tuple) else (value,)
        kept = before.get(name) if before is not None else None
        former = kept if isinstance(kept, tuple) else (kept,)
        for number in numbers:
            row = space.row(column.target, number)
            if row is None or (row.archived and number not in former):
                title = space.card(column.target).title
                found[name] = Fault(
                    f"La ligne n°\u00a0{number} du registre «\u00a0{title}\u00a0» n’existe pas, ou "
                    "elle est archivée.",
                    "une ligne de ce registre.",
                    "Choisissez-en une autre.",
                )
    return found


def insert(
    space: Space, register: str, values: Mapping[str, Any], *, verb: str, comment: str = ""
) -> Row:
    """Add a row with values that were checked; return it."""
    card = space.card(register)
    comment = reason(comment)
    space.kept(register)  # read before, so that what is learnt is added to it
    entries = Entry.objects.filter(contract=space.contract, register=register)
    last = entries.aggregate(last=Max("number"))["last"] or 0
    entry = Entry.objects.create(
        contract=space.contract,
        register=register,
        number=last + 1,
        values=_stored(card, values),
        author=_key(space),
    )
    _revision(space, entry, comment)
    row = row_of(entry, card)
    touch(space.contract, register)
    _journal(space, register, row, verb, {}, comment)
    space.learn(register, row)
    return row


def update(
    space: Space,
    register: str,
    entry: Entry,
    values: Mapping[str, Any],
    *,
    verb: str,
    archived: bool | None = None,
    comment: str = "",
) -> Row:
    """Write a new version of a row that is locked, with values that were checked; return it."""
    card = space.card(register)
    comment = reason(comment)
    before = row_of(entry, card)
    space.kept(register)
    entry.values = _stored(card, values)
    entry.version += 1
    if archived is not None:
        entry.archived = archived
    entry.save(update_fields=["values", "version", "archived", "changed"])
    _revision(space, entry, comment)
    row = row_of(entry, card)
    touch(space.contract, register)
    _journal(space, register, row, verb, _changes(card, before, row), comment)
    space.learn(register, row)
    return row


def locked(space: Space, register: str, number: int) -> Entry | None:
    """Return the entry of a row, locked until the end of the transaction, its register too."""
    if not space.batch:
        hold(space.contract, register)
    return (
        Entry.objects.select_for_update()
        .filter(contract=space.contract, register=register, number=number)
        .first()
    )


def former_values(space: Space, register: str, number: int, version: int) -> dict[str, Any] | None:
    """Return the values of a row at a version, ``None`` when there was none."""
    card = space.card(register)
    found = Revision.objects.filter(
        entry__contract=space.contract,
        entry__register=register,
        entry__number=number,
        version=version,
    ).first()
    if found is None:
        return None
    shell = Entry(number=number, version=version, values=found.values)
    return dict(row_of(shell, card).values)


def _stored(card: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: stored(card.columns[name], value)
        for name, value in values.items()
        if value not in (None, "", ())
    }


def reason(comment: str) -> str:
    """Return a reason as it is kept: cut where no reason goes on."""
    return comment.strip()[:_LONGEST_REASON]


def _revision(space: Space, entry: Entry, comment: str) -> None:
    Revision.objects.create(
        entry=entry,
        version=entry.version,
        values=entry.values,
        archived=entry.archived,
        by=_key(space),
        comment=comment,
    )


def _key(space: Space) -> str:
    return str(space.person.key) if space.person is not None else ""


def _changes(card: Register, before: Row, after: Row) -> dict[str, list[Any]]:
    """Return what changed: column → [from, to] as kept; personal data are only said to change."""
    found: dict[str, list[Any]] = {}
    for name, column in card.columns.items():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if column.personal:
            found[name] = []
        else:
            found[name] = [_short(stored(column, one)) if one is not None else None
                           for one in (old, new)]  # fmt: skip
    return found


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _SHORT:
        return value[:_SHORT] + "…"
    return value


def _journal(
    space: Space,
    register: str,
    row: Row,
    verb: str,
    changes: Mapping[str, list[Any]],
    comment: str,
) -> None:
    details: dict[str, Any] = {"version": row.version}
    if changes:
        details["champs"] = dict(changes)
    if comment:
        details["motif"] = comment
    note(
        space.person,
        verb,
        f"{space.card(register).singular} n° {row.number}",
        contract=space.contract.code,
        register=register,
        number=row.number,
        origin=space.origin,
        **details,
    )
