"""The registers of a small contract, held in memory, for the tests of the meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from terril.catalogue.load import load_catalogue
from terril.registres.rows import Row

CATALOGUE = load_catalogue()


class SmallBooks:
    """Registers given as plain values; numbers follow the order, from 1."""

    def __init__(self, today: str, **registers: Sequence[Mapping[str, Any]]) -> None:
        self.today = dt.date.fromisoformat(today)
        for register, rows in registers.items():
            known = CATALOGUE.registers[register].columns
            for row in rows:
                strange = set(row) - set(known)
                assert not strange, f"{register}: {strange}"
        self._rows = {
            register: tuple(
                Row(number, 1, dict(values), created=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
                for number, values in enumerate(rows, 1)
            )
            for register, rows in registers.items()
        }

    def rows(self, register: str) -> Sequence[Row]:
        return self._rows.get(register, ())

    def row(self, register: str, number: int) -> Row:
        return next(row for row in self.rows(register) if row.number == number)

    def name(self, register: str, number: int) -> str:
        for row in self.rows(register):
            if row.number == number:
                column = CATALOGUE.registers[register].name[0]
                return str(row.get(column))
        return f"n° {number}"


def day(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)
