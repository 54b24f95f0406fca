"""What must not enter an edition although a document states it?

Secrecy first: when one document blanks a figure and another prints it, the figure shown is
secret. The printed value would still leave the house in the table of statements, so it is
blanked there too when the edition is sealed; who said it, and where, stays. The raw file
remains with the analyst.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.observations.schema import KEY, Status

#: what stands in the place of the cell as it was written
MASKED: Final = "(masqué : secret statistique)"


def mask(statements: pl.DataFrame, retained: pl.DataFrame) -> pl.DataFrame:
    """Return ``statements`` without the values of the figures that ``retained`` holds secret.

    Same rows, same columns. A masked row has the status ``secret``, no value, no number of
    decimals, and :data:`MASKED` as its cell.
    """
    secret = retained.filter(pl.col("status") == Status.SECRET).select(*KEY).unique()
    hidden = pl.col("_secret") & pl.col("value").is_not_null()
    return (
        statements.join(
            secret.with_columns(_secret=pl.lit(True)),
            on=list(KEY),
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("_secret").fill_null(False))
        .with_columns(
            value=pl.when(hidden).then(None).otherwise(pl.col("value")),
            decimals=pl.when(hidden).then(None).otherwise(pl.col("decimals")),
            status=pl.when(hidden).then(pl.lit(Status.SECRET.value)).otherwise(pl.col("status")),
            raw=pl.when(hidden).then(pl.lit(MASKED)).otherwise(pl.col("raw")),
        )
        .drop("_secret")
    )
