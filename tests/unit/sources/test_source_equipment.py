"""Counts of equipment: an unreadable count is unknown, not zero."""

from __future__ import annotations

import pytest
from source_material import Desk

from terril.sources.equipment import EQUIPMENT

HEAD = "quartier,tampon_m,categorie,type,nb_quartier,nb_tampon\n"


def test_an_empty_count_is_unknown(desk: Desk) -> None:
    rows = "QP001001,300,Commerce,Boulangerie-pâtisserie,1,\nQP001001,300,Santé,Pharmacie,0,2\n"
    read = desk.read("a.csv", HEAD + rows, "equipements")
    assert read.problems == []
    assert read.frame.schema == EQUIPMENT
    found = {r["type"]: (r["inside"], r["around"]) for r in read.frame.to_dicts()}
    assert found == {"Boulangerie-pâtisserie": (1, None), "Pharmacie": (0, 2)}
    assert read.frame["line"].to_list() == [2, 3]
    assert read.frame["buffer_m"].unique().to_list() == [300]


def test_a_type_is_known_whatever_its_case_and_gives_its_category(desk: Desk) -> None:
    text = "quartier;type;nb_quartier;nb_tampon\nles prés;PHARMACIE;1;0\n"
    read = desk.read("a.csv", text, "equipements", tampon_m="500")
    assert read.problems == []
    (row,) = read.frame.to_dicts()
    assert (row["territory"], row["type"], row["category"], row["buffer_m"]) == (
        "QP001001", "Pharmacie", "Santé", 500,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "told"),
    [
        ("QP001009,300,Santé,Pharmacie,0,2", "territoire-inconnu", "QP001009"),
        ("QP001001,300,Santé,Farmacie,0,2", "type-inconnu", "Pharmacie"),
        ("QP001001,300,Santé,Pharmacie,deux,2", "nombre-illisible", "deux"),
        ("QP001001,300,Santé,Pharmacie,1.5,2", "nombre-illisible", "1.5"),
        ("QP001001,300,Santé,Pharmacie,-1,2", "nombre-illisible", "-1"),
        ("QP001001,300,Commerce,Boulangerie-pâtisserie,1,1", "ligne-double", "2 et 3"),
    ],
)
def test_a_wrong_row_refuses_the_file(desk: Desk, row: str, code: str, told: str) -> None:
    good = "QP001001,300,Commerce,Boulangerie-pâtisserie,1,1\n"
    read = desk.read("a.csv", HEAD + good + row + "\n", "equipements")
    (problem,) = read.problems
    assert (problem.code, problem.where.line) == (code, 3)
    assert told in str(problem)
    assert read.frame.is_empty()


def test_missing_columns_are_told_together(desk: Desk) -> None:
    read = desk.read(
        "a.csv", "quartier;type;nb_quartier\nQP001001;Pharmacie;1\n", "equipements"
    )  # fmt: skip
    (problem,) = read.problems
    assert problem.code == "colonne-absente"
    assert "nb_tampon" in problem.what
    assert "tampon_m" in problem.what
