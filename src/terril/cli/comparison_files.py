"""How are all the differences between two editions given as CSV and as a workbook?

One file, or one sheet, a kind of difference, in the order of importance. As on the screen, a
figure that one of the editions holds secret has no value here.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from terril.editions.diff import Difference
from terril.fiches.model import SIGNAL_WORDS
from terril.lib.dates import date_longue
from terril.lib.french import nombre
from terril.lib.problems import Problem, ProblemsError, Where
from terril.observations.schema import Status
from terril.reports.comparison_words import UNSHOWN, Names, kind_word, slot_name, unit_of
from terril.reports.engine import write_atomic
from terril.reports.sheet import LAST_ROW, Book, Content, Head, Number, lines_of

_STATUS: Final = {
    Status.OK.value: "publié",
    Status.SECRET.value: "secret",
    Status.NOT_SIGNIFICANT.value: "non significatif",
    Status.MISSING.value: "pas de donnée",
    Status.NOT_APPLICABLE.value: "sans objet",
}
_WIDTHS: Final = {
    "changement": 13, "genre": 15, "code": 14, "territoire": 34, "indicateur": 34, "libellé": 44,
    "période": 12, "ventilation": 12, "unité": 7, "avant": 16, "après": 16, "statut avant": 16,
    "statut après": 16, "cause": 20, "fichier avant": 34, "fichier après": 34, "thème": 16,
    "sûreté avant, %": 10, "sûreté après, %": 10, "fiche": 18, "partie": 18, "carte": 22,
    "champ": 16, "nature": 11, "entrée": 16, "fichier": 40, "feuille": 18, "non montré": 12,
}  # fmt: skip
#: the signs of ``reports.sheet.RISKY``
_FORMULA: Final = r"^([=+\-@\t\r\n])"
_LONG_WIDTH: Final = 60
_LONG: Final = ("Textes", "Cartes", "Territoires", "Fichiers")


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list: its file, its sheet, its rows under French heads."""

    file: str
    sheet: str
    frame: pl.DataFrame
    decimals: str = ""  # name of the column that says how the numbers of a row are printed


def listings(found: Difference, names: Names) -> Iterator[Listing]:
    """Yield the lists in the order of importance; an empty one too."""
    secret = _values(found.dangers, names)
    secret = secret.drop("avant", "après", "unité", "non montré")
    yield Listing("secret", "Secret", secret, "décimales")
    yield Listing("cartes", "Cartes", _cards(found.cards))
    yield Listing("valeurs", "Chiffres", _values(found.values, names), "décimales")
    yield Listing("signaux", "Pictogrammes", _signals(found.signals, names))
    yield Listing("textes", "Textes", _texts(found.texts, names))
    yield Listing("territoires", "Territoires", _territories(found.territories))
    yield Listing("fichiers", "Fichiers", _files(found.files))
    yield Listing("arrondis", "Arrondis", _values(found.roundings, names), "décimales")


def write_csv(found: Difference, names: Names, folder: Path) -> list[Path]:
    """Write one CSV a list into ``folder``: UTF-8 with BOM, semicolons, decimal commas.

    Raises ``ProblemsError`` (``dossier-protege``) when it cannot be written.
    """
    written = []
    try:
        for listing in listings(found, names):
            frame = listing.frame.drop(listing.decimals, strict=False)
            stream = io.BytesIO()
            _harmless(frame).write_csv(
                stream, separator=";", decimal_comma=True, include_bom=True, line_terminator="\r\n"
            )
            path = folder / f"{listing.file}.csv"
            write_atomic(path, stream.getvalue())
            written.append(path)
    except OSError as error:
        raise ProblemsError([_unwritable(folder, error, "--csv")]) from error
    return written


def write_workbook(found: Difference, names: Names, path: Path) -> None:
    """Write all the lists into one workbook, a summary first.

    The same two editions give the same bytes. Raises ``ProblemsError`` when it cannot be
    written (``dossier-protege``) or is not named as a workbook (``classeur-nom``).
    """
    if path.suffix.lower() != ".xlsx":
        raise ProblemsError(
            [
                Problem(
                    "classeur-nom",
                    Where(file=str(path)),
                    "Le nom du classeur ne finit pas par .xlsx.",
                    "par exemple differences.xlsx.",
                    "Corrigez l’option --xlsx.",
                )
            ]
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".terril-") as place:
            work = Path(place) / "differences.xlsx"
            _workbook(found, names, work)
            os.replace(work, path)
    except OSError as error:
        raise ProblemsError([_unwritable(path, error, "--xlsx")]) from error


def _workbook(found: Difference, names: Names, path: Path) -> None:
    title = "Comparaison de deux éditions"
    under = f"du {date_longue(found.before)} au {date_longue(found.after)}"
    with Book(path, title=title, subject=names.after.contract, edition=found.after) as book:
        sheet = book.sheet("Résumé", title=title, subtitle=under)
        for warning in found.warnings:
            sheet.text(warning, strong=True, across=9, lines=2)
        for line in found.summary():
            sheet.text(line.strip(), strong=line.startswith("DANGER"))
        for listing in listings(found, names):
            if not listing.frame.is_empty():
                _sheet(book, listing, under)


def _sheet(book: Book, listing: Listing, under: str) -> None:
    columns = [name for name in listing.frame.columns if name != listing.decimals]
    most = LAST_ROW - 10
    cut = max(0, listing.frame.height - most)
    note = f"… et {nombre(cut)} lignes de plus\u00a0: voir le CSV." if cut else ""
    sheet = book.sheet(listing.sheet, title=listing.sheet, subtitle=under, note=note)
    wide = listing.sheet in _LONG
    sheet.head(
        [
            Head(
                name[0].upper() + name[1:],
                _LONG_WIDTH if wide and name in ("avant", "après") else _WIDTHS.get(name, 14),
                wrap=wide and name in ("avant", "après"),
                right=listing.frame.schema[name].is_numeric(),
            )
            for name in columns
        ],
        freeze=min(2, len(columns)),
    )
    for row in listing.frame.head(most).iter_rows(named=True):
        cells = [_cell(row[name], row.get(listing.decimals)) for name in columns]
        sheet.line(cells, height=_height(row) if wide else None)
    sheet.filter()


def _height(row: dict[str, Any]) -> float:
    """Return the height of a row whose texts wrap, so that none is cut."""
    lines = max(lines_of(str(row[side] or ""), _LONG_WIDTH) for side in ("avant", "après"))
    return min(13.5 * lines + 2, 400)


def _cell(value: Any, decimals: int | None) -> Content:
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return Number(value, 2 if decimals is None else decimals)
    return None if value is None else str(value)


def _values(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    codes = frame["indicator"].unique().to_list()
    return _named(frame, names).select(
        pl.col("change").alias("changement"),
        pl.col("_kind").alias("genre"),
        pl.col("territory").alias("code"),
        pl.col("_name").alias("territoire"),
        pl.col("indicator").alias("indicateur"),
        _word("indicator", {code: names.indicator(code) for code in codes}).alias("libellé"),
        pl.col("period").alias("période"),
        pl.col("breakdown").alias("ventilation"),
        _word("indicator", {code: unit_of(names.after, code) for code in codes}).alias("unité"),
        pl.col("before").alias("avant"),
        pl.col("after").alias("après"),
        _word("status_before", _STATUS).alias("statut avant"),
        _word("status_after", _STATUS).alias("statut après"),
        pl.when("hidden").then(pl.lit(UNSHOWN)).otherwise(pl.lit("")).alias("non montré"),
        pl.col("cause"),
        pl.col("file_before").alias("fichier avant"),
        pl.col("file_after").alias("fichier après"),
        pl.col("decimals").alias("décimales"),
    )


def _named(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    places = frame.select("kind", "territory").unique()
    known = places.with_columns(
        pl.Series("_name", [names.territory(*row) for row in places.rows()], dtype=pl.String),
        pl.Series("_kind", [kind_word(row[0]) for row in places.rows()], dtype=pl.String),
    )
    return frame.join(known, on=["kind", "territory"], how="left", maintain_order="left")


def _word(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=pl.col(column), return_dtype=pl.String)


def _signals(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    words = {str(code): word for code, word in SIGNAL_WORDS.items()}
    themes = {code: names.theme(code) for code in frame["theme"].unique()}
    return _named(frame.with_columns(kind=pl.lit("qpv")), names).select(
        pl.col("change").alias("changement"),
        pl.col("territory").alias("code"),
        pl.col("_name").alias("territoire"),
        _word("theme", themes).alias("thème"),
        _word("before", words).alias("avant"),
        _word("after", words).alias("après"),
        (100 * pl.col("sureness_before")).round().cast(pl.Int64).alias("sûreté avant, %"),
        (100 * pl.col("sureness_after")).round().cast(pl.Int64).alias("sûreté après, %"),
        pl.col("cause"),
    )


def _texts(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    fiches = {code: slot_name(names, code) for code in frame["fiche"].unique()}
    return frame.select(
        pl.col("change").alias("changement"),
        _word("fiche", fiches).alias("fiche"),
        pl.col("part").alias("partie"),
        pl.col("before").alias("avant"),
        pl.col("after").alias("après"),
    )


def _cards(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("nature"),
        pl.col("change").alias("changement"),
        pl.col("kind").alias("carte"),
        pl.col("code"),
        pl.col("label").alias("libellé"),
        pl.col("field").alias("champ"),
        pl.col("before").alias("avant"),
        pl.col("after").alias("après"),
    )


def _territories(frame: pl.DataFrame) -> pl.DataFrame:
    kinds = {kind: kind_word(kind) for kind in frame["kind"].unique()}
    return frame.select(
        pl.col("change").alias("changement"),
        _word("kind", kinds).alias("genre"),
        pl.col("code"),
        pl.col("before").alias("avant"),
        pl.col("after").alias("après"),
    )


def _files(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("change").alias("changement"),
        pl.col("document").alias("entrée"),
        pl.col("file").alias("fichier"),
        pl.col("sheet").alias("feuille"),
        pl.col("before").alias("avant"),
        pl.col("after").alias("après"),
    )


def _harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before the texts that a spreadsheet would take for a formula."""
    return frame.with_columns(cs.string().str.replace(_FORMULA, "'${1}"))


def _unwritable(path: Path, error: OSError, option: str) -> Problem:
    return Problem(
        code="dossier-protege",
        where=Where(file=str(path)),
        what=f"Les différences ne peuvent pas y être écrites ({error.strerror or error}).",
        remedy=f"Vérifiez la place libre et vos droits, ou donnez un autre endroit avec {option}.",
    )
