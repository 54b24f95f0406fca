"""How are messages sent again that no server has taken?

The site is another process: it is brought up to date, then asked.
"""

from __future__ import annotations

import argparse
from typing import Final

from terril.cli.asked import ask_site, places
from terril.cli.codes import EXIT_CODES
from terril.cli.screen import Screen

DESCRIPTION: Final = """\
Envoie les messages du site qu’aucun serveur de courrier n’a encore pris : un serveur en panne
n’en perd aucun. Un message essayé douze fois est abandonné."""

EXAMPLES: Final = f"""\
exemples :
  terril courriels                           envoie tout ce qui attend
  terril courriels --lister                  montre ce qui attend, n’envoie rien
  terril courriels --editions out/editions --donnees out/site

Le serveur de courrier se règle par TERRIL_SMTP (docs/operations.md).

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--lister", action="store_true", help="montre ce qui attend, sans envoyer")
    places(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Bring the base up to date, then ask the site."""
    words = ["courriels", *(["--lister"] if arguments.lister else [])]
    return ask_site(arguments, screen, words)
