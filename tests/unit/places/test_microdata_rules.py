"""Is a figure blanked when it rests on too few, or on one alone?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import microdata_world as world
import polars as pl
import pytest

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import SecrecyRule
from terril.lib.problems import ProblemList
from terril.observations.schema import KEY
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.microdata import Counted, count_works
from terril.places.microdata_rules import rule_of
from terril.secrecy.dominance import CONTRIBUTIONS, dominated
from terril.secrecy.primary import LEDGER, apply_primary


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckdbEngine]:
    with DuckdbEngine(memory="300MB", threads=1) as engine:
        yield engine


def catalogue(rule: dict[str, Any] | None = None, **work: Any) -> Catalogue:
    """One work under the rule « essai », that its source and its indicators follow."""
    made = world.catalogue(
        essai={
            "label": "Essai",
            "source": "pole_emploi",
            "secrecy": "essai",
            "position": {"x": "X", "y": "Y", "crs": 2154},
            "territories": ({"kind": "commune"},),
            "dimensions": {"sexe": {"column": "SEXE", "values": {"F": ("F",), "H": ("H",)}}},
            "measures": ({"indicator": "emploi.nb_defm_abc", "form": "count", "by": ("sexe",)},),
            **work,
        }
    )
    own = {"label": "Essai", "minimum": 5, "unit": "personnes", "note": "Essai.", **(rule or {})}
    secrecy = dict(made.secrecy) | {"essai": SecrecyRule.model_validate(own)}
    indicators = {
        code: card.model_copy(update={"secrecy": "essai"}) for code, card in made.indicators.items()
    }
    return dataclasses.replace(
        made, secrecy=MappingProxyType(secrecy), indicators=MappingProxyType(indicators)
    )


def run(
    engine: DuckdbEngine, root: Path, cards: Catalogue, frame: pl.DataFrame, kind: str = "99001"
) -> Counted:
    """Count records of the middle of a commune."""
    east = {"99001": 1000.0, "99002": 3000.0}[kind]
    placed = frame.with_columns(X=pl.lit(world.WEST + east), Y=pl.lit(world.SOUTH + 1000.0))
    placed.write_parquet(root / "essai.parquet")
    problems = ProblemList()
    found = count_works(
        world.project(root, world.given(root / "essai.parquet")), world.territories(), cards,
        world.outlines(), problems, engine,
    )  # fmt: skip
    assert not problems.errors
    return found


def shown(found: Counted, code: str = "99001") -> dict[str, Any]:
    rows = found.statements.filter(pl.col("territory") == code)
    return {
        (i.partition(".")[2] if b == "total" else b): "s" if s == "secret" else v
        for i, b, s, v in rows.select("indicator", "breakdown", "status", "value").rows()
    }


def people(women: int, men: int, **columns: Any) -> pl.DataFrame:
    return pl.DataFrame({"SEXE": ["F"] * women + ["H"] * men}).with_columns(
        **{k: pl.Series(v) for k, v in columns.items()}
    )


@pytest.mark.parametrize(
    ("women", "men", "expected"),
    [
        (4, 9, {"sexe=F": "s", "sexe=H": 9, "nb_defm_abc": 13}),
        (5, 9, {"sexe=F": 5, "sexe=H": 9, "nb_defm_abc": 14}),
        (0, 9, {"sexe=F": 0, "sexe=H": 9, "nb_defm_abc": 9}),
        (2, 2, {"sexe=F": "s", "sexe=H": "s", "nb_defm_abc": "s"}),
    ],
)
def test_a_count_under_the_minimum_is_blanked_and_zero_is_not(
    engine: DuckdbEngine, tmp_path: Path, women: int, men: int, expected: dict[str, Any]
) -> None:
    found = run(engine, tmp_path, catalogue(), people(women, men))
    assert shown(found) == expected
    truth = {
        b: v
        for t, b, v in found.truth.select("territory", "breakdown", "value").rows()
        if t == "99001"
    }
    assert truth == {"sexe=F": women, "sexe=H": men, "total": women + men}


def test_a_rule_may_blank_zeros_too(engine: DuckdbEngine, tmp_path: Path) -> None:
    found = run(engine, tmp_path, catalogue({"blank_zero": True}), people(0, 9))
    assert shown(found)["sexe=F"] == "s"


def test_counts_are_rounded_as_the_rule_says(engine: DuckdbEngine, tmp_path: Path) -> None:
    found = run(engine, tmp_path, catalogue({"rounding": 5}), people(7, 8))
    assert shown(found) == {"sexe=F": 5, "sexe=H": 10, "nb_defm_abc": 15}


@pytest.mark.parametrize(
    ("part", "base", "expected"),
    [
        (5, 15, 33.3),
        (4, 15, "s"),  # the part is small
        (11, 15, "s"),  # the rest is small
        (0, 15, 0.0),
        (15, 15, 100.0),
        (4, 4, "s"),
        (10, 16, 62.5),
        (5, 16, 31.3),  # 31.25: half up
    ],
)
def test_a_share_rests_on_its_base_its_part_and_the_rest(
    engine: DuckdbEngine, tmp_path: Path, part: int, base: int, expected: Any
) -> None:
    measure = {
        "indicator": "emploi.part_rsa_defm",
        "form": "share",
        "where": ({"column": "RSA", "operator": "is", "value": "O"},),
    }
    frame = people(base, 0, RSA=["O"] * part + ["N"] * (base - part))
    found = run(engine, tmp_path, catalogue(measures=(measure,)), frame)
    assert shown(found)["part_rsa_defm"] == expected


def test_a_share_of_nobody_is_not_applicable(engine: DuckdbEngine, tmp_path: Path) -> None:
    measure = {
        "indicator": "emploi.part_rsa_defm",
        "form": "share",
        "where": ({"column": "SEXE", "operator": "is", "value": "F"},),
    }
    found = run(engine, tmp_path, catalogue(measures=(measure,)), people(9, 9))
    rows = dict(found.statements.select("territory", "status").rows())
    assert rows == {"99001": "ok", "99002": "not_applicable", "99003": "not_applicable"}


AMOUNT = {"indicator": "emploi.effectif_total", "form": "sum", "column": "N", "decimals": 0}
MEAN = {"indicator": "revenus.revenu_moyen_uc", "form": "mean", "column": "N", "decimals": 2}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([100, 1, 1, 1, 1, 1], "s"),  # 95 % of the total is one contributor’s
        ([17, 1, 1, 1], "s"),  # under the minimum
        ([17, 1, 1, 1, 0], "s"),  # four contributors: zero is none
        ([170, 10, 10, 5, 5], 200),  # exactly 85 %: not more
        ([171, 10, 10, 5, 5], "s"),
        ([0, 0, 0, 0, 0], 0),
        ([10, 10, 10, 10, 10], 50),
    ],
)
def test_a_sum_that_one_contributor_makes_is_blanked(
    engine: DuckdbEngine, tmp_path: Path, values: list[int], expected: Any
) -> None:
    cards = catalogue({"dominance": {"largest": 1, "share": 85}}, measures=(AMOUNT, MEAN))
    found = run(engine, tmp_path, cards, people(len(values), 0, N=values))
    got = shown(found)
    assert got["effectif_total"] == expected
    assert (got["revenu_moyen_uc"] == "s") == (expected == "s"), "a mean with its count is a sum"
    # the house has one rule: what ``secrecy.dominance`` says of the contributions given to it
    given = found.contributions
    assert given.filter(pl.col("territory") == "99001")["amount"].sum() == sum(values)
    if len(values) >= 5:
        assert (dominated(given, cards).height == 1) == (expected == "s")


def test_the_contributions_are_the_largest_and_the_others_together(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    cards = catalogue({"dominance": {"largest": 1, "share": 85}}, measures=(AMOUNT, MEAN))
    frame = people(8, 0, N=[30, 9, 8, 7, 6, 5, 4, -3])
    given = run(engine, tmp_path, cards, frame).contributions
    assert given.schema == pl.DataFrame(schema=CONTRIBUTIONS).schema
    rows = given.select("contributor", "amount", "contributors").rows()
    assert rows == [("", 9, 7), ("1", 30, 7), ("2", 9, 7), ("3", 8, 7), ("4", 7, 7), ("5", 6, 7)]
    assert set(given["indicator"]) == {"emploi.effectif_total"}, "a mean is no sum"


@pytest.mark.parametrize(
    ("values", "expected"), [([50, 40, 5, 1, 1], "s"), ([50, 20, 20, 9, 9], 108)]
)
def test_a_sum_that_would_tell_the_first_to_the_second_is_blanked(
    engine: DuckdbEngine, tmp_path: Path, values: list[int], expected: Any
) -> None:
    """p %: the second contributor must not know the first one to within 15 %."""
    cards = catalogue({"p_percent": 15}, measures=(AMOUNT,))
    found = run(engine, tmp_path, cards, people(len(values), 0, N=values))
    assert shown(found)["effectif_total"] == expected


def test_sums_are_exact_and_means_rounded_once(engine: DuckdbEngine, tmp_path: Path) -> None:
    """A million tenths: doubles added one by one give 99 999,99999…"""
    frame = pl.DataFrame({"SEXE": ["F"] * 1_000_001, "N": ["0,1"] * 1_000_000 + ["0,05"]})
    cards = catalogue(measures=({**AMOUNT, "decimals": 2}, MEAN))
    indicators = dict(cards.indicators)
    for code in ("emploi.effectif_total", "revenus.revenu_moyen_uc"):
        indicators[code] = indicators[code].model_copy(update={"decimals": 2})
    cards = dataclasses.replace(cards, indicators=MappingProxyType(indicators))
    got = shown(run(engine, tmp_path, cards, frame))
    assert got["effectif_total"] == 100_000.05
    assert got["revenu_moyen_uc"] == 0.1


def test_the_strictest_rule_holds() -> None:
    cards = world.catalogue(essai=world.FULL)
    work = cards.works["essai"]
    income = cards.indicators["revenus.revenu_moyen_uc"]
    assert (rule_of(work, income, cards).code, rule_of(work, income, cards).minimum) == (
        "filosofi",
        11,
    )
    staff = cards.indicators["emploi.effectif_total"]
    rule = rule_of(work, staff, cards)
    assert (rule.code, rule.minimum, rule.largest) == ("pole_emploi", 5, 5)


def test_the_ledger_is_that_of_the_door_and_the_door_finds_nothing_more(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    cards = catalogue()
    found = run(engine, tmp_path, cards, people(4, 9))
    assert found.blanked.schema == pl.DataFrame(schema=LEDGER).schema
    again, ledger = apply_primary(found.statements, cards)
    assert ledger.is_empty() and again.equals(found.statements, null_equal=True)
    exact = apply_primary(
        found.statements.drop("value", "status")
        .join(found.truth.select(*KEY, "value", "status"), on=KEY)
        .select(found.statements.columns),
        cards,
    )[1]
    assert exact.select(KEY).rows() == found.blanked.select(KEY).rows()
    assert exact["why"].to_list() == found.blanked["why"].to_list()
