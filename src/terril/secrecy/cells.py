"""What may an attacker assume of each figure, what must he not find, what does its loss cost?

One row a figure that is, was or could be published, with the columns of ``CELLS``: the arrays
of a table system before they are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Indicator, Nature
from terril.observations.schema import KEY, Kind, Origin, Status
from terril.secrecy.system import State

#: columns of a cell; see ``terril.secrecy.system.TableSystem``
CELLS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **{name: pl.String for name in KEY},
    "value": pl.Float64,
    "state": pl.Int64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "half": pl.Float64,
    "need_low": pl.Float64,
    "need_high": pl.Float64,
    "margin": pl.Float64,
    "whole": pl.Boolean,
    "weight": pl.Float64,
    "derived": pl.Boolean,  # computed here, never rounded
    "known_before": pl.Boolean,  # an edition already published shows it
}

#: territories whose figures everybody finds elsewhere
PUBLIC: Final = (Kind.DEPARTEMENT, Kind.REGION, Kind.FRANCE, Kind.FRANCE_METRO)

_WEIGHTS: Final = {
    Kind.QPV: "secret_poids_qpv",
    Kind.QPV_ENSEMBLE: "secret_poids_ensemble",
    Kind.HORS_QPV: "secret_poids_ensemble",
    Kind.QPV_MOYENNE: "secret_poids_ensemble",
    Kind.COMMUNE: "secret_poids_commune",
    Kind.COMMUNES: "secret_poids_commune",
    Kind.EPCI: "secret_poids_epci",
}

_CARDS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "indicator": pl.String,
    "_count": pl.Boolean,
    "_digits": pl.Int64,
    "_rule": pl.String,
    "_minimum": pl.Float64,
    "_rounding": pl.Float64,
    "_blank_zero": pl.Boolean,
    "_margin": pl.Float64,
    "_relative": pl.Float64,
    "_least": pl.Float64,
    "_most": pl.Float64,
    "_use": pl.Float64,
}


def cells(
    figures: pl.DataFrame, former: Sequence[pl.DataFrame], catalogue: Catalogue
) -> pl.DataFrame:
    """Return the cells (``CELLS``) of an edition and of those already published.

    ``figures``: the columns of ``RETAINED``, with ``known`` (the figure, even where it is
    blank, null when nobody here knows it), ``sensitive`` (blank by a rule applied here) and
    ``wide_low``/``wide_high`` (a protection interval given by a rule of dominance, or null).
    """
    rows = figures.select(
        *KEY, "status", "decimals", "origin", "known", "sensitive", "wide_low", "wide_high"
    ).unique(KEY, keep="first", maintain_order=True)
    rows = _with_former(rows, former)
    rows = rows.join(_cards(catalogue), on="indicator", how="left", maintain_order="left")
    rows = _bounds(_known(rows))
    return _weight(_needs(_states(rows)), catalogue).select(
        pl.col(name).cast(dtype) for name, dtype in CELLS.items()
    )


def latent(keys: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the cells of figures that nobody publishes but that relations go through."""
    figures = keys.select(
        *KEY,
        status=pl.lit(Status.MISSING.value),
        decimals=pl.lit(None, pl.Int8),
        origin=pl.lit(Origin.STATED.value),
        known=pl.lit(None, pl.Float64),
        sensitive=pl.lit(value=False),
        wide_low=pl.lit(None, pl.Float64),
        wide_high=pl.lit(None, pl.Float64),
    )
    return cells(figures, (), catalogue)


def _with_former(rows: pl.DataFrame, former: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add what former editions show: as the value of a key, or as rows of their own."""
    shown = [
        f.filter(pl.col("status") == Status.OK).select(
            *KEY, old="value", old_decimals="decimals", old_origin="origin"
        )
        for f in former
    ]
    empty = pl.DataFrame(
        schema={
            **{name: pl.String for name in KEY},
            "old": pl.Float64,
            "old_decimals": pl.Int8,
            "old_origin": pl.String,
        }
    )
    old = pl.concat([empty, *[s.cast(dict(empty.schema)) for s in shown]])  # type: ignore[arg-type]
    old = old.unique(KEY, keep="last", maintain_order=True)
    both = rows.join(old, on=KEY, how="left", maintain_order="left")
    gone = old.join(rows, on=KEY, how="anti").with_columns(
        status=pl.lit("former"),
        decimals=pl.lit(None, pl.Int8),
        origin=pl.lit(Origin.STATED.value),
        known=pl.lit(None, pl.Float64),
        sensitive=pl.lit(value=False),
        wide_low=pl.lit(None, pl.Float64),
        wide_high=pl.lit(None, pl.Float64),
    )
    return pl.concat([both, gone.select(both.columns)])


def _cards(catalogue: Catalogue) -> pl.DataFrame:
    signal = {i for m in catalogue.fiches.values() for b in m.blocks for i in b.signal}
    shown = {i for m in catalogue.fiches.values() for b in m.blocks for i in b.rows}
    rows = []
    for code, card in catalogue.indicators.items():
        rule = catalogue.secrecy.get(card.secrecy)
        use = 1.0
        if code in signal:
            use = catalogue.number("secret_poids_signal")
        elif code in shown:
            use = catalogue.number("secret_poids_fiche")
        rows.append(
            {
                "indicator": code,
                "_count": card.nature is Nature.NB,
                "_digits": card.decimals,
                "_rule": card.secrecy,
                "_minimum": rule.minimum if rule else None,
                "_rounding": rule.rounding if rule else None,
                "_blank_zero": bool(rule and rule.blank_zero),
                "_margin": rule.protection.margin if rule else 0.0,
                "_relative": rule.protection.relative if rule else 0.1,
                "_least": _least(card),
                "_most": _most(card),
                "_use": use,
            }
        )
    return pl.DataFrame(rows, schema=_CARDS)


def _least(card: Indicator) -> float:
    if card.minimum is not None:
        return card.minimum
    return 0.0 if card.nature in (Nature.NB, Nature.PART) else float("-inf")


def _most(card: Indicator) -> float:
    if card.maximum is not None:
        return card.maximum
    return 100.0 if card.nature is Nature.PART and card.unit == "pourcent" else float("inf")


def _known(rows: pl.DataFrame) -> pl.DataFrame:
    """Say what is known here, to which rounding, and whether an edition showed it.

    A former figure that the present one replaces (a revision) is no longer that figure.
    """
    ten = pl.lit(10.0)
    whole = pl.col("_count").fill_null(value=False) & (pl.col("_digits") == 0)
    rounding = pl.col("_rounding").fill_null(0.0) / 2

    def half(decimals: str, origin: str) -> pl.Expr:
        written = pl.coalesce(
            pl.col(decimals), pl.when(pl.col(origin) != Origin.DERIVED).then(pl.col("_digits"))
        )
        return (
            pl.when(whole)
            .then(rounding)
            .when(written.is_null())
            .then(0.0)
            .otherwise(0.5 * ten.pow(-written.cast(pl.Float64)))
        )

    rows = rows.with_columns(
        half=half("decimals", "origin"),
        old_half=half("old_decimals", "old_origin"),
        whole=whole & (rounding == 0),
        derived=pl.col("origin") == Origin.DERIVED,
    )
    same = pl.col("known").is_null() | (
        (pl.col("known") - pl.col("old")).abs()
        <= pl.col("half") + pl.col("old_half") + 1e-9 * pl.col("old").abs()
    )
    before = pl.col("old").is_not_null() & same
    return rows.with_columns(
        known_before=before,
        value=pl.when(before).then(pl.col("old")).otherwise(pl.col("known")),
        half=pl.when(before).then(pl.col("old_half")).otherwise(pl.col("half")),
    )


def _bounds(rows: pl.DataFrame) -> pl.DataFrame:
    """Set what anybody may assume of a blanked figure: a count that is known here is at least 1."""
    shown_zero = (
        pl.col("whole") & ~pl.col("_blank_zero").fill_null(value=False) & (pl.col("value") > 0)
    ).fill_null(value=False)
    return rows.with_columns(
        lower=pl.when(shown_zero)
        .then(1.0)
        .otherwise(pl.min_horizontal(pl.col("_least").fill_null(float("-inf")), "value")),
        upper=pl.max_horizontal(pl.col("_most").fill_null(float("inf")), "value"),
    )


def _states(rows: pl.DataFrame) -> pl.DataFrame:
    secret = pl.col("status") == Status.SECRET
    guarded_rules = (
        rows.filter(secret | pl.col("sensitive"))["_rule"].drop_nulls().unique().to_list()
    )
    ok = pl.col("status") == Status.OK
    public = pl.col("kind").is_in([k.value for k in PUBLIC]) | (
        pl.col("_minimum").is_null() & ~pl.col("_rule").is_in(guarded_rules)
    ).fill_null(value=True)
    zero = ok & pl.col("whole") & (pl.col("value") == 0) & ~pl.col("_blank_zero")
    return rows.with_columns(
        state=pl.when(pl.col("known_before"))
        .then(int(State.MUST))
        .when(pl.col("sensitive"))
        .then(int(State.SENSITIVE))
        # never known here: it would follow from a blanked term, and that one is guarded
        .when(secret & pl.col("derived") & pl.col("value").is_null())
        .then(int(State.BLANK))
        .when(secret)
        .then(int(State.SENSITIVE))
        .when(~ok)
        .then(int(State.BLANK))
        .when(zero.fill_null(value=False))
        .then(int(State.ZERO))
        .when(public)
        .then(int(State.MUST))
        .otherwise(int(State.FREE))
    )


def _needs(rows: pl.DataFrame) -> pl.DataFrame:
    """Set what the attacker must not be able to exclude (see ``catalogue.schema.Protection``)."""
    count = pl.col("_count").fill_null(value=False)
    minimum = pl.col("_minimum").fill_null(2.0)
    typical = pl.col("value").abs().median().over("indicator").fill_null(0.0)
    size = pl.coalesce(pl.col("value").abs(), typical)
    printed = pl.lit(10.0).pow(-pl.col("_digits").fill_null(0).cast(pl.Float64))
    # a share of 97 % is as telling as its complement of 3 %
    room = pl.min_horizontal(size, (pl.col("upper") - pl.col("value")).abs())
    wide = pl.max_horizontal(
        pl.col("_margin").fill_null(0.0), pl.col("_relative").fill_null(0.1) * room, printed
    )
    width = pl.when(count).then(pl.max_horizontal(minimum - 1, 1.0)).otherwise(wide)
    small = count & (pl.col("value") < minimum)
    # a bound itself may be out of reach (a count of 1 at least leaves no rate of 0): halfway
    half_low = (pl.col("lower") + pl.col("value")) / 2
    half_high = (pl.col("upper") + pl.col("value")) / 2
    low = pl.max_horizontal(
        pl.when(count).then(pl.col("lower")).otherwise(half_low), pl.col("value") - width
    )
    high = (
        pl.when(small)
        .then(minimum)
        .otherwise(
            pl.min_horizontal(
                pl.when(count).then(pl.col("upper")).otherwise(half_high),
                pl.col("value") + width,
            )
        )
    )
    guarded = pl.col("state") == int(State.SENSITIVE)
    known = guarded & pl.col("value").is_not_null()
    return rows.with_columns(
        need_low=pl.when(known).then(pl.coalesce("wide_low", low)),
        need_high=pl.when(known)
        .then(pl.coalesce("wide_high", high))
        .when(guarded & count)
        .then(minimum),
        margin=pl.when(guarded & pl.col("value").is_null()).then(width),
    )


def _weight(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    by_kind = {kind.value: catalogue.number(code) for kind, code in _WEIGHTS.items()}
    split = catalogue.number("secret_poids_ventilation")
    derived = catalogue.number("secret_poids_calcule")
    size = 1 + 0.1 * (1 + pl.col("value").abs().fill_null(0.0)).log10()
    return rows.with_columns(
        weight=pl.col("kind").replace_strict(by_kind, default=1.0, return_dtype=pl.Float64)
        * pl.col("_use").fill_null(1.0)
        * pl.when(pl.col("breakdown").is_in(["", "total"])).then(1.0).otherwise(split)
        * pl.when(pl.col("derived")).then(derived).otherwise(1.0)
        * size
    )
