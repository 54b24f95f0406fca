"""How does a contract enter the workspace of the site, and who comes in first?

The site is another process: it is brought up to date, then asked. A folder holds the contract and
a table a register; it is loaded whole or not at all, and again as often as wanted.
"""

from __future__ import annotations

import argparse
from typing import Final

from terril.cli.asked import ask_site, places
from terril.cli.codes import EXIT_CODES
from terril.cli.screen import Screen

DESCRIPTION: Final = """\
Prépare l’espace de travail d’un contrat de ville : charge ses registres depuis un dossier, écrit
des classeurs vides à remplir, invite des personnes. Un dossier entre en entier ou pas du tout ;
chargé une deuxième fois, il ne change que ce qui a changé."""

EXAMPLES: Final = f"""\
exemples :
  terril espace modele mon-contrat                 écrit contrat.yaml et un classeur par registre
  terril espace charger mon-contrat                crée le contrat, ou le met à jour
  terril espace membre mon-contrat prenom.nom@exemple.fr
                                                   la première personne ; son mot de passe
  terril espace inviter mon-contrat accueil@exemple.fr --role porteur --organisation "Le Phare"
  terril espace lister

« modele » et « charger » prennent un dossier, « membre » et « inviter » le code du contrat.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "quoi",
        choices=("charger", "modele", "membre", "inviter", "lister"),
        help="charger, modele, membre, inviter ou lister",
    )
    parser.add_argument("ou", nargs="?", default="", help="un dossier, ou le code d’un contrat")
    parser.add_argument("adresse", nargs="?", default="", help="adresse électronique")
    parser.add_argument(
        "--role",
        default="chargee_mission",
        help="rôle de la personne (par défaut chargee_mission)",
    )
    parser.add_argument("--organisation", default="", help="sa structure, par son nom")
    parser.add_argument("--nom", default="", help="nom affiché, au lieu de l’adresse")
    parser.add_argument(
        "--renouveler",
        action="store_true",
        help="avec membre : fait un autre mot de passe si le compte existe déjà",
    )
    places(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Bring the base up to date, then ask the site."""
    words = ["espace", arguments.quoi]
    words += [word for word in (arguments.ou, arguments.adresse) if word]
    for option in ("role", "organisation", "nom"):
        value = getattr(arguments, option)
        if value:
            words.append(f"--{option}={value}")
    if arguments.renouveler:
        words.append("--renouveler")
    return ask_site(arguments, screen, words)
