"""Do classes end where least squares say, print without ambiguity, and lose nobody?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terril.figures.maps_classes import TOKENS, classify, natural_breaks
from terril.figures.maps_legend import circle_legend, class_legend, round_values
from terril.lib.french import arrondi
from terril.lib.tokens import COLOURS

values = st.lists(st.floats(-50, 5000), min_size=1, max_size=40)


def within(groups: list[list[float]]) -> float:
    return sum(sum((v - sum(g) / len(g)) ** 2 for v in g) for g in groups)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=9, unique=True).map(sorted),
    st.integers(1, 4),
)
def test_natural_breaks_are_the_best_of_all_partitions(held: list[int], number: int) -> None:
    number = min(number, len(held))
    starts = natural_breaks([float(v) for v in held], [1] * len(held), number)
    assert starts[0] == 0 and len(starts) == number and starts == sorted(set(starts))
    found = within(
        [held[a:b] for a, b in zip(starts, [*starts[1:], len(held)], strict=True)]  # type: ignore[misc]
    )
    best = min(
        within([held[a:b] for a, b in itertools.pairwise((0, *cut, len(held)))])  # type: ignore[misc]
        for cut in itertools.combinations(range(1, len(held)), number - 1)
    )
    assert found == pytest.approx(best, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(values, st.integers(0, 2), st.sampled_from(["naturels", "quantiles"]), st.integers(2, 5))
def test_every_value_has_one_class_and_classes_do_not_touch(
    held: list[float], decimals: int, method: str, most: int
) -> None:
    classes = classify(held, decimals=decimals, method=method, most=most)  # type: ignore[arg-type]
    assert 1 <= len(classes.classes) <= most
    assert sum(c.count for c in classes.classes) == len(held)
    for a, b in itertools.pairwise(classes.classes):
        assert a.low <= a.high < b.low <= b.high
    shown = {arrondi(value, decimals) for value in held}
    for c in classes.classes:
        assert c.low in shown and c.high in shown, "bounds are values of the map"
    counted = [0] * len(classes.classes)
    for value in held:
        counted[classes.of(value)] += 1
    assert counted == [c.count for c in classes.classes]


def test_figures_that_print_alike_are_in_one_class() -> None:
    classes = classify([10.04, 9.96, 12.0, 15.0, 19.0, 25.0], decimals=1)
    assert classes.of(10.04) == classes.of(9.96)


def test_quantiles_are_even() -> None:
    classes = classify([float(v) for v in range(20)], decimals=0, method="quantiles")
    assert [c.count for c in classes.classes] == [4] * 5
    assert classes.words() == "quantiles"


def test_few_values_make_few_classes() -> None:
    assert [c.text(0, "%") for c in classify([7, 7, 7], decimals=0).classes] == ["7\u202f%"]
    two = classify([1.0, 5.0], decimals=0)
    assert len(two.classes) == 2 and two.words() == "une classe par valeur"
    assert classify([], decimals=0).classes == ()
    with pytest.raises(ValueError, match="finite"):
        classify([float("nan")], decimals=0)
    with pytest.raises(ValueError, match="none of the classes"):
        two.of(3)


def test_bounds_are_written_as_france_writes_numbers() -> None:
    classes = classify([12093.0, 12811.0, 16556.0, 16700.0], decimals=0, most=2)
    assert classes.classes[0].text(0, "€") == "12\u202f093 à 12\u202f811\u202f€"


def luminance(token: str) -> float:
    parts = [int(COLOURS[token][i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_classes_are_told_apart_in_grey() -> None:
    for tokens in TOKENS.values():
        light = [116 * luminance(t) ** (1 / 3) - 16 for t in tokens]
        assert all(a - b >= 14 for a, b in itertools.pairwise(light)), tokens


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 1e6))
def test_round_values_are_round_and_apart(most: float) -> None:
    found = round_values(most)
    assert found and found[0] <= most and found[0] >= most / 2.5
    for value in found:
        mantissa = value / 10 ** np.floor(np.log10(value) + 1e-12)
        assert min(abs(mantissa - m) for m in (1, 2, 5, 10)) < 1e-6
    assert all(a / b >= 2.3 for a, b in itertools.pairwise(found))


def test_a_legend_tells_secret_from_unknown_and_counts_them() -> None:
    classes = classify([1, 2, 3, 10, 11], decimals=0)
    legend = class_legend("Part, en %", classes, "%", secret=3, missing=2)
    assert legend.rows[-2:] == (("secret", "secret  (3)"), ("absent", "pas de donnée  (2)"))
    assert legend.rows[0][1].startswith("11"), "the highest first"
    plain = class_legend("", classes, "%", secret=0, missing=0)
    assert len(plain.rows) == len(classes.classes)
    assert "<path" in legend.draw(0, 0)


def test_a_legend_of_circles_keeps_areas_in_proportion() -> None:
    legend = circle_legend("", 5000, 20, "", secret=0, missing=0, whole=True)
    (largest, words), *rest = legend.circles
    assert words == "5\u202f000" and largest == pytest.approx(20)
    for radius, text in rest:
        assert (radius / largest) ** 2 == pytest.approx(float(text.replace("\u202f", "")) / 5000)
    assert circle_legend("", 0, 20, "", secret=1, missing=0, whole=True).circles == ()
