"""Does a row of the spine put each mark where its score is, and say what lies beyond?"""

from __future__ import annotations

import re

from terril.figures import spine
from terril.lib.tokens import COLOURS

BRICK, SLATE, BAND = COLOURS["brique"], COLOURS["ardoise"], COLOURS["papier-2"]


def dot_x(text: str) -> float:
    found = re.search(rf'<circle cx="([\d.]+)"[^>]*{BRICK}', text)
    assert found
    return float(found[1])


def rects(text: str) -> list[tuple[float, float]]:
    return [
        (float(x), float(w))
        for x, w in re.findall(rf'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*{SLATE}', text)
    ]


def test_the_dot_stands_at_its_score_and_better_is_to_the_right() -> None:
    places = [dot_x(spine.spine_row(z)) for z in (-2.0, -0.5, 0.0, 1.5, 3.0)]
    assert places == sorted(places)
    assert abs(places[2] - spine.axis(0)) < 0.01


def test_the_band_is_the_threshold_of_the_signals() -> None:
    text = spine.spine_row(0.2, threshold=0.7)
    found = re.search(rf'<rect x="([\d.]+)" y="0" width="([\d.]+)"[^>]*{BAND}', text)
    assert found
    assert abs(float(found[1]) - spine.axis(-0.7)) < 0.01
    assert abs(float(found[2]) - (spine.axis(0.7) - spine.axis(-0.7))) < 0.01


def test_a_secret_value_has_neither_dot_nor_stem() -> None:
    text = spine.spine_row(None, [0.5, -1], [0.3], 1.0)
    assert BRICK not in text and SLATE in text


def test_several_communes_stretch_from_the_lowest_to_the_highest() -> None:
    text = spine.spine_row(0, communes=[0.2, 1.4, -0.6])
    (left, width), *_ = rects(text)
    assert abs(left - (spine.axis(-0.6) - 1)) < 0.02
    assert abs(left + width - (spine.axis(1.4) + 1)) < 0.02


def test_a_mean_of_communes_is_a_bar_of_normal_width() -> None:
    ((_, width),) = rects(spine.spine_row(0, communes=[1.0], communes_is_mean=True))
    assert width < 3


def test_what_lies_beyond_the_axis_is_a_chevron_and_never_a_bar() -> None:
    text = spine.spine_row(0, communes=[5.0], epci_z=6.0)
    assert not rects(text)
    chevrons = re.findall(r'<path d="M([\d.]+) [\d.]+L([\d.]+) [\d.]+L[\d.]+ [\d.]+z"', text)
    assert len(chevrons) == 2
    assert all(float(tip) > float(base) for base, tip in chevrons)
    assert len({tip for _, tip in chevrons}) == 2, "two chevrons never on one another"


def test_an_outlier_neighbourhood_keeps_its_stem_and_points_outwards() -> None:
    text = spine.spine_row(-9.0)
    assert BRICK in text and "<circle" not in text
    assert spine.is_outside(-9.0) and not spine.is_outside(3.6) and not spine.is_outside(None)


def test_the_first_row_of_a_theme_is_higher() -> None:
    def height(text: str) -> float:
        return float(text.split('height="')[1].split('"')[0])

    more = height(spine.spine_row(0, first=True)) - height(spine.spine_row(0))
    assert abs(more - 1.2 * 72 / 25.4) < 0.02


def test_the_row_is_read_aloud() -> None:
    text = spine.spine_row_alt("RSA", "39,4 %", -1.72, epci="23,2 %", rank="20", known=21)
    assert text == (
        "RSA\u00a0: 39,4 %, moins favorable que la moyenne des quartiers, de 1,7 écart type, "
        "agglomération 23,2 %, rang 20 sur 21."
    )
    assert spine.spine_row_alt("RSA", "secret", None) == "RSA\u00a0: secret."
    assert "à la moyenne des quartiers" in spine.spine_row_alt("RSA", "3 %", 0.01)
    assert "2,0 écarts types" in spine.spine_row_alt("RSA", "3 %", 1.96)
