"""How is a second factor begun?"""

from __future__ import annotations

import pyotp
from django.db import transaction

from terril.web.people.models import Person, SecondFactor
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def start_factor(person: Person) -> SecondFactor:
    """Give a person a secret to put in her telephone; it is not asked for yet.

    Beginning again changes the secret. Raises ``RefusedError`` when one is in force already.
    """
    factor, made = SecondFactor.objects.get_or_create(
        person=person, defaults={"secret": pyotp.random_base32()}
    )
    if factor.confirmed is not None:
        raise RefusedError(Refusal("Votre second facteur est déjà en place.", 409))
    if not made:
        factor.secret, factor.step = pyotp.random_base32(), 0
        factor.save(update_fields=["secret", "step"])
    return factor
