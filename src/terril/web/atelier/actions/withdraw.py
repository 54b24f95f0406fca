"""How is a published edition withdrawn?"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from terril.editions import withdraw as core
from terril.editions.look import Shelf
from terril.editions.register import Notice
from terril.web.atelier.perms import can_withdraw
from terril.web.atelier.projects import Held
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError


def withdraw(person: Person, item: Held, date: str, motive: str, replacement: str = "") -> Notice:
    """Withdraw the edition where the public sees it, and in its project.

    Raises ``RefusedError``, and ``ProblemsError`` as ``editions.withdraw`` does.
    """
    refusal = can_withdraw(person, item, date)
    if refusal is not None:
        raise RefusedError(refusal)
    on = dt.date.today().isoformat()
    places = {folder.resolve(): folder for folder in (settings.EDITIONS, item.editions)}
    notices = []
    with transaction.atomic():
        note(person, "édition retirée", f"{item.name}, {date}", motif=motive)
        for folder in places.values():
            look = Shelf(folder).look(date)
            if look is not None and look.notice is None:
                notices.append(core.withdraw(look.path, motive, on=on, replacement=replacement))
    return notices[0]
