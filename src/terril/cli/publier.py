"""How do documents come out of an edition?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.problems import show
from terril.cli.screen import Screen
from terril.editions.open import open_edition
from terril.editions.register import Notice
from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.lib.problems import Problem, Where
from terril.reports.publish import publish
from terril.sources.project import FILE_NAME, read_project

DESCRIPTION: Final = """\
Compose tous les documents d’une édition : les fiches des quartiers (PDF et JSON), les
fiches thématiques, les tableaux (PDF, XLSX, CSV), l’état des lieux et le classeur des
contrôles. Rien n’est calculé ici : tout vient de l’édition, la même édition donne toujours
les mêmes fichiers."""

EXAMPLES: Final = f"""\
exemples :
  terril publier                                    la dernière édition du dossier courant
  terril publier demo                               celle du projet demo
  terril publier demo/editions/2020-07-01           une édition précise
  terril publier demo --vers out                    dans le dossier out

Une édition retirée (terril retirer) n’est composée que si vous le demandez (--meme-retiree).

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "edition",
        nargs="?",
        type=Path,
        default=Path("."),
        help="dossier d’une édition, ou d’un projet (alors sa dernière édition)",
    )
    parser.add_argument(
        "--vers",
        type=Path,
        metavar="DOSSIER",
        help="dossier des documents (par défaut celui de terril.toml, sinon « out »)",
    )
    parser.add_argument(
        "--meme-retiree", action="store_true", help="compose aussi une édition retirée"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Open, verify and typeset."""
    edition = open_edition(arguments.edition)
    altered = edition.verify()
    if altered:
        show(screen, altered)
        return PROBLEMS
    if edition.notice is not None:
        if not arguments.meme_retiree:
            show(screen, [_withdrawn(edition.path, edition.notice)])
            return PROBLEMS
        screen.note(edition.notice.text, "bold")
    out = arguments.vers if arguments.vers is not None else _output(arguments.edition)
    with screen.progress() as progress:
        published = publish(edition, out, progress)
    what = "du brouillon de l’édition" if edition.draft else "de l’édition"
    screen.title(f"Documents {what} du {date_longue(edition.edition)}\u00a0: {out}")
    screen.line(
        f"  {compte(len(published.fiches), 'fiche de quartier', 'fiches de quartier')} (PDF, JSON)"
    )
    for path in published.others:
        screen.line(f"  {path.relative_to(out)}")
    return OK


def _withdrawn(path: Path, notice: Notice) -> Problem:
    other = (
        f"Composez l’édition du {date_longue(notice.replacement)}"
        if notice.replacement
        else ("Nommez une autre édition (terril editions les liste)")
    )
    return Problem(
        code="edition-retiree",
        where=Where(file=str(path)),
        what=notice.text,
        expected="une édition qui n’est pas retirée.",
        remedy=f"{other}, ou ajoutez --meme-retiree si c’est bien elle que vous voulez.",
    )


def _output(path: Path) -> Path:
    for folder in (path, *path.resolve().parents[:2]):
        if (folder / FILE_NAME).is_file():
            return folder / read_project(folder).output
    return Path("out")
