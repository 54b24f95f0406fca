"""How is a cell of a record read as a text, a number or a date, and how is a condition written?

SQL that means the same on every engine (``engines/base.py``), whatever holds the cell: a text of
a CSV file, a whole number, a double, a date of a Parquet file. A number may have a decimal comma
and spaces for thousands; a date is « 2020-12-31 », « 31/12/2020 » or « 20201231 ».
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.catalogue.works import COMPARISONS, Condition, Dimension, Interval, Value, Work
from terril.places.engines.base import quoted, text
from terril.places.microdata_files import Batch, Column
from terril.places.microdata_grid import number

#: values are added below this size, where doubles hold every whole number
LARGEST: Final = 1e15

#: the very end of a text: « $ » also stands before a last line break, for Spark only
_END: Final = r"\z"
#: texts that may be a number, and what is taken away before it is read
_NUMBER: Final = "^[0-9+.,eE \u00a0\u202f-]+" + _END
_SPACES: Final = (" ", "\u00a0", "\u202f")
#: texts that may be a date, and where its year, month and day start
_DATES: Final = (
    ("^[12][0-9]{3}-[0-9]{2}-[0-9]{2}([T ].*)?" + _END, (1, 6, 9)),
    ("^[0-9]{2}/[0-9]{2}/[12][0-9]{3}( .*)?" + _END, (7, 4, 1)),
    ("^[12][0-9]{7}" + _END, (1, 5, 7)),
)
_SIGNS: Final = {"under": "<", "at_most": "<=", "over": ">", "at_least": ">="}
#: a double that is no whole number, read as a text: equal to no value of a card
_NO_TEXT: Final = "'#'"


class Cells:
    """The columns that a work reads, numbered, with what is needed of each.

    In SQL, of the column number 3: ``f3`` says whether the cell is filled, ``t3`` is its text,
    ``n3`` its number (null when it is none), ``j3`` its date, « 2020-12-31 ».
    """

    def __init__(self, work: Work) -> None:
        self.heads = work.columns()
        self._numbers = {head: rank for rank, head in enumerate(self.heads)}
        self._needs: dict[str, set[str]] = {head: {"f"} for head in self.heads}
        self.numeric: list[str] = []  # heads read as numbers or dates: a bad cell is told

    def need(self, head: str, what: str) -> str:
        """Ask for the text ``t``, the number ``n``, the date ``j`` of a column; its name."""
        self._needs[head].add(what)
        return f"{what}{self._numbers[head]}"

    def wants(self, head: str, what: str) -> str:
        """As :meth:`need`, of a column whose cells should all be read: a bad one is told."""
        if head not in self.numeric:
            self.numeric.append(head)
        return self.need(head, what)

    def bad(self, head: str) -> str:
        """Return the condition that a cell is filled and cannot be read as it should."""
        rank = self._numbers[head]
        wanted = [f"{w}{rank} IS NULL" for w in ("n", "j") if w in self._needs[head]]
        return f"(f{rank} AND ({' OR '.join(wanted)}))"

    def select(self, batch: Batch, table: str) -> str:
        """Return the query that reads the cells of a batch of files named ``table``."""
        cells, wanted = [], []
        for head in self.heads:
            rank, needs = self._numbers[head], self._needs[head]
            column = batch.columns[head]
            own = quoted(column.name)
            cell = Column(f"c{rank}", "clean" if column.held == "text" else column.held)
            cells.append(f"NULLIF(TRIM({own}), '')" if column.held == "text" else own)
            cells[-1] += f" AS {cell.name}"
            wanted.append(f"{_filled(cell)} AS f{rank}")
            wanted += [f"{_READ[what](cell)} AS {what}{rank}" for what in "tnj" if what in needs]
        kept = f" WHERE {quoted(batch.filled)}" if batch.filled else ""
        raw = f"SELECT {', '.join(cells)} FROM {table}{kept}"
        return f"SELECT {', '.join(wanted)} FROM ({raw}) cells"

    def parses(self, batch: Batch) -> bool:
        """Are numbers or dates read in texts, which is better done once?"""
        return any(
            self._needs[head] & {"n", "j"} and batch.columns[head].held in ("text", "clean")
            for head in self.heads
        )


def _filled(cell: Column) -> str:
    if cell.held == "double":
        return f"({cell.name} IS NOT NULL AND NOT isnan({cell.name}))"
    return f"({cell.name} IS NOT NULL)"


def _text(cell: Column) -> str:
    name = cell.name
    if cell.held == "clean":
        return name
    if cell.held == "double":
        return (
            f"CASE WHEN isnan({name}) THEN NULL WHEN {_inside(name)}"
            f" AND {name} = floor({name}) THEN CAST(CAST({name} AS BIGINT) AS STRING)"
            f" WHEN {name} IS NOT NULL THEN {_NO_TEXT} END"
        )
    if cell.held == "moment":
        return f"CAST(CAST({name} AS DATE) AS STRING)"
    return f"CAST({name} AS STRING)"


def _number(cell: Column) -> str:
    name = cell.name
    if cell.held in ("date", "moment"):
        return "CAST(NULL AS DOUBLE)"
    if cell.held == "truth":
        return f"CASE WHEN {name} THEN 1e0 WHEN NOT {name} THEN 0e0 END"
    if cell.held == "double":
        return f"CASE WHEN isnan({name}) THEN NULL ELSE CAST({name} AS DOUBLE) END"
    if cell.held == "clean":
        figures = f"REPLACE({name}, ',', '.')"
        for space in _SPACES:
            figures = f"REPLACE({figures}, {text(space)}, '')"
        may = f"regexp_like({name}, {text(_NUMBER)})"
        return f"CASE WHEN {may} THEN TRY_CAST({figures} AS DOUBLE) END"
    return f"CAST({name} AS DOUBLE)"


def _inside(value: str) -> str:
    """Small enough for a whole double, hence neither infinite nor « not a number »."""
    return f"{value} > {number(-LARGEST)} AND {value} < {number(LARGEST)}"


def _day(cell: Column) -> str:
    """Read a date of the calendar, and write it « 2020-12-31 »."""
    if cell.held in ("truth", "decimal"):
        return "CAST(NULL AS STRING)"
    told = _text(cell)
    if cell.held in ("date", "moment"):
        return told
    cases = []
    for pattern, (year, month, day) in _DATES:
        parts = f"SUBSTR({told}, {year}, 4), '-', SUBSTR({told}, {month}, 2)"
        parts += f", '-', SUBSTR({told}, {day}, 2)"
        cases.append(f"WHEN regexp_like({told}, {text(pattern)}) THEN CONCAT({parts})")
    return f"CAST(TRY_CAST(CASE {' '.join(cases)} END AS DATE) AS STRING)"


_READ: Final = {"t": _text, "n": _number, "j": _day}


# ------------------------------------------------------------------ conditions


def holds(conditions: Sequence[Condition], cells: Cells) -> str:
    """Return the SQL of « all these conditions hold », true or false, never null."""
    if not conditions:
        return "TRUE"
    return " AND ".join(_holds(condition, cells) for condition in conditions)


def _holds(condition: Condition, cells: Cells) -> str:
    head, operator, given = condition.column, condition.operator, condition.given
    filled = cells.need(head, "f")
    if operator == "filled":
        return filled
    if operator == "empty":
        return f"(NOT {filled})"
    if operator in COMPARISONS:
        value = given[0]
        if isinstance(value, str):
            test = f"{cells.wants(head, 'j')} {_SIGNS[operator]} {text(value)}"
        else:
            test = f"{cells.wants(head, 'n')} {_SIGNS[operator]} {number(value)}"
        return f"COALESCE({test}, FALSE)"
    if operator == "starts_with":
        start = str(given[0])
        cell = f"SUBSTR({cells.need(head, 't')}, 1, {len(start)})"
        return f"COALESCE({cell} = {text(start)}, FALSE)"
    found = one_of(head, given, cells)
    return found if operator in ("is", "in") else f"({filled} AND NOT {found})"


def one_of(head: str, values: Sequence[Value], cells: Cells) -> str:
    """Return the SQL of « the cell is one of these values »: texts as texts, numbers as numbers."""
    texts = [text(value) for value in values if isinstance(value, str)]
    numbers = [number(value) for value in values if not isinstance(value, str)]
    parts = []
    if texts:
        parts.append(f"COALESCE({cells.need(head, 't')} IN ({', '.join(texts)}), FALSE)")
    if numbers:
        parts.append(f"COALESCE({cells.need(head, 'n')} IN ({', '.join(numbers)}), FALSE)")
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def modality(dimension: Dimension, cells: Cells, period: str) -> str:
    """Return the SQL of the rank (from 1) of the modality of a record, 0 for none."""
    head = dimension.column
    cases = [one_of(head, values, cells) for values in dimension.values.values()]
    for interval in dimension.classes.values():
        if dimension.reading == "birth_date":
            at = (dimension.at or period).replace("-", "")
            born = cells.wants(head, "j")
            value = f"({at} - CAST(REPLACE({born}, '-', '') AS BIGINT))"
            low, high = (None if e is None else f"{round(e * 10000)}" for e in _ends(interval))
        else:
            value = cells.wants(head, "n")
            if dimension.reading == "birth_year":
                value = f"({(dimension.at or period)[:4]} - {value})"
            low, high = (None if e is None else number(e) for e in _ends(interval))
        tests = [f"{value} >= {low}"] if low is not None else []
        tests += [f"{value} < {high}"] if high is not None else []
        if dimension.reading != "number" and low is None:
            tests.append(f"{value} >= 0")  # born after the date: no age
        cases.append(f"COALESCE({' AND '.join(tests)}, FALSE)")
    whens = " ".join(f"WHEN {case} THEN {rank}" for rank, case in enumerate(cases, 1))
    return f"CASE {whens} ELSE 0 END"


def _ends(interval: Interval) -> tuple[float | None, float | None]:
    return interval.start, interval.under
