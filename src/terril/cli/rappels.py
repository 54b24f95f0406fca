"""How is everybody told what awaits them?

The site is another process: it is brought up to date, then asked. A scheduler calls it once a
day.
"""

from __future__ import annotations

import argparse
from typing import Final

from terril.cli.asked import ask_site, places
from terril.cli.codes import EXIT_CODES
from terril.cli.screen import Screen

DESCRIPTION: Final = """\
Envoie par courriel à chaque personne qui a un compte ce qui l’attend dans l’espace de travail, au
rythme qu’elle a choisi. À lancer une fois par jour ; relancé le même jour, il ne répète rien."""

EXAMPLES: Final = f"""\
exemples :
  terril rappels                             le site du projet du dossier courant
  terril rappels --editions out/editions --donnees out/site

Le serveur de courrier se règle par TERRIL_SMTP (docs/operations.md).

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    places(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Bring the base up to date, then ask the site."""
    return ask_site(arguments, screen, ["rappels"])
