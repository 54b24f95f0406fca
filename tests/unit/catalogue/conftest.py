"""The catalogue, with or without the pilot's cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.catalogue.load import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def own() -> Catalogue:
    """The package's own cards."""
    return load_catalogue()


@pytest.fixture(scope="session")
def pilot(demo_dir: Path) -> Catalogue:
    """The package's cards completed by the pilot's."""
    return load_catalogue([demo_dir / "catalogue"])
