"""How does a person leave a contract?"""

from __future__ import annotations

import office
import pytest
from django.test import Client

from terril.web.espace.actions.end_membership import end_membership
from terril.web.espace.models import Membership
from terril.web.people.refusal import RefusedError


def test_a_role_that_ended_opens_nothing(web: Client) -> None:
    contract = office.contract()
    boss = office.member(contract, "chargee_mission")
    who = office.member(contract, "financeur")
    browser = office.client_of(who)
    assert browser.get("/espace/essai/").status_code == 200
    held = Membership.objects.get(person=who)
    office.client_of(boss).post(f"/espace/essai/membres/{held.pk}/retirer/")
    assert browser.get("/espace/essai/").status_code == 403
    held.refresh_from_db()
    assert held.until is not None


def test_the_last_who_holds_the_contract_stays(web: Client) -> None:
    contract = office.contract()
    who = office.member(contract, "chargee_mission")
    held = Membership.objects.get(person=who)
    with pytest.raises(RefusedError, match="dernière"):
        end_membership(office.seen_by(contract, who), held)
    office.member(contract, "chargee_mission")
    end_membership(office.seen_by(contract, who), held)
    assert not Membership.objects.filter(person=who, until=None).exists()


def test_one_leaves_one_s_own_role_and_no_other_s(web: Client) -> None:
    contract = office.contract()
    one, two = (office.member(contract, "porteur") for _ in range(2))
    with pytest.raises(RefusedError, match="Seuls"):
        end_membership(office.seen_by(contract, one), Membership.objects.get(person=two))
    end_membership(office.seen_by(contract, one), Membership.objects.get(person=one))
    other = office.contract("autre")
    boss = office.member(other, "chargee_mission")
    with pytest.raises(RefusedError):
        end_membership(office.seen_by(other, boss), Membership.objects.get(person=two))
