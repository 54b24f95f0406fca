"""Where in this file is the table of the register, and which column is under which head?

XLSX, XLS, ODS and CSV. The sheet is the one called as the register, else the one whose heads
are best known. Heads are recognised by their labels, in any order; a few lines may stand
above them.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from terril.catalogue.registers import Register
from terril.lib.french import NBSP
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.textfile import SEPARATORS, inspect, signature, sniff_separator
from terril.registres.extent import unfolds_too_much
from terril.registres.faults import quoted
from terril.registres.folding import fold, tight
from terril.registres.opendocument import OdsError, is_ods, ods_sheets
from terril.sources.workbook import read_sheets

#: heads of the columns that are not the card's, and their names in :attr:`Heads.columns`
NUMBER_HEAD: Final = "N°"
VERSION_HEAD: Final = "Version"
ARCHIVE_HEAD: Final = "Archiver"
NUMBER, VERSION, ARCHIVE = "#n", "#version", "#archiver"
_TECHNICAL: Final = {
    "n°": NUMBER, "no": NUMBER, "numero": NUMBER, "version": VERSION, "archiver": ARCHIVE,
}  # fmt: skip
#: lines where the heads may stand
_DEEPEST: Final = 15
_TITLE: Final = 31  # characters of the name of a sheet
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_MASKED: Final = re.compile(r"^'+[=+\-@\t\r]")
_RISKY: Final = re.compile(r"^'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the heads are: their line (1-based), and place in the line → column."""

    line: int
    columns: dict[int, str]


@dataclass(frozen=True, slots=True)
class RawTable:
    """The table of a file: its sheet ("" for CSV), its heads, its lines below the heads."""

    file: str
    sheet: str
    heads: Heads
    head_texts: tuple[str, ...]
    lines: tuple[tuple[int, Sequence[Any]], ...]  # (line, cells), blank ones left out

    def where(self, line: int | None = None, column: str = "") -> Where:
        """A place of the table."""
        return Where(self.file, self.sheet, line, column)


def sheet_name(title: str) -> str:
    """The name of the sheet of a register: 31 characters, without the signs that Excel bans."""
    return _FORBIDDEN.sub("-", title).strip("' ")[:_TITLE].rstrip() or "Registre"


def masked(text: str) -> str:
    """A text of CSV that no spreadsheet takes for a formula: an apostrophe before « = »…"""
    return f"'{text}" if _RISKY.match(text) else text


def unmasked(text: str) -> str:
    """The text that :func:`masked` was given."""
    return text[1:] if _MASKED.match(text) else text


def find_table(path: Path, name: str, card: Register, problems: ProblemList) -> RawTable | None:
    """Read the table of a register in a file called ``name``; ``None`` with its problem."""
    sheets = list(_sheets(path, name, problems))
    if problems.errors:
        return None
    known = known_heads(card)
    found = [
        (sheet, cells, heads) for sheet, cells in sheets if (heads := find_heads(cells, known))
    ]
    if not found:
        problems.add(_no_heads(name, card))
        return None
    titled = [one for one in found if tight(one[0]) == tight(sheet_name(card.title))]
    sheet, cells, heads = titled[0] if titled else max(found, key=lambda one: len(one[2].columns))
    lines = tuple(
        (line, row)
        for line, row in enumerate(cells[heads.line :], heads.line + 1)
        if any(not blank(cell) for cell in row)
    )
    texts = tuple(str(cell).strip() for cell in cells[heads.line - 1])
    return RawTable(name, sheet, heads, texts, lines)


def blank(cell: Any) -> bool:
    """Does a cell hold nothing?"""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _sheets(
    path: Path, name: str, problems: ProblemList
) -> Iterator[tuple[str, Sequence[Sequence[Any]]]]:
    """The sheets of a file: (name, lines of cells)."""
    try:
        kind = signature(path)
        facts = inspect(path) if kind == "text" else None
    except OSError as error:
        problems.add(
            Problem(
                "fichier-illisible",
                Where(name),
                f"Le fichier ne s’ouvre pas ({error}).",
                "un fichier qui s’ouvre.",
                "Déposez-le de nouveau.",
            )
        )
        return
    if kind == "zip" and is_ods(path):
        try:
            yield from ods_sheets(path)
        except OdsError as error:
            problems.add(
                Problem(
                    "classeur-illisible",
                    Where(name),
                    f"Le classeur ne peut pas être ouvert ({error}).",
                    "un fichier ODS sans mot de passe.",
                    "Ouvrez-le dans le tableur et enregistrez-le de nouveau, sans mot de passe.",
                )
            )
    elif kind in ("zip", "ole"):
        if kind == "zip" and unfolds_too_much(path):
            problems.add(
                Problem(
                    "classeur-trop-grand",
                    Where(name),
                    "Le classeur a trop de cellules.",
                    "un tableau sans lignes ni colonnes vides à perte de vue.",
                    "Copiez le tableau dans un classeur neuf, et déposez ce dernier.",
                )
            )
            return
        for sheet in read_sheets(path, name, None, problems):
            yield sheet.name, sheet.cells
    elif facts is None or facts.binary or facts.blank:
        what = (
            "Le fichier est vide." if facts and facts.blank else "Le fichier n’est pas un tableau."
        )
        problems.add(
            Problem(
                "fichier-non-reconnu",
                Where(name),
                what,
                "un classeur XLSX, ODS ou XLS, ou un fichier CSV.",
                "Enregistrez le tableau dans l’un de ces formats, et déposez-le de nouveau.",
            )
        )
    else:
        codec = "cp1252" if facts.encoding == "windows-1252" else facts.encoding
        text = path.read_bytes()[facts.mark :].decode(codec, errors="replace")
        if facts.damaged:
            problems.add(
                Problem(
                    "caracteres-abimes",
                    Where(name, line=facts.damaged[0]),
                    "Des caractères sont illisibles.",
                    "un fichier CSV en UTF-8.",
                    "Enregistrez-le de nouveau, en UTF-8.",
                )
            )
            return
        yield "", _cells_of_text(text)


def _cells_of_text(text: str) -> list[list[str]]:
    """The lines of a CSV file, cut by the separator that cuts the first ones most alike."""
    text = text.removeprefix("\ufeff")
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:  # a line that Excel understands
        text = text[declared.end() :]
    separator = declared.group(1) if declared else _separator(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[unmasked(cell) for cell in row] for row in rows]


def _separator(text: str) -> str:
    """The separator of the first line, which holds heads; that of the whole when it has none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    counts = {separator: bare.count(separator) for separator in SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    alone = sum(1 for count in counts.values() if count) == 1
    return best if alone else sniff_separator(text[: 1 << 20])


# ------------------------------------------------------------------ heads


def known_heads(card: Register) -> dict[str, str]:
    """Tight label, then tight name → column."""
    known: dict[str, str] = {}
    for name, column in card.columns.items():
        known.setdefault(tight(column.label), name)
    for name in card.columns:
        known.setdefault(tight(name), name)
    return known


def _column_of(head: Any, known: dict[str, str]) -> str | None:
    if not isinstance(head, str) or not head.strip():
        return None
    text = head.strip().rstrip("*").strip()
    if text in (NUMBER_HEAD, VERSION_HEAD, ARCHIVE_HEAD):
        return _TECHNICAL[fold(text)]
    for form in (text, text.partition("(")[0]):
        if tight(form) in known:
            return known[tight(form)]
    return _TECHNICAL.get(fold(text).replace("n °", "n°"))


def find_heads(cells: Sequence[Sequence[Any]], known: dict[str, str]) -> Heads | None:
    """The line, among the first ones, where most heads are recognised; ``None`` without any.

    The first of two places with the same head has the column.
    """
    best: Heads | None = None
    for line, row in enumerate(cells[:_DEEPEST], 1):
        columns: dict[int, str] = {}
        for place, head in enumerate(row):
            column = _column_of(head, known)
            if column and column not in columns.values():
                columns[place] = column
        own = [column for column in columns.values() if not column.startswith("#")]
        if own and (best is None or len(columns) > len(best.columns)):
            best = Heads(line, columns)
    return best


def check_heads(table: RawTable, card: Register, problems: ProblemList) -> None:
    """Say which heads are unknown, twice there, or blank above values."""
    known = known_heads(card)
    line = table.heads.line
    width = max([len(table.head_texts), *(len(row) for _, row in table.lines)])
    for place in range(width):
        if place in table.heads.columns:
            continue
        text = table.head_texts[place] if place < len(table.head_texts) else ""
        filled = any(place < len(row) and not blank(row[place]) for _, row in table.lines)
        if _column_of(text, known):
            problems.add(
                Problem(
                    "colonne-double",
                    table.where(line, text),
                    f"La colonne {quoted(text)} est là deux fois.",
                    "une seule colonne de ce nom.",
                    "Supprimez ou renommez l’une des deux.",
                )
            )
        elif text and filled:
            labels = [column.label for column in card.columns.values()]
            near = difflib.get_close_matches(fold(text), list(map(fold, labels)), 1, 0.6)
            label = labels[list(map(fold, labels)).index(near[0])] if near else ""
            problems.add(
                Problem(
                    "colonne-inconnue",
                    table.where(line, text),
                    f"La colonne {quoted(text)} n’est pas de ce registre{NBSP}: "
                    "elle n’est pas lue.",
                    f"les colonnes du registre «{NBSP}{card.title}{NBSP}».",
                    f"Si c’est {quoted(label)}, renommez-la ainsi." if near else "",
                    Severity.WARNING,
                )
            )
        elif filled:
            problems.add(
                Problem(
                    "colonne-sans-titre",
                    table.where(line),
                    f"La colonne n°{NBSP}{place + 1} n’a pas de titre{NBSP}: elle n’est pas lue.",
                    "un titre sur chaque colonne.",
                    "Donnez-lui le titre d’une colonne du registre, ou videz-la.",
                    Severity.WARNING,
                )
            )


def _no_heads(name: str, card: Register) -> Problem:
    required = [column.label for column in card.columns.values() if column.required]
    labels = required or [column.label for column in card.columns.values()][:3]
    return Problem(
        "titres-absents",
        Where(name),
        f"Aucune feuille ne porte les colonnes du registre «{NBSP}{card.title}{NBSP}».",
        "une ligne de titres, avec par exemple " + ", ".join(map(quoted, labels)) + ".",
        "Partez d’un export du registre, ou donnez à vos colonnes les mêmes titres.",
    )
