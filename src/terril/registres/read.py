"""Which rows does this file propose, and what in it cannot be read?

Nothing is written here: a :class:`Reading` is compared with the register, shown, and applied
when the person agrees. All faults are gathered, each with its line and its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column, ColumnKind, Register
from terril.lib.french import FINE, NBSP
from terril.lib.problems import Problem, ProblemList, Severity
from terril.registres import sheets, written
from terril.registres.accept import decimal_of, read_cell
from terril.registres.check import key_of
from terril.registres.display import shown
from terril.registres.faults import Fault, quoted
from terril.registres.incoming import (
    Incoming,
    Pending,
    Reading,
    in_order,
    pendings,
    resolve,
)
from terril.registres.names import Index, Names, exists, key_text, number_in
from terril.registres.sheets import ARCHIVE, NUMBER, VERSION, RawTable

__all__ = ["Incoming", "Pending", "Reading", "in_order", "pendings", "read_table", "resolve"]

_LINKS: Final = frozenset([ColumnKind.LINK, ColumnKind.LINKS])


def read_table(
    path: Path, card: Register, code: str, catalogue: Catalogue, names: Names, *, name: str = ""
) -> Reading:
    """Read the rows that a file proposes for the register ``code``.

    ``name``: what the person calls the file, when it is not the name of ``path``.
    """
    problems = ProblemList()
    file = name or path.name
    table = sheets.find_table(path, file, card, problems)
    if table is None:
        return Reading((), problems, (), file)
    sheets.check_heads(table, card, problems)
    reader = _Reader(table, card, code, catalogue, names, problems)
    rows = reader.rows()
    columns = tuple(c for c in table.heads.columns.values() if not c.startswith("#"))
    return Reading(rows, problems, columns, file, table.sheet)


class _Reader:
    """One reading: first the rows, then the links between rows of the file."""

    def __init__(
        self,
        table: RawTable,
        card: Register,
        code: str,
        catalogue: Catalogue,
        names: Names,
        problems: ProblemList,
    ) -> None:
        self.table = table
        self.card = card
        self.code = code
        self.catalogue = catalogue
        self.names = names
        self.problems = problems
        self.wrong: set[int] = set()  # lines with a fault
        self.numbers: dict[int, int | None] = {}  # line → number of its row

    def rows(self) -> tuple[Incoming, ...]:
        found = [self._row(line, cells) for line, cells in self.table.lines]
        self.numbers = {row.line: row.number for row in found}
        index = self._own_names(found)
        linked = [self._linked(row, index) for row in found]
        self._twice(linked)
        self._complete(linked)
        self._circles(linked)
        self._orphans(linked)
        self._shares()
        return tuple(row for row in linked if row.line not in self.wrong)

    def fault(self, line: int, head: str, fault: Fault, code: str = "valeur") -> None:
        """Note what is wrong in a cell; its line is not applied."""
        self.wrong.add(line)
        where = self.table.where(line, head)
        self.problems.add(Problem(code, where, fault.what, fault.expected, fault.remedy))

    def _row(self, line: int, cells: Sequence[Any]) -> Incoming:
        technical: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for place, name in self.table.heads.columns.items():
            cell = cells[place] if place < len(cells) else None
            if name.startswith("#"):
                technical[name] = cell
                continue
            column = self.card.columns[name]
            if column.kind in _LINKS and column.target == self.code:
                values[name] = cell  # read when the names of the file's own rows are known
                continue
            values[name] = self._value(line, column, cell)
        number = self._whole(line, sheets.NUMBER_HEAD, technical.get(NUMBER))
        if number is not None and not exists(self.names, self.code, number):
            self.fault(line, sheets.NUMBER_HEAD, _no_row(number), "ligne-inconnue")
        return Incoming(
            line,
            number,
            self._whole(line, sheets.VERSION_HEAD, technical.get(VERSION)),
            values,
            self._archived(line, technical.get(ARCHIVE)),
        )

    def _value(self, line: int, column: Column, cell: Any) -> Any:
        try:
            return read_cell(column, cell, self.catalogue, self.names)
        except Fault as fault:
            self.fault(line, column.label, fault)
            return None

    def _whole(self, line: int, head: str, cell: Any) -> int | None:
        if sheets.blank(cell):
            return None
        text = f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
        value = number_in(text)
        if value is None and text.isascii() and text.isdigit() and len(text) <= 9:
            value = int(text)
        if value is None or value < 1:
            self.fault(
                line,
                head,
                Fault(
                    f"{quoted(text)} n’est pas un numéro.",
                    "le numéro donné par l’export, ou rien pour une ligne nouvelle.",
                    "Laissez cette colonne telle que l’export l’a remplie.",
                ),
            )
            return None
        return value

    def _archived(self, line: int, cell: Any) -> bool:
        if sheets.blank(cell):
            return False
        if isinstance(cell, bool):
            return cell
        text = f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
        try:
            return written.yes_no(text)
        except Fault as fault:
            self.fault(line, sheets.ARCHIVE_HEAD, fault)
            return False

    # -------------------------------------------------------------- links in the file

    def _own_names(self, rows: Sequence[Incoming]) -> Index:
        """The lines of the file by the names and the keys that they give."""
        index = Index()
        for row in rows:
            for columns in (self.card.name, self.card.key):
                parts = [self._shown(name, row.values.get(name)) for name in columns]
                if parts and any(parts):
                    index.add(row.line, " ".join(part for part in parts if part))
        return index

    def _shown(self, name: str, value: Any) -> str:
        column = self.card.columns[name]
        if column.kind in _LINKS and column.target == self.code:
            return "" if value is None else str(value)
        return shown(column, value, self.catalogue, self.names)

    def _linked(self, row: Incoming, index: Index) -> Incoming:
        values = dict(row.values)
        for name, column in self.card.columns.items():
            if name not in values or column.kind not in _LINKS or column.target != self.code:
                continue
            cell = values[name]
            try:
                values[name] = read_cell(column, cell, self.catalogue, self.names)
            except Fault as fault:
                links = self._in_file(column, cell, index)
                if links is None:
                    self.fault(row.line, column.label, fault)
                values[name] = links
        return replace(row, values=values)

    def _in_file(self, column: Column, cell: Any, index: Index) -> Any:
        """The links to lines of the file; ``None`` when one is unknown or names several."""
        several = column.kind is ColumnKind.LINKS
        texts = [str(cell).strip()]
        if several:
            texts = [part.strip() for part in str(cell).replace("\n", ";").split(";")]
        links: list[Any] = []
        for text in filter(None, texts):
            lines = index.find(text)
            if len(lines) == 1:
                known = self.numbers[lines[0]]
                links.append(known or Pending(self.code, text, lines[0]))
                continue
            try:
                single = column.model_copy(update={"kind": ColumnKind.LINK})
                links.append(read_cell(single, text, self.catalogue, self.names))
            except Fault:
                return None
        if several:
            return tuple(dict.fromkeys(links))
        return links[0] if links else None

    def _circles(self, rows: Sequence[Incoming]) -> None:
        """Refuse lines that wait for each other."""
        ordered = {row.line for row in in_order(rows)}
        for row in rows:
            if row.line not in ordered and row.line not in self.wrong:
                head = next(
                    self.card.columns[name].label
                    for name, value in row.values.items()
                    if pendings(value)
                )
                self.fault(
                    row.line,
                    head,
                    Fault(
                        "Cette ligne dépend d’elle-même, directement ou par d’autres lignes.",
                        "un lien vers une ligne qui ne dépend pas de celle-ci.",
                        "Corrigez le lien.",
                    ),
                    "liens-en-rond",
                )

    def _orphans(self, rows: Sequence[Incoming]) -> None:
        """Refuse lines that wait for a line that is refused."""
        growing = True
        while growing:
            growing = False
            for row in rows:
                if row.line in self.wrong:
                    continue
                for name, value in row.values.items():
                    lost = [p.line for p in pendings(value) if p.line in self.wrong]
                    if lost:
                        growing = True
                        self.fault(row.line, self.card.columns[name].label, _lost(lost[0]))
                        break

    # -------------------------------------------------------------- rows together

    def _twice(self, rows: Sequence[Incoming]) -> None:
        """Two lines of one number, or of one key, cannot both be applied."""
        seen: dict[tuple[Any, ...], int] = {}
        for row in rows:
            marks: list[tuple[tuple[Any, ...], str]] = []
            if row.number is not None:
                marks.append((("n", row.number), sheets.NUMBER_HEAD))
            key = None if row.archive else key_of(self.card, row.values)
            if key is not None:
                marks.append((("key", *key), self.card.columns[self.card.key[0]].label))
            for mark, head in marks:
                first = seen.setdefault(mark, row.line)
                both = self.numbers[first] and row.number and mark[0] == "key"
                if first != row.line and not both:  # two rows that are there have numbers
                    self.fault(
                        row.line,
                        head,
                        Fault(
                            f"La ligne {first} du fichier a déjà la même valeur.",
                            "une seule ligne pour chaque fiche.",
                            "Gardez une des deux lignes.",
                        ),
                        "ligne-double",
                    )

    def _is_new(self, row: Incoming) -> bool:
        if row.number is not None:
            return False
        if any(pendings(row.values.get(name)) for name in self.card.key):
            return True
        key = key_text(self.card, row.values, self.catalogue, self.names)
        return not (key and self.names.find(self.code, key))

    def _complete(self, rows: Sequence[Incoming]) -> None:
        """New rows want the required columns; what is archived must exist."""
        new = [row for row in rows if self._is_new(row)]
        for row in new:
            if row.archive:
                self.fault(
                    row.line,
                    sheets.ARCHIVE_HEAD,
                    Fault(
                        "Cette ligne n’est pas encore dans le registre.",
                        "une ligne qui existe.",
                        "Supprimez la ligne du fichier.",
                    ),
                )
        there = set(self.table.heads.columns.values())
        for name, column in self.card.columns.items():
            if column.required and name not in there and new:
                self.wrong.update(row.line for row in new)
                self.problems.add(
                    Problem(
                        "colonne-absente",
                        self.table.where(new[0].line, column.label),
                        f"La colonne {quoted(column.label)} manque{NBSP}: les lignes nouvelles "
                        "la demandent.",
                        f"la colonne {quoted(column.label)}, remplie.",
                        f"Ajoutez-la, ou la colonne «{NBSP}N°{NBSP}» si ces lignes existent déjà.",
                    )
                )

    def _shares(self) -> None:
        """Percentages typed with « % » in a spreadsheet arrive a hundred times too small."""
        for place, name in self.table.heads.columns.items():
            column = self.card.columns.get(name)
            if column is None or column.kind is not ColumnKind.SHARE:
                continue
            cells = [row[place] for _, row in self.table.lines if place < len(row)]
            numbers = [decimal_of(cell) for cell in cells if type(cell) is float]
            if any(numbers) and all(0 <= number <= 1 for number in numbers):
                self.problems.add(
                    Problem(
                        "taux-trop-petits",
                        self.table.where(self.table.heads.line, column.label),
                        "Tous les taux de cette colonne sont d’un pour cent au plus"
                        f"{NBSP}: ont-ils été tapés avec le signe{NBSP}%{FINE}?",
                        f"30 pour 30{FINE}%.",
                        "Si c’est le cas, écrivez les nombres sans ce signe, au format nombre.",
                        Severity.WARNING,
                    )
                )


def _no_row(number: int) -> Fault:
    return Fault(
        f"Aucune fiche du registre n’a le n°{NBSP}{number}.",
        "le numéro donné par l’export, ou rien pour une ligne nouvelle.",
        "Effacez le numéro si la ligne est nouvelle.",
    )


def _lost(line: int) -> Fault:
    return Fault(
        f"La ligne {line}, à laquelle celle-ci renvoie, ne peut pas être lue.",
        f"une ligne {line} sans faute.",
        f"Corrigez d’abord la ligne {line}.",
    )
