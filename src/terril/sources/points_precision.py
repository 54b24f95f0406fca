"""How well does the producer say that a place is located?

Each has words of its own (« B », « Géocodé au numéro », « housenumber »); the catalogue turns
them into three: bonne, acceptable, mauvaise (``vocabularies/precision.csv``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.problems import Severity
from terril.sources.context import Context, quoted
from terril.sources.tables import Table


@lru_cache(maxsize=1)
def words() -> Mapping[str, str]:
    """Return word (lower case) → bonne, acceptable, mauvaise, or "" when it says nothing."""
    rows = read_list("vocabularies/precision.csv")
    return MappingProxyType({_plain(row["valeur"]): row["precision"] for row in rows})


def _plain(text: str) -> str:
    return " ".join(text.replace("’", " ").replace("'", " ").split()).lower()


def with_quality(frame: pl.DataFrame, column: str, table: Table, ctx: Context) -> pl.DataFrame:
    """Turn the words of ``column`` into ``xy_quality``; words that nobody knows are told."""
    values = [str(v) for v in frame[column].fill_null("").unique()]
    known = {v: words().get(_plain(v)) for v in values}
    unknown = sorted(v for v in values if v and known[v] is None)
    if unknown:
        ctx.report(
            "precision-inconnue",
            table.where(),
            f"Ces mots ne disent pas la précision des coordonnées : {quoted(unknown[:6])}"
            f"{'…' if len(unknown) > 6 else '.'}",
            "des valeurs de vocabularies/precision.csv.",
            "La précision de ces lieux est tenue pour inconnue ; ils sont comptés.",
            Severity.NOTE,
        )
    coded = {v: word or "" for v, word in known.items()}
    return frame.with_columns(
        pl.col(column)
        .fill_null("")
        .replace_strict(coded, default="", return_dtype=pl.String)
        .alias("xy_quality")
    )
