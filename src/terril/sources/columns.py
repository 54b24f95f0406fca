"""Which column of an official file is which indicator, and of which year, in each vintage?

The maps are CSV files of ``catalogue/columns``: one line a column, with the vintages that
have it; ``periodes.csv`` says of which year each group of columns is, and how sure that is;
``familles.csv`` names the families of files; ``notes.csv`` reads the producer's codes. A
head that carries the year is written with ``{aa}``, its two last digits.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terril.catalogue.lists import read_list

KEY, NOTE = "cle", "note"  # groups that hold no figure
YEAR_MARK: Final = "{aa}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a family. ``indicator`` "" when it is known and not loaded."""

    head: str  # upper case, with {aa} for the year
    vintages: tuple[str, ...]
    indicator: str
    group: str
    factor: float
    label: str

    def written(self, vintage: str) -> str:
        """Return the head as a file of that vintage writes it (upper case)."""
        return self.head.replace(YEAR_MARK, vintage[-2:])


@dataclass(frozen=True, slots=True)
class Period:
    """The year of one group of columns in one vintage, and the reason to believe it."""

    period: str
    note: str  # head of the producer's code, "" when there is none
    sure: bool
    reason: str


@dataclass(frozen=True)
class Family:
    """A family of files of one producer. ``levels``: mark in the file name → kind."""

    code: str
    label: str
    mark: str
    levels: Mapping[str, str]
    kind: str
    territory: str
    totals: tuple[str, ...]  # codes of rows that sum up all the others
    source: str
    columns: tuple[Column, ...]
    periods: Mapping[tuple[str, str], Period]  # (vintage, group)

    @property
    def vintages(self) -> tuple[str, ...]:
        """Return the vintages that the map describes, oldest first."""
        return tuple(sorted({v for column in self.columns for v in column.vintages}))

    @property
    def dated_heads(self) -> bool:
        """Say whether heads carry the year."""
        return any(YEAR_MARK in column.head for column in self.columns)

    def of(self, vintage: str) -> tuple[Column, ...]:
        """Return the columns that a vintage has."""
        return tuple(c for c in self.columns if vintage in c.vintages)

    def share_known(self, heads: Iterable[str]) -> float:
        """Return the share of heads (upper case) that some vintage of the family has."""
        named = [h for h in heads if h]
        if self.territory not in named or not named:
            return 0.0
        known = {c.head for c in self.columns}
        return sum(1 for h in named if self.template(h) in known) / len(named)

    def template(self, head: str) -> str:
        """Return a head with its year replaced by ``{aa}``, when the map has it so."""
        known = {c.head for c in self.columns}
        if head in known:
            return head
        dated = re.sub(r"\d{2}$", YEAR_MARK, head)
        return dated if dated in known else head

    def year_in(self, heads: Iterable[str]) -> str | None:
        """Return the year that the heads carry most often, as ``20aa``."""
        if not self.dated_heads:
            return None
        years = Counter(
            h[-2:] for h in heads if self.template(h).endswith(YEAR_MARK) and h[-2:].isdigit()
        )
        return f"20{years.most_common(1)[0][0]}" if years else None


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family]:
    """Return the families of the catalogue, by code."""
    periods: dict[str, dict[tuple[str, str], Period]] = {}
    for row in read_list("columns/periodes.csv"):
        periods.setdefault(row["famille"], {})[row["millesime"], row["groupe"]] = Period(
            row["periode"], row["note"], row["certitude"] == "établi", row["raison"]
        )
    found: dict[str, Family] = {}
    for row in read_list("columns/familles.csv"):
        code = row["famille"]
        levels = dict(p.split("=", 1) for p in row["fichier"].split("|") if "=" in p)
        found[code] = Family(
            code=code,
            label=row["libelle"],
            mark="" if levels else row["fichier"],
            levels=levels,
            kind=row["genre"],
            territory=row["territoire"],
            totals=tuple(t.upper() for t in row["ensemble"].split("|") if t),
            source=row["source"],
            columns=tuple(_column(c) for c in read_list(f"columns/{code}.csv")),
            periods=periods.get(code, {}),
        )
    return found


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        head=row["colonne"],
        vintages=tuple(row["millesimes"].split()),
        indicator=row["indicateur"],
        group=row["groupe"],
        factor=float(row["facteur"] or 1),
        label=row["libelle"],
    )


@lru_cache(maxsize=1)
def note_codes() -> Mapping[str, str]:
    """Return code of the producer → status of an empty cell under that code."""
    return {row["note"]: row["vide"] for row in read_list("columns/notes.csv")}


def recognise(heads: Iterable[str], file: str) -> Family | None:
    """Return the family that knows most of the heads (upper case), or ``None``.

    At least half of the heads must be known; the mark in the file name settles a tie.
    """
    named = list(heads)
    scores = {
        f.code: (f.share_known(named), f.mark != "" and f.mark in file.upper())
        for f in families().values()
    }
    best = max(scores, key=lambda code: scores[code])
    return families()[best] if scores[best][0] >= 0.5 else None
