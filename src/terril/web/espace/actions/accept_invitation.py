"""How does an invited person take her place?"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from terril.web.espace.actions.invite import digest
from terril.web.espace.models import Invitation, Membership
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a token, when it still holds."""
    found = Invitation.objects.select_related("contract", "by").filter(token=digest(token)).first()
    if found is None or found.expires < timezone.now():
        return None
    return found


def accept_invitation(person: Person, token: str) -> Membership:
    """Make the person a member as she was invited; the invitation is used up.

    Raises ``RefusedError`` on a token that no longer holds, or that was sent to another address.
    """
    with transaction.atomic():
        held = invitation_of(token)
        if held is None:
            raise RefusedError(
                Refusal(
                    "Cette invitation n’est plus valable. Demandez-en une autre à la personne qui "
                    "tient le contrat.",
                    410,
                )
            )
        if held.email != person.email:
            raise RefusedError(
                Refusal("Cette invitation a été envoyée à une autre adresse que celle du compte.")
            )
        membership, _ = Membership.objects.get_or_create(
            contract=held.contract,
            person=person,
            role=held.role,
            until=None,
            defaults={"organisation": held.organisation, "quartiers": held.quartiers},
        )
        note(
            person,
            "invitation acceptée",
            held.role,
            contract=held.contract.code,
            subject=person,
            rôle=held.role,
        )
        held.delete()
    return membership
