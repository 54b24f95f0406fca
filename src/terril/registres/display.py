"""How is a value written on a screen, in the input of a form, in a cell of a spreadsheet?

``shown`` is for reading. ``typed`` and ``exported`` are read again by ``read_text`` and
``read_cell`` without loss.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final, cast

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column, ColumnKind
from terril.lib.dates import date_longue
from terril.lib.french import FINE, NBSP, nombre
from terril.registres.numbering import Names, name_and_number, number_in, numbered
from terril.registres.wordings import BETWEEN, wordings

#: digits that a number of a spreadsheet holds exactly
_EXACT: Final = 15
_NUMERIC: Final = frozenset(
    [ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.AMOUNT, ColumnKind.SHARE]
)
_CODED: Final = frozenset([ColumnKind.CHOICE, ColumnKind.STATE])
#: longest name that a link is exported by
_LONGEST_NAME: Final = 200


def shown(column: Column, value: Any, catalogue: Catalogue, names: Names) -> str:
    """The value as a screen shows it: « 1 234,50 € », « 24 novembre 2026 »; "" when blank."""
    if value is None:
        return ""
    kind = column.kind
    if kind in _NUMERIC:
        return _number(column, value)
    if kind is ColumnKind.DATE:
        return date_longue(value.isoformat())
    if kind is ColumnKind.TIME:
        minutes = f"{NBSP}{value.minute:02d}" if value.minute else ""
        return f"{value.hour}{NBSP}h{minutes}"
    if kind is ColumnKind.YES_NO:
        return "oui" if value else "non"
    if kind is ColumnKind.LINK:
        return names.name(column.target or "", value)
    if kind is ColumnKind.LINKS:
        return ", ".join(names.name(column.target or "", number) for number in value)
    if kind in (ColumnKind.CHOICES, ColumnKind.INDICATORS):
        labels = wordings(column, catalogue, names.indicators).labels
        return ", ".join(labels.get(code, code) for code in value)
    if kind in _CODED:
        return wordings(column, catalogue, names.indicators).labels.get(value, value)
    if kind is ColumnKind.SIRET and len(value) == 14:
        return NBSP.join((value[:3], value[3:6], value[6:9], value[9:]))
    return str(value)


def _number(column: Column, value: Decimal | int) -> str:
    decimals = 2 if column.kind is ColumnKind.AMOUNT else decimals_of(Decimal(value))
    text = nombre(cast(float, value), decimals)
    if column.kind is ColumnKind.AMOUNT:
        return f"{text}{FINE}€"
    if column.kind is ColumnKind.SHARE:
        return f"{text}{FINE}%"
    return f"{text}{NBSP}{column.unit}" if column.unit else text


def decimals_of(value: Decimal) -> int:
    """How many decimals a number has, without zeros at its end."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain_number(value: Decimal | int) -> str:
    """The digits with a comma and no space: « 1234,50 »."""
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


def typed(column: Column, value: Any, catalogue: Catalogue, names: Names) -> str:
    """What the input of a form holds: ISO date, « 14:30 », « 1234,50 », codes, numbers of rows.

    Several values stand on a line each.
    """
    if value is None:
        return ""
    kind = column.kind
    if kind in _NUMERIC:
        return plain_number(value)
    if kind is ColumnKind.DATE:
        return str(value.isoformat())
    if kind is ColumnKind.TIME:
        return f"{value:%H:%M}"
    if kind is ColumnKind.YES_NO:
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return "\n".join(str(item) for item in value)
    return str(value)


Exported = str | float | int | dt.date | bool | None


def exported(column: Column, value: Any, catalogue: Catalogue, names: Names) -> Exported:
    """What a cell of a spreadsheet holds: real numbers and dates, labels, names of rows.

    A number of more digits than a spreadsheet keeps is a text. A row whose name is not its
    own alone is « Name (n° 12) ».
    """
    if value is None:
        return None
    kind = column.kind
    if kind in _NUMERIC:
        digits = len(Decimal(value).normalize().as_tuple().digits)
        if digits > _EXACT:
            return plain_number(value)
        return value if isinstance(value, int) else float(value)
    if kind is ColumnKind.DATE:
        return cast(dt.date, value)
    if kind is ColumnKind.YEAR:
        return int(value)
    if kind is ColumnKind.LINK:
        return link_text(column.target or "", value, names)
    if kind is ColumnKind.LINKS:
        return "; ".join(link_text(column.target or "", number, names) for number in value)
    if kind in (ColumnKind.CHOICES, ColumnKind.INDICATORS):
        words = wordings(column, catalogue, names.indicators)
        return "; ".join(words.written(code, alone=False) for code in value)
    if kind in _CODED:
        return wordings(column, catalogue, names.indicators).written(value)
    # tabs are lost by some spreadsheets, together with the space that they stand for
    return typed(column, value, catalogue, names).replace("\t", " ")


def link_text(register: str, number: int, names: Names) -> str:
    """The name of a row when it is read again as this row, else « Name (n° 12) » or « n° 12 »."""
    name = names.name(register, number)
    kept = " ".join(name.split())
    if (
        not kept
        or kept != name
        or len(kept) > _LONGEST_NAME
        or any(mark in kept for mark in BETWEEN)
        or number_in(kept) is not None
        or name_and_number(kept) is not None
    ):
        return numbered(number)
    if names.find(register, kept) == (number,):
        return kept
    return f"{kept} ({numbered(number)})"
