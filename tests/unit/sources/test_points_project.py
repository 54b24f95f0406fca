"""Do the files that terril.toml declares reach the figures: [[points]] and [[dessertes]]?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from point_material import EPCI, EXTENT, LAT, LON, X, Y, ground_territories
from transport_feed import feed, write_archive

from terril.benchmarks.offer import local_offer
from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.places.equipment import count_equipment
from terril.places.stops import served
from terril.places.stops_statements import service_statements
from terril.sources.gtfs import read_networks
from terril.sources.points import read_all_points
from terril.sources.project import Project, read_project
from terril.territories.geometry import read_layer
from terril.territories.registry import write_territories

TOML = f"""
[projet]
nom = "Essai"
edition = 2024-06-01

[territoire]
epci = "{EPCI}"

[[points]]
id = "bpe"
fichier = "bpe.csv"
lecteur = "bpe"

[[points]]
id = "poste"
fichier = "poste.csv"
lecteur = "points"
type = "Bureau de poste"
priorite = 10
filtre.ouvert = "oui"

[[dessertes]]
id = "bus"
fichier = "bus.zip"
lecteur = "gtfs"

[[dessertes]]
id = "gares"
fichier = "gares.csv"
lecteur = "gares"
doublons = "code"
"""
CORNERS = [(-0.001, -0.001), (0.001, -0.001), (0.001, 0.001), (-0.001, 0.001), (-0.001, -0.001)]
RING = ", ".join(f"[{LON + a}, {LAT + b}]" for a, b in CORNERS)
OUTLINE = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
    '{"code_qp": "QP001001", "nom_qp": "Les Prés"}, "geometry": {"type": "Polygon", '
    f'"coordinates": [[{RING}]]}}}}]}}'
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "terril.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "territoires.csv").write_text(write_territories(ground_territories()), "utf-8")
    (tmp_path / "qpv.geojson").write_text(OUTLINE, encoding="utf-8")
    head = "DEPCOM;AN;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY;QP2015;QUALI_QP2015\n"
    rows = [(X, Y, "A206", "1"), (X, Y, "D307", "1"), (X + 150, Y, "B207", "2")]
    (tmp_path / "bpe.csv").write_text(
        head + "".join(f"01004;2024;{t};{x};{y};B;QP001001;{q}\n" for x, y, t, q in rows)
    )
    (tmp_path / "poste.csv").write_text(
        f"nom;ouvert;lon;lat\nPoste A;oui;{LON};{LAT}\nPoste B;non;{LON};{LAT}\n"
    )
    (tmp_path / "gares.csv").write_text(f"code;nom;lon;lat\n1;Val;{LON + 0.01};{LAT}\n")
    write_archive(tmp_path / "bus.zip", feed())
    return read_project(tmp_path)


def test_from_the_declared_files_to_the_counts(project: Project) -> None:
    catalogue, problems = load_catalogue(), ProblemList()
    territories = ground_territories()
    layer = read_layer(project.root / "qpv.geojson", problems, nature="qpv", generation="2015")
    assert layer is not None
    points = read_all_points(project, catalogue, problems, extent=EXTENT)  # reads territoires.csv
    assert problems.errors == []
    assert points["document"].to_list() == ["bpe"] * 3 + ["poste"]
    found = count_equipment(points, layer, catalogue, territories)
    counts = {
        t: (i, a, d)
        for t, i, a, d in found.equipment.filter(pl.col("document") != "")
        .select("type", "inside", "around", "document").rows()
    }  # fmt: skip
    assert counts == {
        "Bureau de poste": (1, 0, "poste"), "Pharmacie": (1, 0, "bpe"),
        "Boulangerie-pâtisserie": (0, 1, "bpe"),
    }  # fmt: skip
    (row,) = found.check.disagreements.rows(named=True)
    assert (row["card"], row["theirs"], row["quality"]) == (
        "Boulangerie-pâtisserie",
        "QP001001",
        "2",
    )
    assert row["distance_m"] == pytest.approx(72.6, abs=0.5)
    offer = local_offer(found.equipment, catalogue).offers.row(0, named=True)
    assert (offer["low"], offer["high"]) == ("limitee", "developpee")


def test_from_the_declared_networks_to_the_statements(project: Project) -> None:
    catalogue, problems = load_catalogue(), ProblemList()
    layer = read_layer(project.root / "qpv.geojson", problems, nature="qpv", generation="2015")
    assert layer is not None
    networks = read_networks(project, catalogue, problems, extent=EXTENT)
    assert problems.errors == []
    service = served([n for n in networks if n is not None], layer, catalogue)
    rows = service_statements(service, catalogue, complete=None not in networks)
    values = {i.partition(".")[2]: v for i, v in rows.select("indicator", "value").rows()}
    assert values == {
        "nb_arrets": 2, "nb_lignes": 2, "nb_lignes_structurantes": 1, "nb_gares": 1,
        "nb_passages_pointe": 7, "distance_arret": 0,
    }  # fmt: skip
    # the station of the list is the one of the timetable: « Val », « Gare du Val »
    assert set(service.served["document"]) == {"bus"}
    (project.root / "bus.zip").write_bytes(b"")
    networks = read_networks(project, catalogue, problems, extent=EXTENT)
    assert networks[0] is None and problems.errors
    service = served([n for n in networks if n is not None], layer, catalogue)
    assert service_statements(service, catalogue, complete=None not in networks).is_empty()


def test_a_refused_file_gives_no_point_and_the_others_stand(project: Project) -> None:
    (project.root / "bpe.csv").write_text("rien")
    problems = ProblemList()
    points = read_all_points(project, load_catalogue(), problems, extent=EXTENT)
    assert points["document"].to_list() == ["poste"] and problems.errors
