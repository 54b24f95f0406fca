"""The type of the hand-made sheets of the golden tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from terril.fiches.model import Fiche


class Sheets(Protocol):
    """What ``tests/golden/golden_fiches.py`` offers."""

    one_commune: Callable[[], Fiche]
    three_communes: Callable[[], Fiche]
    almost_empty: Callable[[], Fiche]
    extreme: Callable[[], Fiche]
