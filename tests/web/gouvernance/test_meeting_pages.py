"""Do the pages of the agenda, the bodies and the meetings open, say what is so, and refuse?"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import meeting_office
import office
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from docx import Document

from terril.web.espace.awaited import awaited
from terril.web.espace.models import Attachment, Entry
from terril.web.people.models import Journal


def _full() -> tuple[Any, Any, Any]:
    contract = office.contract(starts=dt.date(2024, 7, 1), generation="g2024")
    body = meeting_office.body(contract, rythme=3)
    past = meeting_office.meeting(
        contract, body, titre="Comité passé", date=meeting_office.soon(-20), etat="tenue",
        compte_rendu="Dit <b>ceci</b>.\n\nEt cela.",
    )  # fmt: skip
    names = meeting_office.organisations(contract)
    office.fill(
        contract, "presences",
        {"reunion": past.number, "organisation": names["Ville de Lunéville"], "etat": "present",
         "nombre": 2, "femmes": 1, "hommes": 1},
        {"reunion": past.number, "organisation": names["Conseil citoyen"], "etat": "absent"},
    )  # fmt: skip
    office.fill(
        contract, "decisions",
        {"decision": "Écrire la charte", "reunion": past.number,
         "responsable": names["L’Été solidaire"], "echeance": meeting_office.soon(-2)},
    )  # fmt: skip
    office.fill(contract, "cycle", {"titre": "Comité de mars", "instance": body.number,
                                    "mois": "mars"})  # fmt: skip
    office.fill(contract, "echeances", {"quoi": "Feuille de route", "le": meeting_office.soon(5)})
    return contract, body, past


PAGES = [
    "agenda/", "agenda/?sorte=legale", "agenda/calendrier-legal/", "agenda/annee/",
    "agenda/annee/?annee=2027", "instances/", "instances/1/", "instances/assiduite/",
    "instances/assiduite/?annee=1999", "reunions/1/", "reunions/1/compte-rendu/",
]  # fmt: skip
MEMBERS_ONLY = {"agenda/annee/", "agenda/annee/?annee=2027"}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_who_holds_the_contract_and_for_nobody_else(
    web: Client, page: str
) -> None:
    contract, _, _ = _full()
    address = f"/espace/essai/{page}"
    answer = office.client_of(office.member(contract, "chargee_mission")).get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<h1" in text and "None" not in text and "{{" not in text
    assert web.get(address).status_code == 302
    assert office.client_of(office.person()).get(address).status_code == 403
    stranger = office.member(office.contract("autre"), "chargee_mission")
    assert office.client_of(stranger).get(address).status_code == 403
    citizen = office.client_of(office.member(contract, "conseiller_citoyen")).get(address)
    assert citizen.status_code == (403 if page in MEMBERS_ONLY else citizen.status_code)
    if page not in {*MEMBERS_ONLY, "reunions/1/compte-rendu/"}:
        assert citizen.status_code == 200
        assert "Enregistrer les présences" not in citizen.content.decode()


def test_the_agenda_tells_the_law_the_contract_and_the_tasks(web: Client) -> None:
    contract, _, _ = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    text = browser.get("/espace/essai/agenda/").content.decode()
    for words in ("Rapport annuel sur la politique de la ville", "L. 1111-2", "texte lu",
                  "Feuille de route", "Écrire la charte", "réunion à programmer",
                  "compte rendu à faire valider"):  # fmt: skip
        assert words in text, words


def test_a_deadline_is_met_and_its_day_is_set(web: Client) -> None:
    contract, _, _ = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    year = meeting_office.today().year
    address = "/espace/essai/agenda/tenue/"
    target = f"{year}-12-31"
    browser.post(address, {"regle": "rapport_annuel", "annee": str(year), "le": target})
    row = office.root(contract).rows("echeances")[-1]
    assert (row.get("regle"), row.get("le").isoformat()) == ("rapport_annuel", target)
    day = meeting_office.today().isoformat()
    browser.post(address, {"regle": "rapport_annuel", "annee": str(year), "fait_le": day})
    rows = [r for r in office.root(contract).rows("echeances") if r.get("regle")]
    assert len(rows) == 1 and rows[0].get("fait_le").isoformat() == day
    own = office.root(contract).rows("echeances")[0]
    browser.post(address, {"ligne": str(own.number), "fait_le": day})
    assert office.root(contract).row("echeances", own.number).get("fait_le")  # type: ignore[union-attr]


@pytest.mark.parametrize("sent", [
    {"regle": "inconnue", "annee": "2026", "fait_le": "2026-01-01"},
    {"regle": "rapport_annuel", "annee": "2026", "fait_le": "hier"},
    {"regle": "rapport_annuel", "annee": "2026", "fait_le": "2199-01-01"},
    {"ligne": "999", "fait_le": "2026-01-01"}, {"ligne": "1"}, {},
])  # fmt: skip
def test_a_wrong_form_of_a_deadline_writes_nothing(web: Client, sent: dict[str, str]) -> None:
    contract, _, _ = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    before = Journal.objects.count()
    assert browser.post("/espace/essai/agenda/tenue/", sent).status_code in (302, 404)
    assert Journal.objects.count() == before


def test_the_year_is_created_once_from_what_was_ticked(web: Client) -> None:
    contract, _, _ = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    year = meeting_office.today().year + 1
    address = "/espace/essai/agenda/annee/"
    assert not [r for r in office.root(contract).rows("reunions") if r.values["date"].year == year]
    sent = {"annee": str(year), "creer": ["1", "77"], "date-1": f"{year}-03-18"}
    for _ in range(2):
        assert browser.post(address, sent).status_code == 302
    made = [r for r in office.root(contract).rows("reunions") if r.values["date"].year == year]
    assert [(r.get("titre"), r.values["date"].isoformat()) for r in made] == [
        ("Comité de mars", f"{year}-03-18")
    ]
    wrong = browser.post(address, {**sent, "date-1": f"{year - 1}-03-18"})
    assert wrong.status_code == 409


def test_a_decision_becomes_a_task_of_the_structure_that_owes_it(web: Client) -> None:
    contract, _, past = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    names = meeting_office.organisations(contract)
    address = f"/espace/essai/reunions/{past.number}/decisions/"
    wrong = browser.post(address, {"decision": "Tenir la date", "echeance": "bientôt"})
    assert wrong.status_code == 409 and "Tenir la date" in wrong.content.decode()
    browser.post(
        address,
        {"decision": "Relancer", "responsable": str(names["Ville de Lunéville"]),
         "echeance": meeting_office.soon(3).isoformat()},
    )  # fmt: skip
    who = office.member(contract, "chef_projet", organisation=names["Ville de Lunéville"])
    told = [(one.text, one.level) for one in awaited(office.seen_by(contract, who))]
    assert ("Relancer", "attention") in told
    assert not [text for text, _ in told if text == "Écrire la charte"]
    other = office.member(contract, "porteur", organisation=names["L’Été solidaire"])
    late = [
        one for one in awaited(office.seen_by(contract, other)) if one.text == "Écrire la charte"
    ]
    assert late and late[0].level == "retard"


def test_minutes_are_public_once_approved_and_said_so(web: Client) -> None:
    contract, _, past = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    public = f"/contrat/essai/reunions/{past.number}/"
    address = f"/espace/essai/reunions/{past.number}/compte-rendu/"
    assert web.get(public).status_code == 404
    sent = {"version": "1", "compte_rendu": "Dit <b>ceci</b>.", "cr_public": "oui"}
    answer = browser.post(address, sent)
    assert answer.status_code == 409 and "une fois validé" in answer.content.decode()
    sent["valide_le"] = meeting_office.today().isoformat()
    assert browser.post(address, sent).status_code == 302
    page = web.get(public)
    assert page.status_code == 200 and "Dit &lt;b&gt;ceci" in page.content.decode()
    assert web.get(f"{public}compte-rendu.pdf").content.startswith(b"%PDF")
    listed = web.get("/contrat/essai/reunions/").content.decode()
    assert "Comité passé" in listed and public in listed
    assert "Comité technique d’été" not in listed, "meetings to come are not shown"


def test_two_texts_of_the_minutes_are_both_shown_and_none_is_lost(web: Client) -> None:
    contract, _, past = _full()
    one = office.client_of(office.member(contract, "chargee_mission", name="Une"))
    two = office.client_of(office.member(contract, "chargee_mission", name="Deux"))
    address = f"/espace/essai/reunions/{past.number}/compte-rendu/"
    assert one.post(address, {"version": "1", "compte_rendu": "Le texte d’Une"}).status_code == 302
    answer = two.post(address, {"version": "1", "compte_rendu": "Le texte de Deux"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Une" in page
    assert "Le texte de Deux</textarea>" in page and 'name="version" value="2"' in page
    assert two.post(address, {"version": "2", "compte_rendu": "Les deux"}).status_code == 302
    assert office.root(contract).row("reunions", past.number).get("compte_rendu") == "Les deux"  # type: ignore[union-attr]


def test_a_closed_browser_finds_its_minutes_again(web: Client) -> None:
    contract, _, past = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    base = f"/espace/essai/reunions/{past.number}/"
    kept = browser.post(f"{base}brouillon/", {"version": "1", "compte_rendu": "Commencé", "x": "y"})
    assert "Brouillon gardé" in kept.json()["dit"]
    assert "Commencé</textarea>" in browser.get(f"{base}compte-rendu/").content.decode()
    browser.post(f"{base}compte-rendu/", {"version": "1", "compte_rendu": "Fini"})
    assert "Commencé" not in browser.get(f"{base}compte-rendu/").content.decode()
    stranger = office.client_of(office.member(contract, "porteur"))
    assert stranger.post(f"{base}brouillon/", {"compte_rendu": "x"}).status_code == 403


def test_the_papers_of_a_meeting_open(web: Client) -> None:
    contract, _, past = _full()
    browser = office.client_of(office.member(contract, "conseiller_citoyen"))
    base = f"/espace/essai/reunions/{past.number}/"
    assert browser.get(f"{base}compte-rendu.pdf").content.startswith(b"%PDF")
    assert browser.get(f"{base}emargement.pdf").content.startswith(b"%PDF")
    text = browser.get(f"{base}compte-rendu.docx").content
    document = Document(io.BytesIO(text))
    assert "Dit <b>ceci</b>." in [p.text for p in document.paragraphs]
    assert b"METHOD:PUBLISH" in browser.get(f"{base}invitation.ics").content
    assert browser.get(f"{base}compte-rendu.odt").status_code == 404
    for name in ("compte-rendu.docx", "emargement.pdf", "invitation.ics"):
        assert office.client_of(office.person()).get(f"{base}{name}").status_code == 403


def test_the_template_of_the_body_is_used_and_a_wrong_one_is_told(web: Client) -> None:
    contract, body, past = _full()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    entry = Entry.objects.get(contract=contract, register="instances", number=body.number)

    def attach(text: str) -> None:
        stream = io.BytesIO()
        document = Document()
        document.add_paragraph(text)
        document.save(stream)
        Attachment.objects.create(
            entry=entry, name="Modele-compte-rendu.docx", size=1, sha256="",
            kind="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            file=ContentFile(stream.getvalue(), "modele.docx"),
        )  # fmt: skip

    address = f"/espace/essai/reunions/{past.number}/compte-rendu.docx"
    attach("Papier à en-tête, {{titre}}")
    document = Document(io.BytesIO(browser.get(address).content))
    assert [p.text for p in document.paragraphs] == ["Papier à en-tête, Comité passé"]
    attach("{{titr}}")
    answer = browser.get(address, follow=True)
    assert "n’existe pas" in answer.content.decode()


def test_the_feed_has_a_secret_address_that_can_be_shut(web: Client) -> None:
    contract, _, _ = _full()
    who = office.member(contract, "financeur")
    browser = office.client_of(who)

    def address() -> str:
        page = browser.get("/espace/essai/agenda/").content.decode()
        found = re.search(r'value="https?://[^/]+(/agenda/[^"]+\.ics)"', page)
        assert found
        return found[1]

    first = address()
    answer = web.get(first)
    assert answer.status_code == 200 and b"Comit" in answer.content
    assert b"VTIMEZONE" in answer.content and answer["Cache-Control"] == "private, no-store"
    browser.post("/espace/essai/agenda/abonnement/")
    assert web.get(first).status_code == 404
    second = address()
    assert second != first and web.get(second).status_code == 200
    who.is_active = False
    who.save()
    assert web.get(second).status_code == 404
    assert web.get("/agenda/rien.ics").status_code == 404


def test_a_member_who_leaves_loses_the_feed(web: Client) -> None:
    from django.utils import timezone

    from terril.web.espace.models import Membership
    from terril.web.gouvernance.feed import feed_token, space_of_feed

    contract, _, _ = _full()
    who = office.member(contract, "financeur")
    token = feed_token(office.seen_by(contract, who))
    assert space_of_feed(token) is not None
    Membership.objects.filter(person=who).update(until=timezone.now())
    assert space_of_feed(token) is None


def test_the_meeting_moves_on_from_its_screen(web: Client) -> None:
    contract, body, _ = _full()
    ahead = meeting_office.meeting(contract, body)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    address = f"/espace/essai/reunions/{ahead.number}/etat/"
    browser.post(address, {"etat": "annulee", "version": "1"})
    assert office.root(contract).row("reunions", ahead.number).get("etat") == "prevue"  # type: ignore[union-attr]
    browser.post(address, {"etat": "annulee", "version": "1", "motif": "Grève"})
    assert office.root(contract).row("reunions", ahead.number).get("etat") == "annulee"  # type: ignore[union-attr]


def test_the_desk_tells_who_holds_the_meetings_what_is_near(web: Client) -> None:
    contract, body, _ = _full()
    meeting_office.meeting(contract, body)
    space = office.seen_by(contract, office.member(contract, "chargee_mission"))
    texts = {one.text: one.level for one in awaited(space)}
    assert texts["Comité technique d’été\u00a0: à convoquer"] == "attention"
    assert texts["Feuille de route"] == "attention"
    assert texts["Comité passé\u00a0: compte rendu à faire valider"] == "attention"
    analyst = office.seen_by(contract, office.member(contract, "analyste"))
    assert not [one for one in awaited(analyst) if "Comité" in one.text]
