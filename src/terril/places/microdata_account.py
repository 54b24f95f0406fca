"""What became of each record of a file, and what must the analyst be told of it?

Nothing is lost in silence: the numbers add up to what was read, or the software is wrong. Too
many records without usable coordinates, and nothing is counted: a map of half of the people is
not a map of the people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from terril.catalogue.works import Work
from terril.lib.french import avec_unite, compte, liste, nombre
from terril.lib.problems import Severity, Where
from terril.places.microdata_cube import Cube
from terril.places.microdata_files import Records
from terril.places.microdata_sql import (
    AWAY,
    FILTERED,
    MISSING,
    NULL_ISLAND,
    OK,
    OTHER_GRID,
    SWAPPED,
    UNREADABLE,
    Query,
)
from terril.sources.context import Context

#: share of the records kept, in %, that may lack usable coordinates
LIMIT: Final = "microdonnees_sans_lieu"

_REASONS: Final = {
    MISSING: "sans coordonnées",
    UNREADABLE: "coordonnées illisibles",
    NULL_ISLAND: "coordonnées nulles (0 ; 0)",
    SWAPPED: "axes inversés",
}
_SHOWN: Final = 5


@dataclass(frozen=True)
class Account:
    """Where the records of an input went; ``unplaced`` by reason, in French.

    ``unread``: cells that could not be read as numbers or dates, by column; ``unknown``: records
    of no modality, by dimension, among those that are in or around a territory.
    """

    document: str
    work: str
    file: str
    read: int
    filtered: int
    inside: int
    around: int  # in no territory, in the surroundings of one
    elsewhere: int  # usable coordinates, neither in a territory nor around one
    unplaced: dict[str, int]
    unread: dict[str, int]
    unknown: dict[str, int]
    seconds: float

    @property
    def kept(self) -> int:
        """The records that the filters keep."""
        return self.read - self.filtered

    @property
    def balanced(self) -> bool:
        """Does every record stand in one place?"""
        told = self.filtered + self.inside + self.around + self.elsewhere
        return self.read == told + sum(self.unplaced.values())


def account(
    ctx: Context, work: Work, query: Query, cube: Cube, found: Records, seconds: float
) -> Account:
    """Return the account of an input. Raises ``ArithmeticError`` when it does not add up."""
    states = {row["state"]: row for row in cube.states.to_dicts()}
    counts = {state: int(row["records"]) for state, row in states.items()}
    zones = [c for c in cube.inside.columns if c[0] == "z" and c[1:].isdigit()]
    held = pl.any_horizontal(pl.col(z).is_not_null() for z in zones)
    near = pl.col("near") == 1

    def total(where: pl.Expr) -> int:
        return int(cube.inside.filter(where)["records"].sum())

    unplaced = {
        _reason(state): n
        for state, n in counts.items()
        if state in _REASONS or state.startswith(OTHER_GRID)
    }
    unread = {
        head: sum(int(row[f"u{rank}"]) for s, row in states.items() if s != FILTERED)
        for rank, head in enumerate(query.unread)
    }
    unknown = {
        name: total((held | near) & (pl.col(f"d{rank}") == 0))
        for rank, name in enumerate(query.dimensions)
    }
    made = Account(
        ctx.spec.id,
        work.label,
        found.shown,
        sum(file.rows for file in found.files),
        counts.get(FILTERED, 0),
        total(held),
        total(~held & near),
        counts.get(AWAY, 0) + total(~held & ~near),
        {reason: unplaced[reason] for reason in sorted(unplaced, key=lambda r: -unplaced[r])},
        {head: n for head, n in unread.items() if n},
        {name: n for name, n in unknown.items() if n},
        seconds,
    )
    if not made.balanced or counts.get(OK, 0) != int(cube.inside["records"].sum()):
        raise ArithmeticError(f"{made.read} records read, {counts} and {made} told")
    return made


def _reason(state: str) -> str:
    if state.startswith(OTHER_GRID):
        return f"coordonnées dans une autre grille (EPSG {state.removeprefix(OTHER_GRID)} ?)"
    return _REASONS[state]


def tell(
    ctx: Context, work: Work, told: Account, cube: Cube, codes: Mapping[str, tuple[str, ...]]
) -> None:
    """Tell what the analyst must know of an input; an error when its figures cannot stand."""
    where = Where(told.file, column=work.position.x)
    _tell_unplaced(ctx, work, told, where)
    if told.elsewhere:
        ctx.report(
            "enregistrements-ailleurs",
            where,
            f"{_some(told.elsewhere, told.kept)} hors des territoires comptés.",
            severity=Severity.NOTE,
        )
    if told.kept and not told.inside + told.around and not ctx.own.errors:
        ctx.report(
            "enregistrements-tous-ailleurs",
            where,
            f"Aucun enregistrement n’est dans un territoire du projet. {_extent(cube.states)}",
            f"des coordonnées dans la grille EPSG {work.position.crs} de la carte.",
            "Vérifiez « position » dans la carte du travail, et que le fichier est le bon.",
        )
    if not told.kept:
        ctx.report(
            "enregistrements-aucun",
            where,
            f"Aucun enregistrement à compter ({compte(told.read, 'lu', 'lus')}, "
            f"{compte(told.filtered, 'écarté', 'écartés')} par les filtres).",
            "un fichier qui contient des enregistrements que les filtres gardent.",
            "Vérifiez « filters » dans la carte du travail.",
        )
    for head, n in told.unread.items():
        ctx.report(
            "cellules-illisibles",
            Where(told.file, column=head),
            f"{compte(n, 'cellule ne se lit pas', 'cellules ne se lisent pas')} comme un nombre "
            "ou une date.",
            "12,5 ; 2020-12-31 ou 31/12/2020.",
            "Ces enregistrements ne comptent pas là où cette colonne sert.",
            Severity.WARNING,
        )
    for name, n in told.unknown.items():
        ctx.report(
            "modalite-inconnue",
            Where(told.file, column=work.dimensions[name].column),
            f"{_some(n, told.inside + told.around)} sans modalité pour « {name} ».",
            f"{', '.join(work.dimensions[name].modalities)}.",
            f"Ils sont comptés à part, dans « {name}={work.dimensions[name].unknown} ».",
            Severity.NOTE,
        )
    _tell_empty(ctx, told, cube, codes)
    _tell_strays(ctx, told, work, cube, codes)


def _some(n: int, among: int) -> str:
    share = avec_unite(100 * n / among, 1, "%") if among else ""
    noun = compte(n, "enregistrement", "enregistrements")
    return f"{noun} ({share})" if share else noun


def _tell_unplaced(ctx: Context, work: Work, told: Account, where: Where) -> None:
    """Each reason with its share; too many in all refuse the file."""
    limit = work.unplaced_at_most
    if limit is None:
        limit = ctx.catalogue.number(LIMIT)
    lost = sum(told.unplaced.values())
    for reason, n in told.unplaced.items():
        swapped = reason == _REASONS[SWAPPED]
        ctx.report(
            "enregistrements-sans-lieu",
            where,
            f"{_some(n, told.kept)}\u00a0: {reason}.",
            f"x dans « {work.position.x} », y dans « {work.position.y} », grille EPSG "
            f"{work.position.crs}.",
            "Échangez x et y dans « position »." if swapped and n > told.kept / 2 else "",
            Severity.WARNING,
        )
    if told.kept and 100 * lost > limit * told.kept:
        ctx.report(
            "enregistrements-trop-sans-lieu",
            where,
            f"{_some(lost, told.kept)} sans coordonnées utilisables\u00a0: rien n’est compté.",
            f"{avec_unite(limit, 0 if float(limit).is_integer() else 1, '%')} au plus.",
            "Complétez le géocodage, corrigez « position », ou admettez davantage avec "
            "« unplaced_at_most » dans la carte, et dites-le dans l’édition.",
        )


def _extent(states: pl.DataFrame) -> str:
    """Say between which values the coordinates are."""
    row: dict[str, Any] = states.filter(pl.col("state").is_in([OK, AWAY])).select(
        pl.col("west", "south").min(), pl.col("east", "north").max()
    ).to_dicts()[0]  # fmt: skip
    if row["west"] is None:
        return ""
    decimals = 2 if max(abs(v) for v in row.values()) < 1000 else 0
    west, east, south, north = (
        nombre(row[name], decimals) for name in ("west", "east", "south", "north")
    )
    return f"Coordonnées lues\u00a0: x de {west} à {east}, y de {south} à {north}."


def _tell_empty(
    ctx: Context, told: Account, cube: Cube, codes: Mapping[str, tuple[str, ...]]
) -> None:
    """Territories where no record is: a true zero, or a file that does not go so far?"""
    if not told.inside:
        return
    for rank, (kind, own) in enumerate(codes.items()):
        seen = set(cube.inside[f"z{rank}"].drop_nulls().to_list())
        bare = [code for zone, code in enumerate(own) if zone not in seen]
        names = [
            t.display or t.label if (t := ctx.territories.by_code(kind, code)) else code
            for code in bare
        ]
        if names:
            more = f" et {len(names) - _SHOWN} autres" if len(names) > _SHOWN else ""
            ctx.report(
                "territoires-sans-enregistrement",
                Where(told.file),
                f"Aucun enregistrement dans {liste(names[:_SHOWN])}{more}\u00a0: le chiffre est 0.",
                "un fichier qui couvre tous les territoires du projet.",
                "Vérifiez que le fichier va jusque-là.",
                Severity.WARNING,
            )


def _tell_strays(
    ctx: Context, told: Account, work: Work, cube: Cube, codes: Mapping[str, tuple[str, ...]]
) -> None:
    """Records in a neighbourhood of a contract but outside the EPCI: totals will not add up."""
    if not {"qpv", "epci"} <= set(codes) or not {t.kind for t in work.territories} & {
        "hors_qpv", "qpv_ensemble"
    }:  # fmt: skip
        return
    kinds = list(codes)
    rows = cube.inside.select(
        pl.col(f"z{kinds.index('qpv')}").alias("qpv"),
        pl.col(f"z{kinds.index('epci')}").alias("epci"),
        "records",
    ).filter(pl.col("qpv").is_not_null())
    strays = 0
    for qpv, epci, n in rows.rows():
        item = ctx.territories.by_code("qpv", codes["qpv"][qpv])
        if item is not None and item.epci != (codes["epci"][epci] if epci is not None else ""):
            strays += int(n)
    if strays:
        ctx.report(
            "enregistrements-deborde",
            Where(told.file),
            f"{compte(strays, 'enregistrement est', 'enregistrements sont')} dans un quartier "
            "mais hors de l’intercommunalité qui porte son contrat\u00a0: le total des quartiers "
            "et le reste ne font pas tout à fait l’ensemble.",
            severity=Severity.NOTE,
        )
