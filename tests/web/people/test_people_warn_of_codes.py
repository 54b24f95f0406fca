"""Is a person told, once, that somebody has her password and looks for her code?"""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from household import EMAIL, WORD, delivered, equip, sign_in

from terril.web.people.actions.warn_of_codes import warn_of_codes
from terril.web.people.models import Journal, Person


def test_she_is_told_when_the_lock_shuts_and_once(web: Client, ana: Person) -> None:
    equip(ana)
    most = settings.LOCK_AFTER[0]
    sign_in(web)
    with delivered() as box:
        for _ in range(most - 1):
            web.post("/connexion/code/", {"code": "000000"})
    assert not box, "a slip of the finger is no news"
    with delivered() as box:
        for _ in range(3):
            web.post("/connexion/code/", {"code": "000000"})
    assert [m.to for m in box] == [[EMAIL]]
    assert "mot de passe" in box[0].subject and WORD not in str(box[0].body)
    assert "/mot-de-passe/" in str(box[0].body)


def test_wrong_passwords_tell_nothing(web: Client, ana: Person) -> None:
    equip(ana)
    with delivered() as box:
        for _ in range(settings.LOCK_AFTER[0] + 1):
            sign_in(web, word="faux")
    assert not box


def test_the_journal_says_it_of_her_and_not_by_her(ana: Person) -> None:
    warn_of_codes(ana, base="http://testserver")
    line = Journal.objects.get()
    assert (line.who, line.subject, line.verb) == ("sans compte", ana, "codes refusés")
