"""How do the meetings of the cycle that a person chose enter the register?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from terril.contrat.meetings.cycle import propose_year
from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.space import Space
from terril.web.gouvernance.perms import can_plan
from terril.web.people.refusal import Refusal, RefusedError


def plan_year(space: Space, year: int, days: Mapping[int, dt.date]) -> list[Row]:
    """Create the meetings chosen, all or none. ``days``: line of the cycle → day.

    A line whose meeting stands already, or that is no more in the cycle, is left out: twice the
    same form creates nothing twice. Raises ``RefusedError``, ``FaultsError``.
    """
    refusal = can_plan(space)
    if refusal is not None:
        raise RefusedError(refusal)
    wrong = [day for day in days.values() if day.year != year]
    if wrong:
        raise RefusedError(
            Refusal(f"Une date n’est pas de {year}\u00a0: {wrong[0]:%d/%m/%Y}.", 409)
        )
    with transaction.atomic():
        space.refresh()
        made = []
        for proposal in propose_year(space, space.catalogue, year):
            if proposal.existing is not None or proposal.cycle not in days:
                continue
            values = {
                "titre": proposal.title,
                "instance": proposal.body,
                "date": days[proposal.cycle],
                "ordre_du_jour": proposal.agenda or None,
            }
            made.append(add_row(space, "reunions", values, verb="programmé"))
        return made
