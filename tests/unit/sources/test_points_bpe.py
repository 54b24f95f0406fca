"""Is the Insee's database of equipment read as it is, whatever its edition?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from point_material import EXTENT, LAT, LON, PointDesk, X, Y

from terril.catalogue.lists import read_list
from terril.catalogue.load import load_catalogue
from terril.sources.points_types import bpe_codes, bpe_domains, out_of_edition

HEAD_2018 = "REG;DEP;DEPCOM;DCIRIS;AN;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY\n"
HEAD_2024 = (
    "AN;NOMRS;DEPCOM;DEP;TYPEQU;LAMBERT_X;LAMBERT_Y;LONGITUDE;LATITUDE;QUALITE_XY;EPSG;"
    "QUALITE_GEOLOC;QP2024;QUALI_QP2024;QP2015;QUALI_QP2015\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> PointDesk:
    return PointDesk(tmp_path)


def row_2018(
    kind: str, x: object, y: object, quality: str = "Bonne", commune: str = "01004"
) -> str:
    return f"84;{commune[:2]};{commune};{commune}0101;2018;{kind};{x};{y};{quality}\n"


def test_edition_of_2018_in_windows_1252(desk: PointDesk) -> None:
    text = (
        HEAD_2018
        + row_2018("A206", X, Y)
        + row_2018("C101", "", "", "type_équipement_non_géolocalisé_cette_année")
    )
    found = desk.read("bpe18_ensemble_xy.csv", text.encode("cp1252"), "bpe")
    assert not found.errors()
    assert "encodage" not in found.codes  # its usual form: nothing to say
    rows = found.frame.to_dicts()
    assert [r["card"] for r in rows] == ["Bureau de poste", "École maternelle"]
    assert (rows[0]["x"], rows[0]["y"], rows[0]["crs"]) == (X, Y, 2154)
    assert [r["line"] for r in rows] == [2, 3]
    assert [r["xy_quality"] for r in rows] == ["bonne", ""]
    assert [r["xy_state"] for r in rows] == ["lue", "absente"]
    assert rows[1]["x"] is None
    assert {r["vintage"] for r in rows} == {"2018"}
    assert found.one("point-sans-coordonnees").where.line == 3


def test_edition_of_2024_with_names_zones_and_qualities(desk: PointDesk) -> None:
    text = HEAD_2024 + (
        f"2024;PHARMACIE;01004;01;D307;{X};{Y};{LON};{LAT};B;2154;11;QN00101M;1;QP001001;3\n"
        f"2024;_Z;01004;01;D265;_U;_U;{LON};{LAT};_Z;_Z;33;_Z;_Z;HZ;_Z\n"
    )
    found = desk.read("BPE24.csv", text, "bpe")
    first, second = found.frame.to_dicts()
    assert (first["label"], first["qpv_2024"], first["qpv_2024_quality"]) == (
        "PHARMACIE", "QN00101M", "1",
    )  # fmt: skip
    assert (first["qpv_2015"], first["qpv_2015_quality"]) == ("QP001001", "3")
    # no Lambert coordinates: longitude and latitude stand in; no quality: that of the street
    assert second["x"] == pytest.approx(X, abs=0.01)
    assert (second["card"], second["label"]) == ("Médecin généraliste", "Médecin généraliste")
    assert (second["qpv_2015"], second["qpv_2024"], second["xy_quality"]) == ("", "", "mauvaise")
    assert "precision-douteuse" in found.codes


def test_parquet_says_the_same_as_csv(desk: PointDesk, tmp_path: Path) -> None:
    text = HEAD_2024 + "".join(
        f"2024;LIEU {k};01004;01;{kind};{X + k};{Y};{LON};{LAT};B;2154;11;_Z;_Z;_Z;_Z\n"
        for k, kind in enumerate(("D307", "B207", "C107"))
    )
    csv = desk.read("bpe.csv", text, "bpe").frame
    table = pl.read_csv(tmp_path / "bpe.csv", separator=";", infer_schema=False)
    numbers = table.with_columns(pl.col("LAMBERT_X", "LAMBERT_Y").cast(pl.Float64))
    for name, frame in (("textes.parquet", table), ("nombres.parquet", numbers)):
        frame.write_parquet(tmp_path / name)
        read = desk.read(name, None, "bpe").frame
        same = [c for c in read.columns if c not in ("file", "sha256", "line", "id")]
        assert read.select(same).equals(csv.select(same))
        assert read["line"].to_list() == [1, 2, 3]


def test_only_the_ground_is_kept_and_nothing_of_it_is_lost(desk: PointDesk) -> None:
    text = HEAD_2018 + (
        row_2018("A206", X, Y)
        + row_2018("A206", X + 4999, Y, commune="71001")  # a neighbour, in the box
        + row_2018("A206", X + 9000, Y, commune="71001")  # too far
        + row_2018("A206", X + 9000, Y)  # too far, but of our commune
        + row_2018("A206", "", "")  # nowhere, but of our commune
    )
    found = desk.read("bpe.csv", text, "bpe")
    assert found.frame["line"].to_list() == [2, 3, 5, 6]
    assert "4 lignes retenues sur 5" in found.one("bpe-lue").what


def test_a_lost_zero_and_no_extent(desk: PointDesk) -> None:
    text = HEAD_2018 + f"84;1;1004;;2018;A206;{X};{Y};Bonne\n"
    assert desk.read("bpe.csv", text, "bpe").frame["commune"].to_list() == ["01004"]
    text = (
        HEAD_2018
        + row_2018("A206", X, Y, commune="01999")
        + row_2018("A206", X, Y, commune="71001")
    )
    assert desk.without_extent().read("bpe.csv", text, "bpe").frame["line"].to_list() == [2]


def test_swapped_axes_are_put_right_and_told(desk: PointDesk) -> None:
    text = HEAD_2018 + row_2018("A206", Y, X)
    found = desk.read("bpe.csv", text, "bpe")
    assert found.frame.select("x", "y", "xy_state").row(0) == (X, Y, "retablie")
    assert found.one("axes-inverses").where.line == 2


def test_impossible_coordinates_are_kept_without_place(desk: PointDesk) -> None:
    text = HEAD_2018 + row_2018("A206", 12, 13) + row_2018("B203", "12,5x", Y)
    found = desk.read("bpe.csv", text, "bpe")
    assert found.frame["x"].to_list() == [None, None]
    assert found.frame["xy_state"].to_list() == ["hors_systeme", "absente"]
    assert found.one("coordonnee-illisible").where.column == "LAMBERT_X"


def test_overseas_each_in_its_grid(tmp_path: Path) -> None:
    """Guadeloupe: the column EPSG, or the department, says the grid."""
    from terril.territories.geometry_points import Extent
    from terril.territories.registry import Territories, Territory

    places = Territories(
        (
            Territory("200000001", "epci", "Cap", "Cap"),
            Territory("QP971001", "qpv", "Bourg", "Bourg", ("97105",), "200000001"),
            Territory("97105", "commune", "Basse-Terre", "Basse-Terre", epci="200000001"),
        )
    )
    desk = PointDesk(tmp_path, Extent(5490, 630000, 1765000, 650000, 1785000), places)
    text = HEAD_2018 + row_2018("A206", 640000, 1770000, commune="97105")
    found = desk.read("bpe.csv", text, "bpe")
    assert found.frame.select("x", "y", "crs").row(0) == (640000.0, 1770000.0, 5490)


def test_rows_that_count_several_pieces(desk: PointDesk) -> None:
    head = HEAD_2018.strip() + ";NB_EQUIP\n"
    rows = [row_2018("D201", X, Y).strip() + f";{n}\n" for n in ("3", "1", "x", "0")]
    found = desk.read("bpe.csv", head + "".join(rows), "bpe")
    assert found.frame["line"].to_list() == [2, 2, 2, 3, 4]
    assert found.frame["id"].is_unique().all()
    assert found.one("nombre-illisible").where.line == 4


def test_counts_by_commune_are_not_places(desk: PointDesk) -> None:
    text = "DEPCOM;DCIRIS;AN;TYPEQU;NB_EQUIP\n01004;;2018;A206;1\n"
    found = desk.read("bpe18_ensemble.csv", text, "bpe")
    assert found.frame.is_empty()
    problem = found.one("colonne-absente")
    assert "LAMBERT_X" in problem.what and "géolocalisés" in problem.remedy


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bpe.csv", "", "fichier-vide"),
        ("bpe.csv", "A;B\n1;2\n", "entete-absent"),
        ("bpe.csv", "<html><body>Erreur</body></html>", "fichier-illisible"),
        ("bpe.parquet", b"PAR1 is not enough", "parquet-illisible"),
        ("bpe.zip", b"PK\x03\x04...", "archive"),
        ("bpe.csv", HEAD_2018 + "75;75;75101;;2018;A206;651000;6862000;Bonne\n",
         "fichier-sans-ligne"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused(
    desk: PointDesk, name: str, content: str | bytes, code: str
) -> None:
    found = desk.read(name, content, "bpe")
    assert found.frame.is_empty()
    assert code in [p.code for p in found.problems if p.severity == "erreur"]


def test_absent_file_and_wrong_options(desk: PointDesk) -> None:
    assert desk.read("absent.csv", None, "bpe").codes == ["fichier-absent"]
    found = desk.read("bpe.csv", HEAD_2018 + row_2018("A206", X, Y), "bpe", milesime="2018")
    assert "« millesime »" in found.one("option-inconnue").remedy
    assert "bpe" in desk.read("bpe.csv", None, "bpee").one("lecteur-inconnu").remedy


def test_unknown_codes_are_told_and_kept(desk: PointDesk) -> None:
    found = desk.read("bpe.csv", HEAD_2018 + row_2018("Z999", X, Y) * 2, "bpe")
    assert found.frame.select("type", "card").rows() == [("Z999", "")] * 2
    assert "2 lieux" in found.one("type-inconnu").what


def test_the_project_may_map_a_code_otherwise(desk: PointDesk, tmp_path: Path) -> None:
    (tmp_path / "carte.csv").write_text("code;type\nA207;Bureau de poste\nA208;\nD201;Rien\n")
    text = HEAD_2018 + row_2018("A207", X, Y) + row_2018("A208", X, Y)
    found = desk.read("bpe.csv", text, "bpe", correspondance="carte.csv")
    assert found.one("type-inconnu").where.line == 4  # refused: « Rien » is no type
    (tmp_path / "carte.csv").write_text("code;type\nA207;Bureau de poste\nA208;\n")
    found = desk.read("bpe.csv", text, "bpe", correspondance="carte.csv")
    assert found.frame["card"].to_list() == ["Bureau de poste"]
    assert "A208" in found.one("points-laisses").what


def test_codes_of_another_edition_are_told(desk: PointDesk) -> None:
    found = desk.read("bpe.csv", HEAD_2018 + row_2018("C107", X, Y) + row_2018("C101", X, Y), "bpe")
    assert "« C107 »" in found.one("code-hors-millesime").what
    assert "C101" not in found.one("code-hors-millesime").what


# ------------------------------------------------------------------ the nomenclature


def test_every_code_of_the_nomenclature_has_a_card_and_a_domain() -> None:
    cards = load_catalogue().equipment
    assert len(bpe_codes()) > 250
    for code in bpe_codes().values():
        assert code.card in cards, code
        assert code.domain in bpe_domains() and code.subdomain in bpe_domains()
        assert code.editions and set(code.editions) <= {2018, 2023, 2024}
    assert len(read_list("vocabularies/bpe.csv")) == len(bpe_codes())


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("ecole", "C101 C104 C107 C108 C109"),
        ("sante", "D201 D232 D233 D221 D301 D307 D244 D265 D277 D279 D281"),
        ("commerce_alimentaire", "B102 B105 B201 B202 B203 B204 B207 B208"),
        ("commerce_quotidien", "B301 B324 B325"),
        ("poste", "A206"),
        ("sport", "F103 F107 F111 F113"),
    ],
)
def test_families_of_the_offer_hold_in_every_edition(family: str, codes: str) -> None:
    """The numbers of doctors and nurses changed twice: no edition may lose a family."""
    catalogue = load_catalogue()
    for code in codes.split():
        assert catalogue.equipment[bpe_codes()[code].card].range == family, code
    for year in (2018, 2023, 2024):
        held = [c for c in bpe_codes().values() if year in c.editions]
        assert any(catalogue.equipment[c.card].range == family for c in held), year


@pytest.mark.parametrize(
    ("code", "year", "odd"),
    [("C101", 2018, False), ("C101", 2020, False), ("C101", 2023, True), ("C107", 2018, True),
     ("C107", 2021, False), ("D265", 2023, True), ("D265", 2025, False), ("A206", 2030, False)],
)  # fmt: skip
def test_editions_where_a_code_has_a_place(code: str, year: int, odd: bool) -> None:
    assert out_of_edition(bpe_codes()[code], year) is odd


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.floats(-9000, 9000), st.floats(-9000, 9000),
            st.sampled_from(["01004", "01999", "71001"]),
        ),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_the_stream_keeps_what_a_naive_reading_keeps(
    tmp_path_factory: pytest.TempPathFactory, points: list[tuple[float, float, str]]
) -> None:
    desk = PointDesk(tmp_path_factory.mktemp("bpe"))
    rows = [row_2018("A206", X + dx, Y + dy, commune=commune) for dx, dy, commune in points]
    found = desk.read("bpe.csv", HEAD_2018 + "".join(rows), "bpe").frame
    naive = [
        line
        for line, (dx, dy, commune) in enumerate(points, 2)
        if commune == "01004"
        or (EXTENT.west <= X + dx <= EXTENT.east and EXTENT.south <= Y + dy <= EXTENT.north)
    ]
    assert found["line"].to_list() == naive
