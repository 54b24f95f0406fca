"""Does ``terril telecharger`` fetch, tell, verify, and leave a project in order?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_project import terril, write

from bad_server import Server, serving

FEATURE = {
    "type": "Feature",
    "properties": {"code_qp": "QN00101M", "lib_qp": "Les Champs"},
    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
}
GEOJSON = json.dumps({"type": "FeatureCollection", "features": [FEATURE]}).encode()
CARDS = """\
qpv_2024:
  label: Périmètres d’essai
  group: perimetres
  generation: '2024'
  producer: ANCT
  licence: Licence Ouverte 2.0
  vintage: '2024'
  page: https://exemple.invalid/
  dataset: quartiers
  words: [qpv-2024]
  file: qpv-2024.geojson
  format: geojson
  declare:
    table: perimetres
    keys: {id: qpv-2024, lecteur: contours, nature: qpv, generation: '2024'}
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as state:
        monkeypatch.setenv("TERRIL_DATA_GOUV", state.base)
        state.put("/qpv-2024.geojson", GEOJSON)
        state.data_set("quartiers", state.resource("/qpv-2024.geojson"))
        yield state


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write(tmp_path / "projet")
    (folder / "cartes" / "downloads").mkdir(parents=True)
    (folder / "cartes" / "downloads" / "essai.yaml").write_text(CARDS, encoding="utf-8")
    toml = folder / "terril.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[projet]", '[projet]\ncatalogue = ["cartes"]', 1), "utf-8")
    return folder


def test_the_official_file_enters_the_project(server: Server, project: Path) -> None:
    code, out, err = terril(
        "telecharger", "perimetres", "--generation", "2024", "--projet", project
    )
    assert code == 0, err
    assert (project / "donnees" / "qpv-2024.geojson").read_bytes() == GEOJSON
    assert "téléchargé" in out and "data.gouv.fr" in out
    assert "[[perimetres]]" in out and 'fichier = "donnees/qpv-2024.geojson"' in out
    again, out, _ = terril("telecharger", "qpv_2024", "--projet", project)
    assert again == 0 and "déjà à jour" in out
    verified, out, _ = terril("telecharger", "--verifier", "--projet", project)
    assert verified == 0 and "tel que reçu" in out
    (project / "donnees" / "qpv-2024.geojson").write_bytes(b"{}")
    verified, out, _ = terril("telecharger", "--verifier", "--projet", project)
    assert verified == 1 and "changé ou absent" in out


def test_what_is_declared_is_not_asked_for_again(server: Server, project: Path) -> None:
    toml = project / "terril.toml"
    with toml.open("a", encoding="utf-8") as stream:
        stream.write('\n[[perimetres]]\nid = "q"\nfichier = "donnees/qpv-2024.geojson"\n')
        stream.write('lecteur = "contours"\n')
    code, out, err = terril("telecharger", "qpv_2024", "--projet", project)
    assert code == 0, err
    assert "À ajouter" not in out


def test_a_failure_is_told_and_leaves_no_file(server: Server, project: Path) -> None:
    server.files["/qpv-2024.geojson"].always = "status:404"
    code, out, err = terril("telecharger", "qpv_2024", "--projet", project)
    assert code == 1
    assert "[adresse-absente]" in err and "qpv-2024.geojson" in err
    assert not (project / "donnees" / "qpv-2024.geojson").exists()
    assert "À ajouter" not in out


def test_a_cut_line_is_told_and_gone_on_with(server: Server, project: Path) -> None:
    server.files["/qpv-2024.geojson"].faults = ["cut:50"]
    server.files["/qpv-2024.geojson"].always = "close"
    arguments = ("telecharger", "qpv_2024", "--projet", project, "--essais", "1")
    code, _, err = terril(*arguments)
    assert code == 1 and "Relancez" in err
    server.files["/qpv-2024.geojson"].always = ""
    code, out, err = terril(*arguments)
    assert code == 0 and "repris" in out, err


def test_without_a_word_the_list_is_shown(project: Path) -> None:
    code, out, _ = terril("telecharger", "--projet", project)
    assert code == 0
    assert "qpv-2024.geojson" in out and "adresses-{departement}.csv" in out


def test_an_unknown_word_is_told_with_what_is_near(project: Path) -> None:
    code, _, err = terril("telecharger", "perimetre", "--projet", project)
    assert code == 1 and "Écrivez « perimetres »" in err.replace("\u00a0", " ")
