"""Do the columns of a theme add up, and do the names of communes hold in them?"""

from __future__ import annotations

import pytest

from terril.figures.metrics import text_width
from terril.figures.svg import MM
from terril.reports.columns import (
    TABLE,
    commune_head,
    commune_heads,
    page_two_columns,
    spanning_note,
)

NAMES = (
    "Lens",
    "Loos-en-Gohelle",
    "Fouquières-lès-Lens",
    "Noyelles-sous-Lens",
    "Sallaumines",
    "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson",
    "Le Blanc-Mesnil",
    "Y",
)


@pytest.mark.parametrize(
    "communes,strip", [(0, True), (1, True), (1, False), (2, False), (3, False)]
)
def test_the_columns_fill_the_table(communes: int, strip: bool) -> None:
    widths = page_two_columns(communes, strip)
    assert sum(widths) == pytest.approx(TABLE, abs=0.02)
    assert len(widths) == 6 + communes + strip
    assert min(widths) >= 8


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [9.7, 10.5, 12.2])
def test_a_head_holds_on_two_lines(name: str, width: float) -> None:
    lines = commune_head(name, width)
    assert 1 <= len(lines) <= 2
    for line in lines:
        assert text_width(line, 7, 600) <= (width - 0.1 + 0.01) * MM
    assert lines[0][0] == name[0]


def test_a_name_that_holds_is_not_touched() -> None:
    widths = page_two_columns(3, with_strip=False)
    assert commune_heads(("Liévin", "Lens", "Loos-en-Gohelle"), widths) == [
        ["Liévin"],
        ["Lens"],
        ["Loos-en-", "Gohelle"],
    ]
    assert commune_heads((), page_two_columns(0, with_strip=True)) == []
    assert commune_heads(("étendue",), page_two_columns(1, with_strip=False)) == [["étendue"]]


def test_the_usual_short_forms_come_before_a_cut() -> None:
    assert commune_head("Loison-sous-Lens", 9.7) == ["Loison-", "ss-Lens"]
    assert commune_head("Sallaumines", 9.7)[0].startswith("Salla")


def test_the_note_of_a_spanning_value_never_wraps() -> None:
    assert spanning_note("moyenne des trois", "1,1", 29.1) == "moyenne\u00a0des\u00a0trois"
    assert spanning_note("moyenne des deux", "32,7", 27.4) == "moyenne\u00a0des\u00a0deux"
    assert spanning_note("moyenne des deux", "115\u202f721", 27.4) == "moyenne"
    assert spanning_note("moyenne des deux", "115\u202f721", 15) == ""
