"""Who sees the personal data of a register? Those who write them, and nobody else."""

from __future__ import annotations

import office
import pytest
from django.test import Client

from terril.web.espace.actions.change_row import change_row

EMAIL = "accueil.secret@exemple.fr"
PLACE = "/espace/essai/registres/organisations/"


def pages(browser: Client) -> str:
    """Every page and file of a member that could tell it."""
    found = [
        browser.get(PLACE + page)
        for page in ("", "3/", "3/historique/", "?mots=secret", "export.csv", "?tri=courriel")
    ]
    found.append(browser.get("/espace/essai/"))
    return "".join(answer.content.decode() for answer in found if answer.status_code == 200)


@pytest.mark.parametrize("role", ["jure", "porteur", "conseiller_citoyen", "financeur"])
def test_other_roles_neither_see_nor_search_them(web: Client, role: str) -> None:
    contract = office.contract()
    office.places(contract)
    change_row(office.root(contract), "organisations", 3, {"courriel": EMAIL}, 1)
    browser = office.client_of(office.member(contract, role))
    text = pages(browser)
    assert EMAIL not in text and "Été solidaire" in text
    found = browser.get(PLACE + "?mots=accueil.secret").content.decode()
    assert "Aucune ligne" in found, "nor may a search guess it"


def test_those_who_write_them_do(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    change_row(office.root(contract), "organisations", 3, {"courriel": EMAIL}, 1)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    assert EMAIL in browser.get(PLACE + "3/").content.decode()
    assert EMAIL in browser.get(PLACE + "export.csv").content.decode()
