"""Does the money of split actions always add up, whatever they are split between?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_books import PILLARS, TODAY, TreeBooks, of_2015, rows

from terril.catalogue.load import load_catalogue
from terril.contrat.tree import accounts, money
from terril.contrat.tree.nodes import build
from terril.registres.rows import Row

E = Decimal


@pytest.mark.parametrize(
    ("amount", "parts", "cut"),
    [
        ("100", 1, ["100"]),
        ("100", 0, ["100"]),
        ("100", 4, ["25.00"] * 4),
        ("100", 3, ["33.34", "33.33", "33.33"]),
        ("0.02", 3, ["0.01", "0.01", "0.00"]),
        ("0", 2, ["0.00", "0.00"]),
    ],
)
def test_parts_are_equal_to_the_cent(amount: str, parts: int, cut: list[str]) -> None:
    assert money.split(E(amount), parts) == tuple(E(part) for part in cut)


@given(
    st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False),
    st.integers(0, 40),
)
def test_parts_add_up_to_the_whole(amount: Decimal, parts: int) -> None:
    cut = money.split(amount, parts)
    assert sum(cut) == amount and len(cut) == max(parts, 1)
    assert max(cut) - min(cut) < E("0.02")


def world(**changed: Any) -> TreeBooks:
    """Two actions on the tree of 2015, one of them on two objectives and two neighbourhoods."""
    held: dict[str, list[Row]] = {
        "arbre": of_2015(),
        "organisations": rows({"nom": "État"}, {"nom": "Région"}),
        "quartiers": rows({"nom": "Quartier A"}, {"nom": "Quartier B"}),
        "actions": rows(
            {"code": "A", "intitule": "Ateliers", "annee": 2024, "objectifs": (4, 6),
             "quartiers": (1, 2), "cpo": True, "etat": "en_cours", "budget": E(200)},
            {"code": "B", "intitule": "Vélos", "annee": 2025, "objectifs": (2,), "budget": E(9)},
        ),
        "financements": rows(
            {"action": 1, "financeur": 1, "nature": "specifiques", "demande": E(120),
             "accorde": E("100.01"), "paye": E(50)},
            {"action": 1, "financeur": 2, "nature": "droit_commun", "accorde": E(30)},
            {"action": 2, "financeur": 1, "nature": "specifiques", "accorde": E(20),
             "paye": E(25)},
        ),
        **changed,
    }  # fmt: skip
    return TreeBooks(TODAY, **held)


def granted(table: Any) -> dict[str, Decimal]:
    return {line.head: line.cells[1] for line in table.lines}


def test_money_climbs_the_tree() -> None:
    books = world()
    tree = build(books.rows("arbre"), TODAY)
    shares = money.by_objective(books, tree)
    held = money.rolled_up(shares, tree)
    assert {tree.nodes[n].code: t.money.granted for n, t in held.items() if n is not None} == {
        "P1": E("150.01"), "P1.2": E("65.01"), "P1.2.1": E("65.01"), "P1.3": E("65.00"),
        "P1.10": E(20),
    }  # fmt: skip
    assert held[1].actions == {1, 2}
    codes = {tree.nodes[n].code for n, t in held.items() if n is not None and t.split}
    assert codes == {"P1.2", "P1.2.1", "P1.3"}, "P1 has both parts: nothing is split there"


def test_the_tables_say_the_parts_and_the_same_total() -> None:
    books = world()
    catalogue = load_catalogue()
    tree = build(books.rows("arbre"), TODAY)
    found = accounts.programme(books, catalogue, tree, PILLARS)
    tables = {table.title: table for table in found.tables}
    nbsp = "\u00a0"
    assert granted(tables["Par année"]) == {
        "2025": E(20), "2024": E("130.01"), "Total": E("150.01")
    }  # fmt: skip
    assert granted(tables["Par pilier"]) == {
        "P1 Cohésion sociale": E("150.01"), "Total": E("150.01")
    }  # fmt: skip
    assert granted(tables["Par financeur"]) == {
        "État": E("120.01"), "Région": E(30), "Total": E("150.01")
    }  # fmt: skip
    assert granted(tables["Par quartier"]) == {
        f"Quartier A{nbsp}*": E("65.01"),
        f"Quartier B{nbsp}*": E("65.00"),
        "Ensemble du contrat": E(20),
        "Total": E("150.01"),
    }
    assert "part égale" in tables["Par quartier"].note and not tables["Par financeur"].note
    assert [a.text for a in found.alerts] == [
        f"«{nbsp}Vélos{nbsp}»{nbsp}: payé plus qu’accordé.",
        f"«{nbsp}Vélos{nbsp}»{nbsp}: accordé plus que son budget.",
        f"2025{nbsp}: 0,0\u202f% des crédits spécifiques sont en convention pluriannuelle "
        "d’objectifs, sous le repère de 50\u202f%.",
    ]


def test_a_funding_without_amount_is_told_and_counts_for_nothing() -> None:
    books = world(financements=rows({"action": 1, "financeur": 1, "demande": E(10)}))
    found = accounts.programme(books, load_catalogue(), build(of_2015(), TODAY), PILLARS)
    assert found.alerts[0].text.startswith("1 financement n’a pas de montant accordé")
    (line,) = (line for line in found.tables[0].lines if line.total)
    assert line.cells == (E(10), None, None, 1), "unknown is not zero"


def test_half_under_agreement_is_counted_on_specific_credits_only() -> None:
    books = world()
    shares = money.by_objective(books, build(books.rows("arbre"), TODAY))
    assert [(c.year, c.funder, c.credits, c.under, c.share) for c in money.cpo_shares(shares)] == [
        (2025, None, E(20), E(0), Fraction(0)),
        (2025, 1, E(20), E(0), Fraction(0)),
        (2024, None, E("100.01"), E("100.01"), Fraction(1)),
        (2024, 1, E("100.01"), E("100.01"), Fraction(1)),
    ]


def test_a_funding_without_its_action_is_in_the_totals_and_told() -> None:
    books = world(actions=rows({"code": "A", "annee": 2024, "objectifs": (4,)}))
    tree = build(books.rows("arbre"), TODAY)
    found = accounts.programme(books, load_catalogue(), tree, PILLARS)
    assert granted(found.tables[1]) == {
        "P1 Cohésion sociale": E("130.01"), "Hors arborescence": E(20), "Total": E("150.01")
    }  # fmt: skip
    assert any("ne se rattache plus" in alert.text for alert in found.alerts)


def test_money_follows_an_objective_that_was_renamed() -> None:
    import datetime as dt

    tree = build(
        rows(
            {"code": "A", "intitule": "Avant", "jusqua": dt.date(2019, 12, 31)},
            {"code": "A", "intitule": "Après", "depuis": dt.date(2020, 1, 1)},
        ),
        TODAY,
    )
    books = world(actions=rows({"code": "x", "annee": 2018, "objectifs": (1,)}))
    held = money.grouped(money.by_objective(books, tree), lambda share: share.place)
    assert held[2].money.granted == E("130.01")


def test_refused_actions_stand_nowhere() -> None:
    books = world(actions=rows({"code": "A", "objectifs": (4,), "etat": "refusee"},
                               {"code": "B", "objectifs": (4, 4), "etat": "retenue"}))  # fmt: skip
    held = money.actions_by_node(books, build(books.rows("arbre"), TODAY))
    assert [row.get("code") for row in held[4]] == ["B"]


amounts = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False)
links = st.lists(st.integers(1, 9), max_size=5).map(tuple)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(links, links, st.one_of(st.none(), st.integers(2015, 2030))), max_size=6),
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 3), amounts, amounts), max_size=12),
)
def test_every_grouping_gives_the_sum_of_the_fundings(
    actions: list[tuple[tuple[int, ...], tuple[int, ...], int | None]],
    fundings: list[tuple[int, int, Decimal, Decimal]],
) -> None:
    books = world(
        actions=rows(
            *({"objectifs": o, "quartiers": q, "annee": year} for o, q, year in actions)
        ),
        financements=rows(
            *({"action": a, "financeur": f, "nature": "specifiques", "accorde": g, "demande": d}
              for a, f, g, d in fundings)
        ),
    )  # fmt: skip
    tree = build(books.rows("arbre"), TODAY)
    whole = sum((g for _, _, g, _ in fundings), E(0))
    asked = sum((d for _, _, _, d in fundings), E(0))
    shares = money.by_objective(books, tree)
    for keys in (shares, money.by_quarter(books)):
        assert money.total(keys) == money.Money(asked, whole, E(0))
    rolled = money.rolled_up(shares, tree)
    tops = [*tree.children[None], None]
    assert sum((rolled[n].money.granted for n in tops if n in rolled), E(0)) == whole
    for table in accounts.programme(books, load_catalogue(), tree, PILLARS).tables[:5]:
        parts = list(granted(table).values())
        assert sum(parts[:-1], E(0)) == (parts[-1] or E(0)) == whole
