"""Are posts counted by kind and year, and are the State's open files read without a person?"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scheme_shelf import CATALOGUE, Loaded, Shelf, cells, table_of, texts
from terril.contrat.schemes.files import posts_files
from terril.contrat.schemes.open_posts import LAYOUTS, read_open_posts, together
from terril.contrat.schemes.posts import posts_summary

RELAIS, FONJEP = LAYOUTS
HEAD = "id_poste,code_tiers,raison_sociale,annee,montant,code_cv,insee_dep,insee_reg\n"


def test_posts_today_and_help_by_year() -> None:
    post = {"nature": "adulte_relais", "employeur": 3}
    books = Shelf(
        postes=[
            {**post, "convention": "A", "debut": dt.date(2025, 1, 1), "fin": dt.date(2027, 12, 31),
             "occupe": True, "etp": Decimal(1), "montant": Decimal(20000)},
            {**post, "convention": "B", "debut": dt.date(2025, 1, 1), "fin": dt.date(2027, 12, 31),
             "occupe": False, "etp": Decimal("0.5")},
            {**post, "convention": "C", "debut": dt.date(2022, 1, 1), "fin": dt.date(2024, 12, 31)},
            {"nature": "fonjep", "employeur": 3, "convention": "D"},
        ],
        postes_annees=[
            {"poste": 1, "annee": 2025, "montant": Decimal("20071.82"), "mois": Decimal(12)},
            {"poste": 2, "annee": 2025, "montant": Decimal(0)},
            {"poste": 4, "annee": 2025, "montant": Decimal(7164)},
            {"poste": 3, "annee": 2024, "montant": Decimal(19000)},
            {"poste": 4, "annee": 2024, "montant": Decimal(7164)},
        ],
    )  # fmt: skip
    summary = posts_summary(books, CATALOGUE)
    today = cells(table_of(summary, "Postes au 1er juin 2026"), "Adulte-relais")
    assert today["Conventions en cours ou sans date"] == 2
    assert (today["Postes occupés"], today["Vacants"]) == (1, 1)
    assert today["Part occupée"] == Fraction(1, 2)
    assert today["Conventions finies ou à venir"] == 1
    whole = cells(table_of(summary, "Postes au"), "Ensemble")
    assert whole["Occupation inconnue"] == 1 and whole["Équivalents temps plein"] == Decimal("1.5")
    years = table_of(summary, "Postes et aide versée par année")
    assert cells(years, "2025") == {
        "Adulte-relais": 1, "Poste FONJEP": 1, "Postes occupés, en tout": 2, "Sans versement": 1,
        "Conventions sans chiffre": 0, "Aide versée": Decimal("27235.82"), "Mois occupés": 12,
    }  # fmt: skip
    assert "poste vacant" in texts(summary)


def test_an_open_file_makes_posts_years_and_employers(tmp_path: Path) -> None:
    path = tmp_path / "postes.csv"
    path.write_text(
        HEAD
        + "P2,21620498200013,COM  UNE,2021,20071.82,CV1,62,32\n"
        + "P2,21620498200013,COM UNE,2020,19875.06,CV1,62,32\n"
        + "P1,ASSO,ASSO,2021,20071.82,CV1,62,32\n"
        + "P1,ASSO,ASSO,2021,1,CV1,62,32\n"
        + "P9,ASSO,ASSO,2021,20071.82,CV2,62,32\n"
        + "P8,ASSO,,2021,20071.82,CV1,62,32\n"
        + "P7,ASSO,ASSO,an,20071.82,CV1,62,32\n",
        encoding="utf-8",
    )
    found = read_open_posts(path, RELAIS, "CV1")
    assert found.left == 1
    assert found.organisations == (
        {"nom": "ASSO", "nature": "autre"},
        {"nom": "COM UNE", "nature": "commune", "siret": "21620498200013"},
    )
    assert [(p["convention"], p["montant"]) for p in found.posts] == [
        ("P1", Decimal("20071.82")), ("P2", Decimal("20071.82")),
    ]  # fmt: skip
    assert [(y["poste"], y["annee"]) for y in found.years] == [
        ("P1", 2021), ("P2", 2020), ("P2", 2021),
    ]  # fmt: skip
    assert [(p.code, p.where.line) for p in found.problems] == [
        ("postes-double", 5), ("postes-ligne", 7), ("postes-ligne", 8),
    ]  # fmt: skip


def test_a_file_without_a_column_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "postes.csv"
    path.write_text("id_poste,annee\nP1,2020\n", encoding="utf-8")
    found = read_open_posts(path, RELAIS)
    assert not found.posts and "« montant »" in found.problems[0].what


def test_columns_that_no_layout_names_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "postes.csv"
    path.write_text(
        HEAD.strip() + ",titulaire\nP1,ASSO,ASSO,2021,1.00,CV1,62,32,Prénom Nom\n", encoding="utf-8"
    )
    assert "Prénom" not in str(read_open_posts(path, RELAIS))


@pytest.mark.parametrize("rows", ["organisations", "posts", "years"])
def test_open_rows_only_have_columns_of_their_registers(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "postes.csv"
    path.write_text(HEAD + "P1,21620498200013,COM,2021,1.00,CV1,62,32\n", encoding="utf-8")
    register = {"organisations": "organisations", "posts": "postes", "years": "postes_annees"}[rows]
    (row,) = getattr(read_open_posts(path, FONJEP), rows)
    card = CATALOGUE.registers[register]
    assert set(row) <= set(card.columns)
    assert {name for name, column in card.columns.items() if column.required} <= set(row)
    choices = {name: card.columns[name].choices for name in row if card.columns[name].choices}
    assert all(row[name] in CATALOGUE.lists[str(words)].items for name, words in choices.items())


def test_the_real_files_of_one_contract_go_through_the_import(
    real_data: Path, tmp_path: Path
) -> None:
    folder = real_data / "subventions"
    relais = read_open_posts(folder / "anct_adulte_relais_2020_2023_dep62.csv", RELAIS, "CV219")
    fonjep = read_open_posts(folder / "anct_postes_fonjep_2020_2023_dep62.csv", FONJEP, "CV219")
    assert (len(relais.years), relais.left) == (52, 503)
    assert (len(fonjep.years), len(fonjep.posts)) == (16, 4)
    assert not relais.problems and not fonjep.problems
    both = together([relais, fonjep])
    names = [row["nom"] for row in both.organisations]
    assert len(names) == len(set(names))
    assert {row["employeur"] for row in both.posts} == set(names)
    assert {row["nature"] for row in both.organisations} == {
        "association", "autre", "commune", "epci",
    }  # fmt: skip
    books = Loaded()
    for register, text in posts_files(both, CATALOGUE).items():
        (tmp_path / f"{register}.csv").write_text(text, encoding="utf-8")
        books.load(tmp_path / f"{register}.csv", register)
    assert books.problems == {"organisations": [], "postes": [], "postes_annees": []}
    assert (len(books.rows("postes")), len(books.rows("postes_annees"))) == (len(both.posts), 68)
    table = table_of(posts_summary(books, CATALOGUE), "Postes et aide versée par année")
    told = {line.head: dict(zip(table.heads[1:], line.cells, strict=True)) for line in table.lines}
    assert {year: row["Adulte-relais"] for year, row in told.items()} == {
        "2020": 13, "2021": 15, "2022": 13, "2023": 11,
    }  # fmt: skip
    assert told["2022"]["Aide versée"] == 13 * Decimal(21254) + 4 * Decimal(7164)
