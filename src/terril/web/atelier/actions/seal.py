"""How is the draft that was looked at sealed for ever?"""

from __future__ import annotations

from terril.web.atelier.jobs import launch
from terril.web.atelier.models import Job, Kind
from terril.web.atelier.perms import can_seal
from terril.web.atelier.projects import Held
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError


def seal(person: Person, item: Held, date: str, seen: str) -> Job:
    """Start sealing; ``seen`` is the mark of the draft that was looked at.

    The job builds again and refuses to seal anything else. Raises ``RefusedError``.
    """
    refusal = can_seal(person, item, date)
    if refusal is not None:
        raise RefusedError(refusal)
    if not seen:
        raise RefusedError(Refusal("Relisez le brouillon, puis scellez-le depuis sa page.", 409))
    params = {"date": date, "seen": seen}
    return launch(person, item.name, Kind.SEAL, params, verb="scellement demandé")
