"""Are the shares and bounds of allocations exact, and is no small group to be worked out?"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheme_shelf import CATALOGUE, PLACES, Loaded, Shelf, cells, table_of, texts
from terril.contrat.schemes.allocation_lines import Counted, count_allocations
from terril.contrat.schemes.allocations import MEASURES, OUTSIDE, Measure, Rate, rate, target
from terril.contrat.schemes.allocations_summary import HIDDEN, allocations_summary
from terril.contrat.schemes.files import allocations_file, import_file
from terril.contrat.schemes.hidden import Group, hidden_groups
from terril.contrat.schemes.quartiles import Allocation, Ceilings, ceilings_of, quartile, tally
from terril.registres.rows import Row

small = st.integers(0, 2)


@given(small, small, small, small, small, small)
def test_bounds_are_those_of_every_possible_truth(
    yes: int, no: int, unknown: int, loose_yes: int, loose_no: int, loose_unknown: int
) -> None:
    """Naive: try every value of what is unknown."""
    held = Rate(yes, no, unknown, loose_yes, loose_no, loose_unknown)
    found = set()
    for inside, a, b, c, d in product(
        range(unknown + 1), range(loose_yes + 1), range(loose_no + 1), range(loose_unknown + 1),
        range(loose_unknown + 1),
    ):  # fmt: skip
        if d > c:  # c unknown allocations are in the denominator, d of them in the numerator
            continue
        top, whole = yes + inside + a + d, yes + no + unknown + a + b + c
        if whole:
            found.add(Fraction(top, whole))
    assert held.low == (min(found) if found else None)
    assert held.high == (max(found) if found else None)


rows_of_allocations = st.lists(
    st.fixed_dictionaries(
        {
            "situation": st.sampled_from(["en_qpv", "hors_qpv"]),
            "quartile": st.sampled_from(["q1", "q2", "q3", "q4", "q2_4", "inconnu"]),
            "bail": st.sampled_from([True, False, None]),
            "reloge": st.sampled_from([True, False, None]),
            "priorite": st.sampled_from(["dalo", "prioritaire", "aucune", None]),
            "nombre": st.integers(0, 20),
            "bailleur": st.sampled_from([1, 2, None]),
            "commune": st.sampled_from([1, 2, 3]),
            "quartier": st.sampled_from([1, 2, None]),
            "contingent": st.sampled_from(["etat", "commune", None]),
            "annee": st.just(2025),
        }
    ),
    max_size=14,
)


@given(rows_of_allocations, st.sampled_from(MEASURES))
def test_no_allocation_is_counted_twice_and_the_known_rate_is_between(
    values: list[dict[str, Any]], measure: Measure
) -> None:
    rows = [Row(n, 1, v) for n, v in enumerate(values, 1)]
    held = rate(rows, measure)
    most = sum(v["nombre"] for v in values)
    assert held.size <= most
    if held.low is not None and held.high is not None:
        assert 0 <= held.low <= held.high <= 1
        if held.known is not None:
            assert held.low <= held.known <= held.high
        if not held.unknown and not held.loose:
            assert held.low == held.high == held.known


def _independent(rows: list[list[Fraction]]) -> int:
    """The rank of a matrix, by plain elimination over fractions."""
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        found = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if found is None:
            continue
        rows[rank], rows[found] = rows[found], rows[rank]
        for other in range(rank + 1, len(rows)):
            factor = rows[other][column] / rows[rank][column]
            rows[other] = [a - factor * b for a, b in zip(rows[other], rows[rank], strict=True)]
        rank += 1
    return rank


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.integers(1, 9)),
        min_size=1,
        max_size=9,
    )
)
def test_no_hidden_line_is_a_combination_of_shown_ones(
    kinds: list[tuple[int, int, int, int]],
) -> None:
    groups: dict[Hashable, Group] = {
        ("all", 0): Group("all", frozenset(range(len(kinds))), sum(k[3] for k in kinds), True)
    }
    for place in range(3):
        for value in sorted({kind[place] for kind in kinds}):
            own = [n for n, kind in enumerate(kinds) if kind[place] == value]
            groups["cut", place * 10 + value] = Group(
                place, frozenset(own), sum(kinds[n][3] for n in own)
            )
    gone = hidden_groups(groups, 6)
    assert {key for key, group in groups.items() if group.size < 6} <= gone

    def line(key: Any) -> list[Fraction]:
        return [Fraction(n in groups[key].kinds) for n in range(len(kinds))]

    shown = [line(key) for key in groups if key not in gone]
    for key in gone:
        assert _independent([*shown, line(key)]) == _independent(shown) + 1, key
    for place in range(3):
        lines = [key for key, group in groups.items() if group.breakdown == place]
        hidden = [key for key in lines if key in gone]
        shown_too = [key for key in lines if key not in gone]
        assert not hidden or not shown_too or sum(groups[k].size for k in hidden) >= 6


def test_a_neighbourhood_is_not_worked_out_from_its_commune() -> None:
    """Commune 1 has the small neighbourhood 1 and neighbourhood 2: shown together they tell it."""
    base = {"annee": 2025, "situation": "en_qpv", "quartile": "q2"}
    books = Shelf(
        cia_attributions=[
            {**base, "commune": 1, "quartier": 1, "nombre": 4},
            {**base, "commune": 1, "quartier": 2, "nombre": 60},
            {**base, "commune": 2, "quartier": 3, "nombre": 25},
            {**base, "commune": 3, "quartier": 3, "nombre": 80},
        ],
    )
    summary = allocations_summary(books, CATALOGUE)
    by_place = table_of(summary, "Par quartier, en quartier")
    by_commune = table_of(summary, "Par commune, en quartier")
    assert cells(by_place, "Quartier 1")["Attributions"] == HIDDEN
    shown = {
        name: cells(table, name)["Attributions"]
        for table, names in ((by_place, ("Quartier 2", "Quartier vécu")),
                             (by_commune, ("Commune 1", "Commune 2", "Commune 3")))
        for name in names
    }  # fmt: skip
    assert shown["Quartier 2"] == HIDDEN, "the total less the third one tells 64, not 4"
    assert HIDDEN not in (shown["Commune 1"], shown["Commune 3"])


def test_a_landlord_that_is_hidden_is_in_no_alert() -> None:
    base = {"annee": 2025, "situation": "en_qpv", "quartile": "q1", "contingent": "etat",
            "priorite": "dalo"}  # fmt: skip
    books = Shelf(
        cia_objectifs=[{"annee": 2024, "bailleur": 1, "en_qpv": Decimal(60)},
                       {"annee": 2024, "bailleur": 2, "en_qpv": Decimal(60)}],
        cia_attributions=[{**base, "bailleur": 1, "nombre": 50},
                          {**base, "bailleur": 2, "nombre": 3}],
    )  # fmt: skip
    said = texts(allocations_summary(books, CATALOGUE))
    assert "Bailleur B" not in said and "2025, en quartier" in said


def test_a_landlord_with_its_own_rate_is_told() -> None:
    base = {"annee": 2025, "situation": "en_qpv", "quartile": "q1", "contingent": "etat",
            "priorite": "dalo"}  # fmt: skip
    books = Shelf(
        cia_objectifs=[{"annee": 2024, "bailleur": 1, "en_qpv": Decimal(60)}],
        cia_attributions=[
            {**base, "bailleur": 1, "nombre": 50},
            {**base, "bailleur": 1, "quartile": "q3", "nombre": 55},
            {**base, "bailleur": 2, "quartile": "q3", "nombre": 30},
        ],
    )
    said = texts(allocations_summary(books, CATALOGUE))
    assert (
        "2025, Bailleur A, en quartier : quartiles 2 à 4 : 52,4 %, sous l’objectif de 60 %" in said
    )
    assert "Bailleur B" not in said and "2025, en quartier" not in said


def test_a_rate_just_under_its_target_is_not_rounded_onto_it() -> None:
    base = {"annee": 2025, "situation": "hors_qpv", "bail": True, "reloge": False}
    books = Shelf(
        cia_attributions=[{**base, "quartile": "q1", "nombre": 2499},
                          {**base, "quartile": "q3", "nombre": 7501}],
    )  # fmt: skip
    said = texts(allocations_summary(books, CATALOGUE))
    assert "24,99 %, sous l’objectif de 25 %" in said


def test_the_convention_goes_before_the_law_and_the_latest_before_the_former() -> None:
    books = Shelf(
        cia_objectifs=[
            {"annee": 2018, "hors_qpv": Decimal(26)},
            {"annee": 2022, "hors_qpv": Decimal(28)},
            {"annee": 2020, "bailleur": 1, "hors_qpv": Decimal(30)},
            {"annee": 2023, "en_qpv": Decimal(55)},
        ]
    )
    found = {
        (year, who): target(books, CATALOGUE, OUTSIDE, year, who)
        for year, who in ((2017, None), (2019, None), (2024, None), (2024, 1), (2024, 2))
    }
    assert found == {
        (2017, None): Fraction(1, 4), (2019, None): Fraction(13, 50),
        (2024, None): Fraction(7, 25), (2024, 1): Fraction(3, 10), (2024, 2): Fraction(7, 25),
    }  # fmt: skip


def test_each_year_has_its_ceiling_and_the_missing_ones_are_said() -> None:
    books = Shelf(
        cia_plafonds=[{"annee": 2024, "premier": Decimal(9000), "deuxieme": Decimal(8000)}],
        cia_attributions=[
            {"annee": 2025, "situation": "en_qpv", "quartile": "q2", "nombre": 20},
            {"annee": 2025, "situation": "hors_qpv", "quartier": 1, "quartile": "q2", "nombre": 9},
        ],
    )
    assert ceilings_of(books) == {2024: Ceilings(Decimal(9000), Decimal(8000), None)}
    said = texts(allocations_summary(books, CATALOGUE))
    assert "Le plafond du premier quartile manque pour 2025" in said
    assert "chaque quartile doit passer le précédent" in said
    assert "1 ligne dite hors quartier" in said


@given(
    st.decimals(0, 40000, places=2), st.decimals(0, 40000, places=2), st.decimals(1, 9999, places=2)
)
def test_more_resources_never_make_a_lower_quartile(
    less: Decimal, more: Decimal, first: Decimal
) -> None:
    less, more = sorted((less, more))
    held = {2025: Ceilings(first, first + 5000, first + 9000)}
    order = ["q1", "q2", "q3", "q4"]
    assert order.index(quartile(less, held, 2025)) <= order.index(quartile(more, held, 2025))


def test_lines_become_counts_and_nothing_else() -> None:
    held = {2025: Ceilings(Decimal(9500))}
    lines = [
        Allocation(2025, "hors_qpv", Decimal(9000), "A", lease=True, rehoused=False),
        Allocation(2025, "hors_qpv", Decimal(4321), "A", lease=True, rehoused=False),
        Allocation(2025, "hors_qpv", None, "A", lease=True, rehoused=False),
        Allocation(2025, "hors_qpv", Decimal(9999), "B", lease=True, rehoused=True),
    ]
    rows = tally(lines, held)
    assert [(row["bailleur"], row["quartile"], row["nombre"]) for row in rows] == [
        ("A", "inconnu", 1), ("A", "q1", 2), ("B", "q2_4", 1),
    ]  # fmt: skip
    assert set(rows[0]) <= set(CATALOGUE.registers["cia_attributions"].columns)
    assert "4321" not in str(rows)


FILE = """Date d'attribution;BAILLEUR;Réservataire;Situation;Revenus mensuels;\
Unités de consommation;Bail signé;Relogement;Priorité;Nom du demandeur
12/03/2025;Bailleur A;État;En quartier prioritaire;1 000,00 €;1,5;oui;non;DALO;Untel
2025-04-02;Bailleur A;Action Logement;hors_qpv;;1;oui;non;Non prioritaire;Untel
02/04/2025;Bailleur A;Action Logement;Hors quartier prioritaire;900;0;oui;non;;Untel
02/04/2025;Bailleur A;Ministère;Hors quartier prioritaire;900;1;oui;non;;Untel
02/04/2025;Bailleur A;;Hors quartier prioritaire;peu;1;oui;non;;Untel

;Bailleur A;;Hors quartier prioritaire;900;1;oui;non;;Untel
"""


def test_a_file_of_lines_is_counted_and_its_faults_located(tmp_path: Path) -> None:
    path = tmp_path / "attributions.csv"
    path.write_text(FILE.replace("DALO", "Droit au logement opposable reconnu"), encoding="utf-8")
    found = count_allocations(path, {2025: Ceilings(Decimal(8000))}, CATALOGUE)
    assert found.lines == 2 == sum(row["nombre"] for row in found.rows)
    assert {(row["contingent"], row["quartile"]) for row in found.rows} == {
        ("etat", "q1"), ("action_logement", "inconnu"),
    }  # fmt: skip
    assert [(p.where.line, p.where.column) for p in found.problems] == [
        (4, "Unités de consommation"), (5, "Réservataire"), (6, "Revenus mensuels"), (8, "Année"),
    ]  # fmt: skip
    assert "Untel" not in str(found) and "900" not in str(found)


def test_counts_go_through_the_import_of_the_register(tmp_path: Path) -> None:
    held = {2025: Ceilings(Decimal(9500))}
    lines = [
        Allocation(2025, "en_qpv", Decimal(9000), "Bailleur A", "etat", "Commune 1", "Quartier 1",
                   True, False, "dalo"),
        Allocation(2025, "hors_qpv", None, "Bailleur B", lease=None),
    ]  # fmt: skip
    text = allocations_file(Counted(tuple(tally(lines, held)), 2, ()), CATALOGUE)
    (tmp_path / "counts.csv").write_text(text, encoding="utf-8")
    books = Loaded()
    for register in ("organisations", "communes", "quartiers"):
        more = {"organisations": {"nature": "bailleur"}, "quartiers": {"type": "qpv"}}
        places = [
            {"nom": row["nom"], **more.get(register, {}),
             **({} if register == "organisations" else {"code": f"code {place}"})}
            for place, row in enumerate(PLACES[register])
        ]  # fmt: skip
        (tmp_path / "places.csv").write_text(import_file(register, places, CATALOGUE), "utf-8")
        books.load(tmp_path / "places.csv", register)
    books.load(tmp_path / "counts.csv", "cia_attributions")
    assert not books.problems["cia_attributions"]
    rows = sorted((dict(row.values) for row in books.rows("cia_attributions")), key=str)
    assert rows == [
        {"annee": 2025, "bailleur": 1, "contingent": "etat", "commune": 1, "situation": "en_qpv",
         "quartier": 1, "quartile": "q1", "bail": True, "reloge": False, "priorite": "dalo",
         "nombre": 1},
        {"annee": 2025, "bailleur": 2, "situation": "hors_qpv", "quartile": "inconnu", "nombre": 1},
    ]  # fmt: skip


def test_a_column_that_the_card_has_not_is_refused() -> None:
    with pytest.raises(KeyError):
        import_file("postes", [{"titulaire": "Prénom Nom"}], CATALOGUE)


def test_a_file_without_its_columns_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "attributions.csv"
    path.write_text("Bailleur;Ressources\nA;1\n", encoding="utf-8")
    found = count_allocations(path, {}, CATALOGUE)
    assert not found.rows and "Situation" in found.problems[0].what


@settings(max_examples=40)
@given(rows_of_allocations)
def test_no_line_under_the_minimum_is_ever_shown(values: list[dict[str, Any]]) -> None:
    summary = allocations_summary(Shelf(cia_attributions=values), CATALOGUE)
    minimum = CATALOGUE.secrecy["bailleurs"].minimum
    assert minimum is not None
    for table in summary.tables:
        for line in table.lines:
            told = dict(zip(table.heads[1:], line.cells, strict=True))
            counted, loose = told["Attributions"], told["Bail inconnu"]
            if counted != HIDDEN:
                assert isinstance(counted, int) and isinstance(loose, int)
                assert counted + loose == 0 or counted + loose >= minimum
            else:
                assert told["Résultat"] == told["Taux sur cas connus"] == HIDDEN
