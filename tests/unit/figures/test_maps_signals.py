"""Are the signals of a map all there, apart from one another, each leading to its place?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_maps import atlas
from terril.figures import maps_signals
from terril.figures.links import linked
from terril.figures.maps_ground import View
from terril.figures.maps_signals import SignalMark, draw_signals

KINDS = ("favorable", "moyen", "difficile", "indetermine")


def marks(count: int) -> list[SignalMark]:
    return [
        SignalMark(
            f"QP{n}", KINDS[n % 4], n % 3 == 0, f"Cité « {n} » & fils : mot", f"/q/{n}/?a=1&b=2"
        )
        for n in range(count)
    ]


def test_each_neighbourhood_is_one_link_that_says_its_signal() -> None:
    svg = draw_signals(atlas(9), marks(9), "Signaux", "En mots.", 320, 260)
    tree = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    links = list(tree.iter(f"{space}a"))
    assert [link.get("href") for link in links] == [f"/q/{n}/?a=1&b=2" for n in range(9)]
    for n, link in enumerate(links):
        assert link.get("aria-label") == f"Cité « {n} » & fils : mot"
        assert link.findtext(f"{space}title") == link.get("aria-label")
    assert tree.findtext(f"{space}desc") == "En mots."


def test_a_neighbourhood_without_a_mark_is_drawn_but_leads_nowhere() -> None:
    svg = draw_signals(atlas(9), marks(4), "Signaux", "", 320, 260)
    assert svg.count("<a ") == 4
    with pytest.raises(ValueError, match="neighbourhood"):
        draw_signals(atlas(4), [SignalMark("AUTRE", "moyen", False, "x", "/")], "S", "", 320, 260)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(60, 240), st.floats(60, 240)), min_size=1, max_size=12))
def test_shapes_end_apart_and_inside(places: list[tuple[float, float]]) -> None:
    view = View(0.0, 0.0, 1.0, 320.0, 320.0)
    found = maps_signals._apart(np.array(places), 13.0, view)
    assert found.shape == (len(places), 2)
    assert found.min() > 0 and found.max() < 320
    for a in range(len(found)):
        for b in range(a):
            assert np.hypot(*(found[a] - found[b])) > 12.0


def test_two_shapes_far_enough_do_not_move() -> None:
    view = View(0.0, 0.0, 1.0, 320.0, 320.0)
    places = np.array([(100.0, 100.0), (120.0, 100.0)])
    assert maps_signals._apart(places, 13.0, view).tolist() == places.tolist()


def test_a_label_is_escaped() -> None:
    text = linked('/"><script>', 'a"<b>', "<path/>")
    assert "<script>" not in text and "<b>" not in text
    assert re.fullmatch(r'<a href="[^"]*" aria-label="[^"]*"><title>[^<]*</title><path/></a>', text)
