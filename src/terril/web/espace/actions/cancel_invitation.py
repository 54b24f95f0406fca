"""How is an invitation taken back?"""

from __future__ import annotations

from django.db import transaction

from terril.web.espace.models import Invitation
from terril.web.espace.perms import can_invite
from terril.web.espace.space import Space
from terril.web.people.journal import note
from terril.web.people.refusal import Refusal, RefusedError


def cancel_invitation(space: Space, invitation: Invitation) -> None:
    """Take an invitation back: its link leads nowhere. Raises ``RefusedError``."""
    if invitation.contract_id != space.contract.pk:
        raise RefusedError(Refusal("Cette invitation n’existe pas.", 404))
    refusal = can_invite(space, invitation.role)
    if refusal is not None:
        raise RefusedError(refusal)
    with transaction.atomic():
        role = invitation.role
        invitation.delete()
        note(space.person, "invitation annulée", role, contract=space.contract.code, rôle=role)
