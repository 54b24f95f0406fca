"""How does a need go forward: studied by whom, answered what, done when?"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from terril.registres.rows import Row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.move_row import move_row
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal, RefusedError

#: state → the column that holds the day it was reached
_DAYS = {
    "etudie": "etudie_le",
    "repondu": "repondu_le",
    "non_retenu": "repondu_le",
    "fait": "fait_le",
}


def advance_need(
    space: Space,
    number: int,
    to: str,
    base: int,
    *,
    organisation: int | None = None,
    answer: str = "",
    comment: str = "",
) -> Row:
    """Write who studies or what is answered, and move the need, dated today.

    A day that is already written stays. Raises ``RefusedError``, ``FaultsError``,
    ``ConflictError``; nothing is written then.
    """
    if to not in _DAYS:
        raise RefusedError(Refusal("Ce passage n’existe pas.", 404))
    row = space.row("besoins", number)
    if row is None:
        raise RefusedError(Refusal("Cette ligne n’existe pas.", 404))
    changes: dict[str, Any] = {}
    if organisation is not None:
        changes["etudie_par"] = organisation
    if answer.strip():
        changes["reponse"] = answer.strip()
    if row.get(_DAYS[to]) is None:
        changes[_DAYS[to]] = space.today
    with transaction.atomic():
        after = change_row(space, "besoins", number, changes, base)
        return move_row(space, "besoins", number, to, after.version, comment=comment)
