"""What else must be blanked, so that no blanked figure can be computed back?

For each sensitive cell and each end of its protection interval, a *witness* is sought: another
set of figures that satisfies every relation, agrees with everything published, and carries the
cell to that end. Whoever sees the publication cannot tell the witness from the truth. The cells
that a witness moves have to be blank; the programme that finds it pays the weight of those that
are not yet (minimum-cost perturbation: Kelly, Golden and Assad 1992; Fischetti and Salazar
2001). What later witnesses made useless is published again, the dearest first.

The programme is solved around the cell, on the cheapest cells of its relations, further if
need be. Same system, same choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.secrecy.base import Base
from terril.secrecy.exact import FIGURES, cheapest
from terril.secrecy.sparse import Bools, Ints, components
from terril.secrecy.system import State, TableSystem
from terril.secrecy.witness import CLOSE, Finder, Goal, Reach, Witness

#: where a witness is looked for, in turn; at last among all the cells
REACHES: Final[tuple[Reach, ...]] = ((3, 4), (8, 5), (30, 6))

#: where another witness is looked for, among blanked cells, to publish one again; the second
#: in small systems only (it costs ten times more than it gains)
TIDY_REACHES: Final[tuple[Reach, ...]] = ((4, 5), (30, 6))
SMALL: Final = 2000


@dataclass(frozen=True)
class Choice:
    """What is blank at the end, what could not be protected, and what it took."""

    blanked: Bools
    chosen: Ints  # cells blanked here, in the order of the choice
    asked_by: Ints  # for each, the sensitive cell that asked for it
    unprotected: Ints  # sensitive cells that nothing can protect
    programmes: int


def choose(system: TableSystem, base: Base, *, tidy: bool = True) -> Choice:
    """Return the cells to blank so that every guarded cell is protected.

    ``base``: figures that satisfy the relations (``terril.secrecy.base``). ``tidy``: publish
    again what proves useless.
    """
    work = _Work(system, base)
    work.protect_all()
    if tidy:
        work.tidy()
        work.improve()
    return Choice(
        work.blank,
        np.array(list(work.asked), dtype=np.int64),
        np.array(list(work.asked.values()), dtype=np.int64),
        np.array(sorted(work.lost), dtype=np.int64),
        work.finder.programmes,
    )


class _Work:
    def __init__(self, system: TableSystem, base: Base) -> None:
        self.system = system
        self.base = base
        self.rows = base.rows
        rounded = base.rows.times(system.half) != 0
        self.equal = (base.low == base.high) & ~rounded
        self.value = base.value
        self.blank = system.blank.copy()
        self.finder = Finder(system, base, self.blank)
        self.asked: dict[int, int] = {}
        self.lost: set[int] = set()
        self.witnesses: list[Witness | None] = []
        self.proof: dict[Goal, int] = {}
        self.answers: list[set[Goal]] = []
        self.moving: dict[int, set[int]] = {}
        self.wanted = {
            side: np.where(amount > CLOSE, amount, np.nan)
            for side, amount in (
                (1, system.need_high - base.value),
                (-1, base.value - system.need_low),
            )
        }
        self.need: dict[Goal, float] = {
            (cell, side): float(wanted[cell])
            for side, wanted in self.wanted.items()
            for cell in np.flatnonzero(~np.isnan(wanted)).tolist()
        }

    # ------------------------------------------------------------ choosing

    def protect_all(self) -> None:
        """Find a witness for each need, the largest first, blanking what it moves.

        What was not found is tried once more at the end: more cells are blank then.
        """
        for _ in range(2):
            for goal in sorted(self.need, key=lambda g: (-self.need[g], g)):
                if goal not in self.proof:
                    self._protect(goal)
        self.lost = {cell for cell, side in self.need if (cell, side) not in self.proof}

    def _protect(self, goal: Goal) -> None:
        cell, _ = goal
        for reach in (*REACHES, None):
            cells = self.finder.around(cell, reach, only_blank=False)
            found = self.finder.find(goal, self.need[goal], cells, spend=True)
            if found is not None:
                self._blank_moved(found, cell)
                self._keep(found)
                return

    def _blank_moved(self, witness: Witness, cell: int) -> None:
        """Blank what the witness moves further than its rounding allows."""
        cells, moves = witness.cells, witness.moves
        over = (moves > self.finder.up_free[cells] + CLOSE) | (
            -moves > self.finder.down_free[cells] + CLOSE
        )
        for moved in cells[over & ~self.blank[cells]].tolist():
            self.blank[moved] = True
            self.asked[moved] = cell

    def _keep(self, witness: Witness) -> None:
        """Remember a witness and every need that it answers."""
        number = len(self.witnesses)
        self.witnesses.append(witness)
        self.answers.append(set())
        for cell in witness.cells.tolist():
            self.moving.setdefault(cell, set()).add(number)
        for goal in self._answered(witness):
            if goal not in self.proof:
                self.proof[goal] = number
                self.answers[number].add(goal)

    def _answered(self, witness: Witness) -> list[Goal]:
        return [
            (cell, side)
            for side, wanted in self.wanted.items()
            for cell in witness.cells[
                side * witness.moves >= wanted[witness.cells] - CLOSE
            ].tolist()
        ]

    # ------------------------------------------------------------ tidying

    def tidy(self) -> None:
        """Publish again, the dearest first, what the witnesses can do without."""
        columns = self.rows.by_column
        for cell in sorted(self.asked, key=lambda c: (-self.system.weight[c], -self.value[c], c)):
            if not self._leaves_one(cell, columns.across(np.array([cell]))):
                self._try_publishing(cell)

    def _leaves_one(self, cell: int, relations: Ints) -> bool:
        """Would a relation be left with one blanked cell, that must not be computed?"""
        for relation in relations[self.equal[relations]].tolist():
            cells = self.rows.column[self.rows.start[relation] : self.rows.start[relation + 1]]
            others = cells[self.blank[cells] & (cells != cell)]
            if len(others) == 1 and int(others[0]) not in self.asked:
                return True
        return False

    def _try_publishing(self, cell: int) -> None:
        moving = sorted(self.moving.get(cell, ()))
        answered: set[Goal] = set()
        found: list[Witness] = []
        asked = self.asked[cell]  # most likely to need it still: tried first
        goals = sorted(
            (g for n in moving for g in self.answers[n]), key=lambda g: (g[0] != asked, g)
        )
        for goal in goals:
            if goal in answered:
                continue
            new = self._without(goal, cell)
            if new is None:
                return
            found.append(new)
            answered.update(self._answered(new))
        self.blank[cell] = False
        del self.asked[cell]
        for number in moving:
            self._forget(number)
        for new in found:
            self._keep(new)

    # ------------------------------------------------------------ small groups

    def improve(self) -> None:
        """Take the cheapest choice of each small group, where it is cheaper."""
        if not self.asked:
            return
        usable = np.isin(self.system.state, (State.FREE, State.SENSITIVE, State.BLANK))
        part = components(self.rows, usable | (self.system.half > 0))
        by_part: dict[int, list[int]] = {}
        for cell in self.asked:
            by_part.setdefault(int(part[cell]), []).append(cell)
        order = np.argsort(part, kind="stable")
        first = np.searchsorted(part[order], np.arange(part.max() + 2))
        for number, chosen in sorted(by_part.items()):
            cells = order[first[number] : first[number + 1]]
            if len(cells) <= FIGURES:
                self._improve(np.sort(cells), chosen)

    def _improve(self, cells: Ints, chosen: list[int]) -> None:
        inside = set(cells.tolist())
        needs = {g: n for g, n in self.need.items() if g[0] in inside and g[0] not in self.lost}
        best = cheapest(self.system, self.base, cells, needs)
        if best is None:
            return
        weight = self.system.weight
        if weight[best].sum() > weight[np.array(chosen)].sum() - CLOSE:
            return
        self.blank[chosen] = False
        self.blank[best] = True
        around = cells[self.blank[cells] | (self.system.half[cells] > 0)]
        for goal, need in sorted(needs.items()):
            if self.finder.find(goal, need, around, spend=False) is None:
                self.blank[best] = False
                self.blank[chosen] = True
                return
        for cell in chosen:
            del self.asked[cell]
        for cell in best.tolist():
            self.asked[cell] = self._nearest_need(cell, needs)

    def _nearest_need(self, cell: int, needs: dict[Goal, float]) -> int:
        """Return the guarded cell that shares a relation with ``cell``, or the first one."""
        near = self.rows.across(self.rows.by_column.across(np.array([cell])))
        guarded = sorted({g[0] for g in needs})
        shared = [c for c in guarded if c in set(near.tolist())]
        return (shared or guarded)[0]

    def _without(self, goal: Goal, cell: int) -> Witness | None:
        for reach in TIDY_REACHES if self.system.size <= SMALL else TIDY_REACHES[:1]:
            cells = self.finder.around(goal[0], reach, only_blank=True)
            new = self.finder.find(goal, self.need[goal], cells, spend=False, without=cell)
            if new is not None:
                return new
        return None

    def _forget(self, number: int) -> None:
        old = self.witnesses[number]
        for goal in self.answers[number]:
            del self.proof[goal]
        for cell in old.cells.tolist() if old is not None else ():
            self.moving[cell].discard(number)
        self.witnesses[number] = None
