"""Which figures rest on too few people to be published?

The rule of each source (``catalogue/secrecy``) is applied at the door: a count below the
minimum is blanked; so is a rate whose numerator or denominator, declared by its formula or
its weight, is known and below it. Zero is published (nobody is recognised in nobody) unless
the rule says otherwise. What a producer has already blanked stays so; what could be computed
back from the rest is not handled here.

Works on ``STATEMENTS`` as on ``RETAINED``: same columns. Applied twice, it changes nothing.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Indicator, Nature
from terril.observations.schema import KEY, Origin, Status

#: what was blanked, under which rule; never the value
LEDGER: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "territory": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "breakdown": pl.String,
    "rule": pl.String,  # code of the secrecy rule
    "minimum": pl.Int32,
    "basis": pl.String,  # indicator whose count is too small
    "why": pl.String,  # French
}

_CELL: Final = ("kind", "territory", "period", "breakdown")
_BLANK: Final = "s"
_HIDDEN: Final = "formule non montrée : un terme est couvert par le secret"


def apply_primary(frame: pl.DataFrame, catalogue: Catalogue) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the frame with too small figures blanked, and the ledger (``LEDGER``).

    A blanked row keeps its key and provenance; its status is ``secret``, its value and its
    written text are gone. The text of a derived figure that shows a blanked term is hidden.
    """
    rules = _rules(catalogue)
    if rules.is_empty() or frame.is_empty():
        return frame, pl.DataFrame(schema=LEDGER)
    counts = _counts(frame, rules)
    blanked = (
        frame.lazy()
        .filter(pl.col("status") == Status.OK)
        .select(KEY)
        .unique()
        .join(rules.lazy(), on="indicator")
        .join(counts.lazy(), on=[*_CELL, "basis"], how="inner")
        .filter(
            (pl.col("count") < pl.col("minimum")) & ((pl.col("count") > 0) | pl.col("blank_zero"))
        )
        .sort(*KEY, "order", "count")
        .unique(subset=KEY, keep="first", maintain_order=True)
        .collect()
    )
    ledger = blanked.with_columns(why=_why()).select(
        pl.col(name).cast(dtype) for name, dtype in LEDGER.items()
    )
    return hide_formulas(blank_rows(frame, ledger), ledger, catalogue), ledger


def _rules(catalogue: Catalogue) -> pl.DataFrame:
    """Return one row an indicator × count that it rests on, when its source has a minimum."""
    rows = []
    for code, card in catalogue.indicators.items():
        rule = catalogue.secrecy.get(card.secrecy)
        if rule is None or rule.minimum is None:
            continue
        for order, basis in enumerate(_bases(code, card, catalogue)):
            rows.append(
                {
                    "indicator": code,
                    "basis": basis,
                    "order": order,
                    "rule": card.secrecy,
                    "minimum": rule.minimum,
                    "blank_zero": rule.blank_zero,
                    "unit": rule.unit,
                    "own": basis == code,
                }
            )
    schema = {
        "indicator": pl.String,
        "basis": pl.String,
        "order": pl.Int32,
        "rule": pl.String,
        "minimum": pl.Int32,
        "blank_zero": pl.Boolean,
        "unit": pl.String,
        "own": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema)


def _bases(code: str, card: Indicator, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the counts that a figure rests on: itself, or the terms and the weight of a rate.

    A count under another source's rule (a population under a rate of pupils) is no basis.
    """
    if card.nature is Nature.NB:
        return (code,)
    declared: list[str] = []
    if card.formula is not None and card.formula.form in ("ratio", "share"):
        declared += card.formula.terms
    if card.weight is not None:
        declared.append(card.weight)
    return tuple(
        dict.fromkeys(
            c
            for c in declared
            if c in catalogue.indicators
            and catalogue.indicators[c].nature is Nature.NB
            and catalogue.indicators[c].secrecy == card.secrecy
        )
    )


def _counts(frame: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Return the known values of each count that a figure rests on, by cell.

    Two documents may state two of them: the smallest is not enough, it may be a zero.
    """
    bases = rules.select(indicator="basis").unique()
    return (
        frame.filter(pl.col("status") == Status.OK)
        .join(bases, on="indicator", how="semi")
        .select(*_CELL, basis="indicator", count="value")
        .unique()
    )


def _why() -> pl.Expr:
    """Return the reason in French, without the value."""
    return (
        pl.when(pl.col("own"))
        .then(pl.format("Effectif inférieur au minimum de {} {}.", "minimum", "unit"))
        .otherwise(
            pl.format("Repose sur un effectif inférieur au minimum de {} {}.", "minimum", "unit")
        )
    )


def blank_rows(frame: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Blank the rows whose key is in the ledger."""
    marked = frame.join(
        ledger.select(*KEY, pl.lit(value=True).alias("_blank")),
        on=KEY,
        how="left",
        maintain_order="left",
    )
    hit = pl.col("_blank").fill_null(value=False)
    return marked.with_columns(
        value=pl.when(~hit).then(pl.col("value")),
        decimals=pl.when(~hit).then(pl.col("decimals")),
        status=pl.when(hit & (pl.col("status") == Status.OK))
        .then(pl.lit(Status.SECRET.value))
        .otherwise(pl.col("status")),
        raw=pl.when(hit & (pl.col("status") == Status.OK))
        .then(pl.lit(_BLANK))
        .otherwise(pl.col("raw")),
    ).drop("_blank")


def hide_formulas(frame: pl.DataFrame, ledger: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Hide the written formula of the derived figures that show a blanked term."""
    links = [
        {"indicator": code, "basis": term}
        for code, card in catalogue.indicators.items()
        if card.formula is not None
        for term in card.formula.terms
    ]
    derived = frame.filter(pl.col("origin") != Origin.STATED)
    if not links or derived.is_empty() or ledger.is_empty():
        return frame
    uses = pl.DataFrame(links, schema={"indicator": pl.String, "basis": pl.String})
    blanked = ledger.select(*_CELL, pl.col("indicator").alias("basis")).join(uses, on="basis")
    shown = blanked.select(*KEY, pl.lit(value=True).alias("_shown")).unique()
    marked = frame.join(shown, on=KEY, how="left", maintain_order="left")
    hide = (
        pl.col("_shown").fill_null(value=False)
        & (pl.col("origin") != Origin.STATED)
        & (pl.col("status") == Status.OK)
    )
    return marked.with_columns(
        raw=pl.when(hide).then(pl.lit(_HIDDEN)).otherwise(pl.col("raw"))
    ).drop("_shown")
