"""How are the rows of a register given to a spreadsheet: XLSX, ODS, CSV?

Same columns in the three: N°, Version, then those of the card under their labels. A file that
nobody touched, read again by ``registres.read``, changes nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Register
from terril.registres.accept import decimal_of
from terril.registres.display import Exported, plain_number
from terril.registres.names import Names
from terril.registres.rows import Row, Summary
from terril.registres.sheets import masked
from terril.reports.csv_tables import BOM
from terril.reports.registres.layout import Field, export_of
from terril.reports.registres.ods import ods_bytes
from terril.reports.registres.xlsx import xlsx_bytes


def write_xlsx(
    card: Register,
    code: str,
    rows: Sequence[Row],
    catalogue: Catalogue,
    names: Names,
    *,
    about: str,
    day: dt.date,
    filters: Sequence[str] = (),
    summaries: Sequence[Summary] = (),
    columns: Sequence[str] | None = None,
) -> bytes:
    """The register as an XLSX workbook: its rows, « Lisez-moi », a sheet for each table.

    ``about``: where the file comes from, in a sentence. ``day``: that of the export, the only
    date in the file. ``filters``: what the rows were chosen by, in words
    (``registres.query_words``). ``columns``: those that may be given, all unless said. Raises
    ``ProblemsError`` when a text is longer than a cell keeps (32 767 characters).
    """
    return xlsx_bytes(
        export_of(
            card,
            code,
            rows,
            catalogue,
            names,
            about=about,
            day=day,
            filters=filters,
            summaries=summaries,
            columns=columns,
        )  # fmt: skip
    )


def write_ods(
    card: Register,
    code: str,
    rows: Sequence[Row],
    catalogue: Catalogue,
    names: Names,
    *,
    about: str,
    day: dt.date,
    filters: Sequence[str] = (),
    summaries: Sequence[Summary] = (),
    columns: Sequence[str] | None = None,
) -> bytes:
    """The same sheets as :func:`write_xlsx`, as an OpenDocument workbook."""
    return ods_bytes(
        export_of(
            card,
            code,
            rows,
            catalogue,
            names,
            about=about,
            day=day,
            filters=filters,
            summaries=summaries,
            columns=columns,
        )  # fmt: skip
    )


def write_csv(
    card: Register,
    code: str,
    rows: Sequence[Row],
    catalogue: Catalogue,
    names: Names,
    *,
    columns: Sequence[str] | None = None,
) -> bytes:
    """The rows as CSV for a French spreadsheet: UTF-8 with BOM, « ; », decimal comma.

    An apostrophe stands before texts that a spreadsheet would take for a formula; reading
    removes it.
    """
    export = export_of(
        card, code, rows, catalogue, names, about="", day=dt.date.min, columns=columns
    )
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([each.label for each in export.fields])
    for cells in export.lines:
        writer.writerow(
            [_cell(each, cell) for each, cell in zip(export.fields, cells, strict=True)]
        )
    return (BOM + stream.getvalue()).encode()


def _cell(each: Field, cell: Exported) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return masked(cell)
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    if each.style == "amount":
        return f"{cell:.2f}".replace(".", ",")
    return plain_number(decimal_of(cell))
