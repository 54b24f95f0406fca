"""Where is the site of a folder of editions, and is it ready?

The site is another process, which knows its folders by the environment. ``terril servir`` and
``terril compte`` find them in the same way.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from terril.cli.screen import Screen
from terril.editions.look import Shelf
from terril.lib.problems import Problem, ProblemsError, Where
from terril.sources.project import FILE_NAME, read_project

SETTINGS: Final = "terril.web.settings"


def find_editions(path: Path) -> Path:
    """Return the folder of editions: the one given, or that of the project given."""
    if (path / FILE_NAME).is_file():
        project = read_project(path)
        for folder in (path / "editions", path / project.output / "editions"):
            if Shelf(folder).dates():
                return folder
        return path / "editions"
    if not Shelf(path).dates() and Shelf(path / "editions").dates():
        return path / "editions"
    return path


def site_environment(path: Path, data: Path | None) -> dict[str, str]:
    """Return the environment of the site of ``path``: a folder of editions, or a project.

    ``data``: the folder of its base and of its files, by default « site » beside the editions.
    A project is given to the atelier, unless the environment names another.
    """
    folder = find_editions(path)
    found = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "TERRIL_EDITIONS": str(folder.resolve()),
        "TERRIL_DONNEES": str((data or folder.parent / "site").resolve()),
    }
    if (path / FILE_NAME).is_file():
        found.setdefault("TERRIL_PROJETS", str(path.resolve()))
    return found


def has_projects(folder: Path, data: Path | None) -> bool:
    """Has the atelier of the site of these editions a project of its own to make one from?"""
    place = (data or folder.parent / "site") / "projets"
    return place.is_dir() and any((child / FILE_NAME).is_file() for child in place.iterdir())


def prepare(environment: dict[str, str], screen: Screen, *, static: bool = True) -> None:
    """Bring the base up to date, and the static files; raises ``ProblemsError``."""
    wanted = [["migrate", "--verbosity", "0"]]
    if static:
        wanted.append(["collectstatic", "--noinput", "-v", "0"])
    for words in wanted:
        done = subprocess.run(
            [sys.executable, "-m", "django", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            screen.note(done.stderr.strip()[-2000:])
            raise ProblemsError([_unprepared(environment["TERRIL_DONNEES"])])


def _unprepared(data: str) -> Problem:
    return Problem(
        code="site-non-prepare",
        where=Where(file=data),
        what="La base ou les fichiers du site n’ont pas pu être préparés.",
        expected="un dossier où écrire, et une base joignable si DATABASE_URL en nomme une.",
        remedy="Donnez un autre dossier avec --donnees ; le détail est ci-dessus.",
    )
