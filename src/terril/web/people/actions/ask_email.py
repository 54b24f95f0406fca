"""How does a person ask for her account to bear another address?"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from terril.web.people import mail
from terril.web.people.journal import note
from terril.web.people.models import Outbox, Person
from terril.web.people.refusal import Refusal, RefusedError

SALT = "terril.people.adresse"


@transaction.atomic
def ask_email(person: Person, email: str, *, base: str) -> Outbox:
    """Send a link to the new address; nothing changes until it is followed.

    An address that has an account already gets a message that says so, and the answer is the
    same: nobody learns from it who has an account. Raises ``RefusedError`` on what is no address
    or is hers already.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise RefusedError(
            Refusal(f"« {email} » n’est pas une adresse électronique.", 400)
        ) from error
    if email == person.email:
        raise RefusedError(Refusal("C’est déjà l’adresse de votre compte.", 400))
    note(person, "changement d’adresse demandé", "compte", subject=person)
    until = timezone.now() + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    if Person.objects.filter(email=email).exists():
        return mail.send(
            email, "Cette adresse a déjà un compte", "people/courriels/adresse_prise.txt", {},
            person=person, until=until,
        )  # fmt: skip
    token = signing.dumps({"key": str(person.key), "to": email, "from": person.email}, salt=SALT)
    return mail.send(
        email,
        "Confirmer votre adresse électronique",
        "people/courriels/adresse_confirmer.txt",
        {"link": base + reverse("adresse-confirmer", args=[token])},
        person=person,
        until=until,
    )
