"""Do the parts of an amount make the amount, and is each the exact share to within a cent?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheme_shelf import CATALOGUE, Shelf, cells, table_of, texts
from terril.contrat.schemes.parts import split, typed_key
from terril.contrat.schemes.rebate import AMOUNTS, rebates_of, shared
from terril.contrat.schemes.rebate_summary import rebate_summary
from terril.contrat.schemes.results import CENT
from terril.registres.rows import Row

amounts = st.integers(0, 10**9).map(lambda cents: Decimal(cents) * CENT)
keys = st.lists(st.integers(0, 5000), min_size=1, max_size=12).filter(any)


@given(amounts, keys)
def test_parts_make_the_amount_and_are_fair(amount: Decimal, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount and len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount) * weight / sum(weights)
        assert abs(Fraction(part) - exact) < Fraction(CENT), "less than a cent away"
        assert part >= 0 and (weight > 0 or part == 0)


@given(amounts, keys)
def test_the_naive_reference_agrees(amount: Decimal, weights: list[int]) -> None:
    """One cent at a time, to whoever is the furthest under its exact share."""
    cents, whole = int(amount / CENT), sum(weights)
    parts = [cents * weight // whole for weight in weights]
    for _ in range(cents - sum(parts)):
        short = [Fraction(cents * w, whole) - part for w, part in zip(weights, parts, strict=True)]
        parts[short.index(max(short))] += 1
    assert split(amount, weights) == tuple(part * CENT for part in parts)


@pytest.mark.parametrize(
    ("amount", "weights"),
    [("10.001", [1, 1]), ("-1", [1]), ("10", [0, 0]), ("10", []), ("10", [2, -1])],
)
def test_what_cannot_be_split_is_refused(amount: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="montant|clé"):
        split(Decimal(amount), weights)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("60 ; 40", (60, 40)), ("12,5;87,5", ("12.5", "87.5")), ("60 % ; 40 %", (60, 40)),
        ("", None), (None, None), ("moitié", None), ("60 ; ", None), ("0 ; 0", None),
        ("-1 ; 2", None), ("nan ; 1", None),
    ],
)  # fmt: skip
def test_a_typed_key(text: str | None, parts: tuple[Any, ...] | None) -> None:
    assert typed_key(text) == (None if parts is None else tuple(map(Decimal, parts)))


def rebate(quartier: int, **values: Any) -> dict[str, Any]:
    return {"annee": 2025, "bailleur": 1, "commune": 1, "quartier": quartier, **values}


def test_every_amount_of_an_action_is_split_alike() -> None:
    rows = {n: Row(n, 1, rebate(n, logements=count)) for n, count in ((1, 1), (2, 2))}
    action = Row(1, 1, {"conventions": (1, 2), **dict.fromkeys(AMOUNTS, Decimal(10))})
    found = shared(action, rows)
    assert found is not None
    for amount in AMOUNTS:
        assert [found[n].amounts[amount] for n in (1, 2)] == [Decimal("3.33"), Decimal("6.67")]


def test_an_unknown_amount_stays_unknown() -> None:
    rows = {n: Row(n, 1, rebate(n, logements=5)) for n in (1, 2)}
    found = shared(Row(1, 1, {"conventions": (1, 2), "depense": Decimal(3)}), rows)
    assert found is not None
    assert found[1].amounts["valorise"] is None and found[1].amounts["depense"] == Decimal("1.50")


@pytest.mark.parametrize(
    "values",
    [
        {},  # by dwellings, one unknown
        {"cle": "saisie", "parts": "100"},
        {"cle": "saisie", "parts": "1 ; 2 ; 3"},
        {"cle": "saisie"},
    ],
)
def test_an_action_that_cannot_be_split_counts_nowhere_and_says_so(values: dict[str, Any]) -> None:
    books = Shelf(
        tfpb_conventions=[rebate(1, logements=10), rebate(2)],
        tfpb_actions=[{"intitule": "Action", "bailleur": 1, "axe": "axe6", "conventions": (1, 2),
                       "valorise": Decimal(100), **values}],
    )  # fmt: skip
    assert all(not rebate.shares for rebate in rebates_of(books, CATALOGUE))
    assert "ne peut pas être répartie" in texts(rebate_summary(books, CATALOGUE))


def test_the_typed_key_goes_by_the_order_of_the_links() -> None:
    books = Shelf(
        tfpb_conventions=[rebate(1, logements=10), rebate(2, logements=10)],
        tfpb_actions=[{"intitule": "Action", "bailleur": 1, "axe": "axe6", "conventions": (2, 1),
                       "cle": "saisie", "parts": "75 ; 25", "valorise": Decimal(100)}],
    )  # fmt: skip
    found = {r.row.number: r.sum("valorise") for r in rebates_of(books, CATALOGUE)}
    assert found == {1: Decimal(25), 2: Decimal(75)}


def test_tables_by_landlord_neighbourhood_year_and_axis_agree() -> None:
    books = Shelf(
        tfpb_conventions=[
            rebate(1, logements=30, abattement=Decimal(3000)),
            rebate(2, logements=70, abattement=Decimal(7000)),
            rebate(1, logements=50, abattement=Decimal(4000), bailleur=2),
        ],
        tfpb_actions=[
            {"intitule": "Gardiens", "bailleur": 1, "axe": "axe1", "conventions": (1, 2),
             "valorise": Decimal("5000.01"), "depense": Decimal(10000)},
            {"intitule": "Fête", "bailleur": 2, "axe": "axe7", "conventions": (3,),
             "valorise": Decimal(1000), "depense": Decimal(1000)},
            {"intitule": "Rien", "bailleur": 2, "axe": "axe7", "conventions": (3,),
             "valorise": Decimal(999), "etat": "abandonnee"},
        ],
    )  # fmt: skip
    summary = rebate_summary(books, CATALOGUE)
    year = cells(table_of(summary, "Par année"), "2025")
    assert year["Valorisé"] == Decimal("6000.01")
    assert year["Taux d’usage"] == Fraction(600001, 1400000)
    assert year["Reste"] == Decimal("7999.99")
    assert year["Actions"] == 2, "an action on two neighbourhoods is one action"
    by_landlord = table_of(summary, "Par bailleur")
    assert cells(by_landlord, "Bailleur A, 2025")["Valorisé"] == Decimal("5000.01")
    by_place = table_of(summary, "Par quartier")
    assert cells(by_place, "Quartier 1, 2025")["Valorisé"] == Decimal("2500.00")
    assert cells(by_place, "Quartier 2, 2025")["Valorisé"] == Decimal("3500.01")
    axes = table_of(summary, "Par axe, 2025")
    staff = cells(axes, "1. Présence renforcée du personnel de proximité")
    assert staff["Valorisé sur dépensé"] == Fraction(500001, 1000000)
    assert staff["Part du valorisé"] == Fraction(500001, 600001)


def test_what_is_wrong_with_a_rebate_and_its_actions_is_said() -> None:
    books = Shelf(
        tfpb_conventions=[
            rebate(1, logements=30, abattement=Decimal(3000), base=Decimal(10000),
                   taux=Decimal(50)),
            rebate(2, bailleur=2),
        ],
        tfpb_actions=[
            {"intitule": "Cour", "bailleur": 1, "axe": "axe2", "conventions": (1, 2), "lieu": "x",
             "cle": "saisie", "parts": "1 ; 1", "cout": Decimal(10), "part_bailleur": Decimal(1),
             "autres": Decimal(2), "valorise_prevu": Decimal(6), "depense": Decimal(5),
             "valorise": Decimal(6)},
        ],
    )  # fmt: skip
    said = texts(rebate_summary(books, CATALOGUE))
    for part in (
        "3 000 € notifiés, 1 500 € d’après la base et les taux, soit un écart de 1 500 €",
        "les documents de suivi n’ont pas été remis",
        "le contrat de ville n’est pas signé au 31 mars 2025",
        "2 997 € d’abattement sans contrepartie, et la suite",
        "le montant notifié manque",
        "d’un autre bailleur",
        "6 € valorisés pour 5 € dépensés",
        "font 9 €, le coût prévu est de 10 €",
        "il manque la date",
    ):
        assert part in said, f"{part!r} not in\n{said}"


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        (dt.date(2023, 12, 31), ""),
        (dt.date(2024, 1, 1), "elle ne vaut que pour les années qui restent"),
        (None, "la déclaration aux impôts de la première année n’est pas datée"),
    ],
)
def test_the_declaration_is_due_before_the_first_year_only(
    filed: dt.date | None, said: str
) -> None:
    books = Shelf(
        tfpb_conventions=[rebate(1, annee=2025), rebate(1, annee=2024, declaration=filed)]
    )
    found = [a for a in rebate_summary(books, CATALOGUE).alerts if "déclaration" in a.text.lower()]
    assert [alert.number for alert in found] == ([2] if said else [])
    assert all(said in alert.text for alert in found)
