from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from register_world import EVERYTHING, catalogue, row

from terril.registres.check import check_key, check_values, key_of
from terril.registres.faults import Fault

CATALOGUE = catalogue()


def _faults(before: dict[str, Any] | None = None, /, **values: Any) -> dict[str, Fault]:
    return check_values(EVERYTHING, {"nom": "Nom", **values}, CATALOGUE, before=before)


def test_a_good_row_has_no_fault() -> None:
    assert _faults(nb=0, cout=Decimal("1000000000"), theme="sante", etat="prevu", an=1900) == {}


@pytest.mark.parametrize(
    ("column", "value"),
    [("nom", None), ("nom", "x" * 301), ("nom", "a\x07"), ("nom", "a\ufffe"), ("detail", "\x00"),
     ("detail", "x" * 20_001), ("nb", -1), ("cout", Decimal("1000000000.01")),
     ("taux", Decimal("100.5")), ("theme", "autre"), ("themes", ("nord", "autre")),
     ("etat", "autre"), ("an", 1800), ("jour", dt.date(1815, 6, 18)), ("inconnue", 1)],
)  # fmt: skip
def test_each_limit_is_one_fault_in_its_column(column: str, value: Any) -> None:
    faults = _faults(**{column: value})
    assert list(faults) == [column]


def test_longest_texts_and_lines_are_allowed() -> None:
    assert _faults(nom="x" * 300, detail="x\n\t" * 6666) == {}


def test_what_was_there_is_not_a_fault_but_a_required_blank_is() -> None:
    former = {"nom": "x" * 400, "theme": "retire", "nb": -3}
    assert _faults(former, **former) == {}
    assert list(_faults(former, **{**former, "theme": "autre"})) == ["theme"]
    assert list(_faults({"nom": None}, nom=None)) == ["nom"]


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [("prevu", "prevu", True), ("prevu", "cours", True), ("cours", "prevu", False),
     ("prevu", "fait", False), (None, "cours", True), (None, "fait", False),
     ("retire", "cours", True)],
)  # fmt: skip
def test_a_row_goes_from_state_to_state_by_declared_moves(
    before: str | None, after: str, allowed: bool
) -> None:
    former = {"nom": "Nom", "etat": before}
    assert ("etat" not in _faults(former, etat=after, jour=dt.date(2026, 1, 1))) is allowed


def test_a_refused_move_says_where_one_may_go() -> None:
    fault = _faults({"nom": "Nom", "etat": "prevu"}, etat="fait")["etat"]
    assert fault.what == "On ne passe pas de «\u00a0Prévu\u00a0» à «\u00a0Réalisé\u00a0»."
    assert fault.expected == "«\u00a0En cours\u00a0»."


def test_a_move_asks_for_its_columns() -> None:
    former = {"nom": "Nom", "etat": "cours"}
    assert list(_faults(former, etat="fait")) == ["jour"]
    assert _faults(former, etat="fait", jour=dt.date(2026, 1, 1)) == {}
    assert _faults({"nom": "Nom", "etat": "fait"}, etat="fait") == {}


def test_a_key_is_of_one_row() -> None:
    rows = [row(1, nom="A", code="É 1"), row(2, nom="B", code=None)]
    fault = check_key(EVERYTHING, {"code": "e  1"}, rows, None)
    assert fault is not None and "n°\u00a01" in fault.what
    assert check_key(EVERYTHING, {"code": "É 1"}, rows, 1) is None
    assert check_key(EVERYTHING, {"code": "É 2"}, rows, None) is None
    assert check_key(EVERYTHING, {"code": None}, rows, None) is None
    assert key_of(EVERYTHING, {"code": ""}) is None
