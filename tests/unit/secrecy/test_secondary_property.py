"""Whatever the table, is no blanked figure found, by any of three attackers?"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secrecy_tables import linked, table

from naive_secrecy import Naive
from terril.secrecy.attacker import attack
from terril.secrecy.base import settle
from terril.secrecy.secondary import choose
from terril.secrecy.sparse import Bools
from terril.secrecy.system import State, TableSystem

seeds = st.integers(0, 10_000)


def determined(system: TableSystem, blanked: Bools) -> set[int]:
    """The blanked cells that linear algebra gives (dense, by the null space)."""
    cells = np.flatnonzero(blanked)
    dense = np.zeros((system.rows.rows, system.size))
    np.add.at(dense, (system.rows.row, system.rows.column), system.rows.value)
    _, values, vectors = np.linalg.svd(dense[:, cells], full_matrices=True)
    rank = int((values > 1e-9).sum())
    free = vectors[rank:]
    return set(cells[np.abs(free).max(axis=0, initial=0.0) < 1e-9].tolist())


small = st.one_of(
    st.builds(table, seeds, st.just((3, 3)), st.just((1, 1)), st.sampled_from([3.0, 8.0])),
    st.builds(table, seeds, st.just((4, 2)), st.just((2, 1)), st.sampled_from([3.0, 8.0])),
    st.builds(table, seeds, st.just((2, 2, 2)), st.just((1, 1, 1)), st.sampled_from([4.0, 9.0])),
    st.builds(linked, seeds, st.just(4), st.sampled_from([4.0, 10.0])),
)
middle = st.one_of(
    st.builds(table, seeds, st.just((6, 5)), st.just((2, 1)), st.sampled_from([2.0, 6.0, 20.0])),
    st.builds(table, seeds, st.just((5, 3, 4)), st.just((2, 1, 2)), st.sampled_from([3.0, 12.0])),
    st.builds(linked, seeds, st.integers(5, 12), st.sampled_from([3.0, 10.0])),
)


@settings(max_examples=60, deadline=None)
@given(small)
def test_what_is_chosen_resists_whoever_tries_every_figure(system: TableSystem) -> None:
    settled = settle(system)
    choice = choose(settled.system, settled.base)
    assert not len(choice.unprotected)
    naive = Naive(settled.system, choice.blanked, cap=int(system.value.max()) + 30)
    assert naive.exposed() == set()
    assert attack(settled.system, choice.blanked).resists


@settings(max_examples=60, deadline=None)
@given(small, st.integers(0, 2**16))
def test_the_attacker_finds_what_the_naive_one_finds(system: TableSystem, pattern: int) -> None:
    """On any blanking, good or bad: the same cells are exposed, the same ones recovered."""
    system = settle(system).system
    rng = np.random.default_rng(pattern)
    blanked = system.blank | (
        (system.state == State.FREE) & (rng.random(system.size) < rng.choice([0.3, 0.6, 0.95]))
    )
    if blanked.sum() > 16:
        return
    found = attack(system, blanked)
    naive = Naive(system, blanked, cap=int(system.value.max()) + 30)
    assert set(found.exposed.tolist()) | set(found.doubtful.tolist()) == naive.exposed()
    assert set(found.recovered.tolist()) == naive.recovered()


@settings(max_examples=40, deadline=None)
@given(middle)
def test_no_blanked_figure_is_recovered(system: TableSystem) -> None:
    settled = settle(system)
    choice = choose(settled.system, settled.base)
    found = attack(settled.system, choice.blanked)
    assert not len(found.exposed) and not len(found.doubtful) and not found.impossible
    guarded = set(np.flatnonzero(settled.system.guarded).tolist())
    assert not determined(system, choice.blanked) & guarded


@settings(max_examples=25, deadline=None)
@given(middle)
def test_the_true_figures_are_always_among_the_possible(system: TableSystem) -> None:
    """An attacker who excludes the truth would be wrong, and would hide an exposure."""
    settled = settle(system)
    choice = choose(settled.system, settled.base)
    found = attack(settled.system, choice.blanked)
    inside = ~np.isnan(found.sure_low)
    value = settled.base.value[inside]
    assert (found.sure_low[inside] <= value + 1e-6).all()
    assert (found.sure_high[inside] >= value - 1e-6).all()


@settings(max_examples=15, deadline=None)
@given(middle)
def test_the_same_table_is_blanked_in_the_same_way(system: TableSystem) -> None:
    settled = settle(system)
    first = choose(settled.system, settled.base)
    again = choose(settled.system, settled.base)
    assert first.chosen.tolist() == again.chosen.tolist()


@settings(max_examples=30, deadline=None)
@given(small)
def test_in_a_small_table_no_blanked_figure_is_there_for_nothing(system: TableSystem) -> None:
    settled = settle(system)
    choice = choose(settled.system, settled.base)
    for cell in choice.chosen.tolist():
        blanked = choice.blanked.copy()
        blanked[cell] = False
        assert not attack(settled.system, blanked).resists


@settings(max_examples=12, deadline=None)
@given(st.builds(table, seeds, st.just((2, 3)), st.just((1, 1)), st.sampled_from([4.0, 9.0])))
def test_in_a_small_table_the_choice_is_the_cheapest(system: TableSystem) -> None:
    """Every blanking of a table of 12 cells is tried."""
    settled = settle(system)
    system = settled.system
    choice = choose(system, settled.base)
    free = np.flatnonzero(system.state == State.FREE)
    best = float("inf")
    for number in range(2 ** len(free)):
        more = free[[bool(number >> k & 1) for k in range(len(free))]]
        weight = float(system.weight[more].sum())
        if weight < best - 1e-9:
            blanked = system.blank.copy()
            blanked[more] = True
            found = attack(system, blanked)
            if not len(found.exposed) and not len(found.doubtful):
                best = weight
    assert system.weight[choice.chosen].sum() == pytest.approx(best)


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "sizes", "groups", "mean"),
    [
        (1, (20, 8, 9), (4, 1, 3), 4.0),  # 3 000 cells
        (2, (30, 6, 12), (5, 1, 4), 6.0),  # 4 284
        (3, (60, 60), (8, 6), 5.0),  # 4 623
        (4, (24, 5, 5, 3), (4, 1, 1, 1), 5.0),  # 4 176
    ],
)
def test_large_tables(
    seed: int, sizes: tuple[int, ...], groups: tuple[int, ...], mean: float
) -> None:
    system = table(seed, sizes, groups, mean)
    assert 2500 < system.size <= 5000
    settled = settle(system)
    choice = choose(settled.system, settled.base)
    assert not len(choice.unprotected)
    found = attack(settled.system, choice.blanked)
    assert not len(found.exposed) and not len(found.doubtful)
    assert len(attack(settled.system, settled.system.blank).exposed) > 0


@pytest.mark.long
@settings(max_examples=6, deadline=None)
@given(seeds, st.integers(700, 1240), st.sampled_from([3.0, 6.0, 12.0]))
def test_large_linked_tables(seed: int, size: int, mean: float) -> None:
    """Two groupings of the same codes, up to 5 000 cells: none is found through the other."""
    system = linked(seed, size, mean)
    assert 2500 < system.size <= 5000
    settled = settle(system)
    choice = choose(settled.system, settled.base)
    assert not len(choice.unprotected)
    found = attack(settled.system, choice.blanked)
    assert not len(found.exposed) and not len(found.doubtful)
    guarded = set(np.flatnonzero(settled.system.guarded).tolist())
    assert not determined(system, choice.blanked) & guarded
    assert len(attack(settled.system, settled.system.blank).exposed) > 0


def test_an_already_blank_figure_is_protected_though_unknown() -> None:
    """A producer's own « s » has no value here: what nobody knows may not be computed either."""
    system = table(11, (3, 3), (1, 1), 20.0, minimum=1)  # nothing sensitive
    cell = int(np.flatnonzero(system.value > 3)[0])
    value, state, margin = system.value.copy(), system.state.copy(), system.margin.copy()
    lower = system.lower.copy()
    value[cell], state[cell], margin[cell], lower[cell] = np.nan, State.SENSITIVE, 4.0, 0.0
    unknown = dataclasses.replace(system, value=value, state=state, margin=margin, lower=lower)
    settled = settle(unknown)
    assert settled.base.value[cell] == system.value[cell]  # the others give it
    assert cell in attack(settled.system, settled.system.blank).exposed
    choice = choose(settled.system, settled.base)
    assert attack(settled.system, choice.blanked).resists
