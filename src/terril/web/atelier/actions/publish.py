"""How is a sealed edition shown to the public, with its documents?"""

from __future__ import annotations

from terril.web.atelier.jobs import launch
from terril.web.atelier.models import Job, Kind
from terril.web.atelier.perms import can_publish
from terril.web.atelier.projects import Held
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError


def publish(person: Person, item: Held, date: str) -> Job:
    """Start making the documents and putting the edition on line; raises ``RefusedError``."""
    refusal = can_publish(person, item, date)
    if refusal is not None:
        raise RefusedError(refusal)
    return launch(person, item.name, Kind.PUBLISH, {"date": date}, verb="publication demandée")
