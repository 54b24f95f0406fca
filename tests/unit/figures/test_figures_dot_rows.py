"""Does a row of dots draw every neighbourhood inside its frame, named at both ends?"""

from __future__ import annotations

import random
from xml.etree import ElementTree

import pytest

from terril.figures.dot_rows import HEIGHT, WIDTH, Dot, Mark, dot_row, dot_row_alt


def dots(count: int) -> list[Dot]:
    dice = random.Random(count)
    return [Dot(round(dice.gauss(20, 4), 1), f"Q{n}", f"{n}") for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 21, 60])
def test_a_dot_row_draws_every_dot_inside_its_frame(count: int) -> None:
    svg = dot_row(dots(count), Mark(20.0, "moyenne 20"), Mark(90.0, "agglo. 90"), reverse=True)
    root = ElementTree.fromstring(svg)
    circles = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(circles) == count
    for circle in circles:
        assert 0 < float(circle.attrib["cx"]) < WIDTH and 0 < float(circle.attrib["cy"]) < HEIGHT


def test_reverse_puts_the_lowest_at_the_right() -> None:
    pair = [Dot(10, "bas", "10"), Dot(20, "haut", "20")]

    def xs(reverse: bool) -> list[float]:
        root = ElementTree.fromstring(dot_row(pair, reverse=reverse))
        return [float(e.attrib["cx"]) for e in root.iter() if e.tag.endswith("circle")]

    # dots are drawn from left to right
    assert xs(False) == xs(True)
    assert dot_row(pair).index("10 bas") < dot_row(pair).index("20 haut")
    assert dot_row(pair, reverse=True).index("20 haut") < dot_row(pair, reverse=True).index(
        "10 bas"
    )


def test_a_dot_row_escapes_names_and_says_itself() -> None:
    pair = [Dot(1, "A & <B>", "1 %"), Dot(2, "C", "2 %")]
    ElementTree.fromstring(dot_row(pair))
    alt = dot_row_alt("Taux", pair, Mark(1.5, "moyenne 1,5 %"), None)
    assert alt == "Taux : de 1 % (A & <B>) à 2 % (C), moyenne 1,5 %."


def test_labels_of_mean_and_agglomeration_do_not_overlap() -> None:
    for epci in (19.9, 20.0, 20.1, 26.0, 14.0):
        svg = dot_row(dots(21), Mark(20.0, "moyenne 20,0 %"), Mark(epci, f"agglo. {epci} %"))
        root = ElementTree.fromstring(svg)
        tops = [e for e in root.iter() if e.tag.endswith("text") and float(e.attrib["y"]) < 8]
        left, right = sorted(tops, key=lambda e: float(e.attrib["x"]))
        width = len(str(left.text)) * 3.2
        assert float(left.attrib["x"]) + width <= float(right.attrib["x"]) + 4
