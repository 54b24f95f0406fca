"""What would a figure of 2015 have been in a perimeter of 2024, and within which bounds?

Only on request, never mixed with stated figures: each result says « estimé », with its bounds.

A count of the former neighbourhoods is apportioned by the part of each that is in the new
perimeter. A rate goes through its numerator and its denominator, never by itself: those of its
formula, or the rate times the count that its card names as weight. A median, a decile, an index
is refused. So is anything where more than a twentieth of the new perimeter was in no former
neighbourhood (``retropolation_couverture``): what is outside has no figure.

Bounds: the two extreme apportionings. People of a neighbourhood cut in two may all live on one
side; the correspondence gives the least and the largest part of each former neighbourhood that
may be inside (``share_low``, ``share_high``). A count lies between the sums of both. A rate lies
between its least numerator over its largest denominator and the reverse, since those whom it
counts may live elsewhere than the others; a share stays between 0 and 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Indicator
from terril.lib.french import avec_unite, liste, nombre

#: one row a neighbourhood of 2024 × indicator × period × breakdown that was asked for
BACKCAST: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "territory": pl.String,  # QN…
    "indicator": pl.String,
    "period": pl.String,  # that of the former figures
    "breakdown": pl.String,
    "value": pl.Float64,  # null when refused
    "low": pl.Float64,  # bounds of the two extreme apportionings
    "high": pl.Float64,
    "error": pl.Float64,  # the larger distance from the value to a bound
    "status": pl.String,  # ok | secret | non_significatif | missing | not_applicable
    "origin": pl.String,  # « estimé »
    "basis": pl.String,  # liste | surface | population: what the shares come from
    "members": pl.List(pl.String),  # QP… that it is made of
    "coverage": pl.Float64,  # part of the new perimeter that was in them; null when unknown
    "refused": pl.String,  # French: why there is no value; "" when there is one
    "text": pl.String,  # French: the note that goes with the figure
}

ESTIMATED: Final = "estimé"
_CELL: Final = ("indicator", "period", "breakdown")
_NEW: Final = ("territory", "period", "breakdown")

_NO_PARTS: Final = (
    "ce chiffre ne se répartit pas : une médiane, un indice ou une moyenne ne se coupe pas en deux"
)
_NO_COUNTS: Final = "son numérateur et son dénominateur ne sont pas connus"
_OUTSIDE: Final = "une part trop grande du périmètre de 2024 n’était dans aucun quartier de 2015"
_UNMEASURED: Final = "la part des anciens quartiers n’est pas mesurée : il faut leurs périmètres"
_UNKNOWN: Final = "le chiffre d’un des anciens quartiers n’est pas connu"
_SECRET: Final = "le chiffre d’un des anciens quartiers est couvert par le secret"
_NO_DIVISOR: Final = "le dénominateur est nul"
#: statuses from the worst, and what is said of them
_WORST: Final = {
    "secret": _SECRET,
    "non_significatif": "le chiffre d’un des anciens quartiers n’est pas significatif",
    "not_applicable": "le chiffre d’un des anciens quartiers est sans objet",
    "missing": _UNKNOWN,
}
_BASES: Final = {
    "liste": "la liste officielle",
    "surface": "la surface commune",
    "population": "la population des carreaux",
}


def backcast(
    values_2015: pl.DataFrame,
    correspondence: pl.DataFrame,
    catalogue: Catalogue,
    indicators: Sequence[str],
    *,
    coverage: float | None = None,
    negligible: float | None = None,
) -> pl.DataFrame:
    """Return the estimates asked for (``BACKCAST``), sorted by territory and indicator.

    ``values_2015``: kind, territory, indicator, period, breakdown, value, status; the counts of
    a rate have to be among them. ``correspondence``: ``CORRESPONDENCE``. ``coverage``: smallest
    part of the new perimeter; ``negligible``: part under which a lack is a flaw of the outlines;
    both of the catalogue unless given. Every new neighbourhood that follows another has a row
    for each period of its members, with a value or the reason why not. Raises ``KeyError`` for an
    indicator without a card.
    """
    least = catalogue.number("retropolation_couverture") if coverage is None else coverage
    flaw = catalogue.number("recouvrement_negligeable") if negligible is None else negligible
    links = _links(correspondence, least, flaw)
    figures = values_2015.filter(pl.col("kind") == "qpv").select(
        "territory", *_CELL, "value", "status"
    )
    parts = [_one(code, catalogue, figures, links) for code in dict.fromkeys(indicators)]
    if not parts:
        return pl.DataFrame(schema=BACKCAST)
    whole = pl.concat(parts).with_columns(
        value=pl.when(pl.col("refused") == "").then("value"),
        low=pl.when(pl.col("refused") == "").then("low"),
        high=pl.when(pl.col("refused") == "").then("high"),
        origin=pl.lit(ESTIMATED),
    )
    whole = whole.with_columns(
        error=pl.max_horizontal(pl.col("value") - pl.col("low"), pl.col("high") - pl.col("value"))
    )
    return (
        whole.with_columns(text=_texts(whole, catalogue))
        .select(pl.col(name).cast(dtype) for name, dtype in BACKCAST.items())
        .sort("territory", *_CELL)
    )


def _links(correspondence: pl.DataFrame, least: float, flaw: float) -> pl.DataFrame:
    """Return the parts of former neighbourhoods in each new one, and what is wrong with them."""
    pairs = correspondence.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    measured = pl.col("share_old").is_not_null().all() & pl.col("share_new").is_not_null().all()
    covered = pairs.group_by("new").agg(
        _measured=measured,
        _coverage=pl.col("share_new").sum().clip(0.0, 1.0),
        basis=pl.col("basis").unique().sort().str.join(" + "),
    )
    whole = pl.col("share_old") >= 1.0 - flaw
    return (
        pairs.join(covered, on="new")
        .select(
            territory="new",
            old="old",
            share=pl.when(whole).then(pl.lit(1.0)).otherwise("share_old"),
            low=pl.when(whole).then(pl.lit(1.0)).otherwise("share_low"),
            high=pl.when(whole).then(pl.lit(1.0)).otherwise("share_high"),
            coverage=pl.when("_measured").then("_coverage"),
            basis="basis",
            refused=pl.when(~pl.col("_measured"))
            .then(pl.lit(_UNMEASURED))
            .when(pl.col("_coverage") < least)
            .then(pl.lit(_OUTSIDE))
            .otherwise(pl.lit("")),
        )
        .drop_nulls("old")
    )


def _one(
    code: str, catalogue: Catalogue, figures: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    """Estimate one indicator, by the way that its card allows."""
    card = catalogue.indicators[code]
    if card.aggregation is Aggregation.SUM:
        return _named(_apportioned(figures.filter(pl.col("indicator") == code), links), code)
    counts = _counts(code, card, catalogue, figures)
    if counts is None:
        asked = _apportioned(figures.filter(pl.col("indicator") == code), links)
        parts = card.aggregation is Aggregation.MEAN and catalogue.unit(code).per is not None
        why = pl.lit(_NO_COUNTS if parts else _NO_PARTS)
        return _named(asked.with_columns(refused=why, status=pl.lit("missing")), code)
    above, below, factor = counts
    numerator, denominator = _apportioned(above, links), _apportioned(below, links)
    joined = numerator.join(denominator, on=list(_NEW), suffix="_below")
    worst = pl.when(pl.col("refused") != "").then("refused").otherwise("refused_below")
    status = pl.when(pl.col("status") != "ok").then("status").otherwise("status_below")
    nobody = pl.col("value_below") <= 0
    rate = joined.with_columns(
        value=factor * pl.col("value") / pl.col("value_below"),
        low=factor * pl.col("low") / pl.col("high_below"),
        high=pl.when(pl.col("low_below") > 0)
        .then(factor * pl.col("high") / pl.col("low_below"))
        .otherwise(float("inf")),
        refused=pl.when((worst == "") & nobody).then(pl.lit(_NO_DIVISOR)).otherwise(worst),
        status=pl.when((status == "ok") & nobody).then(pl.lit("not_applicable")).otherwise(status),
    )
    if catalogue.unit(code).per == 100 and card.chance != "poisson":
        rate = rate.with_columns(high=pl.min_horizontal("high", pl.lit(100.0)))
    return _named(rate.select(numerator.columns), code)


def _counts(
    code: str, card: Indicator, catalogue: Catalogue, figures: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, float] | None:
    """Return the figures of the numerator, of the denominator, and the factor of the rate."""
    formula, cards = card.formula, catalogue.indicators
    if formula is not None and formula.form in ("ratio", "share"):
        above, *others = formula.terms
        terms = others if formula.form == "ratio" else list(formula.terms)
        if any(cards[t].aggregation is not Aggregation.SUM for t in formula.terms):
            return None
        factor = formula.factor if formula.form == "ratio" else 100.0
        below = figures.filter(pl.col("indicator").is_in(terms))
        complete = below.filter(pl.len().over("territory", "period", "breakdown") == len(terms))
        return figures.filter(pl.col("indicator") == above), _summed(complete), factor
    per = catalogue.unit(code).per
    if card.weight is None or per is None or cards[card.weight].aggregation is not Aggregation.SUM:
        return None
    below = figures.filter(pl.col("indicator") == card.weight)
    key = ["territory", "period", "breakdown"]
    above_rows = (
        figures.filter(pl.col("indicator") == code)
        .join(below.select(*key, _weight="value", _known="status"), on=key)
        .with_columns(
            value=pl.col("value") * pl.col("_weight") / per,
            status=pl.when(pl.col("status") == "ok").then("_known").otherwise("status"),
        )
        .drop("_weight", "_known")
    )
    return (above_rows, below, per) if not above_rows.is_empty() else None


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("territory", "period", "breakdown", maintain_order=True).agg(
        pl.col("indicator").first(), pl.col("value").sum(), _worst_status()
    )


def _worst_status() -> pl.Expr:
    """Return the worst status of a group of rows."""
    found = pl.lit("ok")
    for status in reversed(_WORST):
        found = pl.when((pl.col("status") == status).any()).then(pl.lit(status)).otherwise(found)
    return found.alias("status")


def _apportioned(figures: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the sums over the members of each new neighbourhood, for each of their periods."""
    when = links.join(
        figures.select("period", "breakdown", old="territory").unique(), on="old"
    ).select(_NEW)
    asked = when.unique().join(links, on="territory")
    rows = asked.join(
        figures.select("period", "breakdown", "value", "status", old="territory"),
        on=["old", "period", "breakdown"],
        how="left",
    ).with_columns(pl.col("status").fill_null("missing"))
    sums = rows.group_by(_NEW).agg(
        value=(pl.col("value") * pl.col("share")).sum(),
        low=(pl.col("value") * pl.col("low")).sum(),
        high=(pl.col("value") * pl.col("high")).sum(),
        members=pl.col("old").sort(),
        coverage=pl.col("coverage").first(),
        basis=pl.col("basis").first(),
        _links=pl.col("refused").max(),
        status=_worst_status(),
    )
    why = pl.col("status").replace_strict({**_WORST, "ok": ""}, return_dtype=pl.String)
    return sums.with_columns(
        refused=pl.when(pl.col("_links") != "").then("_links").otherwise(why),
        status=pl.when((pl.col("_links") != "") & (pl.col("status") == "ok"))
        .then(pl.lit("missing"))
        .otherwise("status"),
    ).drop("_links")


def _named(frame: pl.DataFrame, code: str) -> pl.DataFrame:
    return frame.select(
        *_NEW, "value", "low", "high", "members", "coverage", "basis", "status", "refused",
        indicator=pl.lit(code),
    )  # fmt: skip


def _texts(frame: pl.DataFrame, catalogue: Catalogue) -> pl.Series:
    """Write the note of each estimate."""
    texts = []
    columns = ("indicator", "value", "low", "high", "members", "basis", "refused")
    for code, value, low, high, members, basis, refused in frame.select(columns).iter_rows():
        made = liste(members)
        if refused:
            texts.append(f"Pas d’estimation d’après {made} : {refused}.")
            continue
        card = catalogue.indicators[code]
        symbol = catalogue.unit(code).symbol
        figure = avec_unite(value, card.decimals, symbol)
        ends = f"entre {nombre(low, card.decimals)} et {avec_unite(high, card.decimals, symbol)}"
        if high == float("inf"):
            ends = f"au moins {avec_unite(low, card.decimals, symbol)}"
        shares = liste([_BASES.get(part, part) for part in basis.split(" + ")])
        texts.append(f"Estimé : {figure} ({ends}), chiffre de {made} réparti selon {shares}.")
    return pl.Series(texts, dtype=pl.String)
