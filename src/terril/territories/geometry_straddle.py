"""In which communes and which EPCI does each neighbourhood lie, and for what share of its surface?

Two drawings of one border never agree wholly: a share under ``least``, or a strip narrower
than ``strip`` along a border, is kept in the frame but marked negligible.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from terril.territories.geometry_layer import Layer, Shapes, as_shapes, settled

#: one row a neighbourhood and a commune, or an EPCI, that it meets
STRADDLES: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "qpv": pl.String,
    "generation": pl.String,
    "kind": pl.String,  # « commune » | « epci »
    "code": pl.String,  # "" for what lies in none that is known
    "area_m2": pl.Float64,
    "share": pl.Float64,  # of the surface of the neighbourhood, 0 to 1
    "negligible": pl.Boolean,
}
_CORE: Final = 0.1  # a part is a strip when less than this stays at half its width from its edge


def straddles(
    layer: Layer,
    communes: Layer,
    epci_of_commune: Mapping[str, str],
    *,
    least: float = 0.01,
    strip: float = 10.0,
) -> pl.DataFrame:
    """Return the shares of surface of each outline by commune and by EPCI (``STRADDLES``).

    ``epci_of_commune``: Insee code → SIREN; a commune that is not there counts under the EPCI
    "". ``least``: share, ``strip``: width in metres, under which a part is negligible. Rows by
    neighbourhood, kind, share (the greatest first). Raises ``ValueError`` when the two layers
    are in two grids.
    """
    if not len(layer):
        return pl.DataFrame(schema=STRADDLES)
    if layer.crs != communes.crs and len(communes):
        raise ValueError(f"two grids: EPSG {layer.crs} and {communes.crs}")
    tree = shapely.STRtree(communes.shapes)
    left, right = tree.query(layer.shapes, predicate="intersects")
    parts = as_shapes(shapely.intersection(layer.shapes[left], communes.shapes[right]))
    areas = np.asarray(shapely.area(parts), dtype=np.float64)
    whole = layer.areas()
    covered = np.bincount(left, areas, len(layer)) if len(left) else np.zeros(len(layer))
    rest = np.maximum(0.0, whole - covered)
    by_commune = pl.DataFrame(
        {
            "qpv": [layer.codes[i] for i in left] + list(layer.codes),
            "code": [communes.codes[i] for i in right] + [""] * len(layer),
            "area_m2": np.concatenate((areas, rest)),
            "strip": np.concatenate((strips(parts, strip), np.zeros(len(layer), dtype=bool))),
        },
        schema_overrides={"qpv": pl.String, "code": pl.String},
    ).filter(pl.col("area_m2") > 0)
    totals = pl.DataFrame({"qpv": layer.codes, "whole": whole})
    by_commune = by_commune.join(totals, on="qpv").with_columns(
        negligible=pl.col("strip") | (pl.col("area_m2") < least * pl.col("whole"))
    )
    epci = {**epci_of_commune, "": ""}
    by_epci = (
        by_commune.with_columns(
            pl.col("code").replace_strict(epci, default="", return_dtype=pl.String)
        )
        .group_by("qpv", "code", "whole")
        .agg(
            pl.col("area_m2").sum(),
            (
                pl.col("area_m2").filter(~pl.col("strip")).sum() < least * pl.col("whole").first()
            ).alias("negligible"),
        )
    )
    columns = ("qpv", "code", "area_m2", "whole", "negligible")
    return (
        pl.concat(
            [
                by_commune.select(*columns, kind=pl.lit("commune")),
                by_epci.select(*columns, kind=pl.lit("epci")),
            ]
        )
        .with_columns(
            generation=pl.lit(layer.generation),
            share=(pl.col("area_m2") / pl.col("whole")).clip(0.0, 1.0),
        )
        .filter((pl.col("code") != "") | ~pl.col("negligible"))
        .sort("qpv", "kind", "share", "code", descending=[False, False, True, False])
        .select(STRADDLES.keys())
    )


def strips(parts: Shapes, width: float) -> npt.NDArray[np.bool_]:
    """Say which surfaces are strips narrower than ``width`` metres, for the most part."""
    core = shapely.area(shapely.buffer(parts, -width / 2, quad_segs=2))
    return np.asarray(core < _CORE * shapely.area(parts), dtype=bool)


def overlaps(layer: Layer, *, least: float = 0.01, strip: float = 10.0) -> pl.DataFrame:
    """Return the outlines of one layer that lie on each other: a, b, area (m²), share.

    ``share`` is of the smaller of the two; those under ``least``, and strips narrower than
    ``strip`` metres, are left out.
    """
    schema = {"a": pl.String, "b": pl.String, "area": pl.Float64, "share": pl.Float64}
    if len(layer) < 2:
        return pl.DataFrame(schema=schema)
    left, right = shapely.STRtree(layer.shapes).query(layer.shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    parts = as_shapes(shapely.intersection(layer.shapes[left], layer.shapes[right]))
    areas = np.asarray(shapely.area(parts), dtype=np.float64)
    whole = layer.areas()
    share = areas / np.maximum(np.minimum(whole[left], whole[right]), 1e-9)
    kept = (share >= least) & ~strips(parts, strip)
    return pl.DataFrame(
        {
            "a": [layer.codes[i] for i in left[kept]],
            "b": [layer.codes[i] for i in right[kept]],
            "area": areas[kept],
            "share": share[kept],
        },
        schema=schema,
    ).sort("a", "b")


def holders(layer: Layer, reference: Layer) -> dict[str, str]:
    """Return, for each outline, the code of the one of another layer that holds its middle.

    The middle is a point inside the outline, whatever its form. An outline that none holds is
    absent; of two that hold it, the first by code is given.
    """
    points = shapely.point_on_surface(layer.shapes)
    inner, outer = shapely.STRtree(reference.shapes).query(points, predicate="within")
    found: dict[str, str] = {}
    for i, j in sorted(zip(inner.tolist(), outer.tolist(), strict=True)):
        found.setdefault(layer.codes[i], reference.codes[j])
    return found


def united(
    layer: Layer,
    groups: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    nature: str,
    strip: float = 10.0,
) -> Layer:
    """Return the union of the outlines of each group: code → group; others are left out.

    The layer has the file and source of the outlines it is made of; its attributes are gone.
    Slits narrower than ``strip`` metres, where neighbours do not quite touch, are closed.
    """
    rows: dict[str, list[int]] = {}
    for row, code in enumerate(layer.codes):
        if group := groups.get(code):
            rows.setdefault(group, []).append(row)
    codes = tuple(sorted(rows))
    shapes = as_shapes(
        _without_slits(shapely.union_all(layer.shapes[rows[code]]), strip) for code in codes
    )
    return Layer(
        nature,
        "",
        layer.crs,
        codes,
        tuple(labels.get(code, "") for code in codes),
        shapes,
        pl.DataFrame(),
        layer.file,
        layer.sha256,
        layer.vintage,
        layer.source,
    )


def _without_slits(shape: Any, strip: float) -> Any:
    """Return a shape whose holes narrower than ``strip`` metres are filled."""
    pieces: list[Any] = []
    for part in shapely.get_parts(shape):
        holes = as_shapes(shapely.polygons(shapely.get_rings(part)[1:]))
        slit = strips(holes, strip) if len(holes) else np.zeros(0, dtype=bool)
        rings = [ring for ring, narrow in zip(part.interiors, slit, strict=True) if not narrow]
        pieces.append(shapely.Polygon(part.exterior, rings))
    return settled(shapely.multipolygons(pieces))
