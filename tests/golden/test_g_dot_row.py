"""Is the row of dots still the one that was looked at?"""

from __future__ import annotations

from g_dots import GOLDEN, drawn


def test_the_row_of_dots_is_the_one_that_was_looked_at() -> None:
    expected = GOLDEN.read_text(encoding="utf-8").rstrip("\n")
    assert drawn() == expected, "look at the new drawing, then run tests/golden/g_dots.py"
