"""What SQL finds where each point lies, as the numpy engine does, to the last unit?

The text runs unchanged on DuckDB and on Spark SQL: an index of cells (``GridIndex.cells``,
``GridIndex.edges``) as two plain tables, and the rule of ``exact.py`` in + − × and comparisons of
doubles. No spatial extension, no identifier of the points: where a point lies depends on its
coordinates only, so the exact test runs once for each distinct pair of them in a border cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.places.exact import AROUND, BORDER, INSIDE, OUTSIDE

#: the number of a cell is row × this + column
ROW: Final = 1 << 30

_PRODUCT = "((e.x2 - e.x1) * (m.y - e.y1) - (e.y2 - e.y1) * (m.x - e.x1))"
_ON = (
    f"{_PRODUCT} = 0 AND m.y >= e.y1 AND m.y <= e.y2"
    " AND m.x >= CASE WHEN e.x1 < e.x2 THEN e.x1 ELSE e.x2 END"
    " AND m.x <= CASE WHEN e.x1 < e.x2 THEN e.x2 ELSE e.x1 END"
)
_CROSSING = f"{_PRODUCT} > 0 AND e.y1 <= m.y AND m.y < e.y2 AND e.turn > 0"
_ALONG = "((m.x - e.x1) * (e.x2 - e.x1) + (m.y - e.y1) * (e.y2 - e.y1))"
_LENGTH = "((e.x2 - e.x1) * (e.x2 - e.x1) + (e.y2 - e.y1) * (e.y2 - e.y1))"
_NEAR = (
    f"CASE WHEN {_ALONG} <= 0"
    " THEN (m.x - e.x1) * (m.x - e.x1) + (m.y - e.y1) * (m.y - e.y1) <= e.r2"
    f" WHEN {_ALONG} >= {_LENGTH}"
    " THEN (m.x - e.x2) * (m.x - e.x2) + (m.y - e.y2) * (m.y - e.y2) <= e.r2"
    f" ELSE {_PRODUCT} * {_PRODUCT} <= e.r2 * {_LENGTH} END"
)


def double(value: float) -> str:
    """Write a number so that every engine reads this very double."""
    return f"{value:.17e}"


def cell(x: str, y: str, cell_m: float, bounds: Sequence[float]) -> str:
    """Return the expression of the cell of a point; null outside ``bounds`` and for NaN.

    ``cell_m`` is a power of two, so that the product is exact; ``bounds``: xmin, ymin, xmax, ymax.
    """
    scale = double(1.0 / cell_m)
    left, low, right, high = (double(v) for v in bounds)
    return (
        f"CASE WHEN {finite(x)} AND {finite(y)}"
        f" AND {x} >= {left} AND {x} <= {right} AND {y} >= {low} AND {y} <= {high}"
        f" THEN CAST(floor({y} * {scale}) AS BIGINT) * {ROW} + CAST(floor({x} * {scale}) AS BIGINT)"
        " END"
    )


def finite(value: str) -> str:
    """Return the condition that a double is there and is neither NaN nor infinite.

    DuckDB answers ``isnan`` and comparisons from the bounds written in Parquet files, which leave
    NaN out: it then takes NaN for a number between them. A difference is worked out.
    """
    return f"{value} - {value} = 0"


def located(
    points: str,
    keep: Sequence[str],
    *,
    cell_m: float,
    bounds: Sequence[float],
    partition: bool = False,
    x: str = "x",
    y: str = "y",
    cells: str = "cells",
    edges: str = "edges",
) -> str:
    """Return a query: one row a point × zone that holds it or is around it.

    ``points``: a table, or a query in brackets, with the columns ``keep``, ``x`` and ``y`` (doubles
    in the CRS of the zones). Columns of the result: ``keep``, ``zone`` (number of the zone),
    ``place`` (``inside`` or ``around``). ``partition``: a point in several zones is counted in the
    first one only.
    """
    kept = "".join(f"{name}, " for name in keep)
    carried = "".join(f"p.{name}, " for name in keep)
    shown = "".join(f"m.{name}, " for name in keep)
    first = f"MIN(CASE WHEN place = '{INSIDE}' THEN zone END) OVER (PARTITION BY px, py)"
    single = f", {first} AS first_zone" if partition else ""
    only = f" AND (first_zone IS NULL OR zone = first_zone OR place = '{AROUND}')"
    return f"""WITH placed AS (
  SELECT {kept}{x} AS px, {y} AS py, {cell(x, y, cell_m, bounds)} AS cell FROM {points}
), met AS (
  SELECT {carried}p.px, p.py, c.zone, c.state, c.base, c.beyond, c.fringe
  FROM placed p JOIN {cells} c ON p.cell = c.cell
), asked AS (
  SELECT DISTINCT px AS x, py AS y, fringe FROM met WHERE state = '{BORDER}'
), tested AS (
  SELECT m.x, m.y, m.fringe,
    MAX(CASE WHEN {_ON} THEN 1 ELSE 0 END) AS touched,
    SUM(CASE WHEN {_CROSSING} THEN 1 ELSE 0 END) AS crossings,
    MAX(CASE WHEN {_NEAR} THEN 1 ELSE 0 END) AS close_by
  FROM asked m JOIN {edges} e ON m.fringe = e.fringe
  GROUP BY m.x, m.y, m.fringe
), answered AS (
  SELECT {shown}m.px, m.py, m.zone, CASE
    WHEN m.state <> '{BORDER}' THEN m.state
    WHEN t.touched = 1 OR (m.base + t.crossings) % 2 = 1 THEN '{INSIDE}'
    WHEN t.close_by = 1 THEN '{AROUND}'
    ELSE m.beyond END AS place
  FROM met m LEFT JOIN tested t ON m.fringe = t.fringe AND m.px = t.x AND m.py = t.y
), ranked AS (
  SELECT {kept}px, py, zone, place{single} FROM answered
)
SELECT {kept}zone, place FROM ranked WHERE place <> '{OUTSIDE}'{only if partition else ""}"""
