"""Is an address placed by its own point, its neighbours or its whole street, and never guessed?"""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from address_town import (
    EVERYWHERE,
    RULES,
    answer_of,
    base_of,
    layer,
    row,
    square,
    street,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.places.addresses.area import Scope, coverage_of
from terril.places.addresses.placing import Answer, Coverage, together, unknown
from terril.places.addresses.reasons import Reason, State
from terril.territories.geometry_edges import EDGE, OUTSIDE, Edges

#: covers numbers up to 10 of a street along the x axis, the border at 105 m
LEFT = layer(square(-50, -50, 105, 50))
IN = Answer(State.IN, "QP062001")
OUT = Answer(State.OUT)


def said(answer: Answer) -> str:
    return answer.reason.value if answer.reason else f"{answer.state.value} {answer.zone}".strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 rue Pasteur", "dans QP062001"),
        ("9 rue Pasteur", "dans QP062001"),
        ("13 rue Pasteur", "hors"),
        ("11 rue Pasteur", "limite"),  # 5 m from the border, margin 5 + 2
        ("rue Pasteur", "sans_numero"),
        ("2-4 rue Pasteur", "dans QP062001"),
        ("8-14 rue Pasteur", "sans_numero"),
        ("3 bis rue Pasteur", "dans QP062001"),  # between 3 and 5
        ("6 rue Pasteur", "dans QP062001"),  # absent, 4 and 8 agree
        ("10 rue Pasteur", "numero_inconnu"),  # absent, 8 and 12 do not
        ("16 rue Pasteur", "hors"),  # absent, 14 and 18 agree
        ("41 rue Pasteur", "numero_inconnu"),  # beyond the end of a street cut in two
        ("rue Neuve", "hors"),
        ("7 rue Neuve", "hors"),
        ("33 rue Neuve", "hors"),  # a little beyond the end
        ("99 rue Neuve", "numero_inconnu"),  # far beyond: is it this street?
        ("rue Courte", "dans QP062001"),
        ("5 rue Courte", "dans QP062001"),
        ("12 rue Double", "dans QP062001"),  # 12 a and 12 b
        ("12 b rue Double", "dans QP062001"),
        ("14 bis rue Double", "dans QP062001"),  # « b » in the base
        ("20 rue Double", "positions"),  # twice, on both sides
        ("rue Axe", "limite"),
    ],
)
def test_answers(tmp_path_factory: pytest.TempPathFactory, text: str, expected: str) -> None:
    rows = [
        *street("Rue Pasteur", [n for n in range(1, 19) if n not in (6, 10, 16)]),
        *street("Rue Neuve", [1, 2, 3, 4, 5, 6, 9, 11, 15, 20], 400),
        *street("Rue Courte", [1, 2, 3, 4], 10),
        row(12, "Rue Double", 650_020, 7_000_000, suffix="a"),
        row(12, "Rue Double", 650_025, 7_000_000, suffix="b"),
        row(14, "Rue Double", 650_030, 7_000_000, suffix="b"),
        row(20, "Rue Double", 650_030, 7_000_000),
        row(20, "Rue Double", 650_300, 7_000_000),
        row(1, "Rue Axe", 650_110, 7_000_000, position="segment"),
        row(3, "Rue Axe", 650_110, 7_000_010, position="segment"),
    ]
    with base_of(rows, tmp_path_factory.mktemp("b")) as base:
        assert said(answer_of(base, LEFT, f"{text}, 62010 Valmont")) == expected


def test_streets_that_look_alike_decide_only_together(tmp_path: Path) -> None:
    rows = [
        *street("Rue Haute", range(1, 9), 0),
        *street("Avenue Haute", range(1, 9), 10),
        *street("Rue Basse", range(1, 9), 0),
        *street("Avenue Basse", range(1, 9), 900),
        *street("Rue Basse", range(1, 9), 0, 9000, insee="62002", commune="Belmont"),
    ]
    with base_of(rows, tmp_path) as base:
        assert answer_of(base, LEFT, "3 Haute, 62010 Valmont") == IN
        assert said(answer_of(base, LEFT, "3 Basse, 62010 Valmont")) == "voie_ambigue"
        assert said(answer_of(base, LEFT, "3 rue Basse, 62010")) == "commune_homonyme"
        rules = dataclasses.replace(RULES, margins=RULES.margins * 0)
        apart = layer(square(-50, -50, 200, 5), square(-50, 5, 200, 50))
        assert answer_of(base, apart, "3 Haute, 62010 Valmont", rules=rules) == Answer(State.IN)


def test_a_commune_without_any_neighbourhood_is_outside(tmp_path: Path) -> None:
    rows = [
        *street("Rue Pasteur", range(1, 9)),
        *street("Rue Haute", range(1, 9), 0, 9000, insee="62002", commune="Belmont",
                postcode="62020"),
    ]  # fmt: skip
    strict = dataclasses.replace(RULES, whole_commune=False)
    with base_of(rows, tmp_path) as base:
        unheard = "3 rue Inouïe, 62020 Belmont"
        assert answer_of(base, LEFT, unheard) == OUT
        assert answer_of(base, LEFT, "62020 Belmont") == OUT
        assert said(answer_of(base, LEFT, unheard, rules=strict)) == "voie_inconnue"
        assert said(answer_of(base, LEFT, "3 rue Inouïe, 62010 Valmont")) == "voie_inconnue"
        assert said(answer_of(base, LEFT, "3 rue Inouïe, 62919 Belmont")) == "voie_inconnue"
        assert said(answer_of(base, LEFT, "3 rue Inouïe, Belmont")) == "voie_inconnue"
        assert said(answer_of(base, LEFT, "BP 3, 62020 Belmont")) == "boite_postale"
        elsewhere = Coverage(communes=frozenset({"62001"}))
        assert said(answer_of(base, LEFT, unheard, elsewhere)) == "voie_inconnue"


def test_outside_is_said_only_where_the_outlines_are_whole(tmp_path: Path) -> None:
    rows = [
        *street("Rue Pasteur", range(1, 19)),
        *street("Rue Haute", range(1, 9), 0, 9000, insee="62002", commune="Belmont",
                postcode="62020"),
        *street("Rue Haute", range(1, 9), 0, 30000, insee="59002", commune="Lyville",
                postcode="59020"),
    ]  # fmt: skip
    there, belmont, away = (
        "15 rue Pasteur, 62010 Valmont",
        "3 rue Haute, 62020 Belmont",
        "3 rue Haute, 59020 Lyville",
    )
    with base_of(rows, tmp_path) as base:
        for coverage, expected in (
            (EVERYWHERE, ["hors", "hors", "hors"]),
            (Coverage(departments=("62",)), ["hors", "hors", "hors_zone"]),
            (Coverage(present=True), ["hors", "hors_zone", "hors_zone"]),
            (Coverage(communes=frozenset({"62002"})), ["hors_zone", "hors", "hors_zone"]),
        ):
            answers = [answer_of(base, LEFT, text, coverage) for text in (there, belmont, away)]
            assert [said(a) for a in answers] == expected
            assert answer_of(base, LEFT, "1 rue Pasteur, 62010 Valmont", coverage) == IN


def test_the_area_is_read_from_the_codes() -> None:
    box = square(0, 0, 10, 10)
    whole = layer(box, box, codes=("QP062001", "QP062002"))
    holed = layer(box, box, codes=("QP062001", "QP062003"))
    assert coverage_of(whole, Scope.AUTO)[0] == Coverage(departments=("62",))
    assert coverage_of(holed, Scope.AUTO)[0] == Coverage(present=True)
    assert coverage_of(holed, Scope.AUTO, whole=True)[0] == Coverage(everywhere=True)
    assert coverage_of(holed, Scope.DEPARTMENT)[0] == Coverage(departments=("62",))
    assert coverage_of(whole, Scope.COMMUNES)[0] == Coverage(present=True)
    assert coverage_of(holed, Scope.EVERYWHERE)[0] == Coverage(everywhere=True)


def test_no_margin_leaves_the_closed_set() -> None:
    edges = Edges(layer(square(0, 0, 100, 100)))
    xy = np.array([[650_000.0, 7_000_050.0], [649_999.999, 7_000_050.0], [650_050, 7_000_100]])
    assert edges.place(xy, np.zeros(3)).tolist() == [0, OUTSIDE, 0]
    assert edges.place(xy, np.full(3, 0.5)).tolist() == [EDGE, EDGE, EDGE]


def test_of_two_outlines_that_overlap_the_first_has_the_point() -> None:
    edges = Edges(layer(square(0, 0, 100, 100), square(50, 0, 200, 100)))
    xy = np.array([[650_075.0, 7_000_050.0], [650_150.0, 7_000_050.0]])
    assert edges.place(xy, np.zeros(2)).tolist() == [0, 1]
    # at the edge of the first, far inside the second: it is in the second for sure
    assert edges.place(np.array([[650_099.0, 7_000_050.0]]), np.array([5.0])).tolist() == [1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-30, 130), st.integers(-30, 130)), min_size=1, max_size=25),
    st.floats(0, 25),
)
def test_places_are_those_of_the_naive_distances(
    points: list[tuple[int, int]], margin: float
) -> None:
    """Each point against each edge of a square with a hole, by the formula of the distance."""
    shape = shapely.difference(square(0, 0, 100, 100), square(40, 40, 60, 60))
    xy = np.array([(650_000 + x, 7_000_000 + y) for x, y in points], dtype=float)
    found = Edges(layer(shape)).place(xy, np.full(len(xy), margin))

    def away(x: float, y: float) -> float:
        best = math.inf
        for low, high in ((0, 100), (40, 60)):
            corners = [(low, low), (high, low), (high, high), (low, high)]
            for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
                along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / (high - low) ** 2
                t = min(1.0, max(0.0, along))
                best = min(best, math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1)))
        return best

    for (x, y), place in zip(points, found.tolist(), strict=True):
        inside = 0 <= x <= 100 and 0 <= y <= 100 and not (40 < x < 60 and 40 < y < 60)
        distance = away(x, y)
        if abs(distance - margin) < 1e-6 and margin > 0:
            continue
        expected = EDGE if distance < margin else 0 if inside else OUTSIDE
        assert place == expected


def test_answers_together() -> None:
    edge = unknown(Reason.EDGE)
    other = Answer(State.IN, "QP062002")
    assert together([IN, IN], Reason.NUMBER) == IN
    assert together([IN, other], Reason.NUMBER) == Answer(State.IN)
    assert together([IN, OUT], Reason.NUMBER) == unknown(Reason.NUMBER)
    assert together([edge, edge], Reason.NUMBER) == edge
    assert together([edge, OUT], Reason.NUMBER) == unknown(Reason.NUMBER)
    assert together([], Reason.NUMBER) == unknown(Reason.NUMBER)
