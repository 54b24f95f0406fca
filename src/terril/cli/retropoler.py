"""What would the figures of 2015 have been in the perimeters of 2024, when somebody asks?

Only published figures are apportioned: an edition is read, never a file. Nothing goes back into
an edition; the estimates are files of their own, each figure said « estimé » with its error.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation
from terril.cli.backcast_files import write_estimates
from terril.cli.codes import EXIT_CODES, OK
from terril.cli.problems import french_spaces, show
from terril.cli.screen import Screen
from terril.editions.open import Edition, open_edition
from terril.indicators.backcast import backcast
from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.sources.shares import read_shares
from terril.territories.correspondence import confront
from terril.territories.generations import generation

DESCRIPTION: Final = """\
Estime ce qu’auraient été les chiffres des quartiers de 2015 dans les périmètres de 2024. Seuls
les chiffres publiés d’une édition sont répartis : un effectif selon la part de chaque ancien
quartier, un taux par son numérateur et son dénominateur. Une médiane, un indice, un taux sans
dénominateur connu sont refusés, avec la raison. Chaque estimation est dite telle, avec ses
bornes, et ne rejoint jamais les chiffres de l’édition."""

EXAMPLES: Final = f"""\
exemples :
  terril retropoler demo --vers estimations
  terril retropoler demo emploi.nb_defm_abc emploi.part_rsa_defm --vers estimations
  terril retropoler demo/editions/2020-07-01 --parts parts.csv --vers estimations

Il faut la part de chaque ancien quartier dans le nouveau. L’édition la connaît quand le projet
déclare les périmètres des deux générations ([[perimetres]]) ; sans eux, la liste officielle ne
la donne que pour les périmètres inchangés. --parts lit un fichier de parts mesurées :
ancien;nouveau;part_ancien;part_nouveau;part_basse;part_haute;base.

{EXIT_CODES}"""

_LIMIT: Final = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "edition", type=Path, help="dossier d’un projet (sa dernière édition) ou d’une édition"
    )
    parser.add_argument(
        "indicateurs",
        nargs="*",
        metavar="INDICATEUR",
        help="codes des indicateurs (par défaut, tous les effectifs et toutes les parts)",
    )
    parser.add_argument(
        "--vers", type=Path, required=True, metavar="DOSSIER", help="dossier des fichiers écrits"
    )
    parser.add_argument(
        "--parts", type=Path, metavar="FICHIER", help="parts mesurées, en CSV ou en classeur"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Estimate and write."""
    edition = open_edition(arguments.edition)
    if edition.notice is not None:
        screen.note(edition.notice.text, "bold")
    problems = ProblemList()
    correspondence = _correspondence(edition, arguments.parts, problems)
    figures = edition.retained.filter(
        (pl.col("kind") == "qpv") & (generation(pl.col("territory")) == "2015")
    )
    codes = _asked(edition, arguments.indicateurs, figures, problems)
    if figures.is_empty():
        problems.add(_no_figures(edition))
    problems.raise_errors()
    show(screen, problems)
    found = backcast(figures, correspondence, edition.catalogue, codes)
    if found.is_empty():
        raise ProblemsError([_nobody(edition)])
    written = write_estimates(edition, found, correspondence, arguments.vers)
    _tell(screen, edition, found)
    for path in written:
        screen.line(f"  {path}")
    return OK


def _correspondence(edition: Edition, path: Path | None, problems: ProblemList) -> pl.DataFrame:
    """Return the correspondence of the edition, with the shares of a file when there is one."""
    official = edition.correspondence
    if path is None:
        if official.is_empty():
            problems.add(
                Problem(
                    "correspondance-absente",
                    Where(file=str(edition.path)),
                    "L’édition ne sait pas quel quartier de 2024 suit lequel de 2015.",
                    "la liste officielle, les périmètres des deux générations, ou des parts.",
                    "Déclarez « correspondance » dans [projet] de terril.toml et refaites "
                    "l’édition, ou donnez un fichier avec --parts.",
                )
            )
        return official
    flaw = edition.catalogue.number("recouvrement_negligeable")
    measured = read_shares(path, problems, path.name, negligible=flaw)
    if official.is_empty() or measured.is_empty():
        return measured
    return confront(official, measured, problems)


def _asked(
    edition: Edition, asked: Sequence[str], figures: pl.DataFrame, problems: ProblemList
) -> list[str]:
    """Return the indicators to estimate; all that have a figure of 2015 when none is named."""
    catalogue = edition.catalogue
    for code in asked:
        if code not in catalogue.indicators:
            near = get_close_matches(code, catalogue.indicators, 3)
            problems.add(
                Problem(
                    "indicateur-inconnu",
                    Where(file=str(edition.path)),
                    f"L’édition ne connaît pas l’indicateur « {code} ».",
                    "un code d’indicateur, comme revenus.taux_pauvrete.",
                    f"Est-ce {' ou '.join(near)} ?" if near else "",
                )
            )
    if asked:
        return [code for code in dict.fromkeys(asked) if code in catalogue.indicators]
    held = set(figures["indicator"])
    return [code for code in catalogue.indicators if code in held and _parts(code, catalogue)]


def _parts(code: str, catalogue: Catalogue) -> bool:
    """Is it a figure that apportioning means something for: a count, or a part of one?"""
    card = catalogue.indicators[code]
    return card.aggregation is Aggregation.SUM or catalogue.unit(code).per is not None


def _tell(screen: Screen, edition: Edition, found: pl.DataFrame) -> None:
    known = found.filter(pl.col("refused") == "")
    screen.title(
        f"{compte(known.height, 'estimation', 'estimations')} d’après l’édition du "
        f"{date_longue(edition.edition)}, {compte(found.height - known.height, 'refus', 'refus')}"
    )
    reasons = Counter(found.filter(pl.col("refused") != "")["refused"].to_list())
    for reason, count in reasons.most_common():
        screen.line(f"  {count}\u00a0: {french_spaces(reason)}")
    rows = known.select("territory", "indicator", "period", "text").head(_LIMIT)
    screen.table(
        ("quartier", "indicateur", "période", "estimation"),
        [tuple(french_spaces(str(cell)) for cell in row) for row in rows.iter_rows()],
    )
    if known.height > _LIMIT:
        screen.note(f"… et {known.height - _LIMIT} autres, dans les fichiers.")


def _no_figures(edition: Edition) -> Problem:
    return Problem(
        "chiffre-absent",
        Where(file=str(edition.path)),
        "L’édition n’a aucun chiffre d’un quartier de 2015 (code QP…).",
        "des chiffres à répartir dans les périmètres de 2024.",
        "Ajoutez les fichiers de l’époque au projet (terril importer), puis refaites l’édition.",
    )


def _nobody(edition: Edition) -> Problem:
    return Problem(
        "correspondance-absente",
        Where(file=str(edition.path)),
        "Aucun quartier de 2024 ne suit un quartier de 2015 dont l’édition a un chiffre.",
        "une correspondance qui cite les quartiers de l’édition.",
        "Vérifiez les codes de la liste officielle, ou de --parts.",
    )
