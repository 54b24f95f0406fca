"""How does an analyst get an account on the site?

The site is another process: it is brought up to date, then asked. A password is generated and
shown once, or typed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.screen import Screen
from terril.cli.site import prepare, site_environment

DESCRIPTION: Final = """\
Ouvre, ferme ou liste les comptes du site. Lire le site n’en demande aucun ; un compte
d’analyste ouvre l’atelier, où l’on dépose les fichiers, contrôle, scelle et publie."""

EXAMPLES: Final = f"""\
exemples :
  terril compte creer prenom.nom@exemple.fr --analyste    montre le mot de passe une fois
  terril compte creer prenom.nom@exemple.fr --analyste --demander
  terril compte mot-de-passe prenom.nom@exemple.fr        en fait un autre, s’il est perdu
  terril compte fermer prenom.nom@exemple.fr
  terril compte lister --editions out/editions

Donnez à --editions et à --donnees ce que vous donnez à terril servir.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "quoi",
        choices=("creer", "mot-de-passe", "fermer", "lister"),
        help="creer, mot-de-passe, fermer ou lister",
    )
    parser.add_argument("adresse", nargs="?", default="", help="adresse électronique du compte")
    parser.add_argument(
        "--analyste", action="store_true", help="le compte prépare et publie les éditions"
    )
    parser.add_argument("--nom", default="", help="nom affiché, au lieu de l’adresse")
    parser.add_argument(
        "--demander", action="store_true", help="demande le mot de passe au lieu d’en faire un"
    )
    parser.add_argument(
        "--editions",
        type=Path,
        default=Path("."),
        metavar="DOSSIER",
        help="dossier des éditions, ou d’un projet (par défaut le dossier courant)",
    )
    parser.add_argument(
        "--donnees",
        type=Path,
        metavar="DOSSIER",
        help="dossier de la base du site (par défaut « site » à côté des éditions)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Bring the base up to date, then ask the site."""
    environment = site_environment(arguments.editions, arguments.donnees)
    prepare(environment, screen, static=False)
    words = [arguments.quoi]
    if arguments.adresse:
        words.append(arguments.adresse)
    if arguments.analyste:
        words.append("--analyste")
    if arguments.nom:
        words += ["--nom", arguments.nom]
    if arguments.demander:
        words.append("--demander")
    done = subprocess.run(
        [sys.executable, "-m", "django", "compte", *words],
        env=environment,
        stdout=subprocess.PIPE,
        # a password is asked on the terminal: what is said there goes straight to it
        stderr=None if arguments.demander and screen.rich_err else subprocess.PIPE,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        screen.line(line)
    for line in (done.stderr or "").splitlines():
        screen.note(line.removeprefix("CommandError: "))
    return PROBLEMS if done.returncode else OK
