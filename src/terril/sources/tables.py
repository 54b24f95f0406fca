"""What rows and columns does this file hold, and on which line does each stand?

One door, ``read_table``, for CSV, XLSX, XLS and ODS. Every cell is a text; every row keeps
the line a spreadsheet or an editor shows. The head of the table is looked for: titles above
it are passed over and said. Nothing is guessed about the meaning of columns here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import (
    first_lines,
    inspect,
    rows_of,
    signature,
    sniff_separator,
)
from terril.sources.textual import LINE, scan, tell_encoding, tell_headless
from terril.sources.workbook import read_sheets

HEAD_SEARCH: Final = 40  # rows among which the head of a table is looked for
_SEPARATOR_NAMES: Final = {";": "le point-virgule", ",": "la virgule", "\t": "la tabulation"}

#: says of a row of cells whether it is the head of a table
IsHead = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class Table:
    """A table as read: heads, lazy rows of texts (null when empty), and where it comes from.

    ``rows`` has one column a head, in order and without repeats, then ``LINE`` (Int32,
    1-based). ``empty_heads`` counts the columns without a head that were left out.
    """

    file: str
    sheet: str
    sha256: str
    size: int
    encoding: str
    head_line: int
    heads: tuple[str, ...]
    rows: pl.LazyFrame
    repeated: tuple[str, ...] = ()  # heads that stand more than once

    def where(self, line: int | None = None, column: str = "") -> Where:
        """Return a place in this table, for a problem."""
        return Where(self.file, self.sheet, line, column)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a table should be read.

    ``sheet``: only that sheet. ``head_line``: the head is on that line, no search.
    ``skip``: lines to pass over after the head. ``is_head``: recognises the head.
    ``separator``: forced field separator of a text file. ``expected``: the head, in French,
    for the message when it is not found.
    """

    sheet: str | None = None
    head_line: int | None = None
    skip: int = 0
    is_head: IsHead | None = None
    separator: str | None = None
    expected: str = "une ligne de titres de colonnes."


def read_table(
    path: Path, problems: ProblemList, wish: Wish | None = None, shown: str | None = None
) -> list[Table]:
    """Read the tables of a file: one for a text file, one a sheet for a workbook.

    ``shown`` is how messages and provenance name the file. Returns the tables whose head
    was found, an empty list when the file cannot be read; the reasons go to ``problems``
    (file absent, empty, not a table, undecodable, no head). With a ``Wish.is_head`` sheets
    without the head are passed over, and said only when no sheet has it.
    """
    wish = wish or Wish()
    name = shown or path.name
    if not path.is_file():
        problems.add(_absent(path, name))
        return []
    kind = signature(path)
    if kind in ("pdf", "html"):
        what = "un document PDF" if kind == "pdf" else "une page web"
        problems.add(
            Problem(
                "fichier-illisible",
                Where(name),
                f"Ce fichier est {what}, pas un tableau.",
                "un fichier CSV, XLSX, XLS ou ODS.",
                "Téléchargez le fichier de données chez le producteur.",
            )
        )
        return []
    if kind == "text":
        return _read_text(path, name, wish, problems)
    return _read_workbook(path, name, wish, problems)


def _absent(path: Path, name: str) -> Problem:
    folder = path.parent
    near = sorted(p.name for p in folder.glob("*") if p.is_file())[:8] if folder.is_dir() else []
    inside = f"Le dossier contient : {', '.join(near)}." if near else ""
    return Problem(
        "fichier-absent",
        Where(name),
        "Le fichier n’est pas là.",
        "un fichier du projet.",
        f"Déposez-le, ou corrigez « fichier » dans terril.toml. {inside}".strip(),
    )


# --- text files -------------------------------------------------------------------------


def _read_text(path: Path, name: str, wish: Wish, problems: ProblemList) -> list[Table]:
    facts = inspect(path)
    if facts.blank:
        problems.add(
            Problem(
                "fichier-vide",
                Where(name),
                "Le fichier est vide.",
                "une ligne de titres de colonnes, puis des lignes de données.",
                "Exportez-le de nouveau depuis le tableur.",
            )
        )
        return []
    if facts.binary:
        problems.add(
            Problem(
                "fichier-illisible",
                Where(name),
                "Ce n’est pas un fichier texte.",
                "un fichier CSV, XLSX, XLS ou ODS.",
                "Vérifiez que c’est le bon fichier.",
            )
        )
        return []
    text = first_lines(path, facts)
    tell_encoding(name, facts, text, problems)
    separator = wish.separator or sniff_separator(text)
    sample = rows_of(text, separator, HEAD_SEARCH)
    found = find_head(sample, wish)
    if found is None:
        problems.add(_no_head(Where(name), sample, wish, separator))
        return []
    line, cells = found
    _tell_titles(Where(name, line=line), line, sample, wish, problems)
    heads, repeated = unique_heads(cells)
    after = _last_line(sample, line) + wish.skip
    rows = scan(path, facts, separator, heads, after, Where(name, line=line), problems)
    return [Table(name, "", facts.sha256, facts.size, facts.encoding, line, heads, rows, repeated)]


def _last_line(sample: list[tuple[int, list[str]]], line: int) -> int:
    """Return the last line of the row that starts at ``line`` (a head may hold breaks)."""
    following = [n for n, _ in sample if n > line]
    return following[0] - 1 if following else line


def find_head(sample: list[tuple[int, list[str]]], wish: Wish) -> tuple[int, list[str]] | None:
    """Return (line, cells) of the head of a table among its first rows, or ``None``."""
    if wish.head_line is not None:
        return next(((n, row) for n, row in sample if n == wish.head_line), None)
    for line, row in sample:
        filled = [cell for cell in row if cell.strip()]
        if filled and (wish.is_head is None or wish.is_head(row)):
            return line, row
    return None


def _no_head(
    where: Where, sample: list[tuple[int, list[str]]], wish: Wish, separator: str
) -> Problem:
    first = next((row for _, row in sample if any(c.strip() for c in row)), [])
    seen = ", ".join(f"« {c.strip()} »" for c in first if c.strip())[:300]
    if wish.head_line is not None:
        return Problem(
            "entete-absent",
            where,
            f"La ligne {wish.head_line} n’existe pas ou est trop loin.",
            f"une ligne de titres parmi les {HEAD_SEARCH} premières.",
            "Corrigez « entete » dans terril.toml.",
        )
    cut = _SEPARATOR_NAMES.get(separator, separator)
    return Problem(
        "entete-absent",
        where,
        f"La ligne des titres de colonnes n’est pas reconnue. Première ligne lue : {seen} "
        f"(séparateur : {cut}).",
        wish.expected,
        "Vérifiez les titres et « lecteur » dans terril.toml ; si les titres ont changé, "
        "déclarez-les (guide, « Préparer ses fichiers »).",
    )


def _tell_titles(
    where: Where, line: int, sample: list[tuple[int, list[str]]], wish: Wish, problems: ProblemList
) -> None:
    above = [n for n, row in sample if n < line and any(c.strip() for c in row)]
    if above and wish.head_line is None:
        problems.add(
            Problem(
                "titres-au-dessus",
                where,
                f"Les titres de colonnes sont à la ligne {line} ; ce qui est au-dessus "
                "n’est pas lu.",
                severity=Severity.NOTE,
            )
        )


def clean_head(text: str) -> str:
    """Return a head without marks, with single plain spaces."""
    return " ".join(text.replace("\ufeff", "").split())


def unique_heads(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the heads, made unique, and those that were repeated. Blank ones are "".

    A second « NOTE » becomes « NOTE (2) ».
    """
    seen: dict[str, int] = {}
    heads: list[str] = []
    repeated: dict[str, None] = {}
    for cell in cells:
        head = clean_head(cell)
        if head:
            seen[head] = seen.get(head, 0) + 1
            if seen[head] > 1:
                repeated[head] = None
                head = f"{head} ({seen[head]})"
        heads.append(head)
    return tuple(heads), tuple(repeated)


# --- workbooks --------------------------------------------------------------------------


def _read_workbook(path: Path, name: str, wish: Wish, problems: ProblemList) -> list[Table]:
    sheets = read_sheets(path, name, wish.sheet, problems)
    tables: list[Table] = []
    missed: list[Problem] = []
    for sheet in sheets:
        if not any(any(c for c in row) for _, row in sheet.sample(HEAD_SEARCH)):
            missed.append(
                Problem(
                    "fichier-vide",
                    Where(name, sheet.name),
                    "La feuille est vide.",
                    "une ligne de titres de colonnes, puis des lignes de données.",
                )
            )
            continue
        sample = sheet.sample(HEAD_SEARCH)
        found = find_head(sample, wish)
        if found is None:
            missed.append(_no_head(Where(name, sheet.name), sample, wish, ""))
            continue
        line, cells = found
        _tell_titles(Where(name, sheet.name, line), line, sample, wish, problems)
        heads, repeated = unique_heads(cells)
        place = Where(name, sheet.name, line)
        tell_headless(sheet.headless(line + wish.skip, heads).lazy(), place, problems)
        rows = sheet.frame(line + wish.skip, heads, LINE).lazy()
        tables.append(
            Table(
                name,
                sheet.name,
                sheet.sha256,
                sheet.size,
                sheet.format,
                line,
                heads,
                rows,
                repeated,
            )
        )
    if not tables:
        problems.extend(missed)
    elif missed:
        names = ", ".join(f"« {p.where.sheet} »" for p in missed)
        problems.add(
            Problem(
                "feuilles-ignorees",
                Where(name),
                f"Feuilles sans tableau reconnu, non lues : {names}.",
                severity=Severity.NOTE,
            )
        )
    return tables
