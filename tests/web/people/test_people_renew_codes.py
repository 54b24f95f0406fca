"""Do new codes of recovery take the place of the former?"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from household import WORD, Clock, equip

from terril.web.people import factor
from terril.web.people.actions.renew_codes import renew_codes
from terril.web.people.models import Person, RecoveryCode
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/second-facteur/codes/"


def test_the_former_serve_no_more(home: Client, ana: Person, clock: Clock) -> None:
    former = equip(ana)
    answer = home.post(PAGE, {"password": WORD, "code": clock.code(ana)})
    fresh = re.findall(r"<code>([\w-]{19})</code>", answer.content.decode())
    assert len(fresh) == 10 and not set(fresh) & set(former)
    assert factor.accepted(ana, former[0]) == ""
    assert factor.accepted(ana, fresh[0]) == factor.RECOVERY


def test_a_code_of_recovery_may_ask_for_them(home: Client, ana: Person) -> None:
    former = equip(ana)
    assert home.post(PAGE, {"password": WORD, "code": former[3]}).status_code == 200
    assert RecoveryCode.objects.filter(person=ana).count() == 10


@pytest.mark.parametrize(("word", "code"), [("faux", None), (WORD, "000000"), (WORD, "")])
def test_without_proof_they_stay(
    home: Client, ana: Person, clock: Clock, word: str, code: str | None
) -> None:
    former = equip(ana)
    answer = home.post(PAGE, {"password": word, "code": clock.code(ana) if code is None else code})
    assert answer.status_code == 400
    assert factor.accepted(ana, former[0]) == factor.RECOVERY


def test_without_a_second_factor_there_are_none(home: Client, ana: Person) -> None:
    with pytest.raises(RefusedError, match="pas de second facteur"):
        renew_codes(ana)
    assert home.post(PAGE, {"password": WORD, "code": ""}).status_code == 409
    assert not RecoveryCode.objects.exists()
