"""The fast comparison gives what the plain one gives, on contracts made at random."""

from __future__ import annotations

import math
import random
from typing import Any

import polars as pl
import pytest

from naive_comparison import Naive, naive_signal, printed
from small_world import EPCI, POPULATION, card, catalogue, count, qpv, retained, said, territories
from terril.benchmarks import compare as module
from terril.benchmarks.compare import compare
from terril.benchmarks.signals import signals
from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheBlock

OTHER = "200000002"
SIZE = 9
PERIODS = ("2008-2014", "2015", "2018-12-31", "")
COMMUNES = ("62001", "62002", "62003")
SIGNAL = ("essai.part_a", "essai.part_b", "essai.part_c")


def _cards() -> Catalogue:
    return catalogue(
        {
            "essai.part_a": card(decimals=0),
            "essai.part_b": card(polarity="favorable", weight="essai.nb"),
            "essai.part_c": card(polarity="defavorable", decimals=2),
            "essai.indice": card(aggregation="aucune"),
            "essai.nb": count(decimals=0),
            POPULATION: count(),
        },
        blocks=[FicheBlock(theme="demographie", signal=SIGNAL)],
    )


def _figures(seed: int) -> list[dict[str, Any]]:
    """Many gaps, secrets, ties; two contracts; communes and EPCI at some periods only."""
    rng = random.Random(seed)
    rows = []
    places = [("qpv", qpv(n)) for n in range(1, SIZE + 1)]
    places += [("epci", EPCI), ("epci", OTHER)]
    places += [("commune", c) for c in COMMUNES]
    places += [("communes", "62001+62002")]
    for code in _cards().indicators:
        for kind, place in places:
            for period in PERIODS:
                if rng.random() < 0.3:
                    continue
                status = rng.choices(["ok", "secret", "missing"], [8, 1, 1])[0]
                decimals = rng.choice([0, 1, 2])
                value = (
                    round(rng.uniform(0, 30), decimals)
                    if "nb" not in code
                    else float(rng.randint(0, 500))
                )
                rows.append(said(place, code, value, kind=kind, period=period, status=status))
    return rows


def _frame(seed: int) -> pl.DataFrame:
    rng = random.Random(seed)
    return territories(
        SIZE,
        {
            1: ["62001"],
            2: ["62002", "62001"],
            3: ["62001", "62003"],
            4: ["62001", "62002", "62003"],
        },
        population={n: float(rng.randint(500, 5000)) for n in range(1, SIZE + 1) if n != 5},
        groups={n: OTHER for n in (7, 8, 9)},
    )


def _close(fast: Any, plain: Any) -> bool:
    if isinstance(fast, float) and isinstance(plain, float):
        return math.isclose(fast, plain, rel_tol=1e-9, abs_tol=1e-7)
    return bool(fast == plain)


@pytest.mark.parametrize("seed", range(6))
def test_same_as_the_plain_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", 40)  # several batches
    rows, frame, cards = _figures(seed), _frame(seed), _cards()
    plain = Naive(rows, frame.to_dicts(), cards)
    fast = compare(retained(rows), frame, cards)

    cell = ("group", "indicator", "period", "breakdown")
    groups = {tuple(r[k] for k in cell): r for r in fast.groups.to_dicts()}
    assert groups.keys() == plain.groups.keys()
    for key, expected in plain.groups.items():
        for name, value in expected.items():
            assert _close(groups[key][name], value), (key, name)

    who = ("territory", *cell[1:])
    positions = {tuple(r[k] for k in who): r for r in fast.positions.to_dicts()}
    assert positions.keys() == plain.positions.keys()
    for place, wanted in plain.positions.items():
        for name, value in wanted.items():
            assert _close(positions[place][name], value), (place, name)

    gaps = {tuple(r[k] for k in (*who, "comparator")): r for r in fast.gaps.to_dicts()}
    assert gaps.keys() == plain.gaps.keys()
    assert {key[-1] for key in gaps} >= {"epci", "communes", "previous", "qpv_mean", "qpv_wmean"}
    for gap, wanted in plain.gaps.items():
        for name, value in wanted.items():
            assert _close(gaps[gap][name], value), (gap, name)


@pytest.mark.parametrize("seed", range(6))
def test_signals_same_as_the_plain_ones(seed: int) -> None:
    """One period, values as printed, so that both rank the same numbers."""
    rng = random.Random(seed)
    cards = _cards()
    frame = _frame(seed)
    rows, columns = [], []
    for code in SIGNAL:
        decimals = cards.indicators[code].decimals
        sense = -1 if cards.indicators[code].polarity.value == "defavorable" else 1
        column = {
            qpv(n): printed(rng.uniform(0, 12), decimals)
            for n in range(1, SIZE + 1)
            if rng.random() < 0.75
        }
        rows += [said(who, code, value) for who, value in column.items()]
        columns.append({who: sense * value for who, value in column.items()})
    result = signals(compare(retained(rows), frame, cards), cards, "essai")
    limits = cards.numbers("surete_seuils")
    seen = set()
    for row in result.to_dicts():
        same = set(frame.filter(pl.col("epci") == row["group"])["code"])
        own = [{who: v for who, v in column.items() if who in same} for column in columns]
        signal, score, sure = naive_signal(own, row["territory"], limits)
        assert row["signal"] == signal
        assert _close(row["score"], score)
        assert _close(row["sureness"], sure)
        seen.add(signal)
    assert result.height == SIZE
    assert len(seen) > 1
