"""Does the tree take any depth, tell what is wrong in it, and follow its amendments?"""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tree_books import PILLARS, PROJECTS, TODAY, of_2015, of_2024, rows

from terril.contrat.tree.amendments import amendment
from terril.contrat.tree.nodes import Tree, build, level_label, natural
from terril.registres.rows import Row

D = dt.date


def outline(tree: Tree) -> list[str]:
    """Codes in the order of the page, indented by their depth."""
    return ["." * tree.depth(n.number) + n.code for n in tree.under(None)]


def faults(tree: Tree) -> list[tuple[str, int]]:
    return [(fault.problem.code, fault.number) for fault in tree.faults]


def test_a_contract_of_2015_has_pillars_axes_and_objectives() -> None:
    tree = build(of_2015(), TODAY)
    assert outline(tree) == ["P1", ".P1.2", "..P1.2.1", "..P1.2.2", ".P1.3", ".P1.10", "T"]
    assert [n.level for n in tree.under(None)] == [1, 2, 3, 3, 3, 2, 1]
    assert not tree.faults, "an objective may stand straight under a pillar"
    assert [n.code for n in tree.objectives] == ["P1.2.1", "P1.2.2", "P1.3", "P1.10", "T"]
    assert [n.code for n in tree.path(4)] == ["P1", "P1.2", "P1.2.1"]


def test_a_contract_of_2024_has_projects_of_neighbourhoods() -> None:
    tree = build(of_2024(), TODAY)
    assert outline(tree) == ["Q1", ".Q1.1", "Q2", ".Q2.1", "..Q2.1.1", "S", ".S1"]
    assert [n.level for n in tree.under(None)] == [1, 2, 1, 2, 3, 1, 2]
    assert [n.code for n in tree.of_quarter(1)] == ["Q1"], "not Q1.1 again below it"
    assert [n.code for n in tree.of_quarter(2)] == ["Q2"]
    assert tree.of_quarter(3) == ()


@pytest.mark.parametrize(
    ("levels", "level", "plural", "said"),
    [
        (PILLARS, 1, False, "pilier"),
        (PILLARS, 3, True, "objectifs"),
        (PROJECTS, 1, True, "projets de quartier"),
        (PROJECTS, 3, False, "niveau 3"),
        ([], 1, True, "niveau 1"),
    ],
)
def test_levels_bear_the_names_of_the_contract(
    levels: list[list[str]], level: int, plural: bool, said: str
) -> None:
    assert level_label(levels, level, plural=plural) == said


def test_codes_sort_as_people_count() -> None:
    codes = ["P10", "P2", "p1.10", "P1.9", "A", "P1"]
    assert sorted(codes, key=natural) == ["A", "P1", "P1.9", "p1.10", "P2", "P10"]


def test_an_order_goes_before_the_codes() -> None:
    tree = build(rows({"code": "A"}, {"code": "B", "ordre": 2}, {"code": "C", "ordre": 1}), TODAY)
    assert outline(tree) == ["C", "B", "A"]


def test_a_circle_is_refused_and_what_hangs_on_it_is_kept() -> None:
    tree = build(
        rows(
            {"code": "A", "parent": 2},
            {"code": "B", "parent": 1},
            {"code": "C", "parent": 1},
            {"code": "D", "parent": 4},
            {"code": "E"},
        ),
        TODAY,
    )
    assert outline(tree) == ["C", "E"]
    assert faults(tree) == [
        ("arbre-cercle", 1), ("arbre-cercle", 2), ("arbre-cercle", 4), ("arbre-orphelin", 3)
    ]  # fmt: skip
    assert "Fait partie de" in tree.faults[0].problem.remedy


def test_an_orphan_is_told_and_shown_at_the_first_level() -> None:
    tree = build(rows({"code": "A"}, {"code": "B", "parent": 9}), TODAY)
    assert outline(tree) == ["A", "B"]
    assert faults(tree) == [("arbre-orphelin", 2)]
    assert "n’existe pas" in tree.faults[0].problem.what


def test_levels_must_descend() -> None:
    tree = build(rows({"code": "A", "niveau": "n2"}, {"code": "B", "niveau": "n2", "parent": 1}),
                 TODAY)  # fmt: skip
    assert faults(tree) == [("arbre-niveau", 2)]
    assert outline(tree) == ["A", ".B"]


def amended() -> list[Row]:
    """P1 is renamed and its objective moves in 2020; P2 ends; N comes."""
    return rows(
        {"code": "P1", "intitule": "Cohésion", "jusqua": D(2019, 12, 31)},
        {"code": "P1", "intitule": "Cohésion sociale", "depuis": D(2020, 1, 1)},
        {"code": "P1.1", "intitule": "Santé", "parent": 1, "buts": ("but_05",)},
        {"code": "P2", "intitule": "Habitat", "jusqua": D(2019, 12, 31)},
        {"code": "N", "intitule": "Numérique", "depuis": D(2020, 1, 1), "parent": 2},
    )


def test_the_state_of_a_day_follows_the_amendments() -> None:
    before, after = build(amended(), D(2019, 12, 31)), build(amended(), D(2020, 1, 1))
    assert [n.name for n in before.under(None)] == ["P1 Cohésion", "P1.1 Santé", "P2 Habitat"]
    assert [n.name for n in after.under(None)] == [
        "P1 Cohésion sociale", "N Numérique", "P1.1 Santé"
    ]  # fmt: skip
    assert not before.faults and not after.faults, "the child follows the code of its parent"
    assert after.resolve((1, 2, 3, 4, 99)) == (2, 3)


def test_two_rows_of_one_code_at_once_are_told() -> None:
    tree = build(rows({"code": "A", "intitule": "x"}, {"code": "A", "intitule": "y"}), TODAY)
    assert outline(tree) == ["A", "A"] and faults(tree) == [("arbre-code-double", 2)]


def test_an_amendment_says_what_came_what_went_what_changed() -> None:
    found = amendment(amended(), D(2019, 1, 1), D(2020, 6, 1))
    assert [n.code for n in found.came] == ["N"]
    assert [n.code for n in found.went] == ["P2"]
    assert [(c.node.code, [(x.field, x.before, x.after) for x in c.changes])
            for c in found.changed] == [
        ("P1", [("intitule", "Cohésion", "Cohésion sociale")]),
        ("P1.1", [("parent", "P1 Cohésion", "P1 Cohésion sociale")]),
    ]  # fmt: skip
    assert not amendment(amended(), D(2020, 1, 1), D(2021, 1, 1))


def test_archived_rows_are_not_in_the_tree() -> None:
    held = of_2015()
    held[0] = Row(1, 2, held[0].values, archived=True)
    tree = build(held, TODAY)
    assert 1 not in tree.nodes and ("arbre-orphelin", 2) in faults(tree)


@given(st.lists(st.one_of(st.none(), st.integers(1, 14)), min_size=1, max_size=14))
def test_whatever_the_links_nothing_is_lost_and_nothing_turns(parents: list[int | None]) -> None:
    tree = build(
        [Row(n, 1, {"code": f"C{n}", "parent": parent}) for n, parent in enumerate(parents, 1)],
        TODAY,
    )
    shown = [node.number for node in tree.under(None)]
    refused = {n for code, n in faults(tree) if code == "arbre-cercle"}
    assert sorted([*shown, *refused]) == list(range(1, len(parents) + 1))
    assert len(set(shown)) == len(shown)
    for number in range(1, len(parents) + 1):  # naive: climbing from a refused one comes back to it
        at, steps = parents[number - 1], 0
        while at is not None and at != number and at <= len(parents) and steps < 20:
            at, steps = parents[at - 1], steps + 1
        assert (number in refused) == (at == number)


def test_a_thousand_nodes_deep_or_wide_are_built() -> None:
    order = list(range(2, 901))
    random.Random(3).shuffle(order)
    deep = build(
        [Row(n, 1, {"code": f"C{n}", "parent": n - 1 if n > 1 else None}) for n in (1, *order)],
        TODAY,
    )
    assert len(deep.nodes) == 900 and deep.depth(900) == 899
