"""Is an edition withdrawn from the command line, and does every verb say so afterwards?"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from small_project import POVERTY, picture, terril
from three_editions import DATES, Three, build, change, three

from terril.editions.register import REGISTER, read_register


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Three:
    return three(tmp_path_factory.mktemp("retirer"))


@pytest.fixture
def built(model: Three, tmp_path: Path) -> Three:
    shutil.copytree(model.project, tmp_path / "projet")
    return Three(tmp_path / "projet", tmp_path / "projet" / "editions")


NOTICE = (
    "L’édition du 1er juillet 2020 est retirée depuis le 15 août 2021\u00a0: un secret était "
    "imprimé. Elle est remplacée par l’édition du 1er juillet 2021."
)


def withdraw(built: Three) -> tuple[int, str, str]:
    return terril(
        "retirer", built[0], "--motif", "un secret était imprimé", "--remplacee-par", DATES[1],
        "--date", "2021-08-15",
    )  # fmt: skip


def test_retirer_changes_nothing_but_the_register(built: Three) -> None:
    before = picture(built.project)
    code, out, err = withdraw(built)
    assert code == 0 and out.splitlines()[0] == NOTICE
    assert "prévenez-les" in err
    after = picture(built.project)
    register = f"editions/{REGISTER}"
    assert after.pop(register).startswith(before.pop(register))
    assert after == before


def test_the_date_of_the_day_is_the_default(built: Three) -> None:
    assert terril("retirer", built[0], "--motif", "Erreur.")[0] == 0
    notice = read_register(built.editions).notice(DATES[0])
    assert notice is not None and notice.on == dt.date.today().isoformat()


def test_every_verb_that_opens_it_says_so(built: Three, tmp_path: Path) -> None:
    withdraw(built)
    _, _, err = terril("comparer", built[0], built[1])
    assert NOTICE in err
    _, _, err = terril("tracer", "QP000001", POVERTY, "--edition", built[0])
    assert NOTICE in err
    _, out, _ = terril("editions", built.project)
    assert NOTICE in out
    _, _, err = terril("reconstruire", built[0], "--projet", built.project)
    assert "entree-changee" in err
    for number in (1, 2):
        _, out, err = terril("tracer", "QP000001", POVERTY, "--edition", built[number])
        assert "retirée" not in out + err


def test_publier_refuses_it_unless_asked(built: Three, tmp_path: Path) -> None:
    withdraw(built)
    code, _, err = terril("publier", built[0], "--vers", tmp_path / "out")
    assert code == 1 and "edition-retiree" in err and NOTICE in err
    assert "Composez l’édition du 1er juillet 2021, ou ajoutez --meme-retiree" in err
    assert not (tmp_path / "out").exists()
    code, out, err = terril("publier", built[0], "--vers", tmp_path / "out", "--meme-retiree")
    assert code == 0 and NOTICE in err
    assert (tmp_path / "out" / "fiches" / "fiche-QP000001.pdf").is_file()


def test_building_the_same_again_does_not_bring_it_back(built: Three) -> None:
    withdraw(built)
    change(built.project, "2015;31,0;", "2015;38,0;")
    change(built.project, f"epci;200000000;{POVERTY};2016;", f"epci;200000000;{POVERTY};2015;")
    code, _, err = terril("construire", built.project, "--date", DATES[0])
    assert code == 0, err
    assert NOTICE in err


def test_a_second_time_and_what_is_no_edition_are_refused(built: Three) -> None:
    withdraw(built)
    before = picture(built.project)
    for path, told in (
        (built[0], "retrait-deja-fait"),
        (built.project, "edition-absente"),
        (built.editions / "1999-01-01", "edition-absente"),
    ):
        code, _, err = terril("retirer", path, "--motif", "Encore.")
        assert code == 1 and told in err and "À faire" in err, told
    assert picture(built.project) == before


def test_an_edition_to_come_is_said_to_be_missing(built: Three) -> None:
    _, _, err = terril("retirer", built[2], "--motif", "Erreur.", "--remplacee-par", "2023-01-01")
    assert "n’est pas encore scellée" in err and "terril construire --date 2023-01-01" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "il manque\u00a0: --motif"),
        (("--motif", "x", "--date", "2999-01-01"), "est à venir"),
        (("--motif", "x", "--remplacee-par", "demain"), "année-mois-jour"),
    ],
)
def test_a_badly_written_command_is_said(
    built: Three, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = picture(built.project)
    with pytest.raises(SystemExit) as left:
        terril("retirer", built[0], *options)
    assert left.value.code == 2 and said in capsys.readouterr().err
    assert picture(built.project) == before


# ------------------------------------------------------------------ the list


def test_editions_lists_them(built: Three) -> None:
    withdraw(built)
    code, out, err = terril("editions", built.project, "--verifier")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("3 éditions dont 1 retirée\u00a0: ")
    assert lines[1].split("\t") == [
        "date", "état", "scellée le", "chiffres", "fiches", "empreinte", "fichiers",
    ]  # fmt: skip
    today = dt.date.today().isoformat()
    for line, date, state in zip(lines[2:5], DATES, ("retirée", "publiée", "publiée"), strict=True):
        cells = line.split("\t")
        assert cells[:3] == [date, state, today]
        assert cells[4] == "3" and cells[6] == "intacte" and cells[5].endswith("…")
    assert "--verifier" not in err
    _, out, err = terril("editions", built.editions)
    assert "tailles justes" in out and "--verifier" in err


def test_editions_ends_with_one_when_one_is_altered_or_gone(built: Three) -> None:
    path = built[0] / "observations.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"47,3", b"17,3"))
    assert terril("editions", built.project)[0] == 0
    code, out, err = terril("editions", built.project, "--verifier")
    assert code == 1 and "altérée" in out and "edition-alteree" in err
    shutil.rmtree(built[1])
    code, out, err = terril("editions", built.project)
    assert code == 1 and "manquante" in out and "edition-manquante" in err
    assert "1er juillet 2021" in err


def test_an_edition_once_published_is_not_replaced_by_another(built: Three) -> None:
    shutil.rmtree(built[2])
    change(built.project, "2015;31,0;", "2015;32,0;")
    code, _, err = terril("construire", built.project, "--date", DATES[2])
    assert code == 1 and "edition-republiee" in err
    assert not built[2].exists()
    change(built.project, "2015;32,0;", "2015;31,0;")
    build(built.project, DATES[2])
    assert terril("editions", built.project, "--verifier")[0] == 0
