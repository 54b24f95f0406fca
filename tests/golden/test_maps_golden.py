"""Are the maps still those that were looked at?

Letters are compared as they are, coordinates to two tenths of a point: the last digit may differ
from a machine to another. After a wanted change, look at the maps, then run
``python tests/golden/g_maps.py``.
"""

from __future__ import annotations

import re
from io import BytesIO

import golden_fiches
import pytest
from g_maps import FOLDER, MAPS, SPOTS
from pypdf import PdfReader

from small_maps import LONG, atlas, sheet
from terril.reports.engine import Typesetter, page_count
from terril.reports.fiche import fiche_data, fiche_pdf

_NUMBER = re.compile(r"-?(?:\d+\.\d+|\.\d+|\d+)")


def taken_apart(svg: str) -> tuple[str, list[float]]:
    """The text without its numbers, and the numbers."""
    return _NUMBER.sub("#", svg).replace("# #", "##"), [float(n) for n in _NUMBER.findall(svg)]


@pytest.mark.parametrize("name", MAPS)
def test_the_map_is_the_one_that_was_looked_at(name: str) -> None:
    expected = (FOLDER / f"{name}.svg").read_text(encoding="utf-8").rstrip("\n")
    text, numbers = taken_apart(MAPS[name]())
    old_text, old_numbers = taken_apart(expected)
    assert text == old_text, "look at the new map, then run tests/golden/g_maps.py"
    assert numbers == pytest.approx(old_numbers, abs=0.21)


def test_the_comparison_has_teeth() -> None:
    svg = MAPS["quartier"]()
    moved = svg.replace('x="', 'x="1', 1)
    assert taken_apart(svg)[1] != pytest.approx(taken_apart(moved)[1], abs=0.21)
    assert taken_apart(svg)[0] != taken_apart(svg.replace("école", "lycée", 1))[0]


@pytest.mark.parametrize("name", ["one_commune", "three_communes", "almost_empty", "extreme"])
def test_a_sheet_with_its_map_holds_on_two_pages(name: str) -> None:
    fiche = getattr(golden_fiches, name)()
    data = sheet(SPOTS, name=LONG)
    with Typesetter("fiche.typ") as setter:
        pdf = fiche_pdf(setter, fiche, data)
        assert page_count(pdf) == 2
        text = PdfReader(BytesIO(pdf)).pages[0].extract_text()
        assert "Gare de Montbrun" in text and "300" in text
        again = fiche_data(fiche, sheet_map=data, atlas=atlas())
        assert again["map"]["ground"] and again["map"]["alt"].startswith("Carte du quartier")
        if again["locator"] is not None:
            assert again["series"] is None and "quartiers prioritaires" in again["locator"]["title"]
        assert page_count(setter.pdf(again, date=fiche.edition, pages=2)) == 2
