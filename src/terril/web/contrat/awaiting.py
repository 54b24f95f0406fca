"""What of the contract awaits a person: commitments of hers, values of a year, the update?"""

from __future__ import annotations

from django.urls import reverse

from terril.contrat.commitments.board import REGISTER, commitments
from terril.contrat.commitments.reminders import awaiting
from terril.contrat.tree.yearly import REGISTER as PROMISES
from terril.contrat.tree.yearly import VERSIONS, next_update, promises
from terril.lib.french import NBSP, compte
from terril.web.espace.awaited import Awaited, awaits
from terril.web.espace.perms import can_read
from terril.web.espace.shown import address_of
from terril.web.espace.space import Space

#: the role that keeps the contract
_KEEPER = "chargee_mission"


@awaits
def of_hers(space: Space) -> list[Awaited]:
    """The commitments and actions that her organisations answer for, late or near their day."""
    if not space.organisations or can_read(space, REGISTER) is not None:
        return []
    found = commitments(space, space.catalogue)
    return [
        Awaited(one.title, address_of(space, one.register, one.number), one.due, one.level)
        for one in awaiting(found, space.today, space.catalogue)
        if one.owner in space.organisations
    ]


@awaits
def of_the_contract(space: Space) -> list[Awaited]:
    """For those who keep the contract: what is late or nobody’s, and the three-year update."""
    if _KEEPER not in space.roles:
        return []
    code = space.contract.code
    found: list[Awaited] = []
    held = commitments(space, space.catalogue)
    late = sum(one.late for one in held)
    if late:
        text = f"{compte(late, 'engagement est', 'engagements sont')} en retard"
        found.append(Awaited(text, f"{reverse('engagements', args=[code])}?retard=oui", None,
                             "retard"))  # fmt: skip
    alone = sum(not one.done and one.owner is None for one in held)
    if alone:
        text = f"{compte(alone, 'engagement n’a', 'engagements n’ont')} pas de responsable"
        found.append(Awaited(text, reverse("engagements-revue", args=[code]), None, "information"))
    contract = space.contract
    update = next_update(contract.starts, contract.ends, space.rows(VERSIONS), space.catalogue)
    alert = update.alert(space.today) if update is not None else None
    if update is not None and alert is not None:
        page = reverse("contrat-versions", args=[code])
        found.append(Awaited(alert.text, page, update.due, alert.level))
    return found


@awaits
def of_the_year(space: Space) -> list[Awaited]:
    """The values of past years that the promises of her organisation lack."""
    if can_read(space, PROMISES) is not None:
        return []
    keeper = _KEEPER in space.roles
    page = reverse("contrat-versions", args=[space.contract.code])
    return [
        Awaited(
            f"{promise.text}{NBSP}: dire ce qui a été fait en {year.year}",
            address_of(space, PROMISES, year.row.number) if year.row is not None else page,
            None,
            "attention",
        )
        for promise in promises(space.rows(PROMISES), space.today, space.catalogue)
        for year in promise.awaited
        if keeper or promise.organisation in space.organisations
    ]
