"""Do the schemes, renewal and European funds add what is known, and say what is not?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheme_shelf import CATALOGUE, Shelf, cells, table_of, texts
from terril.contrat.measures import MEASURES, summaries
from terril.contrat.schemes.erdf import erdf_summary
from terril.contrat.schemes.renewal import renewal_summary
from terril.contrat.schemes.terms import months_after
from terril.contrat.schemes.yearly import yearly_figures
from terril.registres.rows import Table


def test_every_measure_that_a_card_names_exists_and_every_one_is_named() -> None:
    named = {code for card in CATALOGUE.registers.values() for code in card.measures}
    assert named == set(MEASURES)


SCHEMES = sorted(code for code, compute in MEASURES.items() if "schemes" in compute.__module__)


@pytest.mark.parametrize("code", SCHEMES)
def test_empty_registers_give_tables_and_no_alarm(code: str) -> None:
    empty = Shelf(dispositifs=[])
    summary = MEASURES[code](empty, CATALOGUE)
    assert len(SCHEMES) == 6
    assert summary.title and summary.tables and not summary.alerts


def test_the_measures_of_a_register_come_in_its_order() -> None:
    found = summaries(Shelf(), CATALOGUE, "tfpb_actions")
    assert [summary.title for summary in found] == [
        "Abattement de taxe foncière sur les propriétés bâties (TFPB)"
    ]


# ------------------------------------------------------------------ figures by year


def figure(**values: Any) -> dict[str, Any]:
    return {"dispositif": 4, "mesure": "Enfants suivis", "annee": 2024, **values}


def test_figures_by_year_with_women_and_men_apart() -> None:
    books = Shelf(
        dispositifs_suivi=[
            figure(valeur=Decimal(40), femmes=Decimal(22), hommes=Decimal(18)),
            figure(annee=2025, valeur=Decimal(52)),
            figure(annee=2025, mesure="Budget", unite="€", valeur=Decimal("1500.50"),
                   sans_sexe=True),
            figure(annee=2025, quartier=1, valeur=Decimal(30)),
            figure(annee=2025, quartier=2, valeur=Decimal(30)),
        ],
    )  # fmt: skip
    summary = yearly_figures(books, CATALOGUE)
    table = table_of(summary, "PRE, année par année")
    assert table.heads == ("Mesure", "2024", "2025")
    assert cells(table, "Enfants suivis") == {"2024": Decimal(40), "2025": Decimal(52)}
    assert cells(table, "– dont femmes ou filles") == {"2024": Decimal(22), "2025": None}
    assert cells(table, "Budget (€)") == {"2024": None, "2025": Decimal("1500.50")}
    places = table_of(summary, "PRE par quartier, 2025")
    assert cells(places, "Quartier 1") == {"Enfants suivis": Decimal(30)}
    said = texts(summary)
    assert "les quartiers font 60, plus que l’ensemble, 52" in said
    assert "PRE, 2025 : 3 chiffres sans partage entre femmes et hommes" in said
    assert "Sans aucun chiffre : NPNRU, ERBM et ITI" in said


def test_shares_of_neighbourhoods_are_not_added() -> None:
    books = Shelf(
        dispositifs_suivi=[
            figure(unite="%", valeur=Decimal(40), sans_sexe=True),
            figure(unite="%", valeur=Decimal(30), quartier=1),
            figure(unite="%", valeur=Decimal(50), quartier=2),
        ],
    )
    assert "plus que" not in texts(yearly_figures(books, CATALOGUE))


def test_more_women_and_men_than_people_is_said() -> None:
    books = Shelf(dispositifs_suivi=[figure(valeur=Decimal(10), femmes=Decimal(8),
                                            hommes=Decimal("2.5"))])  # fmt: skip
    said = texts(yearly_figures(books, CATALOGUE))
    assert "femmes et hommes font 10,5, plus que le total de 10" in said


def test_a_scheme_past_its_last_year_is_asked_about_once_only() -> None:
    ended = {"sigle": "CLS", "type": "sante", "etat": "actif", "fin": 2023}
    assert "la période s’est achevée en 2023" in texts(
        yearly_figures(Shelf(dispositifs=[ended]), CATALOGUE)
    )
    closed = {**ended, "etat": "termine"}
    assert "2023" not in texts(yearly_figures(Shelf(dispositifs=[closed]), CATALOGUE))


# ------------------------------------------------------------------ renewal


def operation(**values: Any) -> dict[str, Any]:
    return {"programme": 1, "site": "Cité A", "type": "demolition", **values}


RENEWAL = [
    operation(tranche="2018-2020", quartiers=(1,), prevus=100, engages=80, livres=50),
    operation(tranche="2018-2020", type="rehabilitation", quartiers=(3,), prevus=50),
    operation(tranche="2021-2023", situation="hors_qpv", prevus=50, engages=0, livres=0),
    operation(tranche="2021-2023", site="Cité B"),
    operation(programme=2, site="Cité C", prevus=7, livres=7),
    operation(prevus=1000, etat="abandonnee"),
]


def test_dwellings_by_programme_type_and_period() -> None:
    summary = renewal_summary(Shelf(renouvellement=RENEWAL), CATALOGUE)
    whole = cells(table_of(summary, "Logements par programme"), "NPNRU")
    assert whole["Opérations"] == 4 and whole["Logements prévus"] == 200
    assert (whole["Engagés"], whole["Livrés"]) == (80, 50)
    assert whole["Part livrée"] == Fraction(50, 150), "over the two operations that know both"
    assert whole["Opérations sans nombre prévu"] == 1
    assert (whole["Opérations en quartier prioritaire"], whole["Hors quartier"]) == (1, 2)
    assert whole["Situation inconnue"] == 1
    assert whole["Part des logements prévus en quartier"] == Fraction(1, 2)
    kinds = table_of(summary, "NPNRU : logements par type")
    assert cells(kinds, "Démolition")["Logements prévus"] == 150
    assert cells(kinds, "Réhabilitation")["Livrés"] is None, "unknown, not zero"
    assert cells(table_of(summary, "NPNRU : logements par période"), "2021-2023")["Livrés"] == 0
    assert any("1 opération abandonnée" in note for note in summary.notes)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "programme": st.sampled_from([1, 2]),
                "type": st.sampled_from(["demolition", "rehabilitation", None]),
                "tranche": st.sampled_from(["2018-2020", "2021-2023", None]),
                "quartiers": st.sampled_from([(1,), (2,), (1, 2), ()]),
                "prevus": st.one_of(st.none(), st.integers(0, 300)),
                "livres": st.one_of(st.none(), st.integers(0, 300)),
            }
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_breakdown_adds_up_to_its_total(rows: list[dict[str, Any]]) -> None:
    summary = renewal_summary(Shelf(renouvellement=[operation(**row) for row in rows]), CATALOGUE)

    def parts(table: Table, head: str, total: bool) -> int:
        place = table.heads.index(head) - 1
        values = [line.cells[place] for line in table.lines if line.total is total]
        return sum(value for value in values if isinstance(value, int))

    checked = 0
    for table in summary.tables:
        if any(line.total for line in table.lines):
            for head in ("Opérations", "Logements prévus", "Livrés"):
                assert parts(table, head, False) == parts(table, head, True), table.title
                checked += 1
    assert checked >= 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"livraison_prevue": dt.date(2026, 5, 31)}, "livraison prévue le 31 mai 2026, non faite"),
        ({"livraison_prevue": dt.date(2026, 6, 1)}, ""),
        ({"livraison_prevue": dt.date(2026, 5, 31), "etat": "livree"}, ""),
        ({"livraison_prevue": dt.date(2026, 5, 31), "livraison": dt.date(2026, 5, 30)}, ""),
        ({"livraison_prevue": dt.date(2026, 5, 31), "etat": "abandonnee"}, ""),
        ({"debut_prevu": dt.date(2026, 1, 1)}, "début prévu le 1er janvier 2026, non commencé"),
        ({"debut_prevu": dt.date(2026, 1, 1), "debut": dt.date(2026, 2, 1)}, ""),
        ({"debut_prevu": dt.date(2026, 1, 1), "etat": "engagee"}, ""),
        ({"prevus": 10, "engages": 12}, "12 logements engagés ou livrés, plus que les 10"),
        ({"engages": 3, "livres": 4}, "4 logements livrés, plus que les 3 engagés"),
        ({"situation": "hors_qpv", "quartiers": (1,)}, "dite hors quartier prioritaire"),
        ({"debut": dt.date(2026, 2, 1), "livraison": dt.date(2026, 1, 1)}, "avant le début"),
    ],
)
def test_what_is_late_or_odd_in_renewal(values: dict[str, Any], said: str) -> None:
    found = texts(renewal_summary(Shelf(renouvellement=[operation(**values)]), CATALOGUE))
    assert said in found and bool(said) == bool(found), found


# ------------------------------------------------------------------ European funds


def test_programming_rates_and_alerts_of_european_funds() -> None:
    programme = {"sigle": "ITI", "type": "fonds_europeens", "enveloppe": Decimal(1000)}
    row = {"programme": 1, "axe": "Axe 3"}
    books = Shelf(
        dispositifs=[programme],
        operations_feder=[
            {**row, "operation": "A", "cout": Decimal(4000), "demande": Decimal(700),
             "programme_eur": Decimal(600), "certifie": Decimal(300), "quartiers": (1,)},
            {**row, "operation": "B", "cout": Decimal(1000), "programme_eur": Decimal(360),
             "fin": dt.date(2025, 5, 31)},
            {**row, "operation": "C", "cout": Decimal(50), "programme_eur": Decimal(60),
             "demande": Decimal(55)},
            {**row, "operation": "D", "programme_eur": Decimal(900), "etat": "abandonnee"},
        ],
    )  # fmt: skip
    summary = erdf_summary(books, CATALOGUE)
    whole = cells(table_of(summary, "Opérations par programme"), "ITI")
    assert whole["FEDER programmé"] == Decimal(1020) and whole["Opérations"] == 3
    assert whole["Taux de programmation"] == Fraction(1020, 1000)
    assert whole["Certifié sur programmé"] == Fraction(300, 600)
    assert whole["Part du FEDER dans le coût"] == Fraction(1020, 5050)
    places = table_of(summary, "Opérations par situation")
    assert cells(places, "En quartier prioritaire")["Coût total"] == Decimal(4000)
    assert cells(places, "Situation inconnue")["Opérations"] == 2
    said = texts(summary)
    assert "B : finie le 31 mai 2025, rien n’est certifié 12 mois après" in said
    assert "C : FEDER programmé (60 €) au-delà du FEDER demandé (55 €)" in said
    assert "C : FEDER programmé (60 €) au-delà du coût total (50 €)" in said
    assert "ITI : 1 020 € programmés, plus que l’enveloppe de 1 000 €" in said


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31)), st.integers(0, 60))
def test_months_after_keep_the_day_or_take_the_last(day: dt.date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + dt.timedelta(1)).day == 1)
