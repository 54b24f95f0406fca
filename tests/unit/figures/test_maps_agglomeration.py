"""Do the maps of the agglomeration show every value, keep areas in proportion, and stay legible?"""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from math import pi

import pytest

from small_maps import LONG, atlas
from terril.figures.maps_agglomeration import Subject, Value
from terril.figures.maps_choropleth import classes_alt, draw_classes
from terril.figures.maps_circles import circles_alt, draw_circles
from terril.figures.maps_classes import classify
from terril.figures.maps_generations import (
    draw_generations,
    draw_overlay,
    generation_keys,
    generations_alt,
    overlay_words,
    tally_of,
)
from terril.figures.maps_locator import draw_locator, locator_alt
from terril.figures.maps_model import Change
from terril.figures.maps_placed import AtlasDrawing
from terril.figures.svg import MM, for_web
from terril.lib.french import nombre
from terril.lib.tokens import COLOURS

SUBJECT = Subject("Part des essais, 2020", "", "%", 1)
Boxes = tuple[float, float, float, float]


def values(count: int = 9) -> dict[str, Value]:
    found = {
        f"QP{k}": Value(12.5 + 3 * k, f"{nombre(12.5 + 3 * k, 1)}\u202f%") for k in range(count)
    }
    if count > 5:
        found["QP2"] = Value(None, "secret", "secret")
        del found["QP5"]
    return found


def apart(a: Boxes, b: Boxes) -> bool:
    return a[2] <= b[0] + 1e-6 or b[2] <= a[0] + 1e-6 or a[3] <= b[1] + 1e-6 or b[3] <= a[1] + 1e-6


def check(drawing: AtlasDrawing, width: float, height: float) -> None:
    root = ET.fromstring(drawing.svg)
    assert len(root.findall("{*}title")) == 1 and root.findtext("{*}desc")
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", drawing.svg)) <= set(COLOURS.values())
    assert not re.search(r"\d\.\d{3}", drawing.svg)
    for label in drawing.labels:
        x0, y0, x1, y1 = label.box
        assert x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height, label
    for a, b in itertools.combinations(drawing.labels, 2):
        assert apart(a.box, b.box), f"{a.text} over {b.text}"


SIZES = [(176 * MM, 150 * MM), (86 * MM, 84 * MM), (176 * MM, 90 * MM)]


@pytest.mark.parametrize("width,height", SIZES)
@pytest.mark.parametrize("count", [1, 9, 27])
def test_classes_are_lettered_without_collision(width: float, height: float, count: int) -> None:
    held = values(count)
    classes = classify([v.value for v in held.values() if v.value is not None], decimals=1)
    drawing = draw_classes(atlas(count), held, classes, SUBJECT, width, height)
    check(drawing, width, height)
    assert {"legend", "scale", "north"} <= {label.key for label in drawing.labels}
    placed = [label for label in drawing.labels if label.key.startswith("value")]
    assert len(placed) + len(drawing.omitted) == count
    if count <= 9 and width > 400:
        assert not drawing.omitted
        assert len(drawing.svg) < 60_000


def test_no_name_lies_over_its_own_shape() -> None:
    held = values()
    classes = classify([v.value for v in held.values() if v.value is not None], decimals=1)
    drawing = draw_classes(atlas(), held, classes, SUBJECT, 176 * MM, 150 * MM)
    for label in drawing.labels:
        if label.key.startswith("value"):
            assert apart(label.box, drawing.shapes[int(label.key.split()[1])]), label.text


def test_each_territory_has_the_colour_of_its_class() -> None:
    held = values()
    known = [v.value for v in held.values() if v.value is not None]
    classes = classify(known, decimals=1)
    svg = draw_classes(atlas(), held, classes, SUBJECT, 176 * MM, 150 * MM, names="none").svg
    tokens = classes.tokens()
    for number, held_class in enumerate(classes.classes):
        painted = svg.count(f'fill="{COLOURS[tokens[number]]}" stroke="{COLOURS["ardoise-2"]}"')
        assert painted == held_class.count + 1, "its territories and its swatch"
    assert svg.count('stroke-dasharray="1.2 1.2"') == 2, "one without data, and its swatch"
    assert svg.count('stroke-width="0.7"') >= 2, "one secret, hatched, and its swatch"


def test_small_shapes_are_enlarged_and_it_is_said() -> None:
    held = values()
    classes = classify([v.value for v in held.values() if v.value is not None], decimals=1)
    small = draw_classes(atlas(), held, classes, SUBJECT, 60 * MM, 60 * MM, names="none")
    assert "quartiers agrandis" in small.svg.replace("\u202f", " ").replace("</text>", "") or (
        "agrandis" in small.svg
    )
    for x0, y0, x1, y1 in small.shapes:
        assert (x1 - x0) * (y1 - y0) >= 8.4**2
    large = draw_classes(atlas(), held, classes, SUBJECT, 176 * MM, 176 * MM, names="none")
    assert "agrandis" not in large.svg


def test_communes_are_coloured_themselves() -> None:
    held = {f"C{k}": Value(float(k), str(k)) for k in range(9)}
    classes = classify(list(range(9)), decimals=0)
    drawing = draw_classes(
        atlas(), held, classes, SUBJECT, 86 * MM, 84 * MM, level="commune", names="none"
    )
    assert len(drawing.shapes) == 9 and not drawing.omitted
    assert COLOURS["papier-2"] not in drawing.svg


def test_classes_in_words() -> None:
    held = values()
    classes = classify([v.value for v in held.values() if v.value is not None], decimals=1)
    words = classes_alt(atlas().quarters, held, classes, SUBJECT)
    assert "9 quartiers" in words and "12,5\u202f%" in words and "36,5\u202f%" in words
    assert "Secret\u00a0: 1." in words and "Sans donnée\u00a0: 1." in words
    assert "aucune valeur connue" in classes_alt(
        atlas().quarters, {}, classify([], decimals=1), SUBJECT
    )


def test_a_map_without_a_value_is_drawn() -> None:
    drawing = draw_classes(
        atlas(), {}, classify([], decimals=1), SUBJECT, 86 * MM, 84 * MM, names="ends"
    )
    check(drawing, 86 * MM, 84 * MM)


# ------------------------------------------------------------------ circles


def test_circles_keep_areas_in_proportion_and_the_largest_first() -> None:
    held = {f"QP{k}": Value(100.0 * (k + 1), str(100 * (k + 1))) for k in range(9)}
    held["QP3"] = Value(0.0, "0")
    subject = Subject("Habitants, 2020")
    drawing = draw_circles(atlas(), held, subject, 176 * MM, 150 * MM)
    check(drawing, 176 * MM, 150 * MM)
    token = COLOURS["classe-4"]
    radii = [float(r) for r in re.findall(rf'r="([\d.]+)" fill="{token}"', drawing.svg)]
    assert radii == sorted(radii, reverse=True) and len(radii) == 8, "zero has no area"
    most = radii[0]
    for radius, amount in zip(radii, (900, 800, 700, 600, 500, 300, 200, 100), strict=True):
        assert pi * radius**2 / (pi * most**2) == pytest.approx(amount / 900, rel=0.01)
    assert "les plus grands cercles sont Quartier 9, 900" in circles_alt(
        atlas().quarters, held, subject
    )


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        draw_circles(atlas(), {"QP1": Value(-1.0, "-1")}, SUBJECT, 200, 200)


# ------------------------------------------------------------------ generations, locator


def test_three_surfaces_are_told_apart_without_colour() -> None:
    overlay = atlas().overlays[0]
    svg = draw_overlay(overlay, 41 * MM, 31 * MM)
    assert f'fill="{COLOURS["classe-2"]}"' in svg, "kept: light and plain"
    assert f'fill="{COLOURS["classe-4"]}"' in svg, "gained: dark and plain"
    hatched = re.search(r'<path d="([^"]+)" fill="none" stroke="#55616C" stroke-width="0.6"/>', svg)
    assert hatched and hatched[1].count("M") > 5, "lost: hatched"
    assert svg.index(hatched[0]) < svg.index(COLOURS["classe-2"])
    assert len(generation_keys(atlas())) == 5


def test_the_agglomeration_in_two_generations() -> None:
    drawing = draw_generations(atlas(), 176 * MM, 132 * MM)
    check(drawing, 176 * MM, 132 * MM)
    assert not drawing.omitted
    words = generations_alt(atlas())
    assert words.startswith("Les périmètres de 2015 et de 2024")
    assert "9 périmètres agrandis" in words
    with pytest.raises(ValueError, match="two generations"):
        draw_generations(atlas(0), 100, 100)


def test_what_became_of_a_perimeter_in_words() -> None:
    assert overlay_words(Change("A", ("a",), ("b",), 20.0, 55.71, 1.0)) == "20,0 → 55,7\u202fha"
    assert overlay_words(Change("A", (), ("b",), None, 12.0, None)) == "nouveau, 12,0\u202fha"
    assert overlay_words(Change("A", ("a",), (), 8.4, None, None)) == (
        "sorti de la liste, 8,4\u202fha"
    )
    changes = [
        Change("A", ("a",), ("b",), 20.0, 20.3, 1.0),
        Change("B", ("a",), ("b",), 20.0, 30.0, 1.0),
        Change("C", ("a",), ("b",), 20.0, 10.0, 0.5),
        Change("D", (), ("b",), None, 10.0, None),
        Change("E", ("a",), (), 10.0, None, None),
    ]
    assert [n for n, *_ in tally_of(changes)] == [1, 1, 1, 1, 1]


def test_the_small_map_sets_one_apart() -> None:
    svg = draw_locator(atlas(), "QP4", {"C4"}, 201, 100)
    assert svg.count(f'fill="{COLOURS["brique"]}"') == 1
    assert "Étang</text>" in svg and "Bourg</text>" not in svg
    assert len(ET.fromstring(svg).findall("{*}title")) == 1
    assert "Celui-ci, en couleur\u00a0: Étang" in locator_alt(atlas(), "QP4", {"C4"})
    assert "var(--brique" in for_web(svg)


def test_the_long_name_is_wrapped() -> None:
    drawing = draw_generations(atlas(), 176 * MM, 132 * MM)
    (label,) = [x for x in drawing.labels if x.text == LONG]
    assert label.box[2] - label.box[0] < 140
