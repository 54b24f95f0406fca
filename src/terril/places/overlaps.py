"""How much of each neighbourhood of 2015 is in each of 2024, in surface and in people?

From the outlines of both generations, pairs are measured by surface; where a grid of inhabitants
covers both perimeters of a pair, by people, which is what matters: fields and slag heaps have
none. The official list, when it is there, says what became of each perimeter and is confronted
with the measure.
"""

from __future__ import annotations

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.problems import Problem, ProblemList, Where
from terril.places.apportion import meeting, with_shares
from terril.places.apportion_scale import measure
from terril.sources.grid import Grid
from terril.territories.correspondence import (
    CORRESPONDENCE,
    PAIRS,
    confront,
    from_areas,
    from_grid,
)
from terril.territories.geometry import Layer, intersections
from terril.territories.geometry_grid import overlay


def measured_correspondence(
    old: Layer,
    new: Layer,
    grid: Grid | None,
    official: pl.DataFrame | None,
    catalogue: Catalogue,
    problems: ProblemList,
) -> pl.DataFrame:
    """Return which new neighbourhood holds which part of which old one (``CORRESPONDENCE``).

    ``old``, ``new``: outlines of two generations, in one grid of metres. ``grid``: squares of
    inhabitants, or ``None``; a pair of which it does not cover both perimeters stays by surface.
    ``official``: the correspondence of the list (``from_list``), or ``None``. Two layers in
    different grids are an error in ``problems``, and the official one comes back alone.
    """
    if len(old) and len(new) and old.crs != new.crs:
        problems.add(
            Problem(
                "generations-eloignees",
                Where(new.file),
                "Les périmètres des deux générations ne sont pas dans la même projection.",
                "deux fichiers du même territoire.",
                "Vérifiez que les deux fichiers couvrent le même département.",
            )
        )
        return official if official is not None else pl.DataFrame(schema=CORRESPONDENCE)
    found = by_surface(old, new, catalogue)
    if grid is not None:
        found = _with_people(found, by_people(old, new, grid, catalogue))
    return found if official is None else confront(official, found, problems)


def by_surface(old: Layer, new: Layer, catalogue: Catalogue) -> pl.DataFrame:
    """Return the correspondence by surface (``CORRESPONDENCE``, basis « surface »)."""
    pairs = intersections(old, new).rename({"a": "old", "b": "new", "area": "amount"})
    return from_areas(
        pairs.select(pl.col(n).cast(t) for n, t in PAIRS.items()),
        _areas(old),
        _areas(new),
        negligible=catalogue.number("recouvrement_negligeable"),
    )


def by_people(old: Layer, new: Layer, grid: Grid, catalogue: Catalogue) -> pl.DataFrame:
    """Return the correspondence by people (basis « population ») of what the grid covers whole.

    The people of a square that is cut are apportioned as in ``apportion``, with the contrast of
    density measured on the neighbourhoods of both generations.
    """
    negligible = catalogue.number("recouvrement_negligeable")
    pieces = overlay(old, new)
    silent = ProblemList()
    cells, _ = meeting(grid, pieces, None, silent)
    first, second = (
        measure(meeting(grid, layer, None, silent)[0], grid, catalogue) for layer in (old, new)
    )
    codes = pl.DataFrame(
        {"zone": pieces.codes, "old": pieces.attributes["a"], "new": pieces.attributes["b"]}
    )
    cells = cells.join(codes, on="zone", how="left", maintain_order="left")
    one, other = first.of(pl.col("old")), second.of(pl.col("new"))
    contrast = pl.when(pl.col("old").is_null()).then(other).otherwise(one)
    shared = with_shares(cells, contrast)
    codes = pl.DataFrame(
        {"zone": pieces.codes, "old": pieces.attributes["a"], "new": pieces.attributes["b"]}
    )
    people = shared.join(codes, on="zone").select(
        "old",
        "new",
        "population",
        "known",
        "area",
        cell=pl.format("{}:{}", "x", "y"),
        part="share",
    )
    covered = {side: _covered(people, side, negligible) for side in ("old", "new")}
    kept = people.filter(
        *(pl.col(s).is_null() | pl.col(s).is_in(covered[s].implode()) for s in covered)
    )
    return from_grid(
        kept.select("cell", "population", "old", "new", "part"),
        _labels(old, covered["old"]),
        _labels(new, covered["new"]),
        negligible=negligible,
    )


def _covered(people: pl.DataFrame, side: str, negligible: float) -> pl.Series:
    """Return the codes whose surface is within the extent of the grid, and that are inhabited."""
    beyond = pl.col("area").filter(~pl.col("known")).sum() / pl.col("area").sum()
    inhabited = (pl.col("population") * pl.col("part")).sum() > 0
    held = people.drop_nulls(side).group_by(side).agg(beyond.alias("_beyond"), _lived=inhabited)
    return held.filter((pl.col("_beyond") <= negligible) & pl.col("_lived"))[side].sort()


def _with_people(surface: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs by people where they are known, by surface elsewhere."""
    pairs = people.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    key = ["old", "new"]
    rest = surface.join(pairs.select(key), on=key, how="anti")
    joined = pl.concat([rest, pairs]).select(list(CORRESPONDENCE))
    for side in key:
        # one that has a counterpart by people is no longer alone
        other = "new" if side == "old" else "old"
        alone = pl.col(other).is_null() & pl.col(side).is_in(pairs[side].implode())
        joined = joined.filter(~alone.fill_null(value=False))
    return joined.sort("new", "old", nulls_last=True)


def _areas(layer: Layer) -> pl.DataFrame:
    return pl.DataFrame(
        {"code": layer.codes, "label": layer.labels, "amount": layer.areas()},
        schema={"code": pl.String, "label": pl.String, "amount": pl.Float64},
    )


def _labels(layer: Layer, codes: pl.Series) -> pl.DataFrame:
    whole = pl.DataFrame(
        {"code": layer.codes, "label": layer.labels},
        schema={"code": pl.String, "label": pl.String},
    )
    return whole.filter(pl.col("code").is_in(codes.implode()))
