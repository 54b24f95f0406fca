"""How is a cube written as a table: CSV, XLSX, Parquet, and the description of their columns?

CSV: UTF-8 with a mark that spreadsheets want, ``;``, decimal comma: what a French spreadsheet
opens by itself. The description is a CSVW document (W3C, *Metadata Vocabulary for Tabular
Data*). A text that a spreadsheet would run as a formula is written behind an apostrophe.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any, Final

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]

from terril.reports.exports.cube import COLUMNS, Cube

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, *CSV Injection*)."""
    return "'" + text if text.startswith(_FORMULA) else text


def csv_text(cube: Cube) -> str:
    """Return the CSV, without its byte order mark: one row a cell, columns of ``COLUMNS``."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([name for name, *_ in COLUMNS])
    for row in cube.rows():
        writer.writerow([_cell(item) for item in row])
    return out.getvalue()


def csv_bytes(cube: Cube) -> bytes:
    """Return the CSV as a file."""
    return csv_text(cube).encode("utf-8-sig")


def _cell(item: Any) -> str:
    if item is None:
        return ""
    if isinstance(item, float | int):
        return str(item).replace(".", ",")
    return safe(str(item))


def frame(cube: Cube) -> pl.DataFrame:
    """Return the table as a frame, values as numbers."""
    kinds = {"string": pl.String, "number": pl.Float64}
    return pl.DataFrame(
        list(cube.rows()),
        schema={name: kinds[datatype] for name, _, _, datatype in COLUMNS},
        orient="row",
    )


def parquet_bytes(cube: Cube) -> bytes:
    """Return the table as Parquet."""
    out = io.BytesIO()
    frame(cube).write_parquet(out, compression="zstd")
    return out.getvalue()


def xlsx_bytes(cube: Cube) -> bytes:
    """Return a workbook: the figures, the meaning of the columns, the indicators."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False,
                                     "strings_to_urls": False})  # fmt: skip
    made = dt.datetime.fromisoformat(cube.edition)
    book.set_properties({"title": cube.title, "author": cube.publisher, "created": made})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Chiffres")
    sheet.write_row(0, 0, [title for _, title, _, _ in COLUMNS], bold)
    sheet.freeze_panes(1, 3)
    widths = [len(title) for _, title, _, _ in COLUMNS]
    count = 0
    for count, row in enumerate(cube.rows(), 1):
        for column, item in enumerate(row):
            if isinstance(item, float | int):
                sheet.write_number(count, column, item)
            elif item is not None:
                sheet.write_string(count, column, str(item))
            widths[column] = max(widths[column], min(len(str(item or "")), 42))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
    about = book.add_worksheet("Colonnes")
    about.write_row(0, 0, ["Colonne", "Sens"], bold)
    for line, (_, title, meaning, _) in enumerate(COLUMNS, 1):
        about.write_row(line, 0, [title, meaning], wrapped)
    about.set_column(0, 0, 26)
    about.set_column(1, 1, 70)
    cards = book.add_worksheet("Indicateurs")
    cards.write_row(0, 0, ["Code", "Libellé", "Question", "Unité", "Période", "Précaution"], bold)
    for line, (code, card) in enumerate(cube.indicators.items(), 1):
        texts = [code, card.label, card.question, card.unit, card.period, card.caution or ""]
        cards.write_row(line, 0, texts, wrapped)
    cards.set_column(0, 0, 36)
    cards.set_column(1, 5, 44)
    book.close()
    return out.getvalue()


def csvw(cube: Cube, url: str, licence: str) -> dict[str, Any]:
    """Return the CSVW description of the CSV that stands at ``url``."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "fr"}],
        "url": url,
        "dc:title": cube.title,
        "dc:publisher": cube.publisher,
        "dc:issued": cube.edition,
        **({"dc:license": {"@id": licence}} if licence else {}),
        "dialect": {"delimiter": ";", "encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": name,
                    "titles": name,
                    "dc:title": title,
                    "dc:description": meaning,
                    "datatype": (
                        {"base": "decimal", "format": {"decimalChar": ","}}
                        if datatype == "number"
                        else datatype
                    ),
                    "required": name not in ("valeur", "source"),
                }
                for name, title, meaning, datatype in COLUMNS
            ],
            "primaryKey": ["genre", "territoire", "indicateur", "periode", "ventilation"],
        },
    }
