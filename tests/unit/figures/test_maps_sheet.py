"""Does the map of a neighbourhood show what it must, in colour, in grey, in words, and come back
from JSON the same?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from small_maps import LONG, SYMBOLS, atlas, sheet
from terril.figures.maps_keys import sheet_keys
from terril.figures.maps_marks import SHAPES, Entry, KeyBlock, mark, marks, scale_bar
from terril.figures.maps_model import Atlas, SheetMap, Spot, packed, unpacked
from terril.figures.maps_sheet import draw_sheet
from terril.figures.maps_words import sheet_words
from terril.figures.svg import MM, for_web, size_of
from terril.lib.tokens import COLOURS

SPOTS = (
    Spot(1300.0, 1200.0, "gare", "Gare de Montbrun", True),
    Spot(1100.0, 800.0, "lycee", "Lycée & arts"),
    Spot(1500.0, 1250.0, "ecole", "", True),
    Spot(1700.0, 1600.0, "soins"),
)
WIDTH, HEIGHT = 101 * MM, 81 * MM


def test_the_map_is_well_formed_and_drawn_with_tokens() -> None:
    svg = draw_sheet(sheet(SPOTS), WIDTH, HEIGHT).svg
    root = ET.fromstring(svg)
    assert root.findtext("{*}title") == "Carte du quartier La Cité verte"
    assert root.findtext("{*}desc") == sheet_words(sheet(SPOTS))
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", svg)) <= set(COLOURS.values())
    assert not re.search(r"\d\.\d{3}", svg)
    assert "&amp;" in svg and "nan" not in svg.lower().split("<title>")[0]
    assert f"var(--brique, {COLOURS['brique']})" in for_web(svg)
    assert len(svg) < 20_000


def test_every_part_is_there_and_told_apart() -> None:
    drawing = draw_sheet(sheet(SPOTS, distances=(300, 500)), WIDTH, HEIGHT)
    svg = drawing.svg
    assert f'fill="{COLOURS["quartier"]}"' in svg, "the neighbourhood"
    assert 'stroke-dasharray="2.6 2"' in svg and 'stroke-dasharray="5.2 2"' in svg, "both buffers"
    assert 'stroke-dasharray="0 2.6"' in svg, "the other generation, dotted"
    assert f'stroke="{COLOURS["trame"]}"' in svg, "estates, hatched"
    assert f'fill="{COLOURS["autre"]}"' in svg, "the other neighbourhood"
    texts = {label.key: label.text for label in drawing.labels}
    assert texts["distance 0"] == "300\u202fm" and texts["distance 1"] == "500\u202fm"
    assert "Montbrun" in texts.values() and "Saint-Firmin-sur-Lys" in texts.values()
    assert "key" in texts, "schools and care are told by the key"
    assert "Ailleurs" not in texts.values(), "a commune out of the frame has no name there"


def test_the_key_tells_only_what_no_name_tells() -> None:
    drawing = draw_sheet(sheet(SPOTS[:2]), WIDTH, HEIGHT)
    assert "key" not in {label.key for label in drawing.labels}
    svg = draw_sheet(sheet(SPOTS), WIDTH, HEIGHT).svg
    assert "école</text>" in svg and "gare</text>" not in svg


def test_without_surroundings_places_or_neighbours() -> None:
    plain = SheetMap("QP1", LONG, (1000, 1000, 1600, 1400), sheet().rings)
    drawing = draw_sheet(plain, WIDTH, HEIGHT)
    assert {label.key for label in drawing.labels} >= {"scale", "north"}
    assert sheet_keys(plain, 300)[0][1] == "ce quartier"
    with pytest.raises(ValueError, match="needs the perimeter"):
        draw_sheet(SheetMap("QP1", "x", (0, 0, 1, 1), ()), WIDTH, HEIGHT)


def test_a_hole_stays_empty() -> None:
    outer = sheet().rings[0]
    hole = np.array([(1200, 1100), (1200, 1250), (1400, 1250), (1400, 1100), (1200, 1100)], float)
    data = SheetMap("QP1", "Trou", (1000, 1000, 1600, 1400), (outer, hole))
    svg = draw_sheet(data, WIDTH, HEIGHT).svg
    filled = re.search(rf'<path d="([^"]+)" fill="{COLOURS["quartier"]}" fill-rule="evenodd"', svg)
    assert filled and filled[1].count("z") == 2


def test_the_line_under_the_map_drops_what_the_map_says_best() -> None:
    data = sheet(SPOTS)
    words = [word for _, word in sheet_keys(data, 400)]
    assert words == [
        "ce quartier", "abords, 300\u202fm", "périmètre de 2024", "autre quartier", "cité minière",
    ]  # fmt: skip
    assert [word for _, word in sheet_keys(data, 170)] == ["périmètre de 2024", "cité minière"]
    assert sheet_keys(data, 10) == ()
    for svg, word in sheet_keys(data, 400):
        assert ET.fromstring(svg).findtext("{*}title") == word and size_of(svg)[1] == 8


def test_the_map_in_words() -> None:
    words = sheet_words(sheet(SPOTS))
    assert words.startswith(
        "Carte du quartier La Cité verte, nord en haut. Communes\u00a0: Montbrun et "
    )
    assert "Dans le quartier\u00a0: 2 lieux, dont Gare de Montbrun." in words
    assert "Dans les abords\u00a0: 2 lieux, dont Lycée & arts." in words
    assert "Autres quartiers prioritaires\u00a0: Les Prés." in words
    assert "Hachures\u00a0: cité minière." in words


@pytest.mark.parametrize("value", [sheet(SPOTS), atlas()])
def test_a_map_comes_back_from_json_the_same(value: SheetMap | Atlas) -> None:
    text = packed(value)
    again = unpacked(type(value), text)
    assert packed(again) == text
    if isinstance(again, SheetMap) and isinstance(value, SheetMap):
        assert again.spots == value.spots and again.symbols == value.symbols
        assert np.allclose(again.rings[0], value.rings[0], atol=0.05)
        assert draw_sheet(again, WIDTH, HEIGHT).svg == draw_sheet(value, WIDTH, HEIGHT).svg
    with pytest.raises(ValueError):
        unpacked(SheetMap, '{"code": 3')
    with pytest.raises(ValueError):
        unpacked(SheetMap, '{"unknown": 3}')


# ------------------------------------------------------------------ marks


def test_shapes_differ_in_grey() -> None:
    outlines = {shape: (draw(3.5), hollow) for shape, (draw, hollow) in SHAPES.items()}
    assert len(set(outlines.values())) == len(SHAPES)
    assert len({(s.shape) for s in SYMBOLS}) == len(SYMBOLS)


@pytest.mark.parametrize("shape", SHAPES)
def test_many_marks_are_drawn_as_one(shape: str) -> None:
    alone, many = mark(shape, "bleu", 0, 0), marks(shape, "bleu", [(0, 0), (20, 30)])
    assert many.count("M") == 2 and len(many) < 2 * len(alone)
    attributes = alone.split('" ', 2)[2].split(" ", 1)[1]
    assert attributes.split(" ")[-1] in many


@pytest.mark.parametrize(
    "scale,most,metres,text",
    [(0.1, 62, 500, "500\u202fm"), (0.01, 90, 5000, "5\u202fkm"), (0.5, 62, 100, "100\u202fm")],
)
def test_a_scale_bar_is_round_and_holds(scale: float, most: float, metres: int, text: str) -> None:
    bar = scale_bar(scale, most)
    assert (bar.metres, bar.text) == (metres, text)
    assert bar.length == pytest.approx(metres * scale) and bar.length <= most


def test_a_key_holds_in_its_size() -> None:
    entries = (
        Entry("école", "carre-vide", "bleu"),
        Entry(LONG, number="1"),
        Entry("poste", "disque"),
    )
    one, two = KeyBlock(entries), KeyBlock(entries, 2)
    assert one.size[0] < 130 and two.size[0] > one.size[0] and two.size[1] < one.size[1]
    drawn = one.draw(10, 20)
    for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)"', drawn):
        assert 20 < float(y) < 20 + one.size[1]
