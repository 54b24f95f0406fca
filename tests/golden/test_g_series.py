"""Are the charts of series still those that were looked at?"""

from __future__ import annotations

import pytest
from g_series import drawn, golden


@pytest.mark.parametrize("name", list(drawn()))
def test_the_chart_is_the_one_that_was_looked_at(name: str) -> None:
    expected = golden(name).read_text(encoding="utf-8").rstrip("\n")
    assert drawn()[name] == expected, "look at the new drawing, then run tests/golden/g_series.py"
