"""How is a forgotten password replaced by someone who holds the server?"""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def set_password(email: str, password: str, *, by: Person | None = None) -> Person:
    """Replace the password: open sessions end. Raises ``RefusedError``."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise RefusedError(Refusal(f"Aucun compte {email}.", 404))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise RefusedError(Refusal(" ".join(error.messages), 400)) from error
    person.set_password(password)
    person.save()
    note(by, "mot de passe remplacé", person.email)
    return person
