"""May a stranger open any door of the workspace, and who may open each?

Every address, every method, every role: what is not written in the table is refused.
"""

from __future__ import annotations

import doors_of_site
import office
import pytest
from django.http import HttpResponse
from django.test import Client

from terril.web.espace.cards import cards
from terril.web.espace.models import Membership

METHODS = ("get", "post", "put", "patch", "delete")


def doors() -> list[tuple[str, str]]:
    """Return name and address of each door that an account is asked for."""
    return doors_of_site.doors("espace/")


def _open(browser: Client, method: str, address: str) -> HttpResponse:
    return getattr(browser, method)(address)  # type: ignore[no-any-return]


def test_there_are_doors_to_try(web: Client) -> None:
    names = {name for name, _ in doors()}
    assert {"bureau", "registre", "modifier", "membres", "journal"} <= names
    assert all("<" not in address for _, address in doors())


@pytest.mark.parametrize("method", METHODS)
def test_without_an_account_every_door_leads_to_the_sign_in(web: Client, method: str) -> None:
    contract = office.contract()
    office.places(contract)
    for name, address in doors():
        answer = _open(web, method, address)
        assert answer.status_code in (302, 405), (name, method, answer.status_code)
        if answer.status_code == 302:
            assert answer["Location"].startswith("/connexion/"), (name, method)


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_with_an_account_and_a_member_elsewhere_open_nothing(
    web: Client, method: str
) -> None:
    contract = office.contract()
    office.places(contract)
    office.contract("autre")
    stranger = office.client_of(office.person())
    analyst = office.client_of(office.person(is_analyst=True))
    elsewhere = office.client_of(office.member(office.contract("tiers"), "chargee_mission"))
    left = office.member(contract, "chargee_mission")
    Membership.objects.filter(person=left).update(until="2020-01-01")
    for name, address in doors():
        if "/essai/" not in address:
            continue
        for browser in (stranger, analyst, elsewhere, office.client_of(left)):
            answer = _open(browser, method, address)
            assert answer.status_code in (403, 404, 405), (name, method, answer.status_code)


#: doors that change something, and the roles that may: all others are refused
WRITES = {
    "inviter": {"chargee_mission", "chef_projet"},
    "membre": {"chargee_mission"},
    "journal": {"chargee_mission"},
    "ajouter": {"chargee_mission"},
    "modifier": {"chargee_mission"},
    "importer": {"chargee_mission"},
}


@pytest.mark.parametrize("role", sorted(cards().roles))
def test_a_role_opens_what_its_cards_say(web: Client, role: str) -> None:
    contract = office.contract()
    office.places(contract)
    boss = office.member(contract, "chargee_mission")
    browser = office.client_of(office.member(contract, role))
    held = Membership.objects.get(person=boss).pk
    for name, address in doors():
        if name not in WRITES:
            continue
        place = address.replace("/membres/1/", f"/membres/{held}/")
        method = "post" if name == "inviter" else "get"
        status = _open(browser, method, place).status_code
        if role in WRITES[name]:
            assert status in (200, 302, 400), (name, role, status)
        else:
            assert status == 403, (name, role, status)
