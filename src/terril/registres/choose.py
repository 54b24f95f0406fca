"""Which rows of a register does this person want to see, and in which order?

A query is made of words, of filters on columns and of a sort; it is written in the address
of the page, so that links and spreadsheets keep it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column, ColumnKind, Register
from terril.registres.display import shown
from terril.registres.folding import collation, fold
from terril.registres.numbering import Names
from terril.registres.rows import Row
from terril.registres.wordings import wordings

#: names in addresses; no column is called so
WORDS: Final = "mots"
SORT: Final = "tri"
ARCHIVED: Final = "archives"
#: the value of a filter that asks for blank cells
BLANK: Final = "-"
NOT_FILLED: Final = "non renseigné"

_OWN_TEXT: Final = frozenset(
    [ColumnKind.TEXT, ColumnKind.LONG, ColumnKind.EMAIL, ColumnKind.PHONE, ColumnKind.WEB,
     ColumnKind.SIRET, ColumnKind.RNA]
)  # fmt: skip
_ORDERED: Final = frozenset([ColumnKind.CHOICE, ColumnKind.STATE])
_TEXTUAL: Final = frozenset([*_OWN_TEXT, ColumnKind.LINK, ColumnKind.LINKS,
                             ColumnKind.CHOICES, ColumnKind.INDICATORS])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """Words to find, filters (column → values, any of them), sort (« -date » the latest first).

    ``archived``: the archived rows instead of the others.
    """

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: tuple[str, ...] = ()
    archived: bool = False

    @property
    def empty(self) -> bool:
        """Does the query leave nothing out?"""
        return not (self.words or self.filters or self.archived)


def query_from(card: Register, params: Mapping[str, Sequence[str]]) -> Query:
    """Read a query in the parameters of an address; what the card does not know is left out."""
    filters: dict[str, tuple[str, ...]] = {}
    for name, column in card.columns.items():
        values = tuple(dict.fromkeys(v.strip() for v in params.get(name, ()) if v.strip()))
        if values and column.filter and name not in (WORDS, SORT, ARCHIVED):
            filters[name] = values
    sort = tuple(
        dict.fromkeys(
            part
            for text in params.get(SORT, ())
            for part in text.split(",")
            if part.removeprefix("-") in card.columns
        )
    )
    words = " ".join(" ".join(params.get(WORDS, ())).split())
    return Query(words, filters, sort, any(v.strip() for v in params.get(ARCHIVED, ())))


def params_of(query: Query) -> list[tuple[str, str]]:
    """The parameters that :func:`query_from` reads as this query."""
    pairs = [(WORDS, query.words)] if query.words else []
    pairs += [(name, value) for name, values in query.filters.items() for value in values]
    if query.sort:
        pairs.append((SORT, ",".join(query.sort)))
    return [*pairs, (ARCHIVED, "oui")] if query.archived else pairs


def choose(
    card: Register, rows: Iterable[Row], query: Query, catalogue: Catalogue, names: Names
) -> list[Row]:
    """The rows that satisfy the query, sorted; by default in the order of the card."""
    kept = [row for row in rows if row.archived == query.archived]
    for name, values in query.filters.items():
        if name in card.columns:
            kept = _filtered(name, card.columns[name], values, kept)
    if query.words:
        kept = _worded(card, query.words, kept, catalogue, names)
    return _sorted(card, kept, query.sort or card.sort, catalogue, names)


# ------------------------------------------------------------------ filters


def facets(column: Column, value: Any) -> tuple[str, ...]:
    """Under which values of its filter a cell is found: « oui », a code, a number, a year."""
    if value is None or value == ():
        return (BLANK,)
    if isinstance(value, bool):
        return ("oui" if value else "non",)
    if isinstance(value, dt.date):
        return (str(value.year),)
    if isinstance(value, tuple):
        return tuple(map(str, value))
    if isinstance(value, Decimal):
        return (f"{value.normalize():f}",)
    return (fold(value) if column.kind in _OWN_TEXT else str(value),)


def _filtered(name: str, column: Column, values: Sequence[str], rows: list[Row]) -> list[Row]:
    own = column.kind in _OWN_TEXT
    wanted = frozenset(fold(v) if own and v != BLANK else v for v in values)
    held = {row.values.get(name) for row in rows}
    fit = {value for value in held if not wanted.isdisjoint(facets(column, value))}
    return [row for row in rows if row.values.get(name) in fit]


def options(
    card: Register, column: str, rows: Iterable[Row], catalogue: Catalogue, names: Names
) -> list[tuple[str, str, int]]:
    """The values of a filter that rows have: (value, label, rows), in the order of the list.

    Rows of a link come in the order of their names, years from the latest, blank at the end.
    """
    declared = card.columns[column]
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    # rows are many, values are few: each is looked at once
    for value, held in Counter(row.values.get(column) for row in rows).items():
        found = dict.fromkeys(facets(declared, value))
        for facet in found:
            counts[facet] += held
        if declared.kind in _OWN_TEXT and value:
            labels.setdefault(next(iter(found)), value)
    blank = counts.pop(BLANK, 0)
    kind = declared.kind
    if kind in (ColumnKind.LINK, ColumnKind.LINKS):
        labels = {number: names.name(declared.target or "", int(number)) for number in counts}
    elif kind in _ORDERED or kind in (ColumnKind.CHOICES, ColumnKind.INDICATORS):
        known = wordings(declared, catalogue, names.indicators).labels
        labels = {code: label for code, label in known.items() if code in counts}
    made = [(value, labels.get(value, value), counts[value]) for value in (*labels, *counts)]
    made = list(dict.fromkeys(made))
    if kind in (ColumnKind.DATE, ColumnKind.YEAR):
        made.sort(key=lambda option: option[0], reverse=True)
    elif kind is ColumnKind.YES_NO:
        made.sort(key=lambda option: option[0] == "non")
    elif kind not in _ORDERED and kind is not ColumnKind.CHOICES:
        made.sort(key=lambda option: collation(option[1]))
    return [*made, (BLANK, NOT_FILLED, blank)] if blank else made


# ------------------------------------------------------------------ words


def _worded(
    card: Register, text: str, rows: list[Row], catalogue: Catalogue, names: Names
) -> list[Row]:
    """Rows where each word is found, in whichever column."""
    words = fold(text).split()
    columns = [
        (name, column, column.kind in _OWN_TEXT)
        for name, column in card.columns.items()
        if column.listed or column.kind in _OWN_TEXT or name in card.name
    ]
    kept: list[Row] = []
    for row in rows:
        awaited = words
        for name, column, own in columns:
            value = row.values.get(name)
            if value is None:
                continue
            cell = fold(value if own else shown(column, value, catalogue, names))
            awaited = [word for word in awaited if word not in cell]
            if not awaited:
                kept.append(row)
                break
        else:
            digits = text.removeprefix("n°").strip()
            if digits.isdecimal() and int(digits) == row.number:
                kept.append(row)
    return kept


# ------------------------------------------------------------------ sorts


def _sorted(
    card: Register, rows: list[Row], sort: Sequence[str], catalogue: Catalogue, names: Names
) -> list[Row]:
    ordered = sorted(rows, key=lambda row: row.number)
    for text in reversed(sort):
        name = text.removeprefix("-")
        if name not in card.columns:
            continue
        key = _rank(card.columns[name], catalogue, names)
        filled = [row for row in ordered if row.values.get(name) not in (None, "", ())]
        blank = [row for row in ordered if row.values.get(name) in (None, "", ())]
        ranks = {value: key(value) for value in {row.values[name] for row in filled}}
        filled.sort(key=lambda row: ranks[row.values[name]], reverse=text.startswith("-"))
        ordered = filled + blank
    return ordered


def _rank(column: Column, catalogue: Catalogue, names: Names) -> Callable[[Any], Any]:
    """What is compared when a column is sorted."""
    kind = column.kind
    if kind in _ORDERED:
        known = wordings(column, catalogue, names.indicators).labels
        places = {code: place for place, code in enumerate(known)}
        return lambda value: places.get(value, len(places))
    if kind in _TEXTUAL:
        if kind in _OWN_TEXT:
            return collation
        return lambda value: collation(shown(column, value, catalogue, names))
    if kind is ColumnKind.YES_NO:
        return lambda value: not value  # yes first
    return lambda value: value
