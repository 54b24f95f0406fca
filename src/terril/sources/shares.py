"""Which part of each neighbourhood of 2015 is in which of 2024, in a file of measured shares?

One line a pair: ``ancien;nouveau;part_ancien;part_nouveau;part_basse;part_haute;base``, shares
from 0 to 1. Terril writes such a file (:func:`write_shares`) and reads it back to the digit; an
analyst may write one from a GIS. A pair whose share is not known has empty cells.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.lib.french import nombre
from terril.lib.problems import ProblemList, Severity
from terril.sources.context import quoted
from terril.sources.numbers import parse_one
from terril.sources.perimeters import Teller, plain_head, texts_of
from terril.sources.tables import Wish, read_table
from terril.territories.correspondence import CORRESPONDENCE
from terril.territories.generations import generation_of

#: heads of the file → columns of ``CORRESPONDENCE``
HEADS: Final = {
    "ancien": "old",
    "nouveau": "new",
    "nom_ancien": "old_label",
    "nom_nouveau": "new_label",
    "statut": "status",
    "part_ancien": "share_old",
    "part_nouveau": "share_new",
    "part_basse": "share_low",
    "part_haute": "share_high",
    "base": "basis",
}
BASES: Final = ("liste", "surface", "population")
_REQUIRED: Final = ("old", "new", "share_old", "share_new")
_SHARES: Final = ("share_old", "share_new", "share_low", "share_high")
_ERROR: Final = Severity.ERROR


def write_shares(correspondence: pl.DataFrame) -> bytes:
    """Return the file of the pairs of ``correspondence`` (``CORRESPONDENCE``), by new then old.

    UTF-8 with BOM, semicolons, decimal commas: a French spreadsheet opens it. Shares are written
    with all their digits.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    pairs = correspondence.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    for row in pairs.sort("new", "old").iter_rows(named=True):
        writer.writerow([_written(row[name]) for name in HEADS.values()])
    return ("\ufeff" + stream.getvalue()).encode()


def _written(value: object) -> str:
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    return "" if value is None else str(value)


def read_shares(
    path: Path, problems: ProblemList, shown: str | None = None, *, negligible: float = 0.0
) -> pl.DataFrame:
    """Read a file of shares; return a frame of ``CORRESPONDENCE``, empty when it is refused.

    Refused with its line: a code of the wrong generation, a pair that stands twice, a share that
    is no number from 0 to 1, bounds that do not hold the share, an unknown base, parts of one
    neighbourhood that make more than the whole. What is ``negligible`` (a share) is a flaw of the
    outlines, not a fault. All are told together.
    """

    def is_head(cells: Sequence[str]) -> bool:
        heads = {plain_head(c) for c in cells}
        return {"ancien", "nouveau"} <= heads

    tables = read_table(
        path, problems, Wish(is_head=is_head, expected=", ".join(HEADS) + "."), shown
    )
    empty = pl.DataFrame(schema=CORRESPONDENCE)
    if not tables:
        return empty
    table = tables[0]
    roles = {
        HEADS[name]: head
        for head in table.heads
        for name in HEADS
        if plain_head(head) == plain_head(name)
    }
    tell = Teller(table, problems)
    absent = [name for name, role in HEADS.items() if role in _REQUIRED and role not in roles]
    if absent:
        tell.say(
            "colonne-absente", table.head_line, "", f"Il manque {quoted(absent)}.",
            ", ".join(HEADS) + ".", "Ajoutez ces colonnes.", _ERROR,
        )  # fmt: skip
        return empty
    before = len(problems.errors)
    rows = [_row(row, roles, negligible, tell) for row in texts_of(table, roles)]
    frame = pl.DataFrame([row for row in rows if row], schema={**CORRESPONDENCE, "line": pl.Int32})
    _check_whole(frame, negligible, tell)
    tell.end()
    if len(problems.errors) > before:
        return empty
    halved = frame.with_columns(error=(pl.col("share_high") - pl.col("share_low")) / 2)
    return halved.select(pl.col(n).cast(t) for n, t in CORRESPONDENCE.items()).sort("new", "old")


def _row(
    row: dict[str, Any], roles: dict[str, str], negligible: float, tell: Teller
) -> dict[str, Any] | None:
    line = row["line"]
    codes = {"old": row["old"].upper(), "new": row["new"].upper()}
    for role, year in (("old", "2015"), ("new", "2024")):
        if generation_of(codes[role]) != year:
            tell.say(
                "code-quartier", line, roles[role],
                f"« {row[role]} » n’est pas un code de quartier de {year}.",
                "QP…, de 2015, dans « ancien » ; QN…, de 2024, dans « nouveau ».", "", _ERROR,
            )  # fmt: skip
            return None
    shares: dict[str, float | None] = {}
    for role in _SHARES:
        text = row.get(role, "")
        value = parse_one(text) if text else None
        if text and (value is None or not 0.0 <= value <= 1.0):
            tell.say(
                "part-illisible", line, roles[role],
                f"« {text} » n’est pas une part.", "un nombre de 0 à 1, par exemple 0,82.",
                "Divisez par 100 si c’est un pourcentage.", _ERROR,
            )  # fmt: skip
            return None
        shares[role] = value
    share = shares["share_old"]
    low = shares["share_low"] if shares["share_low"] is not None else 0.0
    high = shares["share_high"] if shares["share_high"] is not None else 1.0
    flaw = negligible + 1e-9  # what the outlines lack is held to be the whole
    if share is not None and not low - flaw <= share <= high + flaw:
        tell.say(
            "bornes-part", line, roles.get("share_low", roles["share_old"]),
            f"La part de {codes['old']} dans {codes['new']} n’est pas entre ses bornes.",
            "part_basse, part_ancien et part_haute dans cet ordre.", "", _ERROR,
        )  # fmt: skip
        return None
    basis = row.get("basis", "").lower() or "surface"
    if basis not in BASES:
        tell.say(
            "base-inconnue", line, roles["basis"], f"La base « {row['basis']} » n’existe pas.",
            f"{', '.join(BASES)}.", "", _ERROR,
        )  # fmt: skip
        return None
    return {
        **codes, **shares, "share_low": low, "share_high": high, "basis": basis, "line": line,
        "status": row.get("status", ""), "status_text": "", "error": None,
        "old_label": row.get("old_label", ""), "new_label": row.get("new_label", ""),
    }  # fmt: skip


def _check_whole(frame: pl.DataFrame, negligible: float, tell: Teller) -> None:
    """Tell the pairs that stand twice, and the neighbourhoods whose parts exceed the whole."""
    doubled = frame.filter(pl.struct("old", "new").is_duplicated() & ~_first(frame))
    for old, new, line in doubled.select("old", "new", "line").iter_rows():
        tell.say(
            "paire-double", line, "", f"{old} et {new} sont déjà sur une autre ligne.",
            "une ligne par paire de quartiers.", "Supprimez la ligne en trop.", _ERROR,
        )  # fmt: skip
    for side, share, words in (
        ("old", "share_old", "dans les nouveaux"),
        ("new", "share_new", "dans les anciens"),
    ):
        sums = frame.group_by(side).agg(pl.col(share).sum(), pl.col("line").max()).sort(side)
        for code, total, line in sums.iter_rows():
            if total is not None and total > 1.0 + negligible + 1e-9:
                tell.say(
                    "parts-de-trop", line, "",
                    f"Les parts de {code} {words} font {nombre(100 * total, 1)} %.",
                    "100 % au plus, à la précision des tracés près.", "Vérifiez la mesure.", _ERROR,
                )  # fmt: skip


def _first(frame: pl.DataFrame) -> pl.Series:
    return frame.select(pl.struct("old", "new").is_first_distinct()).to_series()
