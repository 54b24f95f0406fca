"""Do the cards of registers cite lists, workflows, roles and registers that exist?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from terril.catalogue.cards import Catalogue
from terril.catalogue.messages import listed
from terril.catalogue.registers import Register
from terril.lib.problems import Problem

if TYPE_CHECKING:
    from terril.catalogue.check import Places

#: list of the groups of the menu
GROUPS = "groupes"

Citation = tuple[tuple[str, str, tuple[str | int, ...]], str, str]


def register_citations(catalogue: Catalogue) -> Iterator[Citation]:
    """Yield each citation: its place, the kind cited, the code cited."""
    for code, role in catalogue.roles.items():
        for index, given in enumerate(role.invites):
            yield ("roles", code, ("invites", index)), "roles", given
    for code, right in catalogue.rights.items():
        for index, role_code in enumerate(right.roles):
            yield ("rights", code, ("roles", index)), "roles", role_code
    for code, workflow in catalogue.workflows.items():
        for index, move in enumerate(workflow.moves):
            for role_code in move.roles:
                yield ("workflows", code, ("moves", index)), "roles", role_code
    for code, register in catalogue.registers.items():
        for field, roles in (("read", register.read), ("write", register.write)):
            for index, role_code in enumerate(roles):
                yield ("registers", code, (field, index)), "roles", role_code
        for role_code in register.own:
            yield ("registers", code, ("own", role_code)), "roles", role_code
        for name, column in register.columns.items():
            at = ("registers", code, ("columns", name))
            if column.choices:
                yield at, "lists", column.choices
            if column.workflow:
                yield at, "workflows", column.workflow
            if column.target:
                yield at, "registers", column.target


def register_rules(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """Yield what is wrong in the registers, each with its line."""
    known = catalogue.lists[GROUPS].items if GROUPS in catalogue.lists else {}
    for code, register in catalogue.registers.items():
        if register.group not in known:
            yield Problem(
                "registre-groupe",
                places.where("registers", code, ("group",)),
                f"Le groupe « {register.group} » n’est pas dans la liste « {GROUPS} ».",
                f"{listed(known)}.",
                "corrigez le groupe, ou ajoutez-le à la liste.",
            )
        yield from _needs(catalogue, places, code, register)


def _needs(
    catalogue: Catalogue, places: Places, code: str, register: Register
) -> Iterator[Problem]:
    """A move needs columns that the register has."""
    name = register.state
    workflow = register.columns[name].workflow if name else None
    if workflow is None or workflow not in catalogue.workflows:
        return
    for move in catalogue.workflows[workflow].moves:
        for need in move.needs:
            if need not in register.columns:
                yield Problem(
                    "registre-etat",
                    places.where("registers", code, ("columns", str(name))),
                    f"Le passage à « {move.to} » demande la colonne « {need} », que le registre "
                    "n’a pas.",
                    "les colonnes que demande la suite d’états.",
                    "ajoutez la colonne, ou prenez une autre suite d’états.",
                )
