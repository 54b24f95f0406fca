"""How is one file read, judged, and taken into a project or refused?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.problems import count, show
from terril.cli.screen import Screen
from terril.editions.declaration import DATA
from terril.editions.intake import Survey, survey, take_in, wished
from terril.lib.french import compte
from terril.sources.project import InputSpec, read_project
from terril.sources.read import READERS

DESCRIPTION: Final = """\
Lit un fichier (CSV, XLSX, XLS ou ODS), montre ce qui est reconnu et tous les problèmes,
avec leur ligne et leur colonne. S’il est accepté, il est copié dans le dossier « donnees »
du projet et déclaré dans terril.toml ; s’il est refusé, rien ne change."""

EXAMPLES: Final = f"""\
exemples :
  terril importer DEMO_2019.csv                        le lecteur est reconnu aux titres
  terril importer tableaux.xlsx --lecteur long --feuille Revenus --priorite 20
  terril importer tableaux.ods --essai                 seulement pour voir
  terril importer corrige.csv --remplacer --id fiches  une version corrigée
  terril importer valeurs.csv --projet demo --option periode=2018

Le plus petit nombre de --priorite l’emporte quand deux fichiers donnent le même chiffre.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    readers = ", ".join(f"{code} ({reader.label})" for code, reader in READERS.items())
    parser.add_argument("fichier", type=Path, help="fichier à lire")
    parser.add_argument(
        "--projet",
        type=Path,
        default=Path("."),
        metavar="DOSSIER",
        help="dossier du projet (par défaut le dossier courant)",
    )
    parser.add_argument(
        "--lecteur", choices=list(READERS), metavar="NOM", help=f"façon de lire : {readers}"
    )
    parser.add_argument(
        "--priorite", type=int, metavar="N", help="de 0 à 999, le plus petit l’emporte (50)"
    )
    parser.add_argument(
        "--source", metavar="CODE", help="source du catalogue qui fait les chiffres"
    )
    parser.add_argument(
        "--libelle",
        metavar="TEXTE",
        help="le document dans une phrase, avec son article : « le tableau de la CAF »",
    )
    parser.add_argument("--feuille", metavar="NOM", help="feuille du classeur")
    parser.add_argument("--id", metavar="NOM", help="nom de l’entrée dans terril.toml")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        type=key_value,
        metavar="CLE=VALEUR",
        help="option du lecteur, autant de fois qu’il le faut",
    )
    parser.add_argument("--essai", action="store_true", help="montre tout, ne change rien")
    parser.add_argument(
        "--remplacer",
        action="store_true",
        help="remplace le fichier d’une entrée déjà déclarée (donnez son --id)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Read, tell, and take in when there is no error."""
    project = read_project(arguments.projet)
    file = arguments.fichier
    asked = InputSpec(
        id=arguments.id or "",
        file=file,
        reader=arguments.lecteur or "",
        priority=50 if arguments.priorite is None else arguments.priorite,
        source=arguments.source,
        sheet=arguments.feuille,
        label=arguments.libelle or "",
        options=dict(arguments.option),
    )
    found = survey(project, wished(project, file, asked, replace=arguments.remplacer))
    show(screen, found.problems)
    if not found.accepted:
        screen.note(f"{file.name} est refusé ({count(found.problems)}). Rien n’est changé.")
        if any("terril.toml" in problem.remedy for problem in found.errors):
            screen.note(
                "Un réglage à écrire dans terril.toml se donne ici par --option, "
                "par exemple\u00a0: --option doublons=garder"
            )
        return PROBLEMS
    _tell(screen, found)
    if arguments.essai:
        screen.line("Essai seulement\u00a0: rien n’est changé.")
        return OK
    target = take_in(project, file, found.spec, replace=arguments.remplacer)
    if arguments.remplacer:
        screen.line(f"{project.shown(target)} est remplacé.")
        return OK
    screen.line(f"Ajouté au projet\u00a0: {DATA}/{file.name}, entrée « {found.spec.id} ».")
    screen.line("Pour voir ce qu’il contredit\u00a0: terril controler")
    return OK


def _tell(screen: Screen, found: Survey) -> None:
    reader, frame = found.spec.reader, found.frame
    screen.title(f"{found.reads[0].file}\u00a0: {READERS[reader].label} (lecteur « {reader} »)")
    territories = compte(found.territories, "territoire", "territoires")
    if "indicator" not in frame.columns:
        screen.line(f"  {compte(frame.height, 'ligne', 'lignes')}, {territories}")
        return
    screen.line(f"  {compte(frame.height, 'valeur', 'valeurs')}, {territories}")
    screen.table(
        ("indicateur", "libellé", "périodes", "connues", "secrètes", "absentes"),
        [
            (r.indicator, r.label, r.periods, str(r.known), str(r.secret), str(r.missing))
            for r in found.recognised
        ],
    )


def key_value(text: str) -> tuple[str, str]:
    """Return (key, value) of « cle=valeur »; raises what ``argparse`` expects."""
    key, equal, value = text.partition("=")
    if not equal or not key.strip():
        raise argparse.ArgumentTypeError(f"{text} n’est pas de la forme clé=valeur")
    return key.strip(), value.strip()
