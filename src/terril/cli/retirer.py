"""How is a published edition withdrawn?"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Final

from terril.cli.codes import EXIT_CODES, OK
from terril.cli.parser import iso_date
from terril.cli.problems import french_spaces
from terril.cli.screen import Screen
from terril.editions.withdraw import is_sealed, withdraw
from terril.lib.dates import date_longue

DESCRIPTION: Final = """\
Retire une édition publiée : une note dans le registre, à côté des éditions, dit depuis
quand, pourquoi, et par quelle édition elle est remplacée. Rien n’est effacé, aucun fichier
de l’édition ne change, et le retrait reste au registre. Ensuite, terril publier refuse
l’édition retirée, et toutes les commandes qui l’ouvrent le disent."""

EXAMPLES: Final = f"""\
exemples :
  terril retirer demo/editions/2020-07-01 --motif "Revenus d’une autre année."
  terril retirer demo/editions/2020-07-01 --motif "Erreur d’unité." --remplacee-par 2020-09-01
  terril retirer demo/editions/2020-07-01 --motif "Erreur d’unité." --date 2020-08-15

Le motif sera lu par tous : ni nom de personne, ni chiffre secret.
Ce qui est déjà diffusé (PDF, tableaux) ne change pas tout seul : prévenez vos lecteurs.

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("edition", type=Path, help="dossier de l’édition à retirer")
    parser.add_argument(
        "--motif", required=True, metavar="TEXTE", help="pourquoi, en une phrase, pour les lecteurs"
    )
    parser.add_argument(
        "--remplacee-par",
        type=iso_date,
        metavar="AAAA-MM-JJ",
        help="date de l’édition qui la remplace, publiée ou à venir",
    )
    parser.add_argument(
        "--date",
        type=past_date,
        metavar="AAAA-MM-JJ",
        help="date du retrait (par défaut aujourd’hui)",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Withdraw, and say what it means."""
    on = arguments.date or dt.date.today().isoformat()
    notice = withdraw(
        arguments.edition, arguments.motif, on=on, replacement=arguments.remplacee_par or ""
    )
    screen.title(notice.text)
    screen.line("  Ses fichiers n’ont pas changé\u00a0; le registre garde cette note.")
    if notice.replacement and not is_sealed(arguments.edition.resolve().parent, notice.replacement):
        screen.note(
            french_spaces(
                f"L’édition du {date_longue(notice.replacement)} n’est pas encore scellée : "
                f"terril construire --date {notice.replacement}"
            )
        )
    screen.note(
        "Les documents déjà diffusés restent chez vos lecteurs\u00a0: prévenez-les, et retirez-les "
        "des sites où ils sont."
    )
    return OK


def past_date(text: str) -> str:
    """Return ``text`` when it is a date that is not to come; raises what ``argparse`` expects."""
    date = iso_date(text)
    if date > dt.date.today().isoformat():
        raise argparse.ArgumentTypeError(f"{text} est à venir, et le registre ne se corrige pas")
    return date
