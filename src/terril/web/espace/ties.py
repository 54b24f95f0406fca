"""What does the workspace say of a person to the room of accounts?"""

from __future__ import annotations

from terril.web.espace.awaited import awaited
from terril.web.espace.cards import cards
from terril.web.espace.models import Draft, Membership
from terril.web.espace.space import spaces_of
from terril.web.people.digests import Line, Part, digest_part
from terril.web.people.held import Holding, holds
from terril.web.people.leaving import leaves
from terril.web.people.models import Person
from terril.web.people.staff import staff_check


def tie() -> None:
    """Register what the room of accounts asks of the others."""
    staff_check(is_staff)
    holds(memberships)
    holds(drafts)
    digest_part(what_awaits)
    leaves(forget)


def is_staff(person: Person) -> bool:
    """Has she a role that writes for others in some contract?"""
    staff = [code for code, role in cards().roles.items() if role.staff]
    return Membership.objects.filter(person=person, until__isnull=True, role__in=staff).exists()


def memberships(person: Person) -> Holding | None:
    """The roles that she has or had."""
    rows = Membership.objects.filter(person=person).select_related("contract")
    roles = cards().roles
    found = tuple(
        {
            "Contrat": row.contract.name,
            "Rôle": roles[row.role].label if row.role in roles else row.role,
            "Depuis": row.since.isoformat(),
            "Jusqu’au": row.until.isoformat() if row.until else "",
        }
        for row in rows
    )
    return Holding("Rôles dans les contrats", found) if found else None


def drafts(person: Person) -> Holding | None:
    """What she typed and did not save."""
    rows = Draft.objects.filter(person=person).select_related("contract")
    found = tuple(
        {
            "Contrat": row.contract.name,
            "Formulaire": row.key,
            "Gardé le": row.at.isoformat(),
            "Champs": row.fields,
        }
        for row in rows
    )
    return Holding("Brouillons", found) if found else None


def what_awaits(person: Person) -> list[Part]:
    """What awaits her in each contract."""
    found = []
    for space in spaces_of(person):
        lines = tuple(Line(one.text, one.address, one.due) for one in awaited(space))
        if lines:
            found.append(Part(space.contract.name, lines))
    return found


def forget(person: Person) -> None:
    """Erase her drafts and end her roles: she leaves."""
    from django.utils import timezone

    Draft.objects.filter(person=person).delete()
    Membership.objects.filter(person=person, until__isnull=True).update(until=timezone.localdate())
