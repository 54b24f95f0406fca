"""Are the dots of equipment counted right, and a strip placed from 0 to 1?"""

from __future__ import annotations

import re

import pytest

from terril.figures import strips
from terril.lib.tokens import COLOURS


def dots(text: str) -> tuple[int, int]:
    full = len(re.findall(rf'<circle[^>]*fill="{COLOURS["brique"]}"', text))
    return full, text.count("<circle") - full


@pytest.mark.parametrize("inside,around", [(0, 1), (3, 16), (6, 0), (3, 28), (0, 0)])
def test_one_dot_one_place(inside: int, around: int) -> None:
    assert dots(strips.equipment_dots(inside, around)) == (inside, around)


def test_lines_of_equal_length_beyond_eighteen() -> None:
    assert strips.dot_lines(18) == [18]
    assert strips.dot_lines(19) == [10, 9]
    assert strips.dot_lines(54) == [18, 18, 18]
    assert strips.dot_lines(0) == []


def test_above_fifty_four_one_dot_counts_more() -> None:
    assert [strips.dot_worth(n) for n in (0, 54, 55, 108, 109, 400)] == [1, 1, 2, 2, 4, 8]
    assert dots(strips.equipment_dots(1, 81, 2)) == (1, 41), "a place that exists is never lost"


def test_an_unreadable_count_is_said_and_not_zero() -> None:
    assert strips.equipment_dots_alt(None, 0) == (
        "nombre inconnu dans le quartier, 0 dans ses abords"
    )
    assert dots(strips.equipment_dots(None, 2)) == (0, 2)


def test_the_strip_keeps_its_ends_inside() -> None:
    text = strips.table_strip([0, 1], own=1.2, mean=-0.1)
    found = re.search(r'cx="([\d.]+)"', text)
    assert found and float(found[1]) <= strips.WIDTH - 2.5


def test_no_dot_without_a_value() -> None:
    assert "<circle" not in strips.table_strip([0, 0.5, 1], None, 0.5)
    assert strips.table_strip_alt("–", 0) == "valeur de ce quartier non connue"
    assert strips.table_strip_alt("4", 21) == "rang 4 sur 21 quartiers connus"
