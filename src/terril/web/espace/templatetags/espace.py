"""Which pieces of the pages of the workspace are written once: menu, cells, runs of text?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from terril.lib.dates import date_longue
from terril.lib.french import nombre
from terril.registres.rows import Cell, Line, Table
from terril.web.espace.navigation import entries
from terril.web.espace.perms import can
from terril.web.espace.space import Space

register = template.Library()
#: lines of a list of alerts, of a table of results, that a page shows; the workbook has them all
MOST_LINES: Final = 200


@register.simple_tag
def menu_espace(space: Space, section: str) -> list[dict[str, Any]]:
    """Return the entries of the menu: label, address, whether one is there."""
    code = space.contract.code
    found: list[tuple[str, str, tuple[str, ...]]] = [("Bureau", "bureau", ("bureau",))]
    found += [(one.label, one.address, (one.address, *one.sections)) for one in entries()]
    found.append(("Registres", "registres", _REGISTERS))
    found.append(("Membres", "membres", ("membres", "membre")))
    if can(space, "lire_journal") is None:
        found.append(("Journal", "journal", ("journal",)))
    return [
        {"label": label, "address": reverse(address, args=[code]), "here": section in sections}
        for label, address, sections in found
    ]


_REGISTERS = (
    "registres", "registre", "fiche-registre", "ajouter", "modifier", "historique", "importer",
    "convertir", "import-lu", "resultats",
)  # fmt: skip


@register.simple_tag
def cellule(table: Table, line: Line, index: int) -> str:
    """Return a cell of a table of results as French text."""
    unit = table.units[index] if index < len(table.units) else ""
    return cell_text(line.cells[index], unit)


@register.filter
def cellules(line: Line, table: Table) -> list[tuple[str, bool]]:
    """Return the cells of a line as texts, and whether each is a number."""
    return [
        (
            cell_text(value, table.units[index] if index < len(table.units) else ""),
            not isinstance(value, str),
        )
        for index, value in enumerate(line.cells)
    ]


def cell_text(value: Cell, unit: str) -> str:
    """Write a cell: a share with one decimal, an amount with its cents when it has some."""
    if value is None:
        return "–"
    if isinstance(value, dt.date):
        return date_longue(value.isoformat())
    if isinstance(value, str):
        return value
    if unit == "%":
        share = value * 100 if isinstance(value, Fraction) else value
        return f"{nombre(float(share), 1)}\u202f%"
    if unit == "€":
        cents = 0 if Decimal(str(float(value))) == int(value) else 2
        return f"{nombre(float(value), cents)}\u00a0€"
    if isinstance(value, int):
        text = nombre(value)
    else:
        text = nombre(float(value), 0 if float(value).is_integer() else 1)
    return f"{text}\u00a0{unit}" if unit else text


@register.filter(name="debut")
def first_lines(lines: Sequence[Any], most: int = MOST_LINES) -> Sequence[Any]:
    """Return what a page shows of many lines."""
    return lines[:most]


@register.filter(name="reste")
def left_out(lines: Sequence[Any], most: int = MOST_LINES) -> int:
    """Return how many lines a page leaves out."""
    return max(0, len(lines) - most)


@register.filter
def ecarts(runs: Iterable[tuple[str, str]]) -> SafeString:
    """Show what was taken away and what was added, told by more than a colour."""
    kinds = {"-": "del", "+": "ins"}
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<{0}>{1}</{0}>", kinds[kind], text) if kind in kinds else text,)
            for kind, text in runs
        ),
    )


@register.simple_tag
def page_precise(chain: str, number: int) -> str:
    """Return the address of a page of a list, its filters kept."""
    return f"?{chain}&page={number}" if chain else f"?page={number}"
