"""What awaits a person in a contract?

The rooms above declare providers; the desk shows what they return, the digest sends it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from terril.web.espace.space import Space


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that awaits somebody: a sentence, the page where it is done, by when."""

    text: str
    address: str
    due: dt.date | None = None
    level: Literal["retard", "attention", "information"] = "attention"


Provider = Callable[[Space], list[Awaited]]

_PROVIDERS: list[Provider] = []


def awaits(function: Provider) -> Provider:
    """Ask this function what awaits a person."""
    if function not in _PROVIDERS:
        _PROVIDERS.append(function)
    return function


def awaited(space: Space) -> list[Awaited]:
    """Return what awaits the person of a space: the late first, then by date, then the rest."""
    found = [one for provider in _PROVIDERS for one in provider(space)]
    order = {"retard": 0, "attention": 1, "information": 2}
    return sorted(found, key=lambda one: (order[one.level], one.due or dt.date.max, one.text))
