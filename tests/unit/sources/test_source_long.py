"""A file with one figure a row: each way it can be wrong, and what the person is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from source_material import EPCI, Desk
from workbooks import ods, xlsx

from terril.lib.problems import Severity

POOR = "revenus.taux_pauvrete"
HEAD = "genre;territoire;indicateur;periode;valeur;statut\n"


def test_a_right_file_keeps_its_provenance(desk: Desk) -> None:
    read = desk.read("a.csv", HEAD + f"qpv;QP001001;{POOR};2015;41,3;ok\n")
    assert read.problems == []
    (row,) = read.frame.to_dicts()
    assert row["value"] == 41.3
    assert (row["kind"], row["territory"], row["period"]) == ("qpv", "QP001001", "2015")
    assert (row["status"], row["origin"], row["decimals"]) == ("ok", "constaté", 1)
    assert (row["file"], row["sheet"], row["line"], row["column"]) == ("a.csv", "", 2, "valeur")
    assert (row["document"], row["priority"], row["raw"]) == ("essai", 10, "41,3")
    assert row["source"] == "insee_filosofi"  # of the card
    assert row["breakdown"] == "total"
    assert len(row["sha256"]) == 64
    assert read.files[0].rows == 1


def test_the_page_names_the_document(desk: Desk) -> None:
    text = "fiche;genre;territoire;indicateur;periode;valeur\n" + (
        f"QP001001;epci;CAV;{POOR};2015;20\nQP001002;epci;CAV;{POOR};2015;21\n"
    )
    read = desk.read("a.csv", text)
    assert read.problems == []
    assert read.frame["document"].to_list() == ["essai:QP001001", "essai:QP001002"]


def test_english_and_french_heads_in_any_order_and_case(desk: Desk) -> None:
    text = f"VALUE;Indicator;Territory;TERRITORY_KIND\n7;{POOR};QP001001;qpv\n"
    assert desk.read("a.csv", text).value("QP001001", POOR) == 7


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("qpv", "cite haute", "QP001002"),
        ("quartier", "Cité-Haute", "QP001002"),
        ("commune", "ELOISE SUR MER", "01005"),
        ("commune", "St-Amand", "01006"),
        ("commune", "1004", "01004"),  # a spreadsheet lost the zero
        ("communes", "Ambérieu;Éloise-sur-Mer", "01004+01005"),
        ("communes", "Éloise-sur-Mer, Ambérieu", "01004+01005"),
        ("epci", "cav", EPCI),
        ("hors_qpv", "CAV", EPCI),
        ("qpv_moyenne", "CA du Val", EPCI),
        ("", "QP001001", "QP001001"),
        ("", "Les Prés", "QP001001"),
    ],
)
def test_names_are_recognised(desk: Desk, kind: str, name: str, code: str) -> None:
    read = desk.read("a.csv", HEAD + f'{kind};"{name}";{POOR};2015;5;ok\n')
    assert read.problems == []
    assert read.frame["territory"].to_list() == [code]


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2015", "2015"),
        ("2018-12-31", "2018-12-31"),
        ("31/12/2018", "2018-12-31"),
        ("fin 2018", "2018-12-31"),
        ("2008-2014", "2008-2014"),
        ("2008 à 2014", "2008-2014"),
        ("", ""),
    ],
)
def test_periods_are_written_one_way(desk: Desk, written: str, period: str) -> None:
    read = desk.read("a.csv", HEAD + f"qpv;QP001001;{POOR};{written};5;ok\n")
    assert read.problems == []
    assert read.frame["period"].to_list() == [period]


def test_secret_is_neither_missing_nor_zero(desk: Desk) -> None:
    cells = {"demographie.population": ("", "secret"), POOR: ("s", ""), "sante.part_ald": ("", ""),
             "sante.part_cmuc": ("so", "ok"), "sante.part_acs": ("0", "ok")}  # fmt: skip
    rows = "".join(f"qpv;QP001001;{c};2015;{v};{s}\n" for c, (v, s) in cells.items())
    read = desk.read("a.csv", HEAD + rows)
    assert read.problems == []
    found = {c: read.status("QP001001", c) for c in cells}
    assert found == {
        "demographie.population": "secret", POOR: "secret", "sante.part_ald": "missing",
        "sante.part_cmuc": "not_applicable", "sante.part_acs": "ok",
    }  # fmt: skip
    assert read.value("QP001001", "sante.part_acs") == 0
    assert read.value("QP001001", POOR) is None


@pytest.mark.parametrize(
    ("row", "code", "line", "told"),
    [
        (f"qpv;QP009999;{POOR};2015;5;ok", "territoire-inconnu", 3, "QP009999"),
        (f"commune;Amberieux;{POOR};2015;5;ok", "territoire-inconnu", 3, "Ambérieu (01004)"),
        (f"qvp;QP001001;{POOR};2015;5;ok", "genre-inconnu", 3, "qvp"),
        (f"qpv;;{POOR};2015;5;ok", "territoire-absent", 3, "manque"),
        ("qpv;QP001001;revenus.tau_pauvrete;2015;5;ok", "indicateur-inconnu", 3, POOR),
        (f"qpv;QP001001;{POOR};l’an dernier;5;ok", "periode-illisible", 3, "l’an dernier"),
        (f"qpv;QP001001;{POOR};2018-13-01;5;ok", "periode-illisible", 3, "2018-13-01"),
        (f"qpv;QP001001;{POOR};2015;environ 5;ok", "nombre-illisible", 3, "environ 5"),
        (f"qpv;QP001001;{POOR};2015;5;bon", "statut-inconnu", 3, "bon"),
        (f"qpv;QP001001;{POOR};2015;5;secret", "valeur-avec-statut", 3, "secret"),
        (f"qpv;QP001001;{POOR};2015;;ok", "valeur-absente", 3, "vide"),
    ],
)
def test_a_wrong_row_refuses_the_file_and_is_told_with_its_line(
    desk: Desk, row: str, code: str, line: int, told: str
) -> None:
    good = f"qpv;QP001002;{POOR};2015;30;ok\n"
    read = desk.read("a.csv", HEAD + good + row + "\n")
    (problem,) = read.problems
    assert (problem.code, problem.where.line, problem.where.file) == (code, line, "a.csv")
    assert told in str(problem)
    assert problem.severity is Severity.ERROR
    assert problem.expected
    assert read.frame.is_empty()  # nothing half read
    assert read.files[0].refused


def test_all_problems_are_told_at_once(desk: Desk) -> None:
    read = desk.read(
        "a.csv",
        HEAD + f"qpv;Nulle Part;{POOR};2015;5;ok\nqpv;QP001001;x.y;2015;5;ok\n"
        f"qpv;QP001001;{POOR};2015;cinq;ok\nqpv;QP001002;{POOR};jadis;5;ok\n",
    )
    assert sorted(read.codes) == [
        "indicateur-inconnu", "nombre-illisible", "periode-illisible", "territoire-inconnu",
    ]  # fmt: skip


def test_all_that_is_wrong_with_one_row_is_told(desk: Desk) -> None:
    read = desk.read("a.csv", HEAD + "qpv;QP001001;x.y;jadis;5;secret\n")
    assert sorted(read.codes) == ["indicateur-inconnu", "periode-illisible", "valeur-avec-statut"]


def test_many_problems_of_a_sort_are_counted(desk: Desk) -> None:
    rows = "".join(f"qpv;QP0099{n:02d};{POOR};2015;5;ok\n" for n in range(50))
    read = desk.read("a.csv", HEAD + rows)
    told = read.of("territoire-inconnu")
    assert len(told) == 13
    assert "38 autres" in told[-1].what


def test_a_row_given_twice_is_told_and_counted_once(desk: Desk) -> None:
    row = f"qpv;QP001001;{POOR};2015;5;ok\n"
    read = desk.read("a.csv", HEAD + row + row.replace("QP001001", "les prés"))
    (problem,) = read.problems
    assert (problem.code, problem.severity, problem.where.line) == (
        "ligne-double", Severity.WARNING, 3,
    )  # fmt: skip
    assert "2 et 3" in problem.what
    assert read.frame["line"].to_list() == [2]


def test_two_values_for_one_thing_refuse_the_file_unless_it_is_declared(desk: Desk) -> None:
    text = HEAD + f"qpv;QP001001;{POOR};2015;5;ok\nqpv;QP001001;{POOR};2015;6;ok\n"
    read = desk.read("a.csv", text)
    assert read.codes == ["ligne-double"]
    assert read.problems[0].severity is Severity.ERROR
    assert "5 et 6" in read.problems[0].what
    assert read.frame.is_empty()
    kept = desk.read("a.csv", text, doublons="garder")
    assert kept.problems == []
    assert kept.frame["value"].to_list() == [5, 6]


def test_a_second_row_of_heads_is_told_and_may_be_passed_over(desk: Desk) -> None:
    text = HEAD + f"Type;Nom du lieu;Code;Année;Valeur en %;État\nqpv;QP001001;{POOR};2015;5;ok\n"
    read = desk.read("a.csv", text)
    assert read.codes == ["deux-entetes"]
    assert read.problems[0].where.line == 2
    passed = desk.read("a.csv", text, lignes_apres_entete="1")
    assert passed.problems == []
    assert passed.frame["line"].to_list() == [3]


def test_a_wrong_first_row_is_not_taken_for_a_head(desk: Desk) -> None:
    read = desk.read("a.csv", HEAD + f"qpv;QP001001;{POOR};2015;cinq;ok\n")
    assert read.codes == ["nombre-illisible"]


def test_titles_above_the_head_do_no_harm(desk: Desk) -> None:
    text = "Tableau 4;;;;;\n\n" + HEAD + f"qpv;QP001001;{POOR};2015;5;ok\n"
    read = desk.read("a.csv", text)
    assert read.codes == ["titres-au-dessus"]
    assert read.frame["line"].to_list() == [4]


def test_a_renamed_column_is_told_and_may_be_declared(desk: Desk) -> None:
    text = f"genre;lieu;indicateur;periode;mesure\nqpv;QP001001;{POOR};2015;5\n"
    read = desk.read("a.csv", text)
    assert read.codes == ["entete-absent"]
    assert "« lieu »" in read.problems[0].what
    declared = desk.read(
        "a.csv", text, colonnes__territoire="lieu", colonnes__valeur="Mesure"
    )  # fmt: skip
    assert declared.problems == []
    assert declared.value("QP001001", POOR) == 5


def test_a_constant_may_stand_for_a_column(desk: Desk) -> None:
    text = "territoire;valeur\nQP001001;5\n"
    read = desk.read("a.csv", text, indicateur=POOR, periode="2015", genre="qpv")
    assert read.problems == []
    assert read.value("QP001001", POOR, "2015") == 5


def test_columns_that_are_not_read_are_named_except_notes(desk: Desk) -> None:
    text = f"genre;territoire;indicateur;valeur;note;couleur\nqpv;QP001001;{POOR};5;x;bleu\n"
    read = desk.read("a.csv", text)
    (problem,) = read.problems
    assert (problem.code, problem.severity) == ("colonnes-non-lues", Severity.NOTE)
    assert "couleur" in problem.what
    assert "note" not in problem.what


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_told(desk: Desk, content: str) -> None:
    assert desk.read("a.csv", content).codes == ["fichier-vide"]


def test_heads_without_rows_are_told(desk: Desk) -> None:
    assert desk.read("a.csv", HEAD).codes == ["fichier-sans-ligne"]


def test_a_file_in_windows_1252_is_read_with_a_warning(desk: Desk) -> None:
    text = HEAD + f"commune;Éloise-sur-Mer;{POOR};2015;5;ok\n"
    read = desk.read("a.csv", text.encode("cp1252"))
    assert read.codes == ["encodage"]
    assert read.value("01005", POOR) == 5


def test_damage_in_a_name_refuses_the_file(desk: Desk) -> None:
    data = b"\xef\xbb\xbf" + (HEAD + f"commune;Ambérieu;{POOR};2015;5;ok\n").encode()
    data += f"commune;\xc9loise-sur-Mer;{POOR};2015;6;ok\n".encode("latin-1")
    read = desk.read("a.csv", data)
    assert read.codes == ["encodage-abime", "territoire-inconnu"]
    assert [p.where.line for p in read.problems] == [3, 3]
    assert "Éloise-sur-Mer (01005)" in read.problems[1].remedy
    assert read.frame.is_empty()


def test_the_same_figures_from_csv_xlsx_and_ods(desk: Desk) -> None:
    head: list[Any] = HEAD.strip().split(";")
    rows: list[list[Any]] = [
        ["qpv", "QP001001", POOR, "2015", 41.3, "ok"],
        ["epci", "CAV", POOR, "2015", 19, "ok"],
    ]
    text = "\n".join(";".join(str(c) for c in row) for row in [head, *rows])
    compared = ["kind", "territory", "indicator", "period", "value", "status", "decimals", "line",
                "raw"]  # fmt: skip
    expected = desk.read("a.csv", text).frame.select(compared)
    assert expected.height == 2
    for path in (
        xlsx(desk.root / "a.xlsx", {"Données": [head, *rows]}),
        ods(desk.root / "a.ods", {"Données": [head, *rows]}),
    ):
        read = desk.read_path(path, "long")
        assert read.problems == []
        assert read.frame.select(compared).equals(expected)
        assert read.frame["sheet"].unique().to_list() == ["Données"]


def test_two_sheets_are_read_and_doubles_across_them_are_told(desk: Desk) -> None:
    head = HEAD.strip().split(";")
    row = ["qpv", "QP001001", POOR, "2015", 5, "ok"]
    other = ["qpv", "QP001001", POOR, "2016", 6, "ok"]
    read = desk.read_path(
        xlsx(desk.root / "a.xlsx", {"2015": [head, row], "2016": [head, other, row]}), "long"
    )
    assert read.frame["value"].to_list() == [5, 6]
    (problem,) = read.problems
    assert (problem.code, problem.where.sheet, problem.where.line) == ("ligne-double", "2016", 3)


def test_an_unknown_option_names_those_that_exist(desk: Desk) -> None:
    read = desk.read("a.csv", HEAD + f"qpv;QP001001;{POOR};2015;5;ok\n", entette="1")
    (problem,) = read.problems
    assert (problem.code, problem.where.file, problem.where.line) == (
        "option-inconnue", "terril.toml", 7,
    )  # fmt: skip
    assert "« entete »" in problem.remedy


def test_an_unknown_reader_or_source_is_told(desk: Desk) -> None:
    text = HEAD + f"qpv;QP001001;{POOR};2015;5;ok\n"
    assert desk.read("a.csv", text, "longs").codes == ["lecteur-inconnu"]
    assert desk.read("a.csv", text, source="isnee").codes == ["source-inconnue"]


def test_a_file_that_is_not_there(desk: Desk) -> None:
    read = desk.read_path(Path(desk.root / "absent.csv"), "long")
    assert read.codes == ["fichier-absent"]
    assert read.frame.is_empty()
