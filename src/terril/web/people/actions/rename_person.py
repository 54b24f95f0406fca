"""How does a person choose the name that others read?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError

LONGEST = 120


@transaction.atomic
def rename_person(person: Person, name: str) -> Person:
    """Set the name displayed, "" for the beginning of the address. Raises ``RefusedError``."""
    name = " ".join(name.split())
    if len(name) > LONGEST:
        raise RefusedError(
            Refusal(f"Ce nom est trop long\u00a0: {LONGEST} caractères au plus.", 400)
        )
    if not name.isprintable():
        raise RefusedError(Refusal("Ce nom contient un caractère qu’on ne peut pas écrire.", 400))
    if name != person.name:
        person.name = name
        person.save(update_fields=["name"])
        note(person, "nom affiché changé", "compte", subject=person)
    return person
