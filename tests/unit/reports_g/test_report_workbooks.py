"""Do the workbooks and the CSV give real numbers, the right ones, and nothing else?"""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from report_material import EPCI, FrameSource, material

from terril.reports.controls import write_controls
from terril.reports.workbooks import write_workbooks

BLANKED = (47.77, 47.8)


def sheets(path: Path) -> dict[str, Worksheet]:
    book = load_workbook(path)
    return {sheet.title: sheet for sheet in book.worksheets}


def rows(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("classeurs")
    source = material()
    assert set(write_workbooks(source, folder)) | set(write_controls(source, folder)) == {
        path for path in folder.rglob("*") if path.is_file()
    }
    return folder


def line(sheet: Worksheet, code: str) -> list[Any]:
    return next(row for row in rows(sheet) if row[0] == code)


def test_one_sheet_a_theme_with_real_numbers(written: Path) -> None:
    book = sheets(written / "tableaux.xlsx")
    assert list(book)[:4] == ["Lisez-moi", "Démographie", "Revenus", "Emploi"]
    assert line(book["Revenus"], "QP000002")[:5] == [
        "QP000002", "Cité du Maroc – La Canche", "Bourg-en-Bassin", 13328, 41.5
    ]  # fmt: skip
    assert line(book["Revenus"], "QP000003")[4] == 55.3
    assert line(book["Revenus"], EPCI)[3:5] == [16556, 25.9]


def test_ranks_stand_beside_the_values(written: Path) -> None:
    book = sheets(written / "tableaux.xlsx")
    assert line(book["Revenus"], "QP000002")[5:7] == [1, 1]
    assert line(book["Revenus"], "QP000005")[5:7] == [None, None]


def test_secret_is_a_letter_and_missing_a_dash(written: Path) -> None:
    book = sheets(written / "tableaux.xlsx")
    assert line(book["Revenus"], "QP000005")[3:5] == ["s", "s"]
    assert line(book["Démographie"], "QP000004")[3] == "–"


def test_the_blanked_value_is_in_no_cell_of_no_file(written: Path) -> None:
    assert any(written.rglob("*.csv"))
    for path in written.rglob("*"):
        if path.suffix == ".xlsx":
            for sheet in sheets(path).values():
                for row in rows(sheet):
                    for value in row:
                        assert value not in BLANKED
                        assert "47,7" not in str(value) and "47.7" not in str(value)
        elif path.suffix == ".csv":
            text = path.read_text(encoding="utf-8-sig")
            assert "47,7" not in text and "47.7" not in text and "47,8" not in text


def test_headers_say_unit_and_period_and_stay_on_screen(written: Path) -> None:
    sheet = sheets(written / "tableaux.xlsx")["Emploi"]
    head = next(row for row in rows(sheet) if row[0] == "Code")
    assert head[3] == "Taux d’emploi, 15-64 ans\nen %, 2015"
    assert head[4].endswith("demandeurs, fin 2018")
    number = next(i for i, row in enumerate(rows(sheet), 1) if row[0] == "Code")
    assert sheet.freeze_panes == f"C{number + 1}"
    assert sheet.auto_filter.ref == f"A{number}:G{number + 5}"
    assert sheet.print_title_rows == f"${number}:${number}"
    assert sheet.page_setup.orientation == "landscape"


def test_numbers_carry_a_number_format_with_their_decimals(written: Path) -> None:
    sheet = sheets(written / "tableaux.xlsx")["Revenus"]
    cells = next(row for row in sheet.iter_rows() if row[0].value == "QP000002")
    assert cells[3].number_format.startswith("#,##0") and "0.0" not in cells[3].number_format
    assert cells[4].number_format.startswith("#,##0.0")


def hostile() -> FrameSource:
    source = material()
    names = {"QP000001": "=HYPERLINK(\"http://x\")", "QP000002": "+33", "QP000004": "@cmd",
             "QP000005": "-2+3"}  # fmt: skip
    renamed = pl.col("code").replace(names)
    frame = source.territories.with_columns(
        label=pl.when(pl.col("code").is_in(list(names))).then(renamed).otherwise("label"),
        short=pl.when(pl.col("code").is_in(list(names))).then(renamed).otherwise("short"),
    )
    return dataclasses.replace(source, territories=frame)


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    write_workbooks(hostile(), tmp_path)
    write_controls(hostile(), tmp_path)
    seen = 0
    for path in tmp_path.glob("*.xlsx"):
        for sheet in sheets(path).values():
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (path.name, sheet.title, cell.coordinate)
                    assert cell.hyperlink is None
                    seen += cell.value == '=HYPERLINK("http://x")'
    assert seen > 3
    for path in tmp_path.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        separator = "," if path.parent.name == "plat" else ";"
        for cells in csv.reader(io.StringIO(text), delimiter=separator):
            for written in cells:
                try:
                    float(written.replace(",", "."))
                except ValueError:
                    assert not written.startswith(("=", "+", "-", "@", "\t", "\r")), written


def test_spreadsheet_csv_has_bom_semicolons_and_decimal_commas(written: Path) -> None:
    raw = (written / "csv" / "revenus.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    found = {cells[0]: cells for cells in table}
    assert found["QP000002"][3:5] == ["13328", "41,5"]
    assert found["QP000005"][3:5] == ["s", "s"]
    assert "2014" in found[EPCI][-1]  # a period that the head does not say


def test_plain_csv_has_the_same_figures_one_a_line(written: Path) -> None:
    text = (written / "csv" / "plat" / "revenus.csv").read_text(encoding="utf-8")
    table = {(row["code"], row["indicateur"]): row for row in csv.DictReader(io.StringIO(text))}
    assert table["QP000002", "revenus.taux_pauvrete"]["valeur"] == "41.5"
    assert table["QP000005", "revenus.taux_pauvrete"]["valeur"] == ""
    assert table["QP000005", "revenus.taux_pauvrete"]["statut"] == "secret"
    assert table[EPCI, "revenus.taux_pauvrete"]["periode"] == "2014"


def test_all_three_forms_agree(written: Path) -> None:
    book = sheets(written / "tableaux.xlsx")
    for code, title in (("demographie", "Démographie"), ("emploi", "Emploi")):
        text = (written / "csv" / f"{code}.csv").read_text(encoding="utf-8-sig")
        for cells in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]:
            if not cells[0]:
                continue
            held = line(book[title], cells[0])[3:5]
            assert [str(v).replace(".", ",").removesuffix(",0") for v in held] == [
                v.removesuffix(",0") for v in cells[3:5]
            ]


def test_every_figure_is_in_the_data_sheet_with_its_provenance(written: Path) -> None:
    source = material()
    sheet = sheets(written / "tableaux.xlsx")["Données"]
    table = rows(sheet)
    number = next(i for i, row in enumerate(table) if row[0] == "Niveau")
    held = table[number + 1 :]
    assert len(held) == source.retained.height
    found = next(row for row in held if row[1] == "QP000001" and row[5] == "emploi.taux_emploi")
    assert found[8] == 30.9 and found[13] == "tableaux" and found[16] is not None
    assert found[17] == "oui"


def test_equipment_says_what_cannot_be_read(written: Path) -> None:
    table = rows(sheets(written / "tableaux.xlsx")["Équipements"])
    head = next(row for row in table if row[0] == "Catégorie")
    doctor = next(row for row in table if row[1] == "Médecin")
    pharmacy = next(row for row in table if row[1] == "Pharmacie")
    at = next(i for i, text in enumerate(head) if str(text).startswith("Cité du Maroc\nquartier"))
    assert doctor[at] == "inconnu" and doctor[at + 1] == 16
    assert pharmacy[at] == "·"  # not named there: neither zero nor unknown


def test_same_source_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_workbooks(material(), tmp_path / name)
        write_controls(material(), tmp_path / name)
    first = sorted(p for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert len(first) > 5
    for path in first:
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == twin.read_bytes(), path.name


def test_each_contradiction_has_all_its_statements_and_one_kept(written: Path) -> None:
    sheet = sheets(written / "controles.xlsx")["Contradictions"]
    table = rows(sheet)
    start = next(i for i, row in enumerate(table) if row[0] == "N°")
    lines: dict[int, list[list[Any]]] = {}
    for row in table[start + 1 :]:
        lines.setdefault(row[0], []).append(row)
    assert len(lines) == 2
    first = lines[1]
    assert [row[6] for row in first] == [30.9, 31.7]
    assert [row[7] for row in first] == ["oui", None]
    assert [row[9] for row in first] == ["donnees/tableaux.csv", "donnees/fiches.csv"]
    assert all(isinstance(row[11], int) for row in first)
    assert first[0][14]
    second = lines[2]
    assert [row[6] for row in second] == ["secret", "secret"]
    assert [row[7] for row in second].count("oui") == 1


def test_the_summary_counts_what_the_sheets_hold(written: Path) -> None:
    book = sheets(written / "controles.xlsx")
    assert list(book) == [
        "Résumé", "Contradictions", "Contrôles", "Secrets", "Ruptures", "Aggravations",
        "Sensibilité", "Entonnoir", "Tendances", "Fichiers lus", "Problèmes",
    ]  # fmt: skip
    summary = {row[0]: row[1] for row in rows(book["Résumé"]) if row[0]}
    assert summary["Contradictions"] == 2 and summary["Secrets"] == 3
    secrets = [row for row in rows(book["Secrets"]) if row[10] == "donnees/tableaux.csv"]
    assert len(secrets) == summary["Secrets"]
    files = [row for row in rows(book["Fichiers lus"]) if row[7] and len(str(row[7])) == 64]
    assert len(files) == summary["Fichiers lus"] == 2


def test_an_unmasked_source_is_masked_all_the_same(tmp_path: Path) -> None:
    """A content that is not sealed yet still has the blanked value in its statements."""
    source = material()
    assert source.statements.filter(pl.col("value") == 47.77).height == 1
    write_controls(source, tmp_path)
    for sheet in sheets(tmp_path / "controles.xlsx").values():
        assert all(value != 47.77 for row in rows(sheet) for value in row)
