"""How many people live in a perimeter, when what is known is by IRIS or by other areas?

The same shares, bounds and errors as from a grid (``apportion``), from outlines of any shape. The
contrast of density cannot be measured there: it is the one declared, or 1; the error takes all
the people of an area to live in one place, the most cautious.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import liste
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.places.apportion import (
    CONTRAST,
    MASK,
    SURFACE,
    Apportioned,
    Mask,
    estimate,
    tell_unmasked,
    with_shares,
)
from terril.places.apportion_scale import Scale
from terril.territories.geometry import Layer, intersections
from terril.territories.geometry_grid import overlay, points_within

_SHOWN: Final = 6


def apportion_areas(
    source: Layer,
    values: pl.DataFrame,
    zones: Layer,
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    mask: Mask | None = None,
    names: tuple[str, str] = ("IRIS", "IRIS"),
) -> Apportioned:
    """Estimate population and mean living standard of outlines from areas that cover them.

    ``values``: code, population, and living (sum of living standards, €; may be absent or null).
    An area without value is told and counts as not covering. Both layers in one grid.
    """
    pieces = overlay(source, zones)
    held = pl.DataFrame({"code": source.codes, "area": source.areas()}).with_row_index("x")
    told = values.with_columns(
        living=pl.col("living") if "living" in values.columns else pl.lit(None, pl.Float64)
    ).select("code", pl.col("population", "living").cast(pl.Float64))
    cut = (
        pieces.attributes.with_columns(
            shared=pl.Series(pieces.areas()), piece=pl.Series(pieces.codes)
        )
        .drop_nulls("b")
        .rename({"a": "code", "b": "zone"})
        .join(held, on="code", how="left", maintain_order="left")
        .join(told, on="code", how="left", maintain_order="left")
    )
    _tell_unknown(cut, problems, source)
    known = pl.col("population").is_not_null()
    whole = pl.col("area")  # null where no area covers the outline
    part = pl.when(whole > 0).then(pl.col("shared") / whole).otherwise(1.0)
    cells = cut.with_columns(
        x=pl.col("x").cast(pl.Int64).fill_null(-1),
        y=pl.lit(0, pl.Int64),
        area="shared",
        part=pl.when(part > 1 - 1e-9).then(1.0).otherwise(part),
        population=pl.col("population").fill_null(0.0),
        living=pl.when(known).then("living").otherwise(0.0),
        imputed=pl.lit(value=False),
        known=known,
        masked=_masked(mask, source, pieces, cut),
    ).with_columns(dense=pl.col("part").sum().over("x").clip(0.0, 1.0))
    scale = Scale(contrast=catalogue.number("repartition_contraste") or 1.0)
    method = MASK if mask is not None else (CONTRAST if scale.contrast != 1.0 else SURFACE)
    shared = with_shares(cells, pl.lit(scale.contrast))
    estimates = estimate(shared, catalogue, scale, method, names)
    if mask is not None:
        tell_unmasked(shared, mask.label, problems, source.file)
    return Apportioned(shared, estimates, scale, method)


def _masked(mask: Mask | None, source: Layer, pieces: Layer, cut: pl.DataFrame) -> pl.Series:
    """Return the share of each area's mask that is in the piece, null where it has none."""
    if mask is None:
        return pl.Series([None] * cut.height, dtype=pl.Float64)
    if mask.outlines is not None:
        layer = mask.outlines
        density = mask.weights / np.maximum(layer.areas(), 1e-9)
        by_code = pl.DataFrame({"a": layer.codes, "density": density})
        weight = (
            intersections(layer, pieces)
            .join(by_code, on="a")
            .group_by(piece="b")
            .agg(weight=(pl.col("area") * pl.col("density")).sum())
        )
    else:
        xy = np.zeros((0, 2)) if mask.points is None else mask.points
        row, point = points_within(pieces, xy, mask.crs)
        weight = (
            pl.DataFrame({"piece": [pieces.codes[i] for i in row], "weight": mask.weights[point]},
                         schema={"piece": pl.String, "weight": pl.Float64})
            .group_by("piece")
            .agg(pl.col("weight").sum())
        )  # fmt: skip
    every = pl.DataFrame({"piece": pieces.codes}).with_columns(pieces.attributes["a"])
    total = (
        every.join(weight, on="piece")
        .drop_nulls("a")
        .group_by("a")
        .agg(total=pl.col("weight").sum())
    )
    return (
        cut.select("piece", a="code")
        .join(weight, on="piece", how="left", maintain_order="left")
        .join(total, on="a", how="left", maintain_order="left")
        .select(
            pl.when(pl.col("total") > 0).then(
                (pl.col("weight").fill_null(0.0) / pl.col("total")).clip(0.0, 1.0)
            )
        )
        .to_series()
    )


def _tell_unknown(cut: pl.DataFrame, problems: ProblemList, source: Layer) -> None:
    codes = (
        cut.filter(pl.col("population").is_null() & pl.col("code").is_not_null())["code"]
        .unique()
        .sort()
        .to_list()
    )
    if codes:
        problems.add(
            Problem(
                "decoupage-sans-valeur",
                Where(source.file),
                f"Sans population connue : {liste(codes[:_SHOWN])}"
                f"{' …' if len(codes) > _SHOWN else ''}.",
                "une population par code.",
                "Ce qu’ils couvrent n’est pas compté ; complétez les valeurs.",
                Severity.WARNING,
            )
        )
