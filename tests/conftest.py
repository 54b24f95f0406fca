"""Fixtures shared by all tests: where the project and the files beside it are."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def demo_dir() -> Path:
    """The pilot's project folder."""
    return ROOT / "demo"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The producers' and the pilot's files that stand beside the project."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the data folder beside the project is absent: ../shared/data")
    return path


@pytest.fixture(scope="session")
def real_data(shared_data: Path) -> Path:
    """The producers' open files, never copied into the project."""
    path = shared_data / "real"
    if not path.is_dir():
        pytest.skip("the producers' files are absent: ../shared/data/real")
    return path
