"""How many people live in a perimeter that no producer has counted, and how wrong may it be?

Squares of a grid are apportioned to outlines. A square wholly inside counts whole. A square that
is cut counts for a share of its people:

*surface*: the share of its surface (areal weighting), which undercounts neighbourhoods that are
denser than what is around them; *contraste*: the share of surface where one square metre of
these outlines weighs as much as ``contrast`` square metres of the rest (measured on the grid,
``apportion_scale``); *masque*: the share of what the mask holds, buildings or addresses
(dasymetric); where a square has inhabitants and no mask, the former.

Every share is between 0 and 1 and the shares of a square sum to 1 at most: nobody is counted
twice nor lost. Bounds: the squares wholly inside, and those touched. The standard error has two
parts: that of the shares, measured on the grid, and what separates the grid from the official
population even so (``repartition_ecart_source``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import compte, nombre
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.places.apportion_scale import Scale, measure
from terril.places.apportion_words import told
from terril.sources.grid import Grid
from terril.territories.geometry import Layer
from terril.territories.geometry_grid import grid_parts, mask_parts, point_parts

Floats = npt.NDArray[np.float64]

#: one row a square × outline that meet
CELLS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "zone": pl.String,
    "x": pl.Int64,  # corner of the square; of an irregular source: its row, and 0
    "y": pl.Int64,
    "area": pl.Float64,  # m² that they share
    "part": pl.Float64,  # of the square's surface that is in the outline, 0–1
    "dense": pl.Float64,  # the same for all the outlines together
    "masked": pl.Float64,  # share of the square's mask in the outline; null without mask there
    "population": pl.Float64,  # of the whole square; 0 when the file does not name it
    "living": pl.Float64,  # sum of living standards, €
    "imputed": pl.Boolean,
    "known": pl.Boolean,  # is the square within the extent of the file?
    "share": pl.Float64,  # of the square's people that are in the outline, 0–1
}

#: one row an outline × quantity
ESTIMATES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "zone": pl.String,
    "quantity": pl.String,  # population | living
    "value": pl.Float64,  # persons; € a year for living; null when refused
    "low": pl.Float64,  # bounds
    "high": pl.Float64,
    "error": pl.Float64,  # standard error, same unit
    "method": pl.String,  # surface | contraste | masque | calage
    "contrast": pl.Float64,  # of the outline
    "whole": pl.Int32,  # inhabited squares wholly inside
    "cut": pl.Int32,  # inhabited squares that are cut
    "imputed": pl.Float64,  # part of the people estimated that is in imputed squares, 0–1
    "unmasked": pl.Float64,  # part that is in squares without mask; null without mask
    "empty": pl.Float64,  # part of the surface where the file names no square
    "outside": pl.Float64,  # part of the surface beyond the extent of the file
    "refused": pl.String,  # French: why there is no value; "" when there is one
    "text": pl.String,  # French: the note that goes with the figure
}

SURFACE: Final = "surface"
CONTRAST: Final = "contraste"
MASK: Final = "masque"
_SQUARES: Final = ("carreau habité", "carreaux habités")
_BEYOND: Final = "le fichier ne couvre pas tout le périmètre"
_NOBODY: Final = "aucun habitant n’y est estimé"
_NO_LIVING: Final = "le fichier ne donne pas les niveaux de vie"


# nobody of a square that is cut is known to be in, or out; with a mask, only where it says so
#: is a square surely inside? may some of its people be?
INSIDE: Final = (pl.col("part") >= 1.0) | (pl.col("masked") >= 1.0 - 1e-9).fill_null(value=False)
TOUCHED: Final = ~(pl.col("masked") == 0.0).fill_null(value=False)


@dataclass(frozen=True)
class Mask:
    """Where people live within the squares: outlines (buildings) or points (addresses).

    ``weights``: one each (dwellings, floors…). ``label``: with article, for the notes.
    """

    weights: Floats
    label: str
    outlines: Layer | None = None
    points: Floats | None = None  # (n, 2), metres
    crs: int = 0  # of the points


def mask_of(layer: Layer, label: str = "les bâtiments", weight: str = "") -> Mask:
    """Return the mask of a layer of nature « emprise »: by surface, or by a column of weights.

    Raises ``KeyError`` when the column is not there, ``ValueError`` when a weight is not a
    number, 0 or more.
    """
    if not weight:
        return Mask(layer.areas(), label, layer)
    values = layer.attributes[weight].cast(pl.Float64, strict=False).to_numpy().astype(np.float64)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError(f"a weight of « {weight} » is not a number, 0 or more")
    return Mask(values, label, layer)


@dataclass(frozen=True)
class Apportioned:
    """The squares with their shares, what was measured on the grid, and the estimates."""

    cells: pl.DataFrame  # CELLS
    estimates: pl.DataFrame  # ESTIMATES
    scale: Scale
    method: str


def apportion(
    grid: Grid,
    zones: Layer,
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    mask: Mask | None = None,
    method: str | None = None,
    reference: Layer | None = None,
) -> Apportioned:
    """Estimate the population and the mean living standard of each outline.

    ``method``: by default « masque » with a mask, « contraste » without; « surface » gives the
    plain areal weighting, to compare with. ``reference``: outlines of the same kind on which
    contrast and error are measured when those to estimate are too few. Outlines that overlap are
    told, and each is then apportioned as if it were alone.
    """
    chosen = method or (MASK if mask is not None else CONTRAST)
    used = mask if chosen == MASK else None
    cells, weights = meeting(grid, zones, used, problems)
    scale = measure(cells, grid, catalogue, mask=weights, contrasted=chosen != SURFACE)
    if not scale.zones and reference is not None:
        others, around = meeting(grid, reference, used, ProblemList())
        scale = measure(others, grid, catalogue, mask=around, contrasted=chosen != SURFACE)
    shared = with_shares(cells, scale.of(pl.col("zone")))
    names = tuple(f"{word} de {nombre(grid.size)} m" for word in _SQUARES)
    estimates = estimate(shared, catalogue, scale, chosen, (names[0], names[1]))
    if chosen == MASK and mask is not None:
        tell_unmasked(shared, mask.label, problems, grid.file)
    return Apportioned(shared, estimates, scale, chosen)


def meeting(
    grid: Grid, zones: Layer, mask: Mask | None, problems: ProblemList
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Return the squares that meet the outlines, without shares yet (``CELLS`` but « share »).

    And the weights of the mask in all the squares around (x, y, weight), or ``None``.
    """
    parts = grid_parts(zones, grid.crs, grid.size).rename({"code": "zone"})
    west, south, east, north = grid.extent
    x, y, size = pl.col("x"), pl.col("y"), grid.size
    together = pl.col("part").sum().over("x", "y")
    cells = (
        parts.join(grid.squares, on=["x", "y"], how="left", maintain_order="left")
        .with_columns(
            pl.col("population").fill_null(0.0),
            pl.col("imputed").fill_null(value=False),
            known=(x >= west) & (y >= south) & (x + size <= east) & (y + size <= north),
            dense=together,
            area=pl.col("part") * float(size * size),
        )
        .with_columns(living=pl.when(pl.col("population") > 0).then("living").otherwise(0.0))
    )
    over = cells.filter(pl.col("dense") > 1 + 1e-6)
    if not over.is_empty():
        codes = over["zone"].unique().sort().to_list()
        problems.add(
            Problem(
                "perimetres-superposes",
                Where(zones.file),
                f"{compte(len(codes), 'périmètre se superpose', 'périmètres se superposent')} : "
                f"{', '.join(codes[:6])}{'…' if len(codes) > 6 else ''}. Les habitants communs "
                "comptent dans chacun.",
                "des périmètres qui ne se recouvrent pas.",
                "Vérifiez les contours, ou répartissez-les à part.",
                Severity.WARNING,
            )
        )
        doubled = over["zone"].unique().implode()
        alone = pl.col("zone").is_in(doubled)
        cells = cells.with_columns(dense=pl.when(alone).then("part").otherwise("dense"))
    cells = cells.with_columns(pl.col("dense").clip(0.0, 1.0))
    if mask is None:
        return cells.with_columns(masked=pl.lit(None, pl.Float64)), None
    return _masked(cells, grid, zones, mask)


def _masked(
    cells: pl.DataFrame, grid: Grid, zones: Layer, mask: Mask
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the share of each square's mask that is in the outline."""
    if mask.outlines is not None:
        held = mask_parts(mask.outlines, mask.weights, zones, grid.crs, grid.size)
    else:
        xy = np.zeros((0, 2)) if mask.points is None else mask.points
        held = point_parts(xy, mask.crs, mask.weights, zones, grid.crs, grid.size)
    weights = held.filter(pl.col("code").is_null()).select("x", "y", "weight")
    total = weights.rename({"weight": "_total"})
    inside = held.drop_nulls("code").rename({"code": "zone", "weight": "_weight"})
    key = ["x", "y"]
    shared = (
        cells.join(total, on=key, how="left", maintain_order="left")
        .join(inside, on=["zone", *key], how="left", maintain_order="left")
        .with_columns(
            masked=pl.when(pl.col("_total") > 0).then(
                (pl.col("_weight").fill_null(0.0) / pl.col("_total")).clip(0.0, 1.0)
            )
        )
        .drop("_total", "_weight")
    )
    return shared, weights


def with_shares(cells: pl.DataFrame, contrast: pl.Expr) -> pl.DataFrame:
    """Add the share of each square's people that is in the outline (columns of ``CELLS``).

    ``contrast``: how many square metres of what is in no outline one square metre weighs, by row.
    """
    part = pl.col("part")
    weighed = cells.with_columns(_weight=contrast.cast(pl.Float64) * part)
    # outlines that overlap are each alone: « dense » is then their own part
    lone = (pl.col("dense") - part).abs() < 1e-12
    together = pl.when(lone).then("_weight").otherwise(pl.col("_weight").sum().over("x", "y"))
    by_density = pl.col("_weight") / (together + 1.0 - pl.col("dense"))
    share = pl.when(part >= 1.0).then(1.0).when(pl.col("masked").is_not_null()).then("masked")
    shared = weighed.with_columns(share=share.otherwise(by_density).clip(0.0, 1.0))
    return shared.select(pl.col(n).cast(t) for n, t in CELLS.items())


def estimate(
    cells: pl.DataFrame, catalogue: Catalogue, scale: Scale, method: str, names: tuple[str, str]
) -> pl.DataFrame:
    """Return the estimates of squares with their shares (``ESTIMATES``), by outline.

    ``cells``: ``CELLS``; ``names``: one square, and several, in French.
    """
    people, share, area = pl.col("population"), pl.col("share"), pl.col("area")
    lived = people > 0
    inside, touched = INSIDE, TOUCHED
    spread = people * people * share * (1.0 - share)
    held = people * share
    sums = cells.group_by("zone", maintain_order=True).agg(
        value=held.sum(),
        low=people.filter(inside).sum(),
        high=people.filter(touched).sum(),
        _spread=spread.sum(),
        _living=(
            (pl.col("living") - scale.living_gap * people * (1.0 - _together())) * share
        ).sum(),
        _told=pl.col("living").filter(lived & (share > 0)).is_not_null().all(),
        whole=(lived & inside).sum(),
        cut=(lived & ~inside & touched).sum(),
        _imputed=held.filter("imputed").sum(),
        _unmasked=held.filter(pl.col("masked").is_null() & (pl.col("part") < 1.0)).sum(),
        empty=area.filter(~lived & pl.col("known")).sum() / area.sum(),
        outside=area.filter(~pl.col("known")).sum() / area.sum(),
    )
    some = pl.col("value") > 0
    sums = sums.with_columns(
        imputed=pl.when(some).then(pl.col("_imputed") / pl.col("value")),
        unmasked=pl.when(some & pl.lit(method == MASK)).then(pl.col("_unmasked") / pl.col("value")),
        _beyond=pl.col("outside") > catalogue.number("recouvrement_negligeable"),
    )
    gap = catalogue.number("repartition_ecart_source")
    population = sums.with_columns(
        quantity=pl.lit("population"),
        error=(scale.dispersion * pl.col("_spread") + (gap * pl.col("value")) ** 2).sqrt(),
        refused=pl.when("_beyond").then(pl.lit(_BEYOND)).otherwise(pl.lit("")),
    )
    living = _living(sums, cells, catalogue, scale, inside)
    return _finished(pl.concat([population, living], how="diagonal"), scale, method, names)


def _together() -> pl.Expr:
    """Return the share of a square's people that is in any of the outlines.

    Outlines that overlap are each alone: their own share, then.
    """
    every = pl.col("share").sum().over("x", "y")
    return pl.when(every > 1.0 + 1e-9).then("share").otherwise(every.clip(0.0, 1.0))


def _living(
    sums: pl.DataFrame, cells: pl.DataFrame, catalogue: Catalogue, scale: Scale, inside: pl.Expr
) -> pl.DataFrame:
    """Return the mean living standard of each outline, with its bounds.

    The people of a square that is cut have its mean, less the gap measured on the grid for those
    inside. Bounds: the poorest (richest) of the squares that are cut count whole, the others not
    at all, as long as it moves the mean.
    """
    gap = scale.living_gap
    ends = [
        {"zone": zone[0], "low": _extreme(held, max(gap, 0.0), 1),
         "high": _extreme(held, min(gap, 0.0), -1)}
        for zone, held in cells.filter((pl.col("population") > 0) & (pl.col("share") > 0))
        .select("zone", "population", "living", inside.alias("_inside"))
        .group_by("zone", maintain_order=True)
    ]  # fmt: skip
    bounds = pl.DataFrame(ends, schema={"zone": pl.String, "low": pl.Float64, "high": pl.Float64})
    refused = (
        pl.when("_beyond").then(pl.lit(_BEYOND))
        .when(~pl.col("_told")).then(pl.lit(_NO_LIVING))
        .when(pl.col("value") <= 0).then(pl.lit(_NOBODY))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return (
        sums.drop("low", "high")
        .join(bounds, on="zone", how="left", maintain_order="left")
        .with_columns(
            quantity=pl.lit("living"),
            refused=refused,
            value=pl.when(pl.col("value") > 0).then(pl.col("_living") / pl.col("value")),
        )
        .with_columns(
            error=(
                pl.lit(scale.living_error, pl.Float64) ** 2
                + (catalogue.number("repartition_ecart_niveau") * pl.col("value")) ** 2
            ).sqrt()
        )
    )


def _extreme(held: pl.DataFrame, gap: float, way: int) -> float | None:
    """Return the least (``way`` 1) or the largest (−1) mean that whole squares may make.

    ``gap``: € taken from the mean of the squares that are cut.
    """
    people = held["population"].to_numpy()
    living = held["living"].cast(pl.Float64).to_numpy()
    inside = held["_inside"].to_numpy()
    if np.isnan(living).any():
        return None
    means = living / people - np.where(inside, 0.0, gap)
    count, total = float(people[inside].sum()), float(living[inside].sum())
    for place in np.flatnonzero(~inside)[np.argsort(way * means[~inside], kind="stable")]:
        if count and way * means[place] >= way * total / count:
            break
        count, total = count + float(people[place]), total + float(means[place] * people[place])
    return total / count if count else None


def _finished(
    frame: pl.DataFrame, scale: Scale, method: str, names: tuple[str, str]
) -> pl.DataFrame:
    refused = pl.col("refused") != ""
    blank = [pl.when(~refused).then(pl.col(n)).alias(n) for n in ("value", "low", "high", "error")]
    done = frame.with_columns(
        *blank, method=pl.lit(method), contrast=scale.of(pl.col("zone")), text=pl.lit("")
    ).select(pl.col(n).cast(t) for n, t in ESTIMATES.items())
    texts = [told(row, *names) for row in done.iter_rows(named=True)]
    return done.with_columns(text=pl.Series(texts, dtype=pl.String)).sort("zone", "quantity")


def tell_unmasked(cells: pl.DataFrame, label: str, problems: ProblemList, file: str) -> None:
    """Say how many people live in squares that are cut and where the mask holds nothing."""
    cut = cells.filter((pl.col("part") < 1.0) & (pl.col("population") > 0))
    bare = cut.filter(pl.col("masked").is_null()).unique(["x", "y"])
    if not bare.is_empty():
        count = compte(bare.height, "carreau ou IRIS coupé", "carreaux ou IRIS coupés")
        problems.add(
            Problem(
                "masque-absent",
                Where(file),
                f"{count} ({nombre(float(bare['population'].sum()))} personnes) sans {label} : la "
                "répartition y suit la densité.",
                "un masque qui couvre tous les lieux habités.",
                "Complétez le fichier du masque.",
                Severity.WARNING,
            )
        )
