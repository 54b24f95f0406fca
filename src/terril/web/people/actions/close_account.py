"""How is an account closed?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people import sessions
from terril.web.people.journal import note
from terril.web.people.models import OpenSession, Person
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def close_account(email: str, *, by: Person | None = None) -> Person:
    """Close an account: it signs in no more, its open sessions end. Raises ``RefusedError``."""
    person = Person.objects.filter(email=email.strip().lower(), deleted=None).first()
    if person is None:
        raise RefusedError(Refusal(f"Aucun compte {email}.", 404))
    person.is_active = False
    person.set_unusable_password()
    person.save()
    sessions.end(OpenSession.objects.filter(person=person))
    note(by, "compte fermé", "compte", subject=person)
    return person
