"""Which relations bind the figures of one zoning to those of another?

Neighbourhoods, communes, the agglomeration and its two parts, the means that a document prints,
the two lists of perimeters. Only counts that may be added; means also for rates.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.observations.schema import KEY, Kind, Status
from terril.secrecy.links import Gathered

GAP: Final = "ecart"  # what is in one perimeter and not in the other
_INFINITE: Final = float("inf")


def neighbourhoods(gathered: Gathered, territories: pl.DataFrame) -> None:
    """The neighbourhoods of an EPCI, of one list, add up to their total."""
    list_of = pl.col("code").str.slice(0, 2)
    qpv = territories.filter((pl.col("kind") == Kind.QPV) & (pl.col("epci") != "")).select(
        territory="code", group="epci", list=list_of
    )
    cell = ["group", "indicator", "period", "breakdown"]
    here = (
        gathered.additive.filter(pl.col("kind") == Kind.QPV)
        .join(qpv, on="territory")
        .group_by(*cell, "list")
        .agg(there=pl.len())
        .sort("there", "list", descending=[True, False])
        .unique(cell, keep="first", maintain_order=True)
    )
    stated = gathered.additive.filter(pl.col("kind") == Kind.QPV_ENSEMBLE).select(
        pl.col("territory").alias("group"), "indicator", "period", "breakdown"
    )
    groups = gathered.number(here.join(stated, on=cell, how="semi"), cell)
    parts = groups.join(qpv, on=["group", "list"]).with_columns(
        kind=pl.lit(Kind.QPV.value), coefficient=pl.lit(1.0)
    )
    total = groups.with_columns(
        kind=pl.lit(Kind.QPV_ENSEMBLE.value),
        territory=pl.col("group"),
        coefficient=pl.lit(-1.0),
    )
    gathered.add(
        groups,
        [parts, total],
        text="par différence entre l’ensemble des quartiers et les autres quartiers",
    )


def agglomerations(gathered: Gathered) -> None:
    """The neighbourhoods together and the rest are the EPCI."""
    kinds = (Kind.QPV_ENSEMBLE, Kind.HORS_QPV, Kind.EPCI)
    cell = ["territory", "indicator", "period", "breakdown"]
    groups = gathered.number(
        gathered.additive.filter(pl.col("kind").is_in([k.value for k in kinds]))
        .group_by(cell)
        .agg(there=pl.len())
        .filter(pl.col("there") >= 2),
        cell,
    )
    gathered.add(
        groups,
        [
            groups.with_columns(
                kind=pl.lit(kind.value),
                coefficient=pl.lit(-1.0 if kind is Kind.EPCI else 1.0),
            )
            for kind in kinds
        ],
        text="par différence entre l’agglomération, ses quartiers et le reste",
    )


def communes(gathered: Gathered, territories: pl.DataFrame) -> None:
    """The communes add up to their EPCI; a commune holds the neighbourhoods inside it."""
    communes = territories.filter((pl.col("kind") == Kind.COMMUNE) & (pl.col("epci") != "")).select(
        territory="code", group="epci"
    )
    cell = ["group", "indicator", "period", "breakdown"]
    epci = gathered.additive.filter(pl.col("kind") == Kind.EPCI).select(
        "indicator", "period", "breakdown", group="territory", total="value"
    )
    here = (
        gathered.additive.filter(pl.col("kind") == Kind.COMMUNE)
        .join(communes, on="territory")
        .group_by(cell)
        .agg(
            there=pl.len(),
            known=pl.col("value").sum(),
            whole=pl.col("value").is_not_null().all(),
        )
        .join(communes.group_by("group").agg(all=pl.len()), on="group")
        .filter(pl.col("there") == pl.col("all"))
        .join(epci, on=cell)
    )
    # a list of communes that is not whole: they only stay below
    partial = pl.col("whole") & (pl.col("known") < pl.col("total") - 1e-6)
    groups = gathered.number(here, cell)
    parts = groups.join(communes, on="group").with_columns(
        kind=pl.lit(Kind.COMMUNE.value), coefficient=pl.lit(1.0)
    )
    total = groups.with_columns(
        kind=pl.lit(Kind.EPCI.value), territory=pl.col("group"), coefficient=pl.lit(-1.0)
    )
    gathered.add(
        groups,
        [parts, total],
        text="par différence entre l’agglomération et les autres communes",
        low=pl.when(partial.fill_null(value=False)).then(-_INFINITE).otherwise(0.0),
    )
    _inside(gathered, territories)


def _inside(gathered: Gathered, territories: pl.DataFrame) -> None:
    inside = territories.filter(
        (pl.col("kind") == Kind.QPV) & (pl.col("communes").list.len() == 1)
    ).select(
        territory="code",
        commune=pl.col("communes").list.first(),
        list=pl.col("code").str.slice(0, 2),
    )
    cell = ["commune", "indicator", "period", "breakdown"]
    parts = gathered.additive.filter(pl.col("kind") == Kind.QPV).join(inside, on="territory")
    commune = gathered.additive.filter(pl.col("kind") == Kind.COMMUNE).select(
        "indicator", "period", "breakdown", commune="territory"
    )
    groups = gathered.number(
        parts.select(*cell, "list").unique().join(commune, on=cell), [*cell, "list"]
    )
    entries = groups.join(parts, on=[*cell, "list"]).with_columns(coefficient=pl.lit(1.0))
    total = groups.with_columns(
        kind=pl.lit(Kind.COMMUNE.value),
        territory=pl.col("commune"),
        coefficient=pl.lit(-1.0),
    )
    gathered.add(
        groups,
        [entries, total],
        text="par comparaison avec la commune, qui contient le quartier",
        low=-_INFINITE,
    )


def means(gathered: Gathered, territories: pl.DataFrame) -> None:
    """A printed mean, times the number of its places, is a sum. Of one list, where all are."""
    qpv = territories.filter((pl.col("kind") == Kind.QPV) & (pl.col("epci") != "")).select(
        territory="code", group="epci", list=pl.col("code").str.slice(0, 2)
    )
    _mean(gathered, Kind.QPV_MOYENNE, Kind.QPV, qpv, "par la moyenne des quartiers")
    grouped = (
        gathered.figures.filter(pl.col("kind") == Kind.COMMUNES)
        .select(group="territory")
        .unique()
        .with_columns(territory=pl.col("group").str.split("+"), list=pl.lit(""))
        .explode("territory")
    )
    _mean(gathered, Kind.COMMUNES, Kind.COMMUNE, grouped, "par la moyenne des communes")


def _mean(gathered: Gathered, kind: Kind, part: Kind, places: pl.DataFrame, text: str) -> None:
    cell = ["group", "indicator", "period", "breakdown"]
    stated = gathered.figures.filter(pl.col("kind") == kind).rename({"territory": "group"})
    sizes = places.group_by("group", "list").agg(size=pl.len())
    here = (
        gathered.figures.filter(pl.col("kind") == part)
        .join(places, on="territory")
        .group_by(*cell, "list")
        .agg(there=pl.len())
        .join(sizes, on=["group", "list"])
        .filter(pl.col("there") == pl.col("size"))
        .sort("there", "list", descending=[True, False])
        .unique(cell, keep="first", maintain_order=True)
    )
    groups = gathered.number(stated.select(cell).join(here, on=cell), cell)
    parts = groups.join(places, on=["group", "list"]).with_columns(
        kind=pl.lit(part.value), coefficient=pl.lit(1.0)
    )
    mean = groups.with_columns(
        kind=pl.lit(kind.value),
        territory=pl.col("group"),
        coefficient=-pl.col("size").cast(pl.Float64),
    )
    gathered.add(groups, [parts, mean], text=text, told=False)


def generations(gathered: Gathered, correspondence: pl.DataFrame) -> None:
    """A perimeter kept is one figure; what one has over the other is a figure too."""
    pairs = correspondence.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null()).select(
        "old",
        "new",
        same=(pl.col("status") == "inchange")
        | ((pl.col("share_old") >= 1) & (pl.col("share_new") >= 1)),
        inner=pl.when(pl.col("share_old") >= 1)
        .then(pl.col("old"))
        .when(pl.col("share_new") >= 1)
        .then(pl.col("new")),
    )
    counts = gathered.additive.filter(pl.col("kind") == Kind.QPV)
    what = ["indicator", "period", "breakdown"]
    old = counts.select("territory", *what).rename({"territory": "old"})
    new = counts.select("territory", *what).rename({"territory": "new"})
    both = pairs.join(old, on="old").join(new, on=["new", *what])
    same = pl.col("same").fill_null(value=False)
    groups = gathered.number(both.filter(same), ["old", "new", *what])
    gathered.add(
        groups,
        [_end(groups, "old", 1.0), _end(groups, "new", -1.0)],
        text="par le même quartier dans l’autre liste (périmètre inchangé)",
    )
    nested = both.filter(~same & pl.col("inner").is_not_null()).with_columns(
        outer=pl.when(pl.col("inner") == pl.col("old")).then(pl.col("new")).otherwise(pl.col("old"))
    )
    groups = gathered.number(nested, ["old", "new", *what])
    rest = groups.with_columns(
        kind=pl.lit(GAP),
        territory=pl.col("outer") + "-" + pl.col("inner"),
        coefficient=pl.lit(1.0),
    )
    gathered.add(
        groups,
        [_end(groups, "inner", 1.0), _end(groups, "outer", -1.0), rest],
        text="par différence entre les périmètres des deux listes",
    )


def _end(groups: pl.DataFrame, code: str, coefficient: float) -> pl.DataFrame:
    return groups.with_columns(
        kind=pl.lit(Kind.QPV.value),
        territory=pl.col(code),
        coefficient=pl.lit(coefficient),
    )


def gaps(entries: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return what one perimeter has over the other, where both figures are known.

    ``known``: KEY and ``value``. Gives KEY and ``value``: the difference is published by
    nobody, and everybody can compute it.
    """
    rest = entries.filter(pl.col("kind") == GAP)
    return (
        entries.filter(pl.col("kind") != GAP)
        .join(rest.select("relation"), on="relation", how="semi")
        .join(known.select(*KEY, "value"), on=KEY)
        .group_by("relation")
        .agg(value=-(pl.col("coefficient") * pl.col("value")).sum(), there=pl.len())
        .filter(pl.col("there") == 2)
        .join(rest, on="relation")
        .select(*KEY, "value")
        .with_columns(status=pl.lit(Status.OK.value))
    )
