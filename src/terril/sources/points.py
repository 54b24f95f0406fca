"""Which equipment do the files of ``[[points]]`` place, each piece with its coordinates?

Three readers: the Insee’s database of equipment (``bpe``), the agency’s own places (``points``),
OpenStreetMap extracts (``osm``). Each gives points of one form; a file with an error gives none.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.problems import ProblemList
from terril.sources import bpe, osm, points_table
from terril.sources.context import Context
from terril.sources.points_frame import POINTS, Ground, ground_of
from terril.sources.project import InputSpec, Project
from terril.territories.geometry_points import Extent
from terril.territories.registry import Territories, read_territories

__all__ = ["POINTS", "Extent", "Ground", "ground_of", "read_all_points", "read_points"]


@dataclass(frozen=True, slots=True)
class PointReader:
    """A way to read a file of places, as ``lecteur`` names it in terril.toml."""

    label: str
    options: Sequence[str]
    read: Callable[[Context, Ground], pl.DataFrame]


READERS: Final[dict[str, PointReader]] = {
    "bpe": PointReader("base permanente des équipements de l’Insee", bpe.OPTIONS, bpe.read),
    "points": PointReader(
        "vos lieux : tableau avec coordonnées, GeoJSON, GeoPackage",
        points_table.OPTIONS,
        points_table.read,
    ),
    "osm": PointReader("extrait OpenStreetMap", osm.OPTIONS, osm.read),
}


def read_all_points(
    project: Project,
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    territories: Territories | None = None,
    extent: Extent | None = None,
) -> pl.DataFrame:
    """Read every file of ``[[points]]``; return their points (columns of ``POINTS``).

    ``extent``: the box of the outlines and their surroundings, in the grid of the layers
    (``extent_of(layers, margin)``); without it what is in the departments of the project is
    read, in the grid of its first commune. What is wrong goes to ``problems``.
    """
    known = territories or read_territories(project.territories_file, ProblemList())
    frames = [
        read_points(spec, project, catalogue, problems, territories=known, extent=extent)
        for spec in project.points
    ]
    return pl.concat([pl.DataFrame(schema=POINTS), *frames])


def read_points(
    spec: InputSpec,
    project: Project,
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    territories: Territories | None = None,
    extent: Extent | None = None,
) -> pl.DataFrame:
    """Read one file of places (columns of ``POINTS``); empty when it is refused."""
    known = territories or read_territories(project.territories_file, ProblemList())
    ctx = Context(project, spec, known, catalogue)
    reader = READERS.get(spec.reader)
    empty = pl.DataFrame(schema=POINTS)
    if reader is None:
        near = difflib.get_close_matches(spec.reader, READERS, 1)
        ctx.declaration(
            "lecteur-inconnu",
            f"le lecteur « {spec.reader} » n’existe pas pour des lieux.",
            ", ".join(f"{code} ({r.label})" for code, r in READERS.items()) + ".",
            f"Écrivez « {near[0]} »." if near else "",
            key="lecteur",
        )
        problems.extend(ctx.own)
        return empty
    ctx.check_options(reader.options)
    if spec.source and spec.source not in catalogue.sources:
        ctx.declaration(
            "source-inconnue",
            f"la source « {spec.source} » n’est pas au catalogue.",
            ", ".join(sorted(catalogue.sources)) + ".",
            key="source",
        )
    if told := spec.options.get("type"):
        _check_type(told, ctx)
    frame = empty if ctx.own.errors else reader.read(ctx, ground_of(project, known, extent))
    ctx.summarise()
    problems.extend(ctx.own)
    return empty if ctx.own.errors else frame


def _check_type(told: str, ctx: Context) -> None:
    if told in ctx.catalogue.equipment:
        return
    near = difflib.get_close_matches(told, list(ctx.catalogue.equipment), 2, 0.5)
    ctx.declaration(
        "type-inconnu",
        f"« {told} » n’est pas un type d’équipement du catalogue.",
        "un type de vocabularies/equipment.yaml.",
        f"S’agit-il de {' ou de '.join(f'« {n} »' for n in near)} ?"
        if near
        else "Ajoutez-le au catalogue du projet.",
        key="type",
    )
