"""What must be erased, elsewhere, when a person leaves?

Each room that holds something of a person registers a function when the site starts. It erases,
in the transaction of the deletion, or refuses by raising ``RefusedError`` (a contract would have
nobody left to hold it).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from terril.web.people.models import Person

Eraser = Callable[[Person], None]
_ERASERS: Final[list[Eraser]] = []


def leaves(eraser: Eraser) -> Eraser:
    """Register a function that erases what its room holds of a person; usable as decorator."""
    if eraser not in _ERASERS:
        _ERASERS.append(eraser)
    return eraser


def erase_elsewhere(person: Person) -> None:
    """Have every room erase what it holds; raises ``RefusedError`` when one may not."""
    for eraser in _ERASERS:
        eraser(person)
