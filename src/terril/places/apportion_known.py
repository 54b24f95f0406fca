"""How many people live in a perimeter, when the population of others, that it meets, is known?

Neighbourhoods of 2024 hold most of those of 2015, whose population Insee has published: the
squares are apportioned to the pieces that both layers cut, and the pieces of each perimeter that
is known are brought to its population (``raking``). Communes may be given too. What is in no
known perimeter stays as the grid gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import liste, nombre
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.places.apportion import (
    CONTRAST,
    ESTIMATES,
    INSIDE,
    TOUCHED,
    Apportioned,
    Mask,
    apportion,
    meeting,
    with_shares,
)
from terril.places.apportion_words import told
from terril.places.raking import Margin, rake
from terril.sources.grid import Grid
from terril.territories.geometry import Layer
from terril.territories.geometry_grid import overlay

CALIBRATED: Final = "calage"
_GAP: Final = 1e-6  # relative, beyond which totals are said to contradict each other


@dataclass(frozen=True)
class Known:
    """Perimeters whose population is known: code, population. ``dense``: neighbourhoods.

    Perimeters without a row, or with a null, are left alone.
    """

    layer: Layer
    population: pl.DataFrame
    dense: bool = True


def apportion_known(
    grid: Grid,
    zones: Layer,
    known: Sequence[Known],
    catalogue: Catalogue,
    problems: ProblemList,
    *,
    mask: Mask | None = None,
) -> Apportioned:
    """Estimate the population of outlines (``ESTIMATES``, method « calage »).

    The living standards are those of ``apportion``: a population that is known says nothing of
    them. A perimeter that the file of squares does not cover whole is told and left alone.
    """
    near = next((one.layer for one in known if one.dense), None)
    plain = apportion(grid, zones, catalogue, problems, mask=mask, reference=near)
    pieces, members = _pieces(zones, known)
    silent = ProblemList()  # what overlaps was told above
    method = CONTRAST if mask is None else plain.method
    cells, _ = meeting(grid, pieces, mask if method != CONTRAST else None, silent)
    zone_of = {code: m[0] for code, (m, _) in zip(pieces.codes, members, strict=True)}
    denser = [code for code, (m, dense) in zip(pieces.codes, members, strict=True)
              if m[0] is None and dense]  # fmt: skip
    own = pl.col("zone").replace_strict(zone_of, default=None, return_dtype=pl.String)
    scale = plain.scale
    contrast = (
        pl.when(own.is_not_null()).then(scale.of(own))
        .when(pl.col("zone").is_in(denser)).then(scale.contrast)
        .otherwise(1.0)
    )  # fmt: skip
    shared = with_shares(cells, contrast)
    frame = _people(shared, pieces, members, plain.scale.dispersion)
    margins = [_margin(frame, rank, one, catalogue, problems) for rank, one in enumerate(known)]
    raked = rake(frame["people"].to_numpy(), margins)
    if raked.gap > _GAP:
        problems.add(
            Problem(
                "calage-contredit",
                Where(known[0].layer.file),
                "Les populations connues ne peuvent pas toutes être retrouvées : il reste un "
                f"écart de {nombre(100 * min(raked.gap, 99.0), 1)} %.",
                "des populations de la même année, et un carreau habité dans chaque périmètre.",
                "Vérifiez les populations données.",
                Severity.WARNING,
            )
        )
    frame = frame.with_columns(factor=pl.Series(raked.factors))
    done = _estimates(frame, margins[0] if margins else None, plain, catalogue)
    return Apportioned(shared, done, plain.scale, CALIBRATED)


Members = list[tuple[tuple[str | None, ...], bool]]


def _pieces(zones: Layer, known: Sequence[Known]) -> tuple[Layer, Members]:
    """Cut all the layers into pieces; return them with their codes, the zone first.

    And whether a piece is in a known perimeter that is a neighbourhood.
    """
    pieces = zones
    members: dict[str, tuple[tuple[str | None, ...], bool]] = {
        code: ((code,), False) for code in zones.codes
    }
    for one in known:
        cut = overlay(pieces, one.layer)
        found: dict[str, tuple[tuple[str | None, ...], bool]] = {}
        blank = tuple([None] * len(next(iter(members.values()))[0])) if members else (None,)
        for code, (a, b) in zip(cut.codes, cut.attributes.rows(), strict=True):
            before, dense = members[a] if a is not None else (blank, False)
            found[code] = ((*before, b), dense or (b is not None and one.dense))
        pieces, members = cut, found
    return pieces, [members[code] for code in pieces.codes]


def _people(
    cells: pl.DataFrame, pieces: Layer, members: Members, dispersion: float
) -> pl.DataFrame:
    """Return one row a piece: its codes, people, bounds, variance, surface beyond the file."""
    people, share = pl.col("population"), pl.col("share")
    sums = cells.group_by("zone").agg(
        people=(people * share).sum(),
        low=people.filter(INSIDE).sum(),
        high=people.filter(TOUCHED).sum(),
        variance=dispersion * (people * people * share * (1.0 - share)).sum(),
        beyond=pl.col("area").filter(~pl.col("known")).sum(),
        area=pl.col("area").sum(),
    )
    codes = {
        f"m{rank}": pl.Series([m[rank] for m, _ in members], dtype=pl.String)
        for rank in range(len(members[0][0]) if members else 1)
    }
    return (
        pl.DataFrame({"zone": pieces.codes, **codes})
        .join(sums, on="zone", how="left", maintain_order="left")
        .with_columns(pl.exclude("zone", *codes).fill_null(0.0))
    )


def _margin(
    frame: pl.DataFrame, rank: int, one: Known, catalogue: Catalogue, problems: ProblemList
) -> Margin:
    """Return the totals of a known layer; those that the file does not cover are told, left."""
    column = f"m{rank + 1}"
    told_totals = dict(one.population.select("code", "population").iter_rows())
    cover = dict(
        frame.drop_nulls(column)
        .group_by(column)
        .agg(pl.col("beyond").sum() / pl.col("area").sum())
        .iter_rows()
    )
    most = catalogue.number("recouvrement_negligeable")
    lost = [c for c in one.layer.codes if told_totals.get(c) is not None and cover.get(c, 1) > most]
    if lost:
        problems.add(
            Problem(
                "calage-partiel",
                Where(one.layer.file),
                f"Le fichier des carreaux ne couvre pas tout {liste(lost[:6])}"
                f"{' …' if len(lost) > 6 else ''} : sa population ne sert pas au calage.",
                "un fichier de carreaux qui couvre le périmètre entier.",
                "Prenez le fichier national, ou celui du département.",
                Severity.WARNING,
            )
        )
    place = {code: i for i, code in enumerate(one.layer.codes)}
    totals = [
        float("nan") if c in lost or told_totals.get(c) is None else float(told_totals[c])
        for c in one.layer.codes
    ]
    member = [-1 if c is None else place[c] for c in frame[column]]
    return Margin(np.array(member, dtype=np.int64), np.array(totals, dtype=np.float64))


def _estimates(
    frame: pl.DataFrame, margin: Margin | None, plain: Apportioned, catalogue: Catalogue
) -> pl.DataFrame:
    """Return the estimates of the zones, with the living standards of the plain ones."""
    held = np.full(frame.height, -1) if margin is None else margin.member
    total = np.full(frame.height, np.nan)
    if margin is not None and len(margin.totals):
        total = np.where(held >= 0, margin.totals[np.maximum(held, 0)], np.nan)
    frame = frame.with_columns(
        held=pl.Series(held), total=pl.Series(total).fill_nan(None),
        **{n: pl.col(n) * pl.col("factor") for n in ("people", "low", "high")},
        variance=pl.col("variance") * pl.col("factor") ** 2,
    )  # fmt: skip
    names = ("people", "low", "high", "variance")
    whole = (
        frame.drop_nulls("total")
        .group_by("held")
        .agg(*(pl.col(n).sum().alias(f"_{n}") for n in names))
    )
    # within one perimeter that is known, the people of the zone and the rest share the total
    part = (
        frame.drop_nulls(["m0", "total"])
        .group_by("m0", "held")
        .agg(*(pl.col(n).sum() for n in names), pl.col("total").first())
        .join(whole, on="held")
        .with_columns(_rest=pl.col("_people") - pl.col("people"))
        .with_columns(
            variance=pl.when(pl.col("_people") > 0).then(
                (
                    pl.col("_rest") ** 2 * pl.col("variance")
                    + pl.col("people") ** 2 * (pl.col("_variance") - pl.col("variance"))
                )
                / pl.col("_people") ** 2
            ),
            low=pl.max_horizontal("low", pl.col("total") - (pl.col("_high") - pl.col("high"))),
            high=pl.min_horizontal("high", pl.col("total") - (pl.col("_low") - pl.col("low"))),
        )
    )
    gap = catalogue.number("repartition_ecart_source")
    free = (
        frame.filter(pl.col("m0").is_not_null() & pl.col("total").is_null())
        .group_by("m0")
        .agg(*(pl.col(n).sum() for n in names))
        .with_columns(variance=pl.col("variance") + (gap * pl.col("people")) ** 2)
    )
    sums = (
        pl.concat([part.select("m0", *names), free.select("m0", *names)])
        .group_by("m0")
        .agg(*(pl.col(n).sum() for n in names))
        .join(frame.group_by("m0").agg(_most=pl.col("factor").max().clip(1.0)), on="m0")
        .rename({"m0": "zone"})
    )
    living = plain.estimates.filter(pl.col("quantity") == "living")
    told_plain = plain.estimates.filter(pl.col("quantity") == "population")
    ok = pl.col("refused") == ""
    population = (
        told_plain.drop("low")
        .rename({"high": "_high"})
        .join(sums, on="zone", how="left")
        # the people of the squares that it touches are not counted once for each piece
        .with_columns(high=pl.min_horizontal("high", pl.col("_high") * pl.col("_most")))
        .with_columns(
            value=pl.when(ok).then("people"),
            low=pl.when(ok).then(pl.min_horizontal("low", "people")),
            high=pl.when(ok).then(pl.max_horizontal("high", "people")),
            error=pl.when(ok).then(pl.col("variance").clip(0.0).sqrt()),
            method=pl.lit(CALIBRATED),
        )
        .select(pl.col(n).cast(t) for n, t in ESTIMATES.items())
    )
    singular, plural = "carreau habité", "carreaux habités"
    texts = [told(row, singular, plural) for row in population.iter_rows(named=True)]
    population = population.with_columns(text=pl.Series(texts, dtype=pl.String))
    return pl.concat([population, living]).sort("zone", "quantity")
