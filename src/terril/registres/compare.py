"""What would this file change in the register?

Lines are matched by N°, else by key. A line that was exported before somebody else changed
the row conflicts only in the columns that both changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import SEVERAL, Column, ColumnKind, Register
from terril.lib.french import NBSP
from terril.lib.problems import Problem, ProblemList, Where
from terril.registres.accept import clean
from terril.registres.check import check_values, key_of
from terril.registres.faults import quoted
from terril.registres.incoming import Incoming, Reading, pendings
from terril.registres.names import Names
from terril.registres.rows import Row

_TEXTS = frozenset([ColumnKind.TEXT, ColumnKind.LONG])


@dataclass(frozen=True, slots=True)
class Change:
    """A row that the file changes: column → (before, after), ``None`` for blank.

    ``theirs``, in a conflict: column → what stands there now; ``before`` is then the value
    that the file was made from.
    """

    number: int
    line: int
    version: int
    fields: Mapping[str, tuple[Any, Any]]
    theirs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """Column → value after."""
        return {name: after for name, (_, after) in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. A row of ``conflicts`` may stand in ``changed`` too, for the rest.

    ``archived``: the rows to archive. ``missing``: lines whose row is not among the rows.
    ``numbers``: line → number of the rows that are there; completed with those of the added
    rows, it settles links between lines (``incoming.resolve``).
    """

    added: tuple[Incoming, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    archived: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    missing: tuple[Incoming, ...] = ()
    numbers: Mapping[int, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Does nothing change?"""
        return not (self.added or self.changed or self.archived or self.conflicts)


Former = Callable[[int, int], Mapping[str, Any] | None]


def plan(
    card: Register,
    incoming: Sequence[Incoming],
    rows: Sequence[Row],
    catalogue: Catalogue,
    names: Names,
    former: Former = lambda number, version: None,
) -> Plan:
    """Compare the lines of a file with the rows that are not archived.

    ``former``: (number, version) → the values of a row at an earlier version, ``None`` when
    it is unknown; then every difference is a conflict.
    """
    present = [row for row in rows if not row.archived]
    by_number = {row.number: row for row in present}
    cited = {one.number for one in incoming}
    by_key = {
        key: row
        for row in present
        if row.number not in cited and (key := key_of(card, row.values)) is not None
    }
    added: list[Incoming] = []
    changed: list[Change] = []
    archived: list[Change] = []
    conflicts: list[Change] = []
    missing: list[Incoming] = []
    numbers: dict[int, int] = {}
    unchanged = 0
    for one in incoming:
        if one.number is not None:
            row = by_number.get(one.number)
            if row is None:
                missing.append(one)
                continue
        else:
            key = key_of(card, one.values)
            row = by_key.get(key) if key is not None else None
            if row is None:
                added.append(one)
                continue
        numbers[one.line] = row.number
        change, conflict = _compared(card, one, row, former)
        if one.archive:
            archived.append(Change(row.number, one.line, row.version, {}))
        if change:
            changed.append(change)
        if conflict:
            conflicts.append(conflict)
        if not (change or conflict or one.archive):
            unchanged += 1
    return Plan(
        tuple(added), tuple(changed), unchanged, tuple(archived), tuple(conflicts),
        tuple(missing), numbers,
    )  # fmt: skip


def _compared(
    card: Register, one: Incoming, row: Row, former: Former
) -> tuple[Change | None, Change | None]:
    base: Mapping[str, Any] | None = row.values
    if one.version is not None and one.version != row.version:
        base = former(row.number, one.version)
    fields: dict[str, tuple[Any, Any]] = {}
    fought: dict[str, tuple[Any, Any]] = {}
    theirs: dict[str, Any] = {}
    for name, mine in one.values.items():
        column, now = card.columns[name], row.values.get(name)
        if same(column, mine, now):
            continue
        if base is None:
            fought[name], theirs[name] = (None, mine), now
        elif same(column, mine, base.get(name)):
            continue  # they changed it, this file did not
        elif same(column, now, base.get(name)):
            fields[name] = (now, mine)
        else:
            fought[name], theirs[name] = (base.get(name), mine), now
    change = Change(row.number, one.line, row.version, fields) if fields else None
    conflict = Change(row.number, one.line, row.version, fought, theirs) if fought else None
    return change, conflict


def same(column: Column, one: Any, other: Any) -> bool:
    """Are two values of a column the same to a reader?

    Line ends, spaces at the ends and the order of several choices do not matter.
    """
    if one in (None, "", ()) or other in (None, "", ()):
        return one in (None, "", ()) and other in (None, "", ())
    if column.kind in _TEXTS and isinstance(one, str) and isinstance(other, str):
        lines = column.kind is ColumnKind.LONG
        return clean(one, lines=lines) == clean(other, lines=lines)
    if column.kind in SEVERAL and isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) == set(other)
    return bool(one == other)


# ------------------------------------------------------------------ may it be applied?


def check_plan(
    card: Register, made: Plan, reading: Reading, rows: Sequence[Row], catalogue: Catalogue
) -> ProblemList:
    """What the card refuses in a plan: values, moves and keys, each with its line."""
    problems = ProblemList()
    present = {row.number: row for row in rows if not row.archived}
    for one in made.missing:
        problems.add(
            Problem(
                "ligne-archivee",
                Where(reading.file, reading.sheet, one.line, "N°"),
                f"La fiche n°{NBSP}{one.number} est archivée.",
                "une fiche du registre.",
                "Désarchivez-la d’abord, ou supprimez la ligne du fichier.",
            )
        )
    gone = {change.number for change in made.archived}
    keys = {
        key: f"la fiche n°{NBSP}{row.number}"
        for row in present.values()
        if row.number not in gone
        and row.number not in {change.number for change in made.changed}
        and (key := key_of(card, row.values)) is not None
    }
    for change in made.changed:
        before = present[change.number].values
        after = {**before, **change.values}
        _refused(problems, card, reading, change.line, after, before, catalogue)
        if change.number not in gone:
            _keyed(problems, card, reading, change.line, after, keys)
    for one in made.added:
        _refused(problems, card, reading, one.line, one.values, None, catalogue)
        _keyed(problems, card, reading, one.line, one.values, keys)
    return problems


def _refused(
    problems: ProblemList,
    card: Register,
    reading: Reading,
    line: int,
    values: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    catalogue: Catalogue,
) -> None:
    for name, fault in check_values(card, values, catalogue, before=before).items():
        where = Where(reading.file, reading.sheet, line, card.columns[name].label)
        problems.add(Problem("valeur-refusee", where, fault.what, fault.expected, fault.remedy))


def _keyed(
    problems: ProblemList,
    card: Register,
    reading: Reading,
    line: int,
    values: Mapping[str, Any],
    keys: dict[tuple[str, ...], str],
) -> None:
    if any(pendings(values.get(name)) for name in card.key):
        return
    key = key_of(card, values)
    if key is None:
        return
    if key in keys:
        label = card.columns[card.key[0]].label
        problems.add(
            Problem(
                "cle-prise",
                Where(reading.file, reading.sheet, line, label),
                f"La valeur de {quoted(label)} est déjà celle de {keys[key]}.",
                "une valeur qui n’est à aucune autre fiche.",
                "Changez cette valeur.",
            )
        )
    else:
        keys[key] = f"la ligne {line}"
