"""How does an analyst get an account on the site?

The site is another process: it is brought up to date, then asked. A password is generated and
shown once, or typed.
"""

from __future__ import annotations

import argparse
from typing import Final

from terril.cli.asked import ask_site, places
from terril.cli.codes import EXIT_CODES
from terril.cli.screen import Screen

DESCRIPTION: Final = """\
Ouvre, ferme ou liste les comptes du site. Lire le site n’en demande aucun ; un compte
d’analyste ouvre l’atelier, où l’on dépose les fichiers, contrôle, scelle et publie."""

EXAMPLES: Final = f"""\
exemples :
  terril compte creer prenom.nom@exemple.fr --analyste    montre le mot de passe une fois
  terril compte creer prenom.nom@exemple.fr --analyste --demander
  terril compte mot-de-passe prenom.nom@exemple.fr        en fait un autre, s’il est perdu
  terril compte sans-second-facteur prenom.nom@exemple.fr
                                          retire le second facteur, si le téléphone est perdu
  terril compte fermer prenom.nom@exemple.fr
  terril compte supprimer prenom.nom@exemple.fr           efface la personne, garde son travail
  terril compte lister --editions out/editions

Donnez à --editions et à --donnees ce que vous donnez à terril servir.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "quoi",
        choices=("creer", "mot-de-passe", "sans-second-facteur", "fermer", "supprimer", "lister"),
        help="creer, mot-de-passe, sans-second-facteur, fermer, supprimer ou lister",
    )
    parser.add_argument("adresse", nargs="?", default="", help="adresse électronique du compte")
    parser.add_argument(
        "--analyste", action="store_true", help="le compte prépare et publie les éditions"
    )
    parser.add_argument("--nom", default="", help="nom affiché, au lieu de l’adresse")
    parser.add_argument(
        "--demander", action="store_true", help="demande le mot de passe au lieu d’en faire un"
    )
    places(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Bring the base up to date, then ask the site."""
    words = ["compte", arguments.quoi]
    if arguments.adresse:
        words.append(arguments.adresse)
    if arguments.analyste:
        words.append("--analyste")
    if arguments.nom:
        words += ["--nom", arguments.nom]
    if arguments.demander:
        words.append("--demander")
    return ask_site(arguments, screen, words, typed=arguments.demander)
