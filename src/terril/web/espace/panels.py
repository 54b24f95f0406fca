"""What do other rooms of the site add to the page of a row?

A panel is a function of a room above: it returns the template to include and its context, or
``None`` when it has nothing to say of this row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from terril.registres.rows import Row
from terril.web.espace.space import Space

Panel = Callable[[HttpRequest, Space, Row], "tuple[str, Mapping[str, Any]] | None"]

_PANELS: dict[str, list[Panel]] = {}


def panel(register: str) -> Callable[[Panel], Panel]:
    """Show what the function returns on the pages of the rows of this register."""

    def keep(function: Panel) -> Panel:
        held = _PANELS.setdefault(register, [])
        if function not in held:
            held.append(function)
        return function

    return keep


def panels_of(
    request: HttpRequest, space: Space, register: str, row: Row
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the panels of a row, in the order they were declared."""
    found = (function(request, space, row) for function in _PANELS.get(register, ()))
    return [one for one in found if one is not None]
