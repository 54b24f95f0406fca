"""Fixtures of the tests of the atelier."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "unit" / "cli"))

from django.test import Client, override_settings
from workshop import Shop, open_shop


@pytest.fixture
def shop(web: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """An atelier with one project, jobs done at once, and three people at its door."""
    with override_settings(
        DATA=tmp_path / "site", EDITIONS=tmp_path / "editions", ATTACHED=None, UPLOAD_MAX=200_000
    ):
        yield open_shop(tmp_path, monkeypatch)
