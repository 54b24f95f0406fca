"""How is an account opened?"""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError


def generated() -> str:
    """Return a password that nobody guesses and that can be typed: 96 bits in five groups."""
    text = secrets.token_hex(12)
    return "-".join(text[start : start + 5] for start in range(0, len(text), 5))


@transaction.atomic
def create_account(
    email: str, password: str, *, name: str = "", analyst: bool = False, by: Person | None = None
) -> Person:
    """Open an account. Raises ``RefusedError`` on an address or a password that is not fit."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise RefusedError(
            Refusal(f"« {email} » n’est pas une adresse électronique.", 400)
        ) from error
    if Person.objects.filter(email=email).exists():
        raise RefusedError(Refusal(f"Un compte {email} existe déjà.", 409))
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise RefusedError(Refusal(" ".join(error.messages), 400)) from error
    person = Person.objects.create_user(email, password, name=name, is_analyst=analyst)
    note(by, "compte créé", "compte", subject=person, analyste=analyst)
    return person
