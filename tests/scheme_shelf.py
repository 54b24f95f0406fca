"""The registers of an imaginary contract, held in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from terril.catalogue.load import load_catalogue
from terril.lib.prose import typographie
from terril.registres.compare import check_plan, plan
from terril.registres.incoming import in_order, pendings, resolve
from terril.registres.names import BookNames, key_text
from terril.registres.read import read_table
from terril.registres.rows import Row, Summary, Table

CATALOGUE = load_catalogue()

#: places and people that the tests link to
PLACES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "organisations": [{"nom": "Bailleur A"}, {"nom": "Bailleur B"}, {"nom": "Association C"}],
    "communes": [{"nom": "Commune 1"}, {"nom": "Commune 2"}, {"nom": "Commune 3"}],
    "quartiers": [
        {"nom": "Quartier 1", "type": "qpv"},
        {"nom": "Quartier 2", "type": "qpv"},
        {"nom": "Quartier vécu", "type": "vecu"},
    ],
    "dispositifs": [
        {"sigle": "NPNRU", "type": "npnru"},
        {"sigle": "ERBM", "type": "renouvellement"},
        {"sigle": "ITI", "type": "fonds_europeens"},
        {"sigle": "PRE", "type": "reussite_educative"},
    ],
}


class Shelf:
    """A ``Books`` over plain values; rows are numbered from 1 in each register."""

    def __init__(
        self, today: dt.date = dt.date(2026, 6, 1), **registers: Sequence[Mapping[str, Any]]
    ) -> None:
        self._today = today
        self._rows = {
            register: [
                Row(number, 1, {k: v for k, v in values.items() if v is not None})
                for number, values in enumerate(rows, 1)
            ]
            for register, rows in {**PLACES, **registers}.items()
        }

    @property
    def today(self) -> dt.date:
        return self._today

    def rows(self, register: str) -> Sequence[Row]:
        return self._rows.get(register, [])

    def name(self, register: str, number: int) -> str:
        card = CATALOGUE.registers[register]
        for row in self.rows(register):
            if row.number == number:
                told = [str(row.get(column)) for column in card.name if row.get(column)]
                if told:
                    return told[0]
        return f"n° {number}"


class Loaded:
    """Files as the import of the registers reads them, one after the other."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self.problems: dict[str, list[str]] = {}

    def load(self, path: Path, code: str) -> None:
        card = CATALOGUE.registers[code]
        reading = read_table(path, card, code, CATALOGUE, BookNames(CATALOGUE, self, {}))
        made = plan(card, reading.rows, [], CATALOGUE, BookNames(CATALOGUE, self, {}))
        found = [*reading.problems, *check_plan(card, made, reading, [], CATALOGUE)]
        self.problems[code] = [str(problem) for problem in found]
        numbers: dict[int, int] = {}
        self._rows[code] = []
        for one in in_order(reading.rows):
            numbers[one.line] = len(numbers) + 1
            values = {k: v for k, v in resolve(one.values, numbers).items() if v is not None}
            assert not any(pendings(value) for value in values.values())
            self._rows[code].append(Row(numbers[one.line], 1, values))

    @property
    def today(self) -> dt.date:
        return dt.date(2026, 6, 1)

    def rows(self, register: str) -> Sequence[Row]:
        return self._rows.get(register, [])

    def name(self, register: str, number: int) -> str:
        card = CATALOGUE.registers[register]
        for row in self.rows(register):
            if row.number == number:
                told = [row.get(column) for column in card.name]
                return " – ".join(str(part) for part in told if part) or key_text(
                    card, row.values, CATALOGUE, BookNames(CATALOGUE, self, {})
                )
        return f"n° {number}"


def table_of(summary: Summary, title: str) -> Table:
    """The table whose title opens with these words."""
    found = [table for table in summary.tables if table.title.startswith(typographie(title))]
    assert len(found) == 1, [table.title for table in summary.tables]
    return found[0]


def cells(table: Table, head: str) -> dict[str, Any]:
    """The cells of a line by head of column."""
    lines = [line for line in table.lines if line.head == head]
    assert len(lines) == 1, [line.head for line in table.lines]
    assert len(table.units) == len(table.heads) - 1 == len(lines[0].cells)
    return dict(zip(table.heads[1:], lines[0].cells, strict=True))


def texts(summary: Summary) -> str:
    """All the alerts, one a line, with plain spaces."""
    return (
        "\n".join(alert.text for alert in summary.alerts)
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
    )
