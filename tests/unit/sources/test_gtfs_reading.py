"""Is a timetable read as it is: archive or folder, absent files, wrong references, midnight?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from point_material import LAT, LON, PointDesk
from transport_feed import FEED, feed, write_archive, write_folder

from terril.lib.problems import Problem
from terril.sources.gtfs import LINES, Network
from terril.sources.gtfs_passages import PASSAGES, seconds
from terril.sources.gtfs_stops import STOPS


@pytest.fixture
def desk(tmp_path: Path) -> PointDesk:
    return PointDesk(tmp_path)


def read(
    desk: PointDesk, changes: dict[str, str | None] | None = None, **options: str
) -> tuple[Network, list[Problem]]:
    path = write_archive(desk.root / "bus.zip", feed(changes))
    network, problems = desk.network(path, **options)
    assert network is not None, [str(p) for p in problems]
    return network, problems


def refused(desk: PointDesk, path: Path, **options: str) -> list[str]:
    network, problems = desk.network(path, **options)
    assert network is None
    return [p.code for p in problems if p.severity == "erreur"]


def test_archive_folder_and_archive_of_a_folder_are_alike(desk: PointDesk) -> None:
    one, problems = read(desk)
    assert [p.code for p in problems] == ["gtfs-lu"]
    assert (one.stops.schema, one.lines.schema, one.passages.schema) == (
        pl.Schema(STOPS), pl.Schema(LINES), pl.Schema(PASSAGES),
    )  # fmt: skip
    folder, _ = desk.network(write_folder(desk.root / "dossier", feed()))
    nested, _ = desk.network(write_archive(desk.root / "n.zip", feed(), inside="reseau/"))
    for other in (folder, nested):
        assert other is not None
        assert other.passages.equals(one.passages) and other.stops.equals(one.stops)
    assert folder is not None and len(folder.sha256) == 64


def test_marks_spaces_quotes_and_case_of_heads(desk: PointDesk) -> None:
    stops = "\ufeff" + FEED["stops.txt"].replace("stop_id,stop_name", ' Stop_Id , "STOP_NAME"')
    network, _ = read(desk, {"stops.txt": stops.replace("\n", "\r\n")})
    assert network.stops.height == 7


def test_poles_of_one_stop_and_platforms_of_a_station_are_one_place(desk: PointDesk) -> None:
    network, _ = read(desk)
    places = dict(network.stops.select("stop", "place").rows())
    assert places["m1"] == places["m2"] == "m1"
    assert places["g1"] == places["g2"] == "G"
    labels = dict(network.stops.select("place", "place_label").rows())
    assert labels["G"] == "Gare du Val" and labels["n"] == "Nord"


def test_one_name_far_apart_is_two_places(desk: PointDesk) -> None:
    stops = FEED["stops.txt"].replace("m2,Mairie,46.0000,5.0005", "m2,Mairie,46.0000,5.0050")
    network, _ = read(desk, {"stops.txt": stops})
    assert network.stops.filter(pl.col("stop") == "m2")["place"].to_list() == ["m2"]


def test_passages_of_the_day(desk: PointDesk) -> None:
    network, _ = read(desk)
    assert network.day == dt.date(2024, 3, 5)
    assert "mardi 5 mars 2024" in network.reason
    mairie = network.passages.filter(pl.col("stop") == "m1")
    assert mairie.height == 42 and mairie["time"].min() == 6 * 3600 + 5 * 60
    # the end of a line, and what nobody can take, is no passage
    end = network.passages.filter((pl.col("stop") == "g2") & pl.col("pickup"))
    assert end.is_empty()
    # stops outside the box of the project are not kept
    assert not network.passages["stop"].is_in(["v"]).any()


def test_the_day_with_most_trips_is_outside_holidays(desk: PointDesk) -> None:
    """School trips do not run in the holidays; a Monday with more trips is no usual day."""
    calendar = (
        FEED["calendar.txt"].splitlines()[0]
        + "\n"
        + (
            "base,1,1,1,1,1,0,0,20240205,20240331\n"
            "ecole,1,1,1,1,1,0,0,20240226,20240331\n"
            "marche,1,0,0,0,0,0,0,20240205,20240331\n"
        )
    )
    dates = "service_id,date,exception_type\necole,20240305,2\nbase,20240312,1\n"
    files = feed({"calendar.txt": calendar, "calendar_dates.txt": dates})
    heads, *trips = files["trips.txt"].splitlines()
    files["trips.txt"] = "\n".join(
        [
            heads,
            *(t.replace("ecole", ("base", "ecole", "marche")[k % 3]) for k, t in enumerate(trips)),
        ]
    )
    network, _ = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None
    assert network.day == dt.date(2024, 2, 27)  # the first Tuesday of school


def test_the_project_may_name_the_day(desk: PointDesk) -> None:
    network, _ = read(desk, jour="2024-03-14")
    assert network.day == dt.date(2024, 3, 14) and "choisi par le projet" in network.reason
    path = desk.root / "bus.zip"
    assert refused(desk, path, jour="2024-03-10") == ["gtfs-jour"]  # a Sunday: nothing runs
    assert refused(desk, path, jour="mardi") == ["gtfs-jour"]


def test_a_timetable_of_week_ends_only_is_told(desk: PointDesk) -> None:
    calendar = FEED["calendar.txt"].replace("1,1,1,1,1,0,0", "0,0,0,0,0,1,1")
    network, problems = read(desk, {"calendar.txt": calendar})
    assert network.day == dt.date(2024, 3, 9)
    assert "gtfs-jour-inhabituel" in [p.code for p in problems]


def test_only_dates_and_no_calendar(desk: PointDesk) -> None:
    dates = "service_id,date,exception_type\necole,20240306,1\necole,2024-03-07,1\n"
    network, problems = read(desk, {"calendar.txt": None, "calendar_dates.txt": dates})
    assert network.day == dt.date(2024, 3, 6)
    assert [p.where.line for p in problems if p.code == "gtfs-date"] == [3]


def test_trips_past_midnight_belong_to_two_days(desk: PointDesk) -> None:
    """A night bus of Tuesday that calls at 31:10 calls on Wednesday at 7:10."""
    files = feed()
    files["trips.txt"] += "r1,ecole,nuit,0\n"
    files["stop_times.txt"] += "nuit,25:00:00,25:00:00,n,1\nnuit,31:10:00,31:10:00,m1,2\n"
    files["stop_times.txt"] += "nuit,32:00:00,32:00:00,s,3\n"
    network, _ = desk.network(write_archive(desk.root / "b.zip", files), jour="2024-03-06")
    assert network is not None
    mairie = network.passages.filter(pl.col("stop") == "m1")
    assert mairie.filter(~pl.col("own"))["time"].to_list() == [7 * 3600 + 10 * 60]
    assert mairie.filter(pl.col("own"))["time"].max() == 31 * 3600 + 10 * 60
    monday, _ = desk.network(desk.root / "b.zip", jour="2024-03-04")
    assert monday is not None and monday.passages["own"].all()  # nothing ran on Sunday


def test_times_between_neighbours_are_estimated_and_told(desk: PointDesk) -> None:
    files = feed()
    files["trips.txt"] += "r1,ecole,t,0\n"
    files["stop_times.txt"] += "t,05:00:00,05:00:00,n,1\nt,,,m1,2\nt,05:10:00,05:10:00,s,3\n"
    files["trips.txt"] += "r1,ecole,u,0\n"
    files["stop_times.txt"] += "u,05:00:00,05:00:00,n,1\nu,à midi,à midi,m1,2\nu,,,s,3\n"
    network, problems = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None
    times = network.passages.filter(pl.col("stop") == "m1")["time"].to_list()
    assert 5 * 3600 + 5 * 60 in times
    codes = [p.code for p in problems]
    assert "gtfs-heures-estimees" in codes and "gtfs-heure" in codes


def test_trips_known_by_their_frequency(desk: PointDesk) -> None:
    files = feed({"stop_times.txt": "", "trips.txt": ""})
    files["trips.txt"] = "route_id,service_id,trip_id,direction_id\nr1,ecole,f,0\n"
    files["stop_times.txt"] = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "f,00:00:00,00:00:00,n,1\nf,00:05:00,00:05:00,m1,2\nf,00:10:00,00:10:00,s,3\n"
    )
    files["frequencies.txt"] = (
        "trip_id,start_time,end_time,headway_secs\n"
        "f,07:00:00,09:00:00,600\nf,10:00:00,09:00:00,600\n"
    )
    network, problems = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None
    times = network.passages.filter(pl.col("stop") == "m1")["time"].to_list()
    assert times == [7 * 3600 + 300 + 600 * k for k in range(12)]
    assert [p.where.line for p in problems if p.code == "gtfs-frequence"] == [3]


def test_ways_are_found_when_they_are_not_told(desk: PointDesk) -> None:
    told, _ = read(desk)
    path = write_archive(desk.root / "b.zip", feed(directions=False))
    found, _ = desk.network(path)
    assert found is not None

    def parted(network: Network) -> set[frozenset[tuple[str, int]]]:
        rows = network.passages.select("stop", "route", "direction", "time").rows()
        return {
            frozenset((s, t) for s, r, d, t in rows if (r, d) == key)
            for key in {(r, d) for _, r, d, _ in rows}
        }

    assert parted(found) == parted(told)


# ------------------------------------------------------------------ what is wrong


def test_references_to_nothing_are_told_and_left_out(desk: PointDesk) -> None:
    files = feed()
    files["trips.txt"] += "nulle,ecole,x1,0\nr1,jamais,x2,0\n"
    files["stop_times.txt"] += (
        "fantome,07:00:00,07:00:00,m1,1\nb0_360,06:07:00,06:07:00,inconnu,9\n"
    )
    files["stops.txt"] += "p,Place,46.0,5.0,0,absente\n"
    network, problems = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None
    told = {
        (p.where.file.split("/")[-1], p.where.column) for p in problems if p.code == "gtfs-renvoi"
    }
    assert told == {
        ("trips.txt", "route_id"), ("trips.txt", "service_id"), ("stop_times.txt", "trip_id"),
        ("stop_times.txt", "stop_id"), ("stops.txt", "parent_station"),
    }  # fmt: skip
    clean, _ = read(desk)
    assert network.passages.height == clean.passages.height


def test_doubled_and_empty_identifiers(desk: PointDesk) -> None:
    files = feed()
    files["stops.txt"] += "n,Nord bis,46.5,5.0,0,\n,Sans nom,46.0,5.0,0,\n"
    network, problems = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None
    assert network.stops.filter(pl.col("stop") == "n")["place_label"].to_list() == ["Nord"]
    assert "2 lignes" in next(p.what for p in problems if p.code == "gtfs-identifiant")


def test_stops_without_place_or_with_swapped_axes(desk: PointDesk) -> None:
    files = feed()
    files["stops.txt"] += f"a,Sans,,,0,\nb,Inverse,{LON},{LAT},0,\ng3,Voie 3,,,0,G\n"
    network, problems = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None
    rows = {row["stop"]: row for row in network.stops.rows(named=True)}
    assert rows["a"]["x"] is None
    assert rows["b"]["x"] == pytest.approx(rows["m1"]["x"], abs=0.01)
    assert rows["g3"]["x"] is not None  # the place of its station
    assert {"point-sans-coordonnees", "axes-inverses"} <= {p.code for p in problems}


def test_lines_of_an_unknown_type_do_not_serve(desk: PointDesk) -> None:
    routes = FEED["routes.txt"].replace("Val – Ville voisine,2", "Val – Ville voisine,99")
    network, problems = read(desk, {"routes.txt": routes})
    assert network.lines["mode"].to_list() == ["bus"]
    assert "« 99 »" in next(p.what for p in problems if p.code == "gtfs-mode")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("3", "bus"), ("0", "tram"), ("109", "train"), ("1", "metro"), ("704", "bus"), ("200", "car")],
)
def test_types_of_routes_and_their_modes(desk: PointDesk, kind: str, mode: str) -> None:
    routes = FEED["routes.txt"].replace("Nord – Sud,3", f"Nord – Sud,{kind}")
    network, _ = read(desk, {"routes.txt": routes})
    assert network.lines.filter(pl.col("route") == "r1")["mode"].to_list() == [mode]


def test_lines_told_in_the_project(desk: PointDesk) -> None:
    network, _ = read(desk, bhns="1")
    assert dict(network.lines.select("line_label", "mode").rows())["1"] == "bhns"
    network, _ = read(desk, lignes_exclues="TER")
    assert network.lines["line_label"].to_list() == ["1"]
    assert refused(desk, desk.root / "bus.zip", bhns="B1 | 1") == ["gtfs-ligne"]


def test_routes_of_one_short_name_are_one_line(desk: PointDesk) -> None:
    routes = FEED["routes.txt"] + "r1b,A,1,Nord – Sud par la Mairie,3\nr2,B,1,Autre réseau,3\n"
    network, _ = read(desk, {"routes.txt": routes})
    lines = dict(network.lines.select("route", "line").rows())
    assert lines["r1"] == lines["r1b"] != lines["r2"]


@pytest.mark.parametrize("name", ["stops.txt", "routes.txt", "trips.txt", "stop_times.txt"])
def test_a_required_file_lacks(desk: PointDesk, name: str) -> None:
    path = write_archive(desk.root / "b.zip", feed({name: None}))
    assert refused(desk, path) == ["gtfs-fichier-absent"]


def test_other_reasons_to_refuse(desk: PointDesk) -> None:
    assert refused(desk, desk.root / "absent.zip") == ["fichier-absent"]
    (desk.root / "faux.zip").write_bytes(b"PK\x03\x04 and then nothing")
    assert refused(desk, desk.root / "faux.zip") == ["archive-illisible"]
    (desk.root / "vide").mkdir()
    assert refused(desk, desk.root / "vide") == ["gtfs-fichier-absent"]
    path = write_archive(desk.root / "b.zip", feed({"calendar.txt": None}))
    assert refused(desk, path) == ["gtfs-fichier-absent"]
    path = write_archive(desk.root / "c.zip", feed({"stops.txt": "nom,lat\nA,46\n"}))
    assert refused(desk, path) == ["entete-absent"]
    calendar = FEED["calendar.txt"].replace("20240304,20240329", "20240304,mars")
    path = write_archive(desk.root / "d.zip", feed({"calendar.txt": calendar}))
    assert refused(desk, path) == ["gtfs-sans-jour"]
    assert refused(desk, path, days="1") == ["option-inconnue"]


def test_an_archive_is_not_unpacked_outside_its_folder(desk: PointDesk) -> None:
    files = {f"../../{name}": text for name, text in feed().items()}
    network, _ = desk.network(write_archive(desk.root / "b.zip", files))
    assert network is not None and sorted(p.name for p in desk.root.iterdir()) == ["b.zip"]


def test_a_network_of_elsewhere_is_told(desk: PointDesk) -> None:
    stops = FEED["stops.txt"].replace(",46.", ",47.").replace(",45.", ",47.")
    _, problems = read(desk, {"stops.txt": stops})
    assert "gtfs-ailleurs" in [p.code for p in problems]


# ------------------------------------------------------------------ stations


def test_a_file_of_stations_has_no_timetable(desk: PointDesk) -> None:
    path = desk.root / "gares.csv"
    path.write_text(
        f"code_uic;libelle;voyageurs;lon;lat\n1;Val;O;{LON};{LAT}\n1;Val;O;{LON};{LAT}\n"
        f"2;Triage;N;{LON};{LAT}\n"
    )
    network, problems = desk.network(path, "gares", doublons="code_uic", filtre__voyageurs="O")
    assert network is not None and not [p for p in problems if p.severity == "erreur"]
    assert network.stops["place_label"].to_list() == ["Val"]
    assert network.day is None and network.passages.is_empty()
    path.write_text("libelle;lon;lat\n")
    assert refused(desk, path) == ["archive-illisible"]
    network, problems = desk.network(path, "gares")
    assert network is None and problems[0].code == "fichier-sans-ligne"
    assert desk.network(path, "gare")[1][0].code == "lecteur-inconnu"


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_times_are_read(hours: int, minutes: int, secs: int) -> None:
    texts = [f"{hours}:{minutes:02d}:{secs:02d}", f"{hours:02d}:{minutes:02d}:{secs:02d}"]
    found = pl.DataFrame({"t": texts}).select(seconds(pl.col("t"))).to_series().to_list()
    assert found == [hours * 3600 + minutes * 60 + secs] * 2


@pytest.mark.parametrize("text", ["", "7", "7:5:00", "07:60:00", "midi", "-1:00:00", "07h05"])
def test_what_is_no_time(text: str) -> None:
    assert pl.DataFrame({"t": [text]}).select(seconds(pl.col("t"))).item() is None


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=25),
    st.integers(1, 8),
)
def test_chains_of_near_poles_are_those_of_a_naive_search(
    points: list[tuple[int, int]], limit: int
) -> None:
    from terril.sources.gtfs_stops import _chained

    x, y = (np.array([float(p[k]) for p in points]) for k in (0, 1))
    naive = list(range(len(points)))
    changed = True
    while changed:
        changed = False
        for a in range(len(points)):
            for b in range(len(points)):
                near = (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2 <= limit**2
                if near and naive[b] < naive[a]:
                    naive[a], changed = naive[b], True
    assert _chained(x, y, float(limit)) == naive
