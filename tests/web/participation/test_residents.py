"""Can a resident raise a need and follow it, without a name, and does nothing leak before?"""

from __future__ import annotations

import datetime as dt
import re

import neighbourhood
import office
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from neighbourhood import message, opened, settle

from terril.web.espace.models import Entry, Revision
from terril.web.participation import gate
from terril.web.participation.actions.advance_need import advance_need
from terril.web.participation.actions.tell_resident import forget_addresses, tell_resident
from terril.web.participation.models import Raised
from terril.web.people.models import Journal, Outbox

PUBLIC = "/contrat/essai/participation/"
HOME = "/espace/essai/participation/"


def raised(web: Client, **fields: object) -> Raised:
    answer = web.post(f"{PUBLIC}proposer/", message(**fields))
    assert answer.status_code == 302, answer.content.decode()
    return Raised.objects.latest("pk")


def test_from_the_message_to_the_answer(web: Client) -> None:
    place = settle()
    sent = raised(web, courriel="habitant@exemple.fr")
    number = sent.entry.number
    follow = f"{PUBLIC}suivi/{sent.code}/"
    page = web.get(follow).content.decode()
    assert "Reçu" in page and "banc" not in page and "Mme Untel" not in page
    assert "banc" not in web.get(PUBLIC).content.decode()

    keeper = place.browser("keeper")
    read = f"{HOME}besoins/{number}/relire/"
    assert "Mme Untel" in keeper.get(read).content.decode()
    answer = keeper.post(
        read, {"titre": "Un banc à l’arrêt", "texte": "Un banc à l’arrêt du bus.",
               "version": "1", "faire": "publier"},
    )  # fmt: skip
    assert answer.status_code == 302
    page = web.get(PUBLIC).content.decode()
    assert "Un banc à l’arrêt du bus." in page and "Untel" not in page
    sent.refresh_from_db()
    assert (sent.text, sent.title) == ("", "") and sent.read is not None

    go = f"{HOME}besoins/{number}/avancer/"
    keeper.post(go, {"etat": "etudie", "organisation": "1", "version": "2"})
    keeper.post(go, {"etat": "repondu", "reponse": "Posé en mars.", "version": "4"})
    row = Entry.objects.get(register="besoins", number=number)
    assert row.values["etat"] == "repondu" and row.values["repondu_le"]
    page = web.get(follow).content.decode()
    assert "Posé en mars." in page and "Ville de Lunéville" in page
    assert "Posé en mars." in web.get(PUBLIC).content.decode()


def test_no_register_version_or_journal_ever_holds_what_was_sent(web: Client) -> None:
    place = settle()
    sent = raised(web, courriel="habitant@exemple.fr", titre="Chez Paul Dupont")
    place.browser("keeper").post(
        f"{HOME}besoins/{sent.entry.number}/relire/",
        {"titre": "Un banc", "texte": "Un banc.", "version": "1", "faire": "publier"},
    )
    kept = [
        *Entry.objects.values_list("values", flat=True),
        *Revision.objects.values_list("values", flat=True),
        *Journal.objects.values_list("details", "thing", "verb"),
    ]
    assert kept
    for secret in ("Untel", "Dupont", "habitant@exemple.fr"):
        assert secret not in str(kept)


def test_the_address_gets_the_answer_once_and_is_erased(web: Client) -> None:
    settle()
    sent = raised(web, courriel="habitant@exemple.fr")
    assert tell_resident(sent.entry_id) is False
    space = office.root(sent.entry.contract)
    number = sent.entry.number
    advance_need(space, number, "repondu", 1, answer="Oui, au printemps.")
    assert tell_resident(sent.entry_id) is True
    assert tell_resident(sent.entry_id) is False
    sent.refresh_from_db()
    assert sent.email == ""
    told = Outbox.objects.latest("pk")
    assert "Oui, au printemps." in told.text and sent.code in told.text


def test_an_address_without_an_answer_is_erased_after_its_time(web: Client) -> None:
    settle()
    old = raised(web, courriel="ancien@exemple.fr")
    Raised.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=367))
    young = raised(web, courriel="recent@exemple.fr")  # which forgets the old one
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.email, young.email) == ("", "recent@exemple.fr")
    assert forget_addresses() == 0


def test_who_holds_the_code_erases_the_address(web: Client) -> None:
    settle()
    sent = raised(web, courriel="habitant@exemple.fr")
    follow = f"{PUBLIC}suivi/{sent.code}/"
    assert "Effacer mon adresse" in web.get(follow).content.decode()
    assert web.post(f"{follow}oublier/").status_code == 302
    assert web.get(f"{follow}oublier/").status_code == 405
    sent.refresh_from_db()
    assert sent.email == "" and "Effacer" not in web.get(follow).content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"titre": " "}, "en quelques mots"),
        ({"texte": "court"}, "une phrase au moins"),
        ({"texte": "a" * 4001}, "4000 caractères"),
        ({"theme": "../../etc"}, "Choisissez"),
        ({"quartier": "99"}, "Choisissez"),
        ({"courriel": "pas une adresse"}, "pas complète"),
        ({"ouvert": ""}, "ouvert trop longtemps"),
        ({"ouvert": "faux:marque"}, "ouvert trop longtemps"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_is_kept(
    web: Client, fields: dict[str, str], said: str
) -> None:
    settle()
    answer = web.post(f"{PUBLIC}proposer/", message(**fields))
    page = answer.content.decode()
    assert answer.status_code == 400 and said in page
    assert Raised.objects.count() == 0
    if "texte" not in fields:
        assert "nulle part où s’asseoir" in page


def test_a_machine_that_fills_the_hidden_field_is_told_nothing(web: Client) -> None:
    settle()
    answer = web.post(f"{PUBLIC}proposer/", message(**{gate.TRAP: "http://pub.example"}))
    assert answer.status_code == 302 and Raised.objects.count() == 0


def test_a_form_that_comes_back_at_once_is_sent_again_by_a_person(web: Client) -> None:
    settle()
    answer = web.post(f"{PUBLIC}proposer/", message(ouvert=opened(0)))
    assert answer.status_code == 400 and "trop vite" in answer.content.decode()
    assert raised(web).code


def test_an_address_sends_five_an_hour(web: Client) -> None:
    settle()
    codes = [web.post(f"{PUBLIC}proposer/", message()).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.post(f"{PUBLIC}proposer/", message()).status_code == 302


def test_a_code_is_typed_as_people_type_and_a_wrong_one_opens_nothing(web: Client) -> None:
    settle()
    code = raised(web).code
    typed = f" {code.lower().replace('-', ' ')} "
    answer = web.get(f"{PUBLIC}suivi/", {"code": typed})
    assert answer.status_code == 302 and answer["Location"].endswith(f"/{code}/")
    assert web.get(f"{PUBLIC}suivi/", {"code": "AAAA-AAAA"}).status_code == 404
    assert web.get(f"{PUBLIC}suivi/AAAA-AAAA/").status_code == 404
    other = office.contract("autre")
    assert web.get(f"/contrat/{other.code}/participation/suivi/{code}/").status_code == 404


def test_words_changed_by_who_may_not_publish_leave_the_public_page(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract,
        "besoins",
        {
            "titre": "Un jardin",
            "texte": "Un jardin partagé.",
            "quartiers": (1,),
            "recu_le": neighbourhood.day("2026-09-01"),
            "publie": True,
        },
    )
    assert "Un jardin partagé." in web.get(PUBLIC).content.decode()
    councillor = place.browser("councillor")
    form = {"titre": "Un jardin", "texte": "M. Untel est un voleur.", "quartiers": "1",
            "recu_le": "2026-09-01", "publie": "oui", "version": "1"}  # fmt: skip
    answer = councillor.post("/espace/essai/registres/besoins/1/modifier/", form)
    assert answer.status_code == 302
    page = web.get(PUBLIC).content.decode()
    assert "voleur" not in page and "Un jardin" not in page
    assert "à relire" in place.browser("keeper").get("/espace/essai/").content.decode()
    keeper = place.browser("keeper")
    keeper.post(
        f"{HOME}besoins/1/relire/",
        {"titre": "Un jardin", "texte": "Un jardin.", "version": "2", "faire": "publier"},
    )
    assert "Un jardin." in web.get(PUBLIC).content.decode()


def test_a_councillor_publishes_nothing_by_ticking_a_box(web: Client) -> None:
    place = settle()
    answer = place.browser("councillor").post(
        "/espace/essai/registres/besoins/ajouter/",
        {"titre": "À moi", "texte": "Texte à moi.", "quartiers": "1", "recu_le": "2026-09-01",
         "publie": "oui"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert "Texte à moi." not in web.get(PUBLIC).content.decode()


def test_hostile_words_are_text(web: Client) -> None:
    place = settle()
    nasty = "<script>alert(1)</script> l’été «\u00a0oui\u00a0» " + "é" * 3000
    office.fill(
        place.contract,
        "besoins",
        {
            "titre": "<b>x</b>",
            "texte": nasty,
            "recu_le": neighbourhood.day("2026-09-01"),
            "publie": True,
        },
    )
    page = web.get(PUBLIC).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page and "&lt;b&gt;" in page


def test_filters_of_the_public_list_and_nonsense_in_them(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract, "besoins",
        {"titre": "Banc", "texte": "Un banc.", "quartiers": (1,), "theme": "sante",
         "recu_le": neighbourhood.day("2026-09-01"), "publie": True},
        {"titre": "Bus", "texte": "Un bus.", "quartiers": (2,), "theme": "deplacements",
         "recu_le": neighbourhood.day("2026-09-02"), "publie": True},
    )  # fmt: skip
    one = web.get(PUBLIC, {"quartier": "1"}).content.decode()
    assert "Un banc." in one and "Un bus." not in one
    other = web.get(PUBLIC, {"theme": "deplacements", "page": "zz"}).content.decode()
    assert "Un bus." in other and "Un banc." not in other
    for text in ("x", "-1", "9" * 30, "1' OR 1=1"):
        assert web.get(PUBLIC, {"quartier": text, "theme": text, "etat": text}).status_code == 200


def test_a_hundred_needs_are_shown_with_few_queries(web: Client) -> None:
    place = settle()
    office.fill(place.contract, "besoins", *(
        {"titre": f"Besoin {k}", "texte": f"Texte {k}.", "quartiers": (1,),
         "recu_le": neighbourhood.day("2026-09-01"), "publie": True} for k in range(100)
    ))  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = web.get(PUBLIC).content.decode()
    assert len(re.findall(r'id="besoin-\d+"', page)) == 20
    assert len(seen) < 25
