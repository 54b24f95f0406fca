"""What do the sheets of this workbook hold (XLSX, XLS, ODS)?

Cells become texts: a whole number loses its « .0 », a fraction is written with the digits
that matter, a date as year-month-day. Empty rows keep their place, so that lines are those
the spreadsheet shows.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from terril.lib.problems import Problem, ProblemList, Where
from terril.lib.textfile import fingerprint


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells as the library gives them, from its first line."""

    name: str
    format: str
    sha256: str
    size: int
    cells: list[list[Any]]

    def sample(self, count: int) -> list[tuple[int, list[str]]]:
        """Return the first rows as texts, each with its line."""
        return [(n, [as_text(c) or "" for c in row]) for n, row in enumerate(self.cells[:count], 1)]

    def frame(self, after: int, heads: Sequence[str], line: str) -> pl.DataFrame:
        """Return the rows below line ``after`` under the heads that are not blank."""
        body = self.cells[after:]
        columns: dict[str, pl.Series] = {}
        for place, head in enumerate(heads):
            if head:
                values = [as_text(row[place]) if place < len(row) else None for row in body]
                columns[head] = pl.Series(head, values, dtype=pl.String)
        columns[line] = pl.Series(line, range(after + 1, after + 1 + len(body)), dtype=pl.Int32)
        return pl.DataFrame(columns)

    def headless(self, after: int, heads: Sequence[str]) -> pl.DataFrame:
        """Return the columns below line ``after`` whose head is blank."""
        body = self.cells[after:]
        return pl.DataFrame(
            {
                f"c{place}": pl.Series([as_text(row[place]) for row in body], dtype=pl.String)
                for place, head in enumerate(heads)
                if not head
            }
        )


def as_text(value: Any) -> str | None:
    """Return a cell as a text; an empty one as ``None``.

    A fraction is written with twelve significant digits at most: a spreadsheet stores
    19.6 as 19.600000000000001.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else _fraction(value)
    if isinstance(value, dt.datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time | dt.datetime):
        return value.isoformat()
    return str(value)


def _fraction(value: float) -> str:
    text = f"{value:.12g}"
    return f"{value:.12f}".rstrip("0") if "e" in text and abs(value) < 1 else text


def read_sheets(path: Path, name: str, wanted: str | None, problems: ProblemList) -> list[Sheet]:
    """Read the sheets of a workbook, or the one ``wanted``; an empty list when it cannot be."""
    try:
        with path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
            names = book.sheet_names
            chosen = names if wanted is None else [n for n in names if n.strip() == wanted.strip()]
            if not chosen:
                problems.add(_no_sheet(name, wanted or "", names))
                return []
            digest, size = fingerprint(path), path.stat().st_size
            kind = path.suffix.lower().lstrip(".") or "classeur"
            return [
                Sheet(
                    n,
                    kind,
                    digest,
                    size,
                    book.get_sheet_by_name(n).to_python(skip_empty_area=False),
                )
                for n in chosen
            ]
    except (CalamineError, OSError, ValueError) as error:
        problems.add(
            Problem(
                "classeur-illisible",
                Where(name),
                f"Le classeur ne peut pas être ouvert ({error}).",
                "un fichier XLSX, XLS ou ODS sans mot de passe.",
                "Ouvrez-le dans le tableur et enregistrez-le de nouveau, sans mot de passe.",
            )
        )
        return []


def _no_sheet(name: str, wanted: str, names: list[str]) -> Problem:
    near = difflib.get_close_matches(wanted, names, 1)
    return Problem(
        "feuille-absente",
        Where(name),
        f"La feuille « {wanted} » n’existe pas.",
        "l’une de celles-ci : " + ", ".join(f"« {n} »" for n in names) + ".",
        f"Écrivez « {near[0]} » dans « feuille »." if near else "Corrigez « feuille ».",
    )
