"""Which cells and which relations can an attacker put together?

A *table system* is every figure that is, was or could be published, as one vector of cells, and
every relation that binds them, as sparse rows: a total is the sum of its parts, a rate times its
base is a count, a neighbourhood is no larger than its commune. Whoever chooses what to blank
and whoever attacks the result share this module and nothing else.

A published cell stands for the interval of its rounding, ``value ± half``; a blanked one for
what anybody may assume of it, ``lower … upper``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np

from terril.secrecy.sparse import Bools, Csr, Floats, Ints

#: relative width under which two floating figures are one
EPSILON: Final = 1e-9


class State(IntEnum):
    """What may be done with a cell."""

    FREE = 0  # published, may be blanked
    SENSITIVE = 1  # must be blanked, and protected
    BLANK = 2  # already blank, or unknown: nobody here publishes it
    MUST = 3  # published for good: a public count, a figure of a former edition
    ZERO = 4  # zero, and published as such


@dataclass(frozen=True)
class Ratios:
    """Published rates with their counts: ``factor × numerator = rate × denominator``.

    Arrays of cells (``numerator``, ``denominator``, ``rate``) and of factors, one a ratio.
    """

    numerator: Ints
    denominator: Ints
    rate: Ints
    factor: Floats

    @staticmethod
    def none() -> Ratios:
        """Return no ratio."""
        cells = np.zeros(0, dtype=np.int64)
        return Ratios(cells, cells, cells, np.zeros(0))


@dataclass(frozen=True)
class TableSystem:
    """Cells (arrays of one length) and relations (``low ≤ rows · x ≤ high``).

    ``value``: the true or stated figure, NaN when unknown here. ``weight``: what blanking the
    cell costs. ``state``: a :class:`State`. ``lower``/``upper``: what an attacker may assume of
    the cell once blank. ``half``: half the width of its rounding once published. ``need_low``/
    ``need_high``: values that the attacker must not be able to exclude, NaN for none; where the
    figure is unknown here, ``margin`` says how far from it they are, NaN for none (and
    ``need_high`` is the minimum of a count, up to which it is taken as small).
    ``whole``: is it a whole number? ``label``: number of the relation's kind, for the ledger.
    """

    value: Floats
    weight: Floats
    state: Ints
    lower: Floats
    upper: Floats
    half: Floats
    need_low: Floats
    need_high: Floats
    margin: Floats
    whole: Bools
    rows: Csr
    low: Floats
    high: Floats
    label: Ints
    ratios: Ratios = field(default_factory=Ratios.none)

    @property
    def size(self) -> int:
        """How many cells."""
        return len(self.value)

    @property
    def blank(self) -> Bools:
        """The cells that are blank before anything else is blanked."""
        return np.isin(self.state, (State.SENSITIVE, State.BLANK))

    @property
    def guarded(self) -> Bools:
        """The cells that must be protected."""
        return ~np.isnan(self.need_high)


@dataclass(frozen=True)
class View:
    """What is left to find when everything but the blanked cells is published.

    ``cells``: the cells that are not known exactly, in order; the other arrays are theirs.
    """

    cells: Ints
    lower: Floats
    upper: Floats
    rows: Csr
    low: Floats
    high: Floats
    relation: Ints  # number of the relation of each row; from the number of relations on: ratios


def view(system: TableSystem, blanked: Bools) -> View:
    """Return the programme that an attacker faces: the cells unknown, their relations.

    A ratio is linear when its rate, or its denominator, is published; when neither is, it adds
    nothing here.
    """
    lower = np.where(blanked, system.lower, system.value - system.half)
    upper = np.where(blanked, system.upper, system.value + system.half)
    known = ~blanked & (system.half == 0)
    rows, low, high = system.rows, system.low, system.high
    ratio, ratio_low, ratio_high = _ratio_rows(system, blanked, lower, upper)
    if ratio.rows:
        rows = rows.stack(ratio)
        low, high = np.concatenate((low, ratio_low)), np.concatenate((high, ratio_high))
    fixed = np.where(known, system.value, 0.0)
    shift = rows.times(fixed)
    cells = np.flatnonzero(~known)
    useful = np.flatnonzero(
        np.bincount(rows.row[~known[rows.column]], minlength=rows.rows).astype(bool)
    )
    return View(
        cells,
        lower[cells],
        upper[cells],
        rows.take(useful, cells),
        low[useful] - shift[useful],
        high[useful] - shift[useful],
        useful,
    )


def _ratio_rows(
    system: TableSystem, blanked: Bools, lower: Floats, upper: Floats
) -> tuple[Csr, Floats, Floats]:
    """Return the ratios as rows: numerator between the ends of the rate, times the base."""
    r = system.ratios
    row: list[Ints] = []
    column: list[Ints] = []
    value: list[Floats] = []
    bounds: list[tuple[Floats, Floats]] = []
    count = 0
    rate_known = ~blanked[r.rate]
    base_known = ~rate_known & ~blanked[r.denominator]
    for chosen, fixed, moving in (
        (np.flatnonzero(rate_known), r.rate, r.denominator),
        (np.flatnonzero(base_known), r.denominator, r.rate),
    ):
        size = len(chosen)
        low, high = lower[fixed[chosen]], upper[fixed[chosen]]
        slack = EPSILON * np.maximum(1.0, np.abs(high))
        for end, at_most in ((high + slack, True), (low - slack, False)):
            row += [np.arange(count, count + size)] * 2
            column += [r.numerator[chosen], moving[chosen]]
            value += [r.factor[chosen], -end]
            infinite = np.full(size, np.inf)
            bounds.append((-infinite, np.zeros(size)) if at_most else (np.zeros(size), infinite))
            count += size
    if not count:
        return Csr.empty(system.size), np.zeros(0), np.zeros(0)
    matrix = Csr.of(
        np.concatenate(row), np.concatenate(column), np.concatenate(value), count, system.size
    )
    return (
        matrix,
        np.concatenate([b[0] for b in bounds]),
        np.concatenate([b[1] for b in bounds]),
    )
