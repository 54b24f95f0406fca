"""Working some indicators at a time gives the whole, in any split."""

from __future__ import annotations

import polars as pl
import pytest

from small_world import POPULATION, card, catalogue, count, retained, territories, values_of
from terril.benchmarks import compare as module
from terril.benchmarks.compare import batches, compare
from terril.benchmarks.schema import GAPS, GROUPS, POSITIONS

CODES = [f"essai.part_{n}" for n in range(5)]
CARDS = catalogue({**{code: card() for code in CODES}, POPULATION: count()})


def _figures() -> pl.DataFrame:
    rows = values_of(POPULATION, [100, 200, 300, 400])
    for n, code in enumerate(CODES):
        rows += values_of(code, [1.0 + n, 2.0, 3.0, 4.0]) + values_of(code, [5.0], period="2018")
    return retained(rows)


@pytest.mark.parametrize("rows", [1, 6, 11, 1000])
def test_any_split_gives_the_same(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compare(_figures(), territories(4), CARDS)
    monkeypatch.setattr(module, "BATCH_ROWS", rows)
    parts = list(batches(_figures(), territories(4), CARDS))
    assert len(parts) == {1: 6, 6: 6, 11: 3, 1000: 1}[rows]
    again = compare(_figures(), territories(4), CARDS)
    for name, schema in (("groups", GROUPS), ("positions", POSITIONS), ("gaps", GAPS)):
        frame = getattr(again, name)
        assert frame.equals(getattr(whole, name))
        assert list(frame.schema.items()) == list(pl.DataFrame(schema=schema).schema.items())


def test_nothing_to_compare_gives_empty_frames() -> None:
    result = compare(_figures().clear(), territories(4), CARDS)
    assert (result.groups.height, result.positions.height, result.gaps.height) == (0, 0, 0)
    assert list(result.gaps.schema.items()) == list(pl.DataFrame(schema=GAPS).schema.items())
