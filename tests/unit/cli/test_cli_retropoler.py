"""Are the figures of 2015 estimated in the perimeters of 2024 only on request, and honestly?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from small_project import HEAD, TOML, picture, terril

from terril.lib.problems import ProblemList
from terril.sources.shares import read_shares, write_shares

NB, MEN, SHARE = "emploi.nb_defm_abc", "emploi.nb_defm_abc_hommes", "emploi.part_hommes_defm"
SECRET = "demographie.nb_allocataires_caf"
MEDIAN = "revenus.revenu_median_uc"
DAY = "2018-12-31"

TERRITORIES = """\
genre;code;nom;communes;epci;population
epci;200000000;Communauté d’essai;;;9000
commune;01001;Villeneuve;;200000000;9000
qpv;QP001001;Les Prés;01001;200000000;1200
qpv;QP001002;Le Bois;01001;200000000;900
qpv;QP001003;La Gare;01001;200000000;800
qpv;QN00101M;Les Prés et le Bois;01001;200000000;1500
qpv;QN00102I;La Gare;01001;200000000;800
"""
LIST = (
    "QP2024;Label_QP2024;Statut;QP2015_1;Label_QP2015_1;QP2015_2;Label_QP2015_2\n"
    "QN00101M;Les Prés et le Bois;Modifié;QP001001;Les Prés;QP001002;Le Bois\n"
    "QN00102I;La Gare;Inchangé;QP001003;La Gare;;\n"
)
#: 80 % of the first (70 to 90), all of the second; together they fill the new one
PARTS = (
    "ancien;nouveau;part_ancien;part_nouveau;part_basse;part_haute;base\n"
    "QP001001;QN00101M;0,8;0,6;0,7;0,9;population\n"
    "QP001002;QN00101M;1;0,4;1;1;population\n"
)
FIGURES = {
    ("QP001001", NB): "100", ("QP001002", NB): "50", ("QP001003", NB): "80",
    ("QP001001", MEN): "40", ("QP001002", MEN): "20", ("QP001003", MEN): "38",
    ("QP001001", SECRET): "300", ("QP001002", SECRET): "200", ("QP001003", SECRET): "s",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "projet"
    (root / "donnees").mkdir(parents=True)
    toml = TOML.replace("[territoire]", 'correspondance = "liste.csv"\n\n[territoire]')
    (root / "terril.toml").write_text(toml, "utf-8")
    (root / "territoires.csv").write_text(TERRITORIES, "utf-8")
    (root / "liste.csv").write_text(LIST, "utf-8")
    rows = [f"qpv;{q};{i};{DAY};{v};pole_emploi\n" for (q, i), v in FIGURES.items()]
    rows += [f"qpv;QP00100{n};{MEDIAN};2018;1{n} 000;insee_filosofi\n" for n in (1, 2, 3)]
    (root / "donnees" / "tableaux.csv").write_text(HEAD + "".join(rows), "utf-8")
    (tmp_path / "parts.csv").write_text(PARTS, "utf-8")
    code, _, err = terril("construire", root)
    assert code == 0, err
    return root


def lines(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    text = (folder / "estimations.csv").read_text("utf-8-sig")
    return {
        (r["code"], r["indicateur"]): r for r in csv.DictReader(text.splitlines(), delimiter=";")
    }


def test_measured_shares_give_an_estimate_with_its_bounds(project: Path, tmp_path: Path) -> None:
    before = picture(project)
    out = tmp_path / "estimations"
    code, told, err = terril(
        "retropoler", project, NB, SHARE, MEDIAN, "--parts", tmp_path / "parts.csv", "--vers", out
    )
    assert code == 0, err
    assert picture(project) == before, "the edition holds no estimate"
    held = lines(out)
    own = held["QN00101M", NB]
    assert own["nature"] == own["état"] == "estimé" and own["quartier"] == "Les Prés et le Bois"
    assert [own[c] for c in ("valeur", "au moins", "au plus", "erreur")] == [
        "130",
        "120",
        "140",
        "10",
    ]
    assert own["d’après"] == "QP001001 et QP001002" and own["réparti selon"] == "population"
    rate = held["QN00101M", SHARE]
    # 52 men of 130; at least 48 of 140, at most 56 of 120
    assert (rate["valeur"], rate["au moins"], rate["au plus"]) == ("40,0", "34,3", "46,7")
    assert held["QN00102I", NB]["valeur"] == "80" and held["QN00102I", NB]["erreur"] == "0"
    median = held["QN00101M", MEDIAN]
    assert (median["valeur"], median["nature"], median["état"]) == ("", "", "non estimé")
    assert "médiane" in median["pourquoi"]
    assert told.startswith("4 estimations d’après l’édition du 1er juillet 2020, 2 refus")


def test_the_list_alone_estimates_unchanged_perimeters_only(project: Path, tmp_path: Path) -> None:
    code, _, err = terril("retropoler", project, "--vers", tmp_path / "e")
    assert code == 0, err
    held = lines(tmp_path / "e")
    assert held["QN00102I", NB]["valeur"] == "80"
    assert held["QN00101M", NB]["valeur"] == ""
    assert "il faut leurs périmètres" in held["QN00101M", NB]["pourquoi"]
    assert all(i not in (MEDIAN,) for _, i in held), "by default, what can be apportioned"


def test_a_secret_figure_stays_secret(project: Path, tmp_path: Path) -> None:
    code, _, _ = terril("retropoler", project, SECRET, "--vers", tmp_path / "e")
    assert code == 0
    row = lines(tmp_path / "e")["QN00102I", SECRET]
    assert (row["valeur"], row["au plus"], row["état"]) == ("", "", "secret")
    assert "secret" in row["pourquoi"]


def test_the_workbook_says_what_it_is_before_the_figures(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "e"
    terril("retropoler", project, NB, MEDIAN, "--parts", tmp_path / "parts.csv", "--vers", out)
    book = load_workbook(out / "estimations.xlsx")
    assert book.sheetnames == ["Lisez-moi", "Estimations", "Refus"]
    read_me = " ".join(
        str(c.value) for row in book["Lisez-moi"].iter_rows() for c in row if c.value
    )
    assert "Aucun document ne donne ces chiffres" in read_me
    assert "Aucun document" in (out / "LISEZMOI.txt").read_text("utf-8")
    rows = [[cell.value for cell in row] for row in book["Estimations"].iter_rows()]
    [head] = [row for row in rows if row[0] == "Code"]
    [own] = [row for row in rows if row[0] == "QN00101M"]
    assert dict(zip(head, own, strict=True))["Valeur"] == 130
    again = tmp_path / "encore"
    terril("retropoler", project, NB, MEDIAN, "--parts", tmp_path / "parts.csv", "--vers", again)
    assert picture(out) == picture(again), "the same edition gives the same bytes"


def test_the_shares_written_are_read_back(project: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    terril("retropoler", project, NB, "--parts", tmp_path / "parts.csv", "--vers", first)
    code, _, err = terril(
        "retropoler", project, NB, "--parts", first / "parts.csv", "--vers", second
    )
    assert code == 0, err
    assert picture(first) == picture(second)
    problems = ProblemList()
    frame = read_shares(first / "parts.csv", problems)
    assert not list(problems) and write_shares(frame) == (first / "parts.csv").read_bytes()


#: what is wrong in the file of shares; the code of the problem, its line
WRONG: list[tuple[str, str, str, int | None]] = [
    ("QP001001;QN00101M;0,8", "QP001001;QN00101M;80", "part-illisible", 2),
    ("QP001001;QN00101M;0,8;0,6;0,7", "QP001001;QN00101M;0,8;0,6;0,85", "bornes-part", 2),
    ("QP001001;QN00101M", "QN00101M;QP001001", "code-quartier", 2),
    ("QP001002;QN00101M;1;0,4;1;1", "QP001001;QN00101M;0,1;0,1;0;1", "paire-double", 3),
    ("QP001002;QN00101M;1;0,4", "QP001002;QN00101M;1;0,7", "parts-de-trop", 3),
    ("1;1;population", "1;1;boule de cristal", "base-inconnue", 3),
    ("part_nouveau", "autre", "colonne-absente", 1),
]


@pytest.mark.parametrize(("old", "new", "code", "line"), WRONG)
def test_wrong_shares_are_told_and_nothing_is_written(
    project: Path, tmp_path: Path, old: str, new: str, code: str, line: int | None
) -> None:
    assert old in PARTS
    (tmp_path / "parts.csv").write_text(PARTS.replace(old, new), "utf-8")
    out = tmp_path / "e"
    done, _, err = terril(
        "retropoler", project, NB, "--parts", tmp_path / "parts.csv", "--vers", out
    )
    assert done == 1 and f"[{code}]" in err and f"ligne {line}" in err
    assert not out.exists()


def test_the_measure_is_confronted_with_the_list(project: Path, tmp_path: Path) -> None:
    text = PARTS + "QP001003;QN00102I;0,5;0,5;0,4;0,6;population\n"
    (tmp_path / "parts.csv").write_text(text, "utf-8")
    code, _, err = terril(
        "retropoler", project, NB, "--parts", tmp_path / "parts.csv", "--vers", tmp_path / "e"
    )
    assert code == 0 and "serait inchangé d’après la liste" in err
    refused = lines(tmp_path / "e")["QN00102I", NB]
    assert refused["valeur"] == "" and "n’était dans aucun quartier de 2015" in refused["pourquoi"]


def test_an_unknown_indicator_or_no_correspondence_is_refused(
    project: Path, tmp_path: Path
) -> None:
    code, _, err = terril("retropoler", project, "emploi.nb_defm_abcd", "--vers", tmp_path / "e")
    assert code == 1 and "[indicateur-inconnu]" in err and NB in err
    toml = project / "terril.toml"
    toml.write_text(toml.read_text("utf-8").replace('correspondance = "liste.csv"', ""), "utf-8")
    assert terril("construire", project, "--date", "2021-01-01")[0] == 0
    code, _, err = terril("retropoler", project, NB, "--vers", tmp_path / "e")
    assert code == 1 and "[correspondance-absente]" in err
    assert not (tmp_path / "e").exists()


def test_no_figure_of_2015_is_said(project: Path, tmp_path: Path) -> None:
    (project / "donnees" / "tableaux.csv").write_text(
        HEAD + f"qpv;QN00102I;{NB};2023-12-31;80;pole_emploi\n", "utf-8"
    )
    assert terril("construire", project, "--date", "2021-01-01")[0] == 0
    code, _, err = terril("retropoler", project, "--vers", tmp_path / "e")
    assert code == 1 and "[chiffre-absent]" in err


def test_a_withdrawn_edition_says_so(project: Path, tmp_path: Path) -> None:
    edition = project / "editions" / "2020-07-01"
    assert terril("retirer", edition, "--motif", "erreur d’unité")[0] == 0
    code, _, err = terril("retropoler", project, NB, "--vers", tmp_path / "e")
    assert code == 0 and "erreur d’unité" in err
