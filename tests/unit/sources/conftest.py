from __future__ import annotations

from pathlib import Path

import pytest
from source_material import Desk

from terril.catalogue.load import load_catalogue


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def known_indicators() -> frozenset[str]:
    return frozenset(load_catalogue().indicators)
