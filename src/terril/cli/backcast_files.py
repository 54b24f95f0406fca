"""How are estimates given so that nobody takes them for figures?

``estimations.csv`` for a spreadsheet, ``estimations.xlsx`` with its read-me, ``parts.csv`` (the
shares they rest on, which the verb reads back) and ``LISEZMOI.txt``. Each line says « estimé »,
between which bounds, and from which neighbourhoods; what is refused has a line too, with why.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.editions.open import Edition
from terril.lib.dates import date_longue, periode_courte
from terril.lib.french import compte, liste, nombre
from terril.lib.problems import Problem, ProblemsError, Where
from terril.lib.prose import typographie
from terril.reports.csv_tables import BOM, decimal, harmless
from terril.reports.engine import write_atomic
from terril.reports.lookup import Lookup
from terril.reports.sheet import Book, Content, Head, Number
from terril.sources.shares import write_shares

_BASES: Final = {"liste": "liste officielle", "surface": "surface", "population": "population"}
_STATUS: Final = {
    "secret": "secret",
    "non_significatif": "non significatif",
    "not_applicable": "sans objet",
}
_REFUSED: Final = "non estimé"
#: columns of the files, with their width in a workbook
_HEADS: Final = (
    ("code", 12), ("quartier", 34), ("indicateur", 40), ("libellé", 50), ("unité", 9),
    ("période", 11), ("ventilation", 12), ("nature", 10), ("valeur", 12), ("au moins", 12),
    ("au plus", 12), ("erreur", 10), ("d’après", 26), ("réparti selon", 24),
    ("part couverte, %", 11), ("état", 16), ("pourquoi", 60),
)  # fmt: skip
_NUMBERS: Final = ("valeur", "au moins", "au plus", "erreur", "part couverte, %")


def write_estimates(
    edition: Edition, found: pl.DataFrame, correspondence: pl.DataFrame, folder: Path
) -> list[Path]:
    """Write the estimates (``BACKCAST``) into ``folder``; return the files.

    Raises ``ProblemsError`` (``dossier-protege``) when they cannot be written.
    """
    lookup = Lookup(edition)
    rows = list(_rows(lookup, found, correspondence))
    explained = read_me(edition, found)
    members = found.select(pl.col("members").explode()).to_series().unique()
    used = correspondence.filter(
        pl.col("new").is_in(found["territory"].unique().implode())
        & pl.col("old").is_in(members.implode())
    )
    try:
        files = {
            "estimations.csv": _csv(rows),
            "parts.csv": write_shares(used),
            "LISEZMOI.txt": ("\r\n\r\n".join(explained) + "\r\n").encode(),
        }
        for name, content in files.items():
            write_atomic(folder / name, content)
        workbook = folder / "estimations.xlsx"
        with tempfile.TemporaryDirectory(dir=folder, prefix=".terril-") as place:
            work = Path(place) / workbook.name
            _workbook(edition, rows, explained, work)
            os.replace(work, workbook)
    except OSError as error:
        raise ProblemsError([_unwritable(folder, error)]) from error
    return [folder / "estimations.csv", workbook, folder / "parts.csv", folder / "LISEZMOI.txt"]


def read_me(edition: Edition, found: pl.DataFrame) -> list[str]:
    """Return what one must know before using the estimates, a paragraph each."""
    least = edition.catalogue.number("retropolation_couverture")
    known = found.filter(pl.col("refused") == "").height
    texts = [
        f"Chiffres de 2015 estimés dans les périmètres de 2024, {edition.contract}. D’après "
        f"l’édition du {date_longue(edition.edition)}{' (brouillon)' if edition.draft else ''} : "
        f"{compte(known, 'estimation', 'estimations')}, "
        f"{compte(found.height - known, 'refus', 'refus')}.",
        "Aucun document ne donne ces chiffres : ils sont estimés. Ne les mêlez pas aux chiffres "
        "publiés, et ne les comparez pas à ceux de 2024 sans citer leurs bornes.",
        "Un effectif est réparti selon la part de chaque ancien quartier qui est dans le nouveau. "
        "Un taux passe par son numérateur et son dénominateur. Une médiane, un indice, une "
        "moyenne ne se répartissent pas.",
        "« Au moins » et « au plus » sont les deux répartitions extrêmes : les habitants d’un "
        "quartier coupé en deux peuvent tous vivre du même côté. « Erreur » est le plus grand "
        "écart entre la valeur et l’une des deux.",
        f"Rien n’est estimé quand plus de {nombre(100 * (1 - least))} % du nouveau périmètre "
        "n’était dans aucun quartier de 2015, quand une part n’est pas mesurée, ou quand un "
        "chiffre d’un ancien quartier est secret ou inconnu : la raison est écrite.",
        "parts.csv donne les parts dont les estimations se servent ; terril retropoler --parts "
        "le relit.",
    ]
    return [typographie(text) for text in texts]


def _rows(
    lookup: Lookup, found: pl.DataFrame, correspondence: pl.DataFrame
) -> Iterator[dict[str, Any]]:
    """Yield the lines under their heads: numbers rounded as the indicator is printed."""
    listed = correspondence.select("new", "new_label").drop_nulls().unique("new")
    names = {code: label for code, label in listed.iter_rows() if label}
    for row in found.iter_rows(named=True):
        card = lookup.catalogue.indicators[row["indicator"]]
        unit = lookup.catalogue.units[card.unit]
        estimated = not row["refused"]

        def number(value: float | None, digits: int = card.decimals) -> Number | None:
            kept = value is not None and value != float("inf")
            return Number(value or 0.0, digits) if kept else None

        yield {
            "code": row["territory"],
            "quartier": lookup.name_of_code(row["territory"]) or names.get(row["territory"], ""),
            "indicateur": row["indicator"],
            "libellé": card.label,
            "unité": unit.symbol or unit.head,
            "période": periode_courte(row["period"]),
            "ventilation": row["breakdown"],
            "nature": row["origin"] if estimated else "",
            "valeur": number(row["value"]),
            "au moins": number(row["low"]),
            "au plus": number(row["high"]),
            "erreur": number(row["error"]),
            "d’après": liste(row["members"]),
            "réparti selon": liste([_BASES.get(b, b) for b in row["basis"].split(" + ")]),
            "part couverte, %": number(
                None if row["coverage"] is None else 100 * row["coverage"], 1
            ),
            "état": row["origin"] if estimated else _STATUS.get(row["status"], _REFUSED),
            "pourquoi": typographie(row["refused"]),
        }


def _csv(rows: list[dict[str, Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(name for name, _ in _HEADS)
    for row in rows:
        writer.writerow(_text(row[name]) for name, _ in _HEADS)
    return (BOM + stream.getvalue()).encode()


def _text(cell: Content) -> str:
    if isinstance(cell, Number):
        return decimal(cell.value, cell.decimals, ",")
    return "" if cell is None else harmless(str(cell))


def _workbook(
    edition: Edition, rows: list[dict[str, Any]], explained: list[str], path: Path
) -> None:
    title = "Chiffres de 2015 estimés dans les périmètres de 2024"
    under = f"{edition.contract}, d’après l’édition du {date_longue(edition.edition)}"
    with Book(path, title=title, subject=edition.contract, edition=edition.edition) as book:
        sheet = book.sheet("Lisez-moi", title=title, subtitle=under)
        for number, text in enumerate(explained):
            sheet.text(text, strong=number == 1, across=9, lines=3)
        for name, chosen in (
            ("Estimations", [row for row in rows if not row["pourquoi"]]),
            ("Refus", [row for row in rows if row["pourquoi"]]),
        ):
            if not chosen:
                continue
            sheet = book.sheet(name, title=f"{name} – {title.lower()}", subtitle=under)
            sheet.head(
                [
                    Head(head[0].upper() + head[1:], width, right=head in _NUMBERS)
                    for head, width in _HEADS
                ],
                freeze=2,
            )
            for row in chosen:
                sheet.line([row[head] for head, _ in _HEADS])
            sheet.filter()


def _unwritable(folder: Path, error: OSError) -> Problem:
    return Problem(
        code="dossier-protege",
        where=Where(file=str(folder)),
        what=f"Les estimations ne peuvent pas y être écrites ({error.strerror or error}).",
        remedy="Vérifiez la place libre et vos droits, ou donnez un autre dossier avec --vers.",
    )
