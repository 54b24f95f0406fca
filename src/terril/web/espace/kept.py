"""Which rows has a register now, and how is it read once and not at each page?

Each process keeps the rows that it read, with the stamp of the register at that time: a write
anywhere raises the stamp in its own transaction, so that what changed is read again. A row that
changes takes a higher version, and none is ever deleted: numbers and versions say which rows to
read. What is read within a transaction is not kept: it may be undone.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, QuerySet

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import SEVERAL, Column, ColumnKind, Register
from terril.registres.cells import held
from terril.registres.rows import Row
from terril.web.espace.models import Contract, Entry, Stamp

#: kinds whose value in JSON is not the one of Python
_OTHER_IN_JSON: Final = SEVERAL | {
    ColumnKind.NUMBER, ColumnKind.AMOUNT, ColumnKind.SHARE, ColumnKind.DATE, ColumnKind.TIME,
}  # fmt: skip
#: beyond so many changed rows, the register is read whole
_FEW: Final = 400
_FIELDS: Final = ("number", "version", "values", "archived", "author", "created", "changed")


class Kept:
    """The rows of a register, archived ones too, as they stood at a stamp.

    ``names``: the names of rows that were asked for, where they come from the row alone.
    """

    __slots__ = ("_live", "names", "numbers", "rows", "stamp")

    def __init__(
        self,
        stamp: int,
        rows: tuple[Row, ...],
        numbers: dict[int, Row],
        names: dict[int, str] | None = None,
    ) -> None:
        self.stamp = stamp
        self.rows = rows
        self.numbers = numbers
        self.names = {} if names is None else names
        self._live: tuple[Row, ...] | None = None

    @property
    def live(self) -> tuple[Row, ...]:
        """The rows that are not archived."""
        if self._live is None:
            self._live = tuple(row for row in self.rows if not row.archived)
        return self._live

    def learnt(self, row: Row) -> Kept:
        """Return these rows with one that was just written."""
        numbers = {**self.numbers, row.number: row}
        if self.rows and row.number > self.rows[-1].number:
            rows = (*self.rows, row)
        else:
            rows = tuple(numbers[number] for number in sorted(numbers))
        return Kept(self.stamp, rows, numbers)


_KEPT: OrderedDict[tuple[int, str], Kept] = OrderedDict()
_LOCK = Lock()


def stamps(contract: Contract) -> dict[str, int]:
    """Return the stamp of each register of a contract that was ever written to."""
    return dict(Stamp.objects.filter(contract=contract).values_list("register", "count"))


def hold(contract: Contract, register: str) -> None:
    """Let nobody else write to a register before the end of the transaction.

    Two people who add a row at once would both take the same number, or the same key.
    """
    mine = Stamp.objects.select_for_update().filter(contract=contract, register=register)
    if mine.first() is None:
        Stamp.objects.get_or_create(contract=contract, register=register)
        mine.get()


def touch(contract: Contract, register: str) -> None:
    """Raise the stamp of a register, within the transaction that writes to it."""
    raised = Stamp.objects.filter(contract=contract, register=register).update(count=F("count") + 1)
    if not raised:
        Stamp.objects.create(contract=contract, register=register, count=1)


def at_hand(contract: Contract, register: str, stamp: int) -> Kept | None:
    """Return the rows of a register at this stamp when no reading is needed."""
    if not stamp:
        return Kept(0, (), {})
    with _LOCK:
        found = _KEPT.get((contract.pk, register))
        if found is None or found.stamp != stamp:
            return None
        _KEPT.move_to_end((contract.pk, register))
        return found


def rows_of(contract: Contract, register: str, stamp: int, catalogue: Catalogue) -> Kept:
    """Return the rows of a register at this stamp, from memory when they are those."""
    card = catalogue.registers[register]
    found = at_hand(contract, register, stamp)
    if found is not None:
        return found
    place = (contract.pk, register)
    former = _KEPT.get(place)
    entries = Entry.objects.filter(contract=contract, register=register).order_by("number")
    kept = _read_again(entries, card, stamp, former) if former is not None else None
    if kept is None:
        rows = tuple(_read(entries, card))
        kept = Kept(stamp, rows, {row.number: row for row in rows})
    if connection.in_atomic_block or not settings.ROWS_KEPT:
        return kept
    with _LOCK:
        _KEPT[place] = kept
        _KEPT.move_to_end(place)
        total = sum(len(one.rows) for one in _KEPT.values())
        while total > settings.ROWS_KEPT and len(_KEPT) > 1:
            _, gone = _KEPT.popitem(last=False)
            total -= len(gone.rows)
    return kept


def count_rows(contract: Contract, registers: Collection[str]) -> dict[str, int]:
    """Return how many rows that are not archived registers have, counted in the base."""
    entries = Entry.objects.filter(contract=contract, register__in=registers, archived=False)
    counted = entries.order_by().values_list("register").annotate(rows=Count("pk"))
    return {**dict.fromkeys(registers, 0), **dict(counted)}


def _read_again(entries: QuerySet[Entry], card: Register, stamp: int, former: Kept) -> Kept | None:
    """Return the rows at this stamp, reading those alone that changed; ``None`` when many did."""
    versions = dict(entries.values_list("number", "version"))
    known = former.numbers
    changed = [
        number
        for number, version in versions.items()
        if (row := known.get(number)) is None or row.version != version
    ]
    if len(changed) > _FEW:
        return None
    fresh = {row.number: row for row in _read(entries.filter(number__in=changed), card)}
    numbers = {number: fresh.get(number) or known[number] for number in versions}
    names = {number: name for number, name in former.names.copy().items() if number not in fresh}
    return Kept(stamp, tuple(numbers.values()), numbers, names)


def _read(entries: QuerySet[Entry], card: Register) -> Iterable[Row]:
    readers = _readers(card)
    for number, version, values, archived, author, created, changed in entries.values_list(
        *_FIELDS
    ).iterator(2000):
        yield Row(number, version, _held(values, readers), archived, author, created, changed)


Readers = Mapping[str, Callable[[Any], Any] | None]


def _readers(card: Register) -> Readers:
    """How the value of each column is read; ``None``: as it is."""

    def reader(column: Column) -> Callable[[Any], Any] | None:
        if column.kind is ColumnKind.DATE:
            return dt.date.fromisoformat
        return partial(held, column) if column.kind in _OTHER_IN_JSON else None

    return {name: reader(column) for name, column in card.columns.items()}


def _held(values: Mapping[str, Any], readers: Readers) -> dict[str, Any]:
    """The values of Python, in the order of the card; what the card no longer has is left out."""
    found = {}
    for name, reader in readers.items():
        value = values.get(name)
        if value is not None:
            found[name] = value if reader is None else reader(value)
    return found


def row_of(entry: Entry, card: Register) -> Row:
    """Return the row of an entry; a column that the card no longer has is left out."""
    return Row(
        entry.number,
        entry.version,
        _held(entry.values, _readers(card)),
        archived=entry.archived,
        author=entry.author,
        created=entry.created,
        changed=entry.changed,
    )


def forget() -> None:
    """Forget all rows kept in memory."""
    with _LOCK:
        _KEPT.clear()
