"""How does a person leave a role in a contract?"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from terril.web.espace.models import Membership
from terril.web.espace.perms import can
from terril.web.espace.space import Space
from terril.web.people.journal import note
from terril.web.people.refusal import Refusal, RefusedError


def end_membership(space: Space, membership: Membership) -> None:
    """End a role of a person. One may leave one’s own; those who manage members end any.

    The last person who manages the members stays. Raises ``RefusedError``.
    """
    if membership.contract_id != space.contract.pk or membership.until is not None:
        raise RefusedError(Refusal("Ce rôle a déjà pris fin.", 409))
    mine = space.person is not None and membership.person_id == space.person.pk
    refusal = None if mine else can(space, "gerer_membres")
    if refusal is not None:
        raise RefusedError(refusal)
    managers = space.catalogue.rights["gerer_membres"].roles
    with transaction.atomic():
        if membership.role in managers:
            others = Membership.objects.select_for_update().filter(
                contract=space.contract,
                role__in=managers,
                until__isnull=True,
                person__is_active=True,
            )
            if not others.exclude(pk=membership.pk).exists():
                raise RefusedError(
                    Refusal(
                        "C’est la dernière personne qui gère les membres du contrat. Donnez "
                        "d’abord ce rôle à une autre.",
                        409,
                    )
                )
        membership.until = timezone.localdate()
        membership.save(update_fields=["until"])
        note(
            space.person,
            "rôle retiré",
            membership.role,
            contract=space.contract.code,
            subject=membership.person,
            rôle=membership.role,
        )
