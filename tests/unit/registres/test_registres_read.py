from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from register_world import EVERYTHING, catalogue, names_of, row

from terril.lib.problems import Severity
from terril.registres.incoming import Pending, in_order, resolve
from terril.registres.opendocument import OdsError, Percent, ods_sheets
from terril.registres.read import Reading, read_table
from terril.registres.rows import Row
from terril.registres.sheets import masked, unmasked

CATALOGUE = catalogue()
ROWS = [row(1, nom="Premier", code="A"), row(2, nom="Deux", code="B")]


def _csv(path: Path, text: str, *rows: Row, encoding: str = "utf-8") -> Reading:
    file = path / "actions.csv"
    file.write_bytes(text.encode(encoding))
    return read_table(file, EVERYTHING, "tout", CATALOGUE, names_of(*(rows or ROWS)))


def _book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Reading:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False})
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)
    book.close()
    file = path / "actions.xlsx"
    file.write_bytes(stream.getvalue())
    return read_table(file, EVERYTHING, "tout", CATALOGUE, names_of(*ROWS))


def _codes(reading: Reading) -> list[tuple[str, int | None, str]]:
    return [(p.code, p.where.line, p.where.column) for p in reading.problems]


def test_heads_are_recognised_in_any_order_and_writing(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "cout;INTITULE *;n°;Version\r\n12,5;Neuf;1;3\r\n")
    assert reading.columns == ("cout", "nom")
    (one,) = reading.rows
    assert (one.line, one.number, one.version) == (2, 1, 3)
    assert one.values == {"cout": Decimal("12.50"), "nom": "Neuf"}
    assert not list(reading.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_of_any_tool_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    text = f'Intitulé{separator}Détail\nÉté{separator}"a; b, c\nligne 2"\n\n'
    reading = _csv(tmp_path, text, encoding=encoding)
    assert [dict(r.values) for r in reading.rows] == [
        {"nom": "Été", "detail": "a; b, c\nligne 2"}
    ]  # fmt: skip


def test_lines_are_those_of_the_spreadsheet_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["Actions du contrat"],
        [],
        ["Intitulé", "Coût"],
        ["Un", 3],
        [None, None],
        ["Deux", 4],
    ]
    reading = _book(tmp_path, {"Feuil1": lines})
    assert [(r.line, r.values["nom"]) for r in reading.rows] == [(4, "Un"), (6, "Deux")]


def test_the_sheet_of_the_register_wins_over_richer_ones(tmp_path: Path) -> None:
    reading = _book(
        tmp_path,
        {
            "Brouillon": [["Intitulé", "Coût", "Taux"], ["Non", 1, 2]],
            "TOUT": [["Intitulé"], ["Oui"]],
        },
    )
    assert reading.sheet == "TOUT"
    assert [r.values["nom"] for r in reading.rows] == ["Oui"]


def test_without_the_titled_sheet_the_one_with_most_heads_is_read(tmp_path: Path) -> None:
    reading = _book(
        tmp_path,
        {"Lisez-moi": [["Intitulé"]], "Feuil2": [["Intitulé", "Coût"], ["Oui", 1]]},
    )
    assert reading.sheet == "Feuil2"


def test_all_the_faults_of_all_the_lines_are_told_with_their_place(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "N°;Intitulé;Coût;Date\n;A;cher;hier\n99;B;;\nx;C;;\n1;D;5;\n")
    assert _codes(reading) == [
        ("valeur", 2, "Coût"), ("valeur", 2, "Date"), ("ligne-inconnue", 3, "N°"),
        ("valeur", 4, "N°"),
    ]  # fmt: skip
    assert [r.line for r in reading.rows] == [5]
    for problem in reading.problems:
        assert problem.where.file == "actions.csv"
        assert problem.expected and problem.remedy


def test_an_unknown_head_is_a_warning_with_the_nearest_one(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "Intitulé;Comune;;Vide\nA;x;y;\n")
    assert [(p.code, p.severity) for p in reading.problems] == [
        ("colonne-inconnue", Severity.WARNING), ("colonne-sans-titre", Severity.WARNING)
    ]  # fmt: skip
    assert "Commune" in next(iter(reading.problems)).remedy
    assert len(reading.rows) == 1


def test_a_head_twice_there_is_refused(tmp_path: Path) -> None:
    assert _codes(_csv(tmp_path, "Intitulé;Coût;COUT\nA;1;2\n")) == [("colonne-double", 1, "COUT")]


def test_a_required_column_is_missing_for_new_lines_only(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "N°;Code;Coût\n1;;5\n;b;6\n;Z;7\n")
    assert _codes(reading) == [("colonne-absente", 4, "Intitulé")]
    assert [r.line for r in reading.rows] == [2, 3]


def test_a_number_or_a_key_twice_there_is_refused(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "N°;Intitulé;Code\n1;A;\n1;B;\n;C;k\n;D;K\n")
    assert _codes(reading) == [("ligne-double", 3, "N°"), ("ligne-double", 5, "Code")]
    assert "ligne 4" in list(reading.problems)[1].what


def test_rows_that_have_one_key_already_are_not_refused_for_it(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "N°;Intitulé;Code\n1;A;k\n2;B;k\n")
    assert not list(reading.problems)
    assert [r.number for r in reading.rows] == [1, 2]


def test_archiving_asks_for_a_row_that_exists(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "N°;Intitulé;Archiver\n1;A;oui\n;B;oui\n2;C;non\n2;D;peut-être\n")
    assert [(r.line, r.archive) for r in reading.rows] == [(2, True), (4, False)]
    assert ("valeur", 3, "Archiver") in _codes(reading)
    assert ("valeur", 5, "Archiver") in _codes(reading)


def test_links_to_lines_of_the_file_wait_for_their_row(tmp_path: Path) -> None:
    reading = _csv(
        tmp_path,
        "N°;Intitulé;Objectif parent\n;Enfant;axe 1\n;Axe 1;premier\n2;Renommé;\n;E;renommé\n",
    )
    assert not list(reading.problems)
    parents = {r.line: r.values["parent"] for r in reading.rows}
    assert parents == {2: Pending("tout", "axe 1", 3), 3: 1, 4: None, 5: 2}
    ordered = in_order(reading.rows)
    assert [r.line for r in ordered] == [3, 4, 5, 2]
    assert resolve(ordered[-1].values, {3: 44})["parent"] == 44


def test_an_unknown_or_ambiguous_parent_is_a_fault(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "Intitulé;Objectif parent\nX;\nX;\nA;x\nB;nulle part\n")
    assert [c[1] for c in _codes(reading)] == [4, 5]


def test_lines_that_wait_for_each_other_or_for_a_refused_one_are_refused(tmp_path: Path) -> None:
    reading = _csv(
        tmp_path, "Intitulé;Objectif parent;Coût\nP;Q;\nQ;P;\nC;C;\nD;;cher\nE;D;\nF;E;\nG;;\n"
    )
    assert {(c, line) for c, line, _ in _codes(reading)} == {
        ("liens-en-rond", 2), ("liens-en-rond", 3), ("liens-en-rond", 4), ("valeur", 5),
        ("valeur", 6), ("valeur", 7),
    }  # fmt: skip
    assert [r.values["nom"] for r in reading.rows] == ["G"]


def test_percentages_that_look_a_hundred_times_too_small_are_doubted(tmp_path: Path) -> None:
    small = _book(tmp_path, {"Tout": [["Intitulé", "Taux"], ["A", 0.3], ["B", 0.5], ["C", None]]})
    assert [p.code for p in small.problems] == ["taux-trop-petits"]
    assert len(small.rows) == 3
    good = _book(tmp_path, {"Tout": [["Intitulé", "Taux"], ["A", 0.3], ["B", 30]]})
    assert not list(good.problems)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "fichier-non-reconnu"), (b"%PDF-1.7 \x00", "fichier-non-reconnu"),
     (b"PK\x03\x04 rien", "classeur-illisible"), (b"\xd0\xcf\x11\xe0 rien", "classeur-illisible"),
     (b"a;b\n1;2\n", "titres-absents"), (b"\x00\x01\x02binaire", "fichier-non-reconnu")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_one_problem(tmp_path: Path, data: bytes, code: str) -> None:
    file = tmp_path / "x.bin"
    file.write_bytes(data)
    reading = read_table(
        file, EVERYTHING, "tout", CATALOGUE, names_of(), name="Mon fichier.xlsx"
    )  # fmt: skip
    assert [(p.code, p.where.file) for p in reading.problems] == [(code, "Mon fichier.xlsx")]
    assert reading.rows == ()


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "-2", "@x", "'", "'a", "+", "a=1", "", "\t"])
def test_masking_is_undone(text: str) -> None:
    assert unmasked(masked(text)) == text
    assert not masked(text).startswith(("=", "+", "-", "@", "\t"))


# ------------------------------------------------------------------ OpenDocument

_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>"
)


def _ods(path: Path, table: str) -> Path:
    file = path / "t.ods"
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        tail = "</office:spreadsheet></office:body></office:document-content>"
        book.writestr(
            "content.xml", f"{_HEAD}<table:table table:name='F'>{table}</table:table>{tail}"
        )
    return file


def _cell(inside: str, kind: str = "string", more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {more}>{inside}</table:table-cell>'


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.ods"
    bomb = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{bomb}]><x>&a9;</x>'
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", body)
    with pytest.raises(OdsError, match="entités"):
        ods_sheets(file)


def test_every_kind_of_cell_of_opendocument_is_read(tmp_path: Path) -> None:
    cells = (
        _cell("<text:p>a<text:s text:c='2'/>b<text:tab/>c  d</text:p><text:p/><text:p><text:s/>e"
              "<text:line-break/><text:span>f</text:span></text:p>")
        + _cell("<office:annotation><text:p>note</text:p></office:annotation><text:p>x</text:p>")
        + _cell("<text:p>12,5</text:p>", "float", 'office:value="12.5"')
        + _cell("<text:p>30 %</text:p>", "percentage", 'office:value="0.3"')
        + _cell("", "boolean", 'office:boolean-value="true"')
        + _cell("", "string", 'office:string-value="seul"')
        + '<table:table-cell table:number-columns-repeated="2"/>'
        + _cell("<text:p>y</text:p>", "string", 'table:number-columns-repeated="2"')
        + '<table:table-cell table:number-columns-repeated="16000"/>'
    )  # fmt: skip
    rows = (
        "<table:table-row table:number-rows-repeated='2'><table:table-cell/></table:table-row>"
        f"<table:table-row>{cells}</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/>"
        "</table:table-row>"
    )
    ((name, lines),) = ods_sheets(_ods(tmp_path, rows))
    assert name == "F"
    assert lines[:2] == [[], []]
    assert lines[2:] == [
        ["a  b\tc  d\n\n e\nf", "x", 12.5, 0.3, True, "seul", None, None, "y", "y"]
    ]  # fmt: skip
    assert isinstance(lines[2][3], Percent)


def test_a_percentage_of_opendocument_is_known_as_such(tmp_path: Path) -> None:
    heads = _cell("<text:p>Intitulé</text:p>") + _cell("<text:p>Taux</text:p>")
    cells = _cell("<text:p>A</text:p>") + _cell("", "percentage", 'office:value="0.125"')
    rows = f"<table:table-row>{heads}</table:table-row><table:table-row>{cells}</table:table-row>"
    file = _ods(tmp_path, rows)
    reading = read_table(file, EVERYTHING, "tout", CATALOGUE, names_of())
    assert reading.rows[0].values["taux"] == Decimal("12.5")
    assert not list(reading.problems)


def test_a_small_file_that_unfolds_to_millions_of_cells_is_refused(tmp_path: Path) -> None:
    cell = _cell("<text:p>x</text:p>", "string", 'table:number-columns-repeated="16000"')
    row_ = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(OdsError):
        ods_sheets(_ods(tmp_path, row_))


def test_two_cells_at_the_corners_of_a_sheet_are_refused_before_being_unfolded(
    tmp_path: Path,
) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet().write_row(0, 0, ["Intitulé", "x"])
    book.close()
    file = tmp_path / "piege.xlsx"
    with zipfile.ZipFile(stream) as honest, zipfile.ZipFile(file, "w") as trap:
        for name in honest.namelist():
            data = honest.read(name).replace(b'r="B1"', b'r="XFD1048576"')
            trap.writestr(name, data)
    reading = read_table(file, EVERYTHING, "tout", CATALOGUE, names_of())
    assert [p.code for p in reading.problems] == ["classeur-trop-grand"]


def test_a_number_may_carry_the_unit_of_its_column(tmp_path: Path) -> None:
    reading = _csv(tmp_path, "Intitulé;Nombre de logements\nA;1 logement\nB;12 Logements\n")
    assert [r.values["nb"] for r in reading.rows] == [1, 12]
