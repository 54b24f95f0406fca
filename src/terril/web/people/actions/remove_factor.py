"""How is a second factor removed?"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from terril.web.people import mail
from terril.web.people.journal import note
from terril.web.people.models import Person, RecoveryCode, SecondFactor
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def remove_factor(person: Person, *, by: Person | None, base: str = "") -> None:
    """Remove the second factor and its codes; the person is told by a message.

    ``by``: herself, or ``None`` for whoever holds the server. ``base``: address of the site for
    the message. Raises ``RefusedError`` when there is none.
    """
    removed, _ = SecondFactor.objects.filter(person=person).delete()
    if not removed:
        raise RefusedError(Refusal("Ce compte n’a pas de second facteur.", 409))
    RecoveryCode.objects.filter(person=person).delete()
    note(by, "second facteur retiré", "compte", subject=person)
    mail.send(
        person.email,
        "Second facteur retiré",
        "people/courriels/second_facteur_retire.txt",
        {"link": (base or mail.base_address()) + reverse("mot-de-passe")},
        person=person,
    )
