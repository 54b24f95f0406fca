"""How is what a member speaks for changed: her organisation, her neighbourhoods?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from terril.web.espace.models import Membership
from terril.web.espace.perms import can
from terril.web.espace.space import Space
from terril.web.people.journal import note
from terril.web.people.refusal import Refusal, RefusedError


def change_membership(
    space: Space, membership: Membership, organisation: int | None, quartiers: Sequence[int]
) -> None:
    """Give a member another organisation, other neighbourhoods; raises ``RefusedError``."""
    refusal = can(space, "gerer_membres")
    if refusal is not None:
        raise RefusedError(refusal)
    if membership.contract_id != space.contract.pk or membership.until is not None:
        raise RefusedError(Refusal("Ce rôle a pris fin.", 409))
    if organisation is not None and space.row("organisations", organisation) is None:
        raise RefusedError(Refusal("Cette organisation n’est pas dans le registre.", 400))
    if any(space.row("quartiers", number) is None for number in quartiers):
        raise RefusedError(Refusal("Un quartier n’est pas dans le registre.", 400))
    with transaction.atomic():
        before = [membership.organisation, list(membership.quartiers)]
        membership.organisation = organisation
        membership.quartiers = sorted(set(quartiers))
        membership.save(update_fields=["organisation", "quartiers"])
        note(
            space.person,
            "rôle modifié",
            membership.role,
            contract=space.contract.code,
            subject=membership.person,
            avant=before,
            après=[organisation, list(membership.quartiers)],
        )
