"""Are the figures small, deterministic, well formed, and drawn with the tokens only?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial

import pytest

from terril.figures import change, dot_rows, icons, signals, spine, strips, svg, tiles
from terril.lib.tokens import COLOURS

TILES = [
    tiles.TileMark("QP000001", "Le Bois & l’Eau", 0, 0, own=True, difficult=2),
    tiles.TileMark("QP000002", "Cité <2>", 1, 0, same_commune=True),
]
DOTS = [dot_rows.Dot(12.0, "Le Bois", "12,0"), dot_rows.Dot(9.5, "Cité <2>", "9,5")]
CHANGES = [change.Change("Le Bois", 10.0, 12.5, "10,0", "12,5", own=True)]

FIGURES: dict[str, Callable[[], str]] = {
    "spine": lambda: spine.spine_row(-1.234567, [0.1, 0.1, 2.0], [0.5], 4.2),
    "spine head": spine.spine_head,
    "strip": lambda: strips.table_strip([0, 0.333333, 1], 0.4, 0.5),
    "dots": lambda: strips.equipment_dots(3, 16),
    "tiles": lambda: tiles.tile_map(TILES, 286.3, 204.1),
    "sureness": lambda: signals.sureness(0.853),
    "dot row": lambda: dot_rows.dot_row(DOTS, dot_rows.Mark(10.7, "moyenne 10,7")),
    "change": lambda: change.change(CHANGES, title="x", before="2014", after="2017", width=300),
    **{f"signal {name}": partial(str, text) for name, text in signals.signal_shapes().items()},
    **{f"icon {name}": partial(str, text) for name, text in icons.icons().items()},
    **{f"key {name}": partial(str, text) for name, text in spine.spine_keys().items()},
}


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_is_well_formed_and_sober(name: str) -> None:
    text = FIGURES[name]()
    root = ET.fromstring(text)
    assert len(root.findall("{*}title")) == 1 and root.findall("{*}title")[0].text
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", text))
    assert used <= set(COLOURS.values()), used - set(COLOURS.values())
    assert not re.search(r"\d\.\d{3}", text), "more than two decimals"
    assert not re.search(r"(nan|inf|e-\d)", text.lower().split("<title>")[0])
    assert len(text) < 9000
    assert FIGURES[name]() == text, "the same input draws the same text"


def test_numbers_have_two_decimals_and_no_ornament() -> None:
    assert [svg.num(v) for v in (1.0, 1.2345, -0.001, 841.89, 0.1 + 0.2, -3.5)] == [
        "1",
        "1.23",
        "0",
        "841.89",
        "0.3",
        "-3.5",
    ]


def test_text_is_escaped() -> None:
    text = tiles.tile_map(TILES, 286.3, 204.1)
    assert "Cité &lt;2&gt;" in text and "&amp;" in text


def test_the_web_gets_custom_properties() -> None:
    text = svg.for_web(signals.signal("difficile"))
    assert f'fill="var(--difficile, {COLOURS["difficile"]})"' in text
    assert f'"{COLOURS["difficile"]}"' not in text


def test_a_halo_is_drawn_under_and_not_read_twice() -> None:
    text = svg.label(0, 0, "Avion", halo=2)
    assert text.count("Avion") == 2 and text.count('aria-hidden="true"') == 1


def test_equal_ticks_are_drawn_once() -> None:
    assert svg.ticks([2.001, 1, 2.0], 0, 4, "").count("M") == 2
    assert svg.ticks([], 0, 4, "") == ""


def test_size_of_reads_the_drawing_not_a_rectangle_inside() -> None:
    assert svg.size_of(svg.document(12, 8, "x", [svg.rect(0, 0, 3, 3, "")])) == (12, 8)
    with pytest.raises(ValueError, match="not a figure"):
        svg.size_of("<p/>")
