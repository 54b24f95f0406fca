"""Is a second factor removed by its owner only, and is she told?"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from household import EMAIL, WORD, Clock, delivered, equip, sign_in

from terril.web.people.actions.remove_factor import remove_factor
from terril.web.people.models import Journal, Person, RecoveryCode, SecondFactor
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/second-facteur/retirer/"


def test_with_password_and_code_it_goes_and_a_message_says_so(
    home: Client, web: Client, ana: Person, clock: Clock
) -> None:
    equip(ana)
    with delivered() as box:
        assert home.post(PAGE, {"password": WORD, "code": clock.code(ana)}).status_code == 302
    assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    assert [m.to for m in box] == [[EMAIL]] and "retiré" in box[0].subject
    assert Journal.objects.get(verb="second facteur retiré").actor == ana
    assert sign_in(web) != "/connexion/code/"


@pytest.mark.parametrize(("word", "code"), [("faux", None), (WORD, "000000"), ("", "")])
def test_a_browser_left_open_does_not_remove_it(
    home: Client, ana: Person, clock: Clock, word: str, code: str | None
) -> None:
    equip(ana)
    given = clock.code(ana) if code is None else code
    assert home.post(PAGE, {"password": word, "code": given}).status_code == 400
    assert SecondFactor.objects.exists()


def test_the_password_is_not_tried_for_ever(home: Client, ana: Person, clock: Clock) -> None:
    equip(ana)
    for _ in range(settings.LOCK_AFTER[0]):
        home.post(PAGE, {"password": "faux", "code": ""})
    answer = home.post(PAGE, {"password": WORD, "code": clock.code(ana)})
    assert answer.status_code == 429 and SecondFactor.objects.exists()


def test_whoever_holds_the_server_removes_it_for_a_lost_telephone(ana: Person) -> None:
    equip(ana)
    call_command("compte", "sans-second-facteur", EMAIL)
    assert not SecondFactor.objects.exists()
    assert Journal.objects.get().who == "ligne de commande" and Journal.objects.get().subject == ana


def test_there_is_nothing_to_remove(ana: Person) -> None:
    with pytest.raises(RefusedError, match="pas de second facteur"):
        remove_factor(ana, by=ana)
    assert not Journal.objects.exists()
