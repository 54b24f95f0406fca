"""How are sparse relations held, and read by row as by column?

Compressed rows in three numpy arrays: the entries of row ``r`` are those from ``start[r]`` to
``start[r + 1]``. Enough for relations between cells, without one more library.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Csr:
    """A sparse matrix by rows: ``start`` (rows + 1), ``column`` and ``value`` (entries)."""

    start: Ints
    column: Ints
    value: Floats
    columns: int

    @staticmethod
    def of(row: Ints, column: Ints, value: Floats, rows: int, columns: int) -> Csr:
        """Return the matrix of some entries, kept in the order given within a row."""
        order = np.argsort(row, kind="stable")
        start = np.zeros(rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=rows), out=start[1:])
        return Csr(start, column[order].astype(np.int64), value[order].astype(np.float64), columns)

    @staticmethod
    def empty(columns: int) -> Csr:
        """Return a matrix without a row."""
        none = np.zeros(0, dtype=np.int64)
        return Csr(np.zeros(1, dtype=np.int64), none, np.zeros(0), columns)

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.start) - 1

    @cached_property
    def sizes(self) -> Ints:
        """How many entries each row holds."""
        return np.diff(self.start)

    @cached_property
    def row(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(self.rows), self.sizes)

    @cached_property
    def by_column(self) -> Csr:
        """The transpose: its rows are our columns."""
        return Csr.of(self.column, self.row, self.value, self.columns, self.rows)

    def entries(self, rows: Ints) -> Ints:
        """Return the positions of the entries of some rows, in the order of the rows."""
        if not len(rows):
            return np.zeros(0, dtype=np.int64)
        size = self.sizes[rows]
        end = np.cumsum(size)
        return np.arange(end[-1]) + np.repeat(self.start[rows] - end + size, size)

    def across(self, rows: Ints) -> Ints:
        """Return the columns that some rows hold, each once, in order."""
        return np.unique(self.column[self.entries(rows)])

    def times(self, x: Floats) -> Floats:
        """Return the product with a vector; entries of value zero are skipped."""
        terms = self.value * x[self.column]
        return np.bincount(self.row, weights=terms, minlength=self.rows).astype(np.float64)

    def take(self, rows: Ints, columns: Ints) -> Csr:
        """Return the part on some rows and some columns, renumbered in the order given."""
        place = np.full(self.columns, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        at = self.entries(rows)
        row = np.repeat(np.arange(len(rows)), self.sizes[rows])
        kept = place[self.column[at]] >= 0
        return Csr.of(
            row[kept], place[self.column[at][kept]], self.value[at][kept], len(rows), len(columns)
        )

    def stack(self, other: Csr) -> Csr:
        """Return this matrix with the rows of another one under it."""
        return Csr(
            np.concatenate((self.start, other.start[1:] + self.start[-1])),
            np.concatenate((self.column, other.column)),
            np.concatenate((self.value, other.value)),
            self.columns,
        )


def components(rows: Csr, active: Bools) -> Ints:
    """Return, by column, the number of its component, −1 for a column that is not active.

    Two active columns are linked when a row holds both. Components are numbered from 0 in the
    order of their first column.
    """
    label = np.where(active, np.arange(rows.columns), rows.columns)
    row, column = rows.row, rows.column
    kept = active[column] & (rows.value != 0)
    row, column = row[kept], column[kept]
    while True:
        least = np.full(rows.rows, rows.columns)
        np.minimum.at(least, row, label[column])
        new = label.copy()
        np.minimum.at(new, column, least[row])
        inside = new < rows.columns
        new[inside] = np.minimum(new[inside], new[new[inside]])
        if np.array_equal(new, label):
            break
        label = new
    found = np.full(rows.columns, -1, dtype=np.int64)
    _, number = np.unique(label[active], return_inverse=True)
    found[active] = number
    return found
