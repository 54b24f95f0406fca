"""Does a chart of a series link what may be linked, show every figure, and stay in its frame?"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.figures.metrics import text_width
from terril.figures.series import Cut, Point, Reference, Segment, series_alt, series_chart
from terril.figures.series_labels import Box, Placer, crossed, rows_of
from terril.figures.svg import MM, size_of
from terril.lib.tokens import COLOURS

WIDTH = 80 * MM


def point(year: int, value: float | None) -> Point:
    text = "s" if value is None else f"{value:.1f} %".replace(".", ",")
    return Point(year + 1.0, str(year), value, text)


VALUES = st.one_of(st.none(), st.floats(0, 100).map(lambda v: round(v, 1)))
SERIES = st.lists(st.lists(VALUES, min_size=1, max_size=6), min_size=1, max_size=3)


def chart_of(parts: list[list[float | None]]) -> tuple[list[Segment], list[Cut]]:
    """Segments one after the other, a year a point, and the cuts between them."""
    year, segments, cuts = 2010, [], []
    for number, values in enumerate(parts):
        if number:
            cuts.append(Cut(year + 0.5, f"Rupture {number}", True))
        segments.append(Segment(tuple(point(year + n, v) for n, v in enumerate(values))))
        year += len(values)
    return segments, cuts


def own_lines(svg: str) -> list[list[float]]:
    """The abscissas of each line of the series."""
    found = []
    for element in ElementTree.fromstring(svg).iter():
        if element.tag.endswith("path") and element.get("stroke") == COLOURS["brique"]:
            found.append([float(x) for x in re.findall(r"[ML](-?[\d.]+) ", element.attrib["d"])])
    return found


def circles(svg: str) -> list[float]:
    return [
        float(e.attrib["cx"])
        for e in ElementTree.fromstring(svg).iter()
        if e.tag.endswith("circle")
    ]


@given(SERIES)
@settings(max_examples=80, deadline=None)
def test_a_line_never_goes_across_a_break_nor_a_gap(parts: list[list[float | None]]) -> None:
    segments, cuts = chart_of(parts)
    svg = series_chart(segments, cuts, title="essai", width=WIDTH)
    dots = circles(svg)
    known = [p for s in segments for p in s.points if p.value is not None]
    assert len(dots) == len(known)
    at = dict(zip([p.at for p in known], dots, strict=True))
    linked = {pair for line in own_lines(svg) for pair in pairwise(line)}
    allowed = {
        (at[a.at], at[b.at])
        for s in segments
        for a, b in pairwise(s.points)
        if a.value is not None and b.value is not None
    }
    assert linked == allowed


@given(SERIES)
@settings(max_examples=40, deadline=None)
def test_everything_is_inside_and_every_unknown_is_marked(parts: list[list[float | None]]) -> None:
    segments, cuts = chart_of(parts)
    references = [Reference("agglo.", (tuple(point(2010 + n, 40.0 + n) for n in range(4)),), True)]
    svg = series_chart(segments, cuts, references, title="essai", width=WIDTH)
    width, height = size_of(svg)
    assert width == pytest.approx(WIDTH, abs=0.01)
    marks = 0
    for element in ElementTree.fromstring(svg).iter():
        if not element.tag.endswith("text") or element.get("aria-hidden"):
            continue
        text, size = str(element.text), float(element.attrib["font-size"])
        marks += text == "s"
        wide = text_width(text, size, int(element.get("font-weight", "400")))
        left = float(element.attrib["x"])
        left -= {"middle": wide / 2, "end": wide}.get(element.get("text-anchor", ""), 0.0)
        assert left >= -0.5 and left + wide <= width + 0.5, text
        assert 0.7 * size <= float(element.attrib["y"]) <= height, text
    assert marks == sum(p.value is None for s in segments for p in s.points)


@given(SERIES)
@settings(max_examples=40, deadline=None)
def test_the_ends_of_a_segment_are_printed_and_the_rest_is_read_aloud(
    parts: list[list[float | None]],
) -> None:
    segments, cuts = chart_of(parts)
    svg = series_chart(segments, cuts, title="essai", width=WIDTH)
    alt = series_alt("Taux", segments, cuts)
    for segment in segments:
        known = [p for p in segment.points if p.value is not None]
        for end in known[:1] + known[-1:]:
            assert f">{end.text}<" in svg
        for p in segment.points:
            assert f"{p.period}, {'secret' if p.value is None else p.text}" in alt
    for cut in cuts:
        assert f">{cut.label}<" in svg and f"[{cut.label}]" in alt


def test_a_blocking_break_has_a_dashed_rule_between_its_two_periods() -> None:
    segments, _ = chart_of([[40.0, 41.0], [30.0, 31.0]])
    cut = Cut(2012.5, "Périmètres de 2024", True, ("QP062020", "QN06220M"))
    svg = series_chart(segments, [cut], title="essai", width=WIDTH)
    [rule] = re.findall(r'<path d="M([\d.]+) [\d.]+V[\d.]+"[^>]*stroke-dasharray="3 2"', svg)
    dots = circles(svg)
    assert dots[1] < float(rule) < dots[2]
    assert ">QP062020<" in svg and ">QN06220M<" in svg


@pytest.mark.parametrize("told", [True, False])
def test_a_rule_stops_under_the_codes_of_its_neighbour(told: bool) -> None:
    """Two breaks in a narrow chart: the second would go through the code of the first."""
    segments, _ = chart_of([[40.0, 41.0, 39.0, 38.0], [30.0], [31.0]])
    cuts = [Cut(2014.5, "Périmètres", True, ("QP062020", "QN06220M")), Cut(2015.5, "B", True)]
    svg = series_chart(segments, cuts, title="essai", width=50 * MM, told=told)
    [word] = [e for e in ElementTree.fromstring(svg).iter() if e.text == "QN06220M"]
    left, base = float(word.attrib["x"]), float(word.attrib["y"])
    rules = re.findall(r'<path d="([^"]+)"[^>]*stroke-dasharray="3 2"', svg)
    assert len(rules) == 2
    for rule in rules:
        for x, top, bottom in re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", rule):
            beside = not left < float(x) < left + text_width("QN06220M", 7)
            assert beside or float(bottom) <= base - 5 or float(top) >= base


def test_marks_that_do_not_hold_are_numbered_and_told_below() -> None:
    segments, _ = chart_of([[40.0, 41.0, 42.0, 43.0, 44.0]])
    cuts = [Cut(2011.5 + n, f"201{n} : une longue explication de la rupture", False)
            for n in range(4)]  # fmt: skip
    svg = series_chart(segments, cuts, title="essai", width=60 * MM)
    assert "stroke-dasharray" not in svg
    for number in "1234":
        assert f">{number}<" in svg and f">{number}\u00a0 201" in svg
    quiet = series_chart(segments, cuts, title="essai", width=60 * MM, told=False)
    assert "explication" not in quiet and size_of(quiet)[1] < size_of(svg)[1]


def test_a_reference_is_named_at_its_end_or_at_the_edge_when_far() -> None:
    segments, _ = chart_of([[40.0, 42.0, 41.0]])
    near = Reference("agglo.", (tuple(point(2010 + n, 30.0) for n in range(3)),), True)
    far = Reference("agglo.", (tuple(point(2010 + n, 99.9) for n in range(3)),), True)
    for reference, lines in ((near, 1), (far, 0)):
        svg = series_chart(segments, (), [reference], title="essai", width=WIDTH)
        assert f">agglo. {reference.known[-1].text}<" in svg
        own = [e for e in ElementTree.fromstring(svg).iter()
               if e.get("stroke") == COLOURS["ardoise"]]  # fmt: skip
        assert len(own) == lines


def test_the_same_scale_for_charts_to_be_compared() -> None:
    low, high = chart_of([[10.0, 11.0, 12.0]])[0], chart_of([[80.0, 81.0, 82.0]])[0]

    def heights(segments: list[Segment]) -> list[float]:
        svg = series_chart(segments, title="essai", width=WIDTH, domain=(0.0, 100.0))
        return [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', svg)]

    assert min(heights(low)) > max(heights(high))


def test_a_rounding_does_not_look_like_a_slope() -> None:
    segments, _ = chart_of([[40.0, 40.1, 40.0]])
    svg = series_chart(segments, title="essai", width=WIDTH)
    ys = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', svg)]
    assert max(ys) - min(ys) < 2


def test_no_point_is_refused() -> None:
    with pytest.raises(ValueError, match="without a point"):
        series_chart([], title="essai", width=WIDTH)


# ------------------------------------------------------------------ labels

SPANS = st.lists(st.tuples(st.floats(0, 200), st.floats(5, 80)), max_size=8).map(
    lambda pairs: [(left, left + wide) for left, wide in sorted(pairs)]
)


@given(SPANS)
def test_no_two_labels_of_a_row_overlap(spans: list[tuple[float, float]]) -> None:
    rows = rows_of(spans, gap=3)
    assert len(rows) == len(spans)
    for one in range(len(spans)):
        for other in range(one):
            if rows[one] == rows[other]:
                assert spans[other][1] + 3 <= spans[one][0] or spans[one][1] + 3 <= spans[other][0]


def test_a_rule_that_goes_through_a_label_is_seen() -> None:
    assert crossed([50.0, 60.0], [(48.0, 90.0), (20.0, 64.0)], [1, 0])
    assert not crossed([10.0, 60.0], [(8.0, 90.0), (58.0, 99.0)], [1, 0])


def test_a_line_goes_through_a_box_or_beside_it() -> None:
    box = Box(10, 10, 20, 20)
    assert box.crossed(0, 0, 30, 30) and box.crossed(15, 0, 15, 40)
    assert not box.crossed(0, 25, 30, 25) and not box.crossed(0, 0, 9, 40)


def test_a_label_takes_the_first_free_place() -> None:
    placer = Placer(Box(0, 0, 100, 100), boxes=[Box(10, 10, 20, 20)])
    places = [Box(12, 12, 18, 18), Box(30, 30, 40, 40)]
    assert placer.place(places, must=False) == (places[1], True)
    assert placer.place(places, must=False) is None
    assert placer.place(places, must=True) == (places[0], False)
