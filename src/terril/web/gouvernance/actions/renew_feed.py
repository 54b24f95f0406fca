"""How does a person shut the address of her feed and get another one?"""

from __future__ import annotations

from django.db import transaction

from terril.web.espace.space import Space
from terril.web.gouvernance.feed import RENEWED
from terril.web.gouvernance.perms import can_subscribe
from terril.web.people.journal import note
from terril.web.people.refusal import RefusedError


def renew_feed(space: Space) -> None:
    """Make the former address of the feed answer nothing. Raises ``RefusedError``."""
    refusal = can_subscribe(space)
    if refusal is not None:
        raise RefusedError(refusal)
    with transaction.atomic():
        note(space.person, RENEWED, "agenda des réunions", contract=space.contract.code)
