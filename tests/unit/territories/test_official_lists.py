"""Are the official lists read as they are, with their traps, and is what is wrong told?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from terril.lib.problems import ProblemList, Severity
from terril.sources.correspondence import read_correspondence, status_of
from terril.sources.perimeters import LIST, read_list
from terril.territories.correspondence import LISTED, check_codes, from_list
from terril.territories.generations import generations, held, of_list, parse

HEAD = (
    "code_qp;lib_qp;insee_reg;lib_reg;insee_dep;lib_dep;insee_com;lib_com;siren_epci;lib_epci;;;\n"
)


def a_list(folder: Path, *lines: str, head: str = HEAD) -> tuple[pl.DataFrame, ProblemList]:
    file = folder / "listeqp2024-cog2024.csv"
    file.write_text("\ufeff" + head + "".join(line + "\n" for line in lines), encoding="utf-8")
    problems = ProblemList()
    return read_list(file, problems), problems


def test_the_list_of_2024_with_its_traps(tmp_path: Path) -> None:
    """Trailing columns, several communes, zeros that a spreadsheet lost, decimals it added."""
    found, problems = a_list(
        tmp_path,
        'QN00101M;Les Prés;84;Auvergne;1;Ain;"1004, 1053";"Ambérieu, Bourg";200000001;CA A;;;',
        "QN97401I;Le Port;4;La Réunion;974;La Réunion;97411;Saint-Denis;249740077.0;CI B;;;",
        "QN02A01M;Les Salines;94;Corse;2A;Corse-du-Sud;2A004;Ajaccio;;;;;",
        ";;;;;;;;;;;;",
    )
    assert not list(problems)
    assert found.columns == list(LIST)
    assert found.drop("line", "label", "epci_label").rows() == [
        ("QN00101M", "2024", "01", "84", ["01004", "01053"], ["Ambérieu", "Bourg"], "200000001",
         "modifie"),
        ("QN02A01M", "2024", "2A", "94", ["2A004"], ["Ajaccio"], "", "modifie"),
        ("QN97401I", "2024", "974", "04", ["97411"], ["Saint-Denis"], "249740077", "inchange"),
    ]  # fmt: skip
    assert found["line"].to_list() == [2, 4, 3]


@pytest.mark.parametrize("communes", ["1004,1053", "01004;01053", "01004 | 01053", "01004/1053.0"])
def test_communes_are_parted_by_any_mark(tmp_path: Path, communes: str) -> None:
    found, problems = a_list(tmp_path, f'QN00101M;X;84;A;01;A;"{communes}";"A, B";200000001;C;;;')
    assert found["communes"].to_list() == [["01004", "01053"]] and not list(problems)


def test_what_is_wrong_in_a_list_is_told_with_its_line(tmp_path: Path) -> None:
    found, problems = a_list(
        tmp_path,
        "QN00101M;A;84;A;01;A;01004;B;200000001;C;;;",
        "QN00101M;A;84;A;01;A;01004;B;200000001;C;;;",
        "QX00101M;A;84;A;01;A;01004;B;200000001;C;;;",
        "QN00102M;A;84;A;01;A;1O04;B;200000001;C;;;",
        "QN00103M;A;84;A;01;A;62498;B;200000001;C;;;",
    )
    assert found["code"].to_list() == ["QN00101M", "QN00102M", "QN00103M"]
    assert [(p.code, p.where.line) for p in problems] == [
        ("quartier-double", 3),
        ("code-quartier", 4),
        ("code-commune", 5),
        ("departement-quartier", 6),
    ]
    assert found["communes"].to_list() == [["01004"], [], ["62498"]]


def test_many_problems_of_a_sort_are_counted(tmp_path: Path) -> None:
    _, problems = a_list(tmp_path, *[f"QX{n:05d}M;A;;;;;;;;;;;" for n in range(9)])
    told = [p for p in problems if p.code == "code-quartier"]
    assert len(told) == 6 and told[-1].severity is Severity.NOTE and "4 autres" in told[-1].what
    assert [p.code for p in problems.errors] == ["liste-vide"]


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    found, problems = a_list(tmp_path, "1;2;3", head="a;b;c\n")
    assert found.is_empty() and [p.code for p in problems.errors] == ["entete-absent"]


CORRESPONDENCE_HEAD = (
    "QP2024 ;Label_QP2024; Statut;QP2015_1;Label_QP2015_1;QP2015_2;Label_QP2015_2;QP2015_3;"
    "Label_QP2015_3\n"
)


def a_correspondence(
    folder: Path, *lines: str, head: str = CORRESPONDENCE_HEAD
) -> tuple[pl.DataFrame, ProblemList]:
    file = folder / "liste-correspondance-qp2024-qp2015.csv"
    file.write_text("\ufeff" + head + "".join(line + "\n" for line in lines), encoding="utf-8")
    problems = ProblemList()
    return read_correspondence(file, problems), problems


def test_the_correspondence_keeps_the_words_of_the_file(tmp_path: Path) -> None:
    found, problems = a_correspondence(
        tmp_path,
        'QN00101M;"Les Prés; le Bois";QPV modifié;QP001001;Les Prés;QP001002;Le Bois;QP001005;Z',
        "QN00102I;La Gare;INCHANGÉ;QP001003;La Gare;;;;",
        "QN97603C;Là-bas;Modifié;QP976001;Ici;;;;",
        "QN00103N;Le Port;Nouveau;;;;;;",
    )
    assert not list(problems)
    assert found.columns == list(LISTED)
    assert found.select("new", "old", "status", "status_text", "line").rows() == [
        ("QN00101M", "QP001001", "modifie", "QPV modifié", 2),
        ("QN00101M", "QP001002", "modifie", "QPV modifié", 2),
        ("QN00101M", "QP001005", "modifie", "QPV modifié", 2),
        ("QN00102I", "QP001003", "inchange", "INCHANGÉ", 3),
        ("QN00103N", None, "nouveau", "Nouveau", 5),
        ("QN97603C", "QP976001", "modifie", "Modifié", 4),
    ]
    assert found["new_label"][0] == "Les Prés; le Bois"
    assert check_codes(from_list(found)).is_empty()


def test_a_word_of_no_vocabulary_is_told_and_kept(tmp_path: Path) -> None:
    found, problems = a_correspondence(
        tmp_path,
        "QN00101M;A;Remanié;QP001001;A;;;;",
        "QN00102M;A;Remanié;QP001002;A;;;;",
        "QN00103I;A;Inchangé;QP001003;A;;;;",
    )
    told = [p for p in problems if p.code == "statut-inconnu"]
    assert len(told) == 1 and "« Remanié » (2)" in told[0].what
    assert told[0].severity is Severity.WARNING and not problems.errors
    assert found.select("status", "status_text").rows()[:2] == [("", "Remanié"), ("", "Remanié")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("QN00101I;A;Modifié;QP001001;A;;;;", "statut-lettre"),
        ("QN00101I;A;Inchangé;QP001001;A;QP001002;B;;", "statut-contredit"),
        ("QN00101I;A;Inchangé;;;;;;", "statut-contredit"),
        ("QN00101N;A;Nouveau;QP001001;A;;;;", "statut-contredit"),
        ("QN00101M;A;Modifié;;;;;;", "statut-contredit"),
        ("QP001001;A;Modifié;QP001001;A;;;;", "code-quartier"),
        ("QN00101M;A;Modifié;QN00102M;A;QP001001;B;;", "code-quartier"),
    ],
)
def test_what_contradicts_itself_is_told(tmp_path: Path, line: str, code: str) -> None:
    _, problems = a_correspondence(tmp_path, line, "QN00109I;B;Inchangé;QP001009;B;;;;")
    assert [(p.code, p.where.line) for p in problems] == [(code, 2)]


def test_a_file_without_statuses_takes_the_letters(tmp_path: Path) -> None:
    found, problems = a_correspondence(
        tmp_path,
        "QN00101M;QP001001",
        "QN00102I;QP001002, QP001003",
        head="QP2024;QP 2015 correspondant\n",
    )
    assert [p.code for p in problems] == ["statut-absent"]
    assert found.select("new", "old", "status", "status_text").rows() == [
        ("QN00101M", "QP001001", "modifie", ""),
        ("QN00102I", "QP001002", "inchange", ""),
        ("QN00102I", "QP001003", "inchange", ""),
    ]
    assert from_list(found).filter(pl.col("new") == "QN00102I")["share_old"].null_count() == 2


@pytest.mark.parametrize(
    ("word", "status"),
    [("Inchangé", "inchange"), ("inchangées", "inchange"), ("sans changement", "inchange"),
     ("Modifiée", "modifie"), ("Périmètre modifié", "modifie"), ("Nouveau QPV", "nouveau"),
     ("sortis", "sorti"), ("non modifié", ""), ("pas inchangé", ""), ("modifié ou nouveau", ""),
     ("", ""), ("?", "")],
)  # fmt: skip
def test_statuses(word: str, status: str) -> None:
    assert status_of(word) == status


def test_letters_of_the_national_list_agree_with_the_published_counts(real_data: Path) -> None:
    """Published for metropolitan France: 111 in, 960 redrawn, 291 unchanged, 1 362 in all."""
    text = (real_data / "qpv-2024" / "qpv2024_par_commune_france.csv").read_text("utf-8")
    codes = {word for word in text.replace('"', " ").replace(",", " ").split() if word[:2] == "QN"}
    read = [parse(code) for code in codes]
    assert all(read) and len(codes) == 1493
    metropole = [r for r in read if r and len(r.department) == 2]
    counts = {
        status: sum(r.status == status for r in metropole)
        for status in ("nouveau", "modifie", "inchange")
    }
    assert len(metropole) == 1362
    assert counts["nouveau"] == 111
    assert counts["modifie"] == pytest.approx(960, abs=3)
    assert counts["inchange"] == pytest.approx(291, abs=3)


def test_every_code_of_the_files_of_2015_is_read(real_data: Path) -> None:
    raw = (real_data / "insee-qpv" / "DEMO_2022.csv").read_bytes().decode("utf-8", "replace")
    codes = {line[:8] for line in raw.splitlines() if line.startswith("QP")}
    assert len(codes) == 1400
    assert {r.generation for c in codes if (r := parse(c))} == {"2015"}
    assert all(parse(code) for code in codes)


def test_generations_have_their_dates() -> None:
    old, new = generations().values()
    assert (old.year, new.year) == ("2015", "2024")
    assert new.starts("QN00101M").isoformat() == "2024-01-01"
    assert new.starts("QN97401I").isoformat() == "2025-01-01"
    assert old.until is not None and new.until is None and "2023-1314" in new.reference


def test_a_project_holds_both_lists() -> None:
    frame = pl.DataFrame(
        {"kind": ["qpv"] * 4 + ["commune"],
         "code": ["QN00101M", "QP001002", "QP001001", "X1", "01004"]}
    )  # fmt: skip
    found = held(frame)
    assert {year: rows["code"].to_list() for year, rows in found.items()} == {
        "": ["X1"],
        "2015": ["QP001001", "QP001002"],
        "2024": ["QN00101M"],
    }


def test_a_list_replaces_the_other_where_it_is_there() -> None:
    places = pl.DataFrame(
        [
            ("epci", "200000001", "200000001"),
            ("qpv", "QP062001", "200000001"),
            ("qpv", "QN06201M", "200000001"),
            ("qpv", "QX000001", "200000001"),  # of no list: kept
            ("qpv", "QP062009", "200000002"),  # its EPCI has no other list: kept
        ],
        schema=["kind", "code", "epci"],
        orient="row",
    )
    assert of_list(places, "2024")["code"].to_list() == [
        "200000001", "QN06201M", "QX000001", "QP062009",
    ]  # fmt: skip
    assert of_list(places, "2015")["code"].to_list() == [
        "200000001", "QP062001", "QX000001", "QP062009",
    ]  # fmt: skip
    assert of_list(places, "2031").equals(places)
