"""Shares of surface by commune and EPCI; overlaps; the union of communes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from outline_files import square
from terril.lib.problems import ProblemList
from terril.territories.geometry import Layer, as_shapes, read_layer
from terril.territories.geometry_straddle import STRADDLES, overlaps, straddles, united

EPCI = {"62001": "200000001", "62002": "200000002", "62003": "200000002"}


def layer(nature: str, shapes: dict[str, shapely.Geometry], generation: str = "") -> Layer:
    codes = tuple(sorted(shapes))
    return Layer(
        nature, generation, 2154, codes, codes, as_shapes(shapes[c] for c in codes), pl.DataFrame()
    )


def communes() -> Layer:
    """Three communes side by side, each 1 000 m wide."""
    return layer("commune", {f"6200{i + 1}": square(1000 * i, 0, 1000) for i in range(3)})


def shares(frame: pl.DataFrame, kind: str) -> dict[str, Any]:
    rows = frame.filter(kind=kind).select("code", "share", "negligible").rows()
    return {code: (share, negligible) for code, share, negligible in rows}


def test_a_neighbourhood_across_three_communes_and_two_epci() -> None:
    shape = shapely.box(*square(700).bounds[:2], square(700).bounds[0] + 1600, square().bounds[3])
    frame = straddles(layer("qpv", {"QP062001": shape}, "2015"), communes(), EPCI)
    assert frame.schema == STRADDLES
    assert shares(frame, "commune") == {
        "62002": (pytest.approx(1000 / 1600), False),
        "62001": (pytest.approx(300 / 1600), False),
        "62003": (pytest.approx(300 / 1600), False),
    }
    assert shares(frame, "epci") == {
        "200000002": (pytest.approx(1300 / 1600), False),
        "200000001": (pytest.approx(300 / 1600), False),
    }


def test_what_lies_nowhere_and_what_is_in_no_epci() -> None:
    frame = straddles(
        layer("qpv", {"QP062001": square(2900, 0, 200)}), communes(), {"62001": "200000001"}
    )
    assert shares(frame, "commune") == {
        "": (pytest.approx(0.5), False),
        "62003": (pytest.approx(0.5), False),
    }
    assert shares(frame, "epci") == {"": (pytest.approx(1.0), False)}


@pytest.mark.parametrize(("into", "negligible"), [(0.5, True), (8, True), (12, False), (60, False)])
def test_a_strip_along_a_border_is_negligible(into: float, negligible: bool) -> None:
    """800 m of border, crossed by some metres: a strip has no width, whatever its surface."""
    shape = shapely.box(
        *square(900 - 300, 100).bounds[:2], square(1000 + into).bounds[0], square(0, 900).bounds[1]
    )
    frame = straddles(layer("qpv", {"QP062001": shape}), communes(), EPCI, least=0.001, strip=10)
    assert shares(frame, "commune")["62002"][1] is negligible
    assert shares(frame, "epci")["200000002"][1] is negligible


def test_a_small_share_is_negligible() -> None:
    shape = shapely.union(square(0, 0, 990), square(1000, 0, 50))
    frame = straddles(layer("qpv", {"QP062001": shape}), communes(), EPCI, least=0.01, strip=1)
    assert shares(frame, "commune")["62002"] == (pytest.approx(2500 / (990**2 + 2500)), True)


def test_no_outline_gives_no_row_and_two_grids_are_refused() -> None:
    assert straddles(layer("qpv", {}), communes(), EPCI).is_empty()
    moved = Layer("qpv", "", 2975, ("QP974001",), ("",), as_shapes([square()]), pl.DataFrame())
    with pytest.raises(ValueError, match="two grids"):
        straddles(moved, communes(), EPCI)


@given(
    st.lists(
        st.tuples(st.integers(0, 2900), st.integers(0, 900), st.integers(20, 1500)),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=50, deadline=None)
def test_shares_of_a_neighbourhood_add_up_to_one(places: list[tuple[int, int, int]]) -> None:
    shapes = {f"QP06200{i}": square(x, y, side) for i, (x, y, side) in enumerate(places)}
    frame = straddles(layer("qpv", shapes), communes(), EPCI, least=0.0, strip=0.0)
    for kind in ("commune", "epci"):
        totals = frame.filter(kind=kind).group_by("qpv").agg(pl.col("share").sum())
        assert totals["share"].to_numpy() == pytest.approx(1.0)
        assert totals.height == len(shapes)


def test_overlaps_are_seen_and_shared_borders_are_not() -> None:
    found = overlaps(layer("qpv", {"a": square(), "b": square(60), "c": square(160)}))
    assert found.rows() == [("a", "b", pytest.approx(4000), pytest.approx(0.4))]
    assert overlaps(communes()).is_empty()


def test_the_union_of_communes_closes_slits_and_keeps_holes() -> None:
    west, east = square(0, 0, 1000), square(1000, 0, 1000, hole=100)
    x, y = west.bounds[2], west.bounds[1]
    slit = shapely.Polygon([(x, y + 200), (x, y + 800), (x - 3, y + 500)])
    parts = layer("commune", {"62001": shapely.difference(west, slit), "62002": east})
    groups = {"62001": "200000001", "62002": "200000001", "62009": "200000002"}
    whole = united(parts, groups, {"200000001": "CA du Val"}, nature="epci")
    assert (whole.nature, whole.codes, whole.labels) == ("epci", ("200000001",), ("CA du Val",))
    assert whole.areas() == pytest.approx([2_000_000 - 10_000])
    assert len(whole.rings()[0]) == 2  # the outside and the true hole


# ------------------------------------------------------------------ the producers' files


def test_the_three_straddling_neighbourhoods_of_the_pilot(real_data: Path) -> None:
    problems = ProblemList()
    folder = real_data / "communes-62"
    towns = read_layer(folder / "communes-62-pas-de-calais.geojson", problems, nature="commune")
    qpv = read_layer(
        real_data / "qpv-2015" / "qpv2015_lens_lievin_21_4326.geojson", problems, nature="qpv"
    )
    assert towns is not None and qpv is not None
    members = pl.read_csv(real_data / "epci" / "epcicom2024_dep62.csv", infer_schema=False)
    belongs = dict(members.select("insee", "siren").rows())
    frame = straddles(qpv, towns, belongs).filter(kind="epci", code="246200364")
    found = dict(frame.select("qpv", "share").rows())
    assert len(found) == 21
    astride = {"QP062016": 0.501, "QP062045": 0.680, "QP062047": 0.605}
    for code, share in found.items():
        assert share == pytest.approx(astride.get(code, 1.0), abs=0.001)
    call = united(towns, {c: s for c, s in belongs.items() if s == "246200364"}, {}, nature="epci")
    assert call.areas()[0] / 1e4 == pytest.approx(24_057, abs=3)
    assert np.unique([len(r) for r in call.rings()]).tolist() == [1]
