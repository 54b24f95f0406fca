"""How is a linear programme put to the solver?

The only door to HiGHS. A programme is given as arrays; its costs and bounds may change between
two solutions, and then the solver starts again from its last basis. Same programme, same
answer: one thread, no clock.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import highspy
import numpy as np
from highspy._core import _Highs  # the class itself: no banner, no callbacks

from terril.secrecy.sparse import Bools, Csr, Floats, Ints

#: what the solver calls feasible: rows and bounds may be missed by that much
TOLERANCE: Final = 1e-7
INF: Final = float("inf")


class Outcome(StrEnum):
    """How a solution ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    FAILED = "failed"


_OUTCOMES: Final = {
    highspy.HighsModelStatus.kOptimal: Outcome.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Outcome.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Outcome.UNBOUNDED,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: Outcome.UNBOUNDED,
}


class Lp:
    """Minimise ``cost · x`` with ``lower ≤ x ≤ upper`` and ``row_lower ≤ rows · x ≤ row_upper``.

    ``whole``: the variables that take whole values only, when there are any. ``nodes``: how many
    nodes a search over whole values may open (the best solution found is then given).
    """

    def __init__(
        self,
        cost: Floats,
        lower: Floats,
        upper: Floats,
        rows: Csr,
        row_lower: Floats,
        row_upper: Floats,
        whole: Bools | None = None,
        *,
        nodes: int | None = None,
        presolve: bool = False,
    ) -> None:
        self._highs = _Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("presolve", "choose" if presolve or whole is not None else "off"),
        ):
            self._highs.setOptionValue(option, value)
        if nodes is not None:
            self._highs.setOptionValue("mip_max_nodes", nodes)
        self.columns = len(cost)
        self._everything = np.arange(self.columns, dtype=np.int32)
        kinds = np.zeros(len(cost), dtype=np.int32)
        if whole is not None:
            kinds[whole] = 1
        self._highs.passModel(
            len(cost),
            len(row_lower),
            len(rows.column),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            cost,
            lower,
            upper,
            row_lower,
            row_upper,
            rows.start.astype(np.int32),
            rows.column.astype(np.int32),
            rows.value,
            kinds,
        )

    def costs(self, cost: Floats) -> None:
        """Change what is minimised."""
        self._highs.changeColsCost(self.columns, self._everything, cost)

    def bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Change the bounds of some variables."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def solve(self) -> Outcome:
        """Solve; ask for :meth:`values` when the outcome is optimal."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in _OUTCOMES:
            return _OUTCOMES[status]
        info = self._highs.getInfo()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return Outcome.OPTIMAL if feasible else Outcome.FAILED

    def values(self) -> Floats:
        """Return the solution, one value a variable."""
        return np.asarray(self._highs.getSolution().col_value, dtype=np.float64)

    def objective(self) -> float:
        """Return the cost of the solution."""
        return float(self._highs.getInfo().objective_function_value)
