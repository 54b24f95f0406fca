"""What does a line of a file propose, and for which lines of the same file does it wait?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from terril.lib.problems import ProblemList


@dataclass(frozen=True, slots=True)
class Pending:
    """A link to a row that the same file adds: the line that defines it."""

    register: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line of a file: ``values`` of the columns that the file has, ``None`` when blank.

    A value of a link may be :class:`Pending`, or hold some.
    """

    line: int
    number: int | None
    version: int | None
    values: Mapping[str, Any]
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. Lines with a fault are left out of ``rows``; see ``problems``."""

    rows: tuple[Incoming, ...]
    problems: ProblemList
    columns: tuple[str, ...]
    file: str = ""
    sheet: str = ""


def pendings(value: Any) -> tuple[Pending, ...]:
    """The links of a value that wait for a row."""
    if isinstance(value, Pending):
        return (value,)
    if isinstance(value, tuple):
        return tuple(item for item in value if isinstance(item, Pending))
    return ()


def in_order(rows: Sequence[Incoming]) -> list[Incoming]:
    """The rows so that each comes after those that it waits for; circles are left out."""
    done: set[int] = set()
    ordered: list[Incoming] = []
    waiting = list(rows)
    lines = {row.line for row in rows}
    while waiting:
        held: list[Incoming] = []
        for row in waiting:
            wants = {p.line for value in row.values.values() for p in pendings(value)}
            if wants & lines <= done:
                ordered.append(row)
                done.add(row.line)
            else:
                held.append(row)
        if len(held) == len(waiting):
            break
        waiting = held
    return ordered


def resolve(values: Mapping[str, Any], numbers: Mapping[int, int]) -> dict[str, Any]:
    """The values with the numbers of rows in the place of the links that waited.

    ``numbers``: line of the file → number given to its row. ``KeyError`` when a row that is
    waited for was not added.
    """
    settled: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Pending):
            value = numbers[value.line]
        elif pendings(value):
            value = tuple(numbers[v.line] if isinstance(v, Pending) else v for v in value)
        settled[name] = value
    return settled
