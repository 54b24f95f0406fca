"""How does somebody come in who has a second factor, and who does not?"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from household import EMAIL, NEW, OTHER, WORD, Clock, equip, is_in, sign_in

from terril.web.people.models import Journal, LoginFailure, Person, RecoveryCode
from terril.web.people.views import entry


@pytest.fixture
def armed(ana: Person) -> list[str]:
    return equip(ana)


def give(client: Client, code: str) -> int:
    return int(client.post("/connexion/code/", {"code": code}).status_code)


def test_the_password_alone_opens_nothing(
    web: Client, ana: Person, armed: list[str], clock: Clock
) -> None:
    assert sign_in(web) == "/connexion/code/"
    assert SESSION_KEY not in web.session and not is_in(web)
    assert "one-time-code" in web.get("/connexion/code/").content.decode()
    assert give(web, clock.code(ana)) == 302
    assert is_in(web)
    line = Journal.objects.get(verb="connexion")
    assert line.actor == ana and line.details == {"second_facteur": "application"}


def test_the_session_has_another_key_after_each_step(
    web: Client, ana: Person, armed: list[str], clock: Clock
) -> None:
    keys = []
    for step in (lambda: sign_in(web), lambda: give(web, clock.code(ana))):
        step()
        keys.append(web.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(keys)) == 2


def test_a_code_never_serves_twice(
    web: Client, ana: Person, armed: list[str], clock: Clock
) -> None:
    seen = clock.code(ana)
    sign_in(web)
    assert give(web, seen) == 302
    spy = Client()
    sign_in(spy)
    assert give(spy, seen) == 400 and not is_in(spy)
    clock.step += 1
    assert give(spy, clock.code(ana, ahead=-1)) == 400, "nor one from before the last"
    assert give(spy, clock.code(ana)) == 302


@pytest.mark.parametrize(("ahead", "status"), [(-2, 400), (-1, 302), (0, 302), (1, 302), (2, 400)])
def test_a_clock_may_be_half_a_minute_wrong(
    web: Client, ana: Person, armed: list[str], clock: Clock, ahead: int, status: int
) -> None:
    sign_in(web)
    assert give(web, clock.code(ana, ahead)) == status


@pytest.mark.parametrize("code", ["", "000000 ", "abc", "٠٠٠٠٠٠", "1" * 4000, "<b>", "\x00"])
def test_what_is_no_code_is_refused(
    web: Client, ana: Person, armed: list[str], clock: Clock, code: str
) -> None:
    sign_in(web)
    assert give(web, code) == 400 and not is_in(web)


def test_a_recovery_code_serves_once_however_it_is_typed(
    web: Client, ana: Person, armed: list[str]
) -> None:
    code = armed[0].lower().replace("-", " ")
    sign_in(web)
    assert give(web, code) == 302
    assert "9 codes de secours" in web.get("/mon-compte/").content.decode()
    assert Journal.objects.get(verb="connexion").details == {"second_facteur": "secours"}
    again = Client()
    sign_in(again)
    assert give(again, armed[0]) == 400
    assert RecoveryCode.objects.filter(person=ana).count() == 9


def test_the_code_of_another_person_opens_nothing(
    web: Client, ana: Person, lea: Person, armed: list[str], clock: Clock
) -> None:
    hers = equip(lea)
    sign_in(web)
    assert give(web, clock.code(lea)) == 400
    assert give(web, hers[0]) == 400
    assert RecoveryCode.objects.filter(person=lea).count() == 10


def test_codes_are_not_tried_one_after_the_other(
    web: Client, ana: Person, armed: list[str], clock: Clock
) -> None:
    sign_in(web)
    both = settings.LOCK_AFTER[0]
    # the right password between two tries does not wipe the count
    codes = []
    for _ in range(both):
        codes.append(give(web, "000000"))
        sign_in(web)
    assert codes == [400] * both
    assert give(web, clock.code(ana)) == 429 and not is_in(web)
    page = web.post("/connexion/", {"username": EMAIL, "password": WORD})
    assert page.status_code == 429 and int(page["Retry-After"]) > 0


def test_success_forgets_the_failures(
    web: Client, ana: Person, armed: list[str], clock: Clock
) -> None:
    sign_in(web)
    give(web, "000000")
    give(web, clock.code(ana))
    assert not LoginFailure.objects.exists()


def test_the_wait_between_the_two_steps_is_short(
    web: Client, ana: Person, armed: list[str], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(web)
    monkeypatch.setattr(entry, "PATIENCE", -1)
    answer = web.post("/connexion/code/", {"code": clock.code(ana)})
    assert answer["Location"] == "/connexion/" and not is_in(web)


@pytest.mark.parametrize("event", ["password", "closed"])
def test_what_changes_between_the_two_steps_ends_them(
    web: Client, ana: Person, armed: list[str], clock: Clock, event: str
) -> None:
    sign_in(web)
    if event == "password":
        ana.set_password(NEW)
    else:
        ana.is_active = False
    ana.save()
    assert web.post("/connexion/code/", {"code": clock.code(ana)})["Location"] == "/connexion/"
    assert not is_in(web)


def test_nobody_gives_a_code_without_a_password(web: Client) -> None:
    assert web.get("/connexion/code/")["Location"] == "/connexion/"
    assert web.post("/connexion/code/", {"code": "000000"})["Location"] == "/connexion/"


@pytest.mark.parametrize(
    ("asked", "lead"),
    [("/mon-compte/donnees/", "/mon-compte/donnees/"), ("https://mechant.example/", "")],
)
def test_one_arrives_where_one_was_going_and_never_elsewhere(
    web: Client, ana: Person, armed: list[str], clock: Clock, asked: str, lead: str
) -> None:
    sign_in(web, next=asked)
    answer = web.post("/connexion/code/", {"code": clock.code(ana)})
    assert answer["Location"] == lead or (not lead and answer["Location"].startswith("/"))


def test_the_page_is_the_same_for_an_account_and_for_none(web: Client, lea: Person) -> None:
    pages = [
        web.post("/connexion/", {"username": email, "password": "faux"})
        .content.decode()
        .replace(email, "")
        for email in (OTHER, "personne@exemple.fr")
    ]
    import re

    bare = [re.sub(r'value="[\w]{64}"', "", page) for page in pages]
    assert bare[0] == bare[1]
