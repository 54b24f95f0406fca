"""How is a row of a register called when one word is not enough: « n° 12 », « Lens (n° 12) »?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Protocol

from terril.lib.french import NBSP

_NUMBER: Final = re.compile(r"^n\s*[°o]\s*(\d{1,9})$", re.IGNORECASE)
_NAMED: Final = re.compile(r"^(?P<name>.+?)\s*\(n\s*°\s*(?P<number>\d{1,9})\)$", re.DOTALL)


class Names(Protocol):
    """The names of the rows of a contract, and the labels of the indicators."""

    @property
    def indicators(self) -> Mapping[str, str]:
        """Code → label of the indicators of the observatory."""
        ...

    def name(self, register: str, number: int) -> str:
        """The name of a row, archived or not; "n° 12" when there is none."""
        ...

    def find(self, register: str, text: str) -> tuple[int, ...]:
        """The numbers of the rows, not archived, whose name or key is this text."""
        ...


def numbered(number: int) -> str:
    """« n° 12 »."""
    return f"n°{NBSP}{number}"


def number_in(text: str) -> int | None:
    """12 for « n° 12 », « N°12 », « no 12 »; ``None`` for anything else."""
    match = _NUMBER.match(text.strip())
    return int(match.group(1)) if match else None


def name_and_number(text: str) -> tuple[str, int] | None:
    """("Lens", 12) for « Lens (n° 12) »; ``None`` for anything else."""
    match = _NAMED.match(text.strip())
    return (match.group("name"), int(match.group("number"))) if match else None


def exists(names: Names, register: str, number: int) -> bool:
    """Is there a row of this number, archived or not?"""
    return number_in(names.name(register, number)) != number
