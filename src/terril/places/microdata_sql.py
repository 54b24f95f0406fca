"""How does a work become SQL: one row a record, with its state, its place, what it counts for?

The text is one for all engines. A record is in one state: set aside by the filters, without
usable coordinates (and why), or ``ok``. Values to add are whole numbers, scaled by the declared
decimals, so that sums are exact and do not depend on the order of the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terril.catalogue.works import Measure, Work
from terril.places.microdata_cells import LARGEST, Cells, holds, modality
from terril.places.microdata_files import Batch
from terril.places.microdata_grid import Box, Carry, number

OK: Final = "ok"
FILTERED: Final = "ecartee"
MISSING: Final = "sans"
UNREADABLE: Final = "illisible"
NULL_ISLAND: Final = "zero"
SWAPPED: Final = "inversee"
OTHER_GRID: Final = "grille_"  # followed by the EPSG code
AWAY: Final = "loin"


#: the table of the cells as read, that the query of the records is made on
CELLS: Final = "lues"


@dataclass(frozen=True)
class Query:
    """The queries of a work: its cells as read, then its records over the table ``CELLS``.

    ``parses``: numbers or dates are read in texts, so that ``cells`` is better run once.
    Columns of the records: ``state``, ``x``, ``y`` (metres, null unless ``ok``), ``x0``, ``y0``
    (as the file gives them), ``d0…`` (ranks of modalities), ``k0…``, ``n0…`` (0 or 1), ``v0…``
    (whole, null when the record has no value), ``u0…`` (0 or 1: the cell cannot be read).
    """

    cells: str
    parses: bool
    records: str
    dimensions: tuple[str, ...]  # names of the dimensions, in the order of d0…
    unread: tuple[str, ...]  # heads, in the order of u0…

    def columns(self, work: Work) -> list[str]:
        """Return the columns that are counted, in order."""
        return [
            *(f"d{rank}" for rank in range(len(self.dimensions))),
            *(name for rank, m in enumerate(work.measures) for name in columns_of(m, rank)),
        ]


def columns_of(measure: Measure, rank: int) -> tuple[str, ...]:
    """Return the columns of the records that a measure reads."""
    if measure.form == "share":
        return f"k{rank}", f"n{rank}"
    return (f"k{rank}",) if measure.form == "count" else (f"k{rank}", f"v{rank}")


def sums_of(measure: Measure, rank: int) -> list[str]:
    """Return the sums of a measure over a group of records, as SQL with their names.

    ``k``: of the records counted (of a share: the part); ``n``: of the base of a share; ``s``:
    the exact sum of the scaled values; ``p`` and ``q``: how many are positive, and their sum.
    """
    found = [f"COUNT(CASE WHEN k{rank} = 1 THEN 1 END) AS k{rank}"]
    if measure.form == "share":
        found.append(f"COUNT(CASE WHEN n{rank} = 1 THEN 1 END) AS n{rank}")
    elif measure.form != "count":
        value = f"CAST(v{rank} AS DECIMAL(19, 0))"
        found.append(f"SUM({value}) AS s{rank}")
        found.append(f"COUNT(CASE WHEN v{rank} > 0 THEN 1 END) AS p{rank}")
        found.append(f"SUM(CASE WHEN v{rank} > 0 THEN {value} END) AS q{rank}")
    return found


def records(
    work: Work,
    batches: Sequence[tuple[str, Batch]],
    carry: Carry,
    others: Mapping[int, Box],
    period: str,
) -> Query:
    """Return the queries of a work.

    ``batches``: the name of the table of each batch. ``others``: boxes of the outlines in other
    grids, by EPSG code, to recognise coordinates that are not in the grid declared.
    """
    cells = Cells(work)
    fx, fy = (cells.need(head, "f") for head in (work.position.x, work.position.y))
    nx, ny = (cells.need(head, "n") for head in (work.position.x, work.position.y))
    used = _used(work)
    kept = holds(work.filters, cells)
    parts = [f"{modality(work.dimensions[d], cells, period)} AS d{i}" for i, d in enumerate(used)]
    for rank, measure in enumerate(work.measures):
        parts += _measured(measure, rank, cells)
    unread = tuple(cells.numeric)
    parts += [f"CASE WHEN {cells.bad(h)} THEN 1 ELSE 0 END AS u{i}" for i, h in enumerate(unread)]
    state = _state(kept, (fx, fy), (nx, ny), carry, others)
    read = " UNION ALL ".join(cells.select(batch, table) for table, batch in batches)
    columns = ", ".join(["", *parts]) if parts else ""
    told = f"SELECT {state} AS state, {nx} AS x0, {ny} AS y0{columns} FROM {CELLS}"
    parses = any(cells.parses(batch) for _, batch in batches)
    return Query(read, parses, _placed(told, carry), used, unread)


def _used(work: Work) -> tuple[str, ...]:
    """Return the dimensions that a measure is broken down by, in the order of the card."""
    named = {name for m in work.measures for crossing in m.by for name in crossing.split("+")}
    return tuple(name for name in work.dimensions if name in named)


def _measured(measure: Measure, rank: int, cells: Cells) -> list[str]:
    where = holds(measure.where, cells)
    if measure.form == "count":
        return [f"{_flag(where)} AS k{rank}"]
    if measure.form == "share":
        among = holds(measure.among, cells)
        return [f"{_flag(f'{among} AND {where}')} AS k{rank}", f"{_flag(among)} AS n{rank}"]
    assert measure.column is not None
    value = cells.wants(measure.column, "n")
    scale = 10**measure.decimals
    most = number(LARGEST / scale)
    fits = f"{where} AND {value} < {most} AND {value} > -{most}"
    whole = f"CAST(floor({value} * {number(scale)} + {number(0.5)}) AS BIGINT)"
    return [
        f"{_flag(f'COALESCE({fits}, FALSE)')} AS k{rank}",
        f"CASE WHEN {fits} THEN {whole} END AS v{rank}",
    ]


def _flag(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _state(
    kept: str,
    filled: tuple[str, str],
    at: tuple[str, str],
    carry: Carry,
    others: Mapping[int, Box],
) -> str:
    x, y = at
    cases = [
        (f"NOT ({kept})", FILTERED),
        (f"NOT {filled[0]} OR NOT {filled[1]}", MISSING),
        (f"{x} IS NULL OR {y} IS NULL", UNREADABLE),
        (f"{x} = 0 AND {y} = 0", NULL_ISLAND),
        (_in_box(x, y, carry.box), OK),
        (_in_box(y, x, carry.box), SWAPPED),
    ]
    for epsg, box in others.items():
        either = f"({_in_box(x, y, box)}) OR ({_in_box(y, x, box)})"
        cases.append((either, f"{OTHER_GRID}{epsg}"))
    whens = " ".join(f"WHEN {test} THEN '{name}'" for test, name in cases)
    return f"CASE {whens} ELSE '{AWAY}' END"


def _in_box(x: str, y: str, box: Box) -> str:
    west, south, east, north = (number(value) for value in box)
    return f"{x} >= {west} AND {x} <= {east} AND {y} >= {south} AND {y} <= {north}"


def _placed(told: str, carry: Carry) -> str:
    """Add the metres of the records that are ``ok``."""

    def when_ok(value: str) -> str:
        return f"CASE WHEN state = '{OK}' THEN {value} END"

    if carry.same:
        return f"SELECT told.*, {when_ok('x0')} AS x, {when_ok('y0')} AS y FROM ({told}) told"
    u, v = carry.unit_sql("x0", "y0")
    x, y = carry.metres_sql("u", "v")
    unit = f"SELECT told.*, {when_ok(u)} AS u, {when_ok(v)} AS v FROM ({told}) told"
    return f"SELECT unit.*, {x} AS x, {y} AS y FROM ({unit}) unit"
