"""How is an action written down, so that it is known who did what?"""

from __future__ import annotations

from typing import Any

from terril.web.people.models import Journal, Person


def note(person: Person | None, verb: str, thing: str, **details: Any) -> Journal:
    """Add one line to the journal. Without a person it was the command line."""
    who = person.email if person is not None else "ligne de commande"
    return Journal.objects.create(who=who, verb=verb, thing=thing[:300], details=details)
