"""Which neighbourhoods are served, by which line, how often: beside a count made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.catalogue.load import load_catalogue
from terril.observations.schema import STATEMENTS
from terril.places.stops import SERVED, SUMMARY, Service, reach, served, windows
from terril.places.stops_statements import service_statements
from terril.sources.gtfs import LINES, Network
from terril.sources.gtfs_passages import PASSAGES
from terril.sources.gtfs_stops import STOPS
from terril.territories.geometry import Layer, as_shapes

CATALOGUE = load_catalogue()
CODES = ("QP001001", "QP001002")
SHAPES = (shapely.box(0, 0, 100, 100), shapely.box(50_000, 0, 50_100, 100))
LAYER = Layer("qpv", "2015", 2154, CODES, ("A", "B"), as_shapes(SHAPES), pl.DataFrame())
DAY = dt.date(2024, 3, 5)
Stop = tuple[str, str, float | None, float | None]  # pole, place, x, y
Line = tuple[str, str]  # route, mode
Call = tuple[str, str, int, int, bool]  # pole, route, direction, minute, pickup


def network(
    stops: Sequence[Stop],
    lines: Sequence[Line] = (),
    calls: Sequence[Call] = (),
    document: str = "bus",
    reader: str = "gtfs",
    **more: Any,
) -> Network:
    return Network(
        document=document,
        reader=reader,
        stops=pl.DataFrame(
            [(pole, place, f"Arrêt {place}", x, y, 2) for pole, place, x, y in stops],
            schema=STOPS, orient="row",
        ),
        lines=pl.DataFrame(
            [(route, route, f"L{route}", "", mode) for route, mode in lines],
            schema=LINES, orient="row",
        ),
        passages=pl.DataFrame(
            [(p, route, way, minute * 60, True, taken) for p, route, way, minute, taken in calls],
            schema=PASSAGES, orient="row",
        ),
        day=DAY if reader == "gtfs" else None,
        reason="Passages comptés le mardi 5 mars 2024.",
        crs=2154,
        source="horaires_transport" if reader == "gtfs" else "gares_sncf",
        priority=50,
        file=f"{document}.zip",
        sha256="f00d",
        **more,
    )  # fmt: skip


def every(step: int, way: int, pole: str = "p", route: str = "1") -> list[Call]:
    """A vehicle every ``step`` minutes from 6:00 to 20:00."""
    return [(pole, route, way, minute, True) for minute in range(360, 1200, step)]


def one(mode: str, x: float, calls: Sequence[Call] | None = None, y: float = 50.0) -> pl.DataFrame:
    found = served(
        [network([("p", "p", x, y)], [("1", mode)], calls or every(10, 0))], LAYER, CATALOGUE
    )
    return found.served.filter(pl.col("territory") == CODES[0])


@pytest.mark.parametrize(
    ("mode", "metres"),
    [("bus", 300), ("car", 300), ("bhns", 500), ("tram", 500), ("metro", 500), ("train", 800)],
)
def test_each_mode_serves_within_its_own_distance(mode: str, metres: int) -> None:
    (row,) = one(mode, -metres).rows(named=True)
    assert row["distance_m"] == metres and row["mode"] == mode
    assert one(mode, -metres - 0.01).is_empty()


def test_the_distance_is_to_the_border_and_exact_at_corners() -> None:
    (row,) = one("bus", 100 + 212.0, y=100 + 212.0).rows(named=True)
    assert row["distance_m"] == pytest.approx(212 * 2**0.5)
    assert one("bus", 100 + 212.2, y=100 + 212.2).is_empty()  # 300.1 m: in the square, not the disc
    (row,) = one("bus", 50).rows(named=True)
    assert row["distance_m"] == 0 and row["walk_min"] == 0


def test_the_walk_is_estimated_and_says_so() -> None:
    (row,) = one("bus", -200).rows(named=True)
    assert row["walk_min"] == pytest.approx(200 * 1.3 / (4000 / 60))
    assert row["walk_status"] == "estimé"


def test_peak_passages_headway_first_and_last() -> None:
    (row,) = one("bus", 50, every(20, 0) + every(30, 1)).rows(named=True)
    # 7–9 and 16:30–18:30: 12 of one way; 8 of the other
    assert row["passages_peak"] == 20 and row["ways"] == 2
    assert row["headway_min"] == 30  # the less served way
    assert (row["first"], row["last"]) == ("06:00", "19:40")


def test_the_end_of_a_window_is_outside_it() -> None:
    calls: list[Call] = [("p", "1", 0, minute, True) for minute in (420, 539, 540, 990, 1109, 1110)]
    (row,) = one("bus", 50, calls).rows(named=True)
    assert row["passages_peak"] == 4


def test_what_cannot_be_taken_is_no_passage() -> None:
    calls = every(10, 0) + [("p", "1", 1, minute, False) for minute in range(360, 1200, 10)]
    (row,) = one("train", 50, calls).rows(named=True)
    assert (row["ways"], row["passages_peak"], row["structuring"]) == (1, 24, True)
    arrivals: list[Call] = [("p", "1", 0, 450, False)]
    found = served([network([("p", "p", 50, 50)], [("1", "bus")], arrivals)], LAYER, CATALOGUE)
    row = found.served.row(0, named=True)
    assert (row["passages_peak"], row["ways"], row["headway_min"], row["first"]) == (
        0,
        0,
        None,
        None,
    )
    assert found.summary.row(0, named=True)["lines"] == 0


def test_a_way_without_peak_has_no_headway() -> None:
    calls = [*every(10, 0), ("p", "1", 1, 720, True)]
    (row,) = one("tram", 50, calls).rows(named=True)
    assert row["headway_min"] is None and row["structuring"] is False


@pytest.mark.parametrize(
    ("mode", "step", "structuring"),
    [("train", 60, True), ("train", 90, False), ("tram", 15, True), ("tram", 20, False),
     ("bhns", 15, True), ("bus", 5, False)],
)  # fmt: skip
def test_structuring_lines_are_of_a_mode_and_frequent(
    mode: str, step: int, structuring: bool
) -> None:
    calls: list[Call] = [
        ("p", "1", way, start + k * step, True)
        for way in (0, 1) for start, end in ((420, 540), (990, 1110))
        for k in range((end - start) // step)
    ]  # fmt: skip
    (row,) = one(mode, 50, calls).rows(named=True)
    assert row["structuring"] is structuring


def test_two_poles_of_a_place_are_one_stop() -> None:
    stops: list[Stop] = [("a", "mairie", 50, 50), ("b", "mairie", 120, 50)]
    found = served(
        [network(stops, [("1", "bus")], every(20, 0, "a") + every(20, 1, "b"))], LAYER, CATALOGUE
    )
    (row,) = found.served.rows(named=True)
    assert (row["ways"], row["passages_peak"], row["distance_m"]) == (2, 24, 0)
    assert row["stop"] == "bus:mairie"


def test_a_line_counts_once_by_its_best_stop() -> None:
    stops: list[Stop] = [("a", "a", 50, 50), ("b", "b", 60, 50)]
    calls = every(20, 0, "a") + every(10, 0, "b")
    found = served([network(stops, [("1", "bus")], calls)], LAYER, CATALOGUE)
    row = found.summary.row(0, named=True)
    assert (row["stops"], row["lines"], row["passages_peak"], row["passages_hour"]) == (2, 1, 24, 6)


def test_a_territory_without_stop_is_known_to_have_none() -> None:
    found = served([network([("p", "p", 50, 50)], [("1", "bus")], every(10, 0))], LAYER, CATALOGUE)
    row = found.summary.row(1, named=True)
    assert (row["territory"], row["stops"], row["lines"], row["nearest_m"]) == (
        CODES[1],
        0,
        0,
        None,
    )
    assert row["text"] == "Aucun arrêt n’est à portée."
    assert found.served.schema == pl.Schema(SERVED) and found.summary.schema == pl.Schema(SUMMARY)


def test_stations_without_timetable() -> None:
    gares = network(
        [("g", "g", -700, 50), ("h", "h", None, None)], document="gares", reader="gares"
    )
    found = served([gares], LAYER, CATALOGUE)
    (row,) = found.served.rows(named=True)
    assert (row["mode"], row["line"], row["distance_m"]) == ("train", "", 700)
    assert [row[k] for k in ("passages_peak", "ways", "headway_min", "structuring", "first")] == [
        None
    ] * 5
    total = found.summary.row(0, named=True)
    assert (total["stations"], total["lines"], total["structuring_lines"]) == (1, 0, 0)
    assert total["text"] == "La gare Arrêt g, à 700\u202fm."
    assert not found.timetable and found.trains


def test_one_station_in_two_files_counts_once() -> None:
    gares = network([("g", "Val", -700, 50)], document="gares", reader="gares")
    ter = network([("t", "Gare de Val", -690, 50)], [("T", "train")], every(60, 0, "t", "T"), "ter")
    # the names: « Arrêt Val » and « Arrêt Gare de Val »
    found = served([gares, ter], LAYER, CATALOGUE)
    assert found.served["document"].to_list() == ["ter"]
    assert found.summary["stations"].to_list() == [1, 0]


def test_networks_in_another_grid_are_refused() -> None:
    other = Layer("qpv", "2015", 2975, CODES, ("A", "B"), as_shapes(SHAPES), pl.DataFrame())
    with pytest.raises(ValueError, match="one grid"):
        served([network([("p", "p", 50, 50)])], other, CATALOGUE)


def test_no_network() -> None:
    found = served([], LAYER, CATALOGUE)
    assert found.served.is_empty() and found.summary.height == 2
    assert service_statements(found, CATALOGUE).is_empty()


# ------------------------------------------------------------------ statements


def statements(service: Service, **given: bool) -> dict[tuple[str, str], dict[str, Any]]:
    frame = service_statements(service, CATALOGUE, **given)
    assert frame.schema == pl.Schema(STATEMENTS)
    return {(r["territory"], r["indicator"]): r for r in frame.rows(named=True)}


def test_figures_of_the_edition_with_their_provenance() -> None:
    stops: list[Stop] = [("p", "p", -200, 50), ("g", "g", -700, 50)]
    calls = every(10, 0) + every(30, 0, "g", "T")
    found = served([network(stops, [("1", "bus"), ("T", "train")], calls)], LAYER, CATALOGUE)
    rows = statements(found)
    here, there = CODES
    values = {k.partition(".")[2]: r["value"] for (t, k), r in rows.items() if t == here}
    assert values == {
        "nb_arrets": 2, "nb_lignes": 2, "nb_lignes_structurantes": 1, "nb_gares": 1,
        "nb_passages_pointe": 8, "distance_arret": 200,
    }  # fmt: skip
    row = rows[here, "accessibilite.nb_lignes_structurantes"]
    assert (row["origin"], row["period"], row["source"], row["document"], row["file"]) == (
        "calculé", "2024-03-05", "horaires_transport", "bus", "bus.zip",
    )  # fmt: skip
    assert row["raw"] == "LT" and row["sha256"] == "f00d"
    assert rows[here, "accessibilite.nb_passages_pointe"]["raw"] == (
        "32 passages / 4 heures de pointe"
    )
    # known zero, and no nearest stop to measure
    assert rows[there, "accessibilite.nb_lignes"]["value"] == 0
    far = rows[there, "accessibilite.distance_arret"]
    assert (far["value"], far["status"]) == (None, "not_applicable")


def test_a_network_that_could_not_be_read_leaves_nothing_stated() -> None:
    found = served([network([("p", "p", 50, 50)], [("1", "bus")], every(10, 0))], LAYER, CATALOGUE)
    assert statements(found, complete=False) == {}


def test_a_file_of_stations_states_stations_only() -> None:
    gares = network([("g", "g", -700, 50)], document="gares", reader="gares")
    rows = statements(served([gares], LAYER, CATALOGUE))
    assert {k for _, k in rows} == {"accessibilite.nb_gares"}
    assert rows[CODES[0], "accessibilite.nb_gares"]["source"] == "gares_sncf"


def test_buses_alone_say_nothing_of_stations() -> None:
    found = served([network([("p", "p", 50, 50)], [("1", "bus")], every(10, 0))], LAYER, CATALOGUE)
    assert (CODES[0], "accessibilite.nb_gares") not in statements(found)


# ------------------------------------------------------------------ naive reference

_stop = st.tuples(
    st.integers(-90, 90).map(lambda n: n * 10.0), st.integers(-90, 90).map(lambda n: n * 10.0)
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(_stop, min_size=1, max_size=6),
    st.lists(
        st.tuples(
            st.integers(0, 5), st.integers(0, 2), st.integers(0, 1), st.integers(0, 1700),
            st.booleans(),
        ),
        max_size=60,
    ),
    st.lists(st.sampled_from(["bus", "tram", "train"]), min_size=3, max_size=3),
)  # fmt: skip
def test_what_is_served_is_what_a_naive_count_says(
    places: list[tuple[float, float]],
    raw: list[tuple[int, int, int, int, bool]],
    modes: list[str],
) -> None:
    stops: list[Stop] = [(f"p{k}", f"p{k}", x, y) for k, (x, y) in enumerate(places)]
    lines = [(str(k), mode) for k, mode in enumerate(modes)]
    calls: list[Call] = [
        (f"p{p % len(places)}", str(line), way, minute, pickup)
        for p, line, way, minute, pickup in raw
    ]
    found = served([network(stops, lines, calls)], LAYER, CATALOGUE).served
    mine = {
        (r["territory"], r["stop"], r["line"]): (r["passages_peak"], r["ways"], r["headway_min"])
        for r in found.rows(named=True)
    }
    naive: dict[tuple[str, str, str], tuple[int, int, float | None]] = {}
    peaks = windows(CATALOGUE)
    for code, shape in zip(CODES, SHAPES, strict=True):
        for pole, _, x, y in stops:
            for line, mode in lines:
                limit = CATALOGUE.number(CATALOGUE.modes[mode].radius)
                here = [c for c in calls if c[0] == pole and c[1] == line]
                if not here or shapely.distance(shape, shapely.Point(x, y)) > limit:
                    continue
                taken = [c for c in here if c[4]]
                in_peak = [c for c in taken if any(a <= c[3] * 60 < b for a, b in peaks)]
                ways = {c[2] for c in taken}
                per_way = [sum(c[2] == way for c in in_peak) for way in ways]
                rarest = min(per_way, default=0)
                headway = 240 / rarest if rarest else None
                naive[code, f"bus:{pole}", f"bus:{line}"] = (len(in_peak), len(ways), headway)
    assert mine == naive


def test_reach_is_the_largest_distance_of_a_mode() -> None:
    assert reach(CATALOGUE) == 800
    assert windows(CATALOGUE) == ((25200, 32400), (59400, 66600))
