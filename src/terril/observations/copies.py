"""Were figures of a neighbourhood copied from another one?

Two neighbourhoods may share a figure by chance: often when it has few digits, hardly ever
three times in one theme with decimals. The check counts the shared figures of a theme, works
out how many such coincidences chance would give in the whole data set, and speaks when that
number is small. It also looks at the figures that a document gives otherwise than the one
retained: when several are those of one other neighbourhood, they were copied.

Chance: two values drawn from a normal law of standard deviation s, printed with the unit u,
are equal with probability about u / (2 s √π); never less than the share of equal pairs seen
among the other neighbourhoods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import comb, pi, sqrt
from typing import Any, Final

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.french import NBSP, liste, nombre
from terril.lib.problems import Severity
from terril.observations.findings import Finding, places_of
from terril.observations.places import Names
from terril.observations.resolve import repeated
from terril.observations.schema import KEY, Kind, Origin, Status
from terril.territories.generations import list_of

_CELL: Final = ["group", "indicator", "period", "breakdown"]


def copies(
    statements: pl.DataFrame,
    retained: pl.DataFrame,
    catalogue: Catalogue,
    territories: pl.DataFrame,
    names: Names,
) -> Iterator[Finding]:
    """Yield one finding for each pair of neighbourhoods that share too many figures.

    Limits: parameters ``copie_minimum`` (figures) and ``copie_hasard`` (coincidences of that
    strength expected by chance in the data set).
    """
    least = int(catalogue.number("copie_minimum"))
    most = catalogue.number("copie_hasard")
    values = _values(statements, catalogue, territories)
    if values.is_empty():
        return
    chance = _chance(values, catalogue)
    seen: set[frozenset[str]] = set()
    for find in (_dissenting(statements, retained, values, chance), _shared(values, chance)):
        for pair in find:
            figures = pair["figures"]
            key = frozenset((pair["territory"], pair["other"]))
            if len(figures) < least or pair["expected"] > most or key in seen:
                continue
            seen.add(key)
            yield _finding(pair, names)


def _values(
    statements: pl.DataFrame, catalogue: Catalogue, territories: pl.DataFrame
) -> pl.DataFrame:
    """Return the distinct values stated of each neighbourhood, secret figures left out.

    The last part of a sum is left out: it says what the others already say. A group is the
    neighbourhoods of an EPCI, of one list: an unchanged perimeter says its figure in both.
    """
    redundant = {r.parts[-1] for r in catalogue.relations.values() if not r.at_most}
    group = territories.filter(pl.col("kind") == Kind.QPV).select(
        territory="code", group=pl.concat_str("epci", list_of(pl.col("code")), separator="/")
    )
    return (
        statements.filter((pl.col("kind") == Kind.QPV) & (pl.col("origin") == Origin.STATED))
        .filter(~(pl.col("status") == Status.SECRET).any().over(KEY))
        .filter((pl.col("status") == Status.OK) & ~pl.col("indicator").is_in(sorted(redundant)))
        .join(group, on="territory")
        .sort("priority", "document", "line")
        .unique([*_CELL, "territory", "value"], keep="first", maintain_order=True)
        .with_columns(theme=pl.col("indicator").str.split(".").list.first())
    )


def _chance(values: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return one row a figure of a group: ``p``, the chance that two values are equal."""
    unit = pl.col("indicator").replace_strict(
        {code: 10.0**-card.decimals for code, card in catalogue.indicators.items()}, default=1.0
    )
    equal = (
        values.group_by(*_CELL, "value")
        .agg(n=pl.col("territory").n_unique())
        .group_by(_CELL)
        .agg(pairs=(pl.col("n") * (pl.col("n") - 1) / 2).sum())
    )
    return (
        values.group_by(_CELL)
        .agg(sd=pl.col("value").std(), n=pl.col("territory").n_unique())
        .join(equal, on=_CELL)
        .with_columns(model=unit / (2 * pl.col("sd") * sqrt(pi)))
        .with_columns(seen=(pl.col("pairs") - 1) / (pl.col("n") * (pl.col("n") - 1) / 2 - 1))
        .with_columns(
            p=pl.max_horizontal("model", "seen").fill_nan(1.0).fill_null(1.0).clip(0.0, 1.0)
        )
        .select(*_CELL, "p")
    )


def _shared(values: pl.DataFrame, chance: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the pairs of neighbourhoods that share figures of one theme."""
    columns = [*_CELL, "theme", "value", "territory", "raw", "file", "sheet", "line"]
    left = values.select(columns)
    same = (
        left.join(left, on=[*_CELL, "theme", "value"], suffix="_other")
        .filter(pl.col("territory") < pl.col("territory_other"))
        .join(chance, on=_CELL)
    )
    if same.is_empty():
        return
    sizes = values.group_by("group").agg(n=pl.col("territory").n_unique())
    pairs = float((sizes["n"] * (sizes["n"] - 1) / 2).sum())
    themes = values["theme"].n_unique()
    comparable = (
        values.select("group", "theme", "indicator", "period", "breakdown")
        .unique()
        .group_by("group", "theme")
        .len("size")
    )
    keyed = same.join(comparable, on=["group", "theme"]).sort(
        "group", "territory", "territory_other", "theme", "indicator", "period"
    )
    for _, found in keyed.group_by(
        ["group", "territory", "territory_other", "theme"], maintain_order=True
    ):
        # two values of one figure (two documents) are one figure
        rows = list({(r["indicator"], r["period"]): r for r in found.to_dicts()}.values())
        strength = comb(rows[0]["size"], len(rows)) * _product(rows)
        yield {
            "territory": rows[0]["territory"],
            "other": rows[0]["territory_other"],
            "figures": rows,
            "expected": strength * pairs * themes,
            "document": None,
            "of": None,
        }


def _dissenting(
    statements: pl.DataFrame, retained: pl.DataFrame, values: pl.DataFrame, chance: pl.DataFrame
) -> Iterator[dict[str, Any]]:
    """Yield the documents whose set-aside values are those of another neighbourhood."""
    group = values.select("territory", "group").unique()
    usable = values.select("indicator").unique()
    aside = (
        repeated(statements)
        .filter(pl.col("contradicted") & (pl.col("kind") == Kind.QPV))
        .filter(~(pl.col("status") == Status.SECRET).any().over(KEY))
        .filter(~pl.struct(KEY).is_first_distinct() & (pl.col("status") == Status.OK))
        .filter(pl.col("origin") == Origin.STATED)
        .join(usable, on="indicator")
        .join(group, on="territory")
    )
    if aside.is_empty():
        return
    shown = (
        retained.filter((pl.col("kind") == Kind.QPV) & (pl.col("status") == Status.OK))
        .join(group, on="territory")
        .select(
            *_CELL,
            "value",
            pl.col("territory").alias("territory_other"),
            file_other="file",
            sheet_other="sheet",
            line_other="line",
        )
    )
    met = (
        aside.join(shown, on=[*_CELL, "value"])
        .filter(pl.col("territory") != pl.col("territory_other"))
        .join(chance, on=_CELL)
        .join(aside.group_by("document", "territory").len("size"), on=["document", "territory"])
        .sort("territory", "document", "territory_other", "indicator", "period")
    )
    tries = aside["document"].n_unique() * group["territory"].n_unique()
    for _, found in met.group_by(["territory", "document", "territory_other"], maintain_order=True):
        rows = found.to_dicts()
        yield {
            "territory": rows[0]["territory"],
            "other": rows[0]["territory_other"],
            "figures": rows,
            "expected": comb(rows[0]["size"], len(rows)) * _product(rows) * tries,
            "document": rows[0]["document"],
            "of": rows[0]["size"],
        }


def _product(rows: list[dict[str, Any]]) -> float:
    strength = 1.0
    for row in rows:
        strength *= row["p"]
    return strength


def _finding(pair: Mapping[str, Any], names: Names) -> Finding:
    rows = pair["figures"]
    place = names.place(Kind.QPV, pair["territory"])
    other = names.place(Kind.QPV, pair["other"])
    labels = liste(
        [
            f"{names.indicator(r['indicator'])} "
            f"({nombre(r['value'], names.decimals(r['indicator']))})"
            for r in rows
        ]
    )
    times = min(1000.0, 1 / pair["expected"]) if pair["expected"] > 0 else 1000.0
    odds = nombre(float(f"{times:.1g}"))
    if pair["document"]:
        document = names.document(pair["document"], own=pair["territory"])
        head = (
            f"{place}{NBSP}: {len(rows)} des {pair['of']} valeurs que {document} donne "
            f"autrement que le document retenu sont celles de {other}"
        )
    else:
        head = f"{place} et {other} ont {len(rows)} chiffres identiques"
    text = (
        f"{head}{NBSP}: {labels}. Recopie probable{NBSP}: le hasard n’en ferait autant que "
        f"dans un jeu de données sur {odds}."
    )
    where_other = [
        {"file": r["file_other"], "sheet": r["sheet_other"], "line": r["line_other"]} for r in rows
    ]
    return Finding(
        "recopie",
        Severity.WARNING,
        rows[0]["indicator"],
        pair["territory"],
        rows[0]["period"],
        text,
        places_of([*rows, *where_other]),
    )
