"""How does an account take the address that its link was sent to?"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse

from terril.web.people import mail
from terril.web.people.actions.ask_email import SALT
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError

_STALE = Refusal(
    "Ce lien n’est plus bon\u00a0: il vaut deux heures et sert une fois. "
    "Demandez-en un autre depuis votre compte.",
    410,
)


def wished(token: str) -> tuple[Person, str]:
    """Return the person and the new address of a link; raises ``RefusedError`` when it is stale."""
    try:
        said = signing.loads(token, salt=SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature as error:
        raise RefusedError(_STALE) from error
    person = Person.objects.filter(
        key=said["key"], email=said["from"], is_active=True, deleted=None
    ).first()
    if person is None:
        raise RefusedError(_STALE)
    return person, str(said["to"])


def change_email(token: str, *, base: str) -> Person:
    """Change the address of an account and tell the former one.

    ``base``: address of the site for the message. Raises ``RefusedError`` when the link is stale,
    or when somebody else has taken the address meanwhile.
    """
    try:
        with transaction.atomic():
            person, email = wished(token)
            former, person.email = person.email, email
            person.save(update_fields=["email"])
            note(person, "adresse électronique changée", "compte", subject=person)
            mail.send(
                former,
                "Adresse électronique changée",
                "people/courriels/adresse_changee.txt",
                {"link": base + reverse("mentions")},
                person=person,
            )
    except IntegrityError as error:
        raise RefusedError(_STALE) from error
    return person
