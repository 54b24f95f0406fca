"""Do all the sessions end but the one that asks?"""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.test import Client
from household import is_in

from terril.web.people.actions.close_other_sessions import close_other_sessions
from terril.web.people.models import Journal, OpenSession, Person


def test_the_others_end(home: Client, ana: Person, lea: Person) -> None:
    others = [Client(), Client()]
    for client in others:
        client.force_login(ana)
    hers = Client()
    hers.force_login(lea)
    assert home.post("/mon-compte/sessions/autres/").status_code == 302
    assert is_in(home) and is_in(hers)
    assert not any(is_in(client) for client in others)
    assert OpenSession.objects.count() == 2 == Session.objects.count()
    assert Journal.objects.get().details == {"nombre": 2}


def test_without_any_nothing_is_written(home: Client, ana: Person) -> None:
    assert close_other_sessions(ana, home.session.session_key or "") == 0
    assert not Journal.objects.exists() and is_in(home)
