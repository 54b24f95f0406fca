"""How does a person end a session that she has open?"""

from __future__ import annotations

from django.db import transaction

from terril.web.people import sessions
from terril.web.people.journal import note
from terril.web.people.models import OpenSession, Person
from terril.web.people.refusal import Refusal, RefusedError


@transaction.atomic
def close_session(person: Person, number: int) -> None:
    """End one session of a person. Raises ``RefusedError`` when it is not one of hers."""
    if not sessions.end(OpenSession.objects.filter(person=person, pk=number)):
        raise RefusedError(Refusal("Cette session est déjà fermée.", 404))
    note(person, "session fermée", "compte", subject=person)
