"""What in the figures deserves an analyst's minute?

Runs every check on the figures shown and on the statements behind them: sums, ranges,
outliers, comparators that move, comparators of another place, secrets that can be computed,
printed means, copies between neighbourhoods. Each check is small and speaks only when it has
something to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Nature
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP, liste, majuscule, nombre
from terril.lib.problems import Severity
from terril.observations.contradictions import find
from terril.observations.copies import copies
from terril.observations.findings import Finding, places_of
from terril.observations.places import Names, Territories, frame_of, written
from terril.observations.relations import bases, secrets, sums, wholes
from terril.observations.resolve import repeated
from terril.observations.schema import KEY, Kind, Origin, Status
from terril.territories.generations import list_of

__all__ = ["Finding", "run"]

#: a median absolute deviation, and an interquartile range, of a normal law of deviation 1
_MAD: Final = 0.6745
_IQR: Final = 1.349
#: fewer known neighbourhoods have no usual spread
_ENOUGH: Final = 8


def run(
    statements: pl.DataFrame,
    retained: pl.DataFrame,
    catalogue: Catalogue,
    territories: Territories,
    documents: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Return all findings, sorted by code, indicator, territory and period.

    ``statements``: all statements; ``retained``: the figures shown; ``territories``: the
    registry or its frame; ``documents``: how the project names its documents, by input.
    """
    frame = frame_of(territories)
    names = Names(frame, catalogue.indicators, documents)
    known = statements.filter(pl.col("indicator").is_in(list(catalogue.indicators)))
    shown = retained.filter(pl.col("indicator").is_in(list(catalogue.indicators)))
    findings = [
        *sums(shown, catalogue, names),
        *secrets(shown, catalogue, names),
        *wholes(shown, catalogue, frame, names),
        *bases(shown, catalogue, names),
        *_ranges(known, catalogue, names),
        *_outliers(shown, catalogue, frame, names),
        *_moving(known, names),
        *_foreign(known, frame, names),
        *_means(known, catalogue, frame),
        *copies(known, shown, catalogue, frame, names),
    ]
    return sorted(findings, key=lambda f: (f.code, f.indicator, f.territory, f.period))


def _ranges(statements: pl.DataFrame, catalogue: Catalogue, names: Names) -> Iterator[Finding]:
    """Yield the statements outside the range of their card; blanked figures left out."""
    cards = catalogue.indicators
    low = pl.col("indicator").replace_strict(
        {code: card.minimum for code, card in cards.items()}, return_dtype=pl.Float64
    )
    high = pl.col("indicator").replace_strict(
        {code: card.maximum for code, card in cards.items()}, return_dtype=pl.Float64
    )
    wrong = (
        statements.with_columns(_low=low, _high=high)
        .filter(
            (pl.col("status") == Status.OK)
            & ((pl.col("value") < pl.col("_low")) | (pl.col("value") > pl.col("_high")))
        )
        .join(_blanked(statements), on=KEY, how="anti")
        .sort(*KEY, "document", "line")
    )
    for row in wrong.iter_rows(named=True):
        card = cards[row["indicator"]]
        if row["_low"] is not None and row["value"] < row["_low"]:
            bound = f"inférieur au minimum {nombre(row['_low'], card.decimals)}"
        else:
            bound = f"supérieur au maximum {nombre(row['_high'], card.decimals)}"
        said = written(row["raw"])
        if row["origin"] == Origin.DERIVED:
            said = f"{nombre(row['value'], card.decimals)} ({row['raw']})"
        yield Finding(
            "hors-bornes",
            Severity.WARNING,
            row["indicator"],
            row["territory"],
            row["period"],
            f"{names.figure(row)}{NBSP}: {said}, {bound}.",
            places_of([row]),
        )


def _blanked(statements: pl.DataFrame) -> pl.DataFrame:
    """Return the keys that a document blanks."""
    return statements.filter(pl.col("status") == Status.SECRET).select(KEY).unique()


def _outliers(
    retained: pl.DataFrame, catalogue: Catalogue, territories: pl.DataFrame, names: Names
) -> Iterator[Finding]:
    """Yield the values that stand apart from those of the other neighbourhoods of a contract.

    Modified z-score: distance from the median over the larger of the normalised median
    absolute deviation and interquartile range (Iglewicz and Hoaglin 1993; the second keeps
    quiet when half of the values are equal); limit: parameter ``valeur_aberrante``. The value
    must also lie beyond the far fences of Tukey (three interquartile ranges). Counts are left
    out: a large neighbourhood is no error. One finding an indicator and period.
    """
    limit = catalogue.number("valeur_aberrante")
    rates = [c for c, card in catalogue.indicators.items() if card.nature is not Nature.NB]
    group = territories.filter(pl.col("kind") == Kind.QPV).select(
        territory="code", group="epci", list=list_of(pl.col("code"))
    )
    cell = ["group", "list", "indicator", "period", "breakdown"]
    value, median, iqr = pl.col("value"), pl.col("_median"), pl.col("_iqr")
    far = (
        retained.filter(
            (pl.col("kind") == Kind.QPV)
            & (pl.col("status") == Status.OK)
            & pl.col("indicator").is_in(rates)
        )
        .join(group, on="territory")
        .with_columns(
            _known=pl.len().over(cell),
            _median=value.median().over(cell),
            _low=value.quantile(0.25, "linear").over(cell),
            _high=value.quantile(0.75, "linear").over(cell),
        )
        .filter(pl.col("_known") >= _ENOUGH)
        .with_columns(
            _mad=(value - median).abs().median().over(cell), _iqr=pl.col("_high") - pl.col("_low")
        )
        .with_columns(_scale=pl.max_horizontal(pl.col("_mad") / _MAD, iqr / _IQR))
        .filter(
            (pl.col("_scale") > 0)
            & ((value - median).abs() > limit * pl.col("_scale"))
            & ((value < pl.col("_low") - 3 * iqr) | (value > pl.col("_high") + 3 * iqr))
        )
        .sort(*cell, "value")
    )
    for _, rows in far.group_by(cell, maintain_order=True):
        found = rows.to_dicts()
        first = found[0]
        decimals = names.decimals(first["indicator"])
        values = liste(
            [
                f"{names.place(Kind.QPV, row['territory'])} {nombre(row['value'], decimals)}"
                for row in found
            ]
        )
        period = f", {periode_courte(first['period'])}" if first["period"] else ""
        yield Finding(
            "valeur-extreme",
            Severity.NOTE,
            first["indicator"],
            first["territory"],
            first["period"],
            f"{names.indicator(first['indicator'])}{period}{NBSP}: {values}, loin des autres "
            f"quartiers (médiane {nombre(first['_median'], decimals)} sur {first['_known']} "
            "valeurs). À vérifier à la source.",
            places_of(found),
        )


def _moving(statements: pl.DataFrame, names: Names) -> Iterator[Finding]:
    """Yield the comparators that one document gives otherwise than another."""
    moving = repeated(
        statements.filter((pl.col("kind") != Kind.QPV) & (pl.col("origin") != Origin.DERIVED))
    ).filter(pl.col("contradicted"))
    for _, group in moving.group_by(KEY, maintain_order=True):
        rows = group.to_dicts()
        if any(row["status"] == Status.SECRET for row in rows):
            continue
        said: dict[str, set[str]] = {}
        for row in rows:
            if row["status"] == Status.OK:
                said.setdefault(written(row["raw"]), set()).add(row["document"])
        if len(said) < 2:
            continue
        parts = [f"{value} ({_documents(documents, names)})" for value, documents in said.items()]
        yield Finding(
            "comparateur-change",
            Severity.WARNING,
            rows[0]["indicator"],
            rows[0]["territory"],
            rows[0]["period"],
            f"{names.figure(rows[0])}{NBSP}: la même valeur de comparaison change d’un document "
            f"à l’autre, {liste(parts)}.",
            places_of(rows),
        )


def _documents(documents: set[str], names: Names) -> str:
    if len(documents) <= 3:
        return liste([names.document(document) for document in sorted(documents)])
    return f"{len(documents)} documents"


def _foreign(
    statements: pl.DataFrame, territories: pl.DataFrame, names: Names
) -> Iterator[Finding]:
    """Yield the documents of a neighbourhood that compare it with a commune not its own.

    The part of the document after « : » names the neighbourhood.
    """
    own = territories.filter(pl.col("kind") == Kind.QPV).select(
        pl.col("code").alias("qpv"), pl.col("communes").alias("own")
    )
    outside = (
        statements.filter(pl.col("kind").is_in([Kind.COMMUNE, Kind.COMMUNES]))
        .with_columns(qpv=pl.col("document").str.split(":").list.last())
        .join(own, on="qpv")
        .with_columns(stranger=pl.col("territory").str.split("+"))
        .explode("stranger")
        .filter(~pl.col("stranger").is_in(pl.col("own")))
        .sort("document", "stranger", "file", "line")
    )
    for _, group in outside.group_by(["document", "stranger"], maintain_order=True):
        first = group.row(0, named=True)
        commune = names.place(Kind.COMMUNE, first["stranger"])
        document = majuscule(names.document(first["document"]))
        yield Finding(
            "commune-etrangere",
            Severity.WARNING,
            "",
            first["qpv"],
            "",
            f"{document} compare {names.place(Kind.QPV, first['qpv'])} à {commune}, "
            f"qui n’est pas dans ses communes ({group.height} chiffres). Complétez les communes "
            "du quartier ou corrigez le document.",
            places_of([first]),
        )


def _means(
    statements: pl.DataFrame, catalogue: Catalogue, territories: pl.DataFrame
) -> Iterator[Finding]:
    """Yield the printed means of the neighbourhoods that are not the mean of their values."""
    means = find(
        statements.filter(pl.col("kind").is_in([Kind.QPV, Kind.QPV_MOYENNE])),
        catalogue,
        territories,
    ).filter(pl.col("nature") == "moyenne")
    for row in means.iter_rows(named=True):
        yield Finding(
            "moyenne",
            Severity.WARNING,
            row["indicator"],
            row["territory"],
            row["period"],
            f"{row['label']}{NBSP}: {row['values']}. {row['reason']}",
            tuple(text.partition("(")[2].rstrip(")") for text in row["statements"]),
        )
