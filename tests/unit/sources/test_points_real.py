"""Are the producers' real files of places read as they are?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import polars as pl
import pytest

from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemList
from terril.places.equipment import EquipmentCount, count_equipment
from terril.places.stops import served
from terril.sources.gtfs import read_network
from terril.sources.points import read_all_points
from terril.sources.project import InputSpec, read_project
from terril.territories.geometry import Layer, read_layer
from terril.territories.geometry_points import extent_of
from terril.territories.registry import Territories, read_territories

FILES: list[tuple[str, str, dict[str, str]]] = [
    ("laposte", "laposte_points_contact_dep62.csv", {}),
    ("colleges", "colleges_lycees_dep62.geojson", {}),
    (
        "gares",
        "gares_sncf_dep62.geojson",
        {"type": "Gare ferroviaire", "doublons": "code_uic", "filtre.voyageurs": "O"},
    ),
    ("hopitaux", "hopitaux_eurostat_dep62.csv", {}),
    ("france-services", "france_services_dep62_20240801.csv", {"type": "France services"}),
]


@dataclasses.dataclass(frozen=True)
class Real:
    points: pl.DataFrame
    problems: list[Problem]
    layer: Layer
    territories: Territories

    def of(self, document: str) -> pl.DataFrame:
        return self.points.filter(pl.col("document") == document)


@pytest.fixture(scope="module")
def real(real_data: Path, demo_dir: Path) -> Real:
    project = read_project(demo_dir)
    territories = read_territories(project.territories_file, ProblemList())
    layer = read_layer(
        real_data / "qpv-2015" / "qpv2015_lens_lievin_21_4326.geojson",
        ProblemList(), nature="qpv", generation="2015",
    )  # fmt: skip
    assert layer is not None
    specs = tuple(
        InputSpec(name, real_data / "equipements" / file, "points", options=options)
        for name, file, options in FILES
    )
    problems = ProblemList()
    points = read_all_points(
        dataclasses.replace(project, points=specs),
        load_catalogue(project.catalogue_dirs),
        problems,
        territories=territories,
        extent=extent_of([layer], 500),
    )
    return Real(points, list(problems), layer, territories)


@pytest.mark.parametrize(
    ("document", "counts"),
    [
        ("laposte", {"Bureau de poste": 158, "Agence postale": 76, "Relais poste": 36}),
        ("colleges", {"Collège": 128, "Lycée": 63, "Section de lycée": 1}),
        ("hopitaux", {"Hôpital": 52, "Autres établissements de santé": 35, "Clinique": 3}),
        ("france-services", {"France services": 50}),
        ("gares", {"Gare ferroviaire": 78}),
    ],
)
def test_types_of_each_file(real: Real, document: str, counts: dict[str, int]) -> None:
    assert dict(real.of(document).group_by("card").len().rows()) == counts


def test_nothing_is_refused_and_every_place_is_placed(real: Real) -> None:
    assert not [str(p) for p in real.problems if p.severity == "erreur"]
    assert real.points["x"].null_count() == 0
    assert set(real.points["xy_state"]) == {"lue"}
    assert real.points["id"].is_unique().all()


def test_precision_of_the_post_offices(real: Real) -> None:
    counts = dict(real.of("laposte").group_by("xy_quality").len().rows())
    assert counts == {"bonne": 248, "acceptable": 9, "mauvaise": 13}


def test_two_places_of_one_station_are_told(real: Real) -> None:
    """The file has a row a station and a line: one comes twice, 690 m apart."""
    far = [p.what for p in real.problems if p.code == "points-ecartes"]
    assert len(far) == 3 and any("690 m" in what for what in far)


def test_metres_are_those_of_the_producer(real: Real, real_data: Path) -> None:
    """The file of stations has Lambert-93 coordinates of its own: ours are within 20 cm."""
    import json

    raw = json.loads((real_data / "equipements" / "gares_sncf_dep62.geojson").read_text("utf-8"))
    theirs = {
        f"gares:{f['properties']['code_uic']}": f["properties"] for f in raw["features"][::-1]
    }
    for identity, x, y in real.of("gares").select("id", "x", "y").rows():
        assert abs(x - theirs[identity]["x_l93"]) < 0.2 and abs(y - theirs[identity]["y_l93"]) < 0.2


@pytest.fixture(scope="module")
def counted(real: Real) -> EquipmentCount:
    return count_equipment(real.points, real.layer, load_catalogue(), real.territories)


def test_post_offices_beside_the_inventory_of_the_pilot(
    counted: EquipmentCount, demo_dir: Path
) -> None:
    """The inventory of the contract counts post offices too: same conventions, near figures.

    It has no date, and 300 or 500 m of surroundings; inside, the two agree but for a few.
    """
    inventory = pl.read_csv(demo_dir / "donnees" / "equipements.csv", infer_schema_length=None)
    theirs = inventory.filter(pl.col("type") == "Bureau de poste").select(
        pl.col("quartier").alias("territory"),
        pl.col("nb_quartier").cast(pl.Int32, strict=False).alias("theirs"),
    )
    ours = counted.equipment.filter(pl.col("type") == "Bureau de poste").select(
        "territory", "inside"
    )
    both = ours.join(theirs, on="territory", how="left").with_columns(pl.col("theirs").fill_null(0))
    assert both.height == 21
    assert both.filter(pl.col("inside") == pl.col("theirs")).height >= 18, both


def test_evidence_of_real_places(counted: EquipmentCount, real: Real) -> None:
    """Exact distances, beside a distance measured by the geometry library on its own."""
    import shapely

    shapes = dict(zip(real.layer.codes, real.layer.shapes, strict=True))
    rows = counted.evidence.rows(named=True)
    assert {row["family"] for row in rows} == {"poste"}
    assert {row["territory"] for row in rows} == set(real.layer.codes)
    for row in rows:
        metres = shapely.distance(shapes[row["territory"]], shapely.Point(row["x"], row["y"]))
        assert row["distance_m"] == pytest.approx(metres, abs=1e-6)
        where = "inside" if metres == 0 else "around" if metres <= 300 else "beyond"
        assert row["where"] == where


def test_families_without_a_file_are_unknown_not_absent(counted: EquipmentCount) -> None:
    unknown = counted.equipment.filter(pl.col("inside").is_null())
    assert unknown.height == 21 * 5  # all the families but the post office
    (finding,) = [f for f in counted.findings if f.code == "famille-sans-fichier"]
    assert "les écoles" in finding.text


def test_stations_that_serve_the_neighbourhoods(
    real: Real, real_data: Path, demo_dir: Path
) -> None:
    """The list of stations as a network: exact distances, beside a naive search."""
    import shapely

    spec = InputSpec(
        "gares",
        real_data / "equipements" / "gares_sncf_dep62.geojson",
        "gares",
        options={"doublons": "code_uic", "filtre.voyageurs": "O"},
    )
    catalogue = load_catalogue()
    problems = ProblemList()
    network = read_network(
        spec, read_project(demo_dir), catalogue, problems, territories=real.territories
    )
    assert network is not None and not problems.errors
    found = served([network], real.layer, catalogue)
    naive = {
        (code, label)
        for code, shape in zip(real.layer.codes, real.layer.shapes, strict=True)
        for label, x, y in real.of("gares").select("label", "x", "y").rows()
        if shapely.distance(shape, shapely.Point(x, y)) <= 800
    }
    assert set(found.served.select("territory", "stop_label").rows()) == naive
    assert len(naive) >= 5
