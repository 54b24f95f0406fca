"""Which table system do the figures of an edition make?

The figures, those of former editions and those that relations go through become numbered cells;
the relations become rows. Only what is bound, near or far, to a blanked figure is kept: the rest
can give nothing away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from terril.catalogue.cards import Catalogue
from terril.observations.schema import KEY
from terril.secrecy.cells import CELLS, cells, latent
from terril.secrecy.links import Links
from terril.secrecy.relations import links
from terril.secrecy.sparse import Bools, Csr, Ints, components
from terril.secrecy.system import Ratios, State, TableSystem
from terril.secrecy.zonings import gaps


@dataclass(frozen=True)
class EditionSystem:
    """A table system and what its numbers stand for.

    ``keys``: one row a cell (``CELLS``). ``texts``: what the ``label`` of a relation says, in
    French; ``told``: is a contradiction of it worth a word? ``shown_before``: the keys that an
    edition already published shows. ``total``: how many cells and relations before what is bound
    to no blanked figure was left out.
    """

    system: TableSystem
    keys: pl.DataFrame
    texts: tuple[str, ...]
    told: tuple[bool, ...]
    shown_before: pl.DataFrame
    total: tuple[int, int]


def edition_system(
    figures: pl.DataFrame,
    catalogue: Catalogue,
    territories: pl.DataFrame,
    former: Sequence[pl.DataFrame] = (),
    correspondence: pl.DataFrame | None = None,
) -> EditionSystem:
    """Return the system of some figures (columns: see ``terril.secrecy.cells.cells``)."""
    known = cells(figures, former, catalogue)
    shown = pl.when(pl.col("state").is_in([int(State.SENSITIVE), int(State.BLANK)]))
    bound = links(
        known.select(*KEY, "value", status=shown.then(pl.lit("secret")).otherwise(pl.lit("ok"))),
        catalogue,
        territories,
        correspondence,
    )
    everything = _with_latent(known, bound, catalogue)
    return _number(everything, bound)


def _with_latent(known: pl.DataFrame, bound: Links, catalogue: Catalogue) -> pl.DataFrame:
    """Add the cells that relations go through and that nobody publishes."""
    through = [bound.entries.select(KEY)] + [
        bound.ratios.select(
            "kind", "territory", pl.col(end).alias("indicator"), "period", "breakdown"
        )
        for end in ("numerator", "denominator", "rate")
    ]
    missing = pl.concat(through).unique(maintain_order=True).join(known, on=KEY, how="anti")
    if missing.is_empty():
        return known
    hidden = latent(missing, catalogue)
    pieces = gaps(bound.entries, known)
    hidden = (
        hidden.join(pieces.select(*KEY, piece="value"), on=KEY, how="left", maintain_order="left")
        .join(_minima(catalogue), on="indicator", how="left", maintain_order="left")
        .with_columns(
            guarded=(
                pl.col("piece").is_not_null()
                & (pl.col("piece") > 0)
                & (pl.col("piece") < pl.col("minimum"))
            ).fill_null(value=False)
        )
        .with_columns(
            value=pl.when(pl.col("guarded")).then(pl.col("piece")),
            lower=pl.max_horizontal(0.0, "lower"),
            state=pl.when(pl.col("guarded")).then(int(State.SENSITIVE)).otherwise(pl.col("state")),
            need_low=pl.when(pl.col("guarded")).then(0.0),
            need_high=pl.when(pl.col("guarded")).then(pl.col("minimum")),
        )
    )
    return pl.concat([known, hidden.select(CELLS.keys())])


def _minima(catalogue: Catalogue) -> pl.DataFrame:
    rows = [
        (code, rule.minimum)
        for code, card in catalogue.indicators.items()
        if (rule := catalogue.secrecy.get(card.secrecy)) is not None
    ]
    return pl.DataFrame(rows, schema={"indicator": pl.String, "minimum": pl.Float64}, orient="row")


def _number(everything: pl.DataFrame, bound: Links) -> EditionSystem:
    numbered = (
        everything.sort(KEY).with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    )
    place = numbered.select(*KEY, "cell")
    entries = bound.entries.join(place, on=KEY, maintain_order="left")
    relations = bound.relations.sort("relation")
    size, count = numbered.height, relations.height
    rows = Csr.of(
        entries["relation"].to_numpy(),
        entries["cell"].to_numpy(),
        entries["coefficient"].to_numpy(),
        count,
        size,
    )
    ratios = bound.ratios
    ends: dict[str, Ints] = {}
    for end in ("numerator", "denominator", "rate"):
        ends[end] = (
            ratios.with_columns(indicator=pl.col(end))
            .join(place, on=KEY, how="left", maintain_order="left")["cell"]
            .to_numpy()
        )
    factor = ratios["factor"].to_numpy()
    state = numbered["state"].to_numpy()
    kept = _bound_to_secrets(rows, ends, factor, state)
    renumber = np.full(size, -1, dtype=np.int64)
    renumber[kept] = np.arange(int(kept.sum()))
    used = np.unique(rows.row[kept[rows.column]])
    inside = kept[ends["rate"]] if len(factor) else np.zeros(0, dtype=bool)
    texts = relations["text"].unique(maintain_order=True).to_list()
    number = {text: n for n, text in enumerate(texts)}
    told = dict(relations.select("text", "told").unique("text").iter_rows())
    keys = numbered.filter(pl.Series(kept)).drop("cell")
    labels = relations["text"].replace_strict(number, return_dtype=pl.Int64).to_numpy()

    def column(name: str) -> NDArray[Any]:
        return keys[name].to_numpy().copy()

    def floats(name: str) -> NDArray[Any]:
        return keys[name].fill_null(float("nan")).to_numpy().copy()

    return EditionSystem(
        TableSystem(
            value=floats("value"),
            weight=column("weight"),
            state=column("state"),
            lower=column("lower"),
            upper=column("upper"),
            half=column("half"),
            need_low=floats("need_low"),
            need_high=floats("need_high"),
            margin=floats("margin"),
            whole=column("whole"),
            rows=rows.take(used, np.flatnonzero(kept)),
            low=relations["low"].to_numpy()[used],
            high=relations["high"].to_numpy()[used],
            label=labels[used],
            ratios=Ratios(
                renumber[ends["numerator"][inside]],
                renumber[ends["denominator"][inside]],
                renumber[ends["rate"][inside]],
                factor[inside],
            ),
        ),
        keys,
        tuple(texts),
        tuple(told[text] for text in texts),
        numbered.filter("known_before").select(KEY),
        (size, count + len(factor)),
    )


def _bound_to_secrets(rows: Csr, ends: dict[str, Ints], factor: Ints, state: Ints) -> Bools:
    """Return the cells whose component holds a guarded cell."""
    ids = np.arange(len(factor))
    together = rows.stack(
        Csr.of(
            np.tile(ids, 3), np.concatenate([ends[e] for e in ends]), np.ones(3 * len(ids)),
            len(ids), rows.columns,
        )
    )  # fmt: skip
    part = components(together, np.ones(rows.columns, dtype=bool))
    secret = np.zeros(int(part.max()) + 1 if len(part) else 0, dtype=bool)
    secret[part[state == State.SENSITIVE]] = True
    return secret[part] if len(part) else np.zeros(0, dtype=bool)
