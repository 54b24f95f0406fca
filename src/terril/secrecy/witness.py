"""Which other figures would the publication allow, that carry a cell where it should reach?

A *witness* is a set of moves away from the base figures that keeps every relation, stays within
what anybody may assume of a blanked cell and within the rounding of a published one. Its price
is the weight of the published cells that it moves: they would have to be blanked.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.secrecy.base import Base
from terril.secrecy.lp import Lp, Outcome
from terril.secrecy.sparse import Bools, Csr, Floats, Ints
from terril.secrecy.system import State, TableSystem

#: share of a cell's weight that a cell already blank costs: shorter witnesses are preferred
ALREADY: Final = 1e-3

#: how far a figure may be from what is wanted and still be it
CLOSE: Final = 1e-6

#: most cells of a programme around one cell, unless everything is looked at
MOST: Final = 1500

#: other vertices tried, and cells moved and nodes opened at the most, to find whole figures
SHAKES: Final = 4
SEARCHED: Final = 400
SEARCHED_AGAIN: Final = 120  # when nothing has to be found: a cell stays blank, that is all
NODES: Final = 200

#: a need: the cell, and the side (1 upwards, −1 downwards)
Goal = tuple[int, int]

#: how far to look: cheapest cells a relation, relations crossed
Reach = tuple[int, int]


@dataclass(frozen=True)
class Witness:
    """Other figures that the publication allows: the cells moved, and by how much."""

    cells: Ints
    moves: Floats


class Finder:
    """Finds witnesses, given which cells are blank (``blank``, which its owner changes)."""

    def __init__(self, system: TableSystem, base: Base, blank: Bools) -> None:
        self.system = system
        self.blank = blank
        self.programmes = 0
        self._value = base.value
        self._ratios_of: dict[int, list[int]] = {}
        for number, counts in enumerate(
            zip(system.ratios.numerator.tolist(), system.ratios.denominator.tolist(), strict=True)
        ):
            for cell in counts:
                self._ratios_of.setdefault(cell, []).append(number)
        self._rows = base.rows
        self._columns = base.rows.by_column
        self._low, self._high = base.low, base.high
        self._up = np.maximum(0.0, system.upper - base.value)
        self._down = np.maximum(0.0, base.value - system.lower)
        known = ~np.isnan(system.value)
        stated = np.where(known, system.value, base.value)
        self.up_free = np.maximum(0.0, stated + system.half - base.value)
        self.down_free = np.maximum(0.0, base.value - stated + system.half)
        self._weight = np.maximum(system.weight, 0.0)
        self._usable = np.isin(system.state, (State.FREE, State.SENSITIVE, State.BLANK))
        self._loose = (system.half > 0) & known
        self._rank = np.empty(system.size, dtype=np.int64)
        self._rank[np.lexsort((np.arange(system.size), self._weight))] = np.arange(system.size)

    def around(self, cell: int, reach: Reach | None, *, only_blank: bool) -> Ints:
        """Return the cells that may move for ``cell``: those of its relations, and further.

        In each relation the blanked ones come first, then the cheapest, and those that close a
        circuit through three relations already met. ``reach`` ``None``: every cell.
        """
        may = self._loose | (self.blank if only_blank else self._usable)
        if reach is None:
            return np.flatnonzero(may)
        width, depth = reach
        taken = np.zeros(self.system.size, dtype=bool)
        seen = np.zeros(self._rows.rows, dtype=bool)
        taken[cell] = True
        fresh = np.array([cell], dtype=np.int64)
        count = 1
        for _ in range(depth):
            rows = self._columns.across(fresh)
            rows = rows[~seen[rows]]
            if not len(rows):
                break
            seen[rows] = True
            near = self._rows.column[self._rows.entries(rows)]
            row = np.repeat(np.arange(len(rows)), self._rows.sizes[rows])
            kept = may[near] & ~taken[near]
            near, row = near[kept], row[kept]
            if not len(near):
                break
            fresh = self._choose(near, row, seen, width)
            taken[fresh] = True
            count += len(fresh)
            if count > MOST:
                break
        return np.flatnonzero(taken)

    def _choose(self, near: Ints, row: Ints, seen: Bools, width: int) -> Ints:
        shown = ~self.blank[near]
        order = np.lexsort((self._rank[near], shown, row))
        near, row, shown = near[order], row[order], shown[order]
        opens = np.concatenate(([True], row[1:] != row[:-1]))
        place = np.arange(len(row)) - np.flatnonzero(opens)[np.cumsum(opens) - 1]
        sizes = self._columns.sizes[near]
        met = seen[self._columns.column[self._columns.entries(near)]].astype(np.int64)
        links = np.add.reduceat(met, np.cumsum(sizes) - sizes)
        return np.unique(near[(place < np.where(shown, width, 2 * width + 6)) | (links >= 3)])

    def find(
        self, goal: Goal, need: float, cells: Ints, *, spend: bool, without: int = -1
    ) -> Witness | None:
        """Return the cheapest witness that moves a cell by ``need``, ``None`` without any.

        ``cells``: those that may move. ``spend``: may published cells be blanked?
        ``without``: a cell taken as published.
        """
        target, side = goal
        blank = self.blank[cells] & (cells != without)
        free = blank | (self._usable[cells] if spend else np.zeros(len(cells), dtype=bool))
        loose = ~blank & self._loose[cells]
        chosen = free | loose
        cells, blank, free, loose = cells[chosen], blank[chosen], free[chosen], loose[chosen]
        at = int(np.searchsorted(cells, target))
        if at == len(cells) or cells[at] != target:
            return None
        size = len(cells)
        weight = self._weight[cells]
        cost = np.where(blank, ALREADY * (1 + weight), weight + ALREADY)
        up = np.where(free, self._up[cells], 0.0)
        down = np.where(free, self._down[cells], 0.0)
        lower = np.zeros(2 * size)
        upper = np.concatenate((up, down))
        wanted, other = (at, at + size) if side > 0 else (at + size, at)
        if need > upper[wanted] + CLOSE:
            return None
        lower[wanted] = upper[wanted] = need
        upper[other] = 0.0
        rows = self._columns.across(cells)
        ease = np.flatnonzero(loose)
        matrix = _split(self._rows.take(rows, cells), loose, ease)
        lower = np.concatenate((lower, -self.down_free[cells[ease]]))
        upper = np.concatenate((upper, self.up_free[cells[ease]]))
        costs = np.concatenate((cost, cost, np.zeros(len(ease))))
        low, high = self._low[rows], self._high[rows]
        whole = self.system.whole[cells]
        problem = _Problem(costs, lower, upper, matrix, low, high, size, ease)
        moves = self._solve(problem, None)
        if moves is not None and _fractional(moves[whole]):
            most = SEARCHED if spend else SEARCHED_AGAIN
            moves = self._whole(problem, whole, moves, most)
        if moves is None:
            return None
        kept = np.abs(moves) > CLOSE
        return self._with_rates(Witness(cells[kept], moves[kept]), spend=spend, without=without)

    def _with_rates(self, witness: Witness, *, spend: bool, without: int) -> Witness | None:
        """Give the rates the move that their counts make, exactly; ``None`` if they may not.

        The programme takes a ratio as linear; far from the figures it is not.
        """
        touched = {n for cell in witness.cells.tolist() for n in self._ratios_of.get(cell, ())}
        if not touched:
            return witness
        moves = dict(zip(witness.cells.tolist(), witness.moves.tolist(), strict=True))
        r = self.system.ratios
        for number in sorted(touched):
            top, base, rate = (
                int(r.numerator[number]),
                int(r.denominator[number]),
                int(r.rate[number]),
            )
            below = self._value[base] + moves.get(base, 0.0)
            if below <= 0 or self._value[base] <= 0:
                continue
            above = self._value[top] + moves.get(top, 0.0)
            move = float(r.factor[number] * above / below - self._value[rate])
            blank = rate != without and (self.blank[rate] or (spend and self._usable[rate]))
            up, down = (self._up, self._down) if blank else (self.up_free, self.down_free)
            if move > up[rate] + CLOSE or -move > down[rate] + CLOSE:
                return None
            if abs(move - moves.get(rate, 0.0)) > CLOSE:
                moves[rate] = move
                if self._breaks_a_sum(rate, moves):
                    return None
        cells = np.array(sorted(c for c, m in moves.items() if abs(m) > CLOSE), dtype=np.int64)
        return Witness(cells, np.array([moves[c] for c in cells.tolist()]))

    def _breaks_a_sum(self, rate: int, moves: dict[int, float]) -> bool:
        """Does a rate, moved as its counts say, break a sum of rates beyond their rounding?"""
        rows = self.system.rows
        for relation in rows.by_column.across(np.array([rate])).tolist():
            at = slice(int(rows.start[relation]), int(rows.start[relation + 1]))
            cells, signs = rows.column[at], rows.value[at]
            total = float(
                sum(s * moves.get(c, 0.0) for c, s in zip(cells.tolist(), signs, strict=True))
            )
            ease = float((np.abs(signs) * self.system.half[cells]).sum()) + CLOSE
            if total < self._low[relation] - ease or total > self._high[relation] + ease:
                return True
        return False

    def _whole(self, problem: _Problem, whole: Bools, moves: Floats, most: int) -> Floats | None:
        """Return a witness in whole figures: another vertex, or a search near this one."""
        rng = np.random.default_rng(1)
        for _ in range(SHAKES):
            shaken = problem.costs * rng.uniform(0.8, 1.25, len(problem.costs))
            found = self._solve(dataclasses.replace(problem, costs=shaken), None)
            if found is not None and not _fractional(found[whole]):
                return found
        near = np.flatnonzero(np.abs(moves) > CLOSE)
        rows = problem.matrix.by_column.across(near)
        around = np.unique(problem.matrix.across(rows) % problem.size)
        if problem.size > most:
            if len(near) > most:
                return None
            order = np.argsort(problem.costs[around], kind="stable")
            around = np.union1d(near, around[order][:most])
        else:
            around = np.arange(problem.size)
        held = np.ones(problem.size, dtype=bool)
        held[around] = False
        upper = problem.upper.copy()
        upper[: 2 * problem.size][np.concatenate((held, held))] = 0.0
        integer = np.concatenate((whole, whole, np.zeros(len(problem.ease), dtype=bool)))
        return self._solve(dataclasses.replace(problem, upper=upper), integer)

    def _solve(self, problem: _Problem, whole: Bools | None) -> Floats | None:
        self.programmes += 1
        lp = Lp(
            problem.costs,
            problem.lower,
            problem.upper,
            problem.matrix,
            problem.low,
            problem.high,
            whole,
            nodes=NODES,
        )
        if lp.solve() is not Outcome.OPTIMAL:
            return None
        x, size = lp.values(), problem.size
        moves = x[:size] - x[size : 2 * size]
        moves[problem.ease] += x[2 * size :]
        if whole is not None:
            inside = whole[:size]
            moves[inside] = np.round(moves[inside])
        return moves


@dataclass(frozen=True)
class _Problem:
    """The arrays of one programme: moves up, moves down, then moves within the rounding."""

    costs: Floats
    lower: Floats
    upper: Floats
    matrix: Csr
    low: Floats
    high: Floats
    size: int
    ease: Ints


def _split(part: Csr, loose: Bools, ease: Ints) -> Csr:
    """Return the relations on moves up, moves down, and moves within the rounding."""
    size = part.columns
    row, column, value = (
        [part.row, part.row],
        [part.column, part.column + size],
        [
            part.value,
            -part.value,
        ],
    )
    if len(ease):
        place = np.full(size, -1, dtype=np.int64)
        place[ease] = np.arange(len(ease)) + 2 * size
        entries = loose[part.column]
        row.append(part.row[entries])
        column.append(place[part.column[entries]])
        value.append(part.value[entries])
    return Csr.of(
        np.concatenate(row),
        np.concatenate(column),
        np.concatenate(value),
        part.rows,
        2 * size + len(ease),
    )


def _fractional(moves: Floats) -> bool:
    return bool((np.abs(moves - np.round(moves)) > CLOSE).any())
