"""How is one file read, judged, and taken into a project or refused?"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.load import Catalogue, load_catalogue
from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.declaration import DATA, bring_in, entry, identity, put
from terril.cli.problems import count, show
from terril.cli.screen import Screen
from terril.lib.dates import periode_courte
from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.observations.schema import Status
from terril.sources.project import FILE_NAME, InputSpec, Project, read_project
from terril.sources.read import READERS, FileRead, read_input
from terril.territories.registry import Territories, read_territories

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
    catalogue = load_catalogue(project.catalogue_dirs)
    problems = ProblemList()
    territories = read_territories(project.territories_file, problems)
    problems.raise_errors()
    spec = _spec(arguments, project)
    spec, frame, reads = _read(spec, arguments.lecteur, project, territories, catalogue, problems)
    show(screen, problems)
    if problems.errors or not reads:
        screen.note(f"{arguments.fichier.name} est refusé ({count(problems)}). Rien n’est changé.")
        if any("terril.toml" in problem.remedy for problem in problems.errors):
            screen.note(
                "Un réglage à écrire dans terril.toml se donne ici par --option, "
                "par exemple\u00a0: --option doublons=garder"
            )
        return PROBLEMS
    _tell(screen, spec, frame, reads, catalogue)
    if arguments.essai:
        screen.line("Essai seulement\u00a0: rien n’est changé.")
        return OK
    if arguments.remplacer:
        target = next(item.file for item in project.inputs if item.id == spec.id)
        put(arguments.fichier, target)
        screen.line(f"{project.shown(target)} est remplacé.")
        return OK
    bring_in(project, arguments.fichier, _entry(spec, arguments.fichier))
    screen.line(f"Ajouté au projet\u00a0: {DATA}/{arguments.fichier.name}, entrée « {spec.id} ».")
    screen.line("Pour voir ce qu’il contredit\u00a0: terril controler")
    return OK


def _spec(arguments: argparse.Namespace, project: Project) -> InputSpec:
    name = arguments.id or identity(arguments.fichier)
    declared = {item.id: item for item in project.inputs}
    where = Where(file=FILE_NAME, column="id")
    if arguments.remplacer:
        if name not in declared:
            raise ProblemsError(
                [
                    Problem(
                        "entree-absente",
                        where,
                        f"Aucune entrée « {name} » n’est déclarée.",
                        f"l’une de {', '.join(declared) or 'celles que vous déclarerez'}.",
                        "Donnez son nom avec --id, ou importez sans --remplacer.",
                    )
                ]
            )
        return dataclasses.replace(declared[name], file=arguments.fichier)
    if name in declared:
        raise ProblemsError(
            [
                Problem(
                    "entree-existante",
                    where,
                    f"L’entrée « {name} » est déjà déclarée.",
                    "un nom par fichier.",
                    "Donnez un autre nom avec --id, ou remplacez son fichier avec --remplacer.",
                )
            ]
        )
    return InputSpec(
        id=name,
        file=arguments.fichier,
        reader=arguments.lecteur or "",
        priority=50 if arguments.priorite is None else arguments.priorite,
        source=arguments.source,
        sheet=arguments.feuille,
        label=arguments.libelle or "",
        options=dict(arguments.option),
    )


def _read(
    spec: InputSpec,
    asked: str | None,
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    problems: ProblemList,
) -> tuple[InputSpec, pl.DataFrame, tuple[FileRead, ...]]:
    """Read with the reader asked for or declared, else with the one that fits best."""
    tried = []
    for name in [spec.reader] if spec.reader else list(READERS):
        heard = ProblemList()
        candidate = dataclasses.replace(spec, reader=name)
        frame, reads = read_input(candidate, project, territories, catalogue, heard)
        # a reader that had to pass over lines to find its head has not recognised the file
        from_the_top = all(problem.code != "titres-au-dessus" for problem in heard)
        fit = (bool(reads), from_the_top, not heard.errors, -len(heard.errors))
        tried.append((fit, candidate, frame, reads, heard))
    _, candidate, frame, reads, heard = max(tried, key=lambda item: item[0])
    problems.extend(heard)
    return candidate, frame, reads


def _tell(
    screen: Screen,
    spec: InputSpec,
    frame: pl.DataFrame,
    reads: tuple[FileRead, ...],
    catalogue: Catalogue,
) -> None:
    read = reads[0]
    screen.title(f"{read.file}\u00a0: {READERS[spec.reader].label} (lecteur « {spec.reader} »)")
    territories = compte(frame["territory"].n_unique(), "territoire", "territoires")
    if "indicator" not in frame.columns:
        screen.line(f"  {compte(frame.height, 'ligne', 'lignes')}, {territories}")
        return
    screen.line(f"  {compte(frame.height, 'valeur', 'valeurs')}, {territories}")
    rows = (
        frame.group_by("indicator")
        .agg(
            periods=pl.col("period").unique().sort(),
            known=(pl.col("status") == Status.OK).sum(),
            secret=(pl.col("status") == Status.SECRET).sum(),
            total=pl.len(),
        )
        .sort("indicator")
    )
    screen.table(
        ("indicateur", "libellé", "périodes", "connues", "secrètes", "absentes"),
        [
            (
                row["indicator"],
                str(catalogue.indicators[row["indicator"]].label),
                ", ".join(periode_courte(period) for period in row["periods"]),
                str(row["known"]),
                str(row["secret"]),
                str(row["total"] - row["known"] - row["secret"]),
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def _entry(spec: InputSpec, file: Path) -> str:
    return entry(
        {
            "id": spec.id,
            "fichier": f"{DATA}/{file.name}",
            "lecteur": spec.reader,
            "priorite": spec.priority,
            "source": spec.source,
            "feuille": spec.sheet,
            "libelle": spec.label,
            **spec.options,
        }
    )


def key_value(text: str) -> tuple[str, str]:
    """Return (key, value) of « cle=valeur »; raises what ``argparse`` expects."""
    key, equal, value = text.partition("=")
    if not equal or not key.strip():
        raise argparse.ArgumentTypeError(f"{text} n’est pas de la forme clé=valeur")
    return key.strip(), value.strip()
