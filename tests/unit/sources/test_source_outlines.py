"""The files of [[perimetres]]: what is kept, what is compared, what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from outline_files import square, written
from terril.catalogue.load import load_catalogue
from terril.lib.problems import Problem, ProblemList, Severity
from terril.sources.outlines import Outlines, read_outlines
from terril.sources.project import read_project
from terril.territories.registry import read_territories

HEAD = "genre;code;nom;nom_affiche;nom_court;alias;communes;epci;colonne;ligne;population\n"
PLACES = (
    "epci;200000001;CA du Val;;Val;;;;;;\n"
    "epci;200000002;CC du Mont;;Mont;;;;;;\n"
    "commune;62001;Ablain;;;;;200000001;;;\n"
    "commune;62002;Bully;;;;;200000001;;;\n"
    "commune;62003;Carvin;;;;;200000002;;;\n"
    "qpv;QP062001;Les Prés;;;;62001;200000001;;;\n"
    "qpv;QP062002;La Cité;;;;62002|62003;200000001;;;\n"
)
START = (
    '[projet]\nnom = "Essai"\nedition = 2024-01-01\n[territoire]\nepci = "200000001"\n'
    'nom = "CA du Val"\n'
)


class Bench:
    """A project in a folder: communes 1 km wide side by side, neighbourhoods in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = PLACES
        self.tables: list[dict[str, str]] = []

    def communes(self, **options: str) -> None:
        codes = [f"6200{i}" for i in range(1, 6)]
        shapes = [square(1000 * i, 0, 1000) for i in range(5)]
        written(
            self.folder / "communes.gpkg",
            shapes,
            {"insee": codes, "nom": ["Ablain", "Bully", "Carvin", "Dourges", "Évin"]},
        )
        self.tables.append({"fichier": "communes.gpkg", "nature": "commune", **options})

    def qpv(self, shapes: dict[str, Any], name: str = "qpv.gpkg", **options: str) -> None:
        written(
            self.folder / name,
            list(shapes.values()),
            {"code_qp": list(shapes), "lib_qp": [f"N {code}" for code in shapes]},
        )
        self.tables.append({"fichier": name, "nature": "qpv", **options})

    def read(self) -> tuple[Outlines, ProblemList]:
        (self.folder / "territoires.csv").write_text(HEAD + self.places, encoding="utf-8")
        text = START
        for rank, table in enumerate(self.tables):
            full = {"id": f"p{rank}", "lecteur": "contours", **table}
            text += "[[perimetres]]\n" + "".join(f'{k} = "{v}"\n' for k, v in full.items())
        (self.folder / "terril.toml").write_text(text, encoding="utf-8")
        problems = ProblemList()
        project = read_project(self.folder)
        territories = read_territories(project.territories_file, problems)
        assert not problems.errors, [str(p) for p in problems]
        found = ProblemList()
        return read_outlines(project, territories, load_catalogue(), found), found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def of(problems: ProblemList, code: str) -> list[Problem]:
    return [p for p in problems if p.code == code]


RIGHT = {"QP062001": square(300, 300, 200), "QP062002": square(1800, 300, 400)}


def test_without_perimeters_there_is_nothing_to_say(bench: Bench) -> None:
    outlines, problems = bench.read()
    assert not outlines and list(problems) == [] and outlines.crs == 0


def test_the_project_keeps_its_own_and_what_they_touch(bench: Bench) -> None:
    bench.communes()
    bench.qpv({**RIGHT, "QP062009": square(4300, 300, 200)})
    outlines, problems = bench.read()
    assert not problems.errors
    qpv, communes = outlines.get("qpv", "2015"), outlines.get("commune")
    epci = outlines.get("epci")
    assert qpv and communes and epci
    assert qpv.codes == ("QP062001", "QP062002")
    assert communes.codes == ("62001", "62002", "62003")
    # no file of EPCI: the union of the communes of the project's own
    assert epci.codes == ("200000001",) and epci.areas() == pytest.approx([2e6])
    kept = [p.what for p in of(problems, "contours-hors-projet")]
    assert any("Sur 3 quartiers" in t and "en garde 2" in t for t in kept)
    assert any("Sur 5 communes" in t and "en garde 3" in t for t in kept)
    assert [f.rows for f in outlines.files] == [5, 3]
    assert outlines.crs == 2154


def test_shares_go_with_the_outlines_and_straddling_is_told(bench: Bench) -> None:
    bench.communes()
    bench.qpv(RIGHT)
    outlines, problems = bench.read()
    rows = outlines.straddles.filter(qpv="QP062002", kind="epci").select("code", "share").rows()
    assert dict(rows) == pytest.approx({"200000001": 0.5, "200000002": 0.5})
    (told,) = of(problems, "quartier-a-cheval")
    assert told.severity is Severity.NOTE
    assert "50,0\u202f% dans Val" in told.what and "QP062002 La Cité" in told.what


def test_outlines_that_contradict_the_territories(bench: Bench) -> None:
    bench.communes()
    bench.qpv({"QP062001": square(1300, 300, 200), "QP062002": square(2300, 300, 400)})
    _, problems = bench.read()
    (absent,) = of(problems, "commune-non-declaree")
    assert "QP062001" in absent.what and "Bully (62002)" in absent.what
    assert "ligne 7 de territoires.csv" in absent.remedy
    untouched = [p.what for p in of(problems, "commune-non-touchee")]
    assert len(untouched) == 2 and "Ablain (62001)" in untouched[0] and "Bully" in untouched[1]
    (led,) = of(problems, "epci-non-touche")
    assert "QP062002" in led.what and "Val (200000001)" in led.what
    assert {p.severity for p in [absent, led]} == {Severity.WARNING}


def test_a_neighbourhood_partly_in_no_commune(bench: Bench) -> None:
    bench.communes()
    bench.qpv({**RIGHT, "QP062001": square(300, -100, 200)})
    _, problems = bench.read()
    (told,) = of(problems, "quartier-hors-communes")
    assert "50,0\u202f%" in told.what


def test_neighbourhoods_and_communes_without_outline_are_told(bench: Bench) -> None:
    bench.communes()
    bench.places += (
        "commune;62099;Zoteux;;;;;200000001;;;\nqpv;QP062003;Le Bois;;;;62099;200000001;;;\n"
    )
    bench.qpv(RIGHT)
    outlines, problems = bench.read()
    told = [p.what for p in of(problems, "contour-absent")]
    assert len(told) == 2 and "QP062003 Le Bois" in told[0] and "62099" in told[1]
    assert outlines.get("epci") is None  # not all its communes are there


def test_another_generation_keeps_what_meets_the_communes(bench: Bench) -> None:
    bench.communes()
    bench.qpv(RIGHT)
    later = {"QN06201M": square(280, 300, 260), "QN06299N": square(4300, 300, 100)}
    bench.qpv(later, "qn.gpkg", generation="2024")
    outlines, problems = bench.read()
    qn = outlines.get("qpv", "2024")
    assert qn is not None and qn.codes == ("QN06201M",)
    assert set(outlines.straddles["generation"]) == {"2015", "2024"}
    assert not of(problems, "contour-absent")


def test_two_files_of_one_nature_are_joined_in_order_of_trust(bench: Bench) -> None:
    bench.communes()
    written(
        bench.folder / "62001.gpkg", [square(-500, 0, 1500)], {"insee": ["62001"], "nom": ["A"]}
    )
    bench.tables.append({"fichier": "62001.gpkg", "nature": "commune"})
    outlines, problems = bench.read()
    communes = outlines.get("commune")
    assert communes is not None
    assert communes.pick(["62001"]).areas() == pytest.approx([1e6])  # the first declared wins
    assert "62001" in of(problems, "contours-plusieurs-fichiers")[0].what


def test_outlines_on_each_other_are_told(bench: Bench) -> None:
    bench.qpv({"QP062001": square(300, 300, 200), "QP062002": square(400, 300, 200)})
    _, problems = bench.read()
    (told,) = of(problems, "contours-superposes")
    assert "2,0\u202fha" in told.what and "50,0\u202f%" in told.what


@pytest.mark.parametrize(
    ("table", "code", "word"),
    [
        ({"nature": "quartier"}, "option-valeur", "qpv"),
        ({"nature": ""}, "option-absente", "nature"),
        ({"nature": "qpv", "generation": "2020"}, "option-valeur", "2015"),
        ({"nature": "commune", "generation": "2015"}, "option-valeur", "generation"),
        ({"nature": "qpv", "crs": "lambert"}, "option-valeur", "2154"),
        ({"nature": "qpv", "millesim": "2024"}, "option-inconnue", "millesime"),
        ({"nature": "qpv", "lecteur": "geojson"}, "lecteur-inconnu", "contours"),
        ({"nature": "qpv", "source": "personne"}, "source-inconnue", "insee"),
        ({"nature": "qpv", "decalage": "oui"}, "option-valeur", "garder"),
    ],
)
def test_wrong_declarations(bench: Bench, table: dict[str, str], code: str, word: str) -> None:
    bench.qpv(RIGHT)
    bench.tables[0].update(table)
    outlines, problems = bench.read()
    assert not outlines
    (told,) = of(problems, code)
    assert told.severity is Severity.ERROR and word in str(told)
    assert told.where.line is not None and told.where.file == "terril.toml"
    assert outlines.files[0].refused


def test_a_wrong_file_does_not_stop_the_others(bench: Bench) -> None:
    bench.communes()
    bench.tables.append({"fichier": "absent.gpkg", "nature": "qpv"})
    outlines, problems = bench.read()
    assert [p.code for p in problems.errors] == ["fichier-absent"]
    assert outlines.get("commune") is not None


def test_epsg_may_be_written_in_full(bench: Bench) -> None:
    bench.qpv(RIGHT, crs="EPSG:2154")
    outlines, problems = bench.read()
    assert outlines.get("qpv", "2015") is not None and not problems.errors


def test_the_epci_of_a_commune_said_twice(bench: Bench) -> None:
    bench.communes()
    shapes = [shapely.union(square(0, 0, 1000), square(1000, 0, 1000)), square(2000, 0, 1000)]
    written(
        bench.folder / "epci.gpkg", shapes, {"siren": ["200000002", "200000001"], "nom": ["a", "b"]}
    )
    bench.tables.append({"fichier": "epci.gpkg", "nature": "epci"})
    _, problems = bench.read()
    told = of(problems, "epci-commune")
    assert len(told) == 3 and "62001" in told[0].what and "200000002" in told[0].what


# ------------------------------------------------------------------ the producers' files


def real(bench: Bench, demo: Path, tables: list[dict[str, str]]) -> tuple[Outlines, ProblemList]:
    text = (demo / "territoires.csv").read_text(encoding="utf-8")
    bench.places = text.partition("\n")[2]
    bench.tables = tables
    return bench.read()


def test_the_pilot(bench: Bench, real_data: Path, demo_dir: Path) -> None:
    tables = [
        {"fichier": f"{real_data}/qpv-2015/QPV_lambert2e_epsg27572.shp", "nature": "qpv"},
        {"fichier": f"{real_data}/qpv-2024/qpv2024_lens_lievin_21_4326.geojson", "nature": "qpv"},
        {"fichier": f"{real_data}/bassin-minier/communes-mbm.geojson", "nature": "commune"},
        {"fichier": f"{real_data}/bassin-minier/cites-minieres.geojson", "nature": "cite"},
    ]
    outlines, problems = real(bench, demo_dir, tables)
    assert not problems.errors
    sizes = [(layer.nature, layer.generation, len(layer)) for layer in outlines.layers]
    assert sizes[:3] == [("qpv", "2015", 21), ("qpv", "2024", 21), ("commune", "", 39)]
    assert set(outlines.shifts["verdict"]) == {"aligne"}
    repaired = [p.what for p in of(problems, "anneau-repare")]
    assert sorted(t[:8] for t in repaired[:2]) == ["QP062034", "QP062035"]
    assert "25 contours qui ne sont pas du projet" in repaired[2]
    astride = [p.what.split()[0] for p in of(problems, "quartier-a-cheval")]
    assert astride[:3] == ["QP062016", "QP062045", "QP062047"]
    assert not of(problems, "commune-non-declaree") and not of(problems, "commune-non-touchee")


def test_the_trap_is_refused_unless_the_project_keeps_it(
    bench: Bench, real_data: Path, demo_dir: Path
) -> None:
    trap = {
        "fichier": f"{real_data}/qpv-2015/PIEGE_qpv2015_lens_lievin_wgs84_decale_52m.geojson",
        "nature": "qpv",
    }
    communes = {
        "fichier": f"{real_data}/communes-62/communes-62-pas-de-calais.geojson",
        "nature": "commune",
    }
    outlines, problems = real(bench, demo_dir, [trap, communes])
    (told,) = of(problems, "contours-decales")
    assert told.severity is Severity.ERROR
    assert "52\u202fm vers l’est" in told.what and "NTF" in told.what
    assert 'crs = "27572"' in told.remedy
    assert outlines.get("qpv", "2015") is None and outlines.get("commune") is not None
    outlines, problems = real(bench, demo_dir, [{**trap, "decalage": "garder"}, communes])
    assert outlines.get("qpv", "2015") is not None
    assert of(problems, "contours-decales")[0].severity is Severity.WARNING
