"""How is a person invited into a contract?"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from terril.web.espace.models import Invitation, Membership
from terril.web.espace.perms import can, can_invite
from terril.web.espace.space import Space
from terril.web.people.journal import note
from terril.web.people.mail import send
from terril.web.people.refusal import Refusal, RefusedError

#: days that an invitation is good for
DAYS: Final = 14
#: nature of the organisations that whoever invites citizen councillors may give
_COUNCIL: Final = "conseil_citoyen"


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    space: Space,
    email: str,
    role: str,
    *,
    organisation: int | None = None,
    quartiers: Sequence[int] = (),
    site: str,
) -> tuple[Invitation, str]:
    """Keep a place for an address and write to it; return the invitation and its token.

    ``site``: where the site is, "https://exemple.fr". An invitation of the same role to the same
    address replaces the former one. Raises ``RefusedError``.
    """
    refusal = can(space, "inviter")
    if refusal is None and role not in space.catalogue.roles:
        refusal = Refusal("Ce rôle n’existe pas.", 400)
    refusal = refusal or can_invite(space, role)
    if refusal is not None:
        raise RefusedError(refusal)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise RefusedError(
            Refusal(f"«\u00a0{email}\u00a0» n’est pas une adresse électronique.", 400)
        ) from error
    _check_place(space, role, organisation, quartiers)
    taken = Membership.objects.filter(
        contract=space.contract, person__email=email, role=role, until__isnull=True
    )
    if taken.exists():
        raise RefusedError(Refusal("Cette personne a déjà ce rôle dans le contrat.", 409))
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(contract=space.contract, email=email, role=role).delete()
        made = Invitation.objects.create(
            contract=space.contract,
            email=email,
            role=role,
            organisation=organisation,
            quartiers=sorted(set(quartiers)),
            token=digest(token),
            expires=timezone.now() + dt.timedelta(days=DAYS),
            by=space.person,
        )
        note(
            space.person,
            "personne invitée",
            space.catalogue.roles[role].label,
            contract=space.contract.code,
            rôle=role,
        )
        send(
            email,
            f"Invitation au contrat de ville : {space.contract.name}",
            "espace/courriel_invitation.txt",
            {
                "contract": space.contract,
                "role": space.catalogue.roles[role],
                "by": space.person,
                "address": site + reverse("invitation", args=[token]),
                "expires": timezone.localdate(made.expires),
            },
        )
    return made, token


def _check_place(
    space: Space, role: str, organisation: int | None, quartiers: Sequence[int]
) -> None:
    """Raise ``RefusedError`` on an organisation or a neighbourhood that is not there.

    One who may not manage members gives only what is hers.
    """
    if organisation is not None and space.row("organisations", organisation) is None:
        raise RefusedError(Refusal("Cette organisation n’est pas dans le registre.", 400))
    if any(space.row("quartiers", number) is None for number in quartiers):
        raise RefusedError(Refusal("Un quartier n’est pas dans le registre.", 400))
    if space.everything or space.roles & set(space.catalogue.rights["gerer_membres"].roles):
        return
    if organisation is not None and not _may_speak_for(space, organisation):
        raise RefusedError(
            Refusal("Choisissez votre organisation ou un conseil citoyen pour cette personne.", 400)
        )
    mine: set[int] = set()
    for own in space.roles:
        mine |= space.quartiers(own)
    if not quartiers or not set(quartiers) <= mine:
        raise RefusedError(
            Refusal("Choisissez un ou plusieurs de vos quartiers pour cette personne.", 400)
        )


def _may_speak_for(space: Space, organisation: int) -> bool:
    """May somebody invited by a person who does not manage members speak for this one?"""
    row = space.row("organisations", organisation)
    council = row is not None and row.get("nature") == _COUNCIL
    return council or organisation in space.organisations
