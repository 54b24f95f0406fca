"""Does a new password end what was open elsewhere, and is its owner told?"""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from household import EMAIL, NEW, WORD, delivered, is_in

from terril.web.people.models import Journal, OpenSession, Person

PAGE = "/mot-de-passe/"


def fields(former: str = WORD) -> dict[str, str]:
    return {"old_password": former, "new_password1": NEW, "new_password2": NEW}


def test_this_session_stays_the_others_end_and_a_message_goes(home: Client, ana: Person) -> None:
    other = Client()
    other.force_login(ana)
    with delivered() as box:
        assert home.post(PAGE, fields())["Location"] == PAGE
    assert is_in(home) and not is_in(other)
    assert [m.to for m in box] == [[EMAIL]] and NEW not in box[0].body
    rows = OpenSession.objects.filter(person=ana)
    assert [row.session for row in rows] == [home.session.session_key]
    line = Journal.objects.get(verb="mot de passe changé")
    assert line.actor == line.subject == ana and EMAIL not in f"{line.thing}{line.details}"


def test_the_former_password_is_not_guessed_from_an_open_session(home: Client, ana: Person) -> None:
    for _ in range(settings.LOCK_AFTER[0]):
        assert home.post(PAGE, fields("faux")).status_code == 200
    assert home.post(PAGE, fields()).status_code == 429
    ana.refresh_from_db()
    assert ana.check_password(WORD)
