"""What is wrong, doubtful or contradictory in the files of a project?"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.problems import french_spaces, show
from terril.cli.screen import Screen
from terril.editions.content import EditionContent
from terril.editions.pipeline import check
from terril.lib.french import compte
from terril.lib.problems import Severity
from terril.reports.controls import write_controls
from terril.sources.project import read_project

DESCRIPTION: Final = """\
Lit tous les fichiers du projet sans rien publier. Montre les problèmes de lecture, les
contradictions (deux documents qui donnent deux chiffres) et les constats des contrôles
(parts qui ne font pas 100, valeurs hors bornes, copies d’un quartier à l’autre…). Le même
contenu, complet, est écrit dans controles.xlsx."""

EXAMPLES: Final = f"""\
exemples :
  terril controler                       le projet du dossier courant
  terril controler demo --tout           toutes les lignes
  terril controler demo --vers controle  controles.xlsx dans le dossier « controle »
  terril controler demo --strict         code 1 aussi pour une contradiction

{EXIT_CODES}"""

_LIMIT: Final = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "projet",
        nargs="?",
        type=Path,
        default=Path("."),
        help="dossier du projet, ou son terril.toml (par défaut le dossier courant)",
    )
    parser.add_argument(
        "--vers",
        type=Path,
        metavar="DOSSIER",
        help="dossier de controles.xlsx (par défaut celui des documents du projet)",
    )
    parser.add_argument(
        "--tout",
        action="store_true",
        help=f"montre toutes les lignes, et non les {_LIMIT} premières",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="finit avec le code 1 aussi pour une contradiction ou un constat",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Read, check, print, and write the workbook."""
    project = read_project(arguments.projet)
    out = arguments.vers if arguments.vers is not None else project.root / project.output
    with screen.progress() as progress:
        content = check(arguments.projet, progress)
        progress.stage("Classeur des contrôles")
        written = write_controls(content, out)
    limit = None if arguments.tout else _LIMIT
    show(screen, content.heard, limit=10_000 if limit is None else limit)
    _contradictions(screen, content, limit)
    _findings(screen, content, limit)
    screen.line()
    for path in written:
        screen.line(f"Tout le détail\u00a0: {path}")
    return _code(content, strict=arguments.strict)


def _contradictions(screen: Screen, content: EditionContent, limit: int | None) -> None:
    frame = content.contradictions
    screen.title(f"{compte(frame.height, 'contradiction', 'contradictions')} entre documents")
    shown = frame.select("label", "values", "kept", "reason").head(limit or frame.height)
    screen.table(
        ("chiffre", "documents", "retenu", "pourquoi"),
        [tuple(french_spaces(str(cell)) for cell in row) for row in shown.iter_rows()],
    )
    _rest(screen, frame.height, limit)


def _findings(screen: Screen, content: EditionContent, limit: int | None) -> None:
    frame = content.findings
    counts = Counter(frame["code"].to_list())
    screen.line()
    screen.title(f"{compte(frame.height, 'constat', 'constats')} des contrôles")
    for code, number in sorted(counts.items()):
        screen.line(f"  {code}\u00a0: {number}")
    shown = frame.select("severity", "text").head(limit or frame.height)
    screen.table(
        ("gravité", "constat"),
        [tuple(french_spaces(str(cell)) for cell in row) for row in shown.iter_rows()],
    )
    _rest(screen, frame.height, limit)


def _rest(screen: Screen, total: int, limit: int | None) -> None:
    if limit is not None and total > limit:
        screen.note(f"… et {total - limit} autres\u00a0: --tout les montre.")


def _code(content: EditionContent, *, strict: bool) -> int:
    if any(problem.severity is Severity.ERROR for problem in content.heard):
        return PROBLEMS
    if Severity.ERROR.value in content.findings["severity"].to_list():
        return PROBLEMS
    doubtful = content.contradictions.height + content.findings.height + len(content.heard)
    return PROBLEMS if strict and doubtful else OK
