"""How does a person learn that somebody has her password and looks for her code?"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from terril.web.people import mail
from terril.web.people.journal import note
from terril.web.people.models import Person


@transaction.atomic
def warn_of_codes(person: Person, *, base: str) -> None:
    """Tell a person that wrong codes followed her right password, too often.

    ``base``: address of the site for the message. To be called when the lock shuts: it is then
    shut for the minutes of the lock, and so is this message.
    """
    note(None, "codes refusés", "compte", subject=person, origin="sans compte")
    mail.send(
        person.email,
        "Quelqu’un connaît votre mot de passe",
        "people/courriels/codes_refuses.txt",
        {"link": base + reverse("mot-de-passe")},
        person=person,
    )
