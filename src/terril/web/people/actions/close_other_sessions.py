"""How does a person end every session but the one she is in?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people import sessions
from terril.web.people.journal import note
from terril.web.people.models import OpenSession, Person


@transaction.atomic
def close_other_sessions(person: Person, kept: str) -> int:
    """End every session of a person but the one of key ``kept``; return how many."""
    number = sessions.end(OpenSession.objects.filter(person=person).exclude(session=kept))
    if number:
        note(person, "autres sessions fermées", "compte", subject=person, nombre=number)
    return number
