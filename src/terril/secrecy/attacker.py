"""What can somebody who holds everything that is published find of the blanked figures?

The attacker knows the cells that are published (to their rounding), every relation, and what
anybody may assume of a blanked figure. Each blanked cell is bounded:

1. *certain bounds*, by interval propagation: a cell whose certain bounds leave its protection
   interval is exposed, and no more is needed;
2. *certificates*: sets of figures that the publication allows and that carry the cell to both
   ends of its interval; whole figures where counts are. One certificate serves all the cells
   that it carries far enough. It is checked by arithmetic, not believed;
3. for what is left, the exact bounds, by linear programming over the whole component, and, for
   counts, by a search over whole figures.

Nothing of the reasoning that chose the cells is used here; only ``system`` is shared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from terril.secrecy.intervals import propagate, through_ratios
from terril.secrecy.lp import Lp, Outcome
from terril.secrecy.sparse import Bools, Floats, Ints, components
from terril.secrecy.system import State, TableSystem, View, view

#: how far a figure may be from the end of its interval and still reach it
CLOSE: Final = 1e-6

#: how much a certificate may miss a relation, relative to its figures
MISS: Final = 1e-6

#: cells of a programme around one cell, in turn; then the whole component
BALLS: Final = (60, 400, 2000)

#: under so many open cells no volley is worth its price; volleys in a row that change little
FEW: Final = 10
IDLE: Final = 3

#: how far figures are mended around those that are not whole, and how many at the most
MENDING: Final = 3
MOST_MENDED: Final = 3000

#: nodes that a search for whole figures may open
NODES: Final = 5000


@dataclass(frozen=True)
class Attack:
    """What the attacker found. Arrays by cell of the system; NaN for what is not blanked.

    ``low``/``high``: the ends of what is proved possible. ``sure_low``/``sure_high``: certain
    bounds, as far as they were needed. ``exposed``: guarded cells whose interval is not
    protected. ``recovered``: blanked cells that can only have one value. ``doubtful``: guarded
    cells for which neither a certificate nor an exposure was found; they count as exposed.
    ``impossible``: no set of figures satisfies the publication (contradictory relations).
    """

    low: Floats
    high: Floats
    sure_low: Floats
    sure_high: Floats
    exposed: Ints
    recovered: Ints
    doubtful: Ints
    attacked: int
    programmes: int
    impossible: bool = False

    @property
    def resists(self) -> bool:
        """Is every blanked figure protected?"""
        return not (
            len(self.exposed) or len(self.recovered) or len(self.doubtful) or self.impossible
        )


def attack(system: TableSystem, blanked: Bools) -> Attack:
    """Attack the publication where ``blanked`` cells are blank and all the others are shown.

    Cells that are blank without protection (nobody's secret) are not bounded.
    """
    return _Attacker(system, blanked).run()


@dataclass
class _Part:
    """A component of the view: its variables, its rows, a point that satisfies them."""

    cells: Ints
    lower: Floats
    upper: Floats
    rows: View
    point: Floats = field(default_factory=lambda: np.zeros(0))


class _Attacker:
    def __init__(self, system: TableSystem, blanked: Bools) -> None:
        self.system = system
        self.blanked = blanked
        self.view = view(system, blanked)
        v = self.view
        self.sure_low, self.sure_high = propagate(v.lower, v.upper, v.rows, v.low, v.high)
        self.sure_low, self.sure_high = through_ratios(
            system, blanked, v, self.sure_low, self.sure_high
        )
        whole = system.whole[v.cells] & blanked[v.cells]
        self.whole = whole
        self.sure_low[whole] = np.ceil(self.sure_low[whole] - CLOSE)
        self.sure_high[whole] = np.floor(self.sure_high[whole] + CLOSE)
        self.columns = v.rows.by_column
        self.programmes = 0
        own = blanked[v.cells]
        guarded = system.guarded[v.cells] & own
        # what each end has to reach; a blanked cell without interval has to be uncertain
        self.want_high = np.where(guarded, system.need_high[v.cells], np.nan)
        self.want_low = np.where(guarded, system.need_low[v.cells], np.nan)
        self.uncertain = own & ~guarded & (system.state[v.cells] != State.BLANK)
        self.guarded = guarded
        self.low = np.full(len(v.cells), np.inf)
        self.high = np.full(len(v.cells), -np.inf)
        self.impossible = False

    # ------------------------------------------------------------ the run

    def run(self) -> Attack:
        part = components(self.view.rows, np.ones(len(self.view.cells), dtype=bool))
        self.part = part
        self.point = self._points(part)
        self.act = self.view.rows.times(self.point)
        self._reach(np.arange(len(self.point)), self.point)
        self._volleys()
        for ball in BALLS:
            for variable in self._open().tolist():
                if self._still(variable):
                    self._around(variable, ball)
        doubtful = []
        for variable in self._open().tolist():
            if self._still(variable) and not self._whole_component(variable):
                doubtful.append(variable)
        return self._result(np.array(doubtful, dtype=np.int64))

    def _open(self) -> Ints:
        """Return the variables whose protection is neither proved nor refuted."""
        every = np.arange(len(self.low))
        return every[self._up_open(every) | self._down_open(every) | self._flat_open(every)]

    def _up_open(self, k: Ints) -> Bools:
        want = self.want_high[k] - CLOSE
        return np.asarray((self.high[k] < want) & (self.sure_high[k] >= want))

    def _down_open(self, k: Ints) -> Bools:
        want = self.want_low[k] + CLOSE
        return np.asarray((self.low[k] > want) & (self.sure_low[k] <= want))

    def _flat_open(self, k: Ints) -> Bools:
        return np.asarray(
            self.uncertain[k]
            & (self.high[k] - self.low[k] < CLOSE)
            & (self.sure_high[k] - self.sure_low[k] > CLOSE)
        )

    def _still(self, k: int) -> bool:
        one = np.array([k])
        return bool(self._up_open(one)[0] or self._down_open(one)[0] or self._flat_open(one)[0])

    # ------------------------------------------------------------ a feasible point

    def _points(self, part: Ints) -> Floats:
        """Return figures that satisfy the view: the true ones where they are known and do."""
        v = self.view
        point = self.system.value[v.cells].copy()
        known = ~np.isnan(point)
        act = v.rows.times(np.where(known, point, 0.0))
        scale = np.maximum(1.0, v.rows.times(np.abs(np.where(known, point, 0.0))))
        bad_row = (act < v.low - MISS * scale) | (act > v.high + MISS * scale)
        out = ~known | (point < v.lower - CLOSE) | (point > v.upper + CLOSE)
        bad = np.zeros(int(part.max()) + 1 if len(part) else 0, dtype=bool)
        bad[part[out]] = True
        entries = bad_row[v.rows.row]
        bad[part[v.rows.column[entries]]] = True
        if not bad.any():
            return point
        chosen = np.flatnonzero(bad[part])
        rows = self.columns.across(chosen)
        cost = np.zeros(len(chosen))
        solved: Floats | None = None
        for whole in (None, self.whole[chosen]):
            self.programmes += 1
            lp = Lp(
                cost, v.lower[chosen], v.upper[chosen], v.rows.take(rows, chosen),
                v.low[rows], v.high[rows], whole, nodes=NODES, presolve=True,
            )  # fmt: skip
            if lp.solve() is not Outcome.OPTIMAL:
                break
            solved = lp.values()
            if not _fractional(solved[self.whole[chosen]]):
                break
        if solved is None:
            self.impossible = True
            solved = np.where(known[chosen], point[chosen], v.lower[chosen])
        point[chosen] = solved
        return point

    # ------------------------------------------------------------ certificates

    def _volleys(self) -> None:
        """Carry all the open cells at once, as far as they go together, again and again.

        A cell open on both sides goes one way or the other, by lot (always the same lots).
        """
        v, every = self.view, np.arange(len(self.point))
        if len(self._open()) < FEW:
            return
        wanted = np.where(np.isnan(self.want_high), self.point, self.want_high)
        reach = float(np.max(np.abs(wanted - self.point), initial=1.0))
        upper = np.minimum(v.upper, np.maximum(self.point, wanted) + 10 * reach)
        lp = Lp(np.zeros(len(every)), v.lower, upper, v.rows, v.low, v.high, presolve=True)
        rng = np.random.default_rng(1)
        idle = 0
        while idle < IDLE and len(before := self._open()) >= FEW:
            up = self._up_open(every) | self._flat_open(every)
            down = self._down_open(every) | self._flat_open(every)
            rise = np.where(up & down, rng.random(len(every)) < 0.5, up)
            weight = rng.uniform(0.5, 1.5, len(every))
            lp.costs(np.where(rise, -weight, np.where(down, weight, 0.0)))
            self.programmes += 1
            if lp.solve() is not Outcome.OPTIMAL:
                return
            found = self._mended(lp.values(), upper)
            if found is not None and self._holds(found):
                self._reach(every, found)
            idle = 0 if len(before) - len(self._open()) > len(before) // 50 else idle + 1

    def _mended(self, found: Floats, upper: Floats) -> Floats | None:
        """Return the figures made whole, by a search around those that are not."""
        v = self.view
        broken = np.flatnonzero(self.whole & (np.abs(found - np.round(found)) > CLOSE))
        found = np.where(self.whole, np.round(found), found)
        if not len(broken):
            return found
        near = broken
        for _ in range(MENDING):
            near = v.rows.across(self.columns.across(near))
            if len(near) > MOST_MENDED:
                return None
            rows = self.columns.across(near)
            part = v.rows.take(rows, near)
            rest = v.rows.take(rows, np.arange(len(found))).times(found) - part.times(found[near])
            self.programmes += 1
            lp = Lp(
                np.zeros(len(near)), v.lower[near], upper[near], part,
                v.low[rows] - rest, v.high[rows] - rest, self.whole[near], nodes=NODES,
            )  # fmt: skip
            if lp.solve() is Outcome.OPTIMAL:
                mended = found.copy()
                values = lp.values()
                mended[near] = np.where(self.whole[near], np.round(values), values)
                return mended
        return None

    def _holds(self, found: Floats) -> bool:
        """Do all the figures satisfy all the relations?"""
        v = self.view
        act, scale = v.rows.times(found), MISS * np.maximum(1.0, v.rows.times(np.abs(found)))
        inside = (found >= v.lower - CLOSE) & (found <= v.upper + CLOSE)
        return bool(((act >= v.low - scale) & (act <= v.high + scale)).all() and inside.all())

    def _around(self, variable: int, most: int) -> None:
        """Look for certificates among the cells nearest to a variable."""
        ball = self._ball(variable, most)
        self._certify(ball, variable)

    def _ball(self, variable: int, most: int) -> Ints:
        taken = np.zeros(len(self.view.cells), dtype=bool)
        taken[variable] = True
        fresh = np.array([variable])
        count = 1
        while len(fresh) and count < most:
            near = self.view.rows.across(self.columns.across(fresh))
            fresh = near[~taken[near]][: most - count]
            taken[fresh] = True
            count += len(fresh)
        return np.flatnonzero(taken)

    def _certify(self, ball: Ints, variable: int) -> None:
        """Carry the open cells of the ball up, then down, then the variable alone each way."""
        v = self.view
        rows = self.columns.across(ball)
        part = v.rows.take(rows, ball)
        rest = self.act[rows] - part.times(self.point[ball])
        reach = np.where(np.isnan(self.want_high[ball]), self.point[ball], self.want_high[ball])
        cap = np.maximum(self.point[ball], reach) + 4 * np.abs(reach - self.point[ball]) + 10
        lower = np.maximum(v.lower[ball], self.point[ball] - 4 * (cap - self.point[ball]))
        upper = np.minimum(v.upper[ball], cap)
        low, high = v.low[rows] - rest, v.high[rows] - rest
        alone = int(np.searchsorted(ball, variable))
        whole = self.whole[ball]
        lp = Lp(np.zeros(len(ball)), lower, upper, part, low, high)
        integer: Lp | None = None
        for many in (True, False):
            for side in (1, -1):
                cost = np.zeros(len(ball))
                if many:
                    wanted = (
                        self._up_open(ball) | self._flat_open(ball)
                        if side > 0
                        else self._down_open(ball)
                    )
                    cost[wanted] = -side
                elif self._wants(variable, side):
                    cost[alone] = -side
                if not cost.any():
                    continue
                lp.costs(cost)
                self.programmes += 1
                if lp.solve() is not Outcome.OPTIMAL:
                    continue
                found = lp.values()
                if _fractional(found[whole]):
                    if many:
                        continue
                    if integer is None:
                        integer = Lp(cost, lower, upper, part, low, high, whole, nodes=NODES)
                    integer.costs(cost)
                    self.programmes += 1
                    if integer.solve() is not Outcome.OPTIMAL:
                        continue
                    found = integer.values()
                found = np.where(whole, np.round(found), found)
                act = part.times(found)
                scale = MISS * np.maximum(1.0, part.times(np.abs(found)))
                inside = (act >= low - scale) & (act <= high + scale)
                if inside.all():
                    self._reach(ball, found)

    def _wants(self, k: int, side: int) -> bool:
        flat = bool(self.uncertain[k] and self.high[k] - self.low[k] < CLOSE)
        if side > 0:
            return flat or bool(self.high[k] < self.want_high[k] - CLOSE)
        return flat or bool(self.low[k] > self.want_low[k] + CLOSE)

    def _reach(self, variables: Ints, found: Floats) -> None:
        self.low[variables] = np.minimum(self.low[variables], found)
        self.high[variables] = np.maximum(self.high[variables], found)

    # ------------------------------------------------------------ exact bounds

    def _whole_component(self, variable: int) -> bool:
        """Find the exact bounds of a variable over its component; ``False`` when in doubt."""
        v = self.view
        inside = np.flatnonzero(self.part == self.part[variable])
        rows = self.columns.across(inside)
        part = v.rows.take(rows, inside)
        at = int(np.searchsorted(inside, variable))
        sure = True
        for side in (1, -1):
            if not self._wants(variable, side):
                continue
            cost = np.zeros(len(inside))
            cost[at] = -side
            whole: Bools | None = None
            wanted = self.want_high[variable] if side > 0 else self.want_low[variable]
            point = self.point[variable]
            enough = (point + side) if np.isnan(wanted) else wanted
            lower, upper = v.lower[inside].copy(), v.upper[inside].copy()
            if side > 0:  # no need to go further than what suffices
                upper[at] = min(upper[at], max(enough, point))
            else:
                lower[at] = max(lower[at], min(enough, point))
            for whole in (None, self.whole[inside]):
                self.programmes += 1
                lp = Lp(
                    cost, lower, upper, part, v.low[rows], v.high[rows], whole,
                    nodes=NODES, presolve=True,
                )  # fmt: skip
                if lp.solve() is not Outcome.OPTIMAL:
                    sure = False
                    break
                found = lp.values()
                end = found[at]
                if side > 0 and end < upper[at] - CLOSE:
                    self.sure_high[variable] = min(self.sure_high[variable], end)
                elif side < 0 and end > lower[at] + CLOSE:
                    self.sure_low[variable] = max(self.sure_low[variable], end)
                if not _fractional(found[self.whole[inside]]):
                    self._reach(inside, found)
                    break
        return sure and not self._still(variable)

    def _result(self, doubtful: Ints) -> Attack:
        cells, size = self.view.cells, self.system.size
        high_bad = self.sure_high < self.want_high - CLOSE
        low_bad = self.sure_low > self.want_low + CLOSE
        pinned = (self.uncertain | self.guarded) & (self.sure_high - self.sure_low < CLOSE)

        def spread(values: Floats) -> Floats:
            whole = np.full(size, np.nan)
            own = self.blanked[cells]
            whole[cells[own]] = values[own]
            return whole

        return Attack(
            spread(self.low),
            spread(self.high),
            spread(self.sure_low),
            spread(self.sure_high),
            cells[high_bad | low_bad],
            cells[pinned],
            cells[doubtful],
            int((self.guarded | self.uncertain).sum()),
            self.programmes,
            self.impossible,
        )


def _fractional(values: Floats) -> bool:
    return bool((np.abs(values - np.round(values)) > CLOSE).any())
