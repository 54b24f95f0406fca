"""Of which generation of perimeters is a neighbourhood, and may two be told apart by their codes?

A code of 2015 is ``QP``, the department in three characters, three digits (``QP001002``,
``QP02A001``, ``QP974001``); a code of 2024 is ``QN``, the department in three characters, two
digits and a letter (``QN00101M``, ``QN02A01M``, ``QN97401I``). The letter says what became of
the perimeter: I unchanged, M redrawn, N new. Seen on the national list: of 1 362 codes of
metropolitan France 294 end with I, 957 with M and 111 with N, where the published counts are
291, 960 and 111. Another letter (C, in Mayotte) says nothing.

The two lists stand side by side in one project: nothing here changes a code into another. Dates
and decrees are data (``vocabularies/generations.csv``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from terril.catalogue.lists import read_list

_DEPARTMENT: Final = r"(?:0(?:[013-9]\d|2[1-9AB])|97[1-8]|98[678])"
_PATTERNS: Final = {
    "2015": rf"^QP({_DEPARTMENT})(\d{{3}})$",
    "2024": rf"^QN({_DEPARTMENT})(\d{{2}})([A-Z])$",
}
_OVERSEAS: Final = ("97", "98")


@dataclass(frozen=True, slots=True)
class Generation:
    """A list of neighbourhoods: its year, its label in French, when and by which text."""

    year: str
    prefix: str
    label: str  # « périmètres de 2015 »
    since: dt.date
    since_overseas: dt.date
    until: dt.date | None
    reference: str

    def starts(self, code: str) -> dt.date:
        """Return the day from which a neighbourhood of this list is one."""
        return self.since_overseas if department_of(code)[:2] in _OVERSEAS else self.since


@dataclass(frozen=True, slots=True)
class QpvCode:
    """What the code of a neighbourhood says. ``letter`` is "" before 2024."""

    code: str
    generation: str
    department: str  # « 62 », « 2A », « 974 »
    number: int
    letter: str = ""

    @property
    def status(self) -> str:
        """What the letter says of the perimeter: a status of the vocabulary, or ""."""
        return letters().get(self.letter, "")


@lru_cache(maxsize=1)
def generations() -> dict[str, Generation]:
    """Return the generations by year, in their order."""
    return {
        row["generation"]: Generation(
            row["generation"],
            row["prefixe"],
            row["libelle"],
            dt.date.fromisoformat(row["depuis"]),
            dt.date.fromisoformat(row["depuis_outre_mer"]),
            dt.date.fromisoformat(row["jusque"]) if row["jusque"] else None,
            row["reference"],
        )
        for row in read_list("vocabularies/generations.csv")
    }


@lru_cache(maxsize=1)
def letters() -> dict[str, str]:
    """Return what each last letter of a code of 2024 says: « M » → modifie."""
    return {
        r["lettre"]: r["statut"] for r in read_list("vocabularies/perimetres.csv") if r["lettre"]
    }


def parse(code: str) -> QpvCode | None:
    """Read a code; ``None`` when it is of no generation. Spaces around and case are forgiven."""
    text = code.strip().upper()
    for year, pattern in _PATTERNS.items():
        if match := re.match(pattern, text):
            department, number, *rest = match.groups()
            return QpvCode(text, year, department.removeprefix("0"), int(number), *rest)
    return None


def generation_of(code: str) -> str | None:
    """Return the generation of a code (« 2015 », « 2024 »), or ``None``."""
    found = parse(code)
    return found.generation if found else None


def department_of(code: str) -> str:
    """Return the department in a code (« 62 », « 974 »), or "" when it is no code."""
    found = parse(code)
    return found.department if found else ""


def generation(code: pl.Expr) -> pl.Expr:
    """Return the generation of each code of a column: « 2015 », « 2024 », or null."""
    found = pl.lit(None, dtype=pl.String)
    for year, pattern in _PATTERNS.items():
        found = pl.when(code.str.contains(pattern)).then(pl.lit(year)).otherwise(found)
    return found


def list_of(code: pl.Expr) -> pl.Expr:
    """Return the list of each code of a column: its generation, "" for any other code."""
    return generation(code).fill_null("")


def of_list(territories: pl.DataFrame, year: str) -> pl.DataFrame:
    """Leave out the neighbourhoods that the list of ``year`` replaces.

    ``territories``: kind, code, epci and any other columns. Means, ranks and sheets are of one
    list: where an EPCI has neighbourhoods of that list, those of the other stay in the figures
    and the series only. Codes of no generation, and an EPCI of one list, are kept whole.
    """
    qpv, code = pl.col("kind") == "qpv", list_of(pl.col("code"))
    replaced = (qpv & (code == year)).any().over("epci")
    return territories.filter(~(qpv & replaced & ~code.is_in([year, ""])))


def held(territories: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the neighbourhoods of a project by generation, oldest first.

    ``territories``: kind, code and any other columns. The key "" gathers codes of no
    generation; a generation without a neighbourhood is absent.
    """
    rows = territories.filter(pl.col("kind") == "qpv").with_columns(
        _generation=list_of(pl.col("code"))
    )
    return {
        year: rows.filter(pl.col("_generation") == year).drop("_generation").sort("code")
        for year in ("", *generations())
        if (rows["_generation"] == year).any()
    }
