"""How do rows made from somebody else's file become files that the registers import?

Counts of allocations and open files of posts go through the same import as a workbook: seen,
checked, agreed to. A file is a CSV with the labels of the card, words and names in its cells.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column
from terril.contrat.schemes.allocation_lines import Counted
from terril.contrat.schemes.open_posts import OpenPosts


def import_file(register: str, rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> str:
    """Return a CSV (semicolon) that the import of a register reads.

    Links are names. Only the columns that a row fills are written; ``KeyError`` for a column
    that the card does not have.
    """
    held = list(rows)
    columns = catalogue.registers[register].columns
    for row in held:
        for name in row:
            columns[name]  # a column that the card does not have
    used = [name for name in columns if any(row.get(name) is not None for row in held)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([columns[name].label for name in used])
    for row in held:
        writer.writerow([_cell(columns[name], row.get(name), catalogue) for name in used])
    return out.getvalue()


def _cell(column: Column, value: Any, catalogue: Catalogue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, dt.date):
        return value.isoformat()
    if column.choices is not None:
        return catalogue.lists[column.choices].items[value]
    return str(value)


def posts_files(found: OpenPosts, catalogue: Catalogue) -> dict[str, str]:
    """Return the files to import, in their order: employers, posts, help by year.

    A year names its post by its key: the kind and the convention.
    """
    kinds = {post["convention"]: post["nature"] for post in found.posts}
    labels = catalogue.lists["natures_poste"].items
    years = [{**row, "poste": f"{labels[kinds[row['poste']]]} {row['poste']}"}
             for row in found.years]  # fmt: skip
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "organisations": found.organisations, "postes": found.posts, "postes_annees": years,
    }  # fmt: skip
    return {register: import_file(register, held, catalogue) for register, held in rows.items()}


def allocations_file(found: Counted, catalogue: Catalogue) -> str:
    """Return the file of counts to import in ``cia_attributions``."""
    return import_file("cia_attributions", found.rows, catalogue)
