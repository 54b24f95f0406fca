"""The hand-made sheets of the golden tests, for the tests of the reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import pytest
from report_sheets import Sheets


@pytest.fixture(scope="session")
def sheets(repo_root: Path) -> Sheets:
    """The four hand-made sheets."""
    sys.path.insert(0, str(repo_root / "tests" / "golden"))
    import golden_fiches

    return cast(Sheets, golden_fiches)
