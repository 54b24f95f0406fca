"""How is the agency’s own file of places opened, and which column says what?

A table (CSV, XLSX, XLS, ODS) or a file of shapes (GeoJSON, GeoPackage, Shapefile) becomes tables
of texts. Columns are recognised by their names (``columns/points.csv``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.lists import read_list
from terril.lib.textfile import fingerprint
from terril.sources.context import Context
from terril.sources.tables import Table, Wish, clean_head, read_table, unique_heads
from terril.sources.textual import LINE
from terril.territories.geometry_points import known_system, read_places
from terril.territories.kinds import fold

SHAPES: Final = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".kml", ".gml")
EXPECTED: Final = "un nom, un type, une longitude et une latitude (ou x et y)."
#: columns that a reader adds to a file of shapes
GEOMETRY_X, GEOMETRY_Y = "__x", "__y"
OPTION_ROLES: Final = {
    "type": "colonne_type",
    "label": "colonne_nom",
    "id": "colonne_id",
    "x": "colonne_x",
    "y": "colonne_y",
    "precision": "colonne_precision",
}


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, int]]:
    """Return folded head → (role, rank): the first name of a role in the list wins."""
    return {
        fold(row["nom"]): (row["role"], rank)
        for rank, row in enumerate(read_list("columns/points.csv"))
    }


def roles_of(heads: Sequence[str]) -> dict[str, str]:
    """Return role → head for the heads that are recognised."""
    found: dict[str, tuple[int, str]] = {}
    for head in heads:
        role, rank = _names().get(fold(head), ("", 0))
        if role and (role not in found or rank < found[role][0]):
            found[role] = (rank, head)
    return {role: head for role, (_, head) in found.items()}


def open_tables(ctx: Context) -> list[tuple[Table, int]]:
    """Return the tables of the file, each with the system of its geometry (0: columns)."""
    asked = system_told(ctx)
    if asked < 0:
        return []
    if ctx.spec.file.suffix.lower() in SHAPES and ctx.spec.file.is_file():
        return _shapes(ctx, asked)

    def is_head(cells: Sequence[str]) -> bool:
        heads = [clean_head(cell) for cell in cells]
        told = {ctx.option(o) for o in OPTION_ROLES.values() if ctx.option(o)}
        return len(set(roles_of(heads)) & {"lon", "lat", "x", "y", "lat_lon"}) >= 1 or bool(
            told & set(heads)
        )

    wish = Wish(
        ctx.spec.sheet,
        ctx.number("entete"),
        ctx.number("lignes_apres_entete") or 0,
        is_head,
        ctx.option("separateur") or None,
        EXPECTED,
    )
    return [(table, 0) for table in read_table(ctx.spec.file, ctx.own, wish, ctx.shown_file)]


def system_told(ctx: Context) -> int:
    """Return the EPSG code told in terril.toml, 0 when none is, −1 when it is no code."""
    text = ctx.option("crs").upper().removeprefix("EPSG:").strip()
    if not text:
        return 0
    if text.isdigit() and known_system(int(text)):
        return int(text)
    ctx.declaration(
        "projection-inconnue",
        f"« crs = {ctx.option('crs')} » n’est pas un système de coordonnées.",
        "un code EPSG : 2154 (Lambert-93), 4326 (longitude et latitude), 27572…",
        key="crs",
    )
    return -1


def _shapes(ctx: Context, asked: int) -> list[tuple[Table, int]]:
    layers = (ctx.option("couche"),) if ctx.option("couche") else ()
    read_as = read_places(ctx.spec.file, ctx.own, ctx.shown_file, layers=layers)
    found: list[tuple[Table, int]] = []
    digest, size = fingerprint(ctx.spec.file), ctx.spec.file.stat().st_size
    for places in read_as or ():
        if not len(places.x):
            continue
        heads, repeated = unique_heads(places.attributes.columns)
        rows = places.attributes.rename(
            dict(zip(places.attributes.columns, heads, strict=True))
        ).with_columns(
            pl.Series(GEOMETRY_X, places.x),
            pl.Series(GEOMETRY_Y, places.y),
            pl.Series(LINE, np.arange(1, len(places.x) + 1, dtype=np.int32)),
        )
        epsg = asked or (places.crs if isinstance(places.crs, int) else 0)
        table = Table(
            ctx.shown_file, places.sheet, digest, size, "", 0, heads, rows.lazy(), repeated
        )
        if not epsg:
            ctx.report(
                "projection-absente",
                table.where(),
                "Le fichier ne dit pas dans quel système sont ses coordonnées.",
                "un système de coordonnées connu.",
                'Donnez-le dans terril.toml : crs = "2154" (Lambert-93).',
            )
            continue
        found.append((table, epsg))
    return found
