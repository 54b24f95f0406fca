"""Does the difference of two editions hold all that differs, and nothing that must be silent?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest
from edition_sample import content, statement
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.benchmarks.schema import GROUPS
from terril.editions.diff_cards import formula_terms
from terril.editions.diff_figures import (
    BLANKED,
    ROUNDED,
    UNVEILED,
    VALUES,
    Figures,
    figure_changes,
)
from terril.editions.open import Edition
from terril.observations.schema import KEY, RETAINED
from terril.secrecy.primary import LEDGER

CATALOGUE = content().catalogue
#: a share, its two counts, one of them a sum; and a rate that nothing is computed from
CODES = (
    "emploi.part_rsa_defm",
    "emploi.nb_defm_abc_rsa",
    "emploi.nb_defm_abc",
    "emploi.nb_defm_abc_femmes",
    "revenus.taux_pauvrete",
)
Key = tuple[str, ...]
Held = dict[Key, dict[str, Any]]


def edition(rows: list[dict[str, Any]], blanked: list[dict[str, Any]] | None = None) -> Edition:
    full = [{**row, "statements": 1, "contradicted": False} for row in rows]
    return cast(
        Edition,
        SimpleNamespace(
            retained=pl.DataFrame(full, schema=RETAINED),
            blanked=pl.DataFrame(blanked or [], schema=LEDGER),
            groups=pl.DataFrame(schema=GROUPS),
            catalogue=CATALOGUE,
        ),
    )


def figure(**changes: Any) -> dict[str, Any]:
    row = statement(**changes)
    if row["status"] != "ok":
        row |= {"value": None, "decimals": None}
    return row


@st.composite
def figures(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["QP000001", "QP000002"]),
                st.sampled_from(CODES),
                st.sampled_from(["2015", "2018"]),
            ),
            unique=True,
            max_size=12,
        )
    )
    rows = []
    for territory, indicator, period in keys:
        rows.append(
            figure(
                territory=territory,
                indicator=indicator,
                period=period,
                value=draw(st.integers(0, 400)) / 10,
                status=draw(st.sampled_from(["ok", "ok", "ok", "secret", "missing"])),
                decimals=draw(st.sampled_from([None, 0, 1])),
                origin=draw(st.sampled_from(["constaté", "calculé"])),
                raw=draw(st.sampled_from(["a", "b"])),
            )
        )
    return rows


def held(rows: list[dict[str, Any]]) -> Held:
    return {tuple(row[name] for name in KEY): row for row in rows}


def by_key(frame: pl.DataFrame) -> Held:
    return {tuple(row[name] for name in KEY): row for row in frame.to_dicts()}


def compared(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Figures:
    return figure_changes(edition(before), edition(after), set())


@given(figures())
@settings(max_examples=40, deadline=None)
def test_an_edition_does_not_differ_from_itself(rows: list[dict[str, Any]]) -> None:
    found = compared(rows, list(reversed(rows)))
    assert found.values.is_empty() and found.roundings.is_empty()
    assert found.values.schema == pl.Schema(VALUES)


@given(figures(), figures())
@settings(max_examples=60, deadline=None)
def test_the_way_back_tells_the_same_in_reverse(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    there, back = compared(before, after), compared(after, before)
    mirror = {"ajouté": "retiré", "retiré": "ajouté", BLANKED: UNVEILED, UNVEILED: BLANKED}
    for first, second in ((there.values, back.values), (there.roundings, back.roundings)):
        seen, turned = by_key(first), by_key(second)
        assert seen.keys() == turned.keys()
        for key, row in seen.items():
            other = turned[key]
            assert mirror.get(row["change"], row["change"]) == other["change"]
            assert (row["before"], row["status_before"]) == (other["after"], other["status_after"])
            assert row["hidden"] == other["hidden"]


@given(figures(), figures())
@settings(max_examples=60, deadline=None)
def test_the_difference_applied_to_the_first_gives_the_second(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    found = compared(before, after)
    made = {key: (row["status"], row["value"]) for key, row in held(before).items()}
    silent = set()
    for key, row in {**by_key(found.values), **by_key(found.roundings)}.items():
        if row["status_after"] is None:
            del made[key]
        else:
            made[key] = (row["status_after"], row["after"])
        if row["hidden"]:
            silent.add(key)
    wanted = {key: (row["status"], row["value"]) for key, row in held(after).items()}
    assert made.keys() == wanted.keys()
    for key, figure_after in wanted.items():
        if key in silent:
            assert made[key][0] == figure_after[0] and made[key][1] is None
        else:
            assert made[key] == figure_after


@given(figures(), figures())
@settings(max_examples=60, deadline=None)
def test_what_one_edition_holds_secret_is_never_shown(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    """Nor what is computed from it."""
    found = compared(before, after)
    sides = held(before), held(after)
    dangers = {
        key
        for key in sides[0].keys() & sides[1].keys()
        if {sides[0][key]["status"], sides[1][key]["status"]} == {"ok", "secret"}
    }
    terms = formula_terms(CATALOGUE)
    rows = {**by_key(found.values), **by_key(found.roundings)}
    assert {key for key, row in rows.items() if row["change"] in (BLANKED, UNVEILED)} == dangers
    for key, row in rows.items():
        kind, territory, indicator, period, breakdown = key
        basis = {(kind, territory, term, period, breakdown) for term in terms.get(indicator, set())}
        assert row["hidden"] == (key in dangers or bool(basis & dangers))
        if row["hidden"]:
            assert (row["before"], row["after"], row["size"]) == (None, None, None)


# ------------------------------------------------------------------ rounding


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ((19.0, 0), (19.4, 1), ROUNDED),
        ((19.0, 0), (19.6, 1), "valeur"),
        ((44.1, 1), (44.1, 1), None),
        ((44.1, 1), (44.2, 1), "valeur"),
        ((44.1, 1), (44.12, 2), ROUNDED),
        ((44.12, 2), (44.13, 2), "valeur"),  # the document was corrected, if ever so little
        ((0.1 + 0.2, 1), (0.3, 1), None),  # the machine, not the figure
        ((33.333333, None), (33.333999, None), ROUNDED),  # both printed 33,3
        ((33.34, None), (33.36, None), "valeur"),  # printed 33,3 then 33,4
        ((33.0, 0), (33.4, None), ROUNDED),  # « 33 » stands for 33,4 too
        ((33.0, 0), (33.5, None), "valeur"),
        ((0.0, 0), (-0.0, 0), None),
    ],
)
def test_rounding_is_no_change(
    first: tuple[float, int | None], second: tuple[float, int | None], change: str | None
) -> None:
    rows = [figure(value=value, decimals=decimals) for value, decimals in (first, second)]
    for one, other in (rows, rows[::-1]):
        found = compared([one], [other])
        told = found.values["change"].to_list() + found.roundings["change"].to_list()
        assert told == ([] if change is None else [change])


def test_a_change_is_shown_with_enough_decimals() -> None:
    found = compared([figure(value=44.12, decimals=2)], [figure(value=44.13, decimals=2)])
    assert found.values["decimals"].to_list() == [2]


# ------------------------------------------------------------------ causes


def causes(
    before: dict[str, Any], after: dict[str, Any], method: set[str] | None = None
) -> list[str]:
    found = figure_changes(edition([before]), edition([after]), method or set())
    return found.values["cause"].to_list()


def test_a_change_says_whether_the_figure_or_the_method_changed() -> None:
    code = "revenus.taux_pauvrete"
    one = figure(indicator=code, value=44.1, raw="44,1")
    assert causes(one, figure(indicator=code, value=50.0, raw="50")) == ["chiffre"]
    same_cell = figure(indicator=code, value=441.0, raw="44,1")
    assert causes(one, same_cell) == ["méthode"]
    assert causes(one, same_cell, {code}) == ["méthode"]
    assert causes(one, figure(indicator=code, value=50.0, raw="50"), {code}) == [
        "chiffre et méthode"
    ]
    other = figure(indicator=code, value=50.0, raw="44,1", document="fiches")
    assert causes(one, other) == ["chiffre"]


def test_a_computed_figure_changes_by_its_terms_by_its_card_or_by_the_software() -> None:
    share = {"indicator": "emploi.part_rsa_defm", "origin": "calculé", "decimals": None}
    count = {"indicator": "emploi.nb_defm_abc_rsa", "decimals": 0}
    before = [figure(**share, value=30.0), figure(**count, value=30.0, raw="30")]
    moved = [figure(**share, value=40.0), figure(**count, value=40.0, raw="40")]
    found = figure_changes(edition(before), edition(moved), set()).values
    assert dict(found.select("indicator", "cause").iter_rows()) == {
        share["indicator"]: "chiffre",
        count["indicator"]: "chiffre",
    }
    alone = [figure(**share, value=40.0), before[1]]
    assert figure_changes(edition(before), edition(alone), set()).values["cause"].to_list() == [
        "calcul"
    ]
    card = {"emploi.part_rsa_defm"}
    assert figure_changes(edition(before), edition(alone), card).values["cause"].to_list() == [
        "méthode"
    ]


def test_a_blanked_figure_says_whose_secrecy_it_is() -> None:
    one = figure(value=44.1)
    key = {name: one[name] for name in KEY}
    rule = {**key, "rule": "insee", "minimum": 11, "basis": one["indicator"], "why": "…"}
    blanked = figure(status="secret", raw="s")
    ours = figure_changes(edition([one]), edition([blanked], [rule]), set()).values
    theirs = figure_changes(edition([one]), edition([blanked]), set()).values
    assert ours["cause"].to_list() == ["règle de secret"]
    assert theirs["cause"].to_list() == ["document"]
    assert ours["change"].to_list() == theirs["change"].to_list() == [BLANKED]


def test_a_share_does_not_tell_the_count_that_is_now_secret() -> None:
    """30 % of 10 job-seekers: the share published before gives the count back."""
    count = {"indicator": "emploi.nb_defm_abc_rsa", "decimals": 0}
    share = {"indicator": "emploi.part_rsa_defm", "decimals": None, "origin": "calculé"}
    other = {"indicator": "emploi.part_rsa_defm", "decimals": 0, "period": "2018"}
    before = [figure(**count, value=3.0), figure(**share, value=30.0), figure(**other, value=7.0)]
    after = [figure(**count, status="secret"), figure(**other, value=9.0)]
    rows = by_key(compared(before, after).values)
    told = {(key[2], key[3]): (row["change"], row["before"]) for key, row in rows.items()}
    assert told == {
        ("emploi.nb_defm_abc_rsa", "2015"): (BLANKED, None),
        ("emploi.part_rsa_defm", "2015"): ("retiré", None),
        ("emploi.part_rsa_defm", "2018"): ("valeur", 7.0),
    }
