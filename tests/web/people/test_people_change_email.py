"""Does an account take the address that its link was sent to, and that one only?"""

from __future__ import annotations

import pytest
from django.test import Client, override_settings
from household import EMAIL, OTHER, WORD, delivered, link_in, sign_in

from terril.web.people.actions.ask_email import ask_email
from terril.web.people.actions.change_email import change_email
from terril.web.people.models import Journal, Person
from terril.web.people.refusal import RefusedError

WISHED = "nouvelle@exemple.fr"
BASE = "http://testserver"


@pytest.fixture
def link(ana: Person) -> str:
    return link_in(ask_email(ana, WISHED, base=BASE).text)


def token(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


def test_looking_changes_nothing_confirming_does(web: Client, ana: Person, link: str) -> None:
    assert WISHED in web.get(link).content.decode()
    ana.refresh_from_db()
    assert ana.email == EMAIL, "programs that read mail follow its links"
    with delivered() as box:
        assert web.post(link)["Location"] == "/mon-compte/"
    ana.refresh_from_db()
    assert ana.email == WISHED
    assert [m.to for m in box] == [[EMAIL]] and WISHED not in str(box[0].body)
    assert sign_in(web, EMAIL) == "" and sign_in(web, WISHED, WORD) != ""
    line = Journal.objects.get(verb="adresse électronique changée")
    assert line.actor == ana and "@" not in f"{line.thing}{line.details}"


def test_a_link_serves_once(web: Client, link: str) -> None:
    web.post(link)
    again = web.post(link)
    assert again.status_code == 410 and "plus bon" in again.content.decode()


def test_a_link_is_worth_two_hours(web: Client, ana: Person, link: str) -> None:
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert web.post(link).status_code == 410
    ana.refresh_from_db()
    assert ana.email == EMAIL


def test_an_address_taken_meanwhile_is_not_taken_again(ana: Person, link: str) -> None:
    Person.objects.create_user(WISHED, WORD)
    with pytest.raises(RefusedError, match="plus bon"):
        change_email(token(link), base=BASE)
    ana.refresh_from_db()
    assert ana.email == EMAIL


def test_two_wishes_the_last_confirmed_ends_the_other(ana: Person, link: str) -> None:
    second = link_in(ask_email(ana, OTHER, base=BASE).text)
    change_email(token(second), base=BASE)
    with pytest.raises(RefusedError):
        change_email(token(link), base=BASE)
    ana.refresh_from_db()
    assert ana.email == OTHER


@pytest.mark.parametrize("word", ["x", "a:b:c", "é", "9" * 500])
def test_a_made_up_link_is_refused(web: Client, ana: Person, word: str) -> None:
    assert web.get(f"/mon-compte/adresse/{word}/").status_code == 410


def test_the_link_of_a_closed_account_is_dead(web: Client, ana: Person, link: str) -> None:
    ana.is_active = False
    ana.save()
    assert web.post(link).status_code == 410
