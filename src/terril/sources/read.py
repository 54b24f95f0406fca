"""What do the input files of the project state?

Each input is read by its reader, all problems are gathered, and an input with an error
contributes nothing: its figures wait until it is corrected, the others stand.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.catalogue.load import Catalogue
from terril.lib.problems import ProblemList
from terril.sources import equipment, insee, long, wide
from terril.sources.context import Context
from terril.sources.equipment import EQUIPMENT
from terril.sources.naming import Scope
from terril.sources.project import InputSpec, Project
from terril.sources.statements import STATEMENT, state, without_doubles
from terril.sources.tables import Table, Wish, read_table
from terril.territories.registry import Territories


@dataclass(frozen=True, slots=True)
class FileRead:
    """One input as it was read: for the manifest and the follow-up of imports."""

    document: str
    file: str
    sha256: str
    size: int
    reader: str
    encoding: str
    sheets: tuple[str, ...]
    rows: int  # statements, or counts of equipment
    refused: bool


@dataclass(frozen=True)
class Readings:
    """All that the inputs state. Frames have the columns of a statement, and of EQUIPMENT."""

    statements: pl.DataFrame
    equipment: pl.DataFrame
    files: tuple[FileRead, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to read files, as ``lecteur`` names it in terril.toml."""

    label: str
    options: Sequence[str]
    wish: Callable[[Context], Wish]
    read: Callable[[Table, Context], pl.DataFrame]
    counts: bool = False  # gives equipment, not statements


def _read_long(table: Table, ctx: Context) -> pl.DataFrame:
    rows = long.rows(table, ctx)
    if rows is None:
        return pl.DataFrame(schema=STATEMENT)
    return state(ctx, table, rows, Scope())


def _read_insee(table: Table, ctx: Context) -> pl.DataFrame:
    everything = ctx.option("territoires", "projet") == "tous"
    rows = insee.rows(table, ctx)
    if rows is None:
        return pl.DataFrame(schema=STATEMENT)
    return state(ctx, table, rows, Scope(national=True, everything=everything))


def _read_wide(table: Table, ctx: Context) -> pl.DataFrame:
    rows = wide.rows(table, ctx)
    if rows is None:
        return pl.DataFrame(schema=STATEMENT)
    return state(ctx, table, rows, Scope())


READERS: Final[dict[str, Reader]] = {
    "long": Reader("une valeur par ligne", long.OPTIONS, long.wish, _read_long),
    "large": Reader("un territoire par ligne", wide.OPTIONS, wide.wish, _read_wide),
    "insee": Reader(
        "fichiers de l’Insee par quartier et par territoire", insee.OPTIONS, insee.wish, _read_insee
    ),
    "equipements": Reader(
        "nombre d’équipements par type", equipment.OPTIONS, equipment.wish, equipment.read, True
    ),
}


def read_inputs(
    project: Project, territories: Territories, catalogue: Catalogue, problems: ProblemList
) -> Readings:
    """Read every input of the project, in the order of terril.toml.

    What is wrong goes to ``problems``; nothing is raised. An input with an error adds no
    row. Statements have the columns of ``terril.observations.schema.STATEMENTS``.
    """
    statements: list[pl.DataFrame] = [pl.DataFrame(schema=STATEMENT)]
    counts: list[pl.DataFrame] = [pl.DataFrame(schema=EQUIPMENT)]
    files: list[FileRead] = []
    for spec in project.inputs:
        frame, reads = read_input(spec, project, territories, catalogue, problems)
        files.extend(reads)
        target = counts if spec.reader in READERS and READERS[spec.reader].counts else statements
        target.append(frame)
    return Readings(pl.concat(statements), pl.concat(counts), tuple(files))


def read_input(
    spec: InputSpec,
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    problems: ProblemList,
) -> tuple[pl.DataFrame, tuple[FileRead, ...]]:
    """Read one input; its frame is empty when it is refused."""
    ctx = Context(project, spec, territories, catalogue)
    reader = READERS.get(spec.reader)
    if reader is None:
        near = difflib.get_close_matches(spec.reader, READERS, 1)
        ctx.declaration(
            "lecteur-inconnu",
            f"le lecteur « {spec.reader} » n’existe pas.",
            ", ".join(f"{code} ({r.label})" for code, r in READERS.items()) + ".",
            f"Écrivez « {near[0]} »." if near else "",
            key="lecteur",
        )
        problems.extend(ctx.own)
        return pl.DataFrame(schema=STATEMENT), ()
    empty = pl.DataFrame(schema=EQUIPMENT if reader.counts else STATEMENT)
    ctx.check_options(reader.options)
    if spec.source and spec.source not in catalogue.sources:
        ctx.declaration(
            "source-inconnue",
            f"la source « {spec.source} » n’est pas au catalogue.",
            ", ".join(sorted(catalogue.sources)) + ".",
            key="source",
        )
    tables = read_table(spec.file, ctx.own, reader.wish(ctx), ctx.shown_file)
    frames = [reader.read(table, ctx) for table in tables]
    frame = pl.concat(frames) if frames else empty
    if not reader.counts:
        frame = without_doubles(ctx, frame)
    if tables and frame.is_empty() and not ctx.own.errors:
        ctx.report(
            "fichier-sans-ligne",
            tables[0].where(),
            "Aucune valeur n’a été lue.",
            "des lignes de données sous les titres de colonnes.",
        )
    ctx.summarise()
    problems.extend(ctx.own)
    refused = bool(ctx.own.errors)
    reads = tuple(
        FileRead(
            spec.id,
            t.file,
            t.sha256,
            t.size,
            spec.reader,
            t.encoding,
            tuple(x.sheet for x in tables if x.sheet),
            0 if refused else frame.height,
            refused,
        )
        for t in tables[:1]
    )
    return (empty if refused else frame), reads
