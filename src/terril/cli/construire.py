"""How is an edition built from a project?"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK
from terril.cli.parser import iso_date
from terril.cli.problems import show
from terril.cli.screen import Screen
from terril.editions.manifest import Manifest
from terril.editions.publication import build_and_seal
from terril.editions.register import read_register
from terril.editions.seal import edition_folder
from terril.lib.dates import date_longue
from terril.lib.french import compte, nombre

DESCRIPTION: Final = """\
Lit tous les fichiers déclarés dans terril.toml, calcule, compare, écrit les phrases des
fiches, puis scelle une édition : un dossier daté qui ne change plus, avec les chiffres,
leur provenance et les empreintes de tous les fichiers. Une édition scellée n’est jamais
remplacée, et le registre, à côté d’elle, s’en souvient ; un brouillon peut être remplacé
autant de fois qu’il le faut."""

EXAMPLES: Final = f"""\
exemples :
  terril construire                          le projet du dossier courant
  terril construire demo --brouillon         un brouillon, qui pourra être refait
  terril construire demo --date 2021-07-01   l’édition du 1er juillet 2021
  terril construire demo --vers editions     ailleurs que dans demo/editions

Pour voir les erreurs des fichiers sans rien construire : terril controler
Pour composer les fiches et les tableaux ensuite : terril publier

{EXIT_CODES}"""


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
        "--brouillon", action="store_true", help="édition provisoire, qui peut être remplacée"
    )
    parser.add_argument(
        "--date",
        type=iso_date,
        metavar="AAAA-MM-JJ",
        help="date de l’édition, au lieu de celle de terril.toml",
    )
    parser.add_argument(
        "--vers",
        type=Path,
        metavar="DOSSIER",
        help="dossier des éditions (par défaut « editions » dans le projet)",
    )
    parser.add_argument("--temps", action="store_true", help="montre la durée de chaque étape")


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Build and seal."""
    root = arguments.projet if arguments.projet.is_dir() else arguments.projet.parent
    folder = arguments.vers if arguments.vers is not None else root / "editions"
    with screen.progress() as progress:
        content, manifest = build_and_seal(
            arguments.projet,
            folder,
            progress,
            on=dt.date.today().isoformat(),
            date=arguments.date,
            draft=arguments.brouillon,
        )
    show(screen, content.heard)
    target = edition_folder(folder, content.info.edition, draft=arguments.brouillon)
    _tell(screen, target, manifest, content.contradictions.height)
    notice = read_register(folder).notice(content.info.edition)
    if notice is not None and not arguments.brouillon:
        screen.note(notice.text, "bold")
    if arguments.temps:
        screen.line()
        screen.table(
            ("étape", "secondes"),
            [(name, nombre(seconds, 2)) for name, seconds in content.timings.items()],
        )
    return OK


def _tell(screen: Screen, target: Path, manifest: Manifest, contradictions: int) -> None:
    rows = manifest.rows
    read = {item.file for item in manifest.inputs if item.rows and item.priority is not None}
    what = "Brouillon de l’édition" if manifest.draft else "Édition"
    screen.title(f"{what} du {date_longue(manifest.info.edition)}\u00a0: {target}")
    screen.line(
        f"  {compte(rows['observations'], 'chiffre', 'chiffres')} de "
        f"{compte(len(read), 'fichier', 'fichiers')}, "
        f"{compte(rows['fiches'], 'fiche', 'fiches')}, "
        f"{compte(rows['sentences'], 'phrase', 'phrases')}"
    )
    screen.line(
        f"  {compte(contradictions, 'contradiction', 'contradictions')} entre documents, "
        f"{compte(rows['findings'], 'constat', 'constats')} des contrôles"
        " (détail\u00a0: terril controler)"
    )
    screen.line(f"  empreinte de l’édition\u00a0: {manifest.fingerprint[:16]}…")
