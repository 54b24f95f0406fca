from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_values import rows_of_values
from register_world import EVERYTHING, catalogue, names_of, row

from terril.registres.choose import (
    Query,
    choose,
    facets,
    options,
    params_of,
    query_from,
)
from terril.registres.folding import collation, fold, tight
from terril.registres.rows import Row

CATALOGUE = catalogue()
NAMES = names_of()
ROWS = [
    row(1, nom="École du Nord", theme="emploi", ville=2, jour=dt.date(2025, 3, 1), vu=True),
    row(2, nom="Ecole des élus", theme="sante", ville=3, themes=("nord", "sud"), an=2024),
    row(3, nom="Cité 10", theme="sante", ville=2, detail="Prévenir l’isolement", vu=False),
    row(4, nom="Cité 9", cout=Decimal(10), jour=dt.date(2026, 3, 1)),
    row(5, nom="Œuvre sociale", cout=Decimal(9), etat="fait"),
    Row(6, 1, {"nom": "Ancienne"}, archived=True),
]


def _chosen(**query: object) -> list[int]:
    made = Query(**query)  # type: ignore[arg-type]
    return [r.number for r in choose(EVERYTHING, ROWS, made, CATALOGUE, NAMES)]


def test_by_default_all_rows_in_the_order_of_the_card() -> None:
    assert _chosen() == [4, 3, 2, 1, 5]
    assert _chosen(archived=True) == [6]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("ecole", [2, 1]), ("ELUS ecole", [2]), ("oeuvre", [5]), ("havre", [3, 1]), ("sante", [3, 2]),
     ("l'isolement", [3]), ("santé havre", [3]), ("rien", []), ("n°4", [4])],
)  # fmt: skip
def test_words_are_found_whatever_the_case_and_the_accents(words: str, numbers: list[int]) -> None:
    assert _chosen(words=words) == numbers


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [({"theme": ("sante",)}, [3, 2]), ({"theme": ("sante", "emploi")}, [3, 2, 1]),
     ({"theme": ("-",)}, [4, 5]), ({"theme": ("sante",), "ville": ("2",)}, [3]),
     ({"vu": ("oui",)}, [1]), ({"vu": ("non",)}, [3]), ({"jour": ("2026",)}, [4]),
     ({"an": ("2024",)}, [2]), ({"themes": ("sud",)}, [2]), ({"etat": ("fait",)}, [5])],
)  # fmt: skip
def test_filters_keep_any_of_their_values(
    filters: dict[str, tuple[str, ...]], numbers: list[int]
) -> None:
    assert _chosen(filters=filters) == numbers


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [(("cout",), [5, 4, 1, 2, 3]), (("-cout",), [4, 5, 1, 2, 3]), (("-jour",), [4, 1, 2, 3, 5]),
     (("theme", "-nom"), [1, 2, 3, 5, 4]), (("ville", "nom"), [3, 1, 2, 4, 5]),
     (("inconnue",), [1, 2, 3, 4, 5])],
)  # fmt: skip
def test_sorts_put_blanks_last_both_ways(sort: tuple[str, ...], numbers: list[int]) -> None:
    assert _chosen(sort=sort) == numbers


def test_options_count_the_rows_in_the_order_of_the_list() -> None:
    live = ROWS[:5]
    assert options(EVERYTHING, "theme", live, CATALOGUE, NAMES) == [
        ("emploi", "Emploi", 1), ("sante", "Santé", 2), ("-", "non renseigné", 2)
    ]  # fmt: skip
    assert options(EVERYTHING, "ville", live, CATALOGUE, NAMES)[0] == ("2", "Le Havre", 2)
    assert [o[0] for o in options(EVERYTHING, "jour", live, CATALOGUE, NAMES)] == [
        "2026", "2025", "-"
    ]  # fmt: skip
    assert options(EVERYTHING, "etat", live, CATALOGUE, NAMES)[0] == ("fait", "Réalisé", 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(rows_of_values(), max_size=4), st.data())
def test_an_option_counts_the_rows_that_its_filter_keeps(
    many: list[dict[str, object]], data: st.DataObject
) -> None:
    rows = [Row(n, 1, values) for n, values in enumerate(many, 1)]
    column = data.draw(st.sampled_from([n for n, c in EVERYTHING.columns.items() if c.filter]))
    for value, label, count in options(EVERYTHING, column, rows, CATALOGUE, NAMES):
        found = choose(EVERYTHING, rows, Query(filters={column: (value,)}), CATALOGUE, NAMES)
        assert len(found) == count > 0
        assert label


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)


@given(
    words=st.lists(_TEXT, max_size=3).map(" ".join),
    filters=st.dictionaries(
        st.sampled_from([n for n, c in EVERYTHING.columns.items() if c.filter]),
        st.lists(_TEXT, min_size=1, max_size=3, unique=True).map(tuple),
    ),
    sort=st.lists(st.sampled_from(["nom", "-nom", "jour", "-cout"]), unique=True).map(tuple),
    archived=st.booleans(),
)
def test_the_address_of_a_page_keeps_the_query(
    words: str, filters: dict[str, tuple[str, ...]], sort: tuple[str, ...], archived: bool
) -> None:
    query = Query(words, filters, sort, archived)
    params: dict[str, list[str]] = {}
    for name, value in params_of(query):
        params.setdefault(name, []).append(value)
    assert query_from(EVERYTHING, params) == query


def test_an_address_with_anything_in_it_gives_a_query() -> None:
    params = {"nom": ["x"], "inconnu": ["y"], "theme": ["", "sante", "sante"], "tri": ["zz,-nom"]}
    assert query_from(EVERYTHING, params) == Query("", {"theme": ("sante",)}, ("-nom",), False)


def _naive(rows: list[Row], words: str) -> set[int]:
    """Words in the texts of the row, read one by one without the shared code."""
    kept = set()
    for each in rows:
        cells = [str(v) for v in each.values.values() if isinstance(v, str)]
        if all(any(fold(word) in fold(cell) for cell in cells) for word in words.split()):
            kept.add(each.number)
    return kept


def test_a_thousand_rows_are_chosen_at_once() -> None:
    many = [
        row(n, nom=f"Opération n{n % 97} de l’été", detail="Détail " * 40, ville=n % 4 + 1,
            theme="sante" if n % 3 else "emploi", jour=dt.date(2020 + n % 7, 1, 1))
        for n in range(1, 1001)
    ]  # fmt: skip
    query = Query("operation n13 ete", {}, ("ville", "-jour"), False)
    found = choose(EVERYTHING, many, query, CATALOGUE, NAMES)
    assert {r.number for r in found} == _naive(many, query.words)
    best = min(_timed(many, query) for _ in range(5))
    assert best < 0.1  # 6 ms when the machine has nothing else to do


def _timed(rows: list[Row], query: Query) -> float:
    start = time.perf_counter()
    choose(EVERYTHING, rows, query, CATALOGUE, NAMES)
    return time.perf_counter() - start


def test_texts_are_folded_and_sorted_as_a_french_index() -> None:
    assert fold(" L’Œuvre\u00a0 d’ÉTÉ\u202f! ") == "l'oeuvre d'ete !"
    assert tight("Sains-en-Gohelle, n° 2") == "sainsengohellen2"
    words = ["cité 10", "Cité 9", "École", "Ecole", "zèbre", "Élan", "œuf", "officiel"]
    assert sorted(words, key=collation) == [
        "Cité 9", "cité 10", "Ecole", "École", "Élan", "œuf", "officiel", "zèbre"
    ]  # fmt: skip


def test_facets_of_a_blank_and_of_several() -> None:
    columns = EVERYTHING.columns
    assert facets(columns["themes"], ()) == facets(columns["themes"], None) == ("-",)
    assert facets(columns["themes"], ("nord", "sud")) == ("nord", "sud")


_AMOUNTS = st.lists(
    st.tuples(
        st.sampled_from(["9", "9.0", "10", "1.5", "1.50", ""]),
        st.sampled_from(["emploi", "sante", ""]),
        st.sampled_from([None, 2, 3]),
    ),
    max_size=30,
)


@given(_AMOUNTS, st.sampled_from(["cout", "-cout", "theme", "-theme", "ville", "-ville"]))
def test_many_rows_of_few_values_are_sorted_and_counted_as_one_by_one(
    drawn: list[tuple[str, str, int | None]], sort: str
) -> None:
    rows = [
        row(n, cout=Decimal(cost) if cost else None, theme=theme or None, ville=town)
        for n, (cost, theme, town) in enumerate(drawn, 1)
    ]
    name = sort.removeprefix("-")
    found = choose(EVERYTHING, rows, Query(sort=(sort,)), CATALOGUE, NAMES)
    alone: dict[int, int] = {}  # the rank of each row among all, one value at a time
    for one in rows:
        two = [
            choose(EVERYTHING, [other, one], Query(sort=(sort,)), CATALOGUE, NAMES)[0]
            for other in rows
        ]
        alone[one.number] = sum(first is not one for first in two)
    assert [r.number for r in found] == sorted(alone, key=lambda n: (alone[n], n))
    told = {value: count for value, _, count in options(EVERYTHING, name, rows, CATALOGUE, NAMES)}
    counted: dict[str, int] = {}
    for one in rows:
        for facet in dict.fromkeys(facets(EVERYTHING.columns[name], one.get(name))):
            counted[facet] = counted.get(facet, 0) + 1
    assert told == counted
