"""Rows and columns of CSV, XLSX and ODS, with the lines a person sees."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from workbooks import ods, xlsx

from terril.lib.problems import ProblemList, Severity
from terril.sources.tables import Table, Wish, read_table
from terril.sources.textual import LINE

ROWS: list[list[Any]] = [["code", "nom", "valeur"], ["01", "Éloise", 1.5], ["02", "Forêt", 12]]


def read(path: Path, wish: Wish | None = None) -> tuple[list[Table], ProblemList]:
    problems = ProblemList()
    return read_table(path, problems, wish), problems


def one(path: Path, wish: Wish | None = None) -> pl.DataFrame:
    tables, problems = read(path, wish)
    assert not problems.errors
    return tables[0].rows.collect()


def test_csv_xlsx_and_ods_give_the_same_frame(tmp_path: Path) -> None:
    text = tmp_path / "a.csv"
    text.write_text("code;nom;valeur\n01;Éloise;1.5\n02;Forêt;12\n", encoding="utf-8")
    expected = one(text)
    assert expected.rows() == [("01", "Éloise", "1.5", 2), ("02", "Forêt", "12", 3)]
    assert one(xlsx(tmp_path / "a.xlsx", {"F": ROWS})).equals(expected)
    assert one(ods(tmp_path / "a.ods", {"F": ROWS})).equals(expected)


def test_a_workbook_named_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"F": ROWS}).rename(tmp_path / "a.csv")
    assert one(path)["nom"].to_list() == ["Éloise", "Forêt"]


def test_spreadsheet_numbers_are_written_with_the_digits_that_matter(tmp_path: Path) -> None:
    cells: list[list[Any]] = [
        ["v"],
        [19.600000000000001],
        [2318.0],
        [0.1 + 0.2],
        [-9.3],
        [0.000012],
    ]
    assert one(xlsx(tmp_path / "a.xlsx", {"F": cells}))["v"].to_list() == [
        "19.6", "2318", "0.3", "-9.3", "0.000012",
    ]  # fmt: skip


def test_a_date_cell_is_year_month_day(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"F": [["d"], [dt.date(2018, 12, 31)]]})
    assert one(path)["d"].to_list() == ["2018-12-31"]


def test_lines_are_those_a_person_sees(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a;b\n1;"x\ny"\n\n3;4\n5;"q""q"\n', encoding="utf-8")
    frame = one(path).filter(pl.col("a").is_not_null())
    assert frame.rows() == [("1", "x\ny", 2), ("3", "4", 5), ("5", 'q"q', 6)]


def test_empty_rows_of_a_sheet_keep_their_place(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[None], ["code", "v"], [None, None], ["01", 3]]
    frame = one(xlsx(tmp_path / "a.xlsx", {"F": rows}))
    assert frame.filter(pl.col("code").is_not_null()).rows() == [("01", "3", 4)]


def test_hundreds_of_empty_columns_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b" + ";" * 900 + "\n1;2" + ";" * 900 + "\n", encoding="utf-8")
    assert one(path).columns == ["a", "b", LINE]


def test_short_lines_are_completed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b;c\n1\n2;3\n4;5;6\n", encoding="utf-8")
    assert one(path).rows() == [("1", None, None, 2), ("2", "3", None, 3), ("4", "5", "6", 4)]


def test_lines_longer_than_the_head_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,6,7\n1,5,2,3\n", encoding="utf-8")
    _, problems = read(path)
    assert [p.code for p in problems.errors] == ["ligne-trop-longue"]
    assert problems.errors[0].where.line == 3
    assert "lignes : 3, 4" in problems.errors[0].what


def test_figures_without_a_head_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;;b\n1;8;3\n", encoding="utf-8")
    tables, problems = read(path)
    assert [p.code for p in problems] == ["colonne-sans-titre"]
    assert tables[0].rows.collect().rows() == [("1", "3", 2)]
    _, problems = read(xlsx(tmp_path / "a.xlsx", {"F": [["a", None, "b"], [1, 8, 3]]}))
    assert [p.code for p in problems] == ["colonne-sans-titre"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_another_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("nom;v\r\nÉloise;1\r\nForêt;2\r\n".encode(encoding))
    tables, problems = read(path)
    assert tables[0].rows.collect().rows() == [("Éloise", "1", 2), ("Forêt", "2", 3)]
    warned = [p.code for p in problems if p.severity is Severity.WARNING]
    assert warned == ([] if encoding == "utf-8-sig" else ["encodage"])


def test_a_damaged_byte_is_told_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("nom;v\nÉloise;1\n".encode() + b"For\xeat;2\n" + "Été;3\n".encode())
    tables, problems = read(path)
    damaged = [p for p in problems if p.code == "encodage-abime"]
    assert [p.where.line for p in damaged] == [3]
    assert tables[0].rows.collect()["v"].to_list() == ["1", "2", "3"]


def test_accents_spoilt_by_two_conversions_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("nom;v\nAmbert;1\nMéricourt;2\n".encode().decode("cp1252").encode())
    _, problems = read(path)
    assert [(p.code, p.where.line) for p in problems] == [("encodage-double", 3)]


def test_titles_above_the_head_are_passed_over_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Source : producteur\n\nTableau 3\nCODGEO;A\n01;5\n", encoding="utf-8")
    tables, problems = read(path, Wish(is_head=lambda row: "CODGEO" in row))
    assert tables[0].head_line == 4
    assert tables[0].rows.collect().rows() == [("01", "5", 5)]
    assert [p.code for p in problems] == ["titres-au-dessus"]


def test_the_head_may_be_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["x"]] * 5 + [["code", "v"], ["01", 3]]
    frame = one(xlsx(tmp_path / "a.xlsx", {"F": rows}), Wish(head_line=6))
    assert frame.rows() == [("01", "3", 7)]


def test_sheets_without_the_head_are_passed_over(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Lisez-moi": [["bonjour"]], "Données": ROWS, "Vide": []})
    tables, problems = read(path, Wish(is_head=lambda row: "code" in row))
    assert [t.sheet for t in tables] == ["Données"]
    assert [p.code for p in problems] == ["feuilles-ignorees"]
    assert "Lisez-moi" in problems.items[0].what


def test_a_sheet_that_does_not_exist_is_told_with_those_that_do(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Données": ROWS})
    _, problems = read(path, Wish(sheet="Donnees"))
    assert [p.code for p in problems] == ["feuille-absente"]
    assert "Données" in problems.items[0].expected


def test_repeated_heads_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;NOTE;b;NOTE\n1;0;2;5\n", encoding="utf-8")
    tables, _ = read(path)
    assert tables[0].heads == ("a", "NOTE", "b", "NOTE (2)")
    assert tables[0].repeated == ("NOTE",)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "fichier-vide"),
        ("a.csv", b"\n\n  \n", "fichier-vide"),
        ("a.csv", b"%PDF-1.4 something", "fichier-illisible"),
        ("a.csv", b"<!DOCTYPE html><html></html>", "fichier-illisible"),
        ("a.csv", bytes(range(256)) * 10, "fichier-illisible"),
        ("a.xlsx", b"PK\x03\x04not a workbook", "classeur-illisible"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    tables, problems = read(path)
    assert tables == []
    assert [p.code for p in problems] == [code]
    assert problems.items[0].remedy
    assert problems.items[0].where.file == name


def test_a_file_that_is_not_there_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "tableau_2019.csv").write_text("a;b\n", encoding="utf-8")
    _, problems = read(tmp_path / "tableaux.csv")
    assert problems.items[0].code == "fichier-absent"
    assert "tableau_2019.csv" in problems.items[0].remedy
