"""Which editions are there, in which state, and are they intact?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.problems import show
from terril.cli.screen import Screen
from terril.editions.inventory import Check, Inventory, Listed, State, inventory
from terril.lib.french import compte, nombre

DESCRIPTION: Final = """\
Liste les éditions d’un dossier : date, état (brouillon, publiée, retirée), nombre de
chiffres et de fiches, empreinte, et si chacune est encore telle qu’elle a été scellée. Le
registre, à côté des éditions, dit celles qui ont été scellées : une édition changée ou
disparue depuis se voit."""

EXAMPLES: Final = f"""\
exemples :
  terril editions                         celles du dossier courant
  terril editions demo --verifier         relit tous les fichiers et recalcule les empreintes
  terril editions demo/editions

Sans --verifier, seuls la présence et la taille des fichiers sont regardées.
Avec une édition altérée ou disparue, la commande finit avec le code 1.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "dossier",
        nargs="?",
        type=Path,
        default=Path("."),
        help="dossier des éditions, ou d’un projet (par défaut le dossier courant)",
    )
    parser.add_argument(
        "--verifier", action="store_true", help="recalcule les empreintes de tous les fichiers"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """List, and tell what is wrong."""
    found = inventory(arguments.dossier, hashes=arguments.verifier)
    screen.title(f"{_count(found)}\u00a0: {found.folder}")
    screen.table(
        ("date", "état", "scellée le", "chiffres", "fiches", "empreinte", "fichiers"),
        [_row(listed) for listed in found.editions],
    )
    for listed in found.editions:
        if listed.notice is not None:
            screen.line()
            screen.line(listed.notice.text)
    _notes(screen, found)
    problems = found.all_problems
    show(screen, problems)
    return PROBLEMS if problems else OK


def _count(found: Inventory) -> str:
    sealed = [listed for listed in found.editions if listed.state is not State.DRAFT]
    said = compte(len(sealed), "édition", "éditions")
    withdrawn = sum(listed.state is State.WITHDRAWN for listed in sealed)
    if withdrawn:
        said += f" dont {compte(withdrawn, 'retirée', 'retirées')}"
    drafts = len(found.editions) - len(sealed)
    return said + (f", {compte(drafts, 'brouillon', 'brouillons')}" if drafts else "")


def _row(listed: Listed) -> tuple[str, ...]:
    return (
        listed.date,
        str(listed.state),
        listed.sealed or "–",
        nombre(listed.figures) if listed.figures is not None else "–",
        nombre(listed.sheets) if listed.sheets is not None else "–",
        f"{listed.fingerprint[:16]}…" if listed.fingerprint else "–",
        str(listed.check),
    )


def _notes(screen: Screen, found: Inventory) -> None:
    if any(listed.check is Check.SIZES for listed in found.editions):
        screen.note("Les tailles seules sont regardées\u00a0: --verifier relit tous les fichiers.")
    if any(listed.state is State.UNREGISTERED for listed in found.editions):
        screen.note(
            "Hors registre\u00a0: scellée avant que le registre existe, ou copiée ici. Construite "
            "de nouveau à l’identique (terril construire), elle y est inscrite."
        )
    for listed in found.editions:
        if listed.extra:
            named = ", ".join(listed.extra[:5]) + ("…" if len(listed.extra) > 5 else "")
            screen.note(
                f"{listed.folder.name}\u00a0: fichiers étrangers à l’édition\u00a0: {named}"
            )
