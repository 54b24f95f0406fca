"""Which full set of figures satisfies the relations, and which relations can no set satisfy?

Protection is computed around a *base*: the figures themselves where all are known and exact; the
nearest ones that satisfy the relations where some are unknown (blank at the producer) or
rounded. A relation that the known figures contradict, rounding allowed, is set aside: whoever
reasoned with it would be protected by an error.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

import numpy as np

from terril.secrecy.intervals import propagate
from terril.secrecy.lp import Lp, Outcome
from terril.secrecy.sparse import Bools, Csr, Floats, Ints
from terril.secrecy.system import EPSILON, Ratios, State, TableSystem, View, view

#: price of leaving a relation, against moving a figure by one
BREAK: Final = 1e4

#: price of moving a guarded figure: what nobody guards goes first. A producer blanks small
#: figures, so the rest of a total is rather in the figure that no document has
GUARDED: Final = 100.0

#: how much a relation may be missed, relative to its figures
MISS: Final = 1e-6


@dataclass(frozen=True)
class Base:
    """Figures by cell, and the relations between moves away from them (``low ≤ rows ≤ high``).

    Ratios are rows too, taken as linear around the figures.
    """

    value: Floats
    rows: Csr
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Settled:
    """A system without contradiction, its base, and the relations and ratios set aside."""

    system: TableSystem
    base: Base
    broken: Ints
    broken_ratios: Ints


def settle(system: TableSystem) -> Settled:
    """Return the system without the relations that its figures contradict, and its base.

    The protection intervals are completed (figures unknown here) and their lower ends are
    raised to what the published zeros and the figures published for good tell anyway.
    """
    broken, broken_ratios = contradicted(system)
    sound = _without(system, broken, broken_ratios)
    value, more, more_ratios = _reconcile(sound)
    if len(more) or len(more_ratios):
        broken = np.union1d(broken, _kept(system.rows.rows, broken)[more])
        ratios = _kept(len(system.ratios.factor), broken_ratios)
        broken_ratios = np.union1d(broken_ratios, ratios[more_ratios])
        sound = _without(system, broken, broken_ratios)
    sound = _needs(sound, value)
    return Settled(sound, _base(sound, value), broken, broken_ratios)


def _kept(size: int, removed: Ints) -> Ints:
    return np.setdiff1d(np.arange(size), removed)


def _without(system: TableSystem, relations: Ints, ratios: Ints) -> TableSystem:
    """Return the system without some relations and some ratios."""
    if not len(relations) and not len(ratios):
        return system
    rows, kept = _kept(system.rows.rows, relations), _kept(len(system.ratios.factor), ratios)
    r = system.ratios
    return dataclasses.replace(
        system,
        rows=system.rows.take(rows, np.arange(system.size)),
        low=system.low[rows],
        high=system.high[rows],
        label=system.label[rows],
        ratios=Ratios(r.numerator[kept], r.denominator[kept], r.rate[kept], r.factor[kept]),
    )


def contradicted(system: TableSystem) -> tuple[Ints, Ints]:
    """Return the relations, and the ratios, that their own figures contradict."""
    known = ~np.isnan(system.value)
    least = np.where(known, system.value - system.half, system.lower)
    most = np.where(known, system.value + system.half, system.upper)
    row, column, value = system.rows.row, system.rows.column, system.rows.value
    with np.errstate(invalid="ignore"):
        small = np.where(value > 0, value * least[column], value * most[column])
        large = np.where(value > 0, value * most[column], value * least[column])
    low = np.bincount(row, weights=small, minlength=system.rows.rows)
    high = np.bincount(row, weights=large, minlength=system.rows.rows)
    scale = np.bincount(
        row,
        weights=np.abs(value) * np.where(known, np.abs(system.value), 0.0)[column],
        minlength=system.rows.rows,
    )
    slack = EPSILON * np.maximum(1.0, scale)
    with np.errstate(invalid="ignore"):
        wrong = (low > system.high + slack) | (high < system.low - slack)
    return np.flatnonzero(wrong), _wrong_ratios(system, least, most)


def _wrong_ratios(system: TableSystem, least: Floats, most: Floats) -> Ints:
    r = system.ratios
    with np.errstate(invalid="ignore"):
        low = np.maximum(least[r.rate], 0.0) * np.maximum(least[r.denominator], 0.0)
        high = most[r.rate] * most[r.denominator]
        slack = EPSILON * np.maximum(1.0, np.abs(np.where(np.isfinite(high), high, 1.0)))
        wrong = (r.factor * least[r.numerator] > high + slack) | (
            r.factor * most[r.numerator] < low - slack
        )
    signed = (least[r.rate] < 0) | (least[r.denominator] < 0)
    return np.flatnonzero(wrong & ~signed)


def _reconcile(system: TableSystem) -> tuple[Floats, Ints, Ints]:
    """Return figures that satisfy the relations, and the relations and ratios that none can."""
    none = np.zeros(0, dtype=np.int64)
    unknown = np.isnan(system.value)
    problem = view(system, unknown)
    if not len(problem.cells):
        return system.value.copy(), none, none
    value = np.where(unknown, 0.0, system.value)
    guess = np.where(unknown, _guess(system), system.value)[problem.cells]
    guess = np.clip(guess, problem.lower, problem.upper)
    price = np.where(np.isnan(system.margin), 1.0, GUARDED)[problem.cells]
    moves, slack = _nearest(problem, guess, price, None)
    whole = system.whole[problem.cells] & unknown[problem.cells]
    if (np.abs(moves - np.round(moves)) > MISS)[whole].any():
        moves, slack = _nearest(problem, guess, price, whole)
    value[problem.cells] = guess + moves
    scale = np.maximum(1.0, np.maximum(np.abs(problem.low), np.abs(problem.high)))
    scale[~np.isfinite(scale)] = 1.0
    wrong = np.unique(problem.relation[slack > MISS * scale])
    count = system.rows.rows
    _set_free_rates(system, value, unknown)
    return value, wrong[wrong < count], np.unique(_ratio_of(system, wrong[wrong >= count] - count))


def _guess(system: TableSystem) -> Floats:
    """Return a likely figure for what is unknown: the middle of its bounds, or near the least."""
    near = np.where(np.isfinite(system.lower), system.lower, 0.0) + np.where(
        np.isnan(system.margin), 1.0, np.floor(system.margin / 2)
    )
    bounded = np.isfinite(system.lower) & np.isfinite(system.upper)
    middle = np.where(bounded, 0.5 * (system.lower + np.where(bounded, system.upper, 0.0)), near)
    return np.where(system.whole, np.floor(near), middle)


def _nearest(
    problem: View,
    guess: Floats,
    price: Floats,
    whole: Bools | None,
) -> tuple[Floats, Floats]:
    """Return the cheapest moves that satisfy the relations, and by how much each is missed."""
    size, rows = len(guess), problem.rows.rows
    entries = problem.rows
    ids = np.arange(rows)
    matrix = Csr.of(
        np.concatenate((entries.row, entries.row, ids, ids)),
        np.concatenate(
            (entries.column, entries.column + size, ids + 2 * size, ids + 2 * size + rows)
        ),
        np.concatenate((entries.value, -entries.value, np.ones(rows), -np.ones(rows))),
        rows,
        2 * size + 2 * rows,
    )
    act = entries.times(guess)
    cost = np.concatenate((price, price, np.full(2 * rows, BREAK * GUARDED)))
    upper = np.concatenate(
        (problem.upper - guess, guess - problem.lower, np.full(2 * rows, np.inf))
    )
    integer = None
    if whole is not None:
        integer = np.concatenate((whole, whole, np.zeros(2 * rows, dtype=bool)))
    lp = Lp(
        cost, np.zeros(len(cost)), np.maximum(upper, 0.0), matrix,
        problem.low - act, problem.high - act, integer, nodes=2000, presolve=True,
    )  # fmt: skip
    if lp.solve() is not Outcome.OPTIMAL:
        raise ArithmeticError("the nearest figures were not found")
    x = lp.values()
    return x[:size] - x[size : 2 * size], x[2 * size : 2 * size + rows] + x[2 * size + rows :]


def _set_free_rates(system: TableSystem, value: Floats, unknown: Bools) -> None:
    """Give a rate that is unknown, or rounded, the value that its counts have."""
    r = system.ratios
    base = value[r.denominator]
    moves = (unknown[r.rate] | (system.half[r.rate] > 0)) & (base > 0)
    value[r.rate[moves]] = r.factor[moves] * value[r.numerator[moves]] / base[moves]


def _ratio_of(system: TableSystem, numbers: Ints) -> Ints:
    """Return the ratios that the numbered ratio rows of the view stand for."""
    rate_known = ~np.isnan(system.value[system.ratios.rate])
    base_known = ~rate_known & ~np.isnan(system.value[system.ratios.denominator])
    first, second = np.flatnonzero(rate_known), np.flatnonzero(base_known)
    return np.concatenate((first, first, second, second))[numbers]


def _needs(system: TableSystem, value: Floats) -> TableSystem:
    """Complete the protection intervals."""
    unknown = np.isnan(system.value) & ~np.isnan(system.margin)
    need_low = np.where(unknown, value - system.margin, system.need_low)
    small = unknown & (value < system.need_high)  # a count under its minimum, as far as we know
    need_high = np.where(unknown & ~small, value + system.margin, system.need_high)
    need_low = np.maximum(need_low, system.lower)
    need_high = np.where(unknown, np.minimum(need_high, system.upper), need_high)
    blankable = np.isin(system.state, (State.FREE, State.SENSITIVE, State.BLANK))
    known = view(system, blankable)
    if len(known.cells):
        floor, _ = propagate(known.lower, known.upper, known.rows, known.low, known.high)
        least = np.minimum(floor, value[known.cells])
        need_low[known.cells] = np.maximum(need_low[known.cells], least)
    _rate_needs(system, value, need_low, need_high)
    return dataclasses.replace(system, need_low=need_low, need_high=need_high)


def _rate_needs(system: TableSystem, value: Floats, need_low: Floats, need_high: Floats) -> None:
    """Ask of a blanked rate no more than what its counts are protected for (in place).

    Whoever knows that a count is 1 at least knows a least rate too.
    """
    r = system.ratios
    guarded = ~np.isnan(need_high)
    for n, d, t, f in zip(
        r.numerator.tolist(), r.denominator.tolist(), r.rate.tolist(), r.factor.tolist(),
        strict=True,
    ):  # fmt: skip
        if not guarded[t] or value[d] <= 0 or not (guarded[n] or guarded[d]):
            continue
        if guarded[n]:
            least, most = f * need_low[n] / value[d], f * need_high[n] / value[d]
        else:
            least, most = f * value[n] / need_high[d], f * value[n] / max(need_low[d], 1.0)
        need_low[t] = min(max(need_low[t], least), value[t])
        need_high[t] = max(min(need_high[t], most), value[t])


def _base(system: TableSystem, value: Floats) -> Base:
    """Return the base with its ratios made linear."""
    r = system.ratios
    act = system.rows.times(value)
    rows, low, high = system.rows, system.low - act, system.high - act
    for_good = np.isin(system.state[r.rate], (State.MUST, State.ZERO))
    for extra, ends in (
        _linear_rows(system, value, np.flatnonzero(~for_good)),
        _published_rows(system, value, np.flatnonzero(for_good)),
    ):
        if extra.rows:
            rows = rows.stack(extra)
            low, high = np.concatenate((low, ends[0])), np.concatenate((high, ends[1]))
    return Base(value, rows, low, high)


def _linear_rows(
    system: TableSystem, value: Floats, ratios: Ints
) -> tuple[Csr, tuple[Floats, Floats]]:
    """Return the ratios as linear around the figures, for rates that may be blanked."""
    r, ids = system.ratios, np.arange(len(ratios))
    top, base, rate, factor = (a[ratios] for a in (r.numerator, r.denominator, r.rate, r.factor))
    rows = Csr.of(
        np.concatenate((ids, ids, ids)),
        np.concatenate((top, base, rate)),
        np.concatenate((factor, -value[rate], -value[base])),
        len(ids),
        system.size,
    )
    rest = value[rate] * value[base] - factor * value[top]
    return rows, (rest, rest)


def _published_rows(
    system: TableSystem, value: Floats, ratios: Ints
) -> tuple[Csr, tuple[Floats, Floats]]:
    """Return the ratios whose rate is published for good: exactly linear, two rows each."""
    r, size = system.ratios, len(ratios)
    top, base, rate, factor = (a[ratios] for a in (r.numerator, r.denominator, r.rate, r.factor))
    slack = EPSILON * np.maximum(1.0, np.abs(system.value[rate]))
    most = system.value[rate] + system.half[rate] + slack
    least = system.value[rate] - system.half[rate] - slack
    ids, endless = np.arange(size), np.full(size, np.inf)
    rows = Csr.of(
        np.concatenate((ids, ids, ids + size, ids + size)),
        np.concatenate((top, base, top, base)),
        np.concatenate((factor, -most, factor, -least)),
        2 * size,
        system.size,
    )
    here = factor * value[top]
    return rows, (
        np.concatenate((-endless, least * value[base] - here)),
        np.concatenate((most * value[base] - here, endless)),
    )
