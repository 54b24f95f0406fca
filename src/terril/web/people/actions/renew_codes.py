"""How are codes of recovery replaced?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people.factor import new_codes
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.people.staff import has_factor


@transaction.atomic
def renew_codes(person: Person) -> list[str]:
    """Return ten new codes of recovery; the former serve no more.

    Raises ``RefusedError`` when the person has no second factor.
    """
    if not has_factor(person):
        raise RefusedError(Refusal("Vous n’avez pas de second facteur.", 409))
    note(person, "codes de secours remplacés", "compte", subject=person)
    return new_codes(person)
