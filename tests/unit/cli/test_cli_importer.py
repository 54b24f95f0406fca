"""Is a file taken in only when it is right, and is nothing changed otherwise?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from small_project import HEAD, POVERTY, picture, terril, write

from terril.editions.declaration import entry, identity, quoted
from terril.sources.project import read_project

GOOD = HEAD + f"qpv;QP000001;{POVERTY};2016;43,0;insee_filosofi\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "projet")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "Année 2016.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_an_accepted_file_is_copied_and_declared(project: Path, good: Path) -> None:
    before = picture(project)
    code, out, err = terril("importer", good, "--projet", project, "--priorite", 20)
    assert code == 0, err
    after = picture(project)
    assert after["donnees/Année 2016.csv"] == GOOD.encode()
    assert after["terril.toml"].startswith(before["terril.toml"])
    declared = tomllib.loads(after["terril.toml"].decode())["entrees"][-1]
    assert declared == {
        "id": "annee_2016",
        "fichier": "donnees/Année 2016.csv",
        "lecteur": "long",
        "priorite": 20,
    }
    assert POVERTY in out and "1 valeur, 1 territoire" in out
    assert [spec.id for spec in read_project(project).inputs] == ["tableaux", "annee_2016"]


@pytest.mark.parametrize(
    "content",
    [
        "",  # empty
        HEAD,  # no row
        HEAD + f"qpv;QP999999;{POVERTY};2016;43,0;insee_filosofi\n",  # unknown territory
        HEAD + f"qpv;QP000001;{POVERTY};2016;quarante;insee_filosofi\n",  # a text in a number
        HEAD + "qpv;QP000001;revenus.taux_pauvret;2016;43;insee_filosofi\n",  # unknown indicator
        GOOD + f"qpv;QP000001;{POVERTY};2016;44,0;insee_filosofi\n",  # a duplicate row
        "a;b\n1;2\n",  # not a table that a reader knows
    ],
)
def test_a_refused_file_changes_nothing(project: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "mauvais.csv"
    file.write_text(content, encoding="utf-8")
    before = picture(project)
    code, out, err = terril("importer", file, "--projet", project)
    assert code == 1
    assert "mauvais.csv est refusé" in err and "Rien n’est changé." in err
    assert "1. erreur, mauvais.csv" in err
    assert out == ""
    assert picture(project) == before


def test_several_problems_are_told_together(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "mauvais.csv"
    file.write_text(
        HEAD
        + f"qpv;QP999999;{POVERTY};2016;43,0;insee_filosofi\n"
        + f"qpv;QP000001;{POVERTY};2016;quarante;insee_filosofi\n"
        + "qpv;QP000001;revenus.taux_pauvret;2016;43;insee_filosofi\n",
        encoding="utf-8",
    )
    _, _, err = terril("importer", file, "--projet", project)
    for line in ("ligne 2", "ligne 3", "ligne 4"):
        assert line in err, err
    assert "3 erreurs" in err


def test_a_trial_changes_nothing(project: Path, good: Path) -> None:
    before = picture(project)
    code, out, _ = terril("importer", good, "--projet", project, "--essai")
    assert code == 0 and "Essai seulement" in out
    assert picture(project) == before


def test_the_same_name_twice_is_refused(project: Path, good: Path, tmp_path: Path) -> None:
    assert terril("importer", good, "--projet", project)[0] == 0
    before = picture(project)
    code, _, err = terril("importer", good, "--projet", project)
    assert code == 1 and "entree-existante" in err and "--remplacer" in err
    other = tmp_path / "autre" / "Année 2016.csv"
    other.parent.mkdir()
    other.write_text(GOOD.replace("43,0", "42,0"), encoding="utf-8")
    code, _, err = terril("importer", other, "--projet", project, "--id", "autre")
    assert code == 1 and "fichier-existant" in err
    assert picture(project) == before


def test_a_corrected_file_replaces_the_former(project: Path, good: Path, tmp_path: Path) -> None:
    terril("importer", good, "--projet", project, "--id", "revenus_2016")
    declared = picture(project)["terril.toml"]
    fixed = tmp_path / "corrige.csv"
    fixed.write_text(GOOD.replace("43,0", "42,0"), encoding="utf-8")
    code, out, err = terril(
        "importer", fixed, "--projet", project, "--remplacer", "--id", "revenus_2016"
    )
    assert code == 0, err
    assert "donnees/Année 2016.csv est remplacé" in out
    after = picture(project)
    assert after["donnees/Année 2016.csv"] == fixed.read_bytes()
    assert after["terril.toml"] == declared and "donnees/corrige.csv" not in after
    code, _, err = terril("importer", fixed, "--projet", project, "--remplacer", "--id", "rien")
    assert code == 1 and "entree-absente" in err


def test_a_bad_replacement_keeps_the_former(project: Path, good: Path, tmp_path: Path) -> None:
    terril("importer", good, "--projet", project, "--id", "revenus_2016")
    before = picture(project)
    bad = tmp_path / "mauvais.csv"
    bad.write_text(GOOD.replace("43,0", "beaucoup"), encoding="utf-8")
    code, _, _ = terril("importer", bad, "--projet", project, "--remplacer", "--id", "revenus_2016")
    assert code == 1 and picture(project) == before


def test_a_failure_while_declaring_leaves_the_project_as_it_was(
    project: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = picture(project)
    monkeypatch.setattr("terril.editions.declaration.read_project", full)
    code, _, err = terril("importer", good, "--projet", project)
    assert code == 3 and "Erreur imprévue" in err and "No space left" in err
    assert picture(project) == before


def test_windows_line_ends_are_kept(project: Path, good: Path) -> None:
    path = project / "terril.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    terril("importer", good, "--projet", project)
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert len(read_project(project).inputs) == 2


def test_no_project_here_is_said(tmp_path: Path, good: Path) -> None:
    code, _, err = terril("importer", good, "--projet", tmp_path)
    assert code == 1 and "projet-absent" in err and "terril nouveau" in err


@pytest.mark.parametrize(
    ("name", "expected"),
    [("DEMO_2019.csv", "demo_2019"), ("Été (2).xlsx", "ete_2"), ("§.csv", "fichier")],
)
def test_an_id_comes_from_the_name(name: str, expected: str) -> None:
    assert identity(Path(name)) == expected


def test_a_declaration_is_toml_whatever_the_text() -> None:
    text = 'un "titre", un \\ et\nune ligne'
    values: dict[str, str | int | None] = {
        "id": "a",
        "priorite": 3,
        "source": None,
        "feuille": text,
        "colonnes.Nom de l’an": "x",
    }
    again = tomllib.loads(entry(values))["entrees"][0]
    assert again == {"id": "a", "priorite": 3, "feuille": text, "colonnes": {"Nom de l’an": "x"}}
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}


def test_an_option_is_a_key_and_a_value(
    project: Path, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        terril("importer", good, "--projet", project, "--option", "periode")
    assert left.value.code == 2
    assert "clé=valeur" in capsys.readouterr().err
