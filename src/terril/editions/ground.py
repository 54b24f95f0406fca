"""What does the ground add to an edition: outlines, places, services, records, maps?

A project without ``[[perimetres]]`` has none of it, and its edition is as before. With them, the
points of ``[[points]]`` are counted in and around each neighbourhood, the networks of
``[[dessertes]]`` say which one is served, the records of ``[[microdonnees]]`` become figures, the
squares of a grid give estimates where nothing is stated, and the two generations of perimeters
are laid on one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from terril.catalogue.load import Catalogue
from terril.editions.content import InputFile
from terril.editions.manifest import sha256_of
from terril.fiches.equipment import SOURCE as INVENTORY
from terril.figures.maps_atlas import atlas_data
from terril.figures.maps_from_layers import MapNames, sheet_maps
from terril.figures.maps_model import Atlas, SheetMap
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.observations.findings import Finding
from terril.observations.schema import STATEMENTS, empty
from terril.places.apportion import apportion, mask_of
from terril.places.apportion_figures import as_statements
from terril.places.equipment import EVIDENCE, buffers_of, count_equipment
from terril.places.microdata import count_works
from terril.places.overlaps import measured_correspondence
from terril.places.stops import SERVED, SUMMARY, served
from terril.places.stops_statements import service_statements
from terril.sources.equipment import EQUIPMENT
from terril.sources.grid import Grid, declared_grid
from terril.sources.gtfs import read_networks
from terril.sources.outlines import read_outlines
from terril.sources.outlines_layers import Outlines
from terril.sources.points import read_all_points
from terril.sources.project import FILE_NAME, InputSpec, Project
from terril.territories.correspondence import CORRESPONDENCE
from terril.territories.geometry import Layer
from terril.territories.geometry_points import Extent, extent_of
from terril.territories.registry import Territories

#: how far from the outlines a file is read: beyond, nothing counts nor is drawn, metres
_MARGIN: Final = 3000.0


@dataclass(frozen=True)
class Ground:
    """All that geography gives; every part is empty without perimeters.

    ``statements``: columns of ``STATEMENTS``, not blanked except those of records. ``truth``: the
    figures of records before blanking (``secrecy``), never to be written.
    """

    outlines: Outlines = field(default_factory=Outlines)
    statements: pl.DataFrame = field(default_factory=lambda: empty(STATEMENTS))
    truth: pl.DataFrame | None = None
    equipment: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EQUIPMENT))
    evidence: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EVIDENCE))
    served: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SERVED))
    services: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SUMMARY))
    correspondence: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=CORRESPONDENCE)
    )
    buffers: Mapping[str, float] = field(default_factory=dict)
    maps: Mapping[str, SheetMap] = field(default_factory=dict)
    atlas: Atlas | None = None
    lines: tuple[str, ...] = ()  # sources of the points, licences included
    findings: tuple[Finding, ...] = ()
    files: tuple[InputFile, ...] = ()


def read_ground(
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    official: pl.DataFrame,
    problems: ProblemList,
) -> Ground:
    """Read and count all that the project says of the ground.

    ``official``: the correspondence of the list (``CORRESPONDENCE``), measured here when both
    generations have outlines. What is wrong goes to ``problems``; a part with an error is empty.
    """
    outlines = read_outlines(project, territories, catalogue, problems)
    files = tuple(_files(project))
    qpv = outlines.get("qpv", project.generation)
    if qpv is None:
        _without_outlines(project, problems)
        return Ground(outlines, correspondence=official, files=files)
    other = outlines.get("qpv", "2024" if project.generation == "2015" else "2015")
    layers = [layer for layer in (qpv, other, outlines.get("commune")) if layer is not None]
    extent = extent_of(layers, _MARGIN)
    widths = buffers_of(qpv, catalogue, territories)
    points = _points(project, territories, catalogue, extent, problems)
    counted = count_equipment(points, qpv, catalogue, territories) if points.height else None
    networks = read_networks(project, catalogue, problems, territories=territories, extent=extent)
    known = [network for network in networks if network is not None]
    service = served(known, qpv, catalogue) if known else None
    works = _works(project, territories, catalogue, outlines, problems)
    grid = declared_grid(project, qpv, territories, catalogue, problems)
    statements = [works.statements, _estimates(outlines, qpv, grid, catalogue, problems)]
    if service is not None:
        complete = len(known) == len(networks)
        statements.append(service_statements(service, catalogue, complete=complete))
    correspondence = official
    if other is not None:
        pair = (qpv, other) if project.generation == "2015" else (other, qpv)
        listed = official if official.height else None  # without a list, the measure speaks alone
        correspondence = measured_correspondence(*pair, grid, listed, catalogue, problems)
    names = _names(territories)
    return Ground(
        outlines=outlines,
        statements=pl.concat(statements),
        truth=works.truth,
        equipment=counted.equipment if counted else pl.DataFrame(schema=EQUIPMENT),
        evidence=counted.evidence if counted else pl.DataFrame(schema=EVIDENCE),
        served=service.served if service else pl.DataFrame(schema=SERVED),
        services=service.summary if service else pl.DataFrame(schema=SUMMARY),
        correspondence=correspondence,
        buffers={code: float(width) for code, width in widths.items()},
        maps=_maps(outlines, qpv, other, points, widths, catalogue, names),
        atlas=_atlas(project, territories, outlines, qpv, other, catalogue, names),
        lines=counted.lines if counted else (),
        findings=(
            *(counted.findings if counted else ()),
            *(counted.check.findings if counted else ()),
            *(service.findings if service else ()),
        ),
        files=(*files, *works.files),
    )


def together(stated: pl.DataFrame, counted: pl.DataFrame, project: Project) -> pl.DataFrame:
    """Join the inventories of the project with what points count (``EQUIPMENT``).

    Of one type in one neighbourhood, the document of smallest priority speaks; an inventory
    before points of the same priority. What no file of points speaks of is unknown only where
    there is no inventory.
    """
    if counted.is_empty():
        return stated
    counted = counted.filter(
        pl.col("inside").is_not_null() | ~pl.col("territory").is_in(stated["territory"].implode())
    )
    priority = {spec.id: spec.priority for spec in (*project.inputs, *project.points)}
    rows = pl.concat([stated, counted]).with_columns(
        pl.col("document").replace_strict(priority, default=999).alias("_priority"),
        pl.int_range(pl.len()).alias("_order"),
    )
    first = rows.sort("_priority", "_order").unique(["territory", "type"], keep="first")
    return first.sort("_order").drop("_priority", "_order")


def equipment_sources(
    equipment: pl.DataFrame, project: Project, catalogue: Catalogue, lines: tuple[str, ...]
) -> tuple[str, ...]:
    """Return what is printed under the counts of ``together``: the inventory, the points, or both.

    ``lines``: the sources of the points, with the licences that ask to be named.
    """
    documents = set(equipment["document"])
    card = catalogue.sources.get(INVENTORY)
    found: list[str] = []
    if card is not None and documents & {spec.id for spec in project.inputs}:
        found.append(card.short)
    if documents & {spec.id for spec in project.points}:
        found += lines
    return tuple(dict.fromkeys(found))


def _without_outlines(project: Project, problems: ProblemList) -> None:
    """Say that what needs outlines is not counted."""
    asked = [spec for spec in (*project.points, *project.networks, *project.microdata)]
    if asked and not problems.errors:
        problems.add(
            Problem(
                "perimetres-absents",
                Where(FILE_NAME, line=asked[0].line),
                f"{len(asked)} fichiers attendent les périmètres des quartiers de "
                f"{project.generation} pour être comptés.",
                'une table [[perimetres]] avec nature = "qpv" et '
                f'generation = "{project.generation}".',
                "Téléchargez-les : terril telecharger perimetres.",
                Severity.WARNING,
            )
        )


def _points(
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    extent: Extent | None,
    problems: ProblemList,
) -> pl.DataFrame:
    return read_all_points(project, catalogue, problems, territories=territories, extent=extent)


@dataclass(frozen=True)
class _Works:
    """The figures of the records, the truth behind those that are blanked, and their files."""

    statements: pl.DataFrame
    truth: pl.DataFrame | None = None
    files: tuple[InputFile, ...] = ()


def _works(
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    outlines: Outlines,
    problems: ProblemList,
) -> _Works:
    if not project.microdata:
        return _Works(empty(STATEMENTS))
    from terril.places.engines.duckdb import DuckdbEngine

    with DuckdbEngine() as engine:
        done = count_works(project, territories, catalogue, outlines.layers, problems, engine)
    declared = {spec.id: spec for spec in project.microdata}
    files = tuple(
        InputFile(
            read.document, read.file, read.reader, declared[read.document].priority, "",
            read.sha256, read.size, read.rows, declared[read.document].label,
        )
        for read in done.files
    )  # fmt: skip
    return _Works(done.statements, done.truth, files)


def _estimates(
    outlines: Outlines, qpv: Layer, grid: Grid | None, catalogue: Catalogue, problems: ProblemList
) -> pl.DataFrame:
    """Return what the squares estimate for the neighbourhoods: it gives way to any statement."""
    if grid is None:
        return empty(STATEMENTS)
    built = outlines.get("emprise")
    done = apportion(
        grid, qpv, catalogue, problems, mask=mask_of(built) if built is not None else None
    )
    return as_statements(done, qpv, grid, document=grid.document)


def _names(territories: Territories) -> MapNames:
    return MapNames(
        {t.code: t.short for t in territories.of_kind("qpv")},
        {t.code: t.display or t.label for t in territories.of_kind("commune")},
    )


def _maps(
    outlines: Outlines,
    qpv: Layer,
    other: Layer | None,
    points: pl.DataFrame,
    widths: Mapping[str, int],
    catalogue: Catalogue,
    names: MapNames,
) -> dict[str, SheetMap]:
    communes = outlines.get("commune")
    if communes is None:
        return {}
    estates = outlines.get("cite")
    return sheet_maps(
        qpv,
        communes,
        {code: (width,) for code, width in widths.items()},
        catalogue,
        points=points if points.height else None,
        estates=[(estates, "cités")] if estates is not None else [],
        other=other,
        names=names,
    )


def _atlas(
    project: Project,
    territories: Territories,
    outlines: Outlines,
    qpv: Layer,
    other: Layer | None,
    catalogue: Catalogue,
    names: MapNames,
) -> Atlas | None:
    communes = outlines.get("commune")
    if communes is None:
        return None
    members = [t.code for t in territories.of_kind("commune") if t.epci == project.epci]
    return atlas_data(
        qpv, communes, catalogue, name=project.epci_name, members=members, other=other, names=names
    )


def _files(project: Project) -> Iterator[InputFile]:
    """Yield the files of the ground as the manifest names them."""
    groups: Iterable[tuple[InputSpec, ...]] = (
        project.perimeters, project.points, project.networks,
    )  # fmt: skip
    for spec in (spec for group in groups for spec in group):
        if spec.file.is_file():
            yield InputFile(
                spec.id, project.shown(spec.file), spec.reader, spec.priority, spec.sheet or "",
                sha256_of(spec.file), spec.file.stat().st_size, 0, spec.label,
            )  # fmt: skip
