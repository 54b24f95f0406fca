"""What do the files of records of a project give, and what became of each record?"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import io
from collections import Counter
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.problems import show
from terril.cli.screen import Screen
from terril.lib.french import NBSP, compte, nombre
from terril.lib.problems import Problem, ProblemList, Where
from terril.observations.schema import Status
from terril.places.engines.base import Engine
from terril.places.engines.duckdb import MEMORY, DuckdbEngine
from terril.places.microdata import Counted, count_works
from terril.places.microdata_account import Account
from terril.reports.engine import write_atomic
from terril.sources.outlines import read_outlines
from terril.sources.project import FILE_NAME, Project, read_project
from terril.territories.registry import read_territories

DESCRIPTION: Final = """\
Compte les fichiers d’enregistrements d’un projet (demandeurs d’emploi, licences, logements…)
par territoire, autour des quartiers et par ventilation, comme le décrivent leurs cartes. Dit ce
que chaque enregistrement est devenu, puis écrit les chiffres, déjà protégés par le secret
statistique, dans un CSV que « terril construire » sait lire. Les enregistrements ne sont ni
copiés ni montrés.

Le comptage se fait dans ce programme, même si les fichiers dépassent la mémoire. Avec
--grappe, il se fait sur une grappe Spark et donne les mêmes chiffres à l’unité près."""

EXAMPLES: Final = f"""\
exemples :
  terril compter                              le projet du dossier courant
  terril compter lens --vers lens/donnees/comptes.csv
  terril compter lens --seulement licences    un seul des fichiers
  terril compter region --grappe spark://serveur:7077 --echange /partage/terril

{EXIT_CODES}"""

HEADS: Final = (
    *("genre", "territoire", "indicateur", "periode"),
    *("ventilation", "valeur", "statut", "source"),
)
FILE: Final = "comptes.csv"


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
        "--vers",
        type=Path,
        metavar="FICHIER",
        help=f"CSV des chiffres (par défaut {FILE}, dans le dossier des documents du projet)",
    )
    parser.add_argument(
        "--seulement", metavar="ID", help="ne compte qu’une entrée de [[microdonnees]]"
    )
    parser.add_argument(
        "--memoire",
        metavar="TAILLE",
        default=MEMORY,
        help=f"mémoire du comptage, par exemple 500MB (par défaut {MEMORY}\u00a0; le reste va sur "
        "le disque)",
    )
    parser.add_argument(
        "--grappe", metavar="ADRESSE", help="grappe Spark, par exemple spark://serveur:7077"
    )
    parser.add_argument(
        "--echange",
        type=Path,
        metavar="DOSSIER",
        help="dossier que toutes les machines de la grappe voient au même endroit",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Count, print, write."""
    project = _project(arguments)
    problems = ProblemList()
    catalogue = load_catalogue(project.catalogue_dirs)
    territories = read_territories(project.territories_file, problems)
    with screen.progress() as progress:
        progress.stage("Périmètres lus")
        outlines = read_outlines(project, territories, catalogue, problems)
        problems.raise_errors()
        with _engine(arguments) as engine:
            found = count_works(
                project, territories, catalogue, outlines.layers, problems, engine, progress,
                apart=True,
            )  # fmt: skip
            name = engine.name
    show(screen, problems)
    _accounts(screen, found.accounts, name)
    _figures(screen, found, catalogue)
    if problems.errors:
        screen.note("Rien n’est écrit\u00a0: corrigez d’abord les erreurs.")
        return PROBLEMS
    target = arguments.vers or project.root / project.output / FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, text_of(found.statements).encode())
    screen.line()
    screen.line(f"Chiffres écrits{NBSP}: {target}")
    _next(screen, project, target)
    return OK


def _project(arguments: argparse.Namespace) -> Project:
    """Return the project, with the inputs that are asked for."""
    project = read_project(arguments.projet)
    known = [spec.id for spec in project.microdata]
    wanted = arguments.seulement
    problems = ProblemList()
    if not known:
        problems.add(
            Problem(
                "microdonnees-absentes",
                Where(FILE_NAME),
                "Le projet ne déclare aucun fichier d’enregistrements.",
                "une table [[microdonnees]] par fichier.",
                "Ajoutez-la (guide, « Compter des enregistrements »).",
            )
        )
    elif wanted is not None and wanted not in known:
        problems.add(
            Problem(
                "microdonnees-absentes",
                Where(FILE_NAME),
                f"« {wanted} » n’est pas une entrée de [[microdonnees]].",
                ", ".join(known) + ".",
            )
        )
    problems.raise_errors()
    kept = tuple(spec for spec in project.microdata if wanted in (None, spec.id))
    return dataclasses.replace(project, microdata=kept)


def _engine(arguments: argparse.Namespace) -> Engine:
    if arguments.grappe is None:
        return DuckdbEngine(memory=arguments.memoire, folder=arguments.echange)
    from terril.places.engines.spark import SparkEngine

    return SparkEngine(arguments.grappe, folder=arguments.echange)


def _accounts(screen: Screen, accounts: tuple[Account, ...], engine: str) -> None:
    """Say what became of the records of each input."""
    if not accounts:
        return
    screen.title(f"Enregistrements (compté par {engine})")
    heads = ("entrée", "lus", "écartés", "dans", "autour", "ailleurs", "sans lieu", "durée")
    screen.table(
        heads,
        [
            (
                account.document,
                nombre(account.read),
                nombre(account.filtered),
                nombre(account.inside),
                nombre(account.around),
                nombre(account.elsewhere),
                nombre(sum(account.unplaced.values())),
                f"{nombre(account.seconds, 1)}\u202fs",
            )
            for account in accounts
        ],
    )
    for account in accounts:
        for reason, n in account.unplaced.items():
            screen.line(f"  {account.document}{NBSP}: {nombre(n)} {reason}")


def _figures(screen: Screen, found: Counted, catalogue: Catalogue) -> None:
    """Say how many figures of each indicator are given, and how many are blanked."""
    if found.statements.is_empty():
        return
    rows = found.statements.group_by("document", "indicator", maintain_order=True).agg("status")
    screen.line()
    screen.title("Chiffres")
    told = []
    for document, indicator, statuses in rows.rows():
        counts = Counter(statuses)
        told.append(
            (
                document,
                indicator,
                catalogue.indicators[indicator].label,
                nombre(counts[Status.OK]),
                nombre(counts[Status.SECRET]),
                nombre(counts[Status.NOT_APPLICABLE]),
            )
        )
    screen.table(("entrée", "indicateur", "libellé", "donnés", "secrets", "sans objet"), told)
    if found.blanked.height:
        what = compte(found.blanked.height, "chiffre repose", "chiffres reposent")
        screen.line(f"{what} sur trop peu d’unités{NBSP}: « s » les remplace.")


def text_of(statements: pl.DataFrame) -> str:
    """Return statements as a long CSV of a project: ``;``, decimal comma, statuses in full."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEADS)
    columns = ("kind", "territory", "indicator", "period", "breakdown", "raw", "status", "source")
    for kind, territory, indicator, period, breakdown, raw, status, source in (
        statements.select(columns).iter_rows()
    ):  # fmt: skip
        value = raw.replace(".", ",") if status == Status.OK else ""
        writer.writerow((kind, territory, indicator, period, breakdown, value, status, source))
    return out.getvalue()


def _next(screen: Screen, project: Project, target: Path) -> None:
    """Say how the file enters the edition, when the project does not read it yet."""
    shown = target.resolve()
    if any(spec.file.resolve() == shown for spec in project.inputs):
        return
    where = project.shown(target)
    screen.note(
        f"« terril construire » compte lui-même les [[microdonnees]]{NBSP}; pour qu’il lise plutôt "
        "ce fichier, écrivez dans terril.toml"
    )
    screen.note('  a_part = "oui"        sous chaque [[microdonnees]] comptée ici, et')
    screen.note("  [[entrees]]")
    screen.note('  id = "comptes"')
    screen.note(f'  fichier = "{where}"')
    screen.note('  lecteur = "long"')
