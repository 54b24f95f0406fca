"""Does a project still give an edition, to the byte?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.screen import Screen
from terril.cli.tracer import project_of
from terril.editions.open import open_edition
from terril.editions.rebuild import Rebuilt, TableGap, rebuild
from terril.lib.dates import date_longue
from terril.lib.french import compte, liste
from terril.lib.problems import Problem, ProblemsError, Where

DESCRIPTION: Final = """\
Refait une édition depuis les fichiers du projet et la compare à celle qui est scellée,
fichier par fichier. Vérifie d’abord que les fichiers lus, les cartes du projet et ses
correspondances ont encore l’empreinte que le manifeste de l’édition en garde. L’édition
refaite n’est pas gardée : rien n’est écrit."""

EXAMPLES: Final = f"""\
exemples :
  terril reconstruire demo/editions/2020-07-01 --projet demo
  terril reconstruire demo                                     sa dernière édition

La commande finit avec le code 0 si tous les fichiers sont les mêmes à l’octet près, 1 sinon.

{EXIT_CODES}"""

#: tables as people name them
_TABLES: Final = {
    "observations": "chiffres",
    "statements": "ce que disent les documents",
    "blanked": "secrets",
    "blocked": "changements bloqués",
    "changes": "changements",
    "reach": "portée de la règle de taille",
    "groups": "moyennes des quartiers",
    "positions": "rangs",
    "gaps": "écarts",
    "signals": "pictogrammes",
    "offers": "offre locale",
    "families": "familles d’équipements",
    "equipment": "équipements",
    "contradictions": "contradictions",
    "findings": "constats",
    "problems": "problèmes de lecture",
    "inputs": "fichiers lus",
    "territories": "territoires",
    "sentences": "phrases",
    "fiches": "fiches",
    "themes": "textes des thèmes",
    "cards": "cartes du catalogue",
}
_PARTS: Final = {
    "info": "nom du projet ou du contrat",
    "inputs": "fichiers lus",
    "parameters": "paramètres de la méthode",
    "rows": "nombre de lignes des tables",
    "format": "format de l’édition",
}
_MOST: Final = 8


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "edition", type=Path, help="dossier d’une édition, ou d’un projet (sa dernière édition)"
    )
    parser.add_argument(
        "--projet",
        type=Path,
        metavar="DOSSIER",
        help="dossier du projet (trouvé seul s’il est proche de l’édition)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Build again, compare, tell."""
    edition = open_edition(arguments.edition)
    project = arguments.projet or project_of(arguments.edition, edition.path)
    if project is None:
        raise ProblemsError([_no_project(edition.path)])
    if edition.notice is not None:
        screen.note(edition.notice.text, "bold")
    with screen.progress() as progress:
        found = rebuild(edition, project if project.is_dir() else project.parent, progress)
    _tell(screen, found, edition.edition, draft=edition.draft)
    return OK if found.identical else PROBLEMS


def _tell(screen: Screen, found: Rebuilt, date: str, *, draft: bool) -> None:
    what = f"{'Le brouillon' if draft else 'L’édition'} du {date_longue(date)}"
    again = "refait" if draft else "refaite"
    if found.identical:
        files = compte(found.same, "fichier", "fichiers")
        screen.title(f"{what} est {again} à l’identique\u00a0: {files}, les mêmes à l’octet près.")
        return
    if found.same_content:
        screen.title(f"{what} a le même contenu, mais ses fichiers sont écrits autrement.")
        screen.line("  Chiffres, textes et cartes sont les mêmes, ligne à ligne.")
    else:
        screen.title(f"{what} n’est pas {again} à l’identique.")
        screen.table(
            ("table", "lignes d’alors, absentes", "lignes nouvelles", "remarque"),
            [_row(gap) for gap in found.tables],
        )
    screen.line(
        f"  {compte(len(found.files), 'fichier diffère', 'fichiers diffèrent')}, "
        f"{compte(found.same, 'est le même', 'sont les mêmes')} à l’octet près."
    )
    _causes(screen, found)


def _row(gap: TableGap) -> tuple[str, ...]:
    remark = f"colonnes en plus ou en moins\u00a0: {', '.join(gap.columns)}" if gap.columns else ""
    label = f"{_TABLES[gap.table]} ({gap.table})" if gap.table in _TABLES else gap.table
    return (label, str(gap.sealed), str(gap.rebuilt), remark)


def _causes(screen: Screen, found: Rebuilt) -> None:
    screen.line()
    screen.line("Les fichiers lus n’ont pas changé. Causes possibles\u00a0:")
    for name, then, now in found.versions:
        screen.line(f"  - {name} n’est plus à la même version\u00a0: {then}, puis {now}")
    if found.cards:
        rest = len(found.cards) - _MOST
        more = f" et {compte(rest, 'autre', 'autres')}" if rest > 0 else ""
        named = ", ".join(found.cards[:_MOST])
        screen.line(f"  - des cartes du catalogue ont changé\u00a0: {named}{more}")
    parts = [_PARTS[part] for part in found.manifest if part in _PARTS]
    if parts:
        screen.line(f"  - le manifeste dit autre chose\u00a0: {liste(parts)}")
    if found.added:
        rest = len(found.added) - _MOST
        more = f" et {compte(rest, 'autre', 'autres')}" if rest > 0 else ""
        named = ", ".join(found.added[:_MOST])
        screen.line(f"  - des fichiers du projet se sont ajoutés\u00a0: {named}{more}")
    if not found.versions and not found.cards and not found.added:
        screen.line("  - le logiciel a changé, à version égale")


def _no_project(edition: Path) -> Problem:
    return Problem(
        code="projet-absent",
        where=Where(file=str(edition)),
        what="Le projet de cette édition n’est pas à côté d’elle.",
        expected="le dossier qui contient terril.toml et les fichiers lus.",
        remedy="Donnez-le avec --projet.",
    )
