"""How does a person choose how often she is reminded?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people.journal import note
from terril.web.people.models import Pace, Person
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def set_pace(person: Person, pace: str) -> Person:
    """Set the pace of the reminders, one of :class:`Pace`. Raises ``RefusedError``."""
    if pace not in Pace.values:
        raise RefusedError(Refusal("Choisissez un rythme parmi ceux de la liste.", 400))
    if pace != person.pace:
        former, person.pace = person.pace, pace
        person.save(update_fields=["pace"])
        note(person, "rythme des rappels changé", "compte", subject=person,
             champs={"rappels": [former, pace]})  # fmt: skip
    return person
