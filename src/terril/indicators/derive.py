"""Which figures does the software compute from stated ones, and how?

A closed list of forms (``catalogue.schema.Formula``), each a column operation. A derived
figure is a statement like another: its origin says « calculé », its text is the formula with
its terms (« 606 / 1 837 × 100 »), its provenance is that of its terms. Its priority is the
largest of its terms' plus one, so that a stated figure of the same documents is shown and
the two are compared.

What is not known is not made up: a secret term makes a secret result, a missing term a
missing one, a null denominator « sans objet »; no row at all when a term has no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Aggregation, Formula, Indicator
from terril.indicators.writing import with_decimals, without_values, written
from terril.lib.french import MINUS
from terril.observations.schema import KEY, STATEMENTS, Kind, Origin, Status, conform, empty

#: where a formula is worked out: same territory, same period, same breakdown
CELL: Final = ("kind", "territory", "period", "breakdown")

#: means of several territories: an operation on means is not the mean of the operations
_MEANS: Final = (Kind.COMMUNES, Kind.QPV_MOYENNE)
#: parts of an EPCI put together: only counts may be put together
_WHOLES: Final = (Kind.QPV_ENSEMBLE, Kind.HORS_QPV)

#: a result is as known as its least known term
_WORST_FIRST: Final = (
    Status.SECRET,
    Status.NOT_SIGNIFICANT,
    Status.NOT_APPLICABLE,
    Status.MISSING,
)

#: forms whose result is as coarse as its coarsest term
_ADDITIVE: Final = ("sum", "difference", "complement")


def derive(
    retained: pl.DataFrame, catalogue: Catalogue, territories: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the derived statements (columns of ``STATEMENTS``), sorted by key.

    ``retained``: the figures shown (``RETAINED``). A term that is itself derived is taken
    from the retained figures when they state it, else worked out first. ``territories``
    (kind, code, epci) tells of which territory a base is taken; without it a base is used
    only when one territory alone has it.
    """
    cards = {c: card for c, card in catalogue.indicators.items() if card.formula is not None}
    order = [code for code in _order(cards) if code in cards]
    terms = sorted({t for c in order for t in _terms(cards[c])} | set(order))
    frames = {
        str(key[0]): frame
        for key, frame in conform(retained, STATEMENTS)
        .filter(pl.col("indicator").is_in(terms))
        .partition_by("indicator", as_dict=True)
        .items()
    }
    derived = []
    for code in order:
        card = cards[code]
        found = _one(code, card, frames, catalogue.indicators, territories)
        if found is None or found.is_empty():
            continue
        derived.append(found)
        frames[code] = _completed(frames.get(code), found)
    if not derived:
        return empty(STATEMENTS)
    return pl.concat(derived).sort(KEY)


def _terms(card: Indicator) -> tuple[str, ...]:
    return card.formula.terms if card.formula is not None else ()


def _order(cards: Mapping[str, Indicator]) -> list[str]:
    """Return the indicators in an order where terms come before results.

    The catalogue refuses circles at its load (``formule-circulaire``).
    """
    graph = {code: _terms(card) for code, card in cards.items()}
    return list(TopologicalSorter(graph).static_order())


def _completed(stated: pl.DataFrame | None, found: pl.DataFrame) -> pl.DataFrame:
    """Return the stated figures, completed by derived ones where they say nothing."""
    if stated is None:
        return found
    known = stated.filter(pl.col("status") != Status.MISSING)
    return pl.concat([known, found.join(known, on=CELL, how="anti")])


# ------------------------------------------------------------------ one indicator


def _one(
    code: str,
    card: Indicator,
    frames: Mapping[str, pl.DataFrame],
    cards: Mapping[str, Indicator],
    territories: pl.DataFrame | None,
) -> pl.DataFrame | None:
    """Return the derived statements of one indicator, or ``None`` when a term is unknown."""
    formula = card.formula
    assert formula is not None
    if any(term not in frames for term in formula.terms):
        return None
    table = _joined(formula, frames, cards)
    if formula.form == "index_of_ratios":
        table = _with_base(table, formula, frames, territories)
    value, applicable = _result(formula)
    size = len(formula.terms)
    status = _status(size, applicable, based=formula.form == "index_of_ratios")
    table = table.with_columns(_status=status).with_columns(
        _value=pl.when(pl.col("_status") == Status.OK).then(value)
    )
    return _statements(table, code, card, size)


def _joined(
    formula: Formula, frames: Mapping[str, pl.DataFrame], cards: Mapping[str, Indicator]
) -> pl.DataFrame:
    """Return one row a cell where every term has a row: columns ``value_0``, ``status_0``…"""
    kinds = list(_MEANS)
    if any(cards[t].aggregation is not Aggregation.SUM for t in formula.terms):
        kinds += _WHOLES
    provenance = [name for name in STATEMENTS if name not in KEY]
    joined: pl.DataFrame | None = None
    for rank, term in enumerate(formula.terms):
        frame = (
            with_decimals(frames[term], cards[term].decimals)
            .filter(~pl.col("kind").is_in(kinds))
            .select(
                *CELL, *(pl.col(name).alias(f"{name}_{rank}") for name in (*provenance, "text"))
            )
        )
        joined = frame if joined is None else joined.join(frame, on=CELL)
    assert joined is not None
    return joined


def _with_base(
    table: pl.DataFrame,
    formula: Formula,
    frames: Mapping[str, pl.DataFrame],
    territories: pl.DataFrame | None,
) -> pl.DataFrame:
    """Add the terms at the base: ``base_0``, ``base_status_0``… of the territory's own EPCI."""
    if territories is None:
        owner = pl.lit("")
        bearers = table.with_columns(owner=owner)
    else:
        epci = territories.select("kind", pl.col("code").alias("territory"), owner="epci")
        bearers = table.join(epci, on=["kind", "territory"], how="left").with_columns(
            owner=pl.when(pl.col("kind").is_in([Kind.EPCI, *_WHOLES]))
            .then(pl.col("territory"))
            .otherwise(pl.col("owner"))
        )
    for rank, term in enumerate(formula.terms):
        base = (
            frames[term]
            .filter(pl.col("kind") == formula.base)
            .select(
                "period",
                "breakdown",
                pl.col("territory").alias("owner"),
                pl.col("value").alias(f"base_{rank}"),
                pl.col("status").alias(f"base_status_{rank}"),
            )
        )
        if territories is None:
            alone = pl.len().over("period", "breakdown") == 1
            base = base.filter(alone).with_columns(owner=pl.lit(""))
        bearers = bearers.join(base, on=["owner", "period", "breakdown"])
    return bearers


def _result(formula: Formula) -> tuple[pl.Expr, pl.Expr]:
    """Return the value and whether it makes sense (a denominator that is not null)."""
    values = [pl.col(f"value_{rank}") for rank in range(len(formula.terms))]
    total = pl.sum_horizontal(values, ignore_nulls=False)
    always = pl.lit(value=True)
    match formula.form:
        case "ratio":
            return formula.factor * values[0] / values[1], values[1] != 0
        case "share":
            return 100.0 * values[0] / total, total != 0
        case "sum":
            return total, always
        case "difference":
            return 2 * values[0] - total, always
        case "complement":
            return 100.0 - total, always
        case "index_of_ratios":
            ratios, divisors = [], []
            for rank, direction in enumerate(formula.directions):
                own, base = values[rank], pl.col(f"base_{rank}")
                up, down = (own, base) if direction == "direct" else (base, own)
                ratios.append(up / down)
                divisors.append(down != 0)
            mean = pl.sum_horizontal(ratios, ignore_nulls=False) / len(ratios)
            return 100.0 * mean, pl.all_horizontal(divisors)


def _status(size: int, applicable: pl.Expr, *, based: bool) -> pl.Expr:
    """Return the status of the result: that of its least known term, bases included."""
    statuses = [pl.col(f"status_{rank}") for rank in range(size)]
    if based:
        statuses += [pl.col(f"base_status_{rank}") for rank in range(size)]
    result = (
        pl.when(applicable.fill_null(value=False))
        .then(pl.lit(Status.OK.value))
        .otherwise(pl.lit(Status.NOT_APPLICABLE.value))
    )
    for worst in reversed(_WORST_FIRST):
        result = (
            pl.when(pl.any_horizontal(s == worst for s in statuses))
            .then(pl.lit(worst.value))
            .otherwise(result)
        )
    return result


def _statements(table: pl.DataFrame, code: str, card: Indicator, size: int) -> pl.DataFrame:
    """Dress the results as statements, with the provenance of their terms."""
    formula = card.formula
    assert formula is not None
    ranks = range(size)

    def each(name: str) -> list[pl.Expr]:
        return [pl.col(f"{name}_{rank}") for rank in ranks]

    estimated = pl.any_horizontal(o == Origin.ESTIMATED for o in each("origin"))
    decimals = pl.min_horizontal(each("decimals")) if formula.form in _ADDITIVE else pl.lit(None)
    known = pl.col("_status") == Status.OK
    dressed = table.with_columns(
        indicator=pl.lit(code),
        value=pl.col("_value"),
        status=pl.col("_status"),
        origin=pl.when(estimated)
        .then(pl.lit(Origin.ESTIMATED.value))
        .otherwise(pl.lit(Origin.DERIVED.value)),
        decimals=decimals,
        source=pl.lit(card.source),
        document=_together(each("document")),
        priority=pl.max_horizontal(each("priority")) + 1,
        file=_together(each("file")),
        sheet=_together(each("sheet")),
        line=pl.coalesce(each("line")),
        column=_together(each("column")),
        sha256=_together(each("sha256")),
        raw=pl.when(known).then(_text(formula, size)).otherwise(without_values(formula)),
    )
    return conform(dressed, STATEMENTS)


def _together(columns: Sequence[pl.Expr]) -> pl.Expr:
    """Join different texts with « + », each once, in order; empty ones left out."""
    return (
        pl.concat_list(columns)
        .list.unique(maintain_order=True)
        .list.eval(pl.element().filter(pl.element() != ""))
        .list.join(" + ")
    )


def _text(formula: Formula, size: int) -> pl.Expr:
    """Return the formula with the values of its terms, as France writes numbers."""
    texts = [pl.col(f"text_{rank}") for rank in range(size)]
    match formula.form:
        case "ratio":
            factor = "" if formula.factor == 1 else f" × {written(formula.factor)}"
            return pl.format(f"{{}} / {{}}{factor}", *texts)
        case "share":
            inside = " + ".join(["{}"] * size)
            return pl.format(f"{{}} / ({inside}) × 100", texts[0], *texts)
        case "sum":
            return pl.format(" + ".join(["{}"] * size), *texts)
        case "difference":
            return pl.format(f" {MINUS} ".join(["{}"] * size), *texts)
        case "complement":
            return pl.format(f"100 {MINUS} " + f" {MINUS} ".join(["{}"] * size), *texts)
        case "index_of_ratios":
            pieces: list[pl.Expr] = []
            model = []
            for rank, direction in enumerate(formula.directions):
                base = (
                    pl.col(f"base_{rank}")
                    .round(4)
                    .cast(pl.String)
                    .str.replace(".", ",", literal=True)
                )
                pair = [texts[rank], base] if direction == "direct" else [base, texts[rank]]
                pieces += pair
                model.append("{} / {}")
            return pl.format(f"({' + '.join(model)}) / {size} × 100", *pieces)
