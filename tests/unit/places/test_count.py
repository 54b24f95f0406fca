"""Are points counted by zone and type, the same from a frame, a file, numpy and SQL?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from naive_places import by_shapely, layer
from terril.places import count
from terril.places.count import count_points, tally
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.index import GridIndex, build_index, zones_of

ZONES = layer(
    [shapely.Point(2000 * n, 900 * n).buffer(700, quad_segs=5) for n in range(4)],
    ["QP3", "QP1", "QP2", "QP4"],
)
BUFFERS = [300.0, 500.0, 0.0, 300.0]


@pytest.fixture(scope="module")
def index() -> GridIndex:
    return build_index(zones_of(ZONES, BUFFERS))


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckdbEngine]:
    with DuckdbEngine(threads=2) as engine:
        yield engine


def points(size: int, seed: int = 3) -> pl.DataFrame:
    """Points here and there, some without a place or a type."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-1500, 8000, size), rng.uniform(-1500, 4500, size)
    x[rng.random(size) < 0.05] = np.nan
    frame = pl.DataFrame(
        {
            "type": rng.choice(["D201", "A203", "B101", "É1"], size),
            "x": x,
            "y": y,
            "year": rng.integers(2019, 2022, size),
        }
    )
    unknown = pl.Series(rng.random(size) < 0.04)
    return frame.with_columns(
        type=pl.when(~unknown).then("type"),
        y=pl.when(pl.Series(rng.random(size) > 0.03)).then("y"),
    )


def naive(frame: pl.DataFrame, by: tuple[str, ...]) -> list[tuple[object, ...]]:
    """One row a group, counted one point at a time."""
    places = [(np.nan if x is None else x, np.nan if y is None else y)
              for x, y in frame.select("x", "y").rows()]  # fmt: skip
    kinds = frame.select(by).rows() if by else [()] * frame.height
    counts: Counter[tuple[object, ...]] = Counter()
    for point, zone, where in by_shapely(places, ZONES, BUFFERS):
        counts[zone, *kinds[point], where] += 1
    groups = {key[:-1] for key in counts} | ({(code,) for code in ZONES.codes} if not by else set())
    return sorted(
        ((*group, counts[*group, "inside"], counts[*group, "around"]) for group in groups),
        key=repr,
    )


@pytest.mark.parametrize("by", [(), ("type",), ("year",), ("type", "year")])
def test_counts_are_those_of_one_point_at_a_time(
    index: GridIndex, duck: DuckdbEngine, by: tuple[str, ...], tmp_path: Path
) -> None:
    frame = points(1500)
    file = tmp_path / "points.parquet"
    frame.write_parquet(file)
    wanted = naive(frame, by)
    assert any(row[-1] for row in wanted) and any(row[-2] for row in wanted)
    answers = [tally(frame, index, by), tally(file, index, by)]
    answers += [tally(frame, index, by, engine=duck), tally(file, index, by, engine=duck)]
    for answer in answers:
        assert answer.counts.columns == ["zone", *by, "inside", "around"]
        assert answer.counts.equals(answers[0].counts)
        assert answer.counts["inside"].dtype == answer.counts["around"].dtype == pl.Int64
    assert sorted(answers[0].counts.rows(), key=repr) == wanted
    nowhere = frame.filter(pl.col("x").is_nan() | pl.col("y").is_null()).height
    assert nowhere > 50
    assert {(a.read, a.unplaced) for a in answers} == {(1500, nowhere)}


def test_the_rows_are_in_order_and_missing_types_come_first(index: GridIndex) -> None:
    counts = count_points(points(3000), index)
    assert counts["zone"].unique(maintain_order=True).to_list() == ["QP1", "QP2", "QP3", "QP4"]
    assert counts.filter(zone="QP1")["type"].to_list() == [None, "A203", "B101", "D201", "É1"]
    assert counts.equals(counts.sort("zone", "type"))


@pytest.mark.parametrize("by", [(), ("type",), ("type", "year")])
def test_a_file_read_in_parts_counts_as_a_whole(
    index: GridIndex, by: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the first types are gone from the second half, and others come
    one = points(900).with_columns(type=pl.lit("A1") + pl.col("year").cast(pl.String))
    frame = pl.concat([one, points(900, 4)])
    file = tmp_path / "points.parquet"
    frame.write_parquet(file, row_group_size=250)
    whole = tally(frame, index, by)
    monkeypatch.setattr(count, "PART", 170)
    parts = tally(file, index, by)
    assert parts.counts.equals(whole.counts)
    assert (parts.read, parts.unplaced) == (whole.read, whole.unplaced)


def test_many_groups_are_counted_without_a_table_of_all(
    index: GridIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = points(2000).with_row_index("id")
    dense = tally(frame, index, ("type", "year"))
    monkeypatch.setattr(count, "_DENSE", 0)
    assert tally(frame, index, ("type", "year")).counts.equals(dense.counts)
    each = count_points(frame, index, ("id",))
    assert each["inside"].max() == 1 and each.height > 200
    assert each["inside"].sum() == dense.counts["inside"].sum()


def test_whole_and_short_coordinates_and_other_names(index: GridIndex) -> None:
    frame = pl.DataFrame({"LAMBERT_X": [0, 900, 5000], "LAMBERT_Y": [0, 0, 0], "type": ["a"] * 3})
    wanted = [("QP3", "a", 1, 1)]
    names = {"x": "LAMBERT_X", "y": "LAMBERT_Y"}
    assert count_points(frame, index, **names).rows() == wanted  # type: ignore[arg-type]
    short = frame.cast({"LAMBERT_X": pl.Float32})
    assert count_points(short, index, **names).rows() == wanted  # type: ignore[arg-type]


def test_no_point_and_no_zone(index: GridIndex, duck: DuckdbEngine, tmp_path: Path) -> None:
    none = points(0)
    file = tmp_path / "none.parquet"
    none.write_parquet(file)
    for source in (none, file):
        for engine in (None, duck):
            answer = tally(source, index, engine=engine)
            assert answer.counts.is_empty() and (answer.read, answer.unplaced) == (0, 0)
            assert answer.counts.schema["type"] == pl.String
            zeros = count_points(source, index, (), engine=engine)
            assert zeros.rows() == [(f"QP{n}", 0, 0) for n in (1, 2, 3, 4)]
    nothing = build_index(zones_of(layer([]), 300.0))
    assert tally(points(10), nothing).counts.is_empty()
    assert tally(points(10), nothing, engine=duck).counts.is_empty()


def test_a_column_of_the_result_is_refused(index: GridIndex) -> None:
    with pytest.raises(ValueError, match="name of one of the result"):
        count_points(points(5).rename({"type": "zone"}), index, ("zone",))


def test_nan_in_a_file_whose_bounds_hide_it_is_not_placed(
    index: GridIndex, duck: DuckdbEngine, tmp_path: Path
) -> None:
    """The bounds written in a Parquet file leave NaN out, and DuckDB reasons on them."""
    at = [1.0, 2.0, float("nan"), float("inf"), -float("inf"), 3.0]
    frame = pl.DataFrame({"type": ["a"] * 6, "x": at, "y": at[::-1]})
    for rows in (frame, frame.filter(~pl.col("x").is_infinite())):
        file = tmp_path / "nan.parquet"
        rows.write_parquet(file)
        here, there = tally(rows, index), tally(file, index, engine=duck)
        assert here.counts.equals(there.counts)
        assert here.read - here.unplaced == there.read - there.unplaced
        assert here.counts["inside"].to_list() == [rows.height - here.unplaced]


@pytest.mark.long
def test_spark_counts_as_numpy_does(index: GridIndex) -> None:
    pytest.importorskip("pyspark")
    from terril.places.engines.spark import SparkEngine

    frame = points(1200).with_columns(x=pl.col("x").fill_nan(None))
    with SparkEngine("local[1]") as spark:
        answer = tally(frame, index, ("type", "year"), engine=spark)
    here = tally(frame, index, ("type", "year"))
    assert answer.counts.equals(here.counts)
    assert (answer.read, answer.unplaced) == (here.read, here.unplaced)
