"""Where does each point stand, in metres, and what is said of those that stand nowhere?

A reader gives drafts: coordinates as the file writes them, with their system. Here they are
carried to the grid of the project. A point without coordinates, with its axes swapped, outside
the territory or placed at random in its commune is kept, marked and told: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.lib.french import compte
from terril.lib.problems import Severity
from terril.sources.context import Context
from terril.sources.origin import read_origin
from terril.sources.project import Project
from terril.sources.tables import Table
from terril.territories.geometry import metric_crs
from terril.territories.geometry_crs import GEOGRAPHIC, change, grids, in_box
from terril.territories.geometry_points import Extent
from terril.territories.registry import Territories

Floats = npt.NDArray[np.float64]
Schema = dict[str, pl.DataType | type[pl.DataType]]

#: what the files say of a piece of equipment, one row a piece
POINTS: Final[Schema] = {
    "id": pl.String,  # the producer's, made single, or « document:line »
    "type": pl.String,  # as the producer writes it: « D201 », « Bureau de Poste », « shop=bakery »
    "card": pl.String,  # label of a type card (vocabularies/equipment.yaml), "" when none fits
    "label": pl.String,  # name of the place, else of its type
    "x": pl.Float64,  # metres in ``crs``, null when unknown
    "y": pl.Float64,
    "crs": pl.Int32,  # grid of the project
    "commune": pl.String,  # Insee code, as the producer says, or ""
    "qpv_2015": pl.String,  # neighbourhood as the producer says, "" when in none or not said
    "qpv_2015_quality": pl.String,  # « 1 » sure, « 2 » likely, « 3 » at random, "" not said
    "qpv_2024": pl.String,
    "qpv_2024_quality": pl.String,
    "xy_quality": pl.String,  # bonne | acceptable | mauvaise | "" not said
    "xy_state": pl.String,  # a key of ``STATES``
    "vintage": pl.String,
    "source": pl.String,  # code of a source card
    "priority": pl.Int16,  # of two documents that hold the same types, the smallest counts
    "document": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "line": pl.Int32,  # of the file; rank of the feature in a file of shapes
    "sha256": pl.String,
}

#: what a reader gives before coordinates are settled; absent columns are empty
DRAFT: Final[Schema] = {
    "id": pl.String,
    "type": pl.String,
    "card": pl.String,
    "label": pl.String,
    "raw_x": pl.Float64,
    "raw_y": pl.Float64,
    "epsg": pl.Int32,  # system of raw_x, raw_y
    "commune": pl.String,
    "qpv_2015": pl.String,
    "qpv_2015_quality": pl.String,
    "qpv_2024": pl.String,
    "qpv_2024_quality": pl.String,
    "xy_quality": pl.String,
    "line": pl.Int32,
}

READ: Final = "lue"
PUT_RIGHT: Final = "retablie"  # axes were swapped
ABSENT: Final = "absente"
NOWHERE: Final = "hors_systeme"
#: how a person says each state of the coordinates
STATES: Final = {
    READ: "coordonnées lues",
    PUT_RIGHT: "axes inversés, remis en ordre",
    ABSENT: "sans coordonnées",
    NOWHERE: "coordonnées impossibles dans leur système",
}
DOUBTFUL: Final = "mauvaise"


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of a project: its grid, its communes, its box (``None`` when not known)."""

    crs: int
    communes: frozenset[str]
    extent: Extent | None = None

    @property
    def departments(self) -> frozenset[str]:
        """The departments of its communes."""
        return frozenset(department_of(code) for code in self.communes)


def department_of(commune: str) -> str:
    """Return the department of an Insee code of commune: « 62498 » → 62, « 97105 » → 971."""
    return commune[:3] if commune.startswith("97") else commune[:2]


def ground_of(project: Project, territories: Territories, extent: Extent | None = None) -> Ground:
    """Return the ground of a project. ``extent``: the box of its outlines and surroundings."""
    communes = {t.code for t in territories.of_kind("commune")}
    communes.update(c for t in territories.qpv(project.epci) for c in t.communes)
    if extent is not None:
        return Ground(extent.crs, frozenset(communes), extent)
    own = [c for t in territories.qpv(project.epci) for c in t.communes] or sorted(communes)
    crs = metric_crs(department_of(own[0])) if own else metric_crs("")
    return Ground(crs, frozenset(communes))


def settle(
    x: Floats, y: Floats, epsg: int, ground: Ground
) -> tuple[Floats, Floats, npt.NDArray[np.object_]]:
    """Return x, y in the grid of the ground (NaN when unknown) and the state of each point.

    ``x``, ``y``: as the file writes them, in the system ``epsg``; NaN, or both zero, is absent.
    Axes are taken as swapped when the point, as written, can be nowhere in the grid of the
    project, and can once they are exchanged.
    """
    there = np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0))
    new_x, new_y = np.full(len(x), np.nan), np.full(len(x), np.nan)
    state = np.full(len(x), ABSENT, dtype=object)
    state[there] = NOWHERE
    right = _carry(x, y, there, epsg, ground, new_x, new_y)
    state[right] = READ
    other = _carry(y, x, there & ~right, epsg, ground, new_x, new_y)
    state[other] = PUT_RIGHT
    return new_x, new_y, state


def _carry(
    x: Floats,
    y: Floats,
    asked: npt.NDArray[np.bool_],
    epsg: int,
    ground: Ground,
    new_x: Floats,
    new_y: Floats,
) -> npt.NDArray[np.bool_]:
    """Write the points that fall where the grid of the ground may be used; say which."""
    done = np.zeros(len(x), dtype=bool)
    rows = np.flatnonzero(asked)
    if not len(rows):
        return done
    lon, lat = change(x[rows], y[rows], epsg, GEOGRAPHIC)
    fits = in_box(lon, lat, grids()[ground.crs].box)
    rows = rows[fits]
    if len(rows):
        if epsg == ground.crs:
            new_x[rows], new_y[rows] = x[rows], y[rows]
        else:
            new_x[rows], new_y[rows] = change(lon[fits], lat[fits], GEOGRAPHIC, ground.crs)
        done[rows] = True
    return done


def finish(draft: pl.DataFrame, table: Table, ctx: Context, ground: Ground, source: str,
           vintage: str) -> pl.DataFrame:  # fmt: skip
    """Return the points of a file (columns of ``POINTS``) and tell those that stand nowhere."""
    empty = [
        pl.lit("").cast(dtype).alias(name)
        if dtype == pl.String
        else pl.lit(None, dtype).alias(name)
        for name, dtype in DRAFT.items()
        if name not in draft.columns
    ]
    draft = draft.with_columns(empty)
    x, y, state = _settled(draft, ground)
    frame = draft.with_columns(
        pl.Series("x", x).fill_nan(None),
        pl.Series("y", y).fill_nan(None),
        pl.Series("xy_state", state, dtype=pl.String),
        pl.lit(ground.crs).alias("crs"),
        pl.lit(vintage).alias("vintage"),
        pl.lit(source).alias("source"),
        pl.lit(ctx.spec.priority).alias("priority"),
        pl.lit(ctx.spec.id).alias("document"),
        pl.lit(table.file).alias("file"),
        pl.lit(table.sheet).alias("sheet"),
        pl.lit(table.sha256).alias("sha256"),
    ).select(pl.col(name).cast(dtype) for name, dtype in POINTS.items())
    _tell(frame, table, ctx, ground)
    return frame


def _settled(draft: pl.DataFrame, ground: Ground) -> tuple[Floats, Floats, list[str]]:
    x = np.full(draft.height, np.nan)
    y = np.full(draft.height, np.nan)
    state = np.full(draft.height, ABSENT, dtype=object)
    epsg = draft["epsg"].fill_null(ground.crs).to_numpy()
    raw_x = draft["raw_x"].fill_null(float("nan")).to_numpy()
    raw_y = draft["raw_y"].fill_null(float("nan")).to_numpy()
    for system in np.unique(epsg):
        rows = np.flatnonzero(epsg == system)
        x[rows], y[rows], state[rows] = settle(raw_x[rows], raw_y[rows], int(system), ground)
    return x, y, list(state)


# ------------------------------------------------------------------ what is told


def lines_of(frame: pl.DataFrame, limit: int = 5) -> str:
    """Return the first lines of some points, in brackets: « (lignes 3, 8…) »."""
    lines = [str(n) for n in frame["line"].drop_nulls().unique().sort()[: limit + 1]]
    if not lines:
        return ""
    shown = ", ".join(lines[:limit]) + ("…" if len(lines) > limit else "")
    return f" ({'lignes' if len(lines) > 1 else 'ligne'} {shown})"


def _tell(frame: pl.DataFrame, table: Table, ctx: Context, ground: Ground) -> None:
    """Count the points that cannot be placed, or not well; each sort is told once."""

    def say(
        code: str,
        found: pl.DataFrame,
        singular: str,
        plural: str,
        expected: str = "",
        remedy: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        if found.is_empty():
            return
        line = found["line"].drop_nulls().min()
        ctx.report(
            code,
            table.where(int(line) if isinstance(line, int) else None),
            f"{compte(found.height, singular, plural)}{lines_of(found)}.",
            expected,
            remedy,
            severity,
        )

    of_state = {name: frame.filter(pl.col("xy_state") == name) for name in STATES}
    say(
        "point-sans-coordonnees",
        of_state[ABSENT],
        "lieu n’a pas de coordonnées",
        "lieux n’ont pas de coordonnées",
        "une abscisse et une ordonnée.",
        "Complétez le fichier si vous le pouvez. Sans elles, un lieu est gardé mais n’est compté "
        "dans aucun quartier.",
    )
    say(
        "axes-inverses",
        of_state[PUT_RIGHT],
        "lieu a ses coordonnées inversées",
        "lieux ont leurs coordonnées inversées",
        "l’est (ou la longitude) d’abord, le nord (ou la latitude) ensuite.",
        "Elles sont remises en ordre à la lecture ; corrigez le fichier.",
    )
    say(
        "point-hors-systeme",
        of_state[NOWHERE],
        "lieu a des coordonnées qui ne tombent pas en France dans leur système",
        "lieux ont des coordonnées qui ne tombent pas en France dans leur système",
        "des coordonnées du système du fichier.",
        'Si elles sont dans un autre système, donnez-le dans terril.toml : crs = "2154". '
        "Ces lieux sont gardés mais ne sont comptés dans aucun quartier.",
    )
    say(
        "precision-douteuse",
        frame.filter((pl.col("xy_quality") == DOUBTFUL) & pl.col("x").is_not_null()),
        "lieu est placé au centre de sa commune, ou au hasard",
        "lieux sont placés au centre de leur commune, ou au hasard",
        "une adresse avec son numéro.",
        "Ils sont comptés à part : on ne sait pas dans quel quartier ils sont.",
    )
    _tell_far(frame, table, ctx, ground)


def _tell_far(frame: pl.DataFrame, table: Table, ctx: Context, ground: Ground) -> None:
    located = frame.filter(pl.col("x").is_not_null())
    if ground.extent is None or located.is_empty():
        return
    here = ground.extent.holds(located["x"].to_numpy(), located["y"].to_numpy())
    away = int((~here).sum())
    if away == located.height:
        ctx.report(
            "points-tous-eloignes",
            table.where(),
            f"Aucun des {compte(away, 'lieu placé', 'lieux placés')} n’est dans le territoire du "
            "projet ni à ses abords.",
            "des lieux du territoire.",
            'Vérifiez le fichier et son système de coordonnées (crs = "2154").',
            Severity.WARNING,
        )
    elif away:
        ctx.report(
            "points-eloignes",
            table.where(),
            f"{compte(away, 'lieu est', 'lieux sont')} loin des quartiers du projet : "
            "gardés, sans effet sur les comptes.",
            severity=Severity.NOTE,
        )


def vintage_of(ctx: Context) -> str:
    """Return the edition of a file: told in terril.toml, else noted when it was fetched."""
    if told := ctx.option("millesime"):
        return told
    origin = read_origin(ctx.spec.file)
    return origin.vintage if origin is not None else ""


def single_ids(ids: Iterable[str], document: str, lines: Iterable[Any]) -> list[str]:
    """Return identifiers that are single: « document:id », and a rank after the first."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for text, line in zip(ids, lines, strict=True):
        base = f"{document}:{text or line}"
        seen[base] = seen.get(base, 0) + 1
        found.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return found
