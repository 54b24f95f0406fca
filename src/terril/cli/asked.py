"""How is the site asked to do something, by a verb that is not its own?

The verbs ``compte``, ``courriels`` and ``rappels`` share it: the base is brought up to date, a
command of the site runs, its words are shown.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from terril.cli.codes import OK, PROBLEMS
from terril.cli.screen import Screen
from terril.cli.site import prepare, site_environment


def places(parser: argparse.ArgumentParser) -> None:
    """Declare where the site is: its editions and its data."""
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


def ask_site(
    arguments: argparse.Namespace, screen: Screen, words: Sequence[str], *, typed: bool = False
) -> int:
    """Run one command of the site and show what it says; return the exit code.

    ``typed``: the command asks something on the terminal, what it says of it goes straight there.
    """
    environment = site_environment(arguments.editions, arguments.donnees)
    prepare(environment, screen, static=False)
    done = subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=None if typed and screen.rich_err else subprocess.PIPE,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        screen.line(line)
    for line in (done.stderr or "").splitlines():
        screen.note(line.removeprefix("CommandError: "))
    return PROBLEMS if done.returncode else OK
