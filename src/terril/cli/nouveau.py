"""How is a new project started for any EPCI?"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK
from terril.cli.parser import iso_date
from terril.cli.scaffold import Scaffold, make
from terril.cli.screen import Screen
from terril.cli.survey import find_epci, generation_of, survey
from terril.editions.declaration import identity
from terril.lib.dates import periode_courte
from terril.lib.french import compte, liste
from terril.sources.project import GENERATIONS
from terril.territories.kinds import KINDS

DESCRIPTION: Final = """\
Cherche dans un ou plusieurs dossiers les fichiers nationaux : la composition des
intercommunalités, la liste des quartiers avec leurs communes (fichiers DEMO de l’Insee) et
les chiffres (DEMO, IPRO, REVN, Filosofi). Écrit un projet prêt à l’emploi : terril.toml,
territoires.csv et le dossier « donnees ». Dit ce qui est trouvé et ce qui manque. Les
fichiers sont reconnus à leurs colonnes, leur nom importe peu."""

EXAMPLES: Final = f"""\
exemples :
  terril nouveau 246200299 --depuis fichiers-insee
  terril nouveau Hénin-Carvin --depuis epci insee-qpv filosofi --vers henin-carvin
  terril nouveau 246200299 --depuis fichiers-insee --date 2021-07-01 --generation 2015

Puis : terril controler henin-carvin, terril construire henin-carvin --brouillon

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.usage = (
        "terril nouveau EPCI --depuis DOSSIER [DOSSIER ...] [--vers DOSSIER]\n"
        "                            [--generation ANNEE] [--date AAAA-MM-JJ]"
    )
    parser.add_argument(
        "epci", metavar="EPCI", help="SIREN de l’intercommunalité (neuf chiffres) ou son nom"
    )
    parser.add_argument(
        "--depuis",
        nargs="+",
        type=Path,
        required=True,
        metavar="DOSSIER",
        help="dossiers des fichiers nationaux, lus avec leurs sous-dossiers",
    )
    parser.add_argument(
        "--vers",
        type=Path,
        metavar="DOSSIER",
        help="dossier du projet (par défaut le nom de l’intercommunalité)",
    )
    parser.add_argument(
        "--generation",
        choices=list(GENERATIONS),
        metavar="ANNEE",
        help="génération des quartiers, 2015 ou 2024 (par défaut la plus récente trouvée)",
    )
    parser.add_argument(
        "--date",
        type=iso_date,
        metavar="AAAA-MM-JJ",
        help="date de la première édition (par défaut aujourd’hui)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Survey the files, make the project, and tell."""
    with screen.progress() as progress:
        found = survey(arguments.depuis, progress)
        generation = generation_of(found, arguments.generation)
        target = arguments.vers
        if target is None:
            _, _, _, selection = find_epci(arguments.epci, found, generation)
            short = selection.territories[0].short
            target = Path(identity(Path(f"{short}.x")).replace("_", "-"))
        made = make(
            target,
            found,
            arguments.epci,
            generation=generation,
            edition=arguments.date or dt.date.today().isoformat(),
            progress=progress,
        )
    _tell(screen, made)
    return OK


def _tell(screen: Screen, made: Scaffold) -> None:
    screen.title(f"Projet créé\u00a0: {made.root}")
    screen.line(
        f"  {made.epci_name} ({made.epci})\u00a0: "
        f"{compte(made.neighbourhoods, 'quartier', 'quartiers')} de la génération "
        f"{made.generation}, {compte(made.communes, 'commune', 'communes')}"
    )
    screen.line(f"  listes lues\u00a0: {made.communes_file} et {made.qpv_file}")
    screen.line()
    screen.title(f"{compte(len(made.taken), 'fichier de chiffres', 'fichiers de chiffres')}")
    screen.table(
        ("fichier", "valeurs", "périodes", "territoires"),
        [
            (
                item.file,
                str(item.values),
                ", ".join(periode_courte(period) for period in item.periods),
                ", ".join(KINDS[kind].plural for kind in item.kinds),
            )
            for item in made.taken
        ],
    )
    screen.line()
    screen.title("Indicateurs de la fiche qui ont des chiffres")
    screen.table(
        ("thème", "connus", "sur"),
        [(label, str(held), str(asked)) for label, held, asked in made.themes],
    )
    _warn(screen, made)
    screen.line()
    screen.line(f"Pour vérifier\u00a0: terril controler {made.root}")
    screen.line(f"Pour publier\u00a0: terril construire {made.root} --brouillon")


def _warn(screen: Screen, made: Scaffold) -> None:
    empty = [label.lower() for label, held, _ in made.themes if not held]
    if empty:
        screen.note()
        screen.note(
            f"Sans aucun chiffre\u00a0: {liste(empty)}. Les fiches le diront\u00a0; "
            "ajoutez vos fichiers avec terril importer.",
            "yellow",
        )
    for item in made.straddling:
        others = ", ".join(item.others)
        screen.note(
            f"{item.label} ({item.qpv}) est à cheval sur plusieurs intercommunalités\u00a0: "
            f"rattaché à {item.kept}, aussi dans {others}. À confirmer dans territoires.csv.",
            "yellow",
        )
    for qpv, commune in made.unknown:
        screen.note(
            f"{qpv}\u00a0: la commune « {commune} » n’est pas dans la liste des communes. "
            "Ajoutez son code Insee dans territoires.csv.",
            "yellow",
        )
    for aside in made.aside:
        problem = aside.problems[0]
        more = len(aside.problems) - 1
        screen.note(
            f"Mis de côté\u00a0: {aside.file}. {problem.what}"
            + (f" (et {compte(more, 'autre problème', 'autres problèmes')})" if more else "")
            + (f" À faire\u00a0: {problem.remedy}" if problem.remedy else ""),
            "yellow",
        )
    if made.ignored:
        screen.note(f"Sans chiffres pour ce projet\u00a0: {', '.join(made.ignored)}.", "dim")
