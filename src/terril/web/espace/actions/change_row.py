"""How is a row changed, when somebody else may be changing it too?

The person says which version she started from. Columns that only one of the two changed are
put together; for a column that both changed, nothing is written and both texts are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from terril.registres.cells import Fault
from terril.registres.merge import merge
from terril.registres.rows import Row
from terril.web.espace.kept import row_of
from terril.web.espace.models import Entry
from terril.web.espace.perms import can_move, can_write
from terril.web.espace.space import Space
from terril.web.espace.writing import (
    Conflict,
    ConflictError,
    FaultsError,
    checked,
    former_values,
    locked,
    update,
)
from terril.web.people.refusal import Refusal, RefusedError


def change_row(
    space: Space,
    register: str,
    number: int,
    changes: Mapping[str, Any],
    base: int,
    *,
    comment: str = "",
    verb: str = "modifié",
) -> Row:
    """Change columns of a row that was at version ``base`` when she read it.

    ``changes``: column → new value, ``None`` to blank it; columns left out stay. Raises
    ``RefusedError``, ``FaultsError``, ``ConflictError``; nothing is written then. When nothing
    changes, no version is added.
    """
    with transaction.atomic():
        entry = locked(space, register, number)
        if entry is None:
            raise RefusedError(Refusal("Cette ligne n’existe pas.", 404))
        space.refresh()
        card = space.card(register)
        row = row_of(entry, card)
        refusal = can_write(space, register, row)
        if refusal is not None:
            raise RefusedError(refusal)
        wanted = _merged(space, register, entry, row, changes, base)
        known = checked(space, register, wanted, row)
        if known == dict(row.values):
            return row
        refusal = can_write(space, register, Row(number, row.version, known, author=row.author))
        if refusal is not None:
            raise RefusedError(refusal)
        _check_move(space, register, row, known, comment)
        return update(space, register, entry, known, verb=verb, comment=comment)


def _check_move(
    space: Space, register: str, row: Row, known: Mapping[str, Any], comment: str
) -> None:
    """A change that holds another state is a move too: its roles, its reason.

    Raises ``RefusedError`` or ``FaultsError``.
    """
    card = space.card(register)
    if card.state is None or space.everything:
        return
    workflow = space.catalogue.workflows[str(card.columns[card.state].workflow)]
    state, to = row.get(card.state) or workflow.start, known.get(card.state) or workflow.start
    if state == to:
        return
    moves = [move for move in workflow.moves if move.to == to and state in move.since]
    refusals = [can_move(space, register, row, move) for move in moves]
    if refusals and all(refusals):
        raise RefusedError(next(one for one in refusals if one is not None))
    if moves and all(move.comment for move in moves) and not comment.strip():
        raise FaultsError(
            {
                card.state: Fault(
                    "Ce changement d’état demande un motif.",
                    "un motif écrit sur la fiche.",
                    "Faites-le depuis la fiche de la ligne.",
                )
            }
        )


def _merged(
    space: Space, register: str, entry: Entry, row: Row, changes: Mapping[str, Any], base: int
) -> dict[str, Any]:
    if base == row.version:
        return {**row.values, **changes}
    former = former_values(space, register, row.number, base)
    if former is None:
        raise RefusedError(
            Refusal("Cette version de la ligne n’existe pas. Rouvrez la fiche.", 409)
        )
    mine = {**former, **changes}
    columns = space.card(register).columns
    merged, conflicts = merge(
        {name: former.get(name) for name in columns},
        {name: row.get(name) for name in columns},
        {name: mine.get(name) for name in columns},
    )
    if conflicts:
        last = entry.revisions.first()
        raise ConflictError(
            Conflict(
                row,
                former,
                mine,
                tuple(conflicts),
                last.by if last is not None else "",
                last.at if last is not None else entry.changed,
            )
        )
    return dict(merged)
