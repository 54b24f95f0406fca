"""How does a person get the official files, and know that they are right and up to date?"""

from __future__ import annotations

import argparse
import difflib
import os
from dataclasses import replace
from pathlib import Path
from typing import Final

from terril.catalogue.downloads import Download
from terril.catalogue.load import Catalogue, load_catalogue
from terril.cli.codes import EXIT_CODES, INTERRUPTED, OK, PROBLEMS
from terril.cli.problems import french_spaces, show
from terril.cli.screen import Screen
from terril.editions.declaration import DATA, quoted
from terril.lib.french import nombre
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.sources.datagouv import SERVER
from terril.sources.download import CURRENT, Order, Outcome, download
from terril.sources.origin import SUFFIX, changed_by_hand, read_origin
from terril.sources.project import FILE_NAME, GENERATIONS, Project, read_project
from terril.sources.remote import Refused
from terril.sources.transfer import Patience

#: the address of data.gouv.fr, for those who keep a copy of it
VARIABLE: Final = "TERRIL_DATA_GOUV"

DESCRIPTION: Final = """\
Télécharge les fichiers officiels dans le dossier « donnees » du projet : les périmètres des
quartiers, les listes, les communes, les adresses d’un département, les équipements, les
carreaux. Un fichier n’apparaît que s’il est entier et juste ; son origine (adresse, date,
millésime, empreinte) est notée à côté, dans un fichier « .origine.json ». Une connexion
coupée se reprend : relancez la même commande."""

EXAMPLES: Final = f"""\
exemples :
  terril telecharger                             ce qui peut être téléchargé
  terril telecharger perimetres                  les périmètres des quartiers, 2015 et 2024
  terril telecharger perimetres communes --generation 2024
  terril telecharger adresses --departement 62
  terril telecharger perimetres --remplacer      le fichier officiel a changé
  terril telecharger --verifier                  les fichiers sont-ils tels que reçus ?

Derrière un mandataire (proxy), donnez son adresse dans la variable https_proxy. La variable
{VARIABLE} remplace l’adresse de data.gouv.fr.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "quoi",
        nargs="*",
        help="ce qu’il faut : perimetres, listes, communes, adresses, equipements, carreaux, ou "
        "le code d’une carte ; sans rien, la liste",
    )
    parser.add_argument(
        "--projet",
        type=Path,
        default=Path("."),
        metavar="DOSSIER",
        help="dossier du projet (par défaut le dossier courant)",
    )
    parser.add_argument(
        "--vers", type=Path, metavar="DOSSIER", help=f"dossier des fichiers (par défaut {DATA})"
    )
    parser.add_argument(
        "--generation",
        choices=list(GENERATIONS),
        metavar="ANNEE",
        help="génération des quartiers, 2015 ou 2024 (par défaut les deux)",
    )
    parser.add_argument(
        "--departement", default="", metavar="NN", help="département des adresses, par exemple 62"
    )
    parser.add_argument(
        "--remplacer",
        action="store_true",
        help="remplace un fichier déjà là qui n’est pas, ou plus, le fichier officiel",
    )
    parser.add_argument(
        "--verifier",
        action="store_true",
        help="sans réseau : dit si les fichiers déjà là sont tels qu’ils ont été reçus",
    )
    parser.add_argument(
        "--delai",
        type=float,
        default=30.0,
        metavar="S",
        help="secondes de silence du serveur avant un nouvel essai (30)",
    )
    parser.add_argument(
        "--essais",
        type=int,
        default=5,
        metavar="N",
        help="essais de suite qui n’apportent rien avant de renoncer (5)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """List, verify or fetch."""
    project, folder = _place(arguments)
    catalogue = load_catalogue(project.catalogue_dirs if project else ())
    if arguments.verifier:
        return _verify(folder, screen)
    if not arguments.quoi:
        _list(catalogue, screen)
        return OK
    chosen = _chosen(arguments, catalogue)
    order = Order(
        folder,
        server=os.environ.get(VARIABLE) or SERVER,
        department=arguments.departement.upper(),
        replace=arguments.remplacer,
        patience=Patience(timeout=max(0.1, arguments.delai), tries=max(1, arguments.essais)),
        tell=lambda text: screen.note(f"  {french_spaces(text)}"),
    )
    problems, outcomes = ProblemList(), []
    for code, card in chosen.items():
        screen.note(f"{card.label}…")
        try:
            with screen.progress() as progress:
                outcomes.append(download(code, card, replace(order, progress=progress)))
        except Refused as refusal:
            problems.add(refusal.problem(Where(card.file)))
        except KeyboardInterrupt:
            screen.note(
                "Arrêté. Ce qui est arrivé est gardé : relancez la commande pour reprendre."
            )
            return INTERRUPTED
    show(screen, problems)
    _tell(outcomes, screen)
    _declare(outcomes, chosen, project, screen)
    return PROBLEMS if problems.errors else OK


def _place(arguments: argparse.Namespace) -> tuple[Project | None, Path]:
    """Return the project, when there is one, and the folder of the files."""
    root: Path = arguments.projet
    file = root / FILE_NAME if root.is_dir() else root
    project = read_project(root) if file.is_file() else None
    if arguments.vers is not None:
        return project, arguments.vers
    return project, (project.root if project else root) / DATA


def _chosen(arguments: argparse.Namespace, catalogue: Catalogue) -> dict[str, Download]:
    """Return the cards asked for, by code; raise what is asked and does not exist."""
    cards = catalogue.downloads
    groups = {card.group for card in cards.values()}
    problems = ProblemList()
    chosen: dict[str, Download] = {}
    for word in arguments.quoi:
        if word not in cards and word not in groups:
            near = difflib.get_close_matches(word, [*groups, *cards], 1)
            problems.add(
                Problem(
                    "telechargement-inconnu",
                    Where(),
                    f"« {word} » ne se télécharge pas.",
                    ", ".join(sorted(groups)) + ", ou le code d’une carte.",
                    f"Écrivez « {near[0]} »." if near else "Voyez la liste : terril telecharger",
                )
            )
        asked = arguments.generation
        for code, card in cards.items():
            wanted = code == word or (
                card.group == word and asked in (None, card.generation or asked)
            )
            if wanted:
                chosen[code] = card
    if problems.errors:
        raise ProblemsError(problems)
    return chosen


def _list(catalogue: Catalogue, screen: Screen) -> None:
    screen.table(
        ("groupe", "carte", "fichier", "millésime", "producteur", "licence"),
        [
            (card.group, code, card.file, card.vintage, card.producer, card.licence)
            for code, card in catalogue.downloads.items()
        ],
    )


def _verify(folder: Path, screen: Screen) -> int:
    """Say of each file of a folder that was fetched whether it is as it came."""
    rows, wrong = [], 0
    for note in sorted(folder.glob(f"*{SUFFIX}")):
        path = note.with_name(note.name.removesuffix(SUFFIX))
        origin = read_origin(path)
        if origin is None:
            state, when, vintage = "origine illisible", "–", "–"
        else:
            changed = changed_by_hand(path, origin)
            state = f"changé ou absent : {', '.join(changed)}" if changed else "tel que reçu"
            when, vintage = origin.fetched[:10], origin.vintage
        wrong += state != "tel que reçu"
        rows.append((path.name, french_spaces(state), when, vintage))
    if not rows:
        screen.note(f"Aucun fichier téléchargé par Terril dans {folder}.")
        return OK
    screen.table(("fichier", "état", "téléchargé le", "millésime"), rows)
    return PROBLEMS if wrong else OK


def _tell(outcomes: list[Outcome], screen: Screen) -> None:
    if not outcomes:
        return
    screen.table(
        ("fichier", "état", "millésime", "taille", "empreinte", "vérifiée"),
        [
            (
                str(done.path),
                _state(done),
                done.origin.vintage,
                _size(done.origin.size),
                done.origin.files[done.path.name][:12],
                "data.gouv.fr" if done.origin.checked else "–",
            )
            for done in outcomes
        ],
    )


def _state(done: Outcome) -> str:
    if done.state == CURRENT or not done.resumed:
        return done.state
    return f"{done.state}, repris à {_size(done.resumed)}"


def _size(size: int) -> str:
    """Return bytes as « 12 ko » or « 3,4 Mo »."""
    if size < 1_000_000:
        return f"{nombre(max(1, size / 1000))}\u202fko"
    return f"{nombre(size / 1e6, 1)}\u202fMo"


def _declare(
    outcomes: list[Outcome], chosen: dict[str, Download], project: Project | None, screen: Screen
) -> None:
    """Show what is to be added to terril.toml for files that it does not name yet."""
    notes = [chosen[done.code].note for done in outcomes if chosen[done.code].note]
    for text in notes:
        screen.note(french_spaces(text or ""))
    lines: list[str] = []
    known = _declared(project)
    for done in outcomes:
        card = chosen[done.code].declare
        if card is None or done.path.resolve() in known:
            continue
        name = project.shown(done.path) if project else f"{DATA}/{done.path.name}"
        if card.table == "projet":
            lines += ["[projet]"]
        else:
            lines += [f"[[{card.table}]]"]
        keys = {**card.keys} if card.table == "projet" else {"id": "", "fichier": name, **card.keys}
        lines += [f"{k} = {quoted(v.replace('{fichier}', name))}" for k, v in keys.items()]
        lines.append("")
    if lines:
        screen.line()
        screen.line(f"À ajouter dans {FILE_NAME}\u00a0:")
        for line in lines:
            screen.line(line)


def _declared(project: Project | None) -> set[Path]:
    """Return the files that the project names."""
    if project is None:
        return set()
    specs = (*project.inputs, *project.perimeters, *project.points, *project.microdata)
    files = {spec.file.resolve() for spec in specs}
    return files | ({project.correspondence.resolve()} if project.correspondence else set())
