"""Does « terril compter » count the records of a project, and write what « construire » reads?"""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
import shapely

import naive_places
from terril.catalogue.load import load_catalogue
from terril.cli.codes import OK, PROBLEMS
from terril.cli.main import main
from terril.editions.open import open_edition
from terril.lib.problems import ProblemList
from terril.observations.schema import KEY
from terril.sources.project import read_project
from terril.sources.read import read_inputs
from terril.territories.registry import read_territories

WEST, SOUTH = 680_000, 7_030_000

PROJECT = """\
[projet]
nom = "Essai"
edition = 2021-07-01
catalogue = ["catalogue"]

[territoire]
epci = "200000001"

[[perimetres]]
id = "quartiers"
fichier = "quartiers.geojson"
lecteur = "contours"
nature = "qpv"
crs = "2154"

[[microdonnees]]
id = "demandeurs"
fichier = "demandeurs_*.csv"
lecteur = "enregistrements"
libelle = "le fichier des demandeurs"
periode = "2020-12-31"
"""

WORK = """\
demandeurs:
  label: Demandeurs d’emploi
  source: pole_emploi
  position: {x: X, y: Y, crs: 2154}
  dimensions:
    sexe: {column: SEXE, values: {F: ['2'], H: ['1']}}
  territories:
    - {kind: qpv, around: 300}
  measures:
    - {indicator: emploi.nb_defm_abc, form: count, by: [sexe]}
    - indicator: emploi.part_rsa_defm
      form: share
      where: [{column: RSA, operator: is, value: O}]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with two neighbourhoods, and records in two files."""
    (tmp_path / "catalogue" / "works").mkdir(parents=True)
    (tmp_path / "catalogue" / "works" / "essai.yaml").write_text(WORK, encoding="utf-8")
    (tmp_path / "terril.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "territoires.csv").write_text(
        "genre;code;nom;communes;epci\n"
        "epci;200000001;Agglo;;\n"
        "qpv;QP099001;Cité une;99001;200000001\n"
        "qpv;QP099002;Cité deux;99001;200000001\n"
        "commune;99001;Ville;;200000001\n",
        encoding="utf-8",
    )
    features = [
        {
            "type": "Feature",
            "properties": {"code_qp": code, "nom_qp": code},
            "geometry": shapely.geometry.mapping(
                shapely.box(WEST + x, SOUTH, WEST + x + 200, SOUTH + 200)
            ),
        }
        for code, x in (("QP099001", 0), ("QP099002", 1000))
    ]
    (tmp_path / "quartiers.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    rows: list[tuple[int | None, str, str]] = []
    rows += [(50, "1", "O")] * 8
    rows += [(60, "2", "N")] * 7
    rows += [(1050, "2", "O")] * 3
    rows += [(400, "1", "N")] * 6 + [(None, "1", "N")]
    for part in (0, 1):
        lines = ["X;Y;SEXE;RSA"] + [
            f"{'' if x is None else WEST + x};{SOUTH + 100};{sex};{rsa}"
            for x, sex, rsa in rows[part::2]
        ]
        (tmp_path / f"demandeurs_{part}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def terril(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main([str(a) for a in arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def test_what_is_counted_is_told_and_written(place: Path) -> None:
    code, out, err = terril("compter", place, "--vers", place / "comptes.csv")
    assert code == OK, err
    assert "demandeurs\t25\t0\t18\t6\t0\t1" in out, out
    assert "1 sans coordonnées" in out
    assert "DuckDB" in out and "comptes.csv" in out
    assert "construire" in err, "what to write in terril.toml is told"
    text = (place / "comptes.csv").read_text(encoding="utf-8")
    assert "qpv;QP099001;emploi.nb_defm_abc;2020-12-31;total;15;ok;pole_emploi" in text
    assert "qpv;QP099001;emploi.part_rsa_defm;2020-12-31;total;53,3;ok;pole_emploi" in text
    assert "qpv;QP099002;emploi.nb_defm_abc;2020-12-31;total;;secret;pole_emploi" in text
    assert "qpv;QP099001;emploi.nb_defm_abc;2020-12-31;autour_300m;6;ok;pole_emploi" in text
    assert "qpv;QP099002;emploi.nb_defm_abc;2020-12-31;sexe=H;0;ok;pole_emploi" in text


def test_the_file_reads_back_as_the_same_figures(place: Path) -> None:
    terril("compter", place, "--vers", place / "comptes.csv")
    toml = (place / "terril.toml").read_text(encoding="utf-8")
    toml += '\n[[entrees]]\nid = "comptes"\nfichier = "comptes.csv"\nlecteur = "long"\n'
    (place / "terril.toml").write_text(toml.replace("periode =", 'a_part = "oui"\nperiode ='))
    problems = ProblemList()
    project = read_project(place)
    territories = read_territories(project.territories_file, problems)
    catalogue = load_catalogue(project.catalogue_dirs)
    read = read_inputs(project, territories, catalogue, problems).statements
    assert not problems.errors, problems.errors
    lines = (place / "comptes.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert read.height == len(lines) == 16
    figures = dict(
        zip(
            read.select("territory", "indicator", "breakdown").rows(),
            read.select("value", "status", "decimals").rows(),
            strict=True,
        )
    )
    assert figures["QP099001", "emploi.part_rsa_defm", "total"] == (53.3, "ok", 1)
    assert figures["QP099002", "emploi.nb_defm_abc", "total"] == (None, "secret", None)
    assert read.select(KEY).is_unique().all()
    # counting again says nothing more of terril.toml
    code, _, err = terril("compter", place, "--vers", place / "comptes.csv")
    assert code == OK and "[[entrees]]" not in err


def test_nothing_is_written_when_something_is_wrong(place: Path) -> None:
    (place / "demandeurs_1.csv").write_text("X;Z;SEXE;RSA\n1;2;1;O\n")
    code, _, err = terril("compter", place)
    assert code == PROBLEMS
    assert "« Y » manque" in err.replace("\u00a0", " ") and "colonne-absente" in err
    assert not (place / "out").exists()


def test_no_record_is_shown(place: Path) -> None:
    _, out, err = terril("compter", place)
    written = (place / "out" / "comptes.csv").read_text(encoding="utf-8")
    for x in (50, 60, 1050, 400):
        assert str(WEST + x) not in out + err + written


def test_an_input_may_be_chosen_and_must_exist(place: Path) -> None:
    assert terril("compter", place, "--seulement", "demandeurs")[0] == OK
    code, _, err = terril("compter", place, "--seulement", "licences")
    assert code == PROBLEMS and "demandeurs" in err
    text = (place / "terril.toml").read_text(encoding="utf-8")
    (place / "terril.toml").write_text(text.partition("[[microdonnees]]")[0], encoding="utf-8")
    code, _, err = terril("compter", place)
    assert code == PROBLEMS and "[[microdonnees]]" in err


def test_a_remote_cluster_needs_a_shared_folder(place: Path) -> None:
    pytest.importorskip("pyspark")
    code, _, err = terril("compter", place, "--grappe", "spark://serveur.invalide:7077")
    assert code == PROBLEMS and "--echange" in err and "grappe-dossier" in err


def test_the_world_of_this_file_is_what_it_says(place: Path) -> None:
    """Six records are 200 m and more from both neighbourhoods, within 300 m of the first."""
    layer = naive_places.layer([shapely.box(WEST, SOUTH, WEST + 200, SOUTH + 200)], ["QP099001"])
    hits = naive_places.by_fractions([(WEST + 400.0, SOUTH + 100.0)], layer, [300.0])
    assert hits == {(0, "QP099001", "around")}


def test_a_cluster_that_does_not_answer_is_told_at_once(place: Path) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("java is not installed: apt-get install default-jre-headless")
    code, _, err = terril("compter", place, "--grappe", "spark://127.0.0.1:1")
    assert code == PROBLEMS and "grappe-muette" in err and "spark://127.0.0.1:1" in err


@pytest.mark.long
def test_a_cluster_writes_the_same_file(place: Path) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("java is not installed: apt-get install default-jre-headless")
    assert terril("compter", place, "--vers", place / "seul.csv")[0] == OK
    code, out, err = terril("compter", place, "--vers", place / "a.csv", "--grappe", "local[1]")
    assert code == OK and "Spark" in out, err
    assert (place / "a.csv").read_bytes() == (place / "seul.csv").read_bytes()


def test_the_records_reach_the_edition_and_their_small_figures_do_not(place: Path) -> None:
    code, _, err = terril("construire", place, "--brouillon", "--vers", place / "editions")
    assert code == OK, err
    edition = open_edition(place / "editions")
    figures = {
        (r["territory"], r["breakdown"]): (r["value"], r["status"])
        for r in edition.retained.iter_rows(named=True)
        if r["indicator"] == "emploi.nb_defm_abc"
    }
    assert figures["QP099001", "total"] == (15.0, "ok")
    assert figures["QP099002", "total"] == (None, "secret")  # three people
    hidden = edition.statements.filter(
        (pl.col("territory") == "QP099002") & (pl.col("status") == "secret")
    )
    assert hidden.height and hidden["value"].null_count() == hidden.height
    assert "demandeurs" in {item.document for item in edition.manifest.inputs}
