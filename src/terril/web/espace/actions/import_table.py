"""How does a workbook enter a register: read, compared, then written whole or not at all?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from terril.lib.problems import Problem, ProblemList, Where
from terril.registres.compare import Plan, check_plan, plan
from terril.registres.incoming import Reading, in_order, resolve
from terril.registres.read import read_table
from terril.registres.recognise import recognised
from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.actions.archive_row import archive_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.kept import hold
from terril.web.espace.perms import can_import
from terril.web.espace.space import Space
from terril.web.espace.writing import ConflictError, FaultsError, former_values
from terril.web.people.refusal import RefusedError

#: what the journal calls a row that came in a file
_VERB = "importé"


@dataclass(frozen=True)
class Seen:
    """What a file would change, and what is wrong in it."""

    reading: Reading
    plan: Plan
    problems: ProblemList


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import wrote."""

    added: int
    changed: int
    archived: int


def look_at(space: Space, register: str, path: Path, *, shown: str, again: bool = False) -> Seen:
    """Read a file and compare it with the register; write nothing. Raises ``RefusedError``.

    ``shown``: the name of the file in the messages. ``again``: the file may have been loaded
    before, lines that are already there are recognised though no N° nor whole key says so.
    """
    refusal = can_import(space, register)
    if refusal is not None:
        raise RefusedError(refusal)
    card = space.card(register)
    rows = space.kept(register).rows
    reading = read_table(path, card, register, space.catalogue, space.names, name=shown)
    found = plan(
        card,
        reading.rows,
        rows,
        space.catalogue,
        space.names,
        lambda number, version: former_values(space, register, number, version),
    )
    if again:
        found = recognised(card, found, rows)
    problems = ProblemList()
    problems.extend(reading.problems)
    problems.extend(check_plan(card, found, reading, rows, space.catalogue))
    return Seen(reading, found, problems)


def import_table(
    space: Space, register: str, path: Path, *, shown: str, again: bool = False
) -> Counts:
    """Write what a file changes in a register, all of it or nothing. ``again``: see ``look_at``.

    Raises ``RefusedError``; ``ProblemsError`` with the place of each row that cannot be written.
    Columns that somebody else changed since the file was exported keep what stands.
    """
    space.refresh()
    before, space.batch = space.batch, True
    try:
        with transaction.atomic():
            hold(space.contract, register)
            seen = look_at(space, register, path, shown=shown, again=again)
            seen.problems.raise_errors()
            counts = _Import(space, register, seen).write()
    finally:
        space.batch = before
        space.refresh()
    return counts


class _Import:
    """Writes a plan row by row; what is refused is gathered, then nothing of it stands."""

    def __init__(self, space: Space, register: str, seen: Seen) -> None:
        self.space = space
        self.register = register
        self.seen = seen
        self.problems = ProblemList()
        self.numbers: dict[int, int] = {}  # line of the file → number of the row that it added

    def write(self) -> Counts:
        """Write all; raises ``ProblemsError`` when a row cannot be written."""
        found = self.seen.plan
        added = sum(self._add(one.line, one.values) for one in in_order(found.added))
        changed = sum(
            self._change(one.line, one.number, one.values, one.version) for one in found.changed
        )
        archived = sum(self._archive(one.line, one.number) for one in found.archived)
        self.problems.raise_errors()
        return Counts(added, changed, archived)

    def _add(self, line: int, values: Mapping[str, Any]) -> bool:
        known = self._settled(line, values)
        if known is None:
            return False
        row = self._tried(line, lambda: add_row(self.space, self.register, known, verb=_VERB))
        if row is None:
            return False
        self.numbers[line] = row.number
        return True

    def _change(self, line: int, number: int, values: Mapping[str, Any], version: int) -> bool:
        known = self._settled(line, values)
        if known is None:
            return False
        done = self._tried(
            line,
            lambda: change_row(self.space, self.register, number, known, version, verb=_VERB),
        )
        return done is not None

    def _archive(self, line: int, number: int) -> bool:
        done = self._tried(line, lambda: archive_row(self.space, self.register, number))
        return done is not None

    def _settled(self, line: int, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the values with the links to rows of the same file in their place."""
        try:
            return resolve(values, self.numbers)
        except KeyError:
            self._say(
                line,
                "",
                "Cette ligne désigne une ligne du même fichier qui n’a pas pu être ajoutée.",
                "une ligne juste.",
                "Corrigez d’abord la ligne désignée.",
            )
            return None

    def _tried(self, line: int, write: Callable[[], Row]) -> Row | None:
        """Write one row; gather what is wrong instead of stopping."""
        columns = self.space.card(self.register).columns
        try:
            return write()
        except FaultsError as error:
            for name, fault in error.faults.items():
                label = columns[name].label if name in columns else ""
                self._say(line, label, fault.what, fault.expected, fault.remedy)
        except RefusedError as error:
            self._say(line, "", error.refusal.text, "", "")
        except ConflictError as error:
            labels = ", ".join(columns[name].label for name in error.conflict.columns)
            self._say(
                line,
                labels,
                "Quelqu’un vient de modifier les mêmes colonnes.",
                "une ligne que personne d’autre ne modifie.",
                "Envoyez de nouveau le classeur.",
            )
        return None

    def _say(self, line: int, column: str, what: str, expected: str, remedy: str) -> None:
        reading = self.seen.reading
        where = Where(reading.file, reading.sheet, line, column)
        self.problems.add(Problem("registre-ligne", where, what, expected, remedy))
