"""Deux générations de périmètres, côte à côte.

Depuis 2024, chaque quartier prioritaire a un nouveau périmètre et un nouveau code. Les deux listes
restent côte à côte. La correspondance officielle dit qui suit qui, et si le périmètre est
inchangé, modifié ou nouveau. Un quartier ne suit jamais un autre parce qu'ils portent le même nom.

Sur un graphique, les deux générations sont deux traits, séparés par un repère : « Périmètres de
2024 : rupture de série ».

Une estimation de 2015 dans un périmètre de 2024 ne se fait que sur demande. Un effectif se
répartit selon la part des habitants ; un taux passe par son numérateur et son dénominateur ; une
médiane ne se répartit pas. Le résultat est dit « estimé », avec ses bornes.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from methode import Methode, Tableau, cellule
from small_world import card, catalogue, count, retained, said
from terril.catalogue.load import load_catalogue
from terril.indicators.backcast import backcast
from terril.indicators.series import join_series, side_by_side
from terril.lib.french import nombre
from terril.lib.problems import ProblemList
from terril.sources.correspondence import read_correspondence
from terril.territories.correspondence import (
    CORRESPONDENCE,
    confront,
    from_areas,
    from_grid,
    from_list,
    predecessors,
)
from terril.territories.generations import generation_of, parse

#: code, génération, département, ce que dit sa lettre
CODES = [
    ("QP001002", "2015", "01", ""),
    ("QP093050", "2015", "93", ""),
    ("QP02A001", "2015", "2A", ""),
    ("QP02B003", "2015", "2B", ""),
    ("QP974001", "2015", "974", ""),
    ("QP987002", "2015", "987", ""),
    ("QN00101M", "2024", "01", "modifie"),
    ("QN00105I", "2024", "01", "inchange"),
    ("QN02513N", "2024", "25", "nouveau"),
    ("QN02A03N", "2024", "2A", "nouveau"),
    ("QN97401I", "2024", "974", "inchange"),
    ("QN97651C", "2024", "976", ""),
    ("QP00101M", None, "", ""),
    ("QN001001", None, "", ""),
    ("QP099999A", None, "", ""),
    ("QP020001", None, "", ""),
    ("62498", None, "", ""),
]


@pytest.mark.parametrize(("code", "generation", "department", "status"), CODES)
def test_codes(code: str, generation: str | None, department: str, status: str) -> None:
    assert generation_of(code) == generation
    read = parse(code)
    assert (read.department, read.status) == (department, status) if read else generation is None


FICHIER = (
    "\ufeffQP2024 ; Label_QP2024;Statut ;QP2015_1;Label_QP2015_1;QP2015_2;Label_QP2015_2;QP2015_3;"
    "Label_QP2015_3\n"
    "QN00101M;Les Prés;Modifié;QP001001;Les Prés;QP001002;Le Bois;;\n"
    "QN00102I;La Gare;Inchangé;QP001003;La Gare;;;;\n"
    "QN00103N;Le Bois;Nouveau;;;;;;\n"
)


@pytest.fixture
def official(tmp_path: Path) -> pl.DataFrame:
    file = tmp_path / "liste-correspondance-qp2024-qp2015.csv"
    file.write_text(FICHIER, encoding="utf-8")
    problems = ProblemList()
    listed = read_correspondence(file, problems)
    assert not list(problems)
    old = pl.DataFrame(
        {
            "code": ["QP001001", "QP001002", "QP001003", "QP001004"],
            "label": ["Les Prés", "Le Bois", "La Gare", "Le Port"],
        }
    )
    return from_list(listed, old)


def test_correspondance_officielle(official: pl.DataFrame) -> None:
    rows = official.select(
        "new", "old", "status", "status_text", "share_old", "share_low", "share_high", "error"
    ).rows()
    assert rows == [
        ("QN00101M", "QP001001", "modifie", "Modifié", None, 0.0, 1.0, 0.5),
        ("QN00101M", "QP001002", "modifie", "Modifié", None, 0.0, 1.0, 0.5),
        ("QN00102I", "QP001003", "inchange", "Inchangé", 1.0, 1.0, 1.0, 0.0),
        ("QN00103N", None, "nouveau", "Nouveau", None, None, None, None),
        (None, "QP001004", "sorti", "", None, None, None, None),
    ]


def test_les_deux_listes_cote_a_cote(official: pl.DataFrame) -> None:
    project = pl.DataFrame(
        {
            "kind": ["qpv"] * 4,
            "code": ["QP001001", "QN00101M", "QN00199N", "QP001099"],
            "label": ["Les Prés", "Les Prés", "Ailleurs", "Ailleurs"],
        }
    )
    assert side_by_side(project, official).select("old", "status", "new").rows() == [
        ("QP001001", "modifie", "QN00101M"),
        ("QP001002", "modifie", "QN00101M"),
        (None, "", "QN00199N"),
        ("QP001099", "", None),
    ]


#: surfaces communes (ancien, nouveau, hectares) ; parts attendues de l'ancien et du nouveau
SURFACES = [
    ([("QP001001", "QN00101M", 20.0)], [(1.0, 0.5, 1.0, 1.0)]),
    ([("QP001001", "QN00101M", 16.0)], [(0.8, 0.4, 0.0, 1.0)]),
    ([("QP001001", "QN00101M", 19.9)], [(0.995, 0.4975, 1.0, 1.0)]),
    ([("QP001001", "QN00101M", 0.3)], []),
    (
        [("QP001001", "QN00101M", 5.0), ("QP001002", "QN00101M", 10.0)],
        [(0.25, 0.125, 0.0, 1.0), (1.0, 0.25, 1.0, 1.0)],
    ),
]


@pytest.mark.parametrize(("pairs", "expected"), SURFACES)
def test_recouvrement_par_surface(pairs: list[Any], expected: list[Any]) -> None:
    old = pl.DataFrame(
        {"code": ["QP001001", "QP001002"], "label": ["A", "B"], "amount": [20.0, 10.0]}
    )
    new = pl.DataFrame({"code": ["QN00101M"], "label": ["A"], "amount": [40.0]})
    frame = pl.DataFrame(pairs, schema=["old", "new", "amount"], orient="row")
    found = from_areas(frame, old, new, negligible=0.02)
    assert found.columns == list(CORRESPONDENCE)
    both = found.filter(pl.col("old").is_not_null() & pl.col("new").is_not_null())
    shares = both.select("share_old", "share_new", "share_low", "share_high").rows()
    assert shares == [pytest.approx(row) for row in expected]
    alone = found.filter(pl.col("new").is_null())["old"].to_list()
    assert alone == [c for c in old["code"] if c not in both["old"].to_list()]


#: carreau, habitants, ancien, nouveau, part de la surface du carreau
CARREAUX = [
    ("c1", 100.0, "QP001001", "QN00101M", 1.0),
    ("c2", 100.0, "QP001001", "QN00101M", 0.5),
    ("c2", 100.0, "QP001001", None, 0.5),
    ("c3", 100.0, "QP001001", None, 0.25),
    ("c4", 40.0, None, "QN00101M", 0.5),
]


def test_recouvrement_par_la_population_des_carreaux() -> None:
    """Le carreau c2 est coupé : ses 100 habitants sont pour moitié, tous ou aucun dans le neuf."""
    cells = pl.DataFrame(
        CARREAUX, schema=["cell", "population", "old", "new", "part"], orient="row"
    )
    old = pl.DataFrame({"code": ["QP001001"], "label": ["A"]})
    new = pl.DataFrame({"code": ["QN00101M"], "label": ["A"]})
    row = from_grid(cells, old, new, negligible=0.02).row(0, named=True)
    assert row["share_old"] == pytest.approx(150 / 225)
    assert row["share_new"] == pytest.approx(150 / 170)
    assert (row["share_low"], row["share_high"]) == pytest.approx((100 / 225, 200 / 225))
    assert row["error"] == pytest.approx(50 / 225)
    assert row["basis"] == "population"


def test_la_mesure_complete_la_liste_et_dit_ses_desaccords(official: pl.DataFrame) -> None:
    old = pl.DataFrame(
        {"code": ["QP001001", "QP001002", "QP001003"], "label": ["", "", ""], "amount": [10.0] * 3}
    )
    new = pl.DataFrame(
        {"code": ["QN00101M", "QN00102I", "QN00103N"], "label": ["", "", ""], "amount": [10.0] * 3}
    )
    pairs = pl.DataFrame(
        [
            ("QP001001", "QN00101M", 8.0),
            ("QP001003", "QN00102I", 7.0),
            ("QP001002", "QN00103N", 2.0),
        ],
        schema=["old", "new", "amount"],
        orient="row",
    )
    problems = ProblemList()
    found = confront(official, from_areas(pairs, old, new, negligible=0.02), problems)
    told = [p.what for p in problems]
    assert [w.split(" ")[0] for w in told] == ["QN00101M", "QN00102I", "QN00103N"]
    assert "ne se recouvrent pas" in told[0]
    assert "inchangé" in told[1] and "ne cite pas" in told[2]
    first = found.row(0, named=True)
    assert (first["status"], first["basis"], first["share_old"]) == ("modifie", "surface", 0.8)
    assert predecessors(found, "QN00103N") == ("QP001002",)
    assert predecessors(found, "QN00101M") == ("QP001001", "QP001002")


# ------------------------------------------------------------------ séries

#: code, période, valeur du taux
POINTS = [
    ("QP001001", "2012", 40.0), ("QP001001", "2014", 41.0), ("QP001002", "2014", 30.0),
    ("QN00101M", "2021", 38.0), ("QN00101M", "2023", 37.0),
    ("QP001003", "2014", 20.0), ("QN00102I", "2021", 21.0),
    ("QP001004", "2014", 25.0), ("QN00103N", "2021", 33.0), ("QN00104N", "2021", 12.0),
]  # fmt: skip

#: quartier, traits attendus (de qui, périodes), repères (période, ce qui est écrit)
SERIES: list[tuple[str, list[tuple[str, list[str]]], list[tuple[str, str]]]] = [
    (
        "QN00101M",
        [
            ("QP001001", ["2012", "2014"]),
            ("QP001002", ["2014"]),
            ("QN00101M", ["2021"]),
            ("QN00101M", ["2023"]),
        ],
        [
            ("2021", "Périmètres de 2024\u00a0: rupture de série"),
            ("2023", "2023\u00a0: nouveau dispositif Filosofi"),
        ],
    ),
    (
        "QN00102I",
        [("QP001003", ["2014"]), ("QN00102I", ["2021"])],
        [("2021", "Périmètres de 2024\u00a0: rupture de série")],
    ),
    # même nom qu'un ancien quartier, mais nouveau d'après la liste : pas de prédécesseur
    ("QN00103N", [("QN00103N", ["2021"])], []),
    ("QN00104N", [("QN00104N", ["2021"])], []),
    ("QP001001", [("QP001001", ["2012", "2014"])], []),
]


@pytest.mark.parametrize(("territory", "segments", "lines"), SERIES)
def test_series(
    official: pl.DataFrame,
    territory: str,
    segments: list[tuple[str, list[str]]],
    lines: list[tuple[str, str]],
) -> None:
    own = load_catalogue()
    rows = retained(
        said(code, "revenus.taux_pauvrete", value, period=period, source="insee_filosofi")
        for code, period, value in POINTS
    )
    joined = join_series(rows, official, own, territories=(territory,))
    found = joined.points.group_by("segment", maintain_order=True).agg("member", "period")
    assert [(m[0], p) for _, m, p in found.iter_rows()] == segments
    assert all(len(set(m)) == 1 for m in found["member"])
    cuts = joined.lines.filter(pl.col("effect") == "bloque")
    assert cuts.select("period", "line").rows() == lines
    unchanged = joined.lines.filter(pl.col("reason") == "perimetre")["text"].to_list()
    assert all(("inchangé" in text) == (territory == "QN00102I") for text in unchanged)


# ------------------------------------------------------------------ estimations

CARDS = {
    "essai.nb": count(unit="habitant"),
    "essai.nb_concernes": count(unit="habitant"),
    "essai.part": card(formula={"form": "ratio", "terms": ["essai.nb_concernes", "essai.nb"]}),
    "essai.taux": card(weight="essai.nb"),
    "essai.revenu": card(unit="euro", decimals=0),
    "essai.seul": card(),
}


def shares(
    *pairs: tuple[str, float, float, float, float], basis: str = "population"
) -> pl.DataFrame:
    rows = [
        {
            "old": old, "new": "QN00101M", "old_label": "", "new_label": "", "status": "modifie",
            "status_text": "", "share_old": share, "share_new": new, "share_low": low,
            "share_high": high, "basis": basis, "error": (high - low) / 2,
        }
        for old, share, low, high, new in pairs
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CORRESPONDENCE)


A, B = "QP001001", "QP001002"
DEUX = shares((A, 0.8, 0.7, 0.9, 0.6), (B, 1.0, 1.0, 1.0, 0.4))
ENTIER = shares((A, 1.0, 1.0, 1.0, 1.0))
DEBORDE = shares((A, 0.8, 0.7, 0.9, 0.6))
VALEURS = {
    "essai.nb": {A: 100.0, B: 50.0},
    "essai.nb_concernes": {A: 20.0, B: 20.0},
    "essai.taux": {A: 20.0, B: 40.0},
    "essai.revenu": {A: 9000.0, B: 9500.0},
    "essai.seul": {A: 20.0, B: 40.0},
}

#: indicateur, correspondance, valeur et bornes, ou le motif du refus
ESTIMATIONS: list[tuple[str, pl.DataFrame, tuple[float, float, float] | str]] = [
    ("essai.nb", DEUX, (130.0, 120.0, 140.0)),
    ("essai.nb_concernes", DEUX, (36.0, 34.0, 38.0)),
    ("essai.part", DEUX, (100 * 36 / 130, 100 * 34 / 140, 100 * 38 / 120)),
    ("essai.taux", DEUX, (100 * 36 / 130, 100 * 34 / 140, 100 * 38 / 120)),
    ("essai.nb", ENTIER, (100.0, 100.0, 100.0)),
    ("essai.part", ENTIER, (20.0, 20.0, 20.0)),
    ("essai.revenu", DEUX, "ne se répartit pas"),
    ("essai.seul", DEUX, "numérateur et son dénominateur"),
    ("essai.nb", DEBORDE, "n’était dans aucun quartier de 2015"),
]


@pytest.mark.parametrize(("indicator", "links", "expected"), ESTIMATIONS)
def test_estimations(
    indicator: str, links: pl.DataFrame, expected: tuple[float, float, float] | str
) -> None:
    rows = retained(
        said(code, name, value) for name, of in VALEURS.items() for code, value in of.items()
    )
    found = backcast(rows, links, catalogue(CARDS), [indicator]).row(0, named=True)
    assert found["origin"] == "estimé" and found["territory"] == "QN00101M"
    if isinstance(expected, str):
        assert expected in found["refused"] and found["value"] is None and found["low"] is None
        assert found["text"].startswith("Pas d’estimation")
    else:
        assert (found["value"], found["low"], found["high"]) == pytest.approx(expected)
        assert found["error"] == pytest.approx(
            max(expected[0] - expected[1], expected[2] - expected[0])
        )
        assert found["refused"] == "" and found["text"].startswith("Estimé\u00a0: ")
        assert all(code in found["text"] for code in found["members"])


def test_une_part_non_mesuree_ne_donne_pas_d_estimation(official: pl.DataFrame) -> None:
    rows = retained(said(f"QP00100{n}", "essai.nb", 100.0) for n in (1, 2, 3))
    found = backcast(rows, official, catalogue(CARDS), ["essai.nb"])
    assert found.select("territory", "value").rows() == [("QN00101M", None), ("QN00102I", 100.0)]
    assert "il faut leurs périmètres" in found["refused"][0]


def test_le_secret_d_un_ancien_quartier_couvre_l_estimation() -> None:
    rows = retained([said(A, "essai.nb", 100.0), said(B, "essai.nb", None, status="secret")])
    found = backcast(rows, DEUX, catalogue(CARDS), ["essai.nb"]).row(0, named=True)
    assert (found["value"], found["status"]) == (None, "secret")
    assert "secret" in found["refused"]


# ------------------------------------------------------------------ périmètres réels


def rings(feature: dict[str, Any]) -> list[np.ndarray]:
    """Les contours d'un quartier, en mètres autour de son premier point."""
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    scale = np.array([111_320 * math.cos(math.radians(50.43)), 111_320.0])
    return [np.array(ring)[:, :2] * scale for polygon in polygons for ring in polygon]


def area(outlines: list[np.ndarray]) -> float:
    total = 0.0
    for ring in outlines:
        x, y = (ring - ring[0]).T
        total += float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2
    return abs(total)


def inside(points: np.ndarray, outlines: list[np.ndarray]) -> np.ndarray:
    """Règle pair-impair : un point est dedans s'il coupe un nombre impair de côtés à droite."""
    odd = np.zeros(len(points), dtype=bool)
    for ring in outlines:
        for (x1, y1), (x2, y2) in zip(ring[:-1], ring[1:], strict=True):
            crosses = (y1 > points[:, 1]) != (y2 > points[:, 1])
            if crosses.any():
                at = x1 + (points[crosses, 1] - y1) / (y2 - y1) * (x2 - x1)
                odd[crosses] ^= points[crosses, 0] < at
    return odd


def test_parts_mesurees_sur_les_perimetres_reels(real_data: Path) -> None:
    """Les rapports écrits à côté des fichiers : 1,0 à 2,8 fois la surface, 0,80 au moins gardé."""
    old = {
        f["properties"]["CODE_QP"]: rings(f)
        for f in json.loads(
            (real_data / "qpv-2015" / "qpv2015_lens_lievin_21_4326.geojson").read_text("utf-8")
        )["features"]
    }
    new = {
        f["properties"]["code_qp"]: rings(f)
        for f in json.loads(
            (real_data / "qpv-2024" / "qpv2024_lens_lievin_21_4326.geojson").read_text("utf-8")
        )["features"]
    }
    random = np.random.default_rng(2024)
    pairs = []
    for code, outlines in old.items():
        corner = np.vstack(outlines)
        points = random.uniform(corner.min(axis=0), corner.max(axis=0), (3000, 2))
        own = inside(points, outlines)
        for other, shape in new.items():
            found = own & inside(points, shape)
            if found.any():
                pairs.append((code, other, area(outlines) * found.sum() / own.sum()))
    frame = pl.DataFrame(pairs, schema=["old", "new", "amount"], orient="row")

    def amounts(shapes: dict[str, list[np.ndarray]]) -> pl.DataFrame:
        return pl.DataFrame(
            [(code, "", area(shape)) for code, shape in shapes.items()],
            schema=["code", "label", "amount"],
            orient="row",
        )

    found = from_areas(frame, amounts(old), amounts(new), negligible=0.05)
    number = found.filter(pl.col("old").str.slice(5) == "0" + pl.col("new").str.slice(5, 2))
    assert number.height == 21, "les deux générations se suivent ici par leur numéro"
    assert number["share_old"].min() == pytest.approx(0.80, abs=0.04)
    ratio = {o: area(new[n]) / area(old[o]) for o, n in number.select("old", "new").iter_rows()}
    assert area(old["QP062034"]) / 1e4 == pytest.approx(20.0, abs=0.3)
    assert area(new["QN06234M"]) / 1e4 == pytest.approx(55.7, abs=0.6)
    assert max(ratio.values()) == pytest.approx(2.8, abs=0.05)
    same = number.filter(pl.col("old").is_in(["QP062002", "QP062020", "QP062032", "QP062045"]))
    assert (same["share_old"] > 0.95).all() and (same["share_new"] > 0.95).all()


CHIFFRES = {
    "essai.nb": "effectif",
    "essai.nb_concernes": "effectif concerné",
    "essai.part": "part, par ses deux effectifs",
    "essai.taux": "taux, par son dénominateur",
    "essai.revenu": "médiane",
    "essai.seul": "taux sans effectif connu",
}
STATUTS = {"inchange": "inchangé", "modifie": "modifié", "nouveau": "nouveau", "": "–"}

METHODE = Methode(
    order=22,
    tables=(
        Tableau(
            "CODES",
            "Ce que dit le code d’un quartier",
            ("code", "génération", "département", "périmètre"),
            words=STATUTS,
        ),
        Tableau(
            "SURFACES",
            "Parts par surface : anciens de 20 et 10 hectares, nouveau de 40",
            ("surfaces communes, en hectares", "parts"),
            {
                "surfaces communes, en hectares": lambda pairs: " ; ".join(
                    f"{old} et {new} : {cellule(amount)}" for old, new, amount in pairs
                ),
                "parts": lambda rows: " ; ".join(
                    f"{cellule(old)} de l’ancien (de {cellule(low)} à {cellule(high)}), "
                    f"{cellule(new)} du nouveau"
                    for old, new, low, high in rows
                )
                or "aucune : le recouvrement est négligeable",
            },
        ),
        Tableau(
            "CARREAUX",
            "Parts par la population des carreaux",
            ("carreau", "habitants", "ancien", "nouveau", "part de sa surface"),
        ),
        Tableau("POINTS", "Une série dans deux générations : les chiffres",
                ("quartier", "période", "taux")),
        Tableau(
            "SERIES",
            "Une série dans deux générations : les traits et les repères",
            ("quartier", "traits", "repères"),
            {
                "traits": lambda lines: " ; ".join(
                    f"{who} : {', '.join(periods)}" for who, periods in lines
                ),
                "repères": lambda cuts: (
                    " ; ".join(f"{at}, « {words} »" for at, words in cuts) or "–"
                ),
            },
        ),
        Tableau(
            "ESTIMATIONS",
            "Une estimation de 2015 dans un périmètre de 2024",
            ("chiffre", "parts des anciens", "valeur et bornes, ou refus"),
            {
                "chiffre": lambda code: CHIFFRES[code],
                "parts des anciens": lambda links: " ; ".join(
                    f"{cellule(share)} (de {cellule(low)} à {cellule(high)})"
                    for share, low, high in links.select(
                        "share_old", "share_low", "share_high"
                    ).iter_rows()
                ),
                "valeur et bornes, ou refus": lambda told: (
                    f"refusé : « {told} »"
                    if isinstance(told, str)
                    else f"{nombre(told[0], 1)}, de {nombre(told[1], 1)} à {nombre(told[2], 1)}"
                ),
            },
            note="Anciens quartiers : 100 et 50 habitants, 20 et 20 concernés.",
        ),
    ),
)  # fmt: skip
