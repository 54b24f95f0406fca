"""Where does our own count differ from the one the producer makes of its own points?

The Insee says of each piece in which neighbourhood it is, and how surely: 1 sure, 2 likely, 3 at
random. Its count is that of 1 and 2; those of 3 are reported. A disagreement is not a mistake of
either: perimeters are drawn more or less finely, addresses stand on the street. The distance to
the border says which are of this sort.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from terril.lib.french import avec_unite, compte
from terril.lib.problems import Severity
from terril.observations.findings import Finding
from terril.territories.geometry import Layer
from terril.territories.geometry_points import distances_to_edges

Schema = dict[str, pl.DataType | type[pl.DataType]]

#: pieces that we and the producer do not place in the same neighbourhood
DISAGREEMENTS: Final[Schema] = {
    "territory": pl.String,  # whose border is measured: the producer's, else ours
    "id": pl.String,
    "type": pl.String,  # the producer's code
    "card": pl.String,
    "label": pl.String,
    "ours": pl.String,  # neighbourhood where the coordinates fall, "" for none
    "theirs": pl.String,  # neighbourhood that the producer says, "" for none
    "quality": pl.String,  # « 1 », « 2 », « 3 », ""
    "distance_m": pl.Float64,  # from the point to the border, null when not placed
    "xy_quality": pl.String,
    "document": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "line": pl.Int32,
}

#: the two counts side by side, where the producer gives one
SIDE_BY_SIDE: Final[Schema] = {
    "territory": pl.String,
    "type": pl.String,  # label of a type card
    "ours": pl.Int32,  # by coordinates, those placed at random included
    "theirs": pl.Int32,  # said sure or likely (1, 2), or without quality
    "theirs_random": pl.Int32,  # said at random (3)
}
RANDOM: Final = "3"


@dataclass(frozen=True)
class Check:
    """Our count beside the producer's: by type, piece by piece, and in sentences."""

    counts: pl.DataFrame  # SIDE_BY_SIDE
    disagreements: pl.DataFrame  # DISAGREEMENTS
    findings: tuple[Finding, ...]


def check(points: pl.DataFrame, placed: pl.DataFrame, layer: Layer) -> Check:
    """Compare, for the documents that say a neighbourhood of the generation of ``layer``.

    ``points``: the points that count; ``placed``: the same, one row a point × outline (columns
    territory, where). Neighbourhoods that the layer has not are passed over.
    """
    column = f"qpv_{layer.generation}"
    nothing = Check(_empty(SIDE_BY_SIDE), _empty(DISAGREEMENTS), ())
    if layer.nature != "qpv" or column not in points.columns:
        return nothing
    told = points.filter(pl.col(column) != "")["document"].unique()
    points = points.filter(pl.col("document").is_in(told.to_list()))
    if points.is_empty():
        return nothing
    inside = (
        placed.filter(pl.col("where") == "inside")
        .group_by("id")
        .agg(pl.col("territory").sort().first().alias("ours"), pl.col("territory").alias("every"))
    )
    known = pl.col(column).is_in(list(layer.codes))
    both = points.join(inside, on="id", how="left", maintain_order="left").with_columns(
        pl.col("ours").fill_null(""),
        pl.when(known).then(pl.col(column)).otherwise(pl.lit("")).alias("theirs"),
        pl.col(f"{column}_quality").alias("quality"),
    )
    apart = both.filter(
        (pl.col("ours") != pl.col("theirs"))
        & ~pl.col("every").list.contains(pl.col("theirs")).fill_null(False)
    )
    disagreements = _measured(apart, layer)
    return Check(_side_by_side(both), disagreements, tuple(_findings(disagreements, layer)))


def _empty(schema: Schema) -> pl.DataFrame:
    return pl.DataFrame(schema=schema)


def _measured(apart: pl.DataFrame, layer: Layer) -> pl.DataFrame:
    whose = pl.when(pl.col("theirs") != "").then("theirs").otherwise("ours")
    apart = apart.with_columns(whose.alias("territory"))
    metres = distances_to_edges(
        layer,
        apart["territory"].to_list(),
        apart["x"].fill_null(float("nan")).to_numpy(),
        apart["y"].fill_null(float("nan")).to_numpy(),
    )
    return (
        apart.with_columns(pl.Series("distance_m", metres, dtype=pl.Float64).fill_nan(None))
        .sort("territory", "quality", "distance_m", "id", nulls_last=True)
        .select(pl.col(name).cast(dtype) for name, dtype in DISAGREEMENTS.items())
    )


def _side_by_side(both: pl.DataFrame) -> pl.DataFrame:
    random = pl.col("quality") == RANDOM
    ours = (
        both.filter(pl.col("ours") != "")
        .group_by(pl.col("ours").alias("territory"), pl.col("card").alias("type"))
        .agg(pl.len().alias("ours"))
    )
    theirs = (
        both.filter(pl.col("theirs") != "")
        .group_by(pl.col("theirs").alias("territory"), pl.col("card").alias("type"))
        .agg((~random).sum().alias("theirs"), random.sum().alias("theirs_random"))
    )
    return (
        ours.join(theirs, on=["territory", "type"], how="full", coalesce=True)
        .with_columns(pl.col("ours", "theirs", "theirs_random").fill_null(0))
        .sort("territory", "type")
        .select(pl.col(name).cast(dtype) for name, dtype in SIDE_BY_SIDE.items())
    )


def _findings(disagreements: pl.DataFrame, layer: Layer) -> list[Finding]:
    """Say, a neighbourhood at a time, what the producer places otherwise, and how far off."""
    labels = dict(zip(layer.codes, layer.labels, strict=True))
    found: list[Finding] = []
    for (code,), rows in disagreements.group_by("territory", maintain_order=True):
        territory = str(code)
        name = f"{labels.get(territory, '')} ({territory})".strip()
        sure = rows.filter(pl.col("quality") != RANDOM)
        out = sure.filter(pl.col("theirs") == territory)
        more = sure.filter(pl.col("theirs") != territory)
        random = rows.filter(pl.col("quality") == RANDOM)
        parts = []
        if out.height:
            parts.append(
                f"le producteur y place {compte(out.height, 'équipement', 'équipements')} que "
                f"leurs coordonnées mettent ailleurs{_far(out)}"
            )
        if more.height:
            parts.append(
                f"les coordonnées y placent {compte(more.height, 'équipement', 'équipements')} que "
                f"le producteur n’y met pas{_far(more)}"
            )
        if random.height:
            there = compte(random.height, "équipement y est placé", "équipements y sont placés")
            parts.append(f"{there} au hasard par le producteur")
        found.append(
            Finding(
                "comptes-du-producteur",
                Severity.NOTE,
                "",
                territory,
                "",
                f"{name} : {' ; '.join(parts)}.",
                _places(rows),
            )
        )
    return found


def _far(rows: pl.DataFrame) -> str:
    """Say how far from the border they are: « , à 12 m au plus de la limite »."""
    metres = rows["distance_m"].drop_nulls()
    if metres.is_empty():
        return ""
    return f", à {avec_unite(float(np.ceil(metres.max())), 0, 'm')} au plus de la limite"  # type: ignore[arg-type]


def _places(rows: pl.DataFrame, limit: int = 10) -> tuple[str, ...]:
    first = rows.select("file", "line").head(limit).rows()
    return tuple(f"{file}, ligne {line}" if line is not None else file for file, line in first)
