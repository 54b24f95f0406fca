"""How does a structure save its sheet and its offers: all of it, or nothing?

What was published and changes stays published, and the team is told. Saving says that the sheet
was looked at, by its structure only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from terril.contrat.directory.sheets import OFFERS, SHEETS
from terril.registres.rows import Row
from terril.web.annuaire.rights import can_edit, can_review, sheet_row
from terril.web.annuaire.whole_sheet import Typed
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.actions.archive_row import archive_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.move_row import move_row
from terril.web.espace.space import Space
from terril.web.espace.writing import ConflictError, FaultsError, former_values
from terril.web.people.refusal import Refusal, RefusedError


class SheetFaultsError(Exception):
    """Raised when a row of the form is not fit: the key of the row, its faults."""

    def __init__(self, key: str, faults: FaultsError) -> None:
        self.key = key
        self.faults = faults.faults
        super().__init__(f"{key}: {faults}")


class SheetConflictError(Exception):
    """Raised when somebody changed the same columns of a row: the key of the row, both texts."""

    def __init__(self, key: str, conflict: ConflictError) -> None:
        self.key = key
        self.conflict = conflict.conflict
        super().__init__(key)


def save_sheet(space: Space, organisation: int, typed: Sequence[Typed]) -> Row:
    """Save what was typed, the sheet first; return the sheet.

    Raises ``RefusedError``, ``SheetFaultsError``, ``SheetConflictError``; nothing is written then.
    """
    refusal = can_edit(space, organisation)
    if refusal is not None:
        raise RefusedError(refusal)
    with transaction.atomic():
        before = sheet_row(space, organisation)
        row = _sheet(space, organisation, typed[0], before)
        changed = before is not None and row.version != before.version
        for one in typed[1:]:
            changed = _offer(space, organisation, one) or changed
        if can_review(space) is not None:
            row = _looked_at(space, row, changed)
        return row


def _sheet(space: Space, organisation: int, typed: Typed, before: Row | None) -> Row:
    try:
        if before is None:
            return add_row(space, SHEETS, {**typed.values, "organisation": organisation})
        changes = _changes(space, SHEETS, before.number, typed)
        return change_row(space, SHEETS, before.number, changes, typed.base)
    except FaultsError as error:
        raise SheetFaultsError("", error) from error
    except ConflictError as error:
        raise SheetConflictError("", error) from error


def _offer(space: Space, organisation: int, typed: Typed) -> bool:
    """Write one offer; return whether anything changed."""
    try:
        if typed.number is None:
            add_row(space, OFFERS, {**typed.values, "organisation": organisation})
            return True
        if typed.gone:
            archive_row(space, OFFERS, typed.number)
            return True
        held = space.row(OFFERS, typed.number)
        changes = _changes(space, OFFERS, typed.number, typed)
        row = change_row(space, OFFERS, typed.number, changes, typed.base)
        return held is None or row.version != held.version
    except FaultsError as error:
        raise SheetFaultsError(typed.key, error) from error
    except ConflictError as error:
        raise SheetConflictError(typed.key, error) from error


def _changes(space: Space, register: str, number: int, typed: Typed) -> Mapping[str, Any]:
    """What she changed since the version that she read; all of it when there is no such one."""
    former = former_values(space, register, number, typed.base)
    if former is None:
        return typed.values
    return {name: value for name, value in typed.values.items() if value != former.get(name)}


def _looked_at(space: Space, row: Row, changed: bool) -> Row:
    """The structure has seen its sheet today; a published one that changed is to be read over."""
    marks: dict[str, Any] = {"a_jour_le": space.today}
    if changed:
        marks["remarques"] = None  # answered: the versions of the row keep it
    row = change_row(space, SHEETS, row.number, marks, row.version)
    if changed and row.get("etat") == "publiee":
        row = move_row(space, SHEETS, row.number, "modifiee", row.version)
    return row


def confirm_sheet(space: Space, organisation: int) -> Row:
    """Say that the sheet and the offers are right as they stand. Raises ``RefusedError``."""
    with transaction.atomic():
        row = _hers(space, organisation)
        return change_row(space, SHEETS, row.number, {"a_jour_le": space.today}, row.version)


def ask_publication(space: Space, organisation: int) -> Row:
    """Ask the team to read the sheet and publish it. Raises ``RefusedError``."""
    with transaction.atomic():
        row = _hers(space, organisation)
        return move_row(space, SHEETS, row.number, "a_relire", row.version)


def _hers(space: Space, organisation: int) -> Row:
    refusal = can_edit(space, organisation)
    if refusal is not None:
        raise RefusedError(refusal)
    row = sheet_row(space, organisation)
    if row is None:
        raise RefusedError(Refusal("Écrivez d’abord la fiche.", 409))
    return row
