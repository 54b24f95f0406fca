"""Fixtures of the tests of the site."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
import site_of_tests as site

site.start()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402


class _Undo(Exception):
    """Ends the transaction of a test."""


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """An empty database with the tables of the site."""
    kept = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    call_command("check", verbosity=0)
    yield
    connection.creation.destroy_test_db(kept, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    site.forget()


@pytest.fixture
def web(database: None) -> Iterator[Client]:
    """A browser without an account; what it writes is undone after the test."""
    with contextlib.suppress(_Undo), transaction.atomic():
        yield Client()
        raise _Undo
