"""How is it said that a deadline is met, or which day the contract chose for it?"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.space import Space
from terril.web.gouvernance.perms import can_settle
from terril.web.people.refusal import Refusal, RefusedError


def settle_legal(
    space: Space,
    code: str,
    year: int,
    *,
    done: dt.date | None = None,
    day: dt.date | None = None,
) -> Row:
    """Note that a legal deadline of a year is met (``done``), or its day (``day``).

    The row of the register ``echeances`` is added the first time, changed afterwards. Raises
    ``RefusedError``, ``FaultsError``, ``ConflictError``.
    """
    refusal = can_settle(space)
    if refusal is not None:
        raise RefusedError(refusal)
    card = space.catalogue.deadlines.get(code)
    if card is None:
        raise RefusedError(Refusal("Cette échéance n’existe pas.", 404))
    if done is not None and done > space.today:
        raise RefusedError(Refusal("Une échéance n’est pas tenue avant aujourd’hui.", 409))
    values: dict[str, object] = {}
    if done is not None:
        values["fait_le"] = done
    if day is not None:
        values["le"] = day
    with transaction.atomic():
        space.refresh()
        for row in space.rows("echeances"):
            if row.get("regle") == code and row.get("annee") == year:
                return change_row(space, "echeances", row.number, values, row.version)
        return add_row(
            space, "echeances", {"quoi": card.label, "regle": code, "annee": year, **values}
        )


def settle_own(space: Space, number: int, year: int | None, done: dt.date) -> Row:
    """Note that a deadline of the contract is met: of a year, when it comes back each year."""
    refusal = can_settle(space)
    if refusal is not None:
        raise RefusedError(refusal)
    if done > space.today:
        raise RefusedError(Refusal("Une échéance n’est pas tenue avant aujourd’hui.", 409))
    row = space.row("echeances", number)
    if row is None:
        raise RefusedError(Refusal("Cette échéance n’existe pas.", 404))
    changes: dict[str, object] = {"fait_le": done}
    if row.get("chaque_annee"):
        changes["fait_pour"] = max(year or done.year, row.get("fait_pour") or 0)
    return change_row(space, "echeances", number, changes, row.version)
