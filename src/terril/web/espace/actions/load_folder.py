"""How does a folder of tables become a contract with its registers, whole or not at all?

The folder holds ``contrat.yaml`` and a table a register, named after its code
(``organisations.csv``, ``quartiers.xlsx``…). Tables enter in the order of their links, by the
same path as a workbook sent to the site; a second time, nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import transaction

from terril.catalogue.messages import nearest
from terril.catalogue.registers import Register
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.web.espace.actions.import_table import Counts, import_table
from terril.web.espace.cards import cards
from terril.web.espace.contract_file import FILE_NAME, read_contract
from terril.web.espace.models import Contract
from terril.web.espace.space import Space
from terril.web.people.journal import note
from terril.web.received import ENDINGS


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done: to the contract (« créé », « modifié », « inchangé »), to each register."""

    contract: Contract
    done: str
    registers: tuple[tuple[str, str, Counts], ...]  # code, title, counts


#: endings of the files that are taken for tables; a text may be a note to the reader
TABLES: Final = frozenset(ENDINGS) - {".txt"}


def load_folder(folder: Path) -> Loaded:
    """Create or update a contract from a folder.

    Raises ``ProblemsError`` with all that is wrong, by file and line; nothing is written then. A
    register whose table links to one that could not be read is left aside: what is wrong in it
    would only repeat the same.
    """
    problems = ProblemList()
    fields = read_contract(folder / FILE_NAME, problems)
    tables = _tables(folder, problems)
    problems.raise_errors()
    with transaction.atomic():
        contract, done = _contract(fields)
        space = Space(contract, everything=True)
        found: list[tuple[str, str, Counts]] = []
        failed: set[str] = set()
        registers = cards().registers
        for code in load_order(registers):
            if code not in tables:
                continue
            if failed & _reached(registers, code):
                failed.add(code)
                continue
            path = tables[code]
            try:
                with transaction.atomic():
                    counts = import_table(space, code, path, shown=path.name, again=True)
            except ProblemsError as error:
                problems.extend(error.problems)
                failed.add(code)
            else:
                found.append((code, registers[code].title, counts))
        if failed:
            raise ProblemsError(problems)
    return Loaded(contract, done, tuple(found))


def load_order(registers: Mapping[str, Register]) -> tuple[str, ...]:
    """Return the registers so that each comes after those that it links to, as far as may be.

    Registers that link to each other in a circle come in the order of their cards.
    """
    waiting = list(registers)
    ordered: list[str] = []
    while waiting:
        ready = [c for c in waiting if not (links_of(registers[c]) - {c}) & set(waiting)]
        taken = ready or waiting[:1]
        ordered += taken
        waiting = [code for code in waiting if code not in taken]
    return tuple(ordered)


def links_of(card: Register) -> set[str]:
    """Return the registers that a register links to."""
    return {column.target for column in card.columns.values() if column.target}


def _reached(registers: Mapping[str, Register], code: str) -> set[str]:
    """The registers that one links to, and those that these link to."""
    found: set[str] = set()
    ahead = [code]
    while ahead:
        for target in links_of(registers[ahead.pop()]) - found - {code}:
            found.add(target)
            ahead.append(target)
    return found


def _tables(folder: Path, problems: ProblemList) -> dict[str, Path]:
    """Return register → its file; a table that is of no register is a problem."""
    found: dict[str, Path] = {}
    known = cards().registers
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        code = path.stem.lower()
        if not path.is_file() or path.suffix.lower() not in TABLES or path.name.startswith("."):
            continue
        if code not in known:
            near = nearest(code, known)
            problems.add(
                Problem(
                    "registre-inconnu",
                    Where(path.name),
                    f"Aucun registre ne s’appelle «\u00a0{path.stem}\u00a0».",
                    "un fichier qui porte le code d’un registre.",
                    f"Renommez-le\u00a0: {near}."
                    if near
                    else "Renommez-le\u202f; «\u00a0terril espace modele\u00a0» écrit un classeur "
                    "vide pour chaque registre.",
                )
            )
        elif code in found:
            problems.add(
                Problem(
                    "registre-double",
                    Where(path.name),
                    f"Le registre «\u00a0{code}\u00a0» a déjà le fichier {found[code].name}.",
                    "un seul fichier par registre.",
                    "Gardez l’un des deux.",
                )
            )
        else:
            found[code] = path
    return found


def _contract(fields: Mapping[str, object]) -> tuple[Contract, str]:
    """Create the contract, or bring it up to date; say which."""
    contract = Contract.objects.filter(code=fields["code"]).first()
    if contract is None:
        contract = Contract.objects.create(**fields)
        note(None, "contrat créé", contract.name, contract=contract.code)
        return contract, "créé"
    changed = [name for name, value in fields.items() if getattr(contract, name) != value]
    if not changed:
        return contract, "inchangé"
    before = {name: getattr(contract, name) for name in changed}
    for name in changed:
        setattr(contract, name, fields[name])
    contract.save(update_fields=changed)
    said = {name: [str(before[name] or ""), str(fields[name] or "")] for name in changed}
    note(None, "contrat modifié", contract.name, contract=contract.code, champs=said)
    return contract, "modifié"
