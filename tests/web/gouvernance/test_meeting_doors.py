"""Does every address of the meetings keep strangers out, and hold whatever is sent to it?"""

from __future__ import annotations

import itertools
from typing import Any

import meeting_office
import office
import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from terril.web.espace.models import Entry
from terril.web.gouvernance.urls import urlpatterns
from terril.web.people.models import Outbox

ROLES = (
    "chargee_mission", "analyste", "chef_projet", "financeur", "evaluateur", "jure", "porteur",
    "conseiller_citoyen",
)  # fmt: skip
NAMES = [str(pattern.name) for pattern in urlpatterns if isinstance(pattern, URLPattern)]
PUBLIC = {"agenda-ics", "invitation-agenda", "reunions-publiques", "reunion-publique",
          "reunion-publique-pdf"}  # fmt: skip
#: forms that no page sends
HOSTILE: list[dict[str, Any]] = [
    {},
    {"version": "-1", "etat": "tenue'--", "a": ["1:0", "x", "999:999", ""], "mot": "x" * 9000},
    {"base-1": "abc", "etat-1": "present", "nombre-1": "-4", "ajouter": "99999999999"},
    {"annee": "0000", "creer": ["1", "²", "-1"], "date-1": "2026-13-45"},
    {"regle": "rapport_annuel", "annee": "²", "fait_le": "2026-02-30", "ligne": "1e3"},
    {"decision": "\x00", "responsable": "999", "echeance": "31/02/2026"},
    {"compte_rendu": "x" * 20000, "valide_le": "9999-99-99", "cr_public": "oui"},
]


def _address(name: str, contract: str, number: int) -> str:
    known = {"contrat": contract, "numero": number, "forme": "pdf", "jeton": "faux"}
    pattern = next(p for p in urlpatterns if isinstance(p, URLPattern) and p.name == name)
    wanted = pattern.pattern.converters
    return reverse(name, kwargs={key: known[key] for key in wanted})


def _world() -> tuple[Any, int]:
    contract = office.contract()
    body = meeting_office.body(contract)
    meeting = meeting_office.meeting(contract, body)
    office.fill(contract, "cycle", {"titre": "C", "instance": body.number, "mois": "mars"})
    return contract, meeting.number


def test_every_address_is_walked() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 22


@pytest.mark.parametrize("name", sorted(set(NAMES) - PUBLIC))
def test_strangers_get_nothing_by_any_method(web: Client, name: str) -> None:
    contract, number = _world()
    address = _address(name, contract.code, number)
    before = Entry.objects.count()
    elsewhere = office.member(office.contract("autre"), "chargee_mission")
    for method in ("get", "post", "head", "put", "delete"):
        assert getattr(web, method)(address).status_code in (302, 405)
        for who in (office.person(), elsewhere):
            assert getattr(office.client_of(who), method)(address).status_code in (403, 405)
    assert Entry.objects.count() == before and not Outbox.objects.exists()


@pytest.mark.parametrize("name", sorted(set(NAMES) - PUBLIC))
def test_a_meeting_that_is_not_there_is_not_found(web: Client, name: str) -> None:
    contract, _ = _world()
    address = _address(name, contract.code, 987)
    if "987" not in address:
        return
    browser = office.client_of(office.member(contract, "chargee_mission"))
    for method in ("get", "post"):
        assert getattr(browser, method)(address).status_code in (404, 405), method


@pytest.mark.parametrize("role", ROLES)
def test_no_form_breaks_a_page_and_only_the_card_s_roles_write(web: Client, role: str) -> None:
    contract, number = _world()
    browser = office.client_of(office.member(contract, role))
    before = Entry.objects.count()
    for name, sent in itertools.product(sorted(set(NAMES) - PUBLIC), HOSTILE):
        if name == "renouveler-agenda":
            continue
        answer = browser.post(_address(name, contract.code, number), sent)
        assert answer.status_code in (200, 302, 400, 403, 404, 405, 409), (name, sent)
    if role != "chargee_mission":
        assert Entry.objects.count() == before
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_the_public_sees_what_is_public_and_never_a_private_meeting(web: Client, name: str) -> None:
    contract, number = _world()
    answer = web.get(_address(name, contract.code, number))
    assert answer.status_code == (200 if name == "reunions-publiques" else 404)
    assert "Comité technique d’été" not in answer.content.decode()
    assert web.post(_address(name, contract.code, number)).status_code == 405
