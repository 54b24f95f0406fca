"""How does a person replace her own password?"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from terril.web.people import mail, sessions
from terril.web.people.journal import note
from terril.web.people.models import OpenSession, Person


@transaction.atomic
def change_password(person: Person, password: str, *, kept: str, base: str) -> Person:
    """Set a password that has been found fit: every session ends but ``kept``; she is told.

    ``kept``: key of the session that asks, "" when it came by a link sent by e-mail. ``base``:
    address of the site for the message.
    """
    person.set_password(password)
    person.save(update_fields=["password"])
    sessions.end(OpenSession.objects.filter(person=person).exclude(session=kept))
    verb = "mot de passe changé" if kept else "mot de passe changé par courriel"
    note(person, verb, "compte", subject=person)
    mail.send(
        person.email,
        "Mot de passe changé",
        "people/courriels/mot_de_passe_change.txt",
        {"link": base + reverse("mot-de-passe-oublie")},
        person=person,
    )
    return person
