"""Which figures do the files of records of a project give, and what became of each record?

The records stay with the analyst: what leaves is a table of figures by territory, blanked under
the minimum of its rule. Every record is accounted for: read = set aside by the filters + inside a
territory + around one + elsewhere + without usable coordinates, by reason.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.works import Work, date
from terril.lib.problems import ProblemList, Where
from terril.lib.progress import Progress, Silent
from terril.observations.schema import STATEMENTS, empty
from terril.places.engines.base import Engine
from terril.places.microdata_account import Account, account, tell
from terril.places.microdata_cube import count
from terril.places.microdata_figures import BLANKED, TRUTH, Figures, figures, statements
from terril.places.microdata_files import Records, find_records
from terril.places.microdata_grid import Box, Carry, box_in, carry
from terril.places.microdata_ground import Grounds, Seen, grounds
from terril.places.microdata_rules import wanted_values
from terril.places.microdata_sql import records
from terril.places.microdata_where import places
from terril.sources.context import Context, quoted
from terril.sources.contributions import CONTRIBUTIONS
from terril.sources.naming import normal_period
from terril.sources.project import Project
from terril.sources.read import FileRead
from terril.territories.geometry import Layer
from terril.territories.registry import Territories

#: the reader of ``[[microdonnees]]`` and its options
READER: Final = "enregistrements"
OPTIONS: Final = ("travail", "periode", "entete", "a_part")

#: grids in which coordinates are often found by mistake (EPSG): of the mainland, of any place
_MISTAKEN: Final = {2154: (2154, 4326, 27572)}
_DEGREES: Final = 4326


@dataclass(frozen=True)
class Counted:
    """What the works of a project gave.

    ``statements``: ``STATEMENTS``, blanked. ``truth`` (``TRUTH``): the figures before blanking,
    for ``secrecy.protect``, never to be written; ``contributions`` (``CONTRIBUTIONS``): who makes
    the sums under a rule of dominance, for it too. ``blanked`` (``BLANKED``): the ledger.
    """

    statements: pl.DataFrame
    truth: pl.DataFrame
    contributions: pl.DataFrame
    blanked: pl.DataFrame
    accounts: tuple[Account, ...]
    files: tuple[FileRead, ...]


def run_works(
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    outlines: Sequence[Layer],
    problems: ProblemList,
    engine: Engine,
) -> pl.DataFrame:
    """Return the statements of all the works of a project (see :func:`count_works`)."""
    return count_works(project, territories, catalogue, outlines, problems, engine).statements


def count_works(
    project: Project,
    territories: Territories,
    catalogue: Catalogue,
    outlines: Sequence[Layer],
    problems: ProblemList,
    engine: Engine,
    progress: Progress | None = None,
    *,
    apart: bool = False,
) -> Counted:
    """Count the records of each ``[[microdonnees]]`` of the project.

    ``outlines``: the layers of the project, of any nature. ``apart``: also those that the project
    counts on their own (``a_part = "oui"``: on a cluster, long before the edition). What is
    wrong goes to ``problems``, nothing is raised; an input with an error gives no figure. Rows
    are in the order of terril.toml, then by key: the same whatever the engine.
    """
    progress = progress or Silent()
    seen: Seen = {}
    stated = [empty(STATEMENTS)]
    truth, blanked = [pl.DataFrame(schema=TRUTH)], [pl.DataFrame(schema=BLANKED)]
    contributions = [pl.DataFrame(schema=CONTRIBUTIONS)]
    accounts: list[Account] = []
    files: list[FileRead] = []
    for number, spec in enumerate(project.microdata):
        if spec.options.get("a_part") == "oui" and not apart:
            continue
        progress.stage(f"Enregistrements comptés\u00a0: {spec.label or spec.id}")
        ctx = Context(project, spec, territories, catalogue)
        found = _One(ctx, outlines, engine, seen, number).run()
        ctx.summarise()
        problems.extend(ctx.own)
        if found is None:
            continue
        accounts.append(found.account)
        files += found.files
        if not ctx.own.errors:
            stated.append(found.statements)
            truth.append(found.figures.truth)
            contributions.append(found.figures.contributions)
            blanked.append(found.figures.blanked)
    return Counted(
        pl.concat(stated),
        pl.concat(truth),
        pl.concat(contributions),
        pl.concat(blanked),
        tuple(accounts),
        tuple(files),
    )


@dataclass(frozen=True)
class _Result:
    statements: pl.DataFrame
    figures: Figures
    account: Account
    files: tuple[FileRead, ...]


class _One:
    """The count of one input."""

    def __init__(
        self, ctx: Context, outlines: Sequence[Layer], engine: Engine, seen: Seen, number: int
    ) -> None:
        self.ctx, self.outlines, self.engine = ctx, outlines, engine
        self.seen, self.number = seen, number

    def run(self) -> _Result | None:
        """Return what was counted; ``None`` when nothing could be."""
        began = time.perf_counter()
        ctx = self.ctx
        work = declared_work(ctx)
        if work is None:
            return None
        period = self._period(work)
        ground = grounds(ctx, work, self.outlines, self.seen)
        found = find_records(ctx, work, self.engine.folder)
        if period is None or ground is None or found is None or ctx.own.errors:
            return None
        way = self._way(work, ground)
        if way is None:
            return None
        tables = [f"fichier_{self.number}_{k}" for k in range(len(found.batches))]
        for table, batch in zip(tables, found.batches, strict=True):
            self.engine.read(table, batch.paths)
        query = records(
            work,
            list(zip(tables, found.batches, strict=True)),
            way,
            _others(way, ground.box),
            period,
        )
        largest = wanted_values(work, ctx.catalogue)
        cube = count(self.engine, query, work, ground.grounds, largest)
        self.engine.drop(*tables)
        _forget(found, self.engine)
        told = account(ctx, work, query, cube, found, time.perf_counter() - began)
        where = places(work, cube, ground.codes, ground.widths, ctx.territories)
        tell(ctx, work, told, cube, ground.codes)
        made = figures(work, ctx.catalogue, where, query.dimensions, told.unknown, period)
        return _Result(
            statements(
                made,
                source=ctx.spec.source or work.source,
                document=ctx.spec.id,
                priority=ctx.spec.priority,
                file=found.shown,
                sheet=ctx.spec.sheet or "",
                sha256=found.sha256,
            ),
            made,
            told,
            found.files,
        )

    def _period(self, work: Work) -> str | None:
        """Return the period of the figures: of terril.toml, else of the card."""
        given = self.ctx.option("periode") or work.period or ""
        period = normal_period(given) or ""
        aged = [n for n, d in work.dimensions.items() if d.reading != "number" and not d.at]
        if not given:
            self.ctx.declaration(
                "periode-absente",
                "la période des chiffres n’est donnée ni ici ni par la carte du travail.",
                'periode = "2020-12-31"',
                key="periode",
            )
        elif not period:
            self.ctx.declaration(
                "periode-illisible",
                f"la période « {given} » n’est pas comprise.",
                "une année (2015), une date (2018-12-31) ou deux années (2008-2014).",
                key="periode",
            )
        elif aged and not date(period):
            self.ctx.declaration(
                "travail-age",
                f"la dimension {quoted(aged)} compte des âges, mais la période « {period} » n’est "
                "pas une date.",
                'periode = "2020-12-31", ou « at » dans la carte.',
                key="periode",
            )
        else:
            return period
        return None

    def _way(self, work: Work, ground: Grounds) -> Carry | None:
        """Return how the coordinates of the file become those of the outlines."""
        crs = work.position.crs
        way = None
        reason = "est trop irrégulière ici"
        try:
            way = carry(crs, ground.crs, ground.box)
        except Exception as error:  # what PROJ says of a code it does not know
            reason = f"n’est pas connue ({str(error).splitlines()[0][:100]})"
        if way is None:
            self.ctx.report(
                "grille-inconnue",
                Where(self.ctx.shown_file, column=work.position.x),
                f"La grille EPSG {crs} de la carte {reason}.",
                "2154 (Lambert-93), 4326 (longitude et latitude)…",
                "Corrigez « crs » dans la carte, ou convertissez le fichier en Lambert-93.",
            )
        return way


def declared_work(ctx: Context) -> Work | None:
    """Return the work that an input names (``travail``, by default its id); a mistake is told."""
    spec, works = ctx.spec, ctx.catalogue.works
    if spec.reader != READER:
        ctx.declaration(
            "lecteur-inconnu",
            f"le lecteur « {spec.reader} » n’existe pas pour des microdonnées.",
            f"{READER}.",
            key="lecteur",
        )
        return None
    ctx.check_options(OPTIONS)
    code = ctx.option("travail") or spec.id.replace("-", "_")
    if code not in works:
        near = difflib.get_close_matches(code, works, 1)
        ctx.declaration(
            "travail-inconnu",
            f"le travail « {code} » n’a pas de carte.",
            f"{', '.join(works)}." if works else "une carte dans works/ du catalogue du projet.",
            f'Écrivez travail = "{near[0]}".' if near else "Écrivez sa carte.",
            key="travail",
        )
        return None
    if spec.source and spec.source not in ctx.catalogue.sources:
        ctx.declaration(
            "source-inconnue",
            f"la source « {spec.source} » n’est pas au catalogue.",
            ", ".join(sorted(ctx.catalogue.sources)) + ".",
            key="source",
        )
        return None
    return works[code]


def _others(way: Carry, box: Box) -> dict[int, Box]:
    """Return the box of the outlines in the grids often taken for the one declared."""
    found = {}
    for epsg in _MISTAKEN.get(way.target, (way.target, _DEGREES)):
        own = box if epsg == way.target else box_in(epsg, way.target, box)
        if epsg != way.source and own is not None:
            found[epsg] = own
    return found


def _forget(found: Records, engine: Engine) -> None:
    """Remove the files written again for the engine."""
    for batch in found.batches:
        for path in batch.paths:
            if engine.folder in path.parents:
                path.unlink()
