"""What is said of the difference between two editions?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from terril.cli.codes import EXIT_CODES, OK
from terril.cli.screen import Screen
from terril.editions.diff import Difference, compare
from terril.editions.open import Edition, open_edition
from terril.editions.trace_words import figure
from terril.fiches.model import SIGNAL_WORDS
from terril.lib.dates import periode_courte

DESCRIPTION: Final = """\
Compare deux éditions : les chiffres ajoutés, retirés ou changés, ceux qui deviennent
secrets, les pictogrammes qui changent de couleur, les textes des fiches et les fichiers
lus."""

EXAMPLES: Final = f"""\
exemples :
  terril comparer demo/editions/2020-07-01 demo/editions/2021-07-01
  terril comparer demo/editions/2020-07-01 demo/editions/2021-07-01 --tout
  terril comparer ancienne nouvelle --csv differences   quatre fichiers CSV dans « differences »

{EXIT_CODES}"""

_LIMIT: Final = 40


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("avant", type=Path, help="dossier de la première édition")
    parser.add_argument("apres", type=Path, help="dossier de la seconde édition")
    parser.add_argument(
        "--tout",
        action="store_true",
        help=f"montre toutes les lignes, et non les {_LIMIT} premières",
    )
    parser.add_argument(
        "--csv", type=Path, metavar="DOSSIER", help="écrit aussi les différences en CSV"
    )


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Compare and print."""
    before, after = open_edition(arguments.avant), open_edition(arguments.apres)
    difference = compare(before, after)
    for line in difference.summary():
        screen.line(line)
    limit = None if arguments.tout else _LIMIT
    _show(screen, "Chiffres", _values(before, after, difference), limit)
    _show(screen, "Pictogrammes", _signals(after, difference), limit)
    _show(screen, "Textes des fiches", _texts(difference), limit)
    _show(screen, "Fichiers lus", _files(difference), limit)
    if arguments.csv is not None:
        arguments.csv.mkdir(parents=True, exist_ok=True)
        for name, frame in difference.frames.items():
            frame.write_csv(
                arguments.csv / f"{name}.csv", separator=";", decimal_comma=True, include_bom=True
            )
        screen.note(f"Différences écrites dans {arguments.csv}")
    return OK


Part = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


def _show(screen: Screen, title: str, part: Part, limit: int | None) -> None:
    heads, rows = part
    if not rows:
        return
    screen.line()
    screen.title(f"{title} ({len(rows)})")
    screen.table(heads, rows[:limit])
    if limit is not None and len(rows) > limit:
        screen.note(f"… et {len(rows) - limit} autres\u00a0: --tout les montre, --csv les écrit.")


def _values(before: Edition, after: Edition, difference: Difference) -> Part:
    rows = []
    for row in difference.values.iter_rows(named=True):
        sides = [
            "–"
            if row[f"status_{side}"] is None
            else figure(
                edition.catalogue,
                {
                    "indicator": row["indicator"],
                    "value": row[side],
                    "status": row[f"status_{side}"],
                },
            )
            for side, edition in (("before", before), ("after", after))
        ]
        period = periode_courte(row["period"])
        rows.append((row["change"], row["territory"], row["indicator"], period, *sides))
    return ("changement", "territoire", "indicateur", "période", "avant", "après"), rows


def _signals(after: Edition, difference: Difference) -> Part:
    words: dict[str | None, str] = {code: word for code, word in SIGNAL_WORDS.items()}
    words[None] = "–"
    rows = [
        (
            row["change"],
            row["territory"],
            str(getattr(after.catalogue.themes.get(row["theme"]), "label", row["theme"])),
            words.get(row["before"], str(row["before"])),
            words.get(row["after"], str(row["after"])),
        )
        for row in difference.signals.iter_rows(named=True)
    ]
    return ("changement", "quartier", "thème", "avant", "après"), rows


def _texts(difference: Difference) -> Part:
    rows = [
        (row["change"], row["fiche"], row["part"], row["before"] or "–", row["after"] or "–")
        for row in difference.texts.iter_rows(named=True)
    ]
    return ("changement", "fiche", "partie", "avant", "après"), rows


def _files(difference: Difference) -> Part:
    short = pl.col("before", "after").str.head(12).fill_null("–")
    frame = difference.files.with_columns(short)
    rows = [
        (row["change"], row["document"], row["file"], row["before"], row["after"])
        for row in frame.iter_rows(named=True)
    ]
    return ("changement", "entrée", "fichier", "empreinte avant", "après"), rows
