"""How is a forgotten password replaced by someone who holds the server?"""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from terril.web.people import sessions
from terril.web.people.journal import note
from terril.web.people.models import OpenSession, Person
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def set_password(email: str, password: str, *, by: Person | None = None) -> Person:
    """Replace the password: open sessions end. Raises ``RefusedError``."""
    person = Person.objects.filter(email=email.strip().lower(), deleted=None).first()
    if person is None:
        raise RefusedError(Refusal(f"Aucun compte {email}.", 404))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise RefusedError(Refusal(" ".join(error.messages), 400)) from error
    person.set_password(password)
    person.save()
    sessions.end(OpenSession.objects.filter(person=person))
    note(by, "mot de passe remplacé", "compte", subject=person)
    return person
