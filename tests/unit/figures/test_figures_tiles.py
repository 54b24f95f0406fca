"""Does the schematic map hold its names, keep places apart, and stay near the ground?"""

from __future__ import annotations

import itertools
import random
import re

import pytest

from terril.figures import tiles
from terril.figures.metrics import text_width

LABELS = (
    "Camus",
    "République – Cité 4",
    "Calonne – Marichelles – Vent de Bise",
    "Hauts de Liévin – Provinces – 9-9bis",
    "Cité des Taberneaux",
    "Les Blanches Laines – Fosse 11 12 13",
    "Anticonstitutionnellement",
)


def marks(count: int, columns: int) -> list[tiles.TileMark]:
    return [
        tiles.TileMark(
            f"QP{k:06d}", LABELS[k % 7], k % columns, k // columns, own=k == 3, difficult=k % 5
        )
        for k in range(count)
    ]


def drawn(text: str) -> list[tuple[tuple[float, ...], list[tuple[float, float, float, str, int]]]]:
    """Each square (x, y, w, h) with the lines of text that follow it."""
    squares: list[tuple[tuple[float, ...], list[tuple[float, float, float, str, int]]]] = []
    pattern = (
        r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
        r'|<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="([\d.]+)"([^>]*)>([^<]*)'
    )
    for m in re.finditer(pattern, text):
        if m[1]:
            squares.append((tuple(float(m[i]) for i in (1, 2, 3, 4)), []))
        else:
            weight = 600 if "600" in m[8] else 400
            squares[-1][1].append((float(m[5]), float(m[6]), float(m[7]), m[9], weight))
    return squares


@pytest.mark.parametrize("count,columns", [(1, 1), (2, 2), (21, 6), (21, 9), (60, 12), (7, 7)])
@pytest.mark.parametrize("height", [204.1, 230.0, 286.0])
def test_every_name_holds_in_its_square(count: int, columns: int, height: float) -> None:
    squares = drawn(tiles.tile_map(marks(count, columns), 286.3, height))
    assert len(squares) == count
    for (x, y, w, h), lines in squares:
        assert x >= 0 and y >= 0 and x + w <= 286.4 and y + h <= height + 0.1
        assert lines
        for tx, base, size, text, weight in lines:
            assert size >= 7
            assert tx + text_width(text, size, weight) <= x + w
            assert y < base - 0.5 * size and base <= y + h
    for (a, _), (b, _) in itertools.combinations(squares, 2):
        apart = a[0] + a[2] <= b[0] + 0.01 or b[0] + b[2] <= a[0] + 0.01
        assert apart or a[1] + a[3] <= b[1] + 0.01 or b[1] + b[3] <= a[1] + 0.01


def test_a_wide_grid_is_tightened_until_names_are_whole() -> None:
    squares = [
        tiles.TileMark(f"QP{k:06d}", "République – Cité 4", 3 * (k % 4), k // 4) for k in range(12)
    ]
    text = tiles.tile_map(squares, 286.3, 204.1)
    words = [" ".join(line[3] for line in lines) for _, lines in drawn(text)]
    assert words == ["République – Cité 4"] * 12
    order = [(y, x) for (x, y, *_), _ in drawn(text)]
    assert order == sorted(order), "rows and columns keep their order"


def test_a_declared_grid_that_holds_is_kept() -> None:
    squares = [tiles.TileMark("QP1", "Est", 4, 0), tiles.TileMark("QP2", "Ouest", 0, 0)]
    (east, _), (west, _) = drawn(tiles.tile_map(squares, 286.3, 204.1))
    assert abs((east[0] - west[0]) / (west[2] + 2.8) - 4) < 0.01


def test_the_assignment_is_the_cheapest_one() -> None:
    source = random.Random(7)
    for n, m in ((1, 1), (3, 3), (4, 6)):
        costs = [[source.random() for _ in range(m)] for _ in range(n)]
        found = tiles._assign(costs)
        assert len(set(found)) == n
        best = min(
            sum(costs[i][j] for i, j in enumerate(p)) for p in itertools.permutations(range(m), n)
        )
        assert sum(costs[i][j] for i, j in enumerate(found)) == pytest.approx(best)


def test_marks_count_the_themes_in_difficulty() -> None:
    text = tiles.tile_map([tiles.TileMark("QP1", "Cité", 0, 0, own=True, difficult=3)], 286, 204)
    assert text.count("l-2 3.5z") == 3


def test_the_alternative_says_where_and_who() -> None:
    grid = [tiles.TileMark(f"QP{k}", f"Q{k}", k % 3, k // 3, own=k == 8) for k in range(9)]
    assert "Q8 est au sud-est." in tiles.tile_map_alt(grid)
    grid[7] = tiles.TileMark("QP7", "Q7", 1, 2, same_commune=True)
    assert "Dans la même commune\u00a0: Q7." in tiles.tile_map_alt(grid)
    assert "à l’ouest" in tiles.tile_map_alt(
        [tiles.TileMark("a", "A", 0, 0, own=True), tiles.TileMark("b", "B", 2, 0)]
    )


def test_no_square_no_map() -> None:
    with pytest.raises(ValueError, match="at least one"):
        tiles.tile_map([], 286, 204)
