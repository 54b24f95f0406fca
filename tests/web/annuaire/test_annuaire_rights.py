"""Who may do what in the directory: the team, a structure, a citizen, a stranger?"""

from __future__ import annotations

import office
import pytest
import sheets_bench as bench
from django.test import Client

from terril.web.espace.models import Entry

#: address, method → team, structure 3, citizen
DOORS = [
    ("", "get", (200, 200, 200)),
    ("ma-fiche/", "get", (302, 302, 409)),
    ("doublons/", "get", (200, 403, 403)),
    ("fiches/3/", "get", (200, 403, 403)),
    ("fiches/3/modifier/", "get", (200, 200, 403)),
    ("fiches/1/modifier/", "get", (200, 403, 403)),
    ("fiches/2/modifier/", "get", (200, 403, 403)),
    ("fiches/99/modifier/", "get", (404, 404, 404)),
    ("fiches/4/relue/", "post", (302, 403, 403)),
    ("fiches/3/modifier/", "post", (302, 302, 403)),
    ("fiches/1/modifier/", "post", (302, 403, 403)),
    ("fiches/3/exacte/", "post", (302, 302, 403)),
    ("fiches/1/exacte/", "post", (302, 403, 403)),
    ("fiches/1/publication/", "post", (302, 403, 403)),
]


@pytest.mark.parametrize(("address", "method", "expected"), DOORS)
def test_each_door(web: Client, address: str, method: str, expected: tuple[int, int, int]) -> None:
    contract = bench.directory()
    for person, status in zip(bench.three(contract), expected, strict=True):
        browser = office.client_of(person)
        answer = getattr(browser, method)(bench.BASE + address)
        assert answer.status_code == status, (person.name, address)
        assert answer["Cache-Control"] == "private, no-store"
        other = browser.get(bench.BASE + address) if method == "post" else None
        if other is not None and "modifier" not in address:
            assert other.status_code == 405
    answer = getattr(web, method)(bench.BASE + address)
    assert answer.status_code == 302 and "/connexion/" in answer["Location"]


def test_a_member_of_another_contract_is_a_stranger(web: Client) -> None:
    bench.directory()
    other = office.contract("autre")
    browser = office.client_of(office.member(other, "chargee_mission"))
    for address in ("", "doublons/", "fiches/3/", "fiches/3/modifier/"):
        assert browser.get(bench.BASE + address).status_code == 403


def test_a_structure_cannot_publish_by_any_door(web: Client) -> None:
    contract = bench.directory()
    office.member(contract, "porteur", organisation=1)
    hers = office.client_of(office.member(contract, "porteur", organisation=1, name="Ville"))
    hers.post(f"{bench.BASE}fiches/1/relue/", {"faire": "publier", "version": "1"})
    hers.post("/espace/essai/registres/operateurs/2/etat/", {"etat": "publiee", "version": "1"})
    hers.post(
        f"{bench.BASE}fiches/1/modifier/",
        {"version": "1", "presentation": "Moi", "etat": "publiee", "a_jour_le": "2020-01-01"},
    )
    values = Entry.objects.get(register="operateurs", number=2).values
    assert values["presentation"] == "Moi"
    assert values["etat"] == "brouillon" and values["a_jour_le"] != "2020-01-01"


def test_a_structure_gives_none_of_its_rows_to_another(web: Client) -> None:
    contract = bench.directory()
    _, porteur, _ = bench.three(contract)
    sent = bench.form(contract, porteur, 3, organisation="1", **{"offre-1-organisation": "1"})
    sent["offre-4-intitule"] = "Pris"  # an offer of another structure
    sent["offre-4-version"] = "1"
    assert (
        office.client_of(porteur).post(f"{bench.BASE}fiches/3/modifier/", sent).status_code == 302
    )
    offers = Entry.objects.filter(register="offres")
    assert offers.get(number=1).values["organisation"] == 3
    assert offers.get(number=4).values["intitule"] == "Atelier bois"
    assert Entry.objects.get(register="operateurs", number=1).values["organisation"] == 3
