"""Do the verbs work one after the other on a project, and end with the right code?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_project import HEAD, POVERTY, picture, terril, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "projet")


def add(project: Path, row: str) -> None:
    path = project / "donnees" / "tableaux.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


def test_controler_shows_problems_contradictions_and_findings(project: Path) -> None:
    (project / "donnees" / "fiches.csv").write_text(
        HEAD + f"qpv;QP000001;{POVERTY};2015;47,0;insee_filosofi\n", encoding="utf-8"
    )
    toml = project / "terril.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8")
        + '\n[[entrees]]\nid = "fiches"\nfichier = "donnees/fiches.csv"\nlecteur = "long"\n'
        + "priorite = 20\n",
        encoding="utf-8",
    )
    code, out, err = terril("controler", project)
    assert code == 0, err
    assert "1 contradiction entre documents" in out
    assert "«\u00a044,1\u00a0»" in out and "«\u00a047,0\u00a0»" in out
    assert (project / "out" / "controles.xlsx").is_file()
    assert terril("controler", project, "--strict")[0] == 1


def test_controler_ends_with_one_on_an_error_and_shows_the_rest(project: Path) -> None:
    add(project, f"qpv;QP000001;{POVERTY};2016;beaucoup;insee_filosofi")
    code, out, err = terril("controler", project)
    assert code == 1
    assert "1. erreur, donnees/tableaux.csv, ligne 6" in err
    assert "0 contradiction" in out


def test_construire_seals_and_says_where(project: Path) -> None:
    code, out, err = terril("construire", project, "--temps")
    assert code == 0, err
    assert "Édition du 1er juillet 2020" in out and "3 fiches" in out and "secondes" in out
    assert (project / "editions" / "2020-07-01" / "manifest.json").is_file()
    before = picture(project / "editions")
    add(project, f"qpv;QP000001;{POVERTY};2016;40,0;insee_filosofi")
    code, _, err = terril("construire", project)
    assert code == 1 and "edition-existante" in err
    assert picture(project / "editions") == before


def test_construire_refuses_files_with_errors_and_writes_nothing(project: Path) -> None:
    add(project, f"qpv;QP000001;{POVERTY};2016;beaucoup;insee_filosofi")
    before = picture(project)
    code, _, err = terril("construire", project, "--brouillon")
    assert code == 1 and "ligne 6" in err
    assert picture(project) == before


def test_tracer_shows_the_line_of_the_file(project: Path) -> None:
    terril("construire", project, "--brouillon")
    code, out, err = terril("tracer", "QP000001", POVERTY, "--edition", project)
    assert code == 0, err
    assert "1. Lu" in out
    assert f"ligne 2\u00a0: qpv;QP000001;{POVERTY};2015;44,1;insee_filosofi" in out
    assert "fiche QP000001, page 2" in out
    code, _, err = terril("tracer", "QP000001", "revenus.taux", "--edition", project)
    assert code == 1 and POVERTY in err


def test_comparer_tells_what_changed(project: Path, tmp_path: Path) -> None:
    terril("construire", project, "--vers", tmp_path / "editions")
    path = project / "donnees" / "tableaux.csv"
    path.write_text(path.read_text("utf-8").replace("44,1", "45,2"), "utf-8")
    code, _, err = terril(
        "construire", project, "--vers", tmp_path / "editions", "--date", "2021-07-01"
    )
    assert code == 0, err
    both = [tmp_path / "editions" / date for date in ("2020-07-01", "2021-07-01")]
    code, out, _ = terril("comparer", *both)
    assert code == 0
    assert "chiffres\u00a0: 1 de valeur changée" in out
    assert f"\t{POVERTY}\t2015\t44,1\u202f%\t45,2\u202f%\tchiffre" in out
    _, out, _ = terril("comparer", both[0], both[0])
    assert "rien ne change" in out


@pytest.mark.parametrize("verb", ["controler", "construire", "publier"])
def test_a_folder_without_a_project_is_said(verb: str, tmp_path: Path) -> None:
    code, _, err = terril(verb, tmp_path)
    assert code == 1 and "À faire" in err and "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_an_impossible_date_is_a_mistake_of_the_command(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        terril("construire", project, "--date", "2021-13-01")
    assert left.value.code == 2
    assert "année-mois-jour" in capsys.readouterr().err


def test_the_command_in_a_pipe_is_plain(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "terril.cli", "controler", str(project)],
        capture_output=True,
        check=False,
        env={"PATH": "", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stdout.startswith(b"0 contradiction")


def test_a_pipe_that_closes_is_not_an_error(project: Path) -> None:
    command = f"'{sys.executable}' -m terril.cli controler '{project}' | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
