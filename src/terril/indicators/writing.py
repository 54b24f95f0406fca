"""How is a formula written for the reader who traces a figure?

« 606 / 1 837 × 100 »: the terms as France writes numbers, with the decimals of their
document. A formula that has no result is written with the names of its terms, so that
nothing of a secret shows.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.catalogue.schema import Formula
from terril.lib.french import MINUS, nombre

_SIGNS: Final = {"ratio": " / ", "share": " / ", "sum": " + ", "difference": f" {MINUS} "}


def written(value: float) -> str:
    """Write a factor: « 100 », « 1 000 », « 0,5 »."""
    whole = value == int(value)
    return nombre(value, 0 if whole else len(f"{value:f}".rstrip("0").partition(".")[2]))


def with_decimals(frame: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Add ``text``: the value with its written decimals, else those of its card.

    A value that we computed has no written decimals; two more than its card's keep it honest
    without printing all that the machine holds.
    """
    shown = pl.coalesce(pl.col("decimals").cast(pl.Int64), pl.lit(decimals + 2))
    pairs = frame.select("value", _decimals=shown).unique().drop_nulls("value")
    texts = pairs.with_columns(
        text=pl.Series([nombre(value, places) for value, places in pairs.rows()], dtype=pl.String)
    )
    return (
        frame.with_columns(_decimals=shown)
        .join(texts, on=["value", "_decimals"], how="left")
        .drop("_decimals")
    )


def without_values(formula: Formula) -> pl.Expr:
    """Return the formula with the codes of its terms: « a / b », « 100 − a − b »."""
    sign = _SIGNS.get(formula.form, f" {MINUS} ")
    head = f"100 {MINUS} " if formula.form == "complement" else ""
    if formula.form == "index_of_ratios":
        sign, head = " ; ", f"indice base {formula.base} = 100 : "
    return pl.lit(head + sign.join(formula.terms))
