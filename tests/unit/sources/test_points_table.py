"""Are the agency's own places read: tables, shapes, choices of rows, one place once?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from point_material import EXTENT, LAT, LON, PointDesk, X, Y

from terril.sources.points_frame import Ground, settle
from terril.territories.geometry import reproject

TYPE = "Bureau de poste"


@pytest.fixture
def desk(tmp_path: Path) -> PointDesk:
    return PointDesk(tmp_path)


def geojson(*features: tuple[dict[str, object], list[float] | None]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "Point", "coordinates": at} if at else None,
                }
                for properties, at in features
            ],
        }
    )


@pytest.mark.parametrize(
    "text",
    [
        f"nom;type;longitude;latitude\nPoste;{TYPE};{LON};{LAT}\n",
        f"Libellé,Type d'équipement,lat,lon\nPoste,{TYPE},{LAT},{LON}\n",
        f"nom;type;x;y\nPoste;{TYPE};{X};{Y}\n",
        f"nom;type;X_L93;Y_L93\nPoste;{TYPE};{X};{Y}\n".replace(".", ","),
        f'nom;type;geo_point_2d\nPoste;{TYPE};"{LAT}, {LON}"\n',
        f"nom;type;x;y\nPoste;{TYPE};{LON};{LAT}\n",
    ],
)
def test_a_table_however_its_columns_are_named(desk: PointDesk, text: str) -> None:
    found = desk.read("lieux.csv", text)
    assert not found.errors()
    row = found.frame.row(0, named=True)
    assert (row["card"], row["label"], row["xy_state"]) == (TYPE, "Poste", "lue")
    assert (row["x"], row["y"]) == pytest.approx((X, Y), abs=0.01)


def test_spreadsheets(desk: PointDesk, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "lieux.xlsx")
    sheet = book.add_worksheet("Lieux")
    for r, cells in enumerate(
        [("nom", "type", "longitude", "latitude"), ("Poste", TYPE, LON, LAT)]
    ):
        sheet.write_row(r, 0, cells)
    book.close()
    row = desk.read("lieux.xlsx").frame.row(0, named=True)
    assert (row["sheet"], row["line"]) == ("Lieux", 2)
    assert row["x"] == pytest.approx(X, abs=0.01)


def test_geojson_geopackage_and_shapefile_give_the_same(desk: PointDesk, tmp_path: Path) -> None:
    text = geojson(({"nom": "Poste", "type": TYPE}, [LON, LAT]), ({"nom": "B", "type": TYPE}, None))
    one = desk.read("lieux.geojson", text).frame
    assert one["xy_state"].to_list() == ["lue", "absente"]
    points = shapely.to_wkb(shapely.points([[X, Y]]))
    for name in ("lieux.gpkg", "lieux.shp"):
        pyogrio.raw.write(
            tmp_path / name,
            geometry=points,
            field_data=[np.array(["Poste"], dtype=object), np.array([TYPE], dtype=object)],
            fields=["nom", "type"],
            geometry_type="Point",
            crs="EPSG:2154",
        )
        row = desk.read(name).frame.row(0, named=True)
        assert (row["x"], row["y"]) == pytest.approx((one["x"][0], one["y"][0]), abs=0.01)


def test_a_building_gives_a_point_that_lies_on_it(desk: PointDesk) -> None:
    """A C-shaped school: its centre of gravity would fall in the yard."""
    corners = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 3), (4, 3), (4, 4), (0, 4), (0, 0)]
    ring = [(LON + a / 1000, LAT + b / 1000) for a, b in corners]
    text = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"nom": "École", "type": "Collège"},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            ],
        }
    )
    row = desk.read("lieux.geojson", text).frame.row(0, named=True)
    lon, lat = reproject(np.array([[row["x"], row["y"]]]), 2154, 4326)[0]
    assert shapely.Polygon(ring).contains(shapely.Point(lon, lat))


def test_the_system_may_be_told(desk: PointDesk) -> None:
    """Lambert II étendu, as old files are."""
    x, y = reproject(np.array([[LON, LAT]]), 4326, 27572)[0]
    text = f"nom;type;x;y\nPoste;{TYPE};{x};{y}\n"
    row = desk.read("lieux.csv", text, crs="27572").frame.row(0, named=True)
    assert (row["x"], row["y"]) == pytest.approx((X, Y), abs=0.05)
    untold = desk.read("lieux.csv", text)
    assert untold.frame["xy_state"].to_list() == ["hors_systeme"]
    assert 'crs = "2154"' in untold.one("point-hors-systeme").remedy
    assert (
        desk.read("lieux.csv", text, crs="Lambert").one("projection-inconnue").where.column == "crs"
    )


def test_every_point_that_cannot_be_placed_is_counted_and_kept(desk: PointDesk) -> None:
    text = "nom;type;longitude;latitude;précision\n" + "".join(
        f"{name};{TYPE};{lon};{lat};{precision}\n"
        for name, lon, lat, precision in [
            ("vide", "", "", ""),
            ("zéro", 0, 0, ""),
            ("inversé", LAT, LON, ""),
            ("illisible", "4°56", LAT, ""),
            ("océan", -170, 0, ""),
            ("loin", 2.35, 48.85, ""),
            ("commune", LON, LAT, "Géocodé au centre de la commune"),
            ("juste", LON, LAT, "Géocodé au numéro"),
        ]
    )
    found = desk.read("lieux.csv", text)
    assert not found.errors()
    assert found.frame.height == 8
    states = dict(found.frame.select("label", "xy_state").rows())
    assert states == {
        "vide": "absente", "zéro": "absente", "inversé": "retablie", "illisible": "absente",
        "océan": "hors_systeme", "loin": "lue", "commune": "lue", "juste": "lue",
    }  # fmt: skip
    assert "3 lieux" in found.one("point-sans-coordonnees").what
    assert found.one("axes-inverses").where.line == 4
    assert found.one("coordonnee-illisible").where.line == 5
    assert found.one("point-hors-systeme").where.line == 6
    assert found.one("points-eloignes").what.startswith("1 lieu est loin")
    assert found.one("precision-douteuse").where.line == 8
    assert found.frame["xy_quality"].to_list()[-2:] == ["mauvaise", "bonne"]


def test_a_file_of_elsewhere_is_suspected(desk: PointDesk) -> None:
    found = desk.read("lieux.csv", f"nom;type;lon;lat\nTour;{TYPE};2.29;48.86\n")
    assert "Aucun" in found.one("points-tous-eloignes").what


def test_rows_are_chosen_and_a_place_counts_once(desk: PointDesk) -> None:
    """A station stands a row a railway line; those of goods are left."""
    text = "code_uic;libelle;voyageurs;lon;lat\n" + "".join(
        f"{code};{name};{open_};{lon};{LAT}\n"
        for code, name, open_, lon in [
            ("1", "Val", "O", LON), ("1", "Val", "O", LON + 0.0005), ("2", "Haut", "O", LON + 0.01),
            ("2", "Haut", "O", LON + 0.02), ("3", "Triage", "N", LON),
        ]
    )  # fmt: skip
    found = desk.read(
        "gares.csv", text, type="Gare ferroviaire", doublons="code_uic", filtre__voyageurs="O"
    )
    assert found.frame["label"].to_list() == ["Val", "Haut"]
    assert found.frame["line"].to_list() == [2, 4]
    assert "2 lignes répètent" in found.one("points-reunis").what
    apart = found.one("points-ecartes")
    assert apart.where.line == 4 and "« Haut »" in apart.what and "77" in apart.what
    assert "4 lignes sur 5" in found.one("points-filtres").what


def test_without_doubles_asked_rows_are_all_places(desk: PointDesk) -> None:
    text = f"nom;type;lon;lat\nPoste;{TYPE};{LON};{LAT}\nPoste;{TYPE};{LON};{LAT}\n"
    found = desk.read("lieux.csv", text)
    assert found.frame.height == 2 and found.frame["id"].is_unique().all()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"colonne_type": "genre"}, "colonne-absente"),
        ({"type": "Poste"}, "type-inconnu"),
        ({"filtre__ouvert": "oui"}, "colonne-absente"),
        ({"doublons": "numero"}, "colonne-absente"),
        ({"correspondance": "rien.csv"}, "fichier-absent"),
        ({"colone_x": "a"}, "option-inconnue"),
        ({"crs": "9999999"}, "projection-inconnue"),
    ],
)
def test_a_wrong_declaration_is_refused(
    desk: PointDesk, options: dict[str, Any], code: str
) -> None:
    found = desk.read("lieux.csv", f"nom;type;lon;lat\nP;{TYPE};{LON};{LAT}\n", **options)
    assert found.frame.is_empty() and code in [
        p.code for p in found.problems if p.severity == "erreur"
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("l.csv", "nom;adresse\nA;rue\n", "entete-absent"),
        ("l.csv", f"nom;lon;lat\nP;{LON};{LAT}\n", "colonne-absente"),
        ("l.csv", "nom;type;lon;lat\n", "fichier-sans-ligne"),
        ("l.geojson", "{", "lieux-illisibles"),
        ("l.geojson", geojson(), "fichier-sans-ligne"),
        ("l.csv", None, "fichier-absent"),
    ],
)
def test_a_wrong_file_is_refused(
    desk: PointDesk, name: str, content: str | None, code: str
) -> None:
    found = desk.read(name, content)
    assert found.frame.is_empty()
    assert code in [p.code for p in found.problems if p.severity == "erreur"], found.problems


def test_types_as_the_producers_write_them(desk: PointDesk) -> None:
    words = ["Bureau de Poste", "Agence postale communale", "COLLEGE", "École Maternelle", "D201",
             "SECTION ENSEIGNT GEN. ET PROF. ADAPTE", "Épicerie fine de luxe"]  # fmt: skip
    text = "nom;type;lon;lat\n" + "".join(f"L;{w};{LON};{LAT}\n" for w in words)
    found = desk.read("l.csv", text)
    assert found.frame["card"].to_list() == [
        "Bureau de poste", "Agence postale", "Collège", "École maternelle", "Médecin généraliste",
        "",
    ]  # fmt: skip
    assert found.one("type-inconnu").where.line == 8
    assert "SECTION ENSEIGNT" in found.one("points-laisses").what


def test_the_correspondence_wins(desk: PointDesk, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("valeur;type\ncollege;Lycée\n", encoding="utf-8")
    text = f"nom;type;lon;lat\nA;COLLEGE;{LON};{LAT}\n"
    assert desk.read("l.csv", text, correspondance="c.csv").frame["card"].to_list() == ["Lycée"]


GROUND = Ground(2154, frozenset(), EXTENT)


@settings(deadline=None)
@given(st.floats(-4.5, 8.0), st.floats(42.0, 51.0))
def test_axes_are_recognised_wherever_in_france(lon: float, lat: float) -> None:
    """Right and swapped coordinates settle in one place; a round trip gives them back."""
    right = settle(np.array([lon]), np.array([lat]), 4326, GROUND)
    swapped = settle(np.array([lat]), np.array([lon]), 4326, GROUND)
    assert (right[2][0], swapped[2][0]) == ("lue", "retablie")
    assert (right[0][0], right[1][0]) == (swapped[0][0], swapped[1][0])
    x, y = right[0][0], right[1][0]
    metres = settle(np.array([y]), np.array([x]), 2154, GROUND)
    assert metres[2][0] == "retablie" and (metres[0][0], metres[1][0]) == (x, y)
    back = reproject(np.array([[x, y]]), 2154, 4326)[0]
    assert back == pytest.approx([lon, lat], abs=1e-7)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=20))
def test_nothing_is_lost_whatever_is_written(pairs: list[tuple[float, float]]) -> None:
    x = np.array([p[0] for p in pairs], dtype=float)
    y = np.array([p[1] for p in pairs], dtype=float)
    new_x, new_y, state = settle(x, y, 4326, GROUND)
    assert len(state) == len(pairs)
    placed = np.isin(state.astype(str), ["lue", "retablie"])
    assert (np.isfinite(new_x) & np.isfinite(new_y) == placed).all()
