"""How is a row added to a register?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from terril.registres.rows import Row
from terril.web.espace.kept import hold
from terril.web.espace.perms import can_add, can_write
from terril.web.espace.space import Space
from terril.web.espace.writing import checked, insert
from terril.web.people.refusal import RefusedError


def add_row(space: Space, register: str, values: Mapping[str, Any], *, verb: str = "ajouté") -> Row:
    """Add a row; a state that is not given is the first one.

    ``values``: by name of column, with the Python types of ``ColumnKind``. Raises
    ``RefusedError``, or ``FaultsError`` with all that is wrong; nothing is written then.
    """
    refusal = can_add(space, register)
    if refusal is not None:
        raise RefusedError(refusal)
    card = space.card(register)
    wanted = dict(values)
    state = card.state
    if state is not None and not wanted.get(state):
        wanted[state] = space.catalogue.workflows[str(card.columns[state].workflow)].start
    with transaction.atomic():
        if not space.batch:
            hold(space.contract, register)
            space.refresh()
        known = checked(space, register, wanted, None)
        author = str(space.person.key) if space.person is not None else ""
        refusal = can_write(space, register, Row(0, 0, known, author=author))
        if refusal is not None:
            raise RefusedError(refusal)
        return insert(space, register, known, verb=verb)
