"""Does a sheet come back from JSON as it went?"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from edition_sample import fiche

from terril.editions.plain import from_json, from_plain, to_json, to_plain
from terril.fiches.model import Fiche, SpineRow


def test_a_sheet_comes_back_equal() -> None:
    assert from_json(Fiche, to_json(fiche())) == fiche()


def test_every_type_is_restored() -> None:
    again = from_json(Fiche, to_json(fiche()))
    assert isinstance(again.name_lines, tuple)
    assert isinstance(again.spine[0].rows[0], SpineRow)
    assert again.statements[0].values == {"quartier": 44.1, "reference": 20.25, "known": None}
    assert again.blocks[0].rows[0].strip_mean is None


def test_json_is_plain_and_keeps_accents() -> None:
    text = to_json(fiche())
    assert "1er juillet 2020" in text and "Cité" in text
    tile = json.loads(text)["tiles"][0]
    assert list(tile)[:4] == ["code", "label", "column", "row"]
    assert (tile["label"], tile["column"], tile["own"]) == ("Cité du Nord", 0, True)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"mark": "1"}, TypeError),  # a field is absent
        ({"mark": "1", "text": "a", "more": 1}, ValueError),  # a field is unknown
        ({"mark": 1, "text": "a"}, TypeError),  # a field has the wrong type
        (["1", "a"], TypeError),
    ],
)
def test_what_does_not_fit_is_refused(data: object, error: type[Exception]) -> None:
    from terril.fiches.model import Note

    with pytest.raises(error):
        from_plain(Note, data)


@dataclass(frozen=True)
class Numbers:
    whole: int
    real: float
    maybe: float | str | None


@pytest.mark.parametrize("maybe", [1.5, "un", None])
def test_unions_keep_the_type(maybe: float | str | None) -> None:
    value = Numbers(3, 2.0, maybe)
    assert from_json(Numbers, to_json(value)) == value


def test_the_last_bits_of_a_sum_do_not_reach_the_bytes() -> None:
    assert to_plain(0.1 + 0.2) == 0.3
    assert to_plain(-12811.0) == -12811.0


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_a_bug(value: float) -> None:
    with pytest.raises(ValueError):
        to_plain(value)
