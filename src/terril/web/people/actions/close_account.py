"""How is an account closed?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def close_account(email: str, *, by: Person | None = None) -> Person:
    """Close an account: it signs in no more, its open sessions end. Raises ``RefusedError``."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise RefusedError(Refusal(f"Aucun compte {email}.", 404))
    person.is_active = False
    person.set_unusable_password()
    person.save()
    note(by, "compte fermé", person.email)
    return person
