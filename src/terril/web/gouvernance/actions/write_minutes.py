"""How are the minutes of a meeting written, approved and shown to everybody?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terril.registres.rows import Row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.space import Space
from terril.web.gouvernance.perms import can_run
from terril.web.people.refusal import Refusal, RefusedError

#: what the page of the minutes writes
COLUMNS = ("compte_rendu", "valide_le", "cr_public")


def write_minutes(space: Space, meeting: Row, values: Mapping[str, Any], base: int) -> Row:
    """Write the minutes. Raises ``RefusedError``, ``FaultsError``, ``ConflictError``.

    Minutes that are not approved are not shown to everybody; a day of approval before the
    meeting, or to come, is refused.
    """
    refusal = can_run(space, meeting)
    if refusal is not None:
        raise RefusedError(refusal)
    changes = {name: values.get(name) for name in COLUMNS}
    approved, day = changes["valide_le"], meeting.get("date")
    if approved is not None and (approved > space.today or (day is not None and approved < day)):
        raise RefusedError(
            Refusal("Le compte rendu se valide entre la réunion et aujourd’hui.", 409)
        )
    if changes["cr_public"] and approved is None:
        raise RefusedError(
            Refusal("Un compte rendu n’est public qu’une fois validé\u00a0: donnez la date.", 409)
        )
    if changes["cr_public"] and not changes["compte_rendu"]:
        raise RefusedError(Refusal("Le compte rendu est vide\u00a0: écrivez-le d’abord.", 409))
    return change_row(space, "reunions", meeting.number, changes, base, verb="compte rendu écrit")
