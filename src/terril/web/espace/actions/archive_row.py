"""How is a row put away, or taken back? Nothing is ever deleted."""

from __future__ import annotations

from django.db import transaction

from terril.registres.rows import Row
from terril.web.espace.kept import row_of
from terril.web.espace.perms import can_archive, can_restore
from terril.web.espace.space import Space
from terril.web.espace.writing import checked, locked, update
from terril.web.people.refusal import Refusal, RefusedError


def archive_row(space: Space, register: str, number: int, *, archived: bool = True) -> Row:
    """Archive a row, or restore it; the same state twice writes nothing.

    Raises ``RefusedError``; on restoring, ``FaultsError`` when its key was given to another row.
    """
    with transaction.atomic():
        entry = locked(space, register, number)
        if entry is None:
            raise RefusedError(Refusal("Cette ligne n’existe pas.", 404))
        space.refresh()
        row = row_of(entry, space.card(register))
        if row.archived == archived:
            return row
        refusal = (can_archive if archived else can_restore)(space, register, row)
        if refusal is not None:
            raise RefusedError(refusal)
        values = dict(row.values) if archived else checked(space, register, row.values, row)
        verb = "archivé" if archived else "repris"
        return update(space, register, entry, values, verb=verb, archived=archived)
