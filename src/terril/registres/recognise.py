"""Which lines of a file are rows that are there already, when no N° and no whole key says so?

A folder of tables is loaded again and again while it is prepared. A line whose key has a blank
part is the row of the same key, blank part included; a line of a register without a key is the
row that says the same in all the columns of the file. Only what one row alone matches is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from terril.catalogue.registers import SEVERAL, Column, ColumnKind, Register
from terril.registres.accept import clean
from terril.registres.compare import Change, Plan, same
from terril.registres.incoming import Incoming, pendings
from terril.registres.rows import Row

_BLANK = (None, "", ())


def recognised(card: Register, made: Plan, rows: Sequence[Row]) -> Plan:
    """Return a plan where the lines that are already there are no longer added.

    ``made``: from ``compare.plan``; ``rows``: those that it was made with. A row is taken once.
    """
    names = card.key or tuple(dict.fromkeys(name for one in made.added for name in one.values))
    taken = {change.number for change in (*made.changed, *made.archived, *made.conflicts)}
    free: dict[Hashable, list[Row]] = defaultdict(list)
    for row in reversed(rows):
        if not row.archived and row.number not in taken:
            free[_mark(card, names, row.values)].append(row)
    added: list[Incoming] = []
    changed: list[Change] = []
    unchanged = made.unchanged
    for one in made.added:
        known = _taken(card, names, one, free)
        if known is None:
            added.append(one)
            continue
        fields = {
            name: (known.get(name), value)
            for name, value in one.values.items()
            if not same(card.columns[name], value, known.get(name))
        }
        if fields:
            changed.append(Change(known.number, one.line, known.version, fields))
        else:
            unchanged += 1
    return replace(made, added=tuple(added), changed=(*made.changed, *changed), unchanged=unchanged)


def _taken(
    card: Register, names: Sequence[str], one: Incoming, free: dict[Hashable, list[Row]]
) -> Row | None:
    """Take the row that a line is, if there is one."""
    if any(pendings(one.values.get(name)) for name in names):
        return None  # it waits for a row of the file, so it is new too
    if all(one.values.get(name) in _BLANK for name in names):
        return None
    found = free.get(_mark(card, names, one.values), [])
    if not found or (card.key and len(found) > 1):
        return None
    return found.pop()


def _mark(card: Register, names: Sequence[str], values: Mapping[str, Any]) -> Hashable:
    """What is compared: two values are ``same`` when their marks are equal."""
    return tuple(_plain(card.columns[name], values.get(name)) for name in names)


def _plain(column: Column, value: Any) -> Hashable:
    if value in _BLANK:
        return None
    if isinstance(value, str) and column.kind in (ColumnKind.TEXT, ColumnKind.LONG):
        return clean(value, lines=column.kind is ColumnKind.LONG)
    if column.kind in SEVERAL:
        return frozenset(value)
    held: Hashable = value
    return held
