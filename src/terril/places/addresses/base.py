"""Which communes, streets and numbers does the prepared base hold?

One commune is read at a time and kept: a list of members lives in a few communes. Streets are
found by their exact levelled name, else by the trigrams they share with what is written.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import numpy.typing as npt

from terril.lib.problems import Problem, ProblemList, Where
from terril.places.addresses.prepare import FORMAT
from terril.places.addresses.words import Name, name_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_CANDIDATES: Final = 10  # streets compared in full, of those that share most trigrams
_LIGHTEST: Final = 0.25  # weight of the commonest word; the rarest weighs 1


@dataclass(frozen=True, slots=True)
class Street:
    """A street of a commune. ``former``: code of the old commune it is in, or ""."""

    id: int
    commune: str
    former: str
    label: str
    names: tuple[Name, ...]
    postcodes: frozenset[str]


@dataclass(frozen=True)
class Numbers:
    """The numbers of a commune, by street, number and suffix. Arrays of one length.

    ``number`` is −1 for a point without number; ``position``: rank of the type of position.
    """

    street: Ints
    number: Ints
    suffix: tuple[str, ...]
    xy: Floats
    position: Ints

    def of(self, street: int) -> slice:
        """Return the rows of a street."""
        start, end = np.searchsorted(self.street, (street, street + 1))
        return slice(int(start), int(end))


class Streets:
    """The streets of a commune, and how they are found."""

    def __init__(self, streets: Iterable[Street]) -> None:
        self.all = tuple(streets)
        self.by_full: dict[str, list[Street]] = defaultdict(list)
        self.by_key: dict[str, list[Street]] = defaultdict(list)
        for street in self.all:
            for name in street.names:
                for index, key in ((self.by_full, name.full), (self.by_key, name.key)):
                    if street not in index[key]:
                        index[key].append(street)

    @cached_property
    def _weights(self) -> dict[str, float]:
        seen = Counter(
            w for street in self.all for w in {w for name in street.names for w in name.words}
        )
        scale = math.log(max(2, len(self.all)))
        return {
            word: 1 - (1 - _LIGHTEST) * min(1.0, math.log(count) / scale)
            for word, count in seen.items()
        }

    def weight(self, word: str) -> float:
        """Return how much a word tells these streets apart: 1 when one street at most has it."""
        return self._weights.get(word, 1.0)

    @cached_property
    def _by_trigram(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for rank, street in enumerate(self.all):
            for trigram in {t for name in street.names for t in trigrams(name.words)}:
                found[trigram].append(rank)
        return found

    def like(self, name: Name) -> list[Street]:
        """Return the streets that may be the one that is written; exact ones alone."""
        exact = self.by_full.get(name.full) or self.by_key.get(name.key)
        if exact:
            return exact
        shared: Counter[int] = Counter()
        for trigram in trigrams(name.words):
            shared.update(self._by_trigram.get(trigram, ()))
        ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        return [self.all[rank] for rank, _ in ranked]


def trigrams(words: Iterable[str]) -> set[str]:
    """Return the groups of three letters of words, their ends marked; figures stay whole."""
    found: set[str] = set()
    for word in words:
        if word.isdigit():
            found.add(f"#{word}")
            continue
        padded = f" {word} "
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return found


class Base:
    """A prepared base, opened for reading. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._sql = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.meta: dict[str, str] = dict(self._sql.execute("SELECT key, value FROM meta"))
        self.communes: dict[str, str] = dict(
            self._sql.execute("SELECT commune, label FROM communes")
        )
        self.places: dict[str, tuple[tuple[str, str], ...]] = {}
        for name, commune, former in self._sql.execute("SELECT name, commune, former FROM places"):
            self.places[name] = (*self.places.get(name, ()), (commune, former))
        self.postcodes: dict[str, tuple[str, ...]] = {}
        for postcode, commune in self._sql.execute("SELECT postcode, commune FROM postcodes"):
            self.postcodes[postcode] = (*self.postcodes.get(postcode, ()), commune)
        self._streets: dict[str, Streets] = {}
        self._numbers: dict[str, Numbers] = {}

    def __enter__(self) -> Base:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    @property
    def crs(self) -> int:
        """EPSG code of the positions."""
        return int(self.meta["crs"])

    @cached_property
    def departments(self) -> frozenset[str]:
        """The first characters of the postcodes that the base holds."""
        return frozenset(code[:2] for code in self.postcodes)

    def names_of(self, commune: str) -> tuple[tuple[str, str], ...]:
        """Return the levelled names of a commune, each with the old commune it is of, or ""."""
        return self._names_of.get(commune, ())

    @cached_property
    def _names_of(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, pairs in self.places.items():
            for commune, former in pairs:
                found[commune].append((name, former))
        return {commune: tuple(names) for commune, names in found.items()}

    def streets(self, commune: str) -> Streets:
        """Return the streets of a commune."""
        if commune not in self._streets:
            self._streets[commune] = Streets(self._read_streets(commune))
        return self._streets[commune]

    def _read_streets(self, commune: str) -> list[Street]:
        where = "street IN (SELECT id FROM streets WHERE commune = ?)"
        names: dict[int, list[Name]] = defaultdict(list)
        for street, full in self._sql.execute(
            f"SELECT street, full FROM names WHERE {where}", (commune,)
        ):
            names[street].append(name_of(full))
        postcodes: dict[int, set[str]] = defaultdict(set)
        for street, postcode in self._sql.execute(
            f"SELECT street, postcode FROM street_postcodes WHERE {where}", (commune,)
        ):
            postcodes[street].add(postcode)
        rows = self._sql.execute(
            "SELECT id, former, name FROM streets WHERE commune = ? ORDER BY id", (commune,)
        )
        return [
            Street(key, commune, former, name, tuple(names[key]), frozenset(postcodes[key]))
            for key, former, name in rows
        ]

    def numbers(self, commune: str) -> Numbers:
        """Return the numbers of a commune."""
        if commune not in self._numbers:
            rows = self._sql.execute(
                "SELECT street, number, suffix, x, y, position FROM numbers WHERE street IN "
                "(SELECT id FROM streets WHERE commune = ?) "
                "ORDER BY street, number, suffix, x, y, position",
                (commune,),
            ).fetchall()
            street, number, suffix, x, y, position = (
                zip(*rows, strict=True) if rows else ((), (), (), (), (), ())
            )
            self._numbers[commune] = Numbers(
                np.array(street, dtype=np.int64),
                np.array(number, dtype=np.int64),
                tuple(suffix),
                np.column_stack((np.array(x, dtype=float), np.array(y, dtype=float))),
                np.array(position, dtype=np.int64),
            )
        return self._numbers[commune]


def open_base(path: Path, problems: ProblemList) -> Base | None:
    """Open a prepared base; ``None``, with an error, when it is none or of another format."""
    what = "Ce n’est pas une base d’adresses préparée."
    if path.is_file():
        try:
            base = Base(path)
        except (sqlite3.Error, KeyError, ValueError):
            pass
        else:
            if base.meta.get("format") == FORMAT:
                return base
            base.close()
            what = "Cette base a été préparée par une autre version du logiciel."
    problems.add(
        Problem(
            "base-adresses",
            Where(path.name),
            what if path.is_file() else "La base préparée n’est pas là.",
            "un fichier fait par « terril adresses --ban … --base … ».",
            "Préparez-la de nouveau depuis le CSV de la Base Adresse Nationale.",
        )
    )
    return None


def is_prepared(path: Path) -> bool:
    """Is this file a SQLite database, and not a CSV?"""
    try:
        with path.open("rb") as stream:
            return stream.read(16) == b"SQLite format 3\x00"
    except OSError:
        return False
