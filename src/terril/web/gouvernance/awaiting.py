"""What do the meetings and the calendar await from people?"""

from __future__ import annotations

from typing import Literal

from django.urls import reverse

from terril.contrat.meetings.due import Due
from terril.lib.french import majuscule
from terril.registres.rows import Row
from terril.web.espace.awaited import Awaited, awaits
from terril.web.espace.perms import can_write
from terril.web.espace.space import Space
from terril.web.gouvernance.held import dues_of, page_of, warning_days
from terril.web.gouvernance.perms import can_plan, can_settle


@awaits
def meetings_due(space: Space) -> list[Awaited]:
    """Return what awaits the person of a space: her decisions; the calendar if she holds it."""
    dues = [due for due in dues_of(space) if not due.done]
    holds = {
        "legale": can_settle(space) is None,
        "contrat": can_settle(space) is None,
        "cycle": can_plan(space) is None,
        "reunion": can_plan(space) is None,
        "compte_rendu": can_plan(space) is None,
    }
    found = []
    for due in dues:
        mine = _hers(space, due) if due.kind == "decision" else holds[due.kind]
        if mine and (one := _told(space, due)) is not None:
            found.append(one)
    return found


def _hers(space: Space, due: Due) -> bool:
    """A decision that her structure owes; without one in charge, whoever may write it sees it."""
    row: Row | None = space.row("decisions", due.number or 0)
    if row is None:
        return False
    owner = row.get("responsable")
    if owner is None:
        return can_plan(space) is None and can_write(space, "decisions", row) is None
    return owner in space.organisations


def _told(space: Space, due: Due) -> Awaited | None:
    """What is near, late, or waits for a day; what is far away or optional is not told."""
    catalogue = space.catalogue
    near = (
        int(catalogue.number("reunion_preparation"))
        if due.kind == "reunion"
        else warning_days(space)
    )
    state = due.state(space.today, near)
    if state in ("a_venir", "facultatif", "fait"):
        return None
    address = page_of(space, due) or reverse("agenda", args=[space.contract.code])
    if due.kind == "legale":
        address = reverse("agenda", args=[space.contract.code])
    text = f"{majuscule(due.what).rstrip('.')}, {due.when}." if due.loose else due.what
    levels: dict[str, Literal["retard", "attention", "information"]] = {
        "retard": "retard",
        "proche": "information" if due.calm else "attention",
    }
    return Awaited(majuscule(text), address, due.day, levels.get(state, "information"))
