"""Which structures stand twice, under two names or two rows?

The same SIRET, the same number of associations (RNA), the same name once articles are left out,
or names that differ by a mistake of typing. Numbers in names are never mistakes: « Cité 4 » is
not « Cité 9 ». These are questions for a person, nothing is merged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from terril.contrat.directory.sheets import OFFERS, ORGANISATIONS, SHEETS
from terril.contrat.directory.spelling import SMALL_WORDS, bare, distance, words
from terril.registres.folding import Collation, collation
from terril.registres.rows import Books, Row

#: what many names open with, and which tells no structure from another
_EMPTY_WORDS: Final = SMALL_WORDS | {"association", "asso"}


class Reason(StrEnum):
    """Why two structures may be one."""

    SIRET = "même SIRET"
    RNA = "même numéro RNA"
    NAME = "même nom"
    NEAR = "noms proches"
    ACRONYM = "le sigle de l’une est le nom de l’autre"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows of organisations that may be one structure; reasons, the surest first."""

    first: Row
    second: Row
    reasons: tuple[Reason, ...]

    @property
    def sure(self) -> bool:
        """Do they share an official number?"""
        return bool({Reason.SIRET, Reason.RNA}.intersection(self.reasons))


@dataclass(frozen=True, slots=True)
class Key:
    """A name as it is compared: its words without the empty ones, and its numbers."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def letters(self) -> str:
        """The words without spaces, so that a hyphen more or less does not count."""
        return "".join(self.words)


def key_of(name: str) -> Key:
    """Return how a name is compared."""
    kept = [bare(word) for word in words(name) if word not in _EMPTY_WORDS]
    return Key(
        tuple(word for word in kept if not word.isdigit()),
        tuple(word for word in kept if word.isdigit()),
    )


def compared(first: Key, second: Key, per_mistake: int) -> Reason | None:
    """Say whether two names are the same, near, or neither.

    The words that both have are set aside; the others may differ by one letter for each
    ``per_mistake`` letters of the shorter.
    """
    if first.numbers != second.numbers or not (first.words and second.words):
        return None
    if first.letters == second.letters or Counter(first.words) == Counter(second.words):
        return Reason.NAME
    mine, other = _apart(first.words, second.words), _apart(second.words, first.words)
    most = min(len(mine), len(other)) // per_mistake
    return Reason.NEAR if most and distance(mine, other, most) <= most else None


def _apart(these: Sequence[str], those: Sequence[str]) -> str:
    left = Counter(those)
    kept = []
    for word in these:
        if left[word]:
            left[word] -= 1
        else:
            kept.append(word)
    return "".join(kept)


def pairs(organisations: Sequence[Row], per_mistake: int) -> list[Pair]:
    """Return the pairs to look at, those with an official number in common first."""
    reasons: dict[tuple[int, int], set[Reason]] = defaultdict(set)
    rows = {row.number: row for row in organisations}
    for column, reason in (("siret", Reason.SIRET), ("rna", Reason.RNA)):
        for held in _groups(organisations, column):
            for first, second in combinations(sorted(held), 2):
                reasons[first, second].add(reason)
    for first, second, reason in _same_names(organisations, per_mistake):
        reasons[first, second].add(reason)
    for first, second in _acronyms(organisations):
        reasons[first, second].add(Reason.ACRONYM)
    order = list(Reason)
    found = [
        Pair(rows[first], rows[second], tuple(sorted(why, key=order.index)))
        for (first, second), why in reasons.items()
    ]
    return sorted(
        found, key=lambda p: (order.index(p.reasons[0]), _by_name(p.first), _by_name(p.second))
    )


def _by_name(row: Row) -> tuple[Collation, int]:
    return collation(str(row.get("nom") or "")), row.number


def _groups(rows: Sequence[Row], column: str) -> list[list[int]]:
    held: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.get(column):
            held[str(row.get(column))].append(row.number)
    return [numbers for numbers in held.values() if len(numbers) > 1]


def _same_names(rows: Sequence[Row], per_mistake: int) -> Iterator[tuple[int, int, Reason]]:
    """Compare the names two by two, leaving out the pairs that cannot be near."""
    held: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.number):
        key = key_of(str(row.get("nom") or ""))
        if key.words:
            held[key.numbers].append(_Name.of(row.number, key))
    for names in held.values():
        for one, other in combinations(names, 2):
            if not one.may_be(other, per_mistake):
                continue
            reason = compared(one.key, other.key, per_mistake)
            if reason is not None:
                yield min(one.number, other.number), max(one.number, other.number), reason


@dataclass(frozen=True, slots=True)
class _Name:
    """A name with what tells fast that another is not near. ``mask``: one bit a letter."""

    number: int
    key: Key
    size: int
    mask: int
    apart: frozenset[str]

    @classmethod
    def of(cls, number: int, key: Key) -> _Name:
        letters = key.letters
        mask = sum(1 << at for at in {ord(c) - 97 for c in letters} if 0 <= at < 26)
        return cls(number, key, len(letters), mask, frozenset(key.words))

    def may_be(self, other: _Name, per_mistake: int) -> bool:
        """Could the two be near? Never ``False`` when they are; ``True`` may be a mistake."""
        if self.key.letters == other.key.letters or self.apart == other.apart:
            return True
        shared = sum(map(len, self.apart & other.apart))
        most = (min(self.size, other.size) - shared) // per_mistake
        if most < 1 or abs(self.size - other.size) > most:
            return False
        return (self.mask ^ other.mask).bit_count() <= 2 * most


def _acronyms(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    names: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        names[_compact(row.get("nom"))].append(row.number)
    for row in rows:
        acronym = _compact(row.get("sigle"))
        for number in names.get(acronym, ()) if acronym else ():
            if number != row.number:
                yield min(number, row.number), max(number, row.number)


def _compact(value: object) -> str:
    return "".join(words(str(value or "")))


def uses(books: Books, organisation: int) -> tuple[int, int]:
    """Return how many sheets and offers a structure has: the row to keep is the one in use."""
    sheets = sum(row.get("organisation") == organisation for row in books.rows(SHEETS))
    offers = sum(row.get("organisation") == organisation for row in books.rows(OFFERS))
    return sheets, offers


def twins(books: Books, per_mistake: int) -> list[Pair]:
    """Return the structures of a contract that may stand twice."""
    return pairs(books.rows(ORGANISATIONS), per_mistake)
