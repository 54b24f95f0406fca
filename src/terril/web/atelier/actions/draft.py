"""How is a draft of an edition asked for?"""

from __future__ import annotations

from terril.web.atelier.jobs import launch
from terril.web.atelier.models import Job, Kind
from terril.web.atelier.perms import can_start
from terril.web.atelier.projects import Held
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError


def draft(person: Person, item: Held, date: str) -> Job:
    """Start building a draft, in the place of the former one; raises ``RefusedError``."""
    refusal = can_start(person, item)
    if refusal is not None:
        raise RefusedError(refusal)
    return launch(person, item.name, Kind.DRAFT, {"date": date}, verb="brouillon demandé")
