"""Do the pages of members open, say what fades, and refuse who may not?"""

from __future__ import annotations

import neighbourhood
import office
import pytest
from django.test import Client
from neighbourhood import settle

from terril.web.espace.actions.add_row import add_row
from terril.web.espace.awaited import awaited
from terril.web.espace.cards import cards
from terril.web.espace.models import Entry
from terril.web.participation.models import Raised

HOME = "/espace/essai/participation/"
PAGES = ("", "besoins/", "reponse/", "reponse/?quartier=1", "reponse/?objet=1", "reponse.pdf",
         "reponse.pdf?quartier=2", "marches/1/")  # fmt: skip


def with_an_association() -> neighbourhood.Place:
    place = settle()
    office.fill(
        place.contract,
        "associations",
        {
            "objet": "Contrat de ville",
            "associes": True,
            "niveau": "concertation",
            "debut": neighbourhood.day("2024-02-01"),
            "preuve": "Bilan, p. 3",
            "etape": "elaboration",
        },
    )
    office.fill(
        place.contract,
        "interpellations",
        {
            "objet": "Guichet",
            "forme": 1,
            "quartiers": (1,),
            "posee_le": neighbourhood.day("2020-01-01"),
            "destinataire": "prefet",
        },
    )
    return place


@pytest.mark.parametrize("page", PAGES)
def test_members_open_each_page_and_others_none(web: Client, page: str) -> None:
    place = with_an_association()
    for who in ("keeper", "chief", "councillor"):
        answer = place.browser(who).get(HOME + page)
        assert answer.status_code == 200, who
        assert answer["Cache-Control"] == "private, no-store"
    assert place.browser("stranger").get(HOME + page).status_code == 403
    assert web.get(HOME + page).status_code == 302


def test_home_says_what_fades_and_what_waits(web: Client) -> None:
    place = with_an_association()
    page = place.browser("keeper").get(HOME).content.decode()
    assert "Sans trace récente" in page and "20 en 2022, 6 en 2024" in page
    assert "Guichet" in page and "En retard" in page
    space = office.seen_by(place.contract, place.keeper)
    told = [one.text for one in awaited(space)]
    assert any("Guichet" in text for text in told)
    assert any("sans trace récente" in text for text in told)
    hers = place.browser("councillor").get(HOME).content.decode()
    assert "Vos quartiers" in hers and "1 interpellation sans réponse" in hers
    mine = awaited(office.seen_by(place.contract, place.councillor))
    assert not [one for one in mine if "relire" in one.text or "Guichet" in one.text]


def test_a_need_of_a_councillor_waits_to_be_read(web: Client) -> None:
    """She may not publish, and leaves « Publié » blank: somebody who may learns of it."""
    place = settle()
    hers = office.seen_by(place.contract, place.councillor)
    values = {"quartiers": (1,), "recu_le": neighbourhood.day("2026-09-01")}
    add_row(hers, "besoins", {**values, "titre": "Un abri", "texte": "Il pleut."})
    keeper = office.seen_by(place.contract, place.keeper)
    add_row(keeper, "besoins", {**values, "titre": "Un banc", "texte": "Où s’asseoir ?"})
    page = place.browser("keeper").get(HOME).content.decode()
    assert "Un abri, n° 1" in page and "Un banc, n° 2" not in page
    told = [one.text for one in awaited(office.seen_by(place.contract, place.chief))]
    assert "1 besoin ou idée à relire" in told
    sent = {"titre": "Un abri", "texte": "Il pleut.", "version": "1", "faire": "garder"}
    place.browser("keeper").post(f"{HOME}besoins/1/relire/", sent)
    assert "Un abri, n° 1" not in place.browser("keeper").get(HOME).content.decode()


def test_the_page_of_a_form_draws_its_years(web: Client) -> None:
    place = settle()
    page = place.browser("keeper").get("/espace/essai/registres/formes/1/").content.decode()
    assert "2023\u00a0: membres actifs inconnus" in page  # a year between, that nobody followed
    assert "<svg" in page and "Équilibrée" in page


def test_answer_page_and_its_file(web: Client) -> None:
    place = with_an_association()
    keeper = place.browser("keeper")
    page = keeper.get(f"{HOME}reponse/").content.decode()
    assert "Concertation" in page and "Bilan, p. 3" in page and "Aucun texte ne définit" in page
    answer = keeper.get(f"{HOME}reponse.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    for wrong in ("quartier=99", "objet=99", "quartier=x", "objet=-1"):
        assert keeper.get(f"{HOME}reponse/?{wrong}").status_code == 404, wrong


def test_an_action_and_a_body_say_the_level_that_was_reached(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract,
        "instances",
        {
            "nom": "Comité de pilotage",
            "nature": next(iter(cards().lists["natures_instance"].items)),
        },
    )
    page = "/espace/essai/registres/instances/1/"
    keeper = place.browser("keeper")
    before = keeper.get(page).content.decode()
    assert "On ne sait pas" in before and "associations/ajouter/?instance=1" in before
    office.fill(
        place.contract,
        "associations",
        {"objet": "Comité", "instance": 1, "niveau": "consultation", "preuve": "Compte rendu"},
    )
    assert "Niveau\u00a0: consultation" in keeper.get(page).content.decode().replace(
        " :", "\u00a0:"
    )
    assert (
        "reponse.pdf?quartier=1"
        in keeper.get("/espace/essai/registres/quartiers/1/").content.decode()
    )


def test_each_person_advances_what_is_hers(web: Client) -> None:
    place = settle()
    for number in (1, 2):
        office.fill(
            place.contract,
            "besoins",
            {
                "titre": f"B{number}",
                "quartiers": (number,),
                "recu_le": neighbourhood.day("2026-09-01"),
            },
        )
    go = {"etat": "etudie", "organisation": "1", "version": "1"}
    assert place.browser("councillor").post(f"{HOME}besoins/1/avancer/", go).status_code == 403
    assert place.browser("chief").post(f"{HOME}besoins/2/avancer/", go).status_code == 403
    assert place.browser("stranger").post(f"{HOME}besoins/1/avancer/", go).status_code == 403
    assert "etat" not in _changed(1) and "etat" not in _changed(2)
    assert place.browser("chief").post(f"{HOME}besoins/1/avancer/", go).status_code == 302
    assert Entry.objects.get(register="besoins", number=1).values["etat"] == "etudie"


def _changed(number: int) -> dict[str, object]:
    values = dict(Entry.objects.get(register="besoins", number=number).values)
    return {} if values.get("etat") == "recu" else values


def test_an_answer_is_needed_to_answer_and_a_reason_to_decline(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract,
        "besoins",
        {"titre": "B", "quartiers": (1,), "recu_le": neighbourhood.day("2026-09-01")},
    )
    keeper = place.browser("keeper")
    keeper.post(f"{HOME}besoins/1/avancer/", {"etat": "repondu", "version": "1"})
    assert Entry.objects.get(register="besoins", number=1).version == 1
    sent = {"etat": "non_retenu", "reponse": "Le terrain est privé.", "version": "1"}
    keeper.post(f"{HOME}besoins/1/avancer/", sent)
    assert Entry.objects.get(register="besoins", number=1).version == 1
    keeper.post(f"{HOME}besoins/1/avancer/", {**sent, "motif": "Terrain privé"})
    values = Entry.objects.get(register="besoins", number=1).values
    assert values["etat"] == "non_retenu" and values["repondu_le"]


def test_two_people_who_answer_at_once(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract,
        "besoins",
        {"titre": "B", "quartiers": (1,), "recu_le": neighbourhood.day("2026-09-01")},
    )
    one, other = place.browser("keeper"), place.browser("chief")
    one.post(f"{HOME}besoins/1/avancer/", {"etat": "repondu", "reponse": "Oui.", "version": "1"})
    other.post(f"{HOME}besoins/1/avancer/", {"etat": "repondu", "reponse": "Non.", "version": "1"})
    assert Entry.objects.get(register="besoins", number=1).values["reponse"] == "Oui."


def test_a_councillor_reads_nothing_that_residents_sent(web: Client) -> None:
    place = settle()
    web.post("/contrat/essai/participation/proposer/", neighbourhood.message())
    number = Raised.objects.get().entry.number
    for who, status in (("councillor", 403), ("stranger", 403), ("chief", 200)):
        answer = place.browser(who).get(f"{HOME}besoins/{number}/relire/")
        assert answer.status_code == status, who
        assert ("Untel" in answer.content.decode()) == (status == 200)


def test_a_code_is_given_once(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract,
        "besoins",
        {"titre": "B", "quartiers": (1,), "recu_le": neighbourhood.day("2026-09-01")},
    )
    for _ in range(2):
        place.browser("councillor").post(f"{HOME}besoins/1/code/")
    code = Raised.objects.get().code
    assert web.get(f"/contrat/essai/participation/suivi/{code}/").status_code == 200
    assert place.browser("stranger").post(f"{HOME}besoins/1/code/").status_code == 403
