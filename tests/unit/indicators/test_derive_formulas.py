"""Every form of formula, by hand, with its status, its text and its provenance."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from small_world import EPCI, card, catalogue, count, qpv, retained, said, territories
from terril.indicators.derive import derive
from terril.observations.schema import STATEMENTS

Q = qpv(1)
FINE = "\u202f"
MINUS = "\u2212"


def _derive(form: dict[str, Any], terms: dict[str, Any], **changes: Any) -> pl.DataFrame:
    """Derive ``essai.part`` from terms given as numbers, or as (number, status)."""
    rate = changes.pop("rates", False)
    cards = {f"essai.{n}": (card if rate else count)() for n in terms}
    cards["essai.part"] = card(formula=form)
    rows = []
    for name, told in terms.items():
        value, status = told if isinstance(told, tuple) else (told, "ok")
        rows.append(said(Q, f"essai.{name}", value, status=status, decimals=0, **changes))
    return derive(retained(rows), catalogue(cards))


#: form, terms, value, text
FORMS: list[tuple[dict[str, Any], dict[str, float], float, str]] = [
    (
        {"form": "ratio", "terms": ("essai.a", "essai.b")},
        {"a": 606, "b": 1837},
        100 * 606 / 1837,
        f"606 / 1{FINE}837 × 100",
    ),
    (
        {"form": "ratio", "terms": ("essai.a", "essai.b"), "factor": 1},
        {"a": 9, "b": 6},
        1.5,
        "9 / 6",
    ),
    (
        {"form": "ratio", "terms": ("essai.a", "essai.b"), "factor": 1000},
        {"a": 3, "b": 1500},
        2.0,
        f"3 / 1{FINE}500 × 1{FINE}000",
    ),
    (
        {"form": "share", "terms": ("essai.a", "essai.b", "essai.c")},
        {"a": 1, "b": 2, "c": 1},
        25.0,
        "1 / (1 + 2 + 1) × 100",
    ),
    ({"form": "sum", "terms": ("essai.a", "essai.b")}, {"a": 91, "b": 123}, 214.0, "91 + 123"),
    (
        {"form": "difference", "terms": ("essai.a", "essai.b", "essai.c")},
        {"a": 10, "b": 3, "c": 2},
        5.0,
        f"10 {MINUS} 3 {MINUS} 2",
    ),
    (
        {"form": "complement", "terms": ("essai.a", "essai.b")},
        {"a": 47, "b": 10},
        43.0,
        f"100 {MINUS} 47 {MINUS} 10",
    ),
]


@pytest.mark.parametrize(("form", "terms", "value", "text"), FORMS)
def test_forms(form: dict[str, Any], terms: dict[str, float], value: float, text: str) -> None:
    row = _derive(form, terms).row(0, named=True)
    assert row["value"] == pytest.approx(value)
    assert (row["status"], row["origin"], row["raw"]) == ("ok", "calculé", text)
    additive = form["form"] in ("sum", "difference", "complement")
    assert row["decimals"] == (0 if additive else None)


RATIO = {"form": "ratio", "terms": ("essai.a", "essai.b")}

#: statuses of the two terms, status of the result
STATUSES: list[tuple[Any, Any, str]] = [
    (5, (None, "secret"), "secret"),
    ((None, "secret"), (None, "missing"), "secret"),
    (5, (None, "missing"), "missing"),
    ((None, "non_significatif"), (None, "missing"), "non_significatif"),
    (5, 0, "not_applicable"),
    (0, 0, "not_applicable"),
    (0, 5, "ok"),
    ((None, "missing"), 0, "missing"),
]


@pytest.mark.parametrize(("one", "two", "status"), STATUSES)
def test_the_least_known_term_decides(one: Any, two: Any, status: str) -> None:
    row = _derive(RATIO, {"a": one, "b": two}).row(0, named=True)
    assert row["status"] == status
    assert (row["value"] is None) == (status != "ok")
    if status != "ok":
        assert row["raw"] == "essai.a / essai.b"  # a term beside a secret shows no value


def test_no_row_when_a_term_has_none() -> None:
    cards = catalogue({"essai.a": count(), "essai.b": count(), "essai.part": card(formula=RATIO)})
    rows = [
        said(Q, "essai.a", 5),
        said(Q, "essai.b", 9, period="2016"),
        said(qpv(2), "essai.b", 9),
        said(Q, "essai.b", 9, breakdown="sexe=F"),
    ]
    frame = derive(retained(rows), cards)
    assert frame.is_empty()
    assert frame.schema == pl.DataFrame(schema=STATEMENTS).schema


def test_provenance_and_priority_come_from_the_terms() -> None:
    cards = catalogue({"essai.a": count(), "essai.b": count(), "essai.part": card(formula=RATIO)})
    rows = [
        said(Q, "essai.a", 5, document="x", priority=10, file="x.csv", line=4, sha256="1"),
        said(Q, "essai.b", 10, document="y", priority=30, file="y.csv", line=8, sha256="2"),
    ]
    row = derive(retained(rows), cards).row(0, named=True)
    assert (row["priority"], row["document"], row["file"]) == (31, "x + y", "x.csv + y.csv")
    assert (row["line"], row["column"], row["sha256"]) == (4, "valeur", "1 + 2")


def test_chains_in_any_order_of_the_catalogue() -> None:
    """A ratio of a sum, the sum declared after; a stated sum is preferred to the derived one."""
    cards = catalogue(
        {
            "essai.part": card(formula={"form": "ratio", "terms": ("essai.f", "essai.tous")}),
            "essai.tous": count(formula={"form": "sum", "terms": ("essai.f", "essai.h")}),
            "essai.f": count(),
            "essai.h": count(),
        }
    )
    rows = [
        said(Q, "essai.f", 30, priority=10),
        said(Q, "essai.h", 10, priority=10),
        said(qpv(2), "essai.f", 30),
        said(qpv(2), "essai.h", 10),
        said(qpv(2), "essai.tous", 60),
        said(qpv(3), "essai.f", 30),
        said(qpv(3), "essai.h", 10),
        said(qpv(3), "essai.tous", None),
    ]
    frame = derive(retained(rows), cards)
    shares = frame.filter(pl.col("indicator") == "essai.part")
    assert shares.select("territory", "value", "priority").rows() == [
        (Q, 75.0, 12),
        (qpv(2), 50.0, 11),
        (qpv(3), 75.0, 12),
    ]


#: kind of territory, are the terms counts?, is a figure derived?
COMPOSITES = [
    ("qpv", False, True),
    ("epci", False, True),
    ("commune", False, True),
    ("qpv_ensemble", True, True),
    ("qpv_ensemble", False, False),
    ("hors_qpv", True, True),
    ("hors_qpv", False, False),
    ("qpv_moyenne", True, False),
    ("communes", True, False),
    ("communes", False, False),
]


@pytest.mark.parametrize(("kind", "counts", "derived"), COMPOSITES)
def test_nothing_is_derived_for_composites_of_rates(kind: str, counts: bool, derived: bool) -> None:
    frame = _derive(RATIO, {"a": 5, "b": 10}, rates=not counts, kind=kind)
    assert frame.height == (1 if derived else 0)


# ------------------------------------------------------------------ fragility

FRAGILITY = {
    "form": "index_of_ratios",
    "base": "epci",
    "terms": ("essai.apl", "essai.plai", "essai.mobilite", "essai.impayes"),
    "directions": ("direct", "direct", "inverse", "direct"),
}
REFERENCE = {"apl": 50.0, "plai": 60.0, "mobilite": 10.0, "impayes": 18.0}


def _fragility(
    own: dict[str, float | None], epci: dict[str, float], *, known: bool = True, size: int = 1
) -> pl.DataFrame:
    cards = catalogue(
        {**{f"essai.{n}": card() for n in REFERENCE}, "essai.indice": card(formula=FRAGILITY)}
    )
    rows = [said(EPCI, f"essai.{n}", v, kind="epci") for n, v in epci.items()]
    rows += [said(Q, f"essai.{n}", v) for n, v in own.items()]
    rows += [
        said("200000002", f"essai.{n}", v * 2, kind="epci") for n, v in epci.items() if size > 1
    ]
    return derive(retained(rows), cards, territories(1) if known else None)


def test_fragility_index_against_the_agglomeration() -> None:
    frame = _fragility({"apl": 60.0, "plai": 60.0, "mobilite": 8.0, "impayes": 27.0}, REFERENCE)
    values = dict(frame.select("kind", "value").iter_rows())
    assert values["epci"] == pytest.approx(100.0)  # the base is 100 by construction
    assert values["qpv"] == pytest.approx(100 * (1.2 + 1.0 + 10 / 8 + 1.5) / 4)
    assert frame.filter(pl.col("kind") == "qpv")["raw"].to_list() == [
        "(60,0 / 50,0 + 60,0 / 60,0 + 10,0 / 8,0 + 27,0 / 18,0) / 4 × 100"
    ]


@pytest.mark.parametrize("missing", sorted(REFERENCE))
def test_fragility_needs_its_four_inputs(missing: str) -> None:
    own: dict[str, float | None] = {**REFERENCE, missing: None}
    frame = _fragility(own, REFERENCE)
    assert frame.filter(pl.col("kind") == "qpv")["status"].to_list() == ["missing"]
    base = {k: v for k, v in REFERENCE.items() if k != missing}
    assert _fragility(dict(REFERENCE), base).is_empty()


def test_fragility_without_territories_only_when_the_base_is_alone() -> None:
    own: dict[str, float | None] = dict(REFERENCE)
    assert _fragility(own, REFERENCE, known=False)["value"].to_list() == [100.0, 100.0]
    assert _fragility(own, REFERENCE, known=False, size=2).is_empty()
    two = _fragility(own, REFERENCE, size=2)
    assert dict(two.select("territory", "value").iter_rows())[Q] == pytest.approx(100.0)
