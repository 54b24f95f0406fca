"""Is nobody lost nor counted twice, and do the bounds and errors hold what they promise?"""

from __future__ import annotations

import dataclasses
import math
from types import MappingProxyType

import numpy as np
import polars as pl
import pytest
import shapely
from grid_world import SIZE, SOUTH, WEST, Box, grid, layer, rectangle, rectangles, slowly
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.observations.schema import STATEMENTS
from terril.places.apportion import (
    CELLS,
    ESTIMATES,
    MASK,
    SURFACE,
    Apportioned,
    Mask,
    apportion,
    mask_of,
    meeting,
    with_shares,
)
from terril.places.apportion_areas import apportion_areas
from terril.places.apportion_figures import as_statements
from terril.places.apportion_known import Known, apportion_known
from terril.sources.grid import Grid
from terril.territories.geometry import Layer

CATALOGUE = load_catalogue()
TOWN = 8  # squares a side


def with_numbers(**numbers: float) -> Catalogue:
    """Return the catalogue with other parameters."""
    cards = dict(CATALOGUE.parameters)
    for code, value in numbers.items():
        cards[code] = cards[code].model_copy(update={"value": value})
    return dataclasses.replace(CATALOGUE, parameters=MappingProxyType(cards))


def values(done: Apportioned, quantity: str = "population") -> dict[str, float]:
    held = done.estimates.filter(pl.col("quantity") == quantity)
    return dict(held.select("zone", "value").iter_rows())


def done(town: Grid, zones: Layer, contrast: float = 1.0, mask: Mask | None = None) -> Apportioned:
    problems = ProblemList()
    catalogue = with_numbers(repartition_contraste=contrast)
    found = apportion(town, zones, catalogue, problems, mask=mask)
    assert not problems.errors
    assert found.cells.columns == list(CELLS) and found.estimates.columns == list(ESTIMATES)
    return found


PEOPLE = st.lists(
    st.lists(st.integers(0, 300), min_size=TOWN, max_size=TOWN), min_size=TOWN, max_size=TOWN
).map(np.array)
EDGE = st.integers(1, TOWN * SIZE - 1)
CONTRAST = st.sampled_from([0.3, 1.0, 1.9, 6.0])


@given(PEOPLE, st.lists(EDGE, min_size=1, max_size=4, unique=True), EDGE, CONTRAST)
@settings(max_examples=30, deadline=None)
def test_a_partition_of_the_plane_keeps_everybody(
    people: np.ndarray, cuts: list[int], slant: int, contrast: float
) -> None:
    """Slanting strips from end to end, and a hole with its filling."""
    end = TOWN * SIZE
    places = [0, *sorted(cuts), end]
    strips: dict[str, shapely.Geometry] = {}
    hole = rectangle((end * 0.3, end * 0.3, end * 0.55, end * 0.61))
    for number, (west, east) in enumerate(zip(places, places[1:], strict=False)):
        top = [0 if p == 0 else end if p == end else max(1, min(end - 1, p + slant - end // 2))
               for p in (west, east)]  # fmt: skip
        assume(top[0] < top[1])
        corners = [(west, 0), (east, 0), (top[1], end), (top[0], end)]
        strip = shapely.Polygon([(WEST + x, SOUTH + y) for x, y in corners])
        strips[f"Z{number}"] = strip.difference(hole)
    strips["HOLE"] = hole
    found = done(grid(people), layer(strips), contrast)
    assert sum(values(found).values()) == pytest.approx(people.sum(), rel=1e-6, abs=1e-6)


@given(PEOPLE, CONTRAST, st.tuples(EDGE, EDGE, EDGE, EDGE), st.tuples(EDGE, EDGE))
@settings(max_examples=30, deadline=None)
def test_shares_bounds_and_the_slow_way(
    people: np.ndarray, contrast: float, box: tuple[int, int, int, int], other: tuple[int, int]
) -> None:
    west, east = sorted(box[:2])
    south, north = sorted(box[2:])
    assume(east - west > 20 and north - south > 20)
    boxes: dict[str, Box] = {"A": (west, south, east, north)}
    if other[0] > east:  # a neighbour that shares its squares
        boxes["B"] = (east, south, other[0], min(TOWN * SIZE, south + 10 + other[1]))
    zones, town = rectangles(boxes), grid(people)
    found = done(town, zones, contrast)
    assert found.cells["share"].is_between(0.0, 1.0).all()
    whole = found.cells.filter(pl.col("part") >= 1.0)
    assert (whole["share"] == 1.0).all()
    sums = found.cells.group_by("x", "y").agg(pl.col("share").sum())
    assert (sums["share"] <= 1 + 1e-9).all()
    for zone, (value, low, high) in slowly(town, zones, contrast).items():
        row = found.estimates.filter(pl.col("zone") == zone, pl.col("quantity") == "population")
        held = row.row(0, named=True)
        assert held["value"] == pytest.approx(value, rel=1e-9, abs=1e-6)
        assert (held["low"], held["high"]) == (pytest.approx(low), pytest.approx(high))
        assert held["low"] - 1e-6 <= held["value"] <= held["high"] + 1e-6
        assert held["error"] >= 0


@given(PEOPLE, st.tuples(EDGE, EDGE, EDGE, EDGE), st.integers(8000, 30000), st.randoms())
@settings(max_examples=25, deadline=None)
def test_a_mean_lies_within_its_bounds(
    people: np.ndarray, box: tuple[int, int, int, int], base: int, chance: object
) -> None:
    west, east = sorted(box[:2])
    south, north = sorted(box[2:])
    assume(east - west > 20 and north - south > 20)
    spread = np.array([[chance.random() for _ in row] for row in people])  # type: ignore[attr-defined]
    living = people * base * (0.5 + spread)
    found = done(grid(people, living), rectangles({"A": (west, south, east, north)}), 1.5)
    row = found.estimates.filter(pl.col("quantity") == "living").row(0, named=True)
    if row["value"] is None:
        assert row["refused"]
        return
    assert row["low"] - 1e-6 <= row["value"] <= row["high"] + 1e-6


def test_a_square_wholly_inside_counts_whole() -> None:
    people = np.zeros((TOWN, TOWN))
    people[3, 3] = 120
    found = done(grid(people), rectangles({"A": (500, 500, 900, 900)}), 1.0)
    row = found.estimates.filter(pl.col("quantity") == "population").row(0, named=True)
    assert (row["value"], row["low"], row["high"]) == (120, 120, 120)
    assert (row["whole"], row["cut"]) == (1, 0)


def test_contrast_puts_more_people_in_the_denser_side() -> None:
    people = np.zeros((TOWN, TOWN))
    people[3, 3] = 90
    zones = rectangles({"A": (600, 600, 700, 800)})  # half of the square
    assert values(done(grid(people), zones, 1.0)) == {"A": pytest.approx(45)}
    assert values(done(grid(people), zones, 2.0)) == {"A": pytest.approx(60)}


@given(PEOPLE, st.lists(st.floats(0.2, 10), min_size=3, max_size=3), st.tuples(EDGE, EDGE))
@settings(max_examples=20, deadline=None)
def test_each_outline_may_have_its_contrast(
    people: np.ndarray, contrasts: list[float], cut: tuple[int, int]
) -> None:
    end, (x, y) = TOWN * SIZE, cut
    zones = rectangles({"A": (0, 0, x, end), "B": (x, 0, end, y), "C": (x, y, end, end)})
    cells, _ = meeting(grid(people), zones, None, ProblemList())
    by_zone = dict(zip("ABC", contrasts, strict=True))
    shared = with_shares(cells, pl.col("zone").replace_strict(by_zone, return_dtype=pl.Float64))
    assert shared["share"].is_between(0.0, 1.0).all()
    held = (shared["population"] * shared["share"]).sum()
    assert held == pytest.approx(people.sum(), rel=1e-6, abs=1e-6)


# ------------------------------------------------------------------ masks


def buildings(places: list[Box]) -> Layer:
    return rectangles({f"b{i:03d}": box for i, box in enumerate(places)}, nature="emprise")


@pytest.mark.parametrize("as_points", [False, True])
def test_with_a_mask_people_are_where_the_buildings_are(as_points: bool) -> None:
    people = np.zeros((TOWN, TOWN))
    people[3, 3] = 100
    zones = rectangles({"A": (600, 600, 640, 800)})  # a fifth of the surface
    places: list[Box] = [(610, 610, 620, 620), (610, 700, 620, 710), (700, 700, 710, 710)]
    mask = mask_of(buildings(places))
    if as_points:
        xy = np.array([[WEST + 615, SOUTH + 615], [WEST + 640, SOUTH + 705], [WEST + 705, SOUTH]])
        xy[2, 1] = SOUTH + 705
        mask = Mask(np.ones(3), "les adresses", points=xy, crs=3035)
    found = done(grid(people), zones, 2.0, mask=mask)
    assert found.method == MASK
    assert values(found) == {"A": pytest.approx(200 / 3)}, "two buildings of three"
    row = found.estimates.filter(pl.col("quantity") == "population").row(0, named=True)
    assert (row["low"], row["high"], row["unmasked"]) == (0, 100, 0)


def test_a_mask_narrows_the_bounds() -> None:
    people = np.zeros((TOWN, TOWN))
    people[3, 3], people[3, 4] = 100, 50
    zones = rectangles({"A": (600, 600, 810, 800)})
    mask = mask_of(buildings([(700, 700, 710, 710), (900, 700, 910, 710)]))
    row = done(grid(people), zones, mask=mask).estimates.filter(
        pl.col("quantity") == "population"
    ).row(0, named=True)  # fmt: skip
    assert (row["low"], row["value"], row["high"]) == (100, 100, 100)


def test_a_square_without_mask_follows_the_surface_and_is_told() -> None:
    people = np.zeros((TOWN, TOWN))
    people[3, 3] = 100
    problems = ProblemList()
    mask = mask_of(buildings([(10, 10, 20, 20)]))
    found = apportion(
        grid(people), rectangles({"A": (600, 600, 700, 800)}),
        with_numbers(repartition_contraste=1), problems, mask=mask,
    )  # fmt: skip
    assert values(found) == {"A": pytest.approx(50)}
    assert [p.code for p in problems] == ["masque-absent"]
    assert found.estimates["unmasked"][0] == pytest.approx(1.0)


@given(PEOPLE, st.lists(st.tuples(EDGE, EDGE, st.integers(1, 9)), min_size=1, max_size=30))
@settings(max_examples=20, deadline=None)
def test_with_a_mask_nobody_is_lost_either(
    people: np.ndarray, points: list[tuple[int, int, int]]
) -> None:
    end = TOWN * SIZE
    zones = rectangles({"A": (0, 0, 333, end), "B": (333, 0, end, 777), "C": (333, 777, end, end)})
    xy = np.array([[WEST + x + 0.5, SOUTH + y + 0.5] for x, y, _ in points])
    mask = Mask(np.array([w for *_, w in points], dtype=float), "les adresses", points=xy, crs=3035)
    found = done(grid(people), zones, 3.0, mask=mask)
    assert sum(values(found).values()) == pytest.approx(people.sum(), abs=1e-6)


def test_weights_of_a_mask_are_checked() -> None:
    held = dataclasses.replace(
        buildings([(0, 0, 10, 10)]), attributes=pl.DataFrame({"logements": [4], "nom": ["x"]})
    )
    assert mask_of(held, weight="logements").weights.tolist() == [4.0]
    with pytest.raises(ValueError, match="weight"):
        mask_of(held, weight="nom")


# ------------------------------------------------------------------ a made-up town


def town_of(seed: int) -> tuple[Grid, Layer, Mask, dict[str, float]]:
    """A town of 24 squares a side: estates of 0.5 km² denser than the rest, people in buildings."""
    rng = np.random.default_rng(seed)
    edge, count = 24 * SIZE, 9
    boxes: dict[str, Box] = {}
    for number in range(count):
        west = 600 + (number % 3) * 1300 + int(rng.integers(0, 300))
        south = 600 + (number // 3) * 1300 + int(rng.integers(0, 300))
        wide, high = (int(side) for side in rng.integers(450, 850, 2))
        boxes[f"Q{number}"] = (west, south, west + wide, south + high)
    zones = rectangles(boxes)
    outside = rng.uniform(0, edge, (4000, 2))
    inside = np.concatenate(
        [
            np.column_stack(
                [rng.uniform(w, e, int((e - w) * (n - s) / 1400)),
                 rng.uniform(s, n, int((e - w) * (n - s) / 1400))]
            )
            for w, s, e, n in boxes.values()
        ]
    )  # fmt: skip
    homes = np.concatenate([outside, inside])
    persons = rng.integers(1, 6, len(homes)).astype(float)
    xy = homes + np.array([WEST, SOUTH])
    people = np.zeros((24, 24))
    np.add.at(
        people, ((homes[:, 1] // SIZE).astype(int), (homes[:, 0] // SIZE).astype(int)), persons
    )
    truth = {
        code: float(persons[(homes[:, 0] >= w) & (homes[:, 0] <= e)
                            & (homes[:, 1] >= s) & (homes[:, 1] <= n)].sum())
        for code, (w, s, e, n) in boxes.items()
    }  # fmt: skip
    return grid(people), zones, Mask(np.ones(len(xy)), "les adresses", points=xy, crs=3035), truth


def off(found: Apportioned, truth: dict[str, float]) -> tuple[float, float]:
    """Return the mean relative error, and its root mean square."""
    gaps = np.array([values(found)[code] / truth[code] - 1 for code in truth])
    return float(gaps.mean()), float(np.sqrt((gaps**2).mean()))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_density_does_better_than_surface_and_a_mask_better_still(seed: int) -> None:
    town, zones, mask, truth = town_of(seed)
    catalogue = with_numbers(repartition_ecart_source=0)
    problems = ProblemList()
    by_surface = apportion(town, zones, catalogue, problems, method=SURFACE)
    by_density = apportion(town, zones, catalogue, problems)
    by_mask = apportion(town, zones, catalogue, problems, mask=mask)
    bias, wrong = off(by_surface, truth)
    assert bias < -0.08, "areal weighting undercounts dense neighbourhoods"
    assert abs(off(by_density, truth)[0]) < abs(bias) / 2
    assert off(by_density, truth)[1] < wrong / 2
    assert off(by_mask, truth)[1] < off(by_density, truth)[1]
    assert by_density.scale.contrast > 1.5
    assert by_density.scale.zones == 9
    assert by_density.scale.after < by_density.scale.before


def test_the_declared_error_is_that_which_is_made() -> None:
    """Over many towns, the estimates are off by about one standard error."""
    catalogue = with_numbers(repartition_ecart_source=0)
    ratios = []
    for seed in range(10, 18):
        town, zones, _, truth = town_of(seed)
        held = apportion(town, zones, catalogue, ProblemList()).estimates.filter(
            pl.col("quantity") == "population"
        )
        for code, value, error in held.select("zone", "value", "error").iter_rows():
            ratios.append((value - truth[code]) / error)
    assert 0.5 < math.sqrt(np.mean(np.square(ratios))) < 2.0


def test_too_few_outlines_leave_the_surface() -> None:
    town, zones, _, _ = town_of(1)
    found = apportion(town, zones.pick(["Q0", "Q1"]), CATALOGUE, ProblemList())
    assert (found.scale.contrast, found.scale.dispersion, found.scale.zones) == (1.0, 1.0, 0)
    helped = apportion(town, zones.pick(["Q0"]), CATALOGUE, ProblemList(), reference=zones)
    assert helped.scale.zones == 9 and helped.scale.contrast > 1.5


# ------------------------------------------------------------------ what must be said


def test_an_outline_that_the_file_does_not_cover_is_not_estimated() -> None:
    found = done(grid(np.full((TOWN, TOWN), 50.0)), rectangles({"A": (1000, 1000, 2000, 1400)}))
    row = found.estimates.filter(pl.col("quantity") == "population").row(0, named=True)
    assert row["value"] is None and row["error"] is None
    assert "ne couvre pas" in row["refused"] and row["outside"] == pytest.approx(0.4)


def test_outlines_that_overlap_are_told_and_each_stands_alone() -> None:
    problems = ProblemList()
    zones = rectangles({"A": (500, 500, 900, 900), "B": (700, 500, 1100, 900), "C": (0, 0, 90, 90)})
    town = grid(np.full((TOWN, TOWN), 40.0))
    found = apportion(town, zones, with_numbers(repartition_contraste=2), problems)
    assert [p.code for p in problems] == ["perimetres-superposes"]
    alone = done(town, zones.pick(["A"]), 2.0)
    assert values(found)["A"] == pytest.approx(values(alone)["A"])


def test_living_standards_unknown_are_not_zero() -> None:
    found = done(grid(np.full((TOWN, TOWN), 40.0)), rectangles({"A": (500, 500, 900, 900)}))
    row = found.estimates.filter(pl.col("quantity") == "living").row(0, named=True)
    assert row["value"] is None and "niveaux de vie" in row["refused"]


def test_nobody_is_no_mean() -> None:
    people = np.zeros((TOWN, TOWN))
    people[0, 0] = people[7, 7] = 10
    zones = rectangles({"A": (500, 500, 900, 900)})
    found = done(grid(people, people * 9000), zones)
    assert values(found) == {"A": 0.0}
    assert values(found, "living") == {"A": None}


def test_estimates_are_stated_as_estimates() -> None:
    people = np.full((TOWN, TOWN), 40.0)
    town = grid(people, people * 15000)
    zones = rectangles({"QP000001": (500, 500, 900, 900), "QP000002": (1000, 1000, 2000, 1400)})
    rows = as_statements(done(town, zones), zones, town, document="carreaux")
    assert rows.columns == list(STATEMENTS)
    assert rows["origin"].unique().to_list() == ["estimé"]
    assert rows["period"].unique().to_list() == ["2015"]
    told = rows.filter(pl.col("territory") == "QP000001")
    assert told["indicator"].to_list() == ["demographie.population", "revenus.revenu_moyen_uc"]
    assert told["value"][1] == pytest.approx(15000)
    assert all(text.startswith("Estimé") for text in told["raw"])
    assert set(rows.filter(pl.col("territory") == "QP000002")["status"]) == {"missing"}


# ------------------------------------------------------------------ areas, and known totals


def test_areas_of_any_shape_give_the_same_as_the_slow_way() -> None:
    iris = rectangles(
        {"000000101": (0, 0, 700, 1600), "000000102": (700, 0, 1600, 500),
         "000000103": (700, 500, 1600, 1600)}, nature="iris",
    )  # fmt: skip
    people = pl.DataFrame({"code": list(iris.codes), "population": [1400.0, 900.0, 3300.0]})
    zones = rectangles({"A": (350, 0, 1150, 500), "B": (0, 0, 100, 100)})
    found = apportion_areas(iris, people, zones, CATALOGUE, ProblemList())
    assert values(found) == {"A": pytest.approx(1400 * 0.35 * 1600 / 1600 * 500 / 1120 + 450),
                             "B": pytest.approx(1400 / 112)}  # fmt: skip
    told = found.estimates.filter(pl.col("quantity") == "population")["text"]
    assert "IRIS" in told[0] and "carreau" not in told[0]


def test_areas_keep_everybody_and_tell_what_is_not_known() -> None:
    iris = rectangles({"000000101": (0, 0, 800, 1600), "000000102": (800, 0, 1600, 1600)})
    zones = rectangles({"A": (0, 0, 1600, 321), "B": (0, 321, 1600, 1600)})
    people = pl.DataFrame({"code": ["000000101", "000000102"], "population": [700.0, 500.0]})
    xy = np.array([[WEST + 5.0, SOUTH + 5.0], [WEST + 900.0, SOUTH + 900.0]])
    mask = Mask(np.ones(2), "les adresses", points=xy, crs=3035)
    found = apportion_areas(iris, people, zones, CATALOGUE, ProblemList(), mask=mask)
    assert values(found) == {"A": pytest.approx(700), "B": pytest.approx(500)}
    outlines = mask_of(buildings([(0, 0, 10, 10), (900, 900, 910, 910)]))
    again = apportion_areas(iris, people, zones, CATALOGUE, ProblemList(), mask=outlines)
    assert values(again) == values(found)
    problems = ProblemList()
    half = apportion_areas(iris, people.head(1), zones, CATALOGUE, problems)
    assert [p.code for p in problems] == ["decoupage-sans-valeur"]
    assert half.estimates["value"].is_null().all(), "half of the surface is not known"


def test_a_known_population_is_found_again() -> None:
    town, old, _, truth = town_of(4)
    known = pl.DataFrame({"code": list(truth), "population": [truth[c] * 1.2 for c in truth]})
    found = apportion_known(town, old, [Known(old, known)], CATALOGUE, ProblemList())
    row = found.estimates.filter(pl.col("quantity") == "population")
    assert row["value"].to_list() == pytest.approx(known.sort("code")["population"].to_list())
    assert row["error"].to_list() == pytest.approx([0.0] * len(truth), abs=1e-3)


def test_a_larger_perimeter_holds_the_known_and_what_is_added() -> None:
    town, old, _, truth = town_of(5)
    new = layer(
        {
            f"N{c}": s.buffer(60, join_style="mitre")
            for c, s in zip(old.codes, old.shapes, strict=True)
        }
    )
    known = pl.DataFrame({"code": list(truth), "population": list(truth.values())})
    found = apportion_known(town, new, [Known(old, known)], CATALOGUE, ProblemList())
    plain = apportion(town, new, CATALOGUE, ProblemList(), reference=old)
    for code, value in values(found).items():
        assert value > truth[code[1:]]
        held = found.estimates.filter(pl.col("zone") == code, pl.col("quantity") == "population")
        low, high, error = held.select("low", "high", "error").row(0)
        assert low <= value <= high
        loose = plain.estimates.filter(pl.col("zone") == code, pl.col("quantity") == "population")
        assert error < loose["error"][0], "what is known narrows the error"


def test_communes_and_neighbourhoods_hold_together() -> None:
    town, old, _, truth = town_of(6)
    end = 24 * SIZE
    communes = rectangles({"00001": (0, 0, 2500, end), "00002": (2500, 0, end, end)})
    people = float(town.squares["population"].sum())
    totals = pl.DataFrame({"code": ["00001", "00002"], "population": [people * 0.6, people * 0.5]})
    known = pl.DataFrame({"code": list(truth), "population": list(truth.values())})
    problems = ProblemList()
    both = apportion_known(
        town,
        communes,
        [Known(old, known), Known(communes, totals, dense=False)],
        CATALOGUE,
        problems,
    )
    assert not problems.errors and not any(p.code == "calage-contredit" for p in problems)
    assert sum(values(both).values()) == pytest.approx(people * 1.1, rel=1e-5)


def test_totals_beyond_the_file_are_left_alone_and_told() -> None:
    town = grid(np.full((TOWN, TOWN), 50.0))
    old = rectangles({"QP000001": (1000, 1000, 2000, 1400)})
    new = rectangles({"QN00001M": (900, 900, 1500, 1500)})
    problems = ProblemList()
    known = pl.DataFrame({"code": ["QP000001"], "population": [99999]})
    found = apportion_known(town, new, [Known(old, known)], CATALOGUE, problems)
    assert [p.code for p in problems] == ["calage-partiel"]
    assert values(found)["QN00001M"] == pytest.approx(
        values(apportion(town, new, CATALOGUE, ProblemList()))["QN00001M"], rel=1e-6
    )


def test_totals_that_contradict_each_other_are_told() -> None:
    town = grid(np.full((TOWN, TOWN), 50.0))
    old = rectangles({"A": (600, 600, 1000, 1000)})
    people = pl.DataFrame({"code": ["A"], "population": [100]})
    others = pl.DataFrame({"code": ["A"], "population": [900]})
    problems = ProblemList()
    apportion_known(town, old, [Known(old, people), Known(old, others)], CATALOGUE, problems)
    assert "calage-contredit" in [p.code for p in problems]
