"""Does a session that is closed really end?"""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from household import is_in

from terril.web.people.actions.close_session import close_session
from terril.web.people.models import Journal, OpenSession, Person
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/sessions/"


def second(person: Person) -> tuple[Client, OpenSession]:
    client = Client()
    client.force_login(person)
    return client, OpenSession.objects.get(session=client.session.session_key)


def test_it_ends_and_the_other_stays(home: Client, ana: Person) -> None:
    other, row = second(ana)
    assert is_in(other)
    assert home.post(f"{PAGE}{row.pk}/")["Location"] == PAGE
    assert not Session.objects.filter(session_key=row.session).exists()
    assert not is_in(other) and is_in(home)
    assert Journal.objects.get(verb="session fermée").actor == ana


def test_nobody_closes_the_session_of_another(home: Client, lea: Person) -> None:
    hers, row = second(lea)
    text = home.post(f"{PAGE}{row.pk}/", follow=True).content.decode()
    assert "déjà fermée" in text and is_in(hers)


def test_it_is_closed_once(ana: Person) -> None:
    _, row = second(ana)
    close_session(ana, row.pk)
    with pytest.raises(RefusedError, match="déjà fermée"):
        close_session(ana, row.pk)
    assert Journal.objects.count() == 1
