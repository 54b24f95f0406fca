"""Fixtures of the tests of people’s accounts."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from household import EMAIL, OTHER, WORD, Clock

from terril.web.people import digests, factor, held, leaving, staff
from terril.web.people.models import Person


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message yet, and no other room has registered anything."""
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    for module, name in (
        (digests, "_PROVIDERS"),
        (held, "_PROVIDERS"),
        (leaving, "_ERASERS"),
        (staff, "_CHECKS"),
    ):
        monkeypatch.setattr(module, name, [])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The half-minute of the telephone and of the site, moved by hand."""
    made = Clock()
    monkeypatch.setattr(factor, "current_step", lambda: made.step)
    return made


@pytest.fixture
def ana(web: Client) -> Person:
    """Somebody who writes for nobody else."""
    return Person.objects.create_user(EMAIL, WORD, name="Ana Exemple")


@pytest.fixture
def lea(web: Client) -> Person:
    """Somebody else."""
    return Person.objects.create_user(OTHER, WORD)


@pytest.fixture
def home(ana: Person) -> Client:
    """The browser of Ana, signed in."""
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0")
    client.force_login(ana)
    return client
