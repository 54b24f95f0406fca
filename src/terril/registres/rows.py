"""What is a row of a register, and how are the registers of a contract held together?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, Protocol

#: what a cell of a table of results may hold; ``None`` is unknown, never zero
Cell = str | int | Decimal | Fraction | dt.date | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in its register, its version, its values by name of column.

    Values have the Python types of ``ColumnKind``; a blank column is absent or ``None``.
    ``author``: the key of the person who added it. ``changed``: when it last changed.
    """

    number: int
    version: int
    values: Mapping[str, Any]
    archived: bool = False
    author: str = ""
    created: dt.datetime | None = None
    changed: dt.datetime | None = None

    def get(self, column: str) -> Any:
        """Return a value, ``None`` when blank."""
        return self.values.get(column)


class Books(Protocol):
    """The registers of one contract: what rules read, wherever the rows are kept."""

    @property
    def today(self) -> dt.date:
        """The day to count deadlines from."""
        ...

    def rows(self, register: str) -> Sequence[Row]:
        """The rows that are not archived, in the order of their numbers."""
        ...

    def name(self, register: str, number: int) -> str:
        """The name of a row, archived or not; "n° 12" when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of results."""

    head: str
    cells: tuple[Cell, ...]
    total: bool = False
    register: str = ""  # the row that it speaks of, when there is one
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of results, as pages, documents and workbooks show it.

    ``units``: one for each column after the head: "" (a count), "€", "%", a word. A ``Fraction``
    under « % » is a share of one: 1/3 is shown 33,3 %.
    """

    title: str
    heads: tuple[str, ...]  # the first is that of the lines
    lines: tuple[Line, ...]
    units: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at: a sentence, and the row that it speaks of."""

    text: str
    level: Literal["retard", "attention", "information"] = "attention"
    register: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is computed from registers: tables, alerts, in this order on the screens."""

    title: str
    tables: tuple[Table, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notes: tuple[str, ...] = ()
