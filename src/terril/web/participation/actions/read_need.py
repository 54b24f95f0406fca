"""How is what a resident sent read, and published or not?"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from terril.registres.rows import Row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.perms import can
from terril.web.espace.space import Space
from terril.web.participation.models import Raised
from terril.web.participation.publication import RIGHT
from terril.web.people.refusal import Refusal, RefusedError


def read_need(space: Space, number: int, base: int, *, title: str, text: str, publish: bool) -> Row:
    """Write the words that may be read by all, publish them or not, forget those that were sent.

    Raises ``RefusedError``, ``FaultsError``, ``ConflictError``; nothing is written then.
    """
    refusal = can(space, RIGHT)
    if refusal is not None:
        raise RefusedError(refusal)
    if publish and not text.strip():
        raise RefusedError(Refusal("Écrivez le texte que tout le monde lira.", 409))
    changes = {"titre": title.strip(), "texte": text.strip() or None, "publie": publish}
    with transaction.atomic():
        row = change_row(
            space, "besoins", number, changes, base, verb="relu et publié" if publish else "relu"
        )
        Raised.objects.filter(
            entry__contract=space.contract, entry__register="besoins", entry__number=number
        ).update(title="", text="", read=timezone.now())
    return row
