"""Do the rates, the zonings, the two lists and the producers' roundings give anything away?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_world import (
    EPCI,
    card,
    catalogue,
    count,
    qpv,
    retained,
    said,
    territories,
    two_lists,
)  # fmt: skip
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Dominance, Indicator, Relation, SecrecyRule
from terril.indicators.derive import derive
from terril.observations.schema import RETAINED, conform
from terril.secrecy.protect import Protected, protect

RULES = {
    "cinq": SecrecyRule(label="5", minimum=5, unit="personnes", note="essai"),
    "zero": SecrecyRule(label="5", minimum=5, unit="personnes", note="essai", blank_zero=True),
    "arrondi": SecrecyRule(label="5", minimum=5, rounding=5, unit="personnes", note="essai"),
    "poids": SecrecyRule(
        label="85 %", minimum=3, unit="établissements", note="essai",
        dominance=Dominance(largest=1, share=85), p_percent=10,
    ),
}  # fmt: skip
SEX = Relation(
    label="femmes et hommes font le total",
    parts=("essai.nb_femmes", "essai.nb_hommes"),
    total="essai.nb",
)


def cards(rule: str = "cinq", more: Mapping[str, Indicator] | None = None) -> Catalogue:
    def rate(term: str) -> Any:
        return card(secrecy=rule, formula={"form": "ratio", "terms": (term, "essai.nb")})

    return catalogue(
        {
            "essai.nb": count(secrecy=rule),
            "essai.nb_femmes": count(secrecy=rule),
            "essai.nb_hommes": count(secrecy=rule),
            "essai.part_femmes": rate("essai.nb_femmes"),
            "essai.part_hommes": rate("essai.nb_hommes"),
            **(more or {}),
        },
        relations={"sexe": SEX},
        secrecy=RULES,
    )


def figure(place: str, indicator: str, value: float | None, **changes: Any) -> dict[str, Any]:
    return said(place, f"essai.{indicator}", value, **{"decimals": 0, **changes})


def secret(protected: Protected) -> set[tuple[str, str]]:
    rows = protected.frame.filter(pl.col("status") == "secret")
    return set(rows.select("territory", "indicator").iter_rows())


@st.composite
def contracts(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A contract of two to five neighbourhoods with counts by sex, rates, and its zonings."""
    size = draw(st.integers(2, 5))
    numbers = st.one_of(st.integers(0, 6), st.integers(5, 400))
    rows: list[dict[str, Any]] = []
    sums = [0, 0]
    for n in range(1, size + 1):
        pair = [draw(numbers), draw(numbers)]
        sums = [a + b for a, b in zip(sums, pair, strict=True)]
        rows += trio(qpv(n), pair, decimals=draw(st.sampled_from([0, 1])))
    rest = [draw(numbers), draw(numbers)]
    rows += trio(EPCI, sums, decimals=1, kind="qpv_ensemble")
    rows += trio(EPCI, [a + b for a, b in zip(sums, rest, strict=True)], decimals=1, kind="epci")
    if draw(st.booleans()):
        rows += trio(EPCI, rest, decimals=1, kind="hors_qpv")
    kept = [row for row in rows if draw(st.integers(0, 9)) > 0]
    return retained(kept), territories(size)


def trio(place: str, pair: list[int], *, decimals: int, **changes: Any) -> list[dict[str, Any]]:
    total = sum(pair)
    rows = [
        figure(place, "nb_femmes", pair[0], **changes),
        figure(place, "nb_hommes", pair[1], **changes),
        figure(place, "nb", total, **changes),
    ]
    if total:
        share = round(100 * pair[0] / total, decimals)
        rows.append(figure(place, "part_femmes", share, **{**changes, "decimals": decimals}))
    return rows


@settings(max_examples=40, deadline=None)
@given(contracts())
def test_an_edition_resists_and_blanks_only_what_was_published(
    world: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    frame, places = world
    protected = protect(frame, cards(), places)
    assert protected.audit.resists, [str(p) for p in protected.problems]
    assert protected.audit.contradicted == 0
    assert protected.audit.narrowest >= 1 - 1e-6
    changed = protected.frame.filter(pl.col("status") == "secret")
    assert changed["value"].null_count() == changed.height
    assert set(changed["raw"]) <= {"s"}
    key = ["kind", "territory", "indicator", "period", "breakdown"]
    assert set(protected.ledger.select(key).iter_rows()) == set(changed.select(key).iter_rows())
    same = protected.frame.filter(pl.col("status") == "ok").select(*key, "value")
    assert same.join(frame, on=[*key, "value"], how="semi").height == same.height


@settings(max_examples=15, deadline=None)
@given(contracts())
def test_a_second_edition_gives_nothing_of_the_first_away(
    world: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    """The first is protected and published; the next one, with the same figures, too."""
    frame, places = world
    first = protect(frame, cards(), places)
    again = protect(frame, cards(), places, [first.frame])
    assert again.audit.resists
    assert secret(again) <= secret(first)


@settings(max_examples=15, deadline=None)
@given(contracts())
def test_applied_to_what_it_gives_it_still_resists(
    world: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    frame, places = world
    once = protect(frame, cards(), places)
    twice = protect(once.frame, cards(), places, truth=frame)
    assert secret(once) <= secret(twice)
    assert twice.audit.resists


def test_a_derived_rate_goes_with_its_terms_and_shows_none_of_them() -> None:
    stated = retained(
        [figure(qpv(1), "nb_femmes", 3), figure(qpv(1), "nb", 80), figure(qpv(1), "nb_hommes", 77)]
    )
    derived = derive(stated, cards())
    whole = pl.concat(
        [
            stated,
            conform(derived.with_columns(statements=1, contradicted=False), RETAINED),
        ]
    )
    protected = protect(whole, cards(), territories(1))
    assert (qpv(1), "essai.part_femmes") in secret(protected)
    derived_left = protected.frame.filter(
        (pl.col("status") == "ok") & (pl.col("origin") == "calculé")
    )
    assert derived_left.is_empty()
    assert "essai.part_hommes" in protected.ledger["indicator"].to_list()
    assert protected.audit.resists


def test_a_rounded_count_is_an_interval() -> None:
    """Rounded to 5: the total and the women leave the men in doubt by themselves."""
    rows = retained(
        [figure(qpv(1), "nb", 50), figure(qpv(1), "nb_femmes", 50),
         figure(qpv(1), "nb_hommes", None, status="secret")]
    )  # fmt: skip
    exact = protect(rows.with_columns(value=pl.col("value")), cards("zero"), territories(1))
    rounded = protect(rows, cards("arrondi"), territories(1))
    assert len(secret(exact)) == 2
    assert secret(rounded) == {(qpv(1), "essai.nb_hommes")}
    assert rounded.audit.resists


def test_the_same_perimeter_under_its_new_code() -> None:
    """Blanked under QP, shown under QN: the same neighbourhood, the same figure."""
    rows = retained([figure("QP000001", "nb_hommes", 3), figure("QN000001I", "nb_hommes", 3)])
    rows = rows.with_columns(
        status=pl.when(pl.col("territory") == "QP000001")
        .then(pl.lit("secret"))
        .otherwise(pl.lit("ok"))
    )
    pairs = pl.DataFrame(
        {"old": ["QP000001"], "new": ["QN000001I"], "status": ["inchange"],
         "share_old": [1.0], "share_new": [1.0]}
    )  # fmt: skip
    protected = protect(rows, cards("zero"), territories(1), correspondence=pairs)
    assert secret(protected) == {
        ("QP000001", "essai.nb_hommes"), ("QN000001I", "essai.nb_hommes"),
    }  # fmt: skip


def test_what_a_new_perimeter_adds_is_not_told_either() -> None:
    """62 in the old perimeter, 64 in the new one that holds it: 2 people in between."""
    rows = retained([figure("QP000001", "nb_hommes", 62), figure("QN000001M", "nb_hommes", 64)])
    pairs = pl.DataFrame(
        {"old": ["QP000001"], "new": ["QN000001M"], "status": ["modifie"],
         "share_old": [1.0], "share_new": [0.97]}
    )  # fmt: skip
    protected = protect(rows, cards(), territories(1), correspondence=pairs)
    assert len(secret(protected)) == 1
    assert protected.audit.resists
    far = rows.with_columns(value=pl.col("value") * pl.Series([1.0, 3.0]))
    assert secret(protect(far, cards(), territories(1), correspondence=pairs)) == set()


def test_a_printed_mean_is_a_sum() -> None:
    """Two rates and their mean: the mean gives the blanked one."""
    more = {"essai.taux": card(secrecy="cinq", nature="taux")}
    rows = [
        said(qpv(1), "essai.taux", None, status="secret"),
        said(qpv(2), "essai.taux", 20.0),
        said(EPCI, "essai.taux", 15.0, kind="qpv_moyenne"),
    ]
    protected = protect(retained(rows), cards(more=more), territories(2))
    assert len(secret(protected)) == 2
    assert protected.audit.resists


def test_a_printed_mean_is_that_of_one_list() -> None:
    """The list of 2015 is in the project too, without a figure of that year: 15 × 2 − 20."""
    more = {"essai.taux": card(secrecy="cinq", nature="taux")}
    frame, _, new = two_lists(2)
    rows = [
        said(new[0], "essai.taux", None, status="secret"),
        said(new[1], "essai.taux", 20.0),
        said(EPCI, "essai.taux", 15.0, kind="qpv_moyenne"),
    ]
    protected = protect(retained(rows), cards(more=more), frame)
    assert len(secret(protected)) == 2
    assert protected.audit.resists


def test_breakdowns_add_up_to_their_total() -> None:
    rows = [
        figure(qpv(1), "nb", 40),
        figure(qpv(1), "nb", 37, breakdown="sexe=F"),
        figure(qpv(1), "nb", 3, breakdown="sexe=H"),
    ]
    protected = protect(retained(rows), cards(), territories(1))
    # the breakdown costs less than the total
    told = protected.ledger.filter(pl.col("blanking") == "secondaire")
    assert told["breakdown"].to_list() == ["sexe=F"]
    assert protected.audit.resists


#: contributions, is the sum blanked?
AMOUNTS = [
    ([90.0, 5.0, 5.0], True),  # one makes 90 %
    ([50.0, 49.0, 1.0], True),  # the second one knows the first to 2 %
    ([40.0, 30.0, 30.0], False),
    ([34.0, 33.0, 33.0], False),
]


@pytest.mark.parametrize(("amounts", "blanked"), AMOUNTS)
def test_dominance(amounts: list[float], blanked: bool) -> None:
    more = {"essai.montant_masse": card(secrecy="poids", nature="montant", aggregation="somme")}
    rows = retained([said(qpv(1), "essai.montant_masse", sum(amounts))])
    shares = pl.DataFrame(
        {
            "kind": "qpv", "territory": qpv(1), "indicator": "essai.montant_masse",
            "period": "2015", "breakdown": "total",
            "contributor": [f"e{n}" for n in range(len(amounts))], "amount": amounts,
        }
    )  # fmt: skip
    protected = protect(rows, cards(more=more), territories(1), contributions=shares)
    assert bool(secret(protected)) == blanked


def test_a_dominated_part_is_protected_in_its_total() -> None:
    more = {
        name: card(secrecy="poids", nature="montant", aggregation="somme", decimals=0)
        for name in ("essai.montant_a", "essai.montant_b", "essai.montant_tous")
    }
    own = dataclasses.replace(
        cards(more=more),
        relations={
            "masse": Relation(
                label="a et b font le tout",
                parts=("essai.montant_a", "essai.montant_b"),
                total="essai.montant_tous",
            )
        },
    )
    rows = retained(
        [figure(qpv(1), "montant_a", 100), figure(qpv(1), "montant_b", 300),
         figure(qpv(1), "montant_tous", 400)]
    )  # fmt: skip
    shares = pl.DataFrame(
        {
            "kind": "qpv", "territory": qpv(1), "indicator": "essai.montant_a", "period": "2015",
            "breakdown": "total", "contributor": ["x", "y"], "amount": [98.0, 2.0],
        }
    )  # fmt: skip
    protected = protect(rows, own, territories(1), contributions=shares)
    assert len(secret(protected)) == 2
    assert protected.audit.resists


def test_what_is_said_of_a_contradiction_does_not_tell_a_figure_blanked_for_another() -> None:
    """61 women and 40 men of 52 contradict; the women are blanked to protect 3 young ones."""
    young, older = "essai.nb_jeunes", "essai.nb_autres"
    more = {name: count(secrecy="cinq") for name in (young, older)}
    own = dataclasses.replace(
        cards(more=more),
        relations={
            "sexe": SEX,
            "age": Relation(
                label="jeunes et autres font les femmes", parts=(young, older),
                total="essai.nb_femmes",
            ),
        },
    )  # fmt: skip
    rows = retained(
        [figure(qpv(1), "nb", 52), figure(qpv(1), "nb_hommes", 40), figure(qpv(1), "nb_femmes", 61),
         figure(qpv(1), "nb_jeunes", 3), figure(qpv(1), "nb_autres", 58)]
    )  # fmt: skip
    former = retained([figure(qpv(1), "nb_autres", 58)])
    protected = protect(rows, own, territories(1), [former])
    assert (qpv(1), "essai.nb_femmes") in secret(protected)
    [told] = [p for p in protected.problems if p.code == "relation-contredite"]
    assert "40" in told.what and "52" in told.what
    assert "61" not in str(told)


def test_rates_of_no_whole_count_are_told_together() -> None:
    """19,1 % of 210 is no whole number; nobody publishes the count: one note, not one each."""
    rows = [figure(qpv(n), "nb", 210 + n) for n in (1, 2)]
    rows += [figure(qpv(n), "nb_hommes", 3) for n in (1, 2)]
    rows += [said(qpv(n), "essai.part_femmes", 19.14, decimals=2) for n in (1, 2)]
    protected = protect(retained(rows), cards(), territories(2))
    told = [p for p in protected.problems if p.code == "taux-sans-effectif"]
    assert len(told) <= 1
    assert not [p for p in protected.problems if "Taux et effectifs" in p.what]


def test_a_published_rate_is_no_straight_line() -> None:
    """Far from the figures a rate does not follow its counts in proportion.

    Taken as a line, 45 % would allow 5 women of 9; it does not, and two men could be found.
    """
    rows: list[dict[str, Any]] = []
    for place, numbers, rate, decimals, kind in (
        (EPCI, (59, 22, 37), 37.3, 1, "epci"),
        (EPCI, (None, 18, 11), 62.1, 1, "qpv_ensemble"),
        (qpv(1), (8, None, 3), 62.5, 1, "qpv"),
        (qpv(2), (6, 6, 0), 100.0, 0, "qpv"),
        (qpv(3), (11, 5, 6), 45.0, 0, "qpv"),
        (qpv(4), (4, 2, 2), 50.0, 0, "qpv"),
    ):
        for name, value in zip(("nb", "nb_femmes", "nb_hommes"), numbers, strict=True):
            if value is not None:
                rows.append(figure(place, name, value, kind=kind))
        rows.append(figure(place, "part_femmes", rate, kind=kind, decimals=decimals))
    protected = protect(retained(rows), cards(), territories(4))
    assert protected.audit.resists
