"""Do outlines, places and two generations reach the edition and its file of perimeters?"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pyogrio
import pytest

from terril.editions.ground import together
from terril.editions.look import Shelf
from terril.editions.open import open_edition
from terril.editions.pipeline import build
from terril.editions.seal import seal
from terril.reports.pages.surroundings import surroundings
from terril.reports.workbooks import write_workbooks
from terril.sources.equipment import EQUIPMENT
from terril.sources.project import read_project
from terril.territories.geometry import reproject

#: three neighbourhoods of 400 m in two communes of 2 km, near Paris' meridian, Lambert-93
Squares = dict[str, tuple[float, float, float]]  # west, south, side in metres

WEST, SOUTH = 700_000.0, 6_600_000.0


def square(x: float, y: float, side: float) -> list[list[list[float]]]:
    x, y = WEST + x, SOUTH + y
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return [ring]


def layer(folder: Path, name: str, squares: Squares) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "nom": f"Lieu {code}"},
            "geometry": {"type": "Polygon", "coordinates": square(*where)},
        }
        for code, where in squares.items()
    ]
    text = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}},
        "features": features,
    }
    (folder / name).write_text(json.dumps(text), encoding="utf-8")


DECLARED = """
[[perimetres]]
id = "quartiers"
fichier = "qpv.geojson"
lecteur = "contours"
nature = "qpv"
generation = "2015"
crs = "2154"

[[perimetres]]
id = "communes"
fichier = "communes.geojson"
lecteur = "contours"
nature = "commune"
crs = "2154"

[[points]]
id = "postes"
fichier = "postes.csv"
lecteur = "points"
type = "Bureau de poste"
crs = "2154"
"""

QPV: Squares = {
    "QP062001": (200, 200, 400),
    "QP062002": (1200, 200, 400),
    "QP062003": (2600, 800, 400),
}
COMMUNES: Squares = {"62001": (0, 0, 2000), "62002": (2000, 0, 2000)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    from small_ground import write  # the small project, with codes that lie in department 62

    folder = write(tmp_path / "projet")
    layer(folder, "qpv.geojson", QPV)
    layer(folder, "communes.geojson", COMMUNES)
    inside, around, far = (400, 400), (1850, 400), (3900, 1900)
    rows = ["nom;x;y"]
    for name, (x, y) in (("Centre", inside), ("Est", around), ("Loin", far)):
        rows.append(f"Poste {name};{WEST + x};{SOUTH + y}")
    (folder / "postes.csv").write_text("\n".join(rows), encoding="utf-8")
    with (folder / "terril.toml").open("a", encoding="utf-8") as file:
        file.write(DECLARED)
    return folder


def test_places_are_counted_and_the_perimeters_sealed(project: Path, tmp_path: Path) -> None:
    content = build(project)
    seal(tmp_path / "editions", content)
    edition = open_edition(tmp_path / "editions")
    counts = {
        (r["territory"], r["type"]): (r["inside"], r["around"])
        for r in edition.equipment.iter_rows(named=True)
        if r["type"] == "Bureau de poste"
    }
    assert counts["QP062001", "Bureau de poste"] == (1, 0)
    assert counts["QP062002", "Bureau de poste"] == (0, 1)
    assert counts["QP062003", "Bureau de poste"] == (0, 0)
    names = {str(row[0]) for row in pyogrio.list_layers(edition.path / "perimetres.gpkg")}
    assert {"qpv_2015", "communes"} <= names
    assert set(edition.maps) == set(QPV)
    assert edition.atlas is not None
    held = edition.outlines.get("qpv", "2015")
    assert held is not None and held.areas() == pytest.approx([160_000] * 3)
    hashes = {item.document for item in edition.manifest.inputs}
    assert {"quartiers", "communes", "postes"} <= hashes


def timetable(folder: Path) -> None:
    """A line of bus every ten minutes, both ways, that stops in the first neighbourhood."""
    stops = np.array([[WEST + 400, SOUTH + 400], [WEST + 9000, SOUTH + 400]])
    (inside, away) = reproject(stops, 2154, 4326)
    files = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,R,http://a,Europe/Paris\n",
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n"
        f"a,=Place du Marché,{inside[1]},{inside[0]}\nb,Loin,{away[1]},{away[0]}\n",
        "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\n"
        "r,A,7,Marché – Loin,3\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        "start_date,end_date\ns,1,1,1,1,1,0,0,20240304,20240329\n",
    }
    trips, times = (
        ["route_id,service_id,trip_id,direction_id"],
        ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"],
    )
    for start in range(6 * 60, 20 * 60, 10):
        for way, order in ((0, "ab"), (1, "ba")):
            trips.append(f"r,s,{way}{start},{way}")
            for rank, stop in enumerate(order):
                at = start + 15 * rank
                clock = f"{at // 60:02d}:{at % 60:02d}:00"
                times.append(f"{way}{start},{clock},{clock},{stop},{rank + 1}")
    files["trips.txt"], files["stop_times.txt"] = "\n".join(trips), "\n".join(times)
    with zipfile.ZipFile(folder / "bus.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    with (folder / "terril.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[dessertes]]\nid = "bus"\nfichier = "bus.zip"\nlecteur = "gtfs"\n')


def test_lines_and_places_reach_the_edition_the_page_and_the_workbook(
    project: Path, tmp_path: Path
) -> None:
    timetable(project)
    seal(tmp_path / "editions", build(project))
    look = Shelf(tmp_path / "editions").latest()
    assert look is not None
    around = surroundings(look, "QP062001")
    assert [(line.line, line.stop, line.distance) for line in around.lines] == [
        ("7", "=Place du Marché", "dans le quartier")
    ]
    assert around.lines[0].often == "10\u202fmin" and around.summary
    assert [family.label for family in around.families] == ["Bureau de poste"]
    assert surroundings(look, "QP062003").lines == ()
    figures = {
        (r["territory"], r["indicator"]): r["value"]
        for r in look.rows("observations", territory="QP062001")
    }
    assert figures["QP062001", "accessibilite.nb_lignes"] == 1
    write_workbooks(open_edition(tmp_path / "editions"), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "tableaux.xlsx")
    cells = [cell for row in book["Desserte"].iter_rows() for cell in row]
    stop = next(cell for cell in cells if cell.value == "=Place du Marché")
    assert stop.data_type == "s", "a name is never a formula"
    assert "Lieux" in book.sheetnames


def test_without_perimeters_what_waits_for_them_is_said(project: Path) -> None:
    text = (project / "terril.toml").read_text(encoding="utf-8")
    (project / "terril.toml").write_text(
        text[: text.index("[[perimetres]]")] + text[text.index("[[points]]") :], encoding="utf-8"
    )
    content = build(project)
    assert "perimetres-absents" in content.problems["code"].to_list()
    assert not content.maps


def test_of_an_inventory_and_points_the_most_trusted_speaks(project: Path) -> None:
    def rows(document: str, inside: int | None) -> pl.DataFrame:
        row = ("QP062001", 300, "Poste", "Bureau de poste", inside, 0, document, "", "", 1, "")
        return pl.DataFrame([row], schema=EQUIPMENT, orient="row")

    read = read_project(project)
    stated, counted = rows("tableaux", 3), rows("postes", 1)
    assert together(stated, counted, read)["inside"].to_list() == [3]  # priority 10 before 50
    assert together(rows("autre", 3), counted, read)["inside"].to_list() == [1]
    # what points do not know is unknown only where there is no inventory
    assert together(stated, rows("postes", None), read)["inside"].to_list() == [3]


@pytest.mark.long
def test_the_pilot_with_the_producers_outlines(
    demo_dir: Path, real_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pilote"
    shutil.copytree(demo_dir, folder, ignore=shutil.ignore_patterns("editions"))
    files = {
        ("qpv", "2015"): "qpv-2015/qpv2015_dep62_2154.gpkg",
        ("qpv", "2024"): "qpv-2024/qpv2024_lens_lievin_21_4326.geojson",
        ("commune", ""): "communes-62/communes-62-pas-de-calais.geojson",
        ("cite", ""): "bassin-minier/cites-minieres.geojson",
    }
    with (folder / "terril.toml").open("a", encoding="utf-8") as out:
        for number, ((nature, generation), name) in enumerate(files.items()):
            out.write(f'\n[[perimetres]]\nid = "p{number}"\nfichier = "{real_data / name}"\n')
            out.write(f'lecteur = "contours"\nnature = "{nature}"\n')
            if generation:
                out.write(f'generation = "{generation}"\n')
    content = build(folder)
    assert len(content.maps) == 21
    kept = content.correspondence.filter(pl.col("new").is_not_null() & pl.col("old").is_not_null())
    assert kept.height >= 21
    pair = kept.filter((pl.col("old") == "QP062034") & (pl.col("new") == "QN06234M"))
    assert 0.85 < pair["share_old"][0] < 0.92
    assert content.correspondence["basis"].unique().to_list() == ["surface"]
