"""What follows from the version of a row that was just saved: is it read, must she be told?"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from terril.web.espace.cards import cards
from terril.web.espace.models import Revision
from terril.web.participation.actions.tell_resident import tell_resident
from terril.web.participation.models import Reading
from terril.web.participation.publication import RIGHT, WORDS, fingerprint, may_publish


def saved(sender: object, instance: Revision, created: bool, **_: Any) -> None:
    """Note what was read by who may publish; tell the resident who waits for an answer."""
    register = instance.entry.register
    if not created or register not in WORDS:
        return
    values = instance.values
    if values.get("publie") is True and may_publish(instance, cards().rights[RIGHT].roles):
        Reading.objects.update_or_create(
            entry=instance.entry,
            defaults={"fingerprint": fingerprint(register, values), "by": instance.by},
        )
    if register == "besoins":
        entry = instance.entry_id
        transaction.on_commit(lambda: tell_resident(entry))
