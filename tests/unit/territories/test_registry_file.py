"""The file of territories: what it may say, and how its mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.lib.problems import ProblemList, Severity
from terril.territories.registry import (
    Territories,
    Territory,
    read_territories,
    write_territories,
)

HEAD = "genre;code;nom;nom_affiche;nom_court;alias;communes;epci;colonne;ligne;population\n"
EPCI = "epci;200000001;CA du Val;;Val;CAV|Le Val;;;;;\n"
COMMUNE = "commune;01004;Ambérieu;;;;;200000001;;;14 000\n"
QPV = "qpv;QP001001;Les Prés;;;Pré Haut;01004;200000001;2;0;1 250\n"


def read(folder: Path, text: str | bytes) -> tuple[Territories, ProblemList]:
    path = folder / "territoires.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = ProblemList()
    return read_territories(path, problems), problems


def test_a_right_file(tmp_path: Path) -> None:
    places, problems = read(tmp_path, HEAD + EPCI + COMMUNE + QPV)
    assert list(problems) == []
    place = places.by_code("qpv", "QP001001")
    assert place == Territory(
        "QP001001", "qpv", "Les Prés", "Les Prés", ("01004",), "200000001", ("Pré Haut",), (2, 0),
        "Les Prés", 1250.0, 4,
    )  # fmt: skip
    assert [t.code for t in places.qpv("200000001")] == ["QP001001"]
    assert places.qpv("200000002") == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str, separator: str) -> None:
    text = (HEAD + EPCI + COMMUNE + QPV).replace(";", separator).replace("\n", "\r\n")
    places, problems = read(tmp_path, text.encode(encoding))
    assert problems.errors == []
    assert places.resolve("commune", "amberieu") == "01004"


def test_written_then_read_back(tmp_path: Path) -> None:
    before, _ = read(tmp_path, HEAD + EPCI + COMMUNE + QPV)
    after, problems = read(tmp_path, write_territories(before))
    assert list(problems) == []
    assert list(after) == list(before)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("qvp;QP001002;X;;;;01004;200000001;;;", "genre-inconnu", "genre"),
        ("qpv;001002;X;;;;01004;200000001;;;", "code-territoire", "code"),
        ("commune;AMB;X;;;;;;;;", "code-territoire", "code"),
        ("qpv;QP001002;;;;;01004;200000001;;;", "nom-absent", "nom"),
        ("qpv;QP001002;X;;;;01004;;;;", "epci-absent", "epci"),
        ("qpv;QP001002;X;;;;01004;CAV;;;", "code-territoire", "epci"),
        ("qpv;QP001002;X;;;;Lens;200000001;;;", "code-territoire", "communes"),
        ("qpv;QP001002;X;;;;01004;200000001;deux;0;", "case-carte", "colonne"),
        ("qpv;QP001002;X;;;;01004;200000001;2;;", "case-carte", "colonne"),
        ("qpv;QP001002;X;;;;01004;200000001;2;0;", "case-double", "colonne"),
        ("qpv;QP001002;X;;;;01004;200000001;;;beaucoup", "nombre-illisible", "population"),
        ("qpv;QP001001;X;;;;01004;200000001;;;", "territoire-double", "code"),
        (f"qpv;QP001002;X;;{'x' * 41};;01004;200000001;;;", "nom-court-long", "nom_court"),
    ],
)
def test_each_mistake_is_told_with_line_and_column(
    tmp_path: Path, row: str, code: str, column: str
) -> None:
    _, problems = read(tmp_path, HEAD + EPCI + COMMUNE + QPV + row + "\n")
    assert [(p.code, p.where.line, p.where.column) for p in problems.errors] == [(code, 5, column)]
    assert problems.errors[0].where.file == "territoires.csv"


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    _, problems = read(tmp_path, HEAD + "qvp;X;Y;;;;;;;;\ncommune;1;;;;;;;;;\nepci;1;Z;;;;;;;;\n")
    assert [p.code for p in problems.errors] == ["genre-inconnu", "nom-absent", "code-territoire"]


def test_two_places_of_one_name_are_only_a_warning(tmp_path: Path) -> None:
    twin = QPV.replace("QP001001", "QP001002").replace("2;0", "3;0")
    places, problems = read(tmp_path, HEAD + EPCI + COMMUNE + QPV + twin)
    assert [p.severity for p in problems] == [Severity.WARNING] * 2
    assert places.resolve("qpv", "Les Prés") is None  # ambiguous: by code only
    assert places.resolve("qpv", "QP001002") == "QP001002"


def test_missing_and_unknown_columns(tmp_path: Path) -> None:
    places, problems = read(tmp_path, "genre;cod;nom;couleur\nepci;200000001;CA;bleu\n")
    assert [p.code for p in problems.errors] == ["colonne-absente"]
    assert "« cod »" in problems.errors[0].remedy
    assert [p.where.column for p in problems if p.code == "colonne-inconnue"] == ["cod", "couleur"]
    assert len(places) == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "fichier-vide"),
        (b"PK\x03\x04zip", "fichier-illisible"),
        (b"%PDF", "fichier-illisible"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, code: str) -> None:
    _, problems = read(tmp_path, content)
    assert [p.code for p in problems] == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    problems = ProblemList()
    assert len(read_territories(tmp_path / "territoires.csv", problems)) == 0
    assert [p.code for p in problems] == ["fichier-absent"]


def test_a_long_name_is_cut_for_the_short_one(tmp_path: Path) -> None:
    name = "Les Hautes Terres de la Grande Rivière et du Moulin"
    places, problems = read(tmp_path, HEAD + EPCI + QPV.replace("Les Prés", name))
    assert list(problems) == []
    place = places.by_code("qpv", "QP001001")
    assert place is not None
    assert len(place.short) <= 40
    assert place.short.endswith("…")


def test_a_neighbourhood_may_have_surroundings_of_its_own(tmp_path: Path) -> None:
    head = HEAD.strip() + ";tampon_m\n"
    text = (
        head
        + EPCI
        + QPV.strip()
        + ";500\n"
        + QPV.strip().replace("1001", "1002").replace("2;0", "3;0")
        + ";large\n"
    )
    places, problems = read(tmp_path, text)
    assert [(p.code, p.where.line, p.where.column) for p in problems.errors] == [
        ("nombre-illisible", 4, "tampon_m")
    ]
    assert [t.buffer_m for t in places.of_kind("qpv")] == [500, None]
    again, _ = read(tmp_path, write_territories(places))
    assert [t.buffer_m for t in again.of_kind("qpv")] == [500, None]


def test_two_lists_share_names_and_squares(tmp_path: Path) -> None:
    """Each list has its plan; a name in both is told once, a name twice in one list each time."""
    new = QPV.replace("QP001001", "QN00101M")
    _, problems = read(tmp_path, HEAD + EPCI + QPV + new)
    assert [(p.code, p.severity) for p in problems] == [("nom-des-deux-listes", Severity.NOTE)]
    assert "1 quartier porte le même nom" in next(iter(problems)).what
    third = new.replace("00101M", "00102M").replace("2;0", "3;0")
    _, problems = read(tmp_path, HEAD + EPCI + QPV + new + third)
    assert [p.code for p in problems].count("nom-double") == 2  # « Les Prés » and « Pré Haut »
    assert "QN00102M et QN00101M" in next(p.what for p in problems if p.code == "nom-double")
