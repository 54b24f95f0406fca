"""What a person sees when the file of a register is opened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import fromstring

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from register_world import EVERYTHING, LISTS, catalogue, names_of, row

from terril.catalogue.registers import ValueList
from terril.lib.problems import ProblemsError
from terril.registres.opendocument import ods_sheets
from terril.registres.rows import Line, Summary, Table
from terril.reports.registres.layout import Export, export_of, read_me
from terril.reports.registres.ods import ods_bytes
from terril.reports.registres.results import result
from terril.reports.registres.xlsx import xlsx_bytes

CATALOGUE = catalogue()
DAY = dt.date(2026, 11, 24)
ROWS = [
    row(1, nom="=1+1", cout=Decimal("1234.50"), jour=DAY, an=2026, taux=Decimal("12.5"),
        detail="un\ndeux\n" + "x" * 300, theme="sante", ville=2, vu=True),
    row(2, nom="0012", code="'a"),
]  # fmt: skip
TABLE = Table(
    "Crédits : [par] pilier", ("Pilier", "Actions", "Montant", "Part", "Logements", "Date"),
    (
        Line("Cohésion", (12, Decimal("1500.5"), Fraction(1, 3), 4, DAY)),
        Line("Ensemble", (12, None, 100, "s", None), total=True),
    ),
    units=("", "€", "%", "logements"),
    note="Source : actions.",
)  # fmt: skip


def _export(**more: object) -> Export:
    return export_of(
        EVERYTHING, "tout", ROWS, CATALOGUE, names_of(*ROWS), about="Export du contrat.", day=DAY,
        filters=["Thème\u00a0: Santé"], summaries=[Summary("Bilan", (TABLE,))],
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _opened(export: Export) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(export)))


def test_the_workbook_has_rows_then_read_me_then_results() -> None:
    book = _opened(_export())
    assert book.sheetnames == ["Tout", "Lisez-moi", "Crédits - -par- pilier"]
    assert book.active is not None and book.active.title == "Tout"
    sheet = book["Tout"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:Y3"
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["N°", "Version", *(c.label for c in EVERYTHING.columns.values())]


def test_cells_are_real_numbers_real_dates_and_texts_that_are_no_formulas() -> None:
    sheet = _opened(_export())["Tout"]
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["Coût"].value, cells["Coût"].number_format) == (1234.5, '#,##0.00 "€"')
    assert cells["Date"].value == dt.datetime(2026, 11, 24)
    assert cells["Date"].number_format == "dd/mm/yyyy"
    assert (cells["Taux"].value, cells["Taux"].number_format) == (12.5, 'General" %"')
    assert (cells["Intitulé"].value, cells["Intitulé"].data_type) == ("=1+1", "s")
    assert cells["Année"].number_format == "0"
    texts = {head.value: cell.value for head, cell in zip(sheet[1], sheet[3], strict=True)}
    assert (texts["Intitulé"], texts["Code"]) == ("0012", "'a")


def test_heads_explain_themselves_and_closed_columns_offer_their_list() -> None:
    sheet = _opened(_export())["Tout"]
    notes = {cell.value: cell.comment.text for cell in sheet[1] if cell.comment}
    assert notes["Intitulé"] == "Texte d’une ligne.\nÀ remplir."
    assert notes["Commune"].startswith("Nom d’une fiche, ou son numéro")
    lists = {
        next(iter(v.sqref.ranges)).min_col: v.formula1
        for v in sheet.data_validations.dataValidation
    }
    by_head = {sheet.cell(1, column).value: formula for column, formula in lists.items()}
    assert by_head["Validé"] == '"oui,non"'
    assert by_head["État"] == '"Prévu,En cours,Réalisé"'
    assert set(by_head) == {"Validé", "État", "Thème"}


def test_a_long_list_stands_on_a_hidden_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    items = {f"c{n}": f"Une valeur, la numéro {n}" for n in range(40)}
    monkeypatch.setitem(LISTS, "themes", ValueList(items=items))
    book = _opened(_export())
    assert book["Listes"].sheet_state == "hidden"
    formulas = [v.formula1 for v in book["Tout"].data_validations.dataValidation]
    assert "Listes!$A$1:$A$40" in formulas
    assert book["Listes"]["A40"].value == "Une valeur, la numéro 39"


def test_results_are_real_numbers() -> None:
    sheet = _opened(_export())["Crédits - -par- pilier"]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)]
    assert rows[0] == ["Pilier", "Actions", "Montant", "Part", "Logements (logements)", "Date"]
    assert rows[1] == ["Cohésion", 12, 1500.5, pytest.approx(1 / 3), 4, dt.datetime(2026, 11, 24)]
    assert rows[2] == ["Ensemble", 12, None, 1, "s", None]
    assert sheet["D5"].number_format == "0.0 %"
    assert sheet["A6"].font.bold


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [(Fraction(1, 4), "%", (0.25, "percent")), (25, "%", (0.25, "percent")),
     (Decimal("12.5"), "€", (12.5, "euros")), (3, "", (3.0, "count")),
     (Fraction(7, 2), "", (3.5, "decimals")), (None, "%", (None, "text")),
     ("s", "%", ("s", "text")), (DAY, "", (DAY, "date"))],
)  # fmt: skip
def test_a_result_is_shown_by_its_unit(cell: object, unit: str, expected: object) -> None:
    assert result(cell, unit) == expected  # type: ignore[arg-type]


def test_the_read_me_says_what_the_file_is_and_how_to_send_it_back() -> None:
    lines = list(read_me(_export()))
    terms = dict(lines)
    assert terms["Ce fichier"] == "Export du contrat."
    assert terms["Filtre"] == "Thème\u00a0: Santé"
    assert terms["Lignes"] == "2 lignes."
    assert "Prévu" in terms["État"]
    assert [head for head, text in lines if not text] == ["Modifier et renvoyer", "Colonnes"]


def test_both_workbooks_have_the_same_sheets_and_texts(tmp_path: Path) -> None:
    export = _export()
    path = tmp_path / "a.ods"
    path.write_bytes(ods_bytes(export))
    ods = dict(ods_sheets(path))
    book = _opened(export)
    assert list(ods) == book.sheetnames
    for name, lines in ods.items():
        for row_, (mine, theirs) in enumerate(
            zip(lines, book[name].iter_rows(values_only=True), strict=False), 1
        ):
            assert [_plain(c) for c in mine if c is not None] == [
                _plain(c) for c in theirs if c is not None
            ], (name, row_)


def _plain(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return round(cell, 9) if isinstance(cell, float) else cell


def test_the_opendocument_parts_are_well_formed_and_its_kind_comes_first() -> None:
    data = ods_bytes(_export())
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        parts = [name for name in book.namelist() if name.endswith(".xml")]
        assert len(parts) == 5
        for name in parts:
            assert len(fromstring(book.read(name)))
    assert data == ods_bytes(_export())


def test_a_text_longer_than_a_cell_is_a_problem_not_a_loss() -> None:
    rows = [row(7, nom="a", detail="x" * 32_768)]
    export = export_of(
        EVERYTHING, "tout", rows, CATALOGUE, names_of(*rows), about="", day=DAY
    )  # fmt: skip
    for make in (xlsx_bytes, ods_bytes):
        with pytest.raises(ProblemsError) as caught:
            make(export)
        (problem,) = caught.value.problems
        assert (problem.where.line, problem.where.column) == (2, "Détail")
        assert "n°\u00a07" in problem.what
