"""How is the observatory put on the web?

The site is another process: it is prepared (database, static files), then an application
server answers until it is stopped. Nothing here knows the site but its address.
"""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.screen import Screen
from terril.cli.site import find_editions, has_projects, prepare, site_environment
from terril.editions.look import Shelf
from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemsError, Where

DESCRIPTION: Final = """\
Sert l’observatoire sur le web : les éditions scellées d’un dossier, en pages, en fichiers et
par une interface de programmation. Rien n’est calculé ici : tout vient des éditions. S’arrête
avec Ctrl+C."""

EXAMPLES: Final = f"""\
exemples :
  terril servir                              les éditions du projet du dossier courant
  terril servir out/editions                 celles d’un dossier
  terril servir out/editions --port 8080
  terril servir editions --adresse 0.0.0.0 --processus 4 --hotes quartiers.exemple.fr --https

Pour une mise en ligne (nom de domaine, HTTPS, sauvegardes) : docs/operations.md.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "editions",
        nargs="?",
        type=Path,
        default=Path("."),
        help="dossier des éditions, ou d’un projet",
    )
    parser.add_argument("--port", type=int, default=8000, help="port (8000 par défaut)")
    parser.add_argument(
        "--adresse", default="127.0.0.1", help="adresse d’écoute (cette machine par défaut)"
    )
    parser.add_argument(
        "--processus", type=int, default=2, metavar="N", help="processus du serveur (2 par défaut)"
    )
    parser.add_argument(
        "--donnees",
        type=Path,
        metavar="DOSSIER",
        help="dossier de la base et des fichiers du site (par défaut « site » à côté des éditions)",
    )
    parser.add_argument(
        "--hotes", metavar="NOMS", help="noms de domaine du site, séparés par des virgules"
    )
    parser.add_argument(
        "--https", action="store_true", help="le site est derrière un serveur HTTPS"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Prepare the site, say where it is, serve until stopped."""
    folder = find_editions(arguments.editions)
    shelf = Shelf(folder)
    dates = shelf.shown()
    if not dates and not has_projects(folder, arguments.donnees):
        raise ProblemsError([_nothing(folder)])
    _check_port(arguments.adresse, arguments.port)
    environment = site_environment(arguments.editions, arguments.donnees)
    if arguments.hotes:
        environment["TERRIL_HOTES"] = arguments.hotes
    if arguments.https:
        environment["TERRIL_HTTPS"] = "oui"
    shown = "localhost" if arguments.adresse in ("0.0.0.0", "::") else arguments.adresse
    if not arguments.hotes:
        environment.setdefault("TERRIL_ADRESSE", f"http://{shown}:{arguments.port}")
    prepare(environment, screen)
    held = compte(len(dates), "édition", "éditions") if dates else "aucune édition encore"
    last = f", la dernière du {date_longue(dates[0])}" if dates else ""
    screen.title(f"Observatoire en ligne\u00a0: http://{shown}:{arguments.port}/  ({held}{last})")
    screen.line("  Ctrl+C pour arrêter.")
    return _serve(arguments, environment)


def _serve(arguments: argparse.Namespace, environment: dict[str, str]) -> int:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "terril.web.wsgi:application",
        "--host", arguments.adresse, "--port", str(arguments.port),
        "--workers", str(arguments.processus), "--blocking-threads", "4",
        "--respawn-failed-workers", "--log-level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment)
    stop = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        code = 0
    finally:
        signal.signal(signal.SIGTERM, stop)
    return OK if code in (0, -signal.SIGTERM) else PROBLEMS


def _nothing(folder: Path) -> Problem:
    return Problem(
        code="edition-absente",
        where=Where(file=str(folder)),
        what="Aucune édition scellée à cet endroit, ou toutes sont retirées.",
        expected="le dossier où « terril construire » scelle les éditions.",
        remedy="Construisez-en une : terril construire <projet> (sans --brouillon).",
    )


def _check_port(host: str, port: int) -> None:
    """Raise ``ProblemsError`` when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise ProblemsError(
                [
                    Problem(
                        code="port-occupe",
                        where=Where(),
                        what=f"Rien ne peut écouter sur {host}, port {port}.",
                        expected="une adresse de cette machine et un port libre.",
                        remedy="Choisissez un autre port, par exemple : --port "
                        f"{port + 1 if port < 65_000 else 8001}.",
                    )
                ]
            ) from error
