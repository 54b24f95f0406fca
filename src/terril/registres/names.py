"""What is a row called, and which row has this name?

People write the name of an organisation, its key or « n° 12 »; links hold numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Register
from terril.registres.display import shown
from terril.registres.folding import fold, tight
from terril.registres.numbering import Names, exists, name_and_number, number_in, numbered
from terril.registres.rows import Books

__all__ = [
    "BookNames", "Index", "Names", "exists", "key_text", "name_and_number", "number_in", "numbered",
]  # fmt: skip


class Index:
    """Numbers of rows by name and by key, whatever the case, the accents, the spaces."""

    def __init__(self) -> None:
        self._near: dict[str, dict[int, None]] = {}
        self._far: dict[str, dict[int, None]] = {}

    def add(self, number: int, text: str) -> None:
        """Let a row be found by a text."""
        if fold(text):
            self._near.setdefault(fold(text), {})[number] = None
        if tight(text):
            self._far.setdefault(tight(text), {})[number] = None

    def find(self, text: str) -> tuple[int, ...]:
        """The numbers of the rows of this text, smallest first."""
        found = self._near.get(fold(text)) or self._far.get(tight(text)) or {}
        return tuple(sorted(found))


class BookNames:
    """The names of the rows of ``books``; each register is indexed when it is first asked."""

    def __init__(self, catalogue: Catalogue, books: Books, indicators: Mapping[str, str]) -> None:
        self._catalogue = catalogue
        self._books = books
        self._indicators = indicators
        self._indexes: dict[str, Index] = {}
        self._names: dict[tuple[str, int], str] = {}

    @property
    def indicators(self) -> Mapping[str, str]:
        """Code → label of the indicators of the observatory."""
        return self._indicators

    def name(self, register: str, number: int) -> str:
        """The name of a row, archived or not; "n° 12" when there is none."""
        key = (register, number)
        if key not in self._names:
            self._names[key] = self._books.name(register, number)
        return self._names[key]

    def find(self, register: str, text: str) -> tuple[int, ...]:
        """The numbers of the rows, not archived, whose name or key is this text."""
        if register not in self._indexes:
            self._indexes[register] = self._indexed(register)
        return self._indexes[register].find(text)

    def _indexed(self, register: str) -> Index:
        index = Index()
        card = self._catalogue.registers[register]
        for row in self._books.rows(register):
            index.add(row.number, self.name(register, row.number))
            index.add(row.number, key_text(card, row.values, self._catalogue, self))
        return index


def key_text(card: Register, values: Mapping[str, Any], catalogue: Catalogue, names: Names) -> str:
    """The key of a row as people write it; "" without a key, or when a part of it is blank."""
    parts = [shown(card.columns[name], values.get(name), catalogue, names) for name in card.key]
    return " ".join(parts) if all(parts) else ""
