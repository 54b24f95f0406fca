"""How is one figure followed from the file to the page?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK
from terril.cli.screen import Screen
from terril.editions.open import open_edition
from terril.editions.trace import TOTAL, trace
from terril.sources.project import FILE_NAME

DESCRIPTION: Final = """\
Montre le chemin d’un chiffre, étape par étape : la ligne du fichier officiel, ce que chaque
document en dit, la valeur retenue et pourquoi, la formule s’il est calculé, ses écarts, son
rang, le pictogramme, les phrases qui s’en servent et les pages où il est imprimé."""

EXAMPLES: Final = f"""\
exemples :
  terril tracer QP062020 revenus.taux_pauvrete --edition demo
  terril tracer QP062020 revenus.taux_pauvrete --periode 2015 --edition demo/editions/2020-07-01
  terril tracer 246200364 revenus.revenu_median_uc --edition demo

Le code d’un quartier est celui de l’État (QP…, QN…) ; celui d’une commune, le code Insee ;
celui d’une agglomération, son SIREN.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("territoire", help="code du territoire, par exemple QP062020")
    parser.add_argument(
        "indicateur", help="code de l’indicateur, par exemple revenus.taux_pauvrete"
    )
    parser.add_argument(
        "--edition",
        type=Path,
        default=Path("."),
        metavar="DOSSIER",
        help="édition, ou projet dont on prend la dernière (par défaut le dossier courant)",
    )
    parser.add_argument("--periode", metavar="PERIODE", help="période, si plusieurs sont connues")
    parser.add_argument(
        "--ventilation",
        metavar="NOM",
        default=TOTAL,
        help="ventilation du chiffre, par exemple sexe=F (par défaut le total)",
    )
    parser.add_argument(
        "--projet",
        type=Path,
        metavar="DOSSIER",
        help="dossier des fichiers lus, pour montrer leurs lignes (trouvé seul s’il est proche)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Print the way of the figure."""
    edition = open_edition(arguments.edition)
    found = trace(
        edition,
        arguments.territoire,
        arguments.indicateur,
        period=arguments.periode,
        breakdown=arguments.ventilation,
        project=arguments.projet or project_of(arguments.edition, edition.path),
    )
    if edition.notice is not None:
        screen.note(edition.notice.text, "bold")
    screen.title(found.title)
    for number, step in enumerate(found.steps, 1):
        screen.line()
        screen.line(f"{number}. {step.title}", "bold")
        for line in step.lines:
            screen.line(f"   {line}")
    return OK


def project_of(asked: Path, edition: Path) -> Path | None:
    """Return the folder of the project near an edition: the one asked, or one above it."""
    for folder in (asked, *edition.resolve().parents[:2]):
        if (folder / FILE_NAME).is_file():
            return folder
    return None
