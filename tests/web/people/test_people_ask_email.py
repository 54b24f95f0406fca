"""Is another address asked for without anybody learning who has it?"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from household import EMAIL, OTHER, WORD, delivered, link_in

from terril.web.people.actions.ask_email import ask_email
from terril.web.people.models import Journal, Outbox, Person
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/adresse/"
WISHED = "nouvelle@exemple.fr"


def test_a_link_goes_to_the_new_address_and_nothing_changes_yet(home: Client, ana: Person) -> None:
    with delivered() as box:
        assert home.post(PAGE, {"email": WISHED.upper(), "password": WORD}).status_code == 302
    assert [m.to for m in box] == [[WISHED]] and link_in(box[0].body).startswith(PAGE)
    ana.refresh_from_db()
    assert ana.email == EMAIL
    assert WISHED not in str(Journal.objects.values_list())


def test_an_address_with_an_account_gets_the_same_answer_and_no_link(
    home: Client, ana: Person, lea: Person
) -> None:
    pages = []
    for email in (OTHER, WISHED):
        with delivered() as box:
            answer = home.post(PAGE, {"email": email, "password": WORD}, follow=True)
        pages.append((answer.redirect_chain, email in answer.content.decode()))
    assert pages[0] == pages[1] and pages[0][1]
    assert [m.to for m in box] == [[OTHER], [WISHED]]
    assert PAGE not in str(box[0].body) and PAGE in str(box[1].body)


@pytest.mark.parametrize("word", ["", "faux"])
def test_without_the_password_nothing_is_sent(home: Client, ana: Person, word: str) -> None:
    assert home.post(PAGE, {"email": WISHED, "password": word}).status_code == 400
    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    ("email", "said"),
    [("pas une adresse", "pas une adresse"), ("", "pas une adresse"), (EMAIL, "déjà l’adresse"),
     ("a@b.fr\r\nBcc: c@d.fr", "pas une adresse"), (EMAIL.upper(), "déjà l’adresse")],
)  # fmt: skip
def test_what_is_no_new_address_is_refused(ana: Person, email: str, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        ask_email(ana, email, base="http://testserver")
    assert not Outbox.objects.exists()


def test_nobody_is_flooded_from_an_account(home: Client, ana: Person) -> None:
    codes = [
        home.post(PAGE, {"email": f"p{n}@exemple.fr", "password": WORD}).status_code
        for n in range(4)
    ]
    assert codes == [302, 302, 302, 429] and Outbox.objects.count() == 3


def test_the_password_is_not_tried_for_ever(home: Client, ana: Person) -> None:
    for _ in range(settings.LOCK_AFTER[0]):
        home.post(PAGE, {"email": WISHED, "password": "faux"})
    assert home.post(PAGE, {"email": WISHED, "password": WORD}).status_code == 429
    assert not Outbox.objects.exists()
