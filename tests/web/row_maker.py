"""A row of any register, made from its card: a value in each column that must have one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import office

from terril.catalogue.registers import Column, ColumnKind
from terril.registres.rows import Row
from terril.web.espace.cards import cards
from terril.web.espace.models import Contract

_VALUES: dict[ColumnKind, Any] = {
    ColumnKind.INTEGER: 3,
    ColumnKind.NUMBER: Decimal("0.5"),
    ColumnKind.AMOUNT: Decimal("1234.50"),
    ColumnKind.SHARE: Decimal("30"),
    ColumnKind.DATE: dt.date(2026, 11, 24),
    ColumnKind.TIME: dt.time(14, 30),
    ColumnKind.YEAR: 2026,
    ColumnKind.YES_NO: True,
    ColumnKind.EMAIL: "accueil@exemple.fr",
    ColumnKind.PHONE: "03 21 00 00 00",
    ColumnKind.WEB: "https://exemple.fr/",
    ColumnKind.SIRET: "73282932000074",
    ColumnKind.RNA: "W624000001",
}


def make(where: Contract, register: str, *, whole: bool = False, mark: str = "") -> Row:
    """Add a row to a register, and the rows that it must point at.

    ``whole``: in every column, not only those that must have a value. ``mark`` is put in texts.
    """
    values = {
        name: value
        for name, column in cards().registers[register].columns.items()
        if (whole or column.required)
        and (value := _value(where, register, name, column, mark)) is not None
    }
    return office.fill(where, register, values)[0]


def _value(where: Contract, register: str, name: str, column: Column, mark: str) -> Any:
    kind = column.kind
    if kind in (ColumnKind.TEXT, ColumnKind.LONG):
        text = f"{column.label} d’essai {mark}".strip()
        return "62000" if name == "code" and register == "communes" else text
    if kind is ColumnKind.CHOICE:
        return next(iter(cards().lists[str(column.choices)].items))
    if kind is ColumnKind.CHOICES:
        return (next(iter(cards().lists[str(column.choices)].items)),)
    if kind is ColumnKind.STATE:
        return None
    if kind is ColumnKind.INDICATORS:
        return (next(iter(cards().indicators)),)
    if kind in (ColumnKind.LINK, ColumnKind.LINKS):
        target = str(column.target)
        if target == register:
            return None
        rows = office.root(where).rows(target)
        number = rows[0].number if rows else make(where, target, mark=mark).number
        return (number,) if kind is ColumnKind.LINKS else number
    return _VALUES[kind]
