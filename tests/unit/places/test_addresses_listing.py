"""Are the addresses of a list read, and everything else left unread?"""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from terril.lib.problems import ProblemList
from terril.places.addresses.listing import Listing, read_listing

SECRETS = ("DURANDAL", "Léontine", "1990", "06 12")


def listing(
    folder: Path, text: str, name: str = "liste.csv", **options: object
) -> tuple[Listing | None, ProblemList]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    problems = ProblemList()
    return read_listing(path, problems, **options), problems  # type: ignore[arg-type]


def lines(found: Listing | None) -> list[tuple[int, str, str, str, str]]:
    assert found is not None
    return [
        (item.number, item.line.text, item.line.postcode, item.line.place, item.line.insee)
        for item in found.lines
    ]


def test_one_column_whose_texts_hold_commas(tmp_path: Path) -> None:
    text = "Adresse\n12 rue Pasteur, 62010 Valmont\n\n3 rue Haute, bât. A, 62010 Valmont\n"
    found, problems = listing(tmp_path, text)
    assert lines(found) == [
        (2, "12 rue Pasteur, 62010 Valmont", "", "", ""),
        (4, "3 rue Haute, bât. A, 62010 Valmont", "", "", ""),
    ]
    assert not problems.errors


def test_names_and_dates_are_left_unread_and_told(tmp_path: Path) -> None:
    text = (
        "Nom;Prénom;Date de naissance;Adresse;Code postal;Ville;Tél\n"
        "DURANDAL;Léontine;01/02/1990;12 rue Pasteur;62010;Valmont;06 12 00 00 00\n"
    )
    found, problems = listing(tmp_path, text)
    assert lines(found) == [(2, "12 rue Pasteur", "62010", "Valmont", "")]
    assert found is not None
    assert found.unread == ("Nom", "Prénom", "Date de naissance", "Tél")
    (problem,) = problems
    assert problem.code == "donnees-personnelles"
    everything = f"{found} {problem}"
    assert not any(secret in everything for secret in SECRETS)


def test_the_parts_of_an_address(tmp_path: Path) -> None:
    text = (
        "N°;Indice de répétition;Type de voie;Nom de la voie;CP;Commune;Code INSEE;Âge\n"
        "12;bis;rue;Pasteur;62010;Valmont;62001;8\n"
        ";;av.;du Stade;62010;Valmont;;9\n"
    )
    found, problems = listing(tmp_path, text)
    assert lines(found) == [
        (2, "12 bis rue Pasteur", "62010", "Valmont", "62001"),
        (3, "av. du Stade", "62010", "Valmont", ""),
    ]
    assert [p.code for p in problems] == ["donnees-personnelles"]


def test_a_number_apart_and_again_in_the_address(tmp_path: Path) -> None:
    text = "numero;adresse;cp\n12;rue Pasteur;62010\n12;12 rue Pasteur;62010\n"
    found, _ = listing(tmp_path, text)
    assert [line[1] for line in lines(found)] == ["12 rue Pasteur", "12 rue Pasteur"]


def test_a_person_without_address_counts_and_an_empty_row_does_not(tmp_path: Path) -> None:
    text = "nom;adresse\nDURANDAL;\n;\nDURANDAL;3 rue Haute\n\n"
    found, _ = listing(tmp_path, text)
    assert [(line[0], line[1]) for line in lines(found)] == [(2, ""), (4, "3 rue Haute")]


def test_columns_that_are_nobody_s_are_a_note(tmp_path: Path) -> None:
    _, problems = listing(tmp_path, "id;adresse;groupe\n1;3 rue Haute;a\n")
    assert [(p.code, p.severity.value) for p in problems] == [("colonnes-non-lues", "information")]


def test_a_list_without_titles(tmp_path: Path) -> None:
    text = "12 rue Pasteur, 62010 Valmont\n3 rue Haute, 62010 Valmont\n"
    found, problems = listing(tmp_path, text)
    assert found is None
    (problem,) = problems.errors
    assert problem.code == "entete-absent" and "Pasteur" not in str(problem)
    found, problems = listing(tmp_path, text, headless=True)
    assert [line[:2] for line in lines(found)] == [
        (1, "12 rue Pasteur, 62010 Valmont"),
        (2, "3 rue Haute, 62010 Valmont"),
    ]


def test_a_column_that_is_named(tmp_path: Path) -> None:
    text = "qui;où;code postal\nDURANDAL;3 rue Haute;62010\n"
    found, problems = listing(tmp_path, text, column="où")
    assert lines(found) == [(2, "3 rue Haute", "62010", "", "")]
    found, problems = listing(tmp_path, text, column="ailleurs")
    assert found is None and "ailleurs" in problems.errors[0].expected


def test_commas_cut_a_file_that_has_titles(tmp_path: Path) -> None:
    found, _ = listing(tmp_path, 'id,adresse,ville\n1,"3 rue Haute, bât. A",Valmont\n')
    assert lines(found) == [(2, "3 rue Haute, bât. A", "", "Valmont", "")]


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def test_workbooks(tmp_path: Path) -> None:
    rows = [["Nom", "Adresse"], ["DURANDAL", "3 rue Haute, 62010 Valmont"]]
    problems = ProblemList()
    path = workbook(tmp_path / "a.xlsx", {"Public": rows, "Notes": [["rien"]]})
    found = read_listing(path, problems)
    assert lines(found) == [(2, "3 rue Haute, 62010 Valmont", "", "", "")]
    two = workbook(tmp_path / "b.xlsx", {"Public": rows, "Anciens": rows})
    assert read_listing(two, problems) is None
    assert [p.code for p in problems.errors] == ["plusieurs-feuilles"]
    assert read_listing(two, ProblemList(), sheet="Anciens") is not None


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "fichier-vide"), ("adresse\n", "liste-vide"), ("a;b\n1;2\n", "entete-absent")],
)
def test_a_list_that_holds_nothing(tmp_path: Path, content: str, code: str) -> None:
    _, problems = listing(tmp_path, content)
    assert [p.code for p in problems.errors] == [code]


def test_a_list_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Adresse\n3 rue de l’Église, Valmont\n".encode("cp1252"))
    problems = ProblemList()
    assert lines(read_listing(path, problems))[0][1] == "3 rue de l’Église, Valmont"
    assert [p.code for p in problems] == ["encodage"]
