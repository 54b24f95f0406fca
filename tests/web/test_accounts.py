"""Who signs in, who waits, and who may send a file at all?"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from terril.web.people.models import Journal, LoginFailure, Person
from terril.web.uploads import Ceiling

EMAIL, WORD = "ana@exemple.fr", "un-mot-tres-long"


def account(*words: str) -> str:
    out = io.StringIO()
    call_command("compte", *words, stdout=out)
    return out.getvalue()


def sign_in(client: Client, word: str, email: str = EMAIL, **extra: Any) -> int:
    answer = client.post("/connexion/", {"username": email, "password": word}, **extra)
    return int(answer.status_code)


def test_an_account_is_opened_with_a_password_that_is_shown_once(web: Client) -> None:
    said = account("creer", EMAIL.upper(), "--analyste", "--nom", "Ana")
    word = said.strip().rsplit(" ", 1)[-1]
    person = Person.objects.get(email=EMAIL)
    assert person.is_analyst and person.check_password(word) and len(word) >= 24
    assert word not in str(Journal.objects.get().details)
    assert sign_in(web, word) == 302
    assert "analyste\touvert" in account("lister")


def test_a_second_account_of_the_same_address_is_refused(web: Client) -> None:
    account("creer", EMAIL)
    with pytest.raises(CommandError, match="existe déjà"):
        account("creer", EMAIL.title())
    with pytest.raises(CommandError, match="adresse électronique"):
        account("creer", "pas une adresse")
    assert Person.objects.count() == 1


def test_a_new_password_and_a_closed_account_end_the_sessions(web: Client) -> None:
    Person.objects.create_user(EMAIL, WORD, is_analyst=True)
    assert sign_in(web, WORD) == 302
    assert web.get("/atelier/").status_code == 200
    account("mot-de-passe", EMAIL)
    assert web.get("/atelier/").status_code == 302
    account("fermer", EMAIL)
    assert not Person.objects.get().is_active


def test_leaving_closes_the_session(web: Client) -> None:
    web.force_login(Person.objects.create_user(EMAIL, WORD, is_analyst=True))
    kept = web.cookies[settings.SESSION_COOKIE_NAME].value
    assert web.get("/deconnexion/").status_code == 405
    web.post("/deconnexion/")
    web.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert web.get("/atelier/").status_code == 302


def test_one_changes_one_s_own_password(web: Client) -> None:
    web.force_login(Person.objects.create_user(EMAIL, WORD))
    other = Client()
    other.force_login(Person.objects.get())
    fields = {"old_password": WORD, "new_password1": "court", "new_password2": "court"}
    assert "trop court" in web.post("/mot-de-passe/", fields).content.decode()
    fields["new_password1"] = fields["new_password2"] = "un-autre-mot-tres-long"
    assert web.post("/mot-de-passe/", fields).status_code == 302
    assert web.get("/mot-de-passe/").status_code == 200
    assert other.get("/mot-de-passe/").status_code == 302, "other sessions end"
    assert Client().get("/mot-de-passe/").status_code == 302


def test_after_five_failures_one_waits_even_with_the_right_word(web: Client) -> None:
    Person.objects.create_user(EMAIL, WORD)
    assert [sign_in(web, "faux") for _ in range(6)] == [200] * 5 + [429]
    assert sign_in(web, WORD) == 429
    # somebody elsewhere does not lock the account for its owner
    assert sign_in(Client(), WORD, REMOTE_ADDR="192.0.2.7") == 302
    LoginFailure.objects.update(at=timezone.now() - timedelta(minutes=settings.LOCK_MINUTES + 1))
    assert sign_in(web, WORD) == 302


def test_one_address_does_not_try_every_account(web: Client) -> None:
    _, _, anywhere = settings.LOCK_AFTER
    codes = [sign_in(web, "faux", f"p{n}@exemple.fr") for n in range(anywhere + 1)]
    assert codes == [200] * anywhere + [429]


def test_one_account_is_not_tried_from_everywhere(web: Client) -> None:
    Person.objects.create_user(EMAIL, WORD)
    _, alone, _ = settings.LOCK_AFTER
    for n in range(alone):
        sign_in(web, "faux", REMOTE_ADDR=f"192.0.2.{n}")
    assert sign_in(web, WORD, REMOTE_ADDR="198.51.100.1") == 429


def test_failures_keep_no_address_in_clear(web: Client) -> None:
    sign_in(web, "faux")
    row = LoginFailure.objects.get()
    assert EMAIL not in row.account and "127.0.0.1" not in row.address


def test_a_stranger_sends_no_file(web: Client) -> None:
    request = RequestFactory().post("/connexion/", {"fichier": io.BytesIO(b"a" * 9)})
    request.upload_handlers = [Ceiling(request)]
    assert not request.FILES
