"""Are the contributions of a file read whole, refused when wrong, and never quoted?"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from source_material import Desk

from terril.lib.problems import Severity
from terril.sources.contributions import CONTRIBUTIONS

CODE = "emploi.effectif_industrie"
HEAD = "territoire;indicateur;periode;plus_grand;second;total;nombre\n"
LINE = f"QP001001;{CODE};2018-12-31;873;61;951;12\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def amounts(frame: pl.DataFrame) -> list[tuple[str, float, int | None]]:
    return frame.select("contributor", "amount", "contributors").rows()


def test_one_line_a_figure(desk: Desk) -> None:
    read = desk.read("c.csv", HEAD + LINE, "contributions")
    assert read.codes == [] and read.frame.schema == pl.Schema(CONTRIBUTIONS)
    assert amounts(read.frame) == [("", 17.0, 12), ("1", 873.0, 12), ("2", 61.0, 12)]
    assert set(read.frame["territory"]) == {"QP001001"} and set(read.frame["kind"]) == {"qpv"}
    assert read.files[0].reader == "contributions"
    assert read.files[0].rows == 0, "nothing of it goes into the edition"


def test_one_line_a_contributor_and_no_name_kept(desk: Desk) -> None:
    text = "territoire;indicateur;periode;contributeur;montant\n"
    for name, amount in (("Usine Nord", "500"), ("Atelier", "40"), ("Usine Nord", "373")):
        text += f"Les Prés;{CODE};2018-12-31;{name};{amount}\n"
    read = desk.read("c.csv", text, "contributions")
    assert read.codes == []
    assert amounts(read.frame) == [("1", 873.0, 2), ("2", 40.0, 2)]
    assert "Usine" not in read.frame.write_csv()


def test_more_ranks_and_constants_of_the_declaration(desk: Desk) -> None:
    read = desk.read(
        "c.csv",
        "code;premier;deuxieme;troisieme;total\nQP001002;50;30;20;100\n",
        "contributions",
        indicateur=CODE,
        periode="2018-12-31",
    )
    assert read.codes == []
    assert amounts(read.frame) == [("1", 50.0, None), ("2", 30.0, None), ("3", 20.0, None)]


#: what replaces the line, the problem
WRONG = [
    (f"QP001001;{CODE};2018-12-31;87e;61;951;12\n", "contribution-illisible"),
    (f"QP001001;{CODE};2018-12-31;-873;61;951;12\n", "contribution-illisible"),
    (f"QP001001;{CODE};2018-12-31;873;61;;12\n", "contributions-sans-total"),
    (f"QP001001;{CODE};2018-12-31;61;873;951;12\n", "contributions-desordre"),
    (f"QP001001;{CODE};2018-12-31;873;161;951;12\n", "contributions-de-trop"),
    (LINE + LINE, "contributions-double"),
    (f"Nulle part;{CODE};2018-12-31;873;61;951;12\n", "territoire-inconnu"),
    ("QP001001;emploi.rien;2018-12-31;873;61;951;12\n", "indicateur-inconnu"),
    (f"QP001001;{CODE};naguère;873;61;951;12\n", "periode-illisible"),
]


@pytest.mark.parametrize(("lines", "code"), WRONG)
def test_a_wrong_line_refuses_the_file_and_quotes_no_amount(
    desk: Desk, lines: str, code: str
) -> None:
    read = desk.read("c.csv", HEAD + lines, "contributions")
    [problem] = [p for p in read.problems if p.severity is Severity.ERROR]
    assert problem.code == code and problem.where.line in (2, 3)
    assert read.frame.is_empty() and read.files[0].refused
    for amount in ("873", "161", "951", "61", "87e"):
        assert amount not in f"{problem.what} {problem.expected} {problem.remedy}"


def test_missing_columns_are_named(desk: Desk) -> None:
    read = desk.read("c.csv", "territoire;plus_grand;total\nQP001001;1;2\n", "contributions")
    [problem] = read.of("colonne-absente")
    assert "indicateur" in problem.what and "periode" in problem.what


def test_contributions_that_no_rule_looks_at_are_said(desk: Desk) -> None:
    read = desk.read(
        "c.csv", HEAD + "QP001001;emploi.nb_defm_abc;2018-12-31;873;61;951;12\n", "contributions"
    )
    [problem] = read.of("contributions-sans-regle")
    assert problem.severity is Severity.WARNING and not read.frame.is_empty()
