"""How is a decision written down, which is a task from then on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.space import Space
from terril.web.gouvernance.perms import can_decide
from terril.web.people.refusal import RefusedError


def decide(space: Space, meeting: Row, values: Mapping[str, Any]) -> Row:
    """Add a decision of a meeting. Raises ``RefusedError``, ``FaultsError``."""
    refusal = can_decide(space, meeting)
    if refusal is not None:
        raise RefusedError(refusal)
    return add_row(space, "decisions", {**values, "reunion": meeting.number}, verb="décidé")
