"""What do the input files of the project state?

Each input is read by its reader, all problems are gathered, and an input with an error
contributes nothing: its figures wait until it is corrected, the others stand.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from terril.catalogue.load import Catalogue
from terril.lib.problems import ProblemList
from terril.sources import contributions, equipment, insee, long, wide
from terril.sources.context import Context
from terril.sources.contributions import CONTRIBUTIONS
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
    """All that the inputs state. Frames have the columns of a statement, and of EQUIPMENT.

    ``contributions`` (``CONTRIBUTIONS``) serve to blank and go no further.
    """

    statements: pl.DataFrame
    equipment: pl.DataFrame
    files: tuple[FileRead, ...]
    contributions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONTRIBUTIONS))


Given = Literal["statements", "equipment", "contributions"]
_SCHEMAS: Final[dict[Given, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "statements": STATEMENT,
    "equipment": EQUIPMENT,
    "contributions": CONTRIBUTIONS,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to read files, as ``lecteur`` names it in terril.toml."""

    label: str
    options: Sequence[str]
    wish: Callable[[Context], Wish]
    read: Callable[[Table, Context], pl.DataFrame]
    gives: Given = "statements"


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
        "nombre d’équipements par type",
        equipment.OPTIONS,
        equipment.wish,
        equipment.read,
        "equipment",
    ),
    "contributions": Reader(
        "plus grandes contributions à un total, pour le secret",
        contributions.OPTIONS,
        contributions.wish,
        contributions.read,
        "contributions",
    ),
}


def read_inputs(
    project: Project, territories: Territories, catalogue: Catalogue, problems: ProblemList
) -> Readings:
    """Read every input of the project, in the order of terril.toml.

    What is wrong goes to ``problems``; nothing is raised. An input with an error adds no
    row. Statements have the columns of ``terril.observations.schema.STATEMENTS``.
    """
    held = {given: [pl.DataFrame(schema=schema)] for given, schema in _SCHEMAS.items()}
    files: list[FileRead] = []
    for spec in project.inputs:
        frame, reads = read_input(spec, project, territories, catalogue, problems)
        files.extend(reads)
        held[READERS[spec.reader].gives if spec.reader in READERS else "statements"].append(frame)
    whole = {given: pl.concat(frames) for given, frames in held.items()}
    return Readings(whole["statements"], whole["equipment"], tuple(files), whole["contributions"])


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
    empty = pl.DataFrame(schema=_SCHEMAS[reader.gives])
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
    if reader.gives == "statements":
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
            0 if refused or reader.gives == "contributions" else frame.height,
            refused,
        )
        for t in tables[:1]
    )
    return (empty if refused else frame), reads
