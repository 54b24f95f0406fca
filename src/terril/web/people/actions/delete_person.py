"""How does a person leave, and what is left of her?

An empty shell: a key that lines of the journal point to and that leads to nobody.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from terril.web.people import lock, mail, sessions
from terril.web.people.journal import note
from terril.web.people.leaving import erase_elsewhere
from terril.web.people.models import (
    OpenSession,
    Outbox,
    Pace,
    Person,
    RecoveryCode,
    SecondFactor,
)
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def delete_person(person: Person, *, by: Person | None) -> Person:
    """Erase what is held of a person, everywhere; a last message tells her.

    ``by``: herself, another person, or ``None`` for whoever holds the server. Raises
    ``RefusedError`` when she is gone already, or when a room may not do without her.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.deleted is not None:
        raise RefusedError(Refusal("Ce compte est déjà supprimé.", 409))
    erase_elsewhere(person)
    sessions.end(OpenSession.objects.filter(person=person))
    SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    Outbox.objects.filter(person=person).delete()
    Outbox.objects.filter(to__iexact=person.email).delete()
    lock.forget(person.email)
    person.groups.clear()
    person.user_permissions.clear()
    note(by, "compte supprimé", "compte", subject=person)
    mail.send(person.email, "Compte supprimé", "people/courriels/compte_supprime.txt", {})
    person.email = f"{person.key.hex}@supprime.invalid"
    person.name = ""
    person.is_active = person.is_analyst = person.is_superuser = False
    person.pace = Pace.NEVER
    person.reminded = person.last_login = None
    person.deleted = timezone.now()
    person.set_unusable_password()
    person.save()
    return person
