"""Does a forgotten password tell nobody who has an account?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone
from household import EMAIL, NEW, OTHER, WORD, delivered, equip, is_in, link_in, sign_in

from terril.web.people.actions.ask_reset import ask_reset
from terril.web.people.actions.close_account import close_account
from terril.web.people.models import LoginFailure, OpenSession, Outbox, Person

PAGE = "/mot-de-passe-oublie/"
FIELDS = {"new_password1": NEW, "new_password2": NEW}


def ask(client: Client, email: str = EMAIL) -> str:
    """Ask for a link; return its path, "" when no message went."""
    mail.outbox.clear()
    with delivered() as box:
        answer = client.post(PAGE, {"email": email})
    assert answer["Location"] == PAGE + "envoye/"
    return link_in(box[0].body) if box else ""


def test_the_link_of_the_message_sets_a_password(web: Client, ana: Person, home: Client) -> None:
    link = ask(web, EMAIL.upper())
    assert mail.outbox[0].to == [EMAIL]
    page = web.get(link, follow=True)
    assert "Nouveau mot de passe" in page.content.decode()
    assert web.post(page.redirect_chain[-1][0], FIELDS)["Location"] == "/connexion/"
    ana.refresh_from_db()
    assert ana.check_password(NEW)
    assert not is_in(home) and not OpenSession.objects.exists(), "every session ends"
    assert not is_in(web), "and none is opened"
    assert "plus bon" in web.get(link, follow=True).content.decode(), "it serves once"


def test_a_password_that_is_not_fit_is_refused(web: Client, ana: Person) -> None:
    place = web.get(ask(web), follow=True).redirect_chain[-1][0]
    page = web.post(place, {"new_password1": "court", "new_password2": "court"})
    assert "trop court" in page.content.decode()
    ana.refresh_from_db()
    assert ana.check_password(WORD)


def test_the_second_factor_is_still_asked_for(web: Client, ana: Person) -> None:
    equip(ana)
    web.post(web.get(ask(web), follow=True).redirect_chain[-1][0], FIELDS)
    assert sign_in(web, word=NEW) == "/connexion/code/"


def test_the_answer_is_the_same_without_an_account(web: Client, ana: Person, lea: Person) -> None:
    close_account(OTHER)
    for email in ("personne@exemple.fr", OTHER, "", "pas une adresse", "a@b\r\nBcc: c@d.fr"):
        assert ask(web, email) == ""
        LoginFailure.objects.all().delete()
    assert ask(web) and len(mail.outbox) == 1


def test_looking_for_the_account_happens_beside_the_answer(
    web: Client, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes longer for an account than for none is not waited for."""
    from terril.web.people import mail as ours

    asked: list[Callable[[], object]] = []
    monkeypatch.setattr(ours, "apart", asked.append)
    with delivered():
        web.post(PAGE, {"email": EMAIL})
    assert len(asked) == 1 and not Outbox.objects.exists()
    asked[0]()
    assert Outbox.objects.get().to == EMAIL


def test_one_account_is_not_flooded_and_nothing_is_learnt(web: Client, ana: Person) -> None:
    for email in (EMAIL, "personne@exemple.fr"):
        codes = [web.post(PAGE, {"email": email}).status_code for _ in range(4)]
        assert codes == [302, 302, 302, 429], email
    assert Outbox.objects.count() == 3
    LoginFailure.objects.update(at=timezone.now() - dt.timedelta(minutes=settings.LOCK_MINUTES))
    assert web.post(PAGE, {"email": EMAIL}).status_code == 302


def test_one_address_does_not_ask_for_everybody(web: Client) -> None:
    codes = [web.post(PAGE, {"email": f"p{n}@exemple.fr"}).status_code for n in range(11)]
    assert codes == [302] * 10 + [429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert elsewhere.post(PAGE, {"email": EMAIL}).status_code == 302


def test_asking_does_not_lock_the_sign_in(web: Client, ana: Person) -> None:
    for _ in range(settings.LOCK_AFTER[0] + 1):
        web.post(PAGE, {"email": EMAIL})
    sign_in(web)
    assert is_in(web)


def test_the_link_is_worth_two_hours(web: Client, ana: Person) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT == 7200
    link = ask(web)
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert "plus bon" in web.get(link, follow=True).content.decode()


def test_the_link_dies_with_the_account(web: Client, ana: Person) -> None:
    link = ask(web)
    ana.is_active = False
    ana.save()
    assert "plus bon" in web.get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    "wrong", ["/nouveau-mot-de-passe/MQ/choisir/", "/nouveau-mot-de-passe/é/x/"]
)
def test_a_made_up_link_opens_nothing(web: Client, ana: Person, wrong: str) -> None:
    assert "plus bon" in web.get(wrong).content.decode()


def test_the_link_bears_the_address_of_the_settings_when_there_is_one(ana: Person) -> None:
    with override_settings(SITE_ADDRESS="https://quartiers.exemple.fr"):
        from terril.web.people.mail import base_address

        row = ask_reset(EMAIL, base=base_address())
    assert row is not None and "https://quartiers.exemple.fr/nouveau-mot-de-passe/" in row.text
    assert row.until is not None
