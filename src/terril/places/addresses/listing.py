"""Which addresses does the file of an association hold, and what of it is left unread?

Columns are recognised by their title (``columns/adresses.csv``): a whole address, or its parts.
Every other column (names, dates of birth, telephone numbers…) is left unread: nothing of it can
come out. A line with an empty address counts: its person is of the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import first_lines, inspect, signature
from terril.places.addresses.parse import Line
from terril.sources.tables import Table, Wish, clean_head, read_table
from terril.sources.textual import LINE
from terril.territories.kinds import fold

_PERSON: Final = "personne"
_STREET: Final = ("adresse", "voie")  # one of them is needed
_NOT_A_CELL: Final = "\x1f"  # cuts no line: the file has one column, whose texts hold commas
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: its number in the file (1-based), and its address."""

    number: int
    line: Line


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines of a list, in the order of the file, and the titles left unread."""

    lines: tuple[Listed, ...]
    unread: tuple[str, ...]
    file: str
    sheet: str


@lru_cache(maxsize=1)
def _roles() -> dict[str, str]:
    return {row["titre"]: row["role"] for row in read_list("columns/adresses.csv")}


def _role(head: str, chosen: str) -> str:
    if chosen:
        if head == chosen:
            return "adresse"
        role = _roles().get(fold(head), "")
        return role if role in ("postal", "commune", "insee", _PERSON) else ""
    return _roles().get(fold(head), "")


def read_listing(
    path: Path,
    problems: ProblemList,
    *,
    column: str = "",
    headless: bool = False,
    sheet: str = "",
) -> Listing | None:
    """Read a list; ``None``, with an error, when no column of addresses is found.

    ``column``: title of the column of addresses, when it is not recognised. ``headless``: the
    file has no titles, its first column holds whole addresses. ``sheet``: of a workbook.
    """

    def is_head(cells: Sequence[str]) -> bool:
        heads = [clean_head(cell) for cell in cells]
        return column in heads if column else any(_role(h, "") in _STREET for h in heads)

    wish = Wish(
        sheet=sheet or None,
        head_line=1 if headless else None,
        is_head=None if headless else is_head,
        separator=_NOT_A_CELL if _one_column(path) else None,
        expected=f"une colonne « {column} »."
        if column
        else "une colonne « adresse », ou « numero », « voie », « code postal », « commune ».",
    )
    told = ProblemList()
    tables = read_table(path, told, wish)
    _retell(told, problems, bool(tables))
    if not tables:
        return None
    if len(tables) > 1:
        names = ", ".join(f"« {table.sheet} »" for table in tables)
        problems.add(
            Problem(
                "plusieurs-feuilles",
                Where(path.name),
                f"Plusieurs feuilles ont une colonne d’adresses : {names}.",
                "une seule liste à la fois, pour ne compter personne deux fois.",
                "Choisissez-la avec --feuille.",
            )
        )
        return None
    return _listing(tables[0], column, headless, problems)


def _one_column(path: Path) -> bool:
    """Is it a text whose title line is not cut: one column, commas being part of addresses?"""
    if not path.is_file() or signature(path) != "text":
        return False
    facts = inspect(path)
    if facts.binary or facts.blank:
        return False
    text = first_lines(path, facts)
    first = next((line for line in text.splitlines() if line.strip()), "")
    lines = text.splitlines()[:200]
    strong = any(cut in line for cut in (";", "\t", "|") for line in lines)
    return not strong and not any(_roles().get(fold(cell)) for cell in first.split(",")[1:])


def _retell(told: ProblemList, problems: ProblemList, read: bool) -> None:
    """Pass problems on, without the words of the file that some quote: they may be names."""
    for problem in told:
        if problem.code == "entete-absent":
            problem = Problem(
                problem.code,
                Where(problem.where.file, problem.where.sheet),
                "Aucune colonne d’adresses n’est reconnue.",
                problem.expected,
                "Nommez la colonne avec --colonne, ou ajoutez --sans-titre si la première ligne "
                "est déjà une adresse.",
            )
        elif read and problem.severity is Severity.NOTE:
            continue
        problems.add(problem)


def _listing(table: Table, column: str, headless: bool, problems: ProblemList) -> Listing:
    heads = [head for head in table.heads if head]
    if headless:
        roles = {heads[0]: "adresse"} if heads else {}
    else:
        roles = {head: role for head in heads if (role := _role(head, column))}
    kept = {head: role for head, role in roles.items() if role != _PERSON}
    unread = () if headless else tuple(head for head in heads if head not in kept)
    _tell_unread(table, unread, roles, problems)
    filled = pl.any_horizontal(
        (pl.col(head).is_not_null() & (pl.col(head).str.strip_chars() != "")) for head in heads
    )
    rows = table.rows.filter(filled).select(*kept, LINE).collect()
    lines = [_listed(row, kept) for row in rows.iter_rows(named=True)]
    if headless and heads:
        lines.insert(0, Listed(table.head_line, Line(heads[0])))
    if not lines:
        problems.add(
            Problem(
                "liste-vide",
                table.where(),
                "La liste n’a aucune ligne.",
                "une adresse par ligne.",
            )
        )
    return Listing(tuple(lines), unread, table.file, table.sheet)


def _listed(row: dict[str, object], kept: dict[str, str]) -> Listed:
    def cells(*wanted: str) -> list[str]:
        found = [str(row[h] or "").strip() for h, role in kept.items() if role in wanted]
        return [cell for cell in found if cell]

    number = " ".join(cells("numero", "indice"))
    street = " ".join(cells("type", "voie"))
    address = ", ".join(cells("adresse"))
    said = street if street else address
    if number and not said.startswith(number.split()[0]):
        said = f"{number} {said}"
    text = ", ".join(part for part in (said, address if street else "") if part)
    return Listed(
        int(str(row[LINE])),
        Line(text, " ".join(cells("postal")), " ".join(cells("commune")), " ".join(cells("insee"))),
    )


def _tell_unread(
    table: Table, unread: tuple[str, ...], roles: dict[str, str], problems: ProblemList
) -> None:
    if not unread:
        return
    people = [head for head in unread if roles.get(head) == _PERSON]
    shown = ", ".join(f"« {head} »" for head in unread[:_SHOWN])
    more = f" et {len(unread) - _SHOWN} autres" if len(unread) > _SHOWN else ""
    problems.add(
        Problem(
            "donnees-personnelles" if people else "colonnes-non-lues",
            table.where(table.head_line),
            f"Colonnes non lues : {shown}{more}. Rien de ce qu’elles contiennent n’est repris.",
            "une liste d’adresses, sans rien d’autre." if people else "",
            "Faites une copie de la liste qui n’a que les adresses : c’est tout ce qu’il faut."
            if people
            else "",
            Severity.WARNING if people else Severity.NOTE,
        )
    )
