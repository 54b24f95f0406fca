"""Which figures may be said of what was counted, and which stay secret?

From the groups of a count to statements: by kind of territory, surroundings and breakdown, a
count, a share, a mean or a sum, rounded to the decimals of its indicator. A territory without any
record counts zero; its share and its mean are « sans objet ». Under the minimum of its rule a
figure is blanked here: it leaves neither in a file nor in an edition.

What a figure rests on: a count on itself; a share on its base, its part and the rest of it; a
mean and a sum on the records that have a value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Indicator
from terril.catalogue.works import Measure, Work
from terril.observations.schema import KEY, STATEMENTS, Origin, Status
from terril.places.microdata_rules import Rule, rule_of, wanted_values
from terril.places.microdata_where import Place
from terril.sources.contributions import CONTRIBUTIONS

TOTAL: Final = "total"
_SUMS: Final = "knspq"  # first letters of the columns that are added up
SECRET: Final = "s"

#: what was blanked, under which rule, never the value: the columns of the secrecy ledger
BLANKED: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **{name: pl.String for name in KEY},
    "rule": pl.String,
    "minimum": pl.Int32,
    "basis": pl.String,
    "why": pl.String,
}

#: figures before blanking, for the one who protects: the key, the value, how it is written
TRUTH: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **{name: pl.String for name in KEY},
    "value": pl.Float64,
    "status": pl.String,
    "decimals": pl.Int8,
}


@dataclass(frozen=True)
class Figures:
    """Statements (without provenance), the truth behind them, what was blanked, who makes sums."""

    rows: pl.DataFrame  # KEY, value, status, decimals, raw, column
    truth: pl.DataFrame
    blanked: pl.DataFrame
    contributions: pl.DataFrame


def figures(
    work: Work,
    catalogue: Catalogue,
    found: Sequence[Place],
    dimensions: Sequence[str],
    unknown: Collection[str],
    period: str,
) -> Figures:
    """Return the figures of all the measures at all the places, by key.

    ``dimensions``: in the order of the columns d0…; ``unknown``: those of which some records have
    no modality.
    """
    modalities = {name: _modalities(work, name, name in unknown) for name in dimensions}
    size = wanted_values(work, catalogue)
    parts, shares = [], [pl.DataFrame(schema=CONTRIBUTIONS)]
    for place in found:
        for crossing in dict.fromkeys(c for m in work.measures for c in ("", *m.by)):
            names = crossing.split("+") if crossing else []
            groups = _grouped(place, names, modalities, size)
            for rank, measure in enumerate(work.measures):
                if crossing in ("", *measure.by):
                    card = catalogue.indicators[measure.indicator]
                    per = catalogue.units[card.unit].per or 100.0
                    rule = rule_of(work, card, catalogue)
                    parts.append(_measured(groups, measure, rank, card, per, rule))
                    if measure.form == "sum" and rule.largest:
                        shares.append(_contributions(groups, measure, rank, period))
    frame = pl.concat(parts).with_columns(period=pl.lit(period)).sort(KEY)
    secret = pl.col("why") != ""
    shown = frame.with_columns(
        value=pl.when(~secret).then("value"),
        status=pl.when(secret).then(pl.lit(Status.SECRET.value)).otherwise("status"),
        raw=pl.when(secret).then(pl.lit(SECRET)).otherwise("raw"),
        decimals=pl.when(~secret).then("decimals"),
    )
    return Figures(
        shown,
        frame.select(pl.col(name).cast(dtype) for name, dtype in TRUTH.items()),
        frame.filter(secret)
        .with_columns(basis="indicator")
        .select(pl.col(name).cast(dtype) for name, dtype in BLANKED.items()),
        pl.concat(shares).sort(*KEY, "contributor"),
    )


def _grouped(
    place: Place,
    names: Sequence[str],
    modalities: Mapping[str, list[tuple[int, str]]],
    size: Mapping[int, int],
) -> pl.DataFrame:
    """Return one row a territory × modality of the place: kind, territory, breakdown, sums.

    All of them are there, those without a record too. ``size``: by rank of measure, how many of
    the largest values are kept, in ``l``.
    """
    ranks = [f"d{list(modalities).index(name)}" for name in names]
    sums = [c for c in place.groups.columns if c[0] in _SUMS and c[1:].isdigit()]
    cells = pl.DataFrame(
        list(product(place.codes, *([r for r, _ in modalities[name]] for name in names))),
        schema={"territory": pl.String, **dict.fromkeys(ranks, pl.Int32)},
        orient="row",
    )
    counted = (
        place.groups.with_columns(
            place.zone.alias("territory"), *(pl.col(r).cast(pl.Int32) for r in ranks)
        )
        .filter(pl.col("territory").is_not_null())
        .group_by("territory", *ranks)
        .agg(pl.col(sums).sum())
    )
    for measured, values in place.largest.items():
        most = _most(values, place, ranks, size[measured]).rename({"values": f"l{measured}"})
        counted = counted.join(most, on=["territory", *ranks], how="left")
    texts = [
        pl.concat_str(
            pl.lit(f"{name}="),
            pl.col(rank).replace_strict(dict(modalities[name]), return_dtype=pl.String),
        )
        for name, rank in zip(names, ranks, strict=True)
    ]
    opening = [pl.lit(place.prefix)] if place.prefix else []
    breakdown = pl.concat_str(*opening, *texts, separator=";") if opening or texts else TOTAL
    return (
        cells.join(counted, on=["territory", *ranks], how="left", maintain_order="left")
        .with_columns(
            pl.col(sums).fill_null(0),
            kind=pl.lit(place.kind),
            breakdown=breakdown if isinstance(breakdown, pl.Expr) else pl.lit(breakdown),
        )
        .select("kind", "territory", "breakdown", *sums, *(f"l{m}" for m in place.largest))
    )


def _most(values: pl.DataFrame, place: Place, ranks: Sequence[str], size: int) -> pl.DataFrame:
    """Return the largest values of each territory × modality, in decreasing order."""
    return (
        values.with_columns(
            place.zone.alias("territory"), *(pl.col(r).cast(pl.Int32) for r in ranks)
        )
        .filter(pl.col("territory").is_not_null())
        .group_by("territory", *ranks)
        .agg(values=pl.col("v").cast(pl.Int64).sort(descending=True).head(size))
    )


def _modalities(work: Work, name: str, unknown: bool) -> list[tuple[int, str]]:
    """Return rank and name of the modalities shown, with the unknown one when it has records."""
    dimension = work.dimensions[name]
    named = list(enumerate(dimension.modalities, 1))
    return [*named, (0, dimension.unknown)] if unknown else named


def _measured(
    groups: pl.DataFrame, measure: Measure, rank: int, card: Indicator, per: float, rule: Rule
) -> pl.DataFrame:
    """Return the figures of a measure, before blanking, with ``why`` where they must be."""
    n = pl.col(f"k{rank}")
    ok = pl.lit(Status.OK.value)
    nothing = pl.lit(Status.NOT_APPLICABLE.value)
    decimals = card.decimals

    def few(count: pl.Expr) -> pl.Expr:
        return (count < rule.minimum) & ((count > 0) | rule.blank_zero)

    small, forbidden = few(n), pl.lit("")
    rounded = _to_multiple(rule.rounding)
    if measure.form == "count":
        decimals, status = 0, ok
        value = rounded(n).cast(pl.Float64)
    elif measure.form == "share":
        base = pl.col(f"n{rank}")
        part, whole = rounded(n), rounded(base)
        # k / n in whole numbers, half rounded up: the last decimal is right
        scale = round(per * 10**decimals)
        nearest = pl.when(whole > 0).then((2 * scale * part + whole) // (2 * whole))
        value = nearest.map_batches(_shifted(decimals), return_dtype=pl.Float64)
        status = pl.when(whole > 0).then(ok).otherwise(nothing)
        small = few(base) | few(n) | few(base - n)
    else:
        divided = measure.form == "mean"
        value = pl.struct(n.alias("n"), pl.col(f"s{rank}").alias("s")).map_batches(
            _quotients(10**measure.decimals, decimals, divided=divided), return_dtype=pl.Float64
        )
        status = pl.when((n > 0) | (not divided)).then(ok).otherwise(nothing)
        if rule.largest:
            forbidden = pl.struct(pl.col(f"q{rank}").alias("q"), pl.col(f"l{rank}").alias("l"))
            forbidden = forbidden.map_batches(_dominated(rule), return_dtype=pl.String)
    shown = pl.col("value").map_batches(_written(decimals), return_dtype=pl.String)
    return (
        groups.with_columns(value=value, status=status)
        .with_columns(
            indicator=pl.lit(measure.indicator),
            decimals=pl.lit(decimals, pl.Int8),
            column=pl.lit(measure.column or ""),
            raw=shown,
            rule=pl.lit(rule.code),
            minimum=pl.lit(rule.minimum, pl.Int32),
            why=pl.when(small)
            .then(pl.lit(rule.own if measure.form == "count" else rule.rests))
            .otherwise(forbidden),
        )
        .select(
            "kind",
            "territory",
            "indicator",
            "breakdown",
            "value",
            "status",
            "decimals",
            "column",
            "raw",
            "rule",
            "minimum",
            "why",
        )  # fmt: skip
    )


def _contributions(groups: pl.DataFrame, measure: Measure, rank: int, period: str) -> pl.DataFrame:
    """Return the largest contributions of each sum, the others together under « "" »."""
    columns = ("kind", "territory", "breakdown", f"l{rank}", f"q{rank}", f"p{rank}")
    scale = 10**measure.decimals
    rows = []
    for kind, territory, breakdown, values, total, number in groups.select(columns).iter_rows():
        named = values or []
        told = [(str(order), value) for order, value in enumerate(named, 1)]
        rest = int(total) - sum(named)
        for who, value in [*told, *([("", rest)] if rest > 0 else [])]:
            key = (kind, territory, measure.indicator, period, breakdown)
            rows.append((*key, who, value / scale, number))
    return pl.DataFrame(rows, schema=CONTRIBUTIONS, orient="row")


def _dominated(rule: Rule) -> Callable[[pl.Series], pl.Series]:
    """Return why each sum tells too much of its largest contributors, "" when it does not."""

    def say(rows: pl.Series) -> pl.Series:
        told = [rule.dominated(int(row["q"]), row["l"] or ()) for row in rows.to_list()]
        return pl.Series(told, dtype=pl.String)

    return say


def _to_multiple(step: int) -> Callable[[pl.Expr], pl.Expr]:
    """Return the rounding of a count to a multiple, half up, as the producer does."""
    return (lambda n: n) if step == 1 else (lambda n: (n + step // 2) // step * step)


def _quotients(scale: int, decimals: int, *, divided: bool) -> Callable[[pl.Series], pl.Series]:
    """Return the exact quotients of sums by counts, rounded half away from zero."""

    def work_out(rows: pl.Series) -> pl.Series:
        values: list[float | None] = []
        for row in rows.to_list():
            count = row["n"] if divided else 1
            if not count:
                values.append(None)
                continue
            scaled = Fraction(int(row["s"]), scale * count) * 10**decimals
            whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
            values.append((whole if scaled >= 0 else -whole) / 10**decimals)
        return pl.Series(values, dtype=pl.Float64)

    return work_out


def _shifted(decimals: int) -> Callable[[pl.Series], pl.Series]:
    """Return whole numbers of the last decimal as the nearest doubles: 393 → 39.3."""

    def shift(values: pl.Series) -> pl.Series:
        return pl.Series(
            [None if v is None else v / 10**decimals for v in values.to_list()], dtype=pl.Float64
        )

    return shift


def _written(decimals: int) -> Callable[[pl.Series], pl.Series]:
    def write(values: pl.Series) -> pl.Series:
        return pl.Series(
            ["" if v is None else f"{v:.{decimals}f}" for v in values.to_list()], dtype=pl.String
        )

    return write


def statements(
    found: Figures, *, source: str, document: str, priority: int, file: str, sheet: str, sha256: str
) -> pl.DataFrame:
    """Return the figures as statements (``STATEMENTS``), with where they come from."""
    return found.rows.with_columns(
        origin=pl.lit(Origin.STATED.value),
        source=pl.lit(source),
        document=pl.lit(document),
        priority=pl.lit(priority),
        file=pl.lit(file),
        sheet=pl.lit(sheet),
        line=pl.lit(None, pl.Int32),
        sha256=pl.lit(sha256),
    ).select(pl.col(name).cast(dtype) for name, dtype in STATEMENTS.items())
