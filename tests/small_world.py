"""A small contract made by hand: cards, territories and figures for the tests of the rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.catalogue.schema import (
    FicheBlock,
    FicheModel,
    Formula,
    Indicator,
    Phrase,
    Relation,
    SecrecyRule,
)
from terril.observations.schema import RETAINED, STATEMENTS

EPCI = "200000001"
POPULATION = "demographie.population"


def card(**changes: Any) -> Indicator:
    """A rate with one decimal, worse when higher, without secrecy."""
    base: dict[str, Any] = {
        "label": "Part d’essai",
        "short": "Part d’essai",
        "question": "Combien ?",
        "unit": "pourcent",
        "decimals": 1,
        "polarity": "defavorable",
        "nature": "part",
        "source": "essai",
        "period": "année",
        "secrecy": "aucun",
        "aggregation": "moyenne",
        "phrase": Phrase(subject="la part", gender="f"),
    }
    formula = changes.pop("formula", None)
    if formula is not None:
        base["formula"] = Formula(**formula)
    return Indicator(**{**base, **changes})


def count(**changes: Any) -> Indicator:
    """A count: whole numbers that add up."""
    return card(
        **{
            "label": "Effectif d’essai",
            "nature": "nb",
            "decimals": 0,
            "aggregation": "somme",
            "polarity": "neutre",
            "unit": "nombre",
            **changes,
        }
    )


def catalogue(
    indicators: Mapping[str, Indicator],
    *,
    relations: Mapping[str, Relation] | None = None,
    secrecy: Mapping[str, SecrecyRule] | None = None,
    blocks: Sequence[FicheBlock] = (),
) -> Catalogue:
    """The parameters and vocabularies of the package, with these indicators only."""
    own = load_catalogue()
    model = FicheModel(label="Essai", population=POPULATION, blocks=tuple(blocks))
    return dataclasses.replace(
        own,
        indicators=dict(indicators),
        relations=dict(relations or {}),
        secrecy={**own.secrecy, **(secrecy or {})},
        fiches={"essai": model},
    )


def qpv(number: int) -> str:
    """The code of a neighbourhood: QP000001…"""
    return f"QP{number:06d}"


def territories(
    size: int,
    communes: Mapping[int, Sequence[str]] | None = None,
    population: Mapping[int, float] | None = None,
    groups: Mapping[int, str] | None = None,
) -> pl.DataFrame:
    """An EPCI, its neighbourhoods 1 to ``size``, and the communes that are named."""
    rows: list[tuple[Any, ...]] = []
    epcis = sorted({EPCI, *(groups or {}).values()})
    rows += [("epci", code, f"Agglomération {code[-1]}", "Agglo", code, [], None) for code in epcis]
    named = sorted({c for cs in (communes or {}).values() for c in cs})
    rows += [("commune", code, f"Commune {code}", code, EPCI, [], None) for code in named]
    for number in range(1, size + 1):
        rows.append(
            (
                "qpv",
                qpv(number),
                f"Quartier {number}",
                f"Q{number}",
                (groups or {}).get(number, EPCI),
                list((communes or {}).get(number, [])),
                (population or {}).get(number),
            )
        )
    return pl.DataFrame(
        rows,
        schema={
            "kind": pl.String,
            "code": pl.String,
            "label": pl.String,
            "short": pl.String,
            "epci": pl.String,
            "communes": pl.List(pl.String),
            "population": pl.Float64,
        },
        orient="row",
    )


def said(territory: str, indicator: str, value: float | None, **changes: Any) -> dict[str, Any]:
    """One statement; a value is written with one decimal, ``None`` is « pas de donnée »."""
    row: dict[str, Any] = {
        "kind": "qpv",
        "territory": territory,
        "indicator": indicator,
        "period": "2015",
        "breakdown": "total",
        "value": value,
        "status": "ok" if value is not None else "missing",
        "origin": "constaté",
        "decimals": 1,
        "source": "essai",
        "document": "tableaux",
        "priority": 10,
        "file": "tableaux.csv",
        "sheet": "",
        "line": 2,
        "column": "valeur",
        "sha256": "0" * 64,
        "raw": "" if value is None else f"{value:g}".replace(".", ","),
    }
    row.update(changes)
    if row["status"] != "ok":
        row["value"] = None
        row["raw"] = {"secret": "s"}.get(row["status"], "")
    return row


def statements(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """A frame of STATEMENTS."""
    return pl.DataFrame([dict(row) for row in rows], schema=STATEMENTS)


def retained(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """A frame of RETAINED, without contradictions."""
    whole = [{**row, "statements": 1, "contradicted": False} for row in rows]
    return pl.DataFrame(whole, schema=RETAINED)


def values_of(
    indicator: str, values: Iterable[float | None], **changes: Any
) -> list[dict[str, Any]]:
    """The statements of neighbourhoods 1, 2, 3… for one indicator."""
    return [said(qpv(n), indicator, value, **changes) for n, value in enumerate(values, 1)]


def two_lists(size: int) -> tuple[pl.DataFrame, list[str], list[str]]:
    """Territories with ``size`` neighbourhoods of each list, and the codes of 2015 and of 2024."""
    old = [f"QP0620{number:02d}" for number in range(1, size + 1)]
    new = [f"QN062{number:02d}M" for number in range(1, size + 1)]
    codes = {qpv(n): code for n, code in enumerate([*old, *new], 1)}
    frame = territories(2 * size, communes={n: ["62001"] for n in range(1, 2 * size + 1)})
    return frame.with_columns(pl.col("code").replace(codes)), old, new
