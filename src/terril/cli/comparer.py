"""What is said of the difference between two editions?

On the screen, what matters first and little of each: dangers for secrecy, then the method,
the figures, the pictograms, the texts, the files. The whole lists go to CSV or to a workbook.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.cli.codes import EXIT_CODES, OK, PROBLEMS
from terril.cli.comparison_files import write_csv, write_workbook
from terril.cli.screen import Screen
from terril.editions.diff import UNQUOTED, Difference, compare
from terril.editions.diff_cards import WORDING
from terril.editions.diff_figures import BLANKED, UNVEILED
from terril.editions.open import open_edition
from terril.lib.dates import periode_courte
from terril.lib.french import nombre
from terril.reports.comparison_words import (
    Names,
    excerpts,
    figure_pair,
    kind_word,
    signal_cells,
    slot_name,
)

DESCRIPTION: Final = """\
Compare deux éditions et dit d’abord ce qui compte le plus : les chiffres publiés par l’une
et secrets dans l’autre, ce qui change dans la méthode, les chiffres (au-delà de l’arrondi),
les pictogrammes, les textes, les territoires et les fichiers lus. Un chiffre que l’une des
deux éditions tient secret n’est jamais montré."""

EXAMPLES: Final = f"""\
exemples :
  terril comparer demo/editions/2020-07-01 demo/editions/2021-07-01
  terril comparer demo/editions/2020-07-01 demo/editions/2021-07-01 --tout
  terril comparer ancienne nouvelle --csv differences        tout, en CSV
  terril comparer ancienne nouvelle --xlsx differences.xlsx  tout, dans un classeur
  terril comparer ancienne nouvelle --strict                 code 1 si elles diffèrent

{EXIT_CODES}"""

_LIMIT: Final = 15

Part = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("avant", type=Path, help="dossier de la première édition")
    parser.add_argument("apres", type=Path, help="dossier de la seconde édition")
    parser.add_argument(
        "--tout",
        action="store_true",
        help=f"montre toutes les lignes, et non les {_LIMIT} premières de chaque liste",
    )
    parser.add_argument(
        "--csv", type=Path, metavar="DOSSIER", help="écrit toutes les différences en CSV"
    )
    parser.add_argument(
        "--xlsx", type=Path, metavar="FICHIER", help="écrit toutes les différences en classeur"
    )
    parser.add_argument(
        "--strict", action="store_true", help="finit avec le code 1 si les éditions diffèrent"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Compare and print."""
    before, after = open_edition(arguments.avant), open_edition(arguments.apres)
    difference = compare(before, after)
    names = Names(before, after)
    for warning in difference.warnings:
        screen.note(warning, "bold")
    for line in difference.summary():
        screen.line(line, "bold red" if line.startswith("DANGER") else "")
    if not difference.same:
        _details(screen, difference, names, None if arguments.tout else _LIMIT)
    if arguments.csv is not None:
        write_csv(difference, names, arguments.csv)
        screen.note(f"Différences écrites dans {arguments.csv}")
    if arguments.xlsx is not None:
        write_workbook(difference, names, arguments.xlsx)
        screen.note(f"Différences écrites dans {arguments.xlsx}")
    return PROBLEMS if arguments.strict and not difference.same else OK


def _details(screen: Screen, found: Difference, names: Names, limit: int | None) -> None:
    _dangers(screen, found, names, limit)
    _cards(screen, found, limit)
    _figures(screen, found, names, limit)
    _signals(screen, found, names, limit)
    _texts(screen, found, names, limit)
    _territories(screen, found, limit)
    _files(screen, found, limit)


def _dangers(screen: Screen, found: Difference, names: Names, limit: int | None) -> None:
    rows = [
        (
            "publié puis secret" if row["change"] == BLANKED else "secret puis publié",
            row["territory"],
            names.territory(row["kind"], row["territory"]),
            names.indicator(row["indicator"]),
            periode_courte(row["period"]),
            row["cause"],
        )
        for row in _head(found.dangers.sort("change", descending=True), limit)
    ]
    heads = ("danger", "code", "territoire", "indicateur", "période", "cause")
    _show(screen, "Secret", (heads, rows), found.dangers.height)
    if found.dangers.height:
        screen.line(
            "Une valeur publiée une fois est connue pour toujours\u00a0: la masquer ensuite ne la "
            "protège plus, et elle aide à retrouver celles que l’autre édition cache."
        )


def _cards(screen: Screen, found: Difference, limit: int | None) -> None:
    frame = found.cards.filter(pl.col("nature") != WORDING)
    rows = [
        (
            row["change"],
            row["kind"],
            row["code"],
            row["field"] or "–",
            *(excerpts(row["before"], row["after"], 48) if row["field"] else ("–", "–")),
        )
        for row in _head(frame, limit)
    ]
    heads = ("changement", "carte", "code", "champ", "avant", "après")
    _show(screen, "Méthode", (heads, rows), frame.height)


def _figures(screen: Screen, found: Difference, names: Names, limit: int | None) -> None:
    frame = found.values.filter(~pl.col("change").is_in([BLANKED, UNVEILED]))
    order = pl.col("change").replace_strict(
        {"valeur": 2, "statut": 3, "ajouté": 4, "retiré": 5}, default=1, return_dtype=pl.Int8
    )
    ordered = frame.sort(order, -pl.col("size").fill_null(-1.0), maintain_order=True)
    rows = [
        (
            row["change"],
            row["territory"],
            names.territory(row["kind"], row["territory"]),
            row["indicator"],
            periode_courte(row["period"]),
            *figure_pair(names, row),
            row["cause"],
        )
        for row in _head(ordered, limit)
    ]
    heads = ("changement", "code", "territoire", "indicateur", "période", "avant", "après", "cause")
    _show(screen, "Chiffres", (heads, rows), frame.height, names.by_theme(frame))


def _signals(screen: Screen, found: Difference, names: Names, limit: int | None) -> None:
    frame = found.signals
    steps = {"favorable": 1, "moyen": 0, "difficile": -1}
    far = (
        pl.col("before").replace_strict(steps, default=None, return_dtype=pl.Int8)
        - pl.col("after").replace_strict(steps, default=None, return_dtype=pl.Int8)
    ).abs()
    moved = (pl.col("sureness_before") - pl.col("sureness_after")).abs()
    ordered = frame.sort(
        pl.col("change") == "sûreté",
        -far.fill_null(0),
        -moved.fill_null(0.0),
        maintain_order=True,
    )
    rows = [
        (
            row["change"],
            row["territory"],
            names.territory("qpv", row["territory"]),
            names.theme(row["theme"]),
            *signal_cells(row),
            row["cause"],
        )
        for row in _head(ordered, limit)
    ]
    heads = (
        *("changement", "code", "quartier", "thème"),
        *("avant", "sûr à", "après", "sûr à", "cause"),
    )
    _show(screen, "Pictogrammes", (heads, rows), frame.height)


def _texts(screen: Screen, found: Difference, names: Names, limit: int | None) -> None:
    rows = [
        (
            row["change"],
            slot_name(names, row["fiche"]),
            row["part"],
            *_quoted(row),
        )
        for row in _head(found.texts.sort("hidden", maintain_order=True), limit)
    ]
    heads = ("changement", "fiche", "partie", "avant", "après")
    _show(screen, "Textes des fiches", (heads, rows), found.texts.height)


def _quoted(row: dict[str, Any]) -> tuple[str, str]:
    if row["hidden"]:
        first, second = (
            "(non cité)" if row[side] == UNQUOTED else (row[side] or "–")[:60]
            for side in ("before", "after")
        )
        return first, second
    return excerpts(row["before"] or "–", row["after"] or "–", 60)


def _territories(screen: Screen, found: Difference, limit: int | None) -> None:
    rows = [
        (
            row["change"],
            kind_word(row["kind"]),
            row["code"],
            row["before"] or "–",
            row["after"] or "–",
        )
        for row in _head(found.territories, limit)
    ]
    heads = ("changement", "genre", "code", "avant", "après")
    _show(screen, "Territoires", (heads, rows), found.territories.height)


def _files(screen: Screen, found: Difference, limit: int | None) -> None:
    rows = [
        (
            row["change"],
            row["document"],
            row["file"],
            (row["before"] or "–")[:12],
            (row["after"] or "–")[:12],
        )
        for row in _head(found.files, limit)
    ]
    heads = ("changement", "entrée", "fichier", "empreinte avant", "après")
    _show(screen, "Fichiers lus", (heads, rows), found.files.height)


def _head(frame: pl.DataFrame, limit: int | None) -> list[dict[str, Any]]:
    return (frame if limit is None else frame.head(limit)).to_dicts()


def _show(screen: Screen, title: str, part: Part, total: int, under: str = "") -> None:
    heads, rows = part
    if not rows:
        return
    screen.line()
    screen.title(f"{title} ({nombre(total)})")
    if under:
        screen.line(under)
    screen.table(heads, rows)
    if total > len(rows):
        rest = total - len(rows)
        more = "autre" if rest == 1 else "autres"
        screen.line(f"… et {nombre(rest)} {more}\u00a0: --tout, --csv ou --xlsx donnent la suite.")
