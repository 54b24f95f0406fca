"""Is a second factor in force only once its first code was right?"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from household import WORD, Clock, sign_in

from terril.web.people.actions.confirm_factor import confirm_factor
from terril.web.people.actions.start_factor import start_factor
from terril.web.people.factor import digest_of
from terril.web.people.models import Journal, Person, RecoveryCode, SecondFactor
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/second-facteur/confirmer/"


def test_ten_codes_are_shown_once_and_kept_as_hashes(
    home: Client, web: Client, ana: Person, clock: Clock
) -> None:
    start_factor(ana)
    answer = home.post(PAGE, {"code": clock.code(ana), "password": WORD})
    codes = re.findall(r"<code>([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})</code>", answer.content.decode())
    assert len(set(codes)) == 10
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert kept == {digest_of(ana, code.replace("-", "")) for code in codes}
    assert codes[0] not in home.get("/mon-compte/second-facteur/").content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert sign_in(web) == "/connexion/code/"
    line = Journal.objects.get(verb="second facteur mis en place")
    assert line.actor == line.subject == ana


def test_the_code_that_confirmed_does_not_sign_in(
    home: Client, web: Client, ana: Person, clock: Clock
) -> None:
    start_factor(ana)
    code = clock.code(ana)
    confirm_factor(ana, code)
    sign_in(web)
    assert web.post("/connexion/code/", {"code": code}).status_code == 400


@pytest.mark.parametrize(("code", "word"), [("000000", WORD), ("", WORD), (None, "faux")])
def test_a_wrong_code_or_password_puts_nothing_in_force(
    home: Client, ana: Person, clock: Clock, code: str | None, word: str
) -> None:
    start_factor(ana)
    given = clock.code(ana) if code is None else code
    answer = home.post(PAGE, {"code": given, "password": word})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert SecondFactor.objects.get().confirmed is None
    assert not RecoveryCode.objects.exists()


def test_there_is_nothing_to_confirm_before_or_twice(ana: Person, clock: Clock) -> None:
    with pytest.raises(RefusedError, match="Commencez"):
        confirm_factor(ana, "000000")
    start_factor(ana)
    confirm_factor(ana, clock.code(ana))
    with pytest.raises(RefusedError, match="déjà"):
        confirm_factor(ana, clock.code(ana, ahead=1))
    assert RecoveryCode.objects.count() == 10
