"""The attacker who tries everything: every whole figure in every blanked cell, one by one.

Slow, obvious, and written without the solver, so that it can contradict the fast one.
"""

from __future__ import annotations

import numpy as np

from terril.secrecy.sparse import Bools, Ints
from terril.secrecy.system import State, TableSystem


class Naive:
    """Searches whole figures that satisfy every relation, given what is published."""

    def __init__(self, system: TableSystem, blanked: Bools, cap: int) -> None:
        self.system = system
        self.blanked = blanked
        self.low = np.where(blanked, np.maximum(system.lower, 0), system.value).astype(int)
        self.high = np.where(
            blanked, np.minimum(np.nan_to_num(system.upper, posinf=cap), cap), system.value
        ).astype(int)
        rows = system.rows
        self.relations = [
            (
                rows.column[rows.start[r] : rows.start[r + 1]].tolist(),
                rows.value[rows.start[r] : rows.start[r + 1]].astype(int).tolist(),
                float(system.low[r]),
                float(system.high[r]),
            )
            for r in range(rows.rows)
        ]
        self.of: dict[int, list[int]] = {}
        for number, (cells, *_) in enumerate(self.relations):
            for cell in cells:
                self.of.setdefault(cell, []).append(number)

    def possible(self, cell: int, low: float, high: float) -> bool:
        """Is there a full set of figures with ``low ≤ cell ≤ high``?"""
        least, most = self.low.copy(), self.high.copy()
        least[cell] = max(least[cell], int(np.ceil(max(low, -1))))
        most[cell] = min(most[cell], int(min(high, 10**6)))
        return least[cell] <= most[cell] and self._search(least, most)

    def _search(self, low: Ints, high: Ints) -> bool:
        low, high = low.copy(), high.copy()
        if not self._tighten(low, high):
            return False
        width = high - low
        open_cells = np.flatnonzero(width > 0)
        if not len(open_cells):
            return True
        cell = int(open_cells[np.argmin(width[open_cells])])
        for value in range(int(low[cell]), int(high[cell]) + 1):
            low[cell], below = value, low[cell]
            high[cell], above = value, high[cell]
            if self._search(low, high):
                return True
            low[cell], high[cell] = below, above
        return False

    def _tighten(self, low: Ints, high: Ints) -> bool:
        changed = True
        while changed:
            changed = False
            for cells, signs, least, most in self.relations:
                smallest = [s * (low[c] if s > 0 else high[c]) for c, s in zip(cells, signs)]  # noqa: B905
                largest = [s * (high[c] if s > 0 else low[c]) for c, s in zip(cells, signs)]  # noqa: B905
                bottom, top = sum(smallest), sum(largest)
                if bottom > most or top < least:
                    return False
                for k, (cell, sign) in enumerate(zip(cells, signs)):  # noqa: B905
                    room_up = most - (bottom - smallest[k])
                    room_down = least - (top - largest[k])
                    new_high = room_up if sign > 0 else -room_down
                    new_low = room_down if sign > 0 else -room_up
                    if np.isfinite(new_high) and new_high < high[cell]:
                        high[cell], changed = int(np.floor(new_high)), True
                    if np.isfinite(new_low) and new_low > low[cell]:
                        low[cell], changed = int(np.ceil(new_low)), True
                    if low[cell] > high[cell]:
                        return False
        return True

    def exposed(self) -> set[int]:
        """Return the guarded cells of which the attacker excludes an end."""
        system = self.system
        return {
            cell
            for cell in np.flatnonzero(system.guarded & self.blanked).tolist()
            if not self.possible(cell, float(system.need_high[cell]), np.inf)
            or not self.possible(cell, -np.inf, float(system.need_low[cell]))
        }

    def recovered(self) -> set[int]:
        """Return the blanked cells that can have one value only."""
        found = set()
        for cell in np.flatnonzero(self.blanked & (self.system.state != State.BLANK)).tolist():
            value = float(self.system.value[cell])
            if not self.possible(cell, value + 1, np.inf) and not self.possible(
                cell, -np.inf, value - 1
            ):
                found.add(cell)
        return found
