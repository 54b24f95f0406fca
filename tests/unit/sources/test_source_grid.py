"""Are the squares of the grid read in all their vintages, and is what cannot be right refused?"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import shapely

from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.sources.grid import GRID, Grid, declared_grid, described, grid_of_layer, read_grid
from terril.sources.project import read_project
from terril.territories.geometry import Layer, as_shapes, read_layer
from terril.territories.registry import read_territories

V2015 = (
    "IdINSPIRE,Id_carr1km,I_est_cr,Depcom,Ind,Men,Ind_snv\n"
    "CRS3035RES200mN3056800E3810800,x,0,62065,70.5,30,1050000.5\n"
    "CRS3035RES200mN3057000E3810800,x,1,62065,4,2,60000\n"
)
V2019 = (
    "idcar_200m;i_est_200;lcog_geo;ind;ind_snv\n"
    "CRS3035RES200mN3056800E3810800;0;6206562498;70,5;1 050 000,5\n"
    "CRS3035RES200mN3057000E3810800;1;2A004;4;60000\n"
)
HEAD = "idcar_200m;ind\n"
ONE = "CRS3035RES200mN3056800E3810800;70\n"


def read(tmp_path: Path, text: str, **options: object) -> tuple[Grid | None, ProblemList]:
    path = tmp_path / "carreaux.csv"
    path.write_text(text, encoding="utf-8")
    problems = ProblemList()
    return read_grid(path, problems, **options), problems  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [V2015, V2019])
def test_the_vintages_are_read_alike(tmp_path: Path, text: str) -> None:
    grid, problems = read(tmp_path, text, vintage="2019", source="insee_carreaux")
    assert grid is not None and not list(problems)
    assert grid.squares.columns == list(GRID)
    assert (grid.crs, grid.size, grid.vintage) == (3035, 200, "2019")
    assert grid.extent == (3810800, 3056800, 3811000, 3057200)
    assert grid.squares["population"].to_list() == [70.5, 4.0]
    assert grid.squares["living"].to_list() == [1050000.5, 60000.0]
    assert grid.squares["imputed"].to_list() == [False, True]
    assert len(grid.sha256) == 64


def test_a_square_on_several_communes_names_them(tmp_path: Path) -> None:
    grid, _ = read(tmp_path, V2019)
    assert grid is not None
    assert grid.squares["communes"].to_list() == [["62065", "62498"], ["2A004"]]


def test_far_squares_are_left_and_the_extent_stays(tmp_path: Path) -> None:
    near = Layer(
        "qpv", "", 3035, ("A",), ("A",),
        as_shapes([shapely.box(3_810_800, 3_056_800, 3_811_000, 3_057_000)]), pl.DataFrame(),
    )  # fmt: skip
    text = V2015 + "CRS3035RES200mN3056800E3910800,x,0,62065,12,5,60000\n"
    grid, problems = read(tmp_path, text, near=near)
    assert grid is not None and not list(problems)
    assert grid.squares["population"].to_list() == [70.5, 4.0]
    assert grid.extent == (3810800, 3056800, 3911000, 3057200)
    whole, _ = read(tmp_path, text)
    assert whole is not None and whole.squares.height == 3


def test_a_project_declares_its_squares(tmp_path: Path) -> None:
    (tmp_path / "terril.toml").write_text(
        '[projet]\nnom = "Essai"\nedition = 2020-07-01\n[territoire]\nepci = "200000000"\n'
        '[[perimetres]]\nid = "carreaux"\nfichier = "c.csv"\nlecteur = "carreaux"\n'
        'millesime = "2015"\n[[perimetres]]\nid = "autre"\nfichier = "d.csv"\n'
        'lecteur = "carreaux"\n',
        encoding="utf-8",
    )
    (tmp_path / "territoires.csv").write_text("genre;code;nom\nepci;200000000;CE\n", "utf-8")
    (tmp_path / "c.csv").write_text(V2015, encoding="utf-8")
    project, problems = read_project(tmp_path), ProblemList()
    territories = read_territories(project.territories_file, problems)
    grid = declared_grid(project, None, territories, load_catalogue(), problems)
    assert grid is not None
    assert (grid.vintage, grid.document, grid.file) == ("2015", "carreaux", "c.csv")
    assert [p.code for p in problems] == ["carreaux-doubles"]
    bare = replace(project, perimeters=())
    assert declared_grid(bare, None, territories, load_catalogue(), problems) is None


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEAD + ONE + "CRS3035RES200mN30E;3\n", "carreau-illisible", 3),
        (HEAD + ONE + ";3\n", "carreau-illisible", 3),
        (HEAD + ONE + ONE, "carreau-double", 2),
        (HEAD + "CRS3035RES200mN3056800E3810800;beaucoup\n", "nombre-illisible", 2),
        (HEAD + "CRS3035RES200mN3056800E3810800;-4\n", "nombre-illisible", 2),
        (HEAD + ONE + "CRS3035RES1000mN3056000E3810000;70\n", "carreaux-melanges", None),
        (HEAD + ONE + "CRS2975RES200mN7640000E340000;70\n", "carreaux-melanges", None),
        (HEAD, "fichier-vide", None),
    ],
)
def test_what_cannot_be_right_is_refused(
    tmp_path: Path, text: str, code: str, line: int | None
) -> None:
    grid, problems = read(tmp_path, text)
    assert grid is None
    told = [p for p in problems if p.code == code]
    assert told and told[0].where.line == line, [str(p) for p in problems]


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    grid, problems = read(tmp_path, "code;population\n1;2\n")
    assert grid is None and problems.errors
    absent = ProblemList()
    assert read_grid(tmp_path / "rien.csv", absent) is None
    assert [p.code for p in absent] == ["fichier-absent"]


def test_a_square_without_population_is_set_aside_and_told(tmp_path: Path) -> None:
    grid, problems = read(tmp_path, HEAD + ONE + "CRS3035RES200mN3057000E3810800;\n")
    assert grid is not None and grid.squares.height == 1
    assert [(p.code, p.severity.value) for p in problems] == [
        ("carreau-sans-population", "avertissement")
    ]
    assert grid.squares["living"].to_list() == [None], "not told is not zero"


def test_many_faults_are_counted(tmp_path: Path) -> None:
    _, problems = read(tmp_path, HEAD + ONE + "faux;3\n" * 40)
    assert len(problems) == 6 and "35" in str(problems.items[-1])


def test_a_geopackage_is_read_without_its_outlines(tmp_path: Path) -> None:
    path = tmp_path / "carreaux.gpkg"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)")
        base.execute("INSERT INTO gpkg_contents VALUES ('vide', 'attributes'), ('c', 'features')")
        base.execute("CREATE TABLE c (fid INTEGER, geom BLOB, idcar_200m TEXT, ind REAL)")
        base.execute("INSERT INTO c VALUES (1, x'00', 'CRS3035RES200mN3056800E3810800', 70.5)")
    base.close()
    problems = ProblemList()
    grid = read_grid(path, problems)
    assert grid is not None and not list(problems)
    assert grid.squares["population"].to_list() == [70.5]
    path.write_bytes(b"rien")
    assert read_grid(path, problems) is None
    assert problems.errors


def test_the_files_of_the_pilot_agree(real_data: Path) -> None:
    folder = real_data / "carreaux-200m"
    problems = ProblemList()
    table = read_grid(folder / "filosofi2015_carreaux_200m_lens_extrait.csv", problems)
    drawn = folder / "filosofi2015_carreaux_200m_lens_extrait_3035.gpkg"
    package = read_grid(drawn, problems)
    layer = read_layer(drawn, problems, nature="carreau")
    assert table is not None and package is not None and layer is not None
    from_layer = grid_of_layer(layer, problems)
    assert from_layer is not None and not problems.errors
    assert table.squares.height == 495 and int(table.squares["imputed"].sum()) == 97
    for other in (package, from_layer):
        assert other.squares.drop("communes").equals(table.squares.drop("communes"))
        assert (other.crs, other.size, other.extent) == (table.crs, table.size, table.extent)
    assert described(table).startswith("495 carreaux de 200 m")


def test_a_layer_without_the_columns_is_refused(real_data: Path) -> None:
    bare = pl.DataFrame({"nom": ["x"]})
    held = read_layer(
        real_data / "carreaux-200m" / "filosofi2015_carreaux_200m_lens_extrait_3035.gpkg",
        ProblemList(),
        nature="carreau",
    )
    assert held is not None
    refused = ProblemList()
    assert grid_of_layer(replace(held, attributes=pl.concat([bare] * len(held))), refused) is None
    assert [p.code for p in refused] == ["colonne-absente"]
