"""A small timetable made for a test: two lines of bus and one of train, as an archive."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

#: the files of a feed whose figures a person can check by hand. Monday 4 to Friday 29 March 2024.
#: Line 1 goes from Nord to Sud by Mairie (two poles) every 20 min from 6:00 to 20:00 both ways.
FEED: dict[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Réseau,http://a,Europe/Paris\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "n,Nord,46.0200,5.0000,0,\n"
        "m1,Mairie,46.0000,5.0000,0,\n"
        "m2,Mairie,46.0000,5.0005,0,\n"
        "s,Sud,45.9800,5.0000,0,\n"
        "G,Gare du Val,46.0000,5.0100,1,\n"
        "g1,Voie 1,46.0000,5.0100,0,G\n"
        "g2,Voie 2,46.0001,5.0100,0,G\n"
        "v,Ville voisine,46.2000,5.0100,0,\n"
    ),
    "routes.txt": (
        "route_id,agency_id,route_short_name,route_long_name,route_type\n"
        "r1,A,1,Nord – Sud,3\n"
        "rt,A,TER,Val – Ville voisine,2\n"
    ),
    "trips.txt": "route_id,service_id,trip_id,direction_id\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "ecole,1,1,1,1,1,0,0,20240304,20240329\n"
    ),
}


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def feed(
    changes: Mapping[str, str | None] | None = None, *, directions: bool = True
) -> dict[str, str]:
    """Return the files of the feed; ``changes`` replace files (``None`` takes one out)."""
    files = dict(FEED)
    trips, calls = [files["trips.txt"]], [files["stop_times.txt"]]

    def trip(route: str, name: str, way: int, start: int, stops: list[tuple[str, int]]) -> None:
        told = str(way) if directions else ""
        trips.append(f"{route},ecole,{name},{told}\n")
        for order, (stop, after) in enumerate(stops, 1):
            time = clock(start + after)
            calls.append(f"{name},{time},{time},{stop},{order}\n")

    for start in range(6 * 60, 20 * 60, 20):
        trip("r1", f"b0_{start}", 0, start, [("n", 0), ("m1", 5), ("s", 10)])
        trip("r1", f"b1_{start}", 1, start + 3, [("s", 0), ("m2", 5), ("n", 10)])
    for start in (6 * 60 + 30, 7 * 60 + 30, 8 * 60 + 30, 16 * 60 + 45, 17 * 60 + 45):
        trip("rt", f"t0_{start}", 0, start, [("g1", 0), ("v", 20)])
        trip("rt", f"t1_{start}", 1, start, [("v", 0), ("g2", 20)])
    files["trips.txt"], files["stop_times.txt"] = "".join(trips), "".join(calls)
    for name, text in (changes or {}).items():
        if text is None:
            files.pop(name)
        else:
            files[name] = text
    return files


def write_archive(path: Path, files: Mapping[str, str], inside: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(inside + name, text)
    return path


def write_folder(path: Path, files: Mapping[str, str]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path
