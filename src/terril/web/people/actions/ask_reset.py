"""How is a link sent to choose a new password?"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from terril.web.people import mail
from terril.web.people.journal import note
from terril.web.people.models import Outbox, Person


@transaction.atomic
def ask_reset(email: str, *, base: str) -> Outbox | None:
    """Send the link to an open account; nothing for an address without one.

    ``base``: address of the site. To be called beside the request (:func:`mail.apart`): the time
    it takes would tell whether the account exists.
    """
    person = Person.objects.filter(
        email=email.strip().lower(), is_active=True, deleted=None
    ).first()
    if person is None or not person.has_usable_password():
        return None
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    link = base + reverse(
        "nouveau-mot-de-passe", args=[uid, default_token_generator.make_token(person)]
    )
    note(None, "nouveau mot de passe demandé", "compte", subject=person, origin="sans compte")
    return mail.send(
        person.email,
        "Choisir un nouveau mot de passe",
        "people/courriels/mot_de_passe.txt",
        {"link": link},
        person=person,
        until=timezone.now() + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    )
