"""How does a row go from one state to another?"""

from __future__ import annotations

from django.db import transaction

from terril.catalogue.registers import Move
from terril.registres.rows import Row
from terril.web.espace.kept import row_of
from terril.web.espace.perms import can_move, can_write
from terril.web.espace.space import Space
from terril.web.espace.writing import checked, locked, update
from terril.web.people.refusal import Refusal, RefusedError


def moves_of(space: Space, register: str, row: Row) -> list[Move]:
    """Return the moves that this person may make from the state of this row."""
    card = space.card(register)
    if card.state is None:
        return []
    workflow = space.catalogue.workflows[str(card.columns[card.state].workflow)]
    state = row.get(card.state) or workflow.start
    return [
        move
        for move in workflow.moves
        if state in move.since and can_move(space, register, row, move) is None
    ]


def move_row(
    space: Space, register: str, number: int, to: str, base: int, *, comment: str = ""
) -> Row:
    """Move a row to a state. Raises ``RefusedError``, or ``FaultsError`` on the rest of the row.

    ``base``: the version that she read; when somebody changed the state meanwhile, it is refused.
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
        name = card.state
        if name is None:
            raise RefusedError(Refusal("Ce registre n’a pas d’état.", 409))
        workflow = space.catalogue.workflows[str(card.columns[name].workflow)]
        state = row.get(name) or workflow.start
        move = next((m for m in workflow.moves if m.to == to and state in m.since), None)
        if move is None:
            label = workflow.states[state].label if state in workflow.states else state
            raise RefusedError(
                Refusal(
                    f"L’état est maintenant «\u00a0{label}\u00a0»\u00a0: ce passage n’est plus "
                    "possible. Rouvrez la fiche.",
                    409,
                )
            )
        refusal = can_move(space, register, row, move)
        if refusal is not None:
            raise RefusedError(refusal)
        if move.comment and not comment.strip():
            raise RefusedError(Refusal("Écrivez le motif, en une phrase.", 409))
        missing = [card.columns[n].label for n in move.needs if row.get(n) in (None, "", ())]
        if missing:
            listed = ", ".join(f"«\u00a0{label}\u00a0»" for label in missing)
            raise RefusedError(Refusal(f"Remplissez d’abord {listed}.", 409))
        known = checked(space, register, {**row.values, name: to}, row)
        return update(space, register, entry, known, verb="état changé", comment=comment.strip())
