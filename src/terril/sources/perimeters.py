"""Which neighbourhoods does the official list of a generation hold?

The ANCT list of a generation (``listeqp2024-cog2024.csv``: code_qp, lib_qp,
insee_reg, lib_reg, insee_dep, lib_dep, insee_com, lib_com, siren_epci, lib_epci). Columns without
a head are passed over; ``insee_com`` may hold several communes; the zeros that a spreadsheet lost
are given back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity
from terril.sources.context import quoted
from terril.sources.tables import Table, Wish, read_table
from terril.sources.textual import LINE
from terril.territories.generations import parse
from terril.territories.kinds import fold, is_code

#: one row a neighbourhood of an official list
LIST: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "code": pl.String,
    "label": pl.String,
    "generation": pl.String,  # « 2015 » | « 2024 »
    "department": pl.String,  # « 01 », « 2A », « 974 »
    "region": pl.String,
    "communes": pl.List(pl.String),  # INSEE codes, in the order of the file
    "commune_labels": pl.List(pl.String),
    "epci": pl.String,  # SIREN, "" when the file gives none
    "epci_label": pl.String,
    "status": pl.String,  # what the letter of a code of 2024 says of its perimeter, or ""
    "line": pl.Int32,
}

SHOWN: Final = 5  # problems of one sort that are told one by one

_LIST_HEADS: Final = {
    "code": ("codeqp", "codgeo"),
    "label": ("libqp", "nomqp", "libgeo"),
    "region": ("inseereg",),
    "department": ("inseedep",),
    "communes": ("inseecom",),
    "commune_labels": ("libcom", "communeqp"),
    "epci": ("sirenepci",),
    "epci_label": ("libepci",),
}


def plain_head(head: str) -> str:
    """Return a head without case, accents, spaces nor marks: « Code_QP » → codeqp."""
    return re.sub(r"[^a-z0-9]", "", fold(head))


class Teller:
    """Tells the first problems of a sort one by one, and counts the others."""

    def __init__(self, table: Table, problems: ProblemList) -> None:
        self.table = table
        self.problems = problems
        self.counts: Counter[str] = Counter()

    def say(
        self,
        code: str,
        line: int,
        column: str,
        what: str,
        expected: str = "",
        remedy: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Tell one problem, or only count it when ``SHOWN`` of its sort are told."""
        self.counts[code] += 1
        if self.counts[code] <= SHOWN:
            self.problems.add(
                Problem(code, self.table.where(line, column), what, expected, remedy, severity)
            )

    def end(self) -> None:
        """Say how many problems of each sort were not told one by one."""
        for code, count in self.counts.items():
            if count > SHOWN:
                more = compte(
                    count - SHOWN, "autre ligne du même genre.", "autres lignes du même genre."
                )
                self.problems.add(Problem(code, self.table.where(), more, severity=Severity.NOTE))


def texts_of(table: Table, roles: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of a table by role, each cell a text without spaces or quotes around."""
    columns = [
        pl.col(head).fill_null("").str.strip_chars().str.strip_chars('"').str.strip_chars().alias(r)
        for r, head in roles.items()
    ]
    rows = table.rows.select(*columns, pl.col(LINE).alias("line")).collect()
    filled = pl.any_horizontal(pl.col(role) != "" for role in roles)
    return rows.filter(filled).rows(named=True)


# ------------------------------------------------------------------ the list of a generation


def read_list(path: Path, problems: ProblemList, shown: str | None = None) -> pl.DataFrame:
    """Read the official list of a generation; return a frame of ``LIST``, by code.

    A code of no generation is left out and said; so is one that stands twice. Nothing is
    returned, and an error is added, when the columns are not found.
    """

    def roles_of(cells: Sequence[str]) -> dict[str, str]:
        heads = {plain_head(c): c for c in reversed(list(cells)) if c.strip()}
        return {
            role: heads[name]
            for role, names in _LIST_HEADS.items()
            for name in reversed(names)
            if name in heads
        }

    wish = Wish(
        is_head=lambda cells: {"code", "label"} <= set(roles_of(cells)),
        expected="code_qp, lib_qp, insee_com, lib_com, siren_epci…",
    )
    tables = read_table(path, problems, wish, shown)
    if not tables:
        return pl.DataFrame(schema=LIST)
    table = tables[0]
    roles = roles_of(table.heads)
    tell = Teller(table, problems)
    found: dict[str, dict[str, Any]] = {}
    for row in texts_of(table, roles):
        line, code = row["line"], row["code"].upper()
        read = parse(code)
        if read is None:
            tell.say(
                "code-quartier",
                line,
                roles["code"],
                f"« {row['code']} » n’est pas un code de quartier.",
                "QP et six caractères (2015), ou QN et six caractères (2024).",
                "La ligne est laissée de côté.",
            )
            continue
        if code in found:
            tell.say(
                "quartier-double",
                line,
                roles["code"],
                f"{code} figure déjà à la ligne {found[code]['line']}.",
                "une ligne par quartier.",
                "La première est gardée.",
            )
            continue
        communes = [_padded(part, 5) for part in codes_in(row.get("communes", ""))]
        wrong = [c for c in communes if not is_code("commune", c)]
        if wrong:
            tell.say(
                "code-commune",
                line,
                roles["communes"],
                f"{quoted(wrong)} : ce ne sont pas des codes de commune.",
                "cinq caractères, séparés par une virgule quand il y en a plusieurs.",
                "Ces communes sont laissées de côté.",
            )
            communes = [c for c in communes if c not in wrong]
        away = [c for c in communes if not c.startswith(read.department)]
        if away and len(away) == len(communes):
            tell.say(
                "departement-quartier",
                line,
                roles["communes"],
                f"{code} est du département {read.department}, mais ses communes non : "
                f"{', '.join(away)}.",
                remedy="Vérifiez la ligne.",
            )
        epci = _padded(row.get("epci", ""), 9)
        found[code] = {
            "code": code,
            "label": row["label"],
            "generation": read.generation,
            "department": _padded(row.get("department", ""), 2) or read.department,
            "region": _padded(row.get("region", ""), 2),
            "communes": communes,
            "commune_labels": _names(row.get("commune_labels", "")),
            "epci": epci if is_code("epci", epci) else "",
            "epci_label": row.get("epci_label", ""),
            "status": read.status,
            "line": line,
        }
    tell.end()
    if not found:
        problems.add(
            Problem(
                "liste-vide",
                table.where(),
                "Aucun code de quartier n’y est lu.",
                "une ligne par quartier, son code dans « code_qp ».",
            )
        )
    return pl.DataFrame(list(found.values()), schema=LIST).sort("code")


def codes_in(text: str) -> list[str]:
    """Split codes joined by a comma, a semicolon, a bar, a slash or a space."""
    return [part for part in re.split(r"[,;|/\s]+", text) if part]


def _names(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"[,;|\n]", text) if part.strip()]


def _padded(text: str, width: int) -> str:
    """Give back the zeros that a spreadsheet lost: « 1004 » or « 1004.0 » → « 01004 »."""
    digits = re.sub(r"[.,]0+$", "", text.strip())
    return digits.zfill(width) if digits.isdigit() else digits
