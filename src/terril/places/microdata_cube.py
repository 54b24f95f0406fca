"""How many records, and which sums, by territory, surroundings and breakdown, on any engine?

Each record with coordinates meets the cells of the index of each kind (``places/index.py``). Where
no cell is on an edge, the cells tell its territories at once; elsewhere the exact test runs once
for each distinct pair of coordinates. Only the small table of groups comes back: nothing of a
record does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from terril.catalogue.works import Work
from terril.places import sql
from terril.places.engines.base import Engine
from terril.places.exact import AROUND, BORDER, INSIDE
from terril.places.index import GridIndex
from terril.places.microdata_sql import CELLS, OK, Query, sums_of


@dataclass(frozen=True)
class Ground:
    """The territories of one kind: their index, and whether their surroundings are counted."""

    kind: str
    index: GridIndex
    ring: bool = False


@dataclass(frozen=True)
class Cube:
    """What was counted.

    ``inside``: one row a group: ``z0…`` (number of the territory of each ground, null for none),
    ``near`` (1 in the surroundings of one), ``d0…`` (ranks of modalities), ``records``, and the
    sums of ``microdata_sql.sums_of``. ``rings``: by ground, ``zone``, ``d0…`` and the same sums.
    ``states``: one row a state: ``state``, ``records``, extent of the coordinates as given
    (``west``, ``south``, ``east``, ``north``) and ``u0…`` (cells that cannot be read).
    ``largest``: by ground (« "" » for inside) and rank of measure, the largest values of each
    group, in ``v``, as many as asked for; one value a row, nothing else of the record.
    """

    inside: pl.DataFrame
    rings: dict[str, pl.DataFrame]
    states: pl.DataFrame
    largest: dict[str, dict[int, pl.DataFrame]]


def count(
    engine: Engine,
    query: Query,
    work: Work,
    grounds: Sequence[Ground],
    largest: Mapping[int, int] | None = None,
) -> Cube:
    """Run the count. The tables it made are dropped; those of the files are the caller's.

    ``largest``: by rank of measure, how many of the largest values of each group are wanted (for
    the rules of dominance).
    """
    task = _Task(engine, query, work, grounds, largest or {})
    try:
        return task.run()
    finally:
        engine.drop(*reversed(task.made))


class _Task:
    def __init__(
        self,
        engine: Engine,
        query: Query,
        work: Work,
        grounds: Sequence[Ground],
        largest: Mapping[int, int],
    ) -> None:
        self.engine, self.query, self.grounds, self.largest = engine, query, grounds, largest
        self.made: list[str] = []
        self.counted = query.columns(work)
        self.dims = [f"d{rank}" for rank in range(len(query.dimensions))]
        self.sums = [s for rank, m in enumerate(work.measures) for s in sums_of(m, rank)]
        self.zones = [f"z{k}" for k in range(len(grounds))]

    def run(self) -> Cube:
        self._give_grounds()
        (self._keep if self.query.parses else self._view)(CELLS, self.query.cells)
        self._view("fiches", self.query.records)
        states = self.engine.rows(self._states())
        self._view("posees", self._with_cells())
        self._keep("situees", self._with_zones())
        self._keep("touches", "SELECT DISTINCT x, y FROM situees WHERE border > 0")
        for k, ground in enumerate(self.grounds):
            self._keep(
                f"trouves_{k}",
                ground.index.located_sql(
                    "touches", ("x", "y"), cells=f"cases_{k}", edges=f"aretes_{k}"
                ),
            )
        self._keep("joints", self._joined())
        self._view("membres", self._members())
        inside = self._grouped("membres", [*self.zones, "near"])
        largest = {"": self._largest("membres", [*self.zones, "near"])}
        rings = {}
        for k, ground in enumerate(self.grounds):
            if ground.ring:
                self._view(f"voisins_{k}", self._neighbours(k))
                rings[ground.kind] = self._grouped(f"voisins_{k}", ["zone"])
                largest[ground.kind] = self._largest(f"voisins_{k}", ["zone"])
        return Cube(inside, rings, states.sort("state"), largest)

    def _grouped(self, table: str, zones: Sequence[str]) -> pl.DataFrame:
        keys = [*zones, *self.dims]
        columns = ", ".join([*keys, "COUNT(*) AS records", *self.sums])
        query = f"SELECT {columns} FROM {table} GROUP BY {', '.join(keys)}"
        return self.engine.rows(query).sort(keys)

    def _largest(self, table: str, zones: Sequence[str]) -> dict[int, pl.DataFrame]:
        """Return the largest values of each group, for the measures that ask for them."""
        keys = ", ".join([*zones, *self.dims])
        found = {}
        for rank, size in self.largest.items():
            ordered = f"ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY v{rank} DESC)"
            query = (
                f"SELECT {keys}, v FROM (SELECT {keys}, v{rank} AS v, {ordered} AS place"
                f" FROM {table} WHERE v{rank} > 0) o WHERE place <= {size}"
            )
            found[rank] = self.engine.rows(query).sort(*zones, *self.dims, "v")
        return found

    def _give(self, table: str, frame: pl.DataFrame) -> None:
        self.made.append(table)
        self.engine.give(table, frame)

    def _view(self, table: str, query: str) -> None:
        self.made.append(table)
        self.engine.view(table, query)

    def _keep(self, table: str, query: str) -> None:
        self.made.append(table)
        self.engine.keep(table, query)

    def _give_grounds(self) -> None:
        for k, ground in enumerate(self.grounds):
            self._give(f"cases_{k}", ground.index.cells)
            self._give(f"aretes_{k}", ground.index.edges)
            self._give(f"seules_{k}", _alone(ground.index.cells))

    def _states(self) -> str:
        unread = "".join(
            f", COUNT(CASE WHEN u{rank} = 1 THEN 1 END) AS u{rank}"
            for rank in range(len(self.query.unread))
        )
        return (
            "SELECT state, COUNT(*) AS records, MIN(x0) AS west, MIN(y0) AS south,"
            f" MAX(x0) AS east, MAX(y0) AS north{unread} FROM fiches GROUP BY state"
        )

    def _with_cells(self) -> str:
        columns = ", ".join(["x", "y", *self.counted])
        cells = "".join(
            f", {sql.cell('x', 'y', g.index.cell_m, g.index.bounds)} AS cell_{k}"
            for k, g in enumerate(self.grounds)
        )
        return f"SELECT {columns}{cells} FROM fiches WHERE state = '{OK}'"

    def _with_zones(self) -> str:
        """The records with what their cells tell; ``x`` and ``y`` stay where a test remains."""
        ranks = range(len(self.grounds))
        columns = [f"p.{name}" for name in self.counted]
        columns += [f"p.cell_{k}" for k, ground in enumerate(self.grounds) if ground.ring]
        columns += [f"s{k}.zone AS z{k}" for k in ranks]
        border = " + ".join(f"COALESCE(s{k}.border, 0)" for k in ranks)
        near = " + ".join(f"COALESCE(s{k}.near, 0)" for k in ranks)
        joins = " ".join(f"LEFT JOIN seules_{k} s{k} ON p.cell_{k} = s{k}.cell" for k in ranks)
        columns += [f"CASE WHEN {border} > 0 THEN p.{axis} END AS {axis}" for axis in "xy"]
        columns += [f"{border} AS border", f"CASE WHEN {near} > 0 THEN 1 ELSE 0 END AS near"]
        return f"SELECT {', '.join(columns)} FROM posees p {joins}"

    def _joined(self) -> str:
        """One row a pair of coordinates that was tested, with its territory of each kind."""
        ranks = range(len(self.grounds))
        rings = [k for k, ground in enumerate(self.grounds) if ground.ring]
        zones = ", ".join(f"i{k}.zone AS z{k}" for k in ranks)
        near = " OR ".join(f"r{k}.x IS NOT NULL" for k in rings) or "FALSE"
        joins = [
            f"LEFT JOIN (SELECT x, y, zone FROM trouves_{k} WHERE place = '{INSIDE}') i{k}"
            f" ON t.x = i{k}.x AND t.y = i{k}.y"
            for k in ranks
        ]
        joins += [
            f"LEFT JOIN (SELECT DISTINCT x, y FROM trouves_{k} WHERE place = '{AROUND}') r{k}"
            f" ON t.x = r{k}.x AND t.y = r{k}.y"
            for k in rings
        ]
        return (
            f"SELECT t.x, t.y, {zones}, CASE WHEN {near} THEN 1 ELSE 0 END AS near"
            f" FROM touches t {' '.join(joins)}"
        )

    def _members(self) -> str:
        """The records with their territory of each kind: told by the cells, or tested."""
        settled = ", ".join([*self.zones, "near", *self.counted])
        tested = ", ".join(
            [*(f"j.{z}" for z in self.zones), "j.near", *(f"p.{c}" for c in self.counted)]
        )
        return (
            f"SELECT {settled} FROM situees WHERE border = 0 UNION ALL "
            f"SELECT {tested} FROM situees p JOIN joints j ON p.x = j.x AND p.y = j.y"
        )

    def _neighbours(self, k: int) -> str:
        """The records around each territory of a kind, once for each that they are around."""
        columns = "".join(f", p.{column}" for column in self.counted)
        return (
            f"SELECT c.zone{columns} FROM situees p JOIN cases_{k} c ON p.cell_{k} = c.cell"
            f" WHERE p.border = 0 AND c.state = '{AROUND}' UNION ALL "
            f"SELECT f.zone{columns} FROM situees p JOIN trouves_{k} f ON p.x = f.x AND p.y = f.y"
            f" WHERE f.place = '{AROUND}'"
        )


def _alone(cells: pl.DataFrame) -> pl.DataFrame:
    """Return one row a cell: the first zone that holds all of it, and what remains to be tested."""
    state = pl.col("state")
    return (
        cells.group_by("cell")
        .agg(
            zone=pl.col("zone").filter(state == INSIDE).min(),
            border=(state == BORDER).any().cast(pl.Int8),
            near=(state == AROUND).any().cast(pl.Int8),
        )
        .sort("cell")
    )
