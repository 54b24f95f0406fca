"""What number, or what absence of number, is written in this cell?

French tables write « 12 811 », « 19,6 % », « 1 234,5 € » with three kinds of spaces, or put
a token in the place of the figure: ``s``, ``ns``, ``nd``, « Pas de donnée », ``-``. A token
is never zero. Vectorised: polars expressions over a column of texts.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.sources.vocabulary import tokens

#: spaces met inside numbers: plain, no-break, narrow no-break, thin, figure space, tab
SPACES: Final = " \u00a0\u202f\u2009\u2007\t"
_SPACE_CLASS: Final = "[ \\x{00A0}\\x{202F}\\x{2009}\\x{2007}\\t]"
_UNITS: Final = r"(?:%|€|euros?|eur|pts?|points?|hab\.?|habitants?|m²|m2|ans?)"
#: after spaces between digits, unit, and signs were normalised
_NUMBER: Final = r"^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+,\d+)?(?:[.,]\d+)?(?:[eE][+-]?\d+)?$"
_GROUPED: Final = rf"^[+-]?\d{{1,3}}(?:{_SPACE_CLASS}\d{{3}})+(?:[.,]\d+)?$"
_SPACED: Final = rf"\d{_SPACE_CLASS}+\d"

VALUE, STATUS, DECIMALS, ERROR = "value", "status", "decimals", "unreadable"


def trimmed(raw: pl.Expr) -> pl.Expr:
    """Return the text without spaces of any kind at its ends; null gives the empty text."""
    return raw.fill_null("").str.strip_chars(SPACES + "\r\n\ufeff")


def parse(raw: pl.Expr, empty_status: pl.Expr | str = "missing") -> list[pl.Expr]:
    """Return the expressions ``value``, ``status``, ``decimals``, ``unreadable``.

    ``raw``: a column of texts. ``value`` is Float64, null unless the status is ``ok``;
    ``decimals`` the digits written after the mark (Int8); ``unreadable`` true when the cell
    is neither a number, nor a known token, nor empty. An empty cell gets ``empty_status``.
    A comma is the decimal mark; a dot too, unless it groups thousands before a comma.
    """
    text = trimmed(raw).str.normalize("NFC")
    token = (
        text.str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .replace_strict(dict(tokens()), default=None, return_dtype=pl.String)
    )
    bare = text.str.replace(rf"(?i){_SPACE_CLASS}*{_UNITS}$", "").str.replace(
        "^[\u2212\u2013]", "-"
    )
    bare = bare.str.replace(rf"^([+-]){_SPACE_CLASS}+", "$1")
    spaced = bare.str.contains(_SPACED)
    grouped = bare.str.contains(_GROUPED)
    joined = pl.when(grouped).then(bare.str.replace_all(_SPACE_CLASS, "")).otherwise(bare)
    well_formed = joined.str.contains(_NUMBER) & joined.str.contains(r"\d") & (~spaced | grouped)
    dotted_groups = joined.str.contains(r"\.\d{3}.*,")
    plain = (
        pl.when(dotted_groups).then(joined.str.replace_all(".", "", literal=True)).otherwise(joined)
    ).str.replace(",", ".", literal=True)
    number = pl.when(well_formed).then(plain).cast(pl.Float64, strict=False)
    value = pl.when(token.is_null()).then(number)
    fraction = plain.str.extract(r"\.(\d+)", 1).str.len_chars().fill_null(0)
    empty = text == ""
    empty_as = empty_status if isinstance(empty_status, pl.Expr) else pl.lit(empty_status)
    status = (
        pl.when(empty).then(empty_as)
        .when(token.is_not_null()).then(token)
        .otherwise(pl.lit("ok"))
    )  # fmt: skip
    return [
        value.alias(VALUE),
        status.alias(STATUS),
        pl.when(value.is_not_null()).then(fraction).cast(pl.Int8).alias(DECIMALS),
        (~empty & token.is_null() & number.is_null()).alias(ERROR),
    ]


def parse_one(text: str) -> float | None:
    """Return the number written in one text, or ``None``."""
    row = pl.DataFrame({"raw": [text]}).select(parse(pl.col("raw"))[0])
    value = row.item()
    return None if value is None else float(value)
