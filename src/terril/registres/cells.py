"""How does the value of a cell come in, stay, and go out?

In: :func:`read_text` (forms), :func:`read_cell` (spreadsheets). Kept as JSON: :func:`stored`,
:func:`held`. Out: :func:`shown` (screens), :func:`typed` (forms), :func:`exported`
(spreadsheets).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from terril.catalogue.registers import SEVERAL, Column, ColumnKind
from terril.registres.accept import clean, read_cell, read_text
from terril.registres.display import Exported, exported, link_text, shown, typed
from terril.registres.faults import Fault

__all__ = [
    "Exported", "Fault", "clean", "exported", "held", "link_text", "read_cell", "read_text",
    "shown", "stored", "typed",
]  # fmt: skip

_DECIMALS = frozenset([ColumnKind.NUMBER, ColumnKind.AMOUNT, ColumnKind.SHARE])


def stored(column: Column, value: Any) -> Any:
    """The value as JSON keeps it; ``held`` gives it back equal."""
    if value is None:
        return None
    if column.kind in _DECIMALS:
        return str(value)
    if column.kind is ColumnKind.DATE:
        return value.isoformat()
    if column.kind is ColumnKind.TIME:
        return f"{value:%H:%M}"
    return list(value) if column.kind in SEVERAL else value


def held(column: Column, json: Any) -> Any:
    """The value that ``stored`` wrote."""
    if json is None:
        return None
    if column.kind in _DECIMALS:
        return Decimal(json)
    if column.kind is ColumnKind.DATE:
        return dt.date.fromisoformat(json)
    if column.kind is ColumnKind.TIME:
        return dt.time.fromisoformat(json)
    return tuple(json) if column.kind in SEVERAL else json
