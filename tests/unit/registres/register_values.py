"""Any value of a column, for tests of what must hold whatever people write."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from register_world import EVERYTHING, INDICATORS, LISTS, WORKFLOWS

from terril.catalogue.registers import Column, ColumnKind
from terril.registres.cells import clean
from terril.registres.check import forbidden
from terril.registres.written import FIRST_DAY, LAST_DAY

NASTY = (
    "=1+1", "'=1+1", "'", "''x", "-3", "+33", "@SOMME(A1)", "007", "1e5", "TRUE", "vrai", "oui",
    "24/11/2026", "_x0041_", "_x000D_", "a;b", 'dit "non"', "<b>&amp;", "n° 12", "#REF!", "{=1}",
    "a\u00a0b", "l’été à l'Œuvre", "12 %", "\ufeffx", "a\u2028b", "😀", "http://x.fr", "N/A", "-",
)  # fmt: skip
LINES = ("a\nb", "a\n\n  b", "- un\n- deux", "  retrait\tgardé", "a\n=b", "x" * 20_000)


def texts(*, lines: bool) -> st.SearchStrategy[str]:
    signs = st.characters(exclude_categories=("Cs", "Cc")).filter(lambda c: not forbidden(c))
    if lines:
        signs = signs | st.sampled_from("\n\t")
    free = st.text(signs, min_size=1, max_size=60)
    known = st.sampled_from((*NASTY, *LINES) if lines else NASTY)
    return (known | free).map(lambda text: clean(text, lines=lines)).filter(bool)


def _decimals(places: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10**places).map(lambda n: Decimal(n).scaleb(-places))


def _several(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(items, min_size=1, max_size=3, unique=True).map(tuple)


def _minutes(count: int) -> dt.time:
    return dt.time(count // 60, count % 60)


ADDRESSES = ("a@exemple.fr", "prénom.nom@mairie.exemple.fr".replace("é", "e"), "x+y@a-b.org")
PHONES = ("03 21 00 00 00", "+32 2 123 45 67", "115", "3117")
SITES = ("https://exemple.fr", "http://a-b.exemple.org/x?y=1&z=é#t", "https://exemple.fr:8080/;a")
SIRETS = ("73282932000074", "35600000049837", "00000000000000")


def values(column: Column) -> st.SearchStrategy[Any]:
    kind = column.kind
    strategies: dict[ColumnKind, st.SearchStrategy[Any]] = {
        ColumnKind.TEXT: texts(lines=False),
        ColumnKind.LONG: texts(lines=True),
        ColumnKind.INTEGER: st.integers(0, 10**15 - 1),
        ColumnKind.NUMBER: _decimals(2, 10**6) | _decimals(12, 10**12).map(lambda d: -d),
        ColumnKind.AMOUNT: _decimals(2, 10**9),
        ColumnKind.SHARE: _decimals(3, 100),
        ColumnKind.DATE: st.dates(FIRST_DAY, LAST_DAY),
        ColumnKind.TIME: st.integers(0, 24 * 60 - 1).map(_minutes),
        ColumnKind.YEAR: st.integers(1900, 2100),
        ColumnKind.YES_NO: st.booleans(),
        ColumnKind.CHOICE: st.sampled_from(list(LISTS["themes"].items)),
        ColumnKind.CHOICES: _several(st.sampled_from(list(LISTS["themes"].items))),
        ColumnKind.STATE: st.sampled_from(list(WORKFLOWS["suivi"].states)),
        ColumnKind.LINK: st.integers(1, 7 if column.target == "villes" else 3),
        ColumnKind.LINKS: _several(st.integers(1, 7)),
        ColumnKind.INDICATORS: _several(st.sampled_from(list(INDICATORS))),
        ColumnKind.EMAIL: st.sampled_from(ADDRESSES),
        ColumnKind.PHONE: st.sampled_from(PHONES),
        ColumnKind.WEB: st.sampled_from(SITES),
        ColumnKind.SIRET: st.sampled_from(SIRETS),
        ColumnKind.RNA: st.sampled_from(("W123456789", "W9R1000001")),
    }
    return strategies[kind]


def rows_of_values() -> st.SearchStrategy[dict[str, Any]]:
    """The values of a row: the name is filled, the others may be blank."""
    columns = dict(EVERYTHING.columns)
    return st.fixed_dictionaries(
        {"nom": values(columns.pop("nom"))},
        optional={name: values(column) for name, column in columns.items()},
    )
