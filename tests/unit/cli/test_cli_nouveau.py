"""Does the command make a working project for any EPCI, or say why not and leave nothing?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small_project import picture, terril

from terril.cli.survey import full_name, year_of
from terril.lib.problems import ProblemList
from terril.sources.project import read_project
from terril.territories.registry import read_territories

COMMUNES = """\
CODGEO;LIBGEO;EPCI;LIBEPCI;DEP;REG
01001;Premier;200000001;CA de la Plaine;01;84
01002;Second;200000001;CA de la Plaine;01;84
01003;Troisième;200000002;CC des Monts;01;84
01004;Quatrième;200000003;CA de la Plaine Haute;01;84
"""

DEMO = """\
CODGEO;LIBGEO;POP_MUN;POP_COM_QP;POP_COM;LIB_COM;TX_F;TX_TOT_0A24;TX_F_0A24;TX_TOT_60ETPLUS;TX_F_60ETPLUS;IND_JEUNE;TX_TOT_MEN1;TX_TOT_MEN6;TX_TOT_ET;TX_F_ET;A;PERCOU;AM;AI;ACSSENF;ACAVENF;AC3ENF;A_NETUD_24;A_ETUD;ENF;ENF_2;ENF_3_5;ENF_6_10;ENF_11_14;ENF_15_17;ENF_18_24;NOTE_CNAF
Ensemble;Ensemble;2 500;;;;52,1;39,8;37,7;15,5;17,0;2,1;36,7;5,2;18,6;17,4;1 000;2 000;300;600;100;300;160;80;40;1 500;250;240;390;280;190;150;
QP001001;Les Champs;1 500;2 500;9 000;Premier;52,1;39,8;37,7;15,5;17,0;2,1;36,7;5,2;18,6;17,4;500;1 000;150;300;50;150;80;40;20;700;120;120;190;140;90;40;
QP001002;La Gare;1 000;2 500;9 000;Second, Premier;51,0;35,0;33,0;20,5;22,0;1,5;40,0;4,2;10,6;9,4;400;800;100;280;40;120;60;30;10;500;80;90;140;90;60;40;
QP001003;Le Col;1 000;1 000;4 000;Quatrième;51,0;35,0;33,0;20,5;22,0;1,5;40,0;4,2;10,6;9,4;400;800;100;280;40;120;60;30;10;500;80;90;140;90;60;40;
"""  # noqa: E501


@pytest.fixture
def national(tmp_path: Path) -> Path:
    folder = tmp_path / "national"
    (folder / "epci").mkdir(parents=True)
    (folder / "epci" / "communes.csv").write_text(COMMUNES, encoding="utf-8")
    (folder / "DEMO_2019.csv").write_text(DEMO, encoding="utf-8-sig")
    (folder / "lisez-moi.txt").write_text("rien à lire ici\n", encoding="utf-8")
    return folder


def test_a_project_is_made_from_two_files(national: Path, tmp_path: Path) -> None:
    target = tmp_path / "plaine"
    code, out, err = terril(
        "nouveau", "200000001", "--depuis", national, "--vers", target, "--date", "2021-07-01"
    )
    assert code == 0, err
    project = read_project(target)
    assert (project.epci_name, project.epci_short) == (
        "Communauté d’agglomération de la Plaine",
        "Plaine",
    )
    assert (project.edition, project.generation) == ("2021-07-01", "2015")
    assert [spec.file.name for spec in project.inputs] == ["DEMO_2019.csv"]
    problems = ProblemList()
    territories = read_territories(project.territories_file, problems)
    assert not problems.errors
    assert [t.code for t in territories.qpv("200000001")] == ["QP001001", "QP001002"]
    assert "2 quartiers de la génération 2015, 2 communes" in out
    assert "Sans aucun chiffre\u00a0: revenus" in err


def test_the_new_project_is_checked_without_error(national: Path, tmp_path: Path) -> None:
    target = tmp_path / "plaine"
    terril("nouveau", "200000001", "--depuis", national, "--vers", target)
    code, out, err = terril("controler", target)
    assert code == 0, err
    assert "0 contradiction" in out


def test_a_name_is_enough_when_it_is_one(
    national: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = terril("nouveau", "plaine haute", "--depuis", "national")
    assert code == 0, err
    assert (tmp_path / "plaine-haute" / "terril.toml").is_file()
    assert "200000003" in out


@pytest.mark.parametrize(
    ("asked", "code", "help_"),
    [
        ("plaine", "epci-ambigu", "200000003"),
        ("Lune", "epci-inconnu", "200000001"),
        ("999999999", "epci-inconnu", "CA de la Plaine (200000001)"),
        ("200000002", "epci-sans-quartier", "Communauté de communes des Monts"),
    ],
)
def test_an_epci_that_cannot_be_is_refused(
    national: Path, tmp_path: Path, asked: str, code: str, help_: str
) -> None:
    before = picture(tmp_path)
    left, out, err = terril("nouveau", asked, "--depuis", national, "--vers", tmp_path / "essai")
    assert left == 1 and out == ""
    assert f"[{code}]" in err and help_ in err
    assert picture(tmp_path) == before and not (tmp_path / "essai").exists()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder: (folder / "epci" / "communes.csv").unlink(), "liste-communes-absente"),
        (lambda folder: (folder / "DEMO_2019.csv").unlink(), "liste-quartiers-absente"),
        (shutil.rmtree, "dossier-absent"),
    ],
)
def test_absent_files_are_said(national: Path, tmp_path: Path, spoil: object, code: str) -> None:
    assert callable(spoil)
    spoil(national)
    left, _, err = terril("nouveau", "200000001", "--depuis", national, "--vers", tmp_path / "a")
    assert left == 1 and f"[{code}]" in err and "À faire" in err
    assert not (tmp_path / "a").exists()


def test_both_lists_absent_are_said_together(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    _, _, err = terril("nouveau", "200000001", "--depuis", tmp_path / "vide")
    assert "2 erreurs" in err


def test_an_occupied_folder_is_not_touched(national: Path, tmp_path: Path) -> None:
    (tmp_path / "plaine").mkdir()
    (tmp_path / "plaine" / "note.txt").write_text("à moi", encoding="utf-8")
    before = picture(tmp_path)
    code, _, err = terril(
        "nouveau", "200000001", "--depuis", national, "--vers", tmp_path / "plaine"
    )
    assert code == 1 and "dossier-occupe" in err
    assert picture(tmp_path) == before


def test_a_generation_that_is_not_there_is_said(national: Path, tmp_path: Path) -> None:
    code, _, err = terril(
        "nouveau", "200000001", "--depuis", national, "--generation", "2024",
        "--vers", tmp_path / "a",
    )  # fmt: skip
    assert code == 1 and "generation-absente" in err


def test_lists_without_any_figure_are_refused(national: Path, tmp_path: Path) -> None:
    (national / "DEMO_2019.csv").write_text(
        "CODGEO;LIBGEO;LIB_COM\nQP001001;Les Champs;Premier\n", encoding="utf-8"
    )
    code, _, err = terril("nouveau", "200000001", "--depuis", national, "--vers", tmp_path / "a")
    assert code == 1 and "aucun-chiffre" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["national"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("CA d'Hénin-Carvin", "Communauté d’agglomération d’Hénin-Carvin"),
        ("CU d'Arras", "Communauté urbaine d’Arras"),
        ("CA de Lens - Liévin", "Communauté d’agglomération de Lens-Liévin"),
        ("Métropole Européenne de Lille", "Métropole Européenne de Lille"),
    ],
)
def test_the_legal_form_is_written_in_full(label: str, expected: str) -> None:
    assert full_name(label) == expected


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("DEMO_2019.csv", 2019),
        ("data_filo16_qp_revdis.csv", 2016),
        ("FILO2017_DISP_EPCI_dep62.csv", 2017),
        ("communes.csv", 0),
    ],
)
def test_the_newest_files_come_first(name: str, year: int) -> None:
    assert year_of(Path(name)) == year


def test_a_neighbouring_agglomeration_from_the_real_files(real_data: Path, tmp_path: Path) -> None:
    folders = [real_data / name for name in ("epci", "insee-qpv", "filosofi-territoires")]
    target = tmp_path / "henin"
    code, out, err = terril("nouveau", "246200299", "--depuis", *folders, "--vers", target)
    assert code == 0, err
    assert "10 quartiers de la génération 2015, 14 communes" in out
    assert "36 fichiers de chiffres" in out
    assert "Sans aucun chiffre\u00a0: éducation et habitat" in err
    assert "QP062043" in err and "à cheval" in err
    project = read_project(target)
    newest = [spec.file.name for spec in project.inputs][:3]
    assert newest == ["DEMO_2022.csv", "IPRO_2022.csv", "REVN_2022.csv"]
    assert [spec.priority for spec in project.inputs] == sorted(
        spec.priority for spec in project.inputs
    )
