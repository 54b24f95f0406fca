"""Does the second reading see a false statement, and the words a doubtful figure?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from fiche_contracts import GROUP, Build, Contract

from terril.fiches import lexicon as lx
from terril.fiches.model import Statement
from terril.fiches.verify import check

POVERTY, INCOME = "revenus.taux_pauvrete", "revenus.revenu_median_uc"
QPVS = {f"QN0620{n}M": ["62001"] for n in range(1, 10)}


@pytest.fixture(scope="module")
def contract(build: Build) -> Contract:
    rows = [
        ("epci", GROUP, POVERTY, "2020", 20.0, "ok"),
        ("epci", GROUP, INCOME, "2020", 20000.0, "ok"),
    ]
    for n, qpv in enumerate(QPVS):
        rows.append(
            (
                "qpv",
                qpv,
                POVERTY,
                "2020",
                [50.0, 49.0, 45.0, 44.9, 44.0, 41.0, 40.0, 30.0, 30.0][n],
                "ok",
            )
        )
        rows.append(("qpv", qpv, INCOME, "2020", 11000.0 + 400 * n, "ok"))
    return build(QPVS, {"62001": "Avion"}, rows)


def _said(contract: Contract, qpv: str, comparator: str) -> Statement:
    for _, claims in contract.texts(qpv).values():
        for statement in claims:
            if statement.comparator == comparator and statement.indicator in (POVERTY, INCOME):
                return statement
    raise AssertionError(f"nothing said against {comparator}")


def _faults(contract: Contract, qpv: str, statement: Statement) -> list[str]:
    return check([statement], qpv, contract.figures, contract.catalogue, contract.themes)


def test_a_true_statement_passes_and_each_falsehood_is_seen(contract: Contract) -> None:
    qpv = "QN06201M"
    ranked = _said(contract, qpv, "qpv_rank")
    assert _faults(contract, qpv, ranked) == []
    wrong_rank = replace(ranked, rank=(ranked.rank or 0) + 1)
    if "depasse" in ranked.values:
        wrong_rank = replace(ranked, values={**ranked.values, "depasse": 3.0})
    assert _faults(contract, qpv, wrong_rank)
    assert _faults(contract, qpv, replace(ranked, values={**ranked.values, "known": 3.0}))
    gap = _said(contract, qpv, "epci")
    assert _faults(contract, qpv, gap) == []
    opposite = {"higher": "lower", "lower": "higher"}[gap.direction]
    assert _faults(contract, qpv, replace(gap, direction=opposite))
    assert _faults(contract, qpv, replace(gap, degree="slight"))
    assert _faults(contract, qpv, replace(gap, values={**gap.values, "reference": 1.0}))
    assert _faults(contract, qpv, replace(gap, values={**gap.values, "quartier": 1.0}))
    assert _faults(contract, qpv, replace(gap, period="1999"))
    poverty = replace(gap, indicator=POVERTY, comparator="", values={"quartier": 50.0})
    assert (
        _faults(contract, qpv, replace(poverty, values={"quartier": 50.0, "fraction": "1/2"})) == []
    )
    for false in ("plus de 1/2", "près de 1/2", "1/3", "moins de 2/3"):
        said = replace(poverty, values={"quartier": 50.0, "fraction": false})
        assert _faults(contract, qpv, said), false


def test_shared_places_are_not_told_as_sole_ones(contract: Contract) -> None:
    """The two lowest share their place: neither « le plus faible » nor « premier rang »."""
    fact = contract.context.facts["QN06209M"][POVERTY]
    end = lx.extreme(fact)
    assert end is not None
    assert (end.sense, end.rank, end.shared) == ("bas", 1, True)
    assert lx.rank_words(fact) is None
    wide = lx.reach(fact, "lower")
    assert wide is None or wide[0] != "tous"
    assert (
        lx.superlative(fact, end, "taux", "m")
        == "l’un des taux les plus faibles des neuf quartiers"
    )
    for text, _ in contract.texts("QN06209M").values():
        assert "est le plus faible" not in text


def test_ends_do_not_meet_in_a_short_list(build: Build) -> None:
    qpvs = {f"QN0620{n}M": ["62001"] for n in range(1, 6)}
    rows = [("qpv", q, POVERTY, "2020", 40.0 + n, "ok") for n, q in enumerate(qpvs)]
    contract = build(qpvs, {"62001": "Avion"}, rows)
    middle = contract.context.facts["QN06203M"][POVERTY]
    assert lx.extreme(middle) is None
    first = contract.context.facts["QN06201M"][POVERTY]
    assert lx.rank_words(first) == "premier"
    last = contract.context.facts["QN06205M"][POVERTY]
    assert lx.rank_words(last, "f") == "dernière"


@pytest.mark.parametrize(
    ("value", "reference", "words"),
    [
        (40.2, 20.8, "près de deux fois plus"),
        (17.0, 9.0, "près de deux fois plus"),
        (20.0, 10.0, "deux fois plus"),
        (20.9, 46.2, "plus de deux fois moins"),
        (30.0, 10.0, "trois fois plus"),
        (15.0, 10.0, None),
        (27.0, 10.0, None),  # neither two nor three
        (4.0, 2.0, None),  # too small to be sure
        (0.0, 10.0, None),
    ],
)
def test_ratios(value: float, reference: float, words: str | None) -> None:
    assert lx.ratio_words(value, reference) == words


def test_reach_counts_the_others(contract: Contract) -> None:
    top = contract.context.facts["QN06201M"][POVERTY]
    assert lx.reach(top, "higher") == ("tous", "dans tous les autres quartiers")
    second = contract.context.facts["QN06202M"][POVERTY]
    assert lx.reach(second, "higher") == ("presque tous", "dans presque tous les autres quartiers")
    middle = contract.context.facts["QN06205M"][POVERTY]
    assert lx.reach(middle, "higher") is None
