"""The territories of any EPCI, from the national lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.lib.problems import ProblemList
from terril.sources.national import read_communes, read_qpv
from terril.territories.national import (
    Commune,
    NationalQpv,
    automatic_tiles,
    department_of,
    display_name,
    list_epci,
    select_epci,
)

VAL, MONT = "200000001", "200000002"
COMMUNES = (
    Commune("01001", "Aval", VAL, "CA du Val"),
    Commune("01002", "Saint-Bas", VAL, "CA du Val"),
    Commune("01003", "Cime", MONT, "CC du Mont"),
    Commune("02001", "Aval", MONT, "CC du Mont"),  # the same name in another department
    Commune("02002", "Lointaine", MONT, "CC du Mont"),
)


def qpv(code: str, *names: str, **more: object) -> NationalQpv:
    return NationalQpv(code, f"Quartier {code}", names, **more)  # type: ignore[arg-type]


def selected(epci: str, *items: NationalQpv) -> list[str]:
    chosen = select_epci(epci, COMMUNES, items)
    return [t.code for t in chosen.territories if t.kind == "qpv"]


def test_a_commune_is_looked_for_in_the_department_of_the_code() -> None:
    one, other = qpv("QP001001", "Aval"), qpv("QP002001", "Aval")
    assert selected(VAL, one, other) == ["QP001001"]
    assert selected(MONT, one, other) == ["QP002001"]


def test_a_name_of_another_department_alone_is_not_taken() -> None:
    assert selected(MONT, qpv("QP001001", "Lointaine")) == []


def test_the_commune_named_first_decides_and_straddling_is_said() -> None:
    item = qpv("QP001001", "Aval", "Cime")
    chosen = select_epci(VAL, COMMUNES, [item])
    (straddling,) = chosen.straddling
    assert (straddling.qpv, straddling.kept, straddling.others, straddling.ours) == (
        "QP001001", VAL, (MONT,), True,
    )  # fmt: skip
    (place,) = [t for t in chosen.territories if t.kind == "qpv"]
    assert place.communes == ("01001", "01003")
    kinds = [(t.kind, t.code) for t in chosen.territories]
    assert ("commune", "01003") in kinds  # outside the EPCI, reached by the neighbourhood
    assert ("epci", MONT) in kinds  # with its EPCI
    other = select_epci(MONT, COMMUNES, [item])
    assert [t for t in other.territories if t.kind == "qpv"] == []
    assert [s.ours for s in other.straddling] == [False]


def test_the_department_of_the_code_decides_before_the_order_of_names() -> None:
    item = qpv("QP001001", "Lointaine", "Saint-Bas")
    assert selected(VAL, item) == ["QP001001"]
    assert selected(MONT, item) == []


def test_the_epci_of_the_file_decides_before_its_communes() -> None:
    item = qpv("QN00101M", codes=("01001", "01003"), epci=MONT)
    assert selected(MONT, item) == ["QN00101M"]
    assert selected(VAL, item) == []


def test_an_unknown_commune_is_said() -> None:
    chosen = select_epci(VAL, COMMUNES, [qpv("QP001001", "Aval", "Atlantide")])
    assert chosen.unknown == (("QP001001", "Atlantide"),)


def test_an_epci_without_communes_is_unknown() -> None:
    with pytest.raises(KeyError):
        select_epci("200000009", COMMUNES, [])


def test_wider_territories_come_along() -> None:
    chosen = select_epci(VAL, COMMUNES, [])
    wide = [(t.kind, t.code, t.label) for t in chosen.territories if t.kind not in ("commune",)]
    assert wide == [
        ("epci", VAL, "CA du Val"),
        ("departement", "01", "Ain"),
        ("region", "84", "Auvergne-Rhône-Alpes"),
        ("france_metro", "FM", "France métropolitaine"),
        ("france", "FR", "France"),
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 21, 60])
def test_tiles_are_compact_in_code_order_and_never_shared(count: int) -> None:
    codes = [f"QP001{n:03d}" for n in range(count)]
    tiles = automatic_tiles(list(reversed(codes)))
    assert len(set(tiles.values())) == count
    assert sorted(codes, key=lambda c: (tiles[c][1], tiles[c][0])) == codes
    if count > 2:
        width = 1 + max(column for column, _ in tiles.values())
        height = 1 + max(row for _, row in tiles.values())
        assert width * height < count + width
        assert 1 <= width / height <= 2.5


@pytest.mark.parametrize(
    ("official", "shown"),
    [
        ("Cité Des Brebis", "Cité des Brebis"),
        ("Calonne - Marichelles - Vent De Bise", "Calonne – Marichelles – Vent de Bise"),
        ("Le Haut D'Houdain", "Le Haut d’Houdain"),
        ("Quartier Du Maroc - La Canche", "Quartier du Maroc – La Canche"),
        ("De La Rive", "De la Rive"),
        ("Cité 9-9bis", "Cité 9-9bis"),
    ],
)
def test_names_as_french_writes_them(official: str, shown: str) -> None:
    assert display_name(official) == shown


@pytest.mark.parametrize(
    ("code", "department"),
    [("QP062019", "62"), ("QN06219M", "62"), ("QP02A001", "2A"), ("QP971001", "971")],
)
def test_the_department_of_a_code(code: str, department: str) -> None:
    assert department_of(code) == department


# --- with the producers' lists -------------------------------------------------------------


@pytest.mark.parametrize("name", ["EPCI_2020_dep62.csv", "epcicom2024_dep62.csv"])
def test_the_neighbour_of_the_pilot(real_data: Path, name: str) -> None:
    problems = ProblemList()
    communes = read_communes(real_data / "epci" / name, problems)
    items = read_qpv(real_data / "insee-qpv" / "DEMO_2019.csv", problems)
    assert problems.errors == []
    assert len(items) == 1345
    chosen = select_epci("246200299", communes, items)
    found = {t.code: t.communes for t in chosen.territories if t.kind == "qpv"}
    assert len(found) == 10
    assert found["QP062041"] == ("62427",)
    assert found["QP062043"] == ("62250", "62351", "62587")
    members = [t for t in chosen.territories if t.kind == "commune" and t.epci == "246200299"]
    assert len(members) == 14
    assert {s.qpv: s.ours for s in chosen.straddling} == {
        "QP062043": True, "QP062045": False, "QP062047": False,
    }  # fmt: skip


def test_every_neighbourhood_of_the_department_is_run_by_one_epci(real_data: Path) -> None:
    problems = ProblemList()
    communes = read_communes(real_data / "epci" / "EPCI_2020_dep62.csv", problems)
    items = read_qpv(real_data / "insee-qpv" / "DEMO_2019.csv", problems)
    listed = list_epci(communes, items)
    assert sum(count for *_, count in listed) == 64
    for siren, _, _, count in listed:
        chosen = select_epci(siren, communes, items)
        assert sum(t.kind == "qpv" for t in chosen.territories) == count


def test_a_list_that_is_not_one(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    problems = ProblemList()
    assert read_communes(path, problems) == ()
    assert read_qpv(path, problems) == ()
    assert [p.code for p in problems] == ["entete-absent", "entete-absent"]


def test_the_anct_list_gives_codes_and_epci(tmp_path: Path) -> None:
    path = tmp_path / "listeqp2024.csv"
    path.write_text(
        "\ufeffcode_qp;lib_qp;insee_dep;insee_com;lib_com;siren_epci;lib_epci;;\n"
        "QN00101M;Les Prés;01;1001,01003;Aval, Cime;200000002;CC du Mont;;\n",
        encoding="utf-8",
    )
    (item,) = read_qpv(path, ProblemList())
    assert item == NationalQpv("QN00101M", "Les Prés", ("Aval", "Cime"), ("01001", "01003"), MONT)
