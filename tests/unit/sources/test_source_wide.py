"""A file with one territory a row and one indicator a column."""

from __future__ import annotations

from typing import Any

import pytest
from source_material import Desk
from workbooks import xlsx

from terril.lib.problems import Severity

POOR, POP = "revenus.taux_pauvrete", "demographie.population"
MAP = "colonne;indicateur;periode;facteur;vide\nPauvreté;revenus.taux_pauvrete;2015;;\n" + (
    "Habitants;demographie.population;2013;;secret\nRemarque;;;;\n"
)


def test_columns_are_told_by_a_map(desk: Desk) -> None:
    (desk.root / "carte.csv").write_text(MAP, encoding="utf-8")
    text = "Quartier;Pauvreté;Habitants;Remarque\nLes Prés;41,3;1 200;x\nCité Haute;s;;\n"
    read = desk.read("a.csv", text, "large", correspondance="carte.csv", genre="qpv")
    assert read.problems == []
    assert read.value("QP001001", POOR, "2015") == 41.3
    assert read.value("QP001001", POP, "2013") == 1200
    assert read.status("QP001002", POOR) == "secret"
    assert read.status("QP001002", POP) == "secret"  # the map says so of empty cells
    (row,) = read.rows("QP001001", POP)
    assert (row["line"], row["column"], row["raw"]) == (2, "Habitants", "1 200")


def test_heads_may_be_codes_with_their_period(desk: Desk) -> None:
    text = f"territoire;{POOR}@2015;{POOR}@2018;{POP}\nQP001001;41;42;1200\n"
    read = desk.read("a.csv", text, "large", periode="2013")
    assert read.problems == []
    assert read.value("QP001001", POOR, "2015") == 41
    assert read.value("QP001001", POOR, "2018") == 42
    assert read.value("QP001001", POP, "2013") == 1200


def test_a_map_column_that_is_not_in_the_file_is_told(desk: Desk) -> None:
    (desk.root / "carte.csv").write_text(MAP, encoding="utf-8")
    text = "Quartier;Pauvrete 60;Habitants\nLes Prés;41,3;1200\n"
    read = desk.read("a.csv", text, "large", correspondance="carte.csv", genre="qpv")
    errors = [p for p in read.problems if p.severity is Severity.ERROR]
    assert [(p.code, p.where.column) for p in errors] == [("colonne-absente", "Pauvreté")]
    assert "Pauvrete 60" in errors[0].what
    assert read.frame.is_empty()


def test_a_map_with_an_unknown_indicator_is_told(desk: Desk) -> None:
    (desk.root / "carte.csv").write_text(MAP.replace("taux_pauvrete", "taux_pauvrte"), "utf-8")
    text = "Quartier;Pauvreté;Habitants\nLes Prés;41,3;1200\n"
    read = desk.read("a.csv", text, "large", correspondance="carte.csv", genre="qpv")
    assert read.codes == ["indicateur-inconnu"]
    assert POOR in read.problems[0].remedy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("colonne;cible\nA;b\n", "correspondance"),
        ("colonne;indicateur;facteur\nPauvreté;revenus.taux_pauvrete;cent\n", "correspondance"),
        ("colonne;indicateur;vide\nPauvreté;revenus.taux_pauvrete;zéro\n", "correspondance"),
    ],
)
def test_a_wrong_map_is_told_once(desk: Desk, text: str, code: str) -> None:
    (desk.root / "carte.csv").write_text(text, encoding="utf-8")
    read = desk.read(
        "a.csv", "Quartier;Pauvreté\nLes Prés;4\n", "large", correspondance="carte.csv", genre="qpv"
    )
    assert read.codes.count(code) == 1
    assert read.of(code)[0].where.file == "carte.csv"
    assert read.frame.is_empty()


def test_a_map_that_is_not_there_is_told(desk: Desk) -> None:
    read = desk.read("a.csv", "Quartier;P\nLes Prés;4\n", "large", correspondance="carte.csv")
    assert "fichier-absent" in read.codes
    assert read.frame.is_empty()


def test_a_factor_scales_the_value_and_its_decimals(desk: Desk) -> None:
    (desk.root / "carte.csv").write_text(
        "colonne;indicateur;facteur\nTaux;revenus.taux_pauvrete;100\n", encoding="utf-8"
    )
    read = desk.read(
        "a.csv", "qpv;Taux\nQP001001;0,413\n", "large", correspondance="carte.csv", genre="qpv"
    )
    (row,) = read.rows("QP001001", POOR)
    assert (row["value"], row["decimals"], row["raw"]) == (41.3, 1, "0,413")


def test_percentages_stored_as_fractions_are_told(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["territoire", POOR],
        ["QP001001", 0.413],
        ["QP001002", 0.39],
        ["01004", 0.2],
    ]
    path = xlsx(desk.root / "a.xlsx", {"F": rows})
    read = desk.read_path(path, "large")
    assert read.codes == ["pourcentages-en-fractions"]
    assert read.problems[0].where.column == POOR
    scaled = desk.read_path(path, "large", options={"facteur": "100"})
    assert scaled.problems == []
    assert scaled.value("QP001001", POOR) == 41.3


def test_text_in_a_number_is_told_with_line_and_column(desk: Desk) -> None:
    read = desk.read("a.csv", f"territoire;{POOR}\nQP001001;41\nQP001002;beaucoup\n", "large")
    (problem,) = read.problems
    assert (problem.code, problem.where.line, problem.where.column) == ("nombre-illisible", 3, POOR)
    assert read.frame.is_empty()


def test_a_second_row_of_heads_is_told(desk: Desk) -> None:
    text = f"territoire;{POOR};{POP}\nLieu;Taux en %;Nombre\nQP001001;41;1200\n"
    assert desk.read("a.csv", text, "large").codes == ["deux-entetes"]


def test_a_near_code_is_suggested(desk: Desk) -> None:
    read = desk.read("a.csv", f"territoire;{POP};revenus.taux_pauvrete_\nQP001001;9;4\n", "large")
    assert "indicateur-inconnu" in read.codes
    assert POOR in read.of("indicateur-inconnu")[0].remedy
