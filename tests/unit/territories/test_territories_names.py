"""Which territory does a text name?"""

from __future__ import annotations

import polars as pl
import pytest

from terril.observations.schema import Kind
from terril.territories.kinds import KINDS, fold, is_code
from terril.territories.territory import FRAME, Territories, Territory

VAL, MONT = "200000001", "200000002"


@pytest.fixture(scope="module")
def places() -> Territories:
    return Territories(
        (
            Territory(VAL, "epci", "CA du Val", "Val", aliases=("CAV",), epci=VAL),
            Territory(MONT, "epci", "CC du Mont", "Mont", epci=MONT),
            Territory("QP001001", "qpv", "Les Prés - Cité 9", "Prés", ("01004", "01005"), VAL),
            Territory("QP001002", "qpv", "Sainte-Œuvre", "Œuvre", ("01004",), VAL),
            Territory("QP001003", "qpv", "Lens", "Lens", ("01004",), MONT),
            Territory("01004", "commune", "Lens", "Lens", epci=VAL, population=31000.0),
            Territory("01005", "commune", "L’Île-d’Élan", "L’Île", epci=MONT),
            Territory("2A004", "commune", "Ajaccio", "Ajaccio"),
            Territory("01", "departement", "Ain", "Ain"),
        )
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Éleu-dit-Leauwette", "ELEU DIT LEAUWETTE"),
        ("St-Omer", "Saint Omer"),
        ("Ste Œuvre", "sainte oeuvre"),
        ("L’Île-d’Élan", "l'ile d'elan"),
        ("Cité 5 - Cité 11", "cite 5 – cité 11"),
    ],
)
def test_writings_of_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Cité 10", "Cité 1"), ("Lens", "Lans")])
def test_names_that_differ(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("qpv", "qp001001", "QP001001"),
        ("qpv", "les pres – cité 9", "QP001001"),
        ("qpv", "ste oeuvre", "QP001002"),
        ("commune", "lens", "01004"),
        ("qpv", "Lens", "QP001003"),
        ("commune", "1004", "01004"),
        ("commune", "L'Ile d'Elan", "01005"),
        ("communes", "01005 ; Lens", "01004+01005"),
        ("communes", "01005+01004", "01004+01005"),
        ("communes", "Lens", None),
        ("communes", "Lens;Nulle Part", None),
        ("epci", "cav", VAL),
        ("qpv_ensemble", "CAV", VAL),
        ("hors_qpv", VAL, VAL),
        ("departement", "1", "01"),
        ("commune", "", None),
        ("commune", "Lans", None),
        ("planete", "Mars", None),
    ],
)
def test_resolve(places: Territories, kind: str, name: str, code: str | None) -> None:
    assert places.resolve(kind, name) == code


def test_a_name_without_a_kind(places: Territories) -> None:
    assert places.locate("QP001002") == ("qpv", "QP001002")
    assert places.locate("Ajaccio") == ("commune", "2A004")
    assert places.locate("Lens") is None  # a commune and a neighbourhood
    assert places.locate("nulle part") is None


def test_near_names_are_suggested(places: Territories) -> None:
    assert places.suggestions("commune", "Lans") == ("Lens (01004)",)
    assert places.suggestions("commune", "zzzz") == ()
    assert "CA du Val (200000001)" in places.suggestions("hors_qpv", "CA du Vall")


def test_composites_need_no_row(places: Territories) -> None:
    whole = places.by_code("qpv_ensemble", VAL)
    assert whole is not None
    assert (whole.kind, whole.code, whole.epci) == ("qpv_ensemble", VAL, VAL)
    group = places.by_code("communes", "01004+01005")
    assert group is not None
    assert group.label == "Lens, L’Île-d’Élan"
    assert places.by_code("qpv_ensemble", "200000009") is None
    assert places.by_code("communes", "01004") is None


def test_a_neighbourhood_that_straddles(places: Territories) -> None:
    assert places.epci_of_communes("QP001001") == (VAL, MONT)
    assert places.epci_of_communes("QP001002") == (VAL,)


def test_the_frame_has_one_row_a_territory(places: Territories) -> None:
    frame = places.frame({("qpv", "QP001001"): 1200.0, ("commune", "01004"): 5.0})
    assert dict(frame.schema) == {name: pl.Schema(FRAME)[name] for name in FRAME}
    assert frame.height == len(places)
    rows = {(r["kind"], r["code"]): r for r in frame.to_dicts()}
    assert rows["qpv", "QP001001"]["communes"] == ["01004", "01005"]
    assert rows["qpv", "QP001001"]["population"] == 1200
    assert rows["commune", "01004"]["population"] == 31000  # the file decides
    assert rows["qpv", "QP001002"]["population"] is None


def test_kinds_are_those_of_the_statements() -> None:
    assert set(KINDS) == {str(kind) for kind in Kind}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "qpv",
            ["QP062019", "QN06219M", "QP971001", "QP02A001"],
            ["QP62019", "QX062019", "062019"],
        ),
        ("commune", ["62498", "2A004", "97411"], ["6249", "624980", "LENS"]),
        ("epci", ["246200364"], ["24620036", "CALL"]),
        ("communes", ["62498+62510"], ["62498", "62498+"]),
        ("departement", ["62", "2A", "974"], ["6", "62498"]),
    ],
)
def test_codes(kind: str, good: list[str], bad: list[str]) -> None:
    assert all(is_code(kind, code) for code in good)
    assert not any(is_code(kind, code) for code in bad)
