"""Does the board show what is late, do papers prove, does the public read only what it may?"""

from __future__ import annotations

import io
import re

import contrat_office
import office
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pptx import Presentation
from pypdf import PdfReader
from test_contract_tree_pages import keeper, read, words

from terril.web.espace.actions.attach_paper import attach_paper
from terril.web.espace.actions.move_row import move_row
from terril.web.espace.awaited import awaited

PDF = b"%PDF-1.4\n%%EOF"


def test_the_board_and_its_filters(web: Client) -> None:
    where = contrat_office.of_2015()
    browser = keeper(where)
    page = read(browser, "/espace/ancien/engagements/")
    text = words(page)
    assert "3 engagements, 1 en retard" in text
    assert "en retard de" in text and "Personne n’en répond" in text
    found = words(read(browser, "/espace/ancien/engagements/?responsable=2"))
    assert "2 sur 3" in found, "she answers for one, and for an action of another"
    assert "1 sur 3" in words(read(browser, "/espace/ancien/engagements/?retard=oui"))
    quarter = words(read(browser, "/espace/ancien/engagements/?quartier=2"))
    assert "2 sur 3" in quarter and "Un comité par an" not in quarter.split("Tout voir")[1]


def test_the_page_of_a_commitment_tells_its_actions_evidence_and_moves(web: Client) -> None:
    where = contrat_office.of_2015()
    row = office.root(where).row("engagements", 1)
    assert row is not None
    space = office.root(where)
    move_row(space, "engagements", 1, "abandonne", row.version, comment="Faute de « moyens »")
    text = words(read(keeper(where), "/espace/ancien/registres/engagements/1/"))
    assert "Où en est cet engagement Abandonné" in text
    assert "Réunion de juin" in text and "compte rendu interne" in text
    assert "Engagé → Abandonné" in text and "Faute de « moyens »" in text


def test_a_done_commitment_without_evidence_is_asked_for_it(web: Client) -> None:
    where = contrat_office.of_2024()
    office.fill(where, "engagements", {"numero": 1, "titre": "Fait", "etat": "realise",
                                       "fait": "oui"})  # fmt: skip
    browser = keeper(where)
    address = "/espace/nouveau/registres/engagements/1/"
    assert "Dit réalisé, sans preuve" in read(browser, address)
    attach_paper(office.root(where), "engagements", 1, SimpleUploadedFile("preuve.pdf", PDF))
    assert "Dit réalisé, sans preuve" not in read(browser, address)


def test_the_review_and_its_documents_say_the_same(web: Client) -> None:
    where = contrat_office.of_2015()
    row = office.root(where).row("engagements", 1)
    assert row is not None
    move_row(office.root(where), "engagements", 1, "abandonne", row.version, comment="sans suite")
    browser = keeper(where)
    page = read(browser, "/espace/ancien/engagements/revue/")
    assert "sans suite" in page and "Sans responsable" in page
    (pdf, pptx) = re.findall(r'href="(/espace/ancien/engagements/revue\.\w+\?[^"]+)"', page)
    answer = browser.get(pdf.replace("&amp;", "&"))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
    assert "sans suite" in text and "Un comité par an" in text
    answer = browser.get(pptx.replace("&amp;", "&"))
    assert answer["Content-Disposition"].endswith('.pptx"')
    slides = Presentation(io.BytesIO(answer.content)).slides
    assert any("sans suite" in s.text_frame.text for slide in slides for s in slide.shapes
               if s.has_text_frame)  # fmt: skip
    before = browser.get("/espace/ancien/engagements/revue/?du=2019-01-01&au=2019-12-31")
    assert "sans suite" not in before.content.decode()
    assert browser.get("/espace/ancien/engagements/revue.exe").status_code == 404


def test_what_awaits_each_person(web: Client) -> None:
    where = contrat_office.of_2015()
    town = office.seen_by(where, office.member(where, "chef_projet", organisation=1))
    told = [one.text for one in awaited(town)]
    assert any("Engagement 1. Un comité par an" in text for text in told)
    assert not any("Réunion de juin" in text for text in told), "another answers for it"
    other = office.seen_by(where, office.member(where, "chef_projet", organisation=2))
    assert any("Réunion de juin" in one.text for one in awaited(other))
    head = office.seen_by(where, office.member(where, "chargee_mission"))
    texts = [one.text for one in awaited(head)]
    assert "1 engagement est en retard" in texts
    assert "1 engagement n’a pas de responsable" in texts


def test_the_three_year_update_awaits_the_one_who_keeps_the_contract(web: Client) -> None:
    where = contrat_office.of_2024()
    head = office.seen_by(where, office.member(where, "chargee_mission"))
    head.__dict__["today"] = contrat_office.D(2026, 11, 24)
    assert any("actualisation triennale" in one.text for one in awaited(head))
    other = office.seen_by(where, office.member(where, "porteur", organisation=3))
    other.__dict__["today"] = contrat_office.D(2026, 11, 24)
    assert not any("actualisation" in one.text for one in awaited(other))


def test_everybody_reads_the_tree_in_plain_words(web: Client) -> None:
    contrat_office.of_2015()
    page = read(web, "/contrat/ancien/")
    text = words(page)
    assert "Garantir aux habitants des quartiers défavorisés" in text
    assert "Des enfants en retard." in text and "Fort Mobilité." in text
    assert "Ancien enjeu" not in text, "the last evaluation only"
    assert "note interne" not in page and "accordé" not in page and "2018-1" not in page
    assert "Contrat initial" in text and "/espace/" not in page.split("<main")[1].split("</main")[0]


def test_everybody_reads_only_the_promises_that_are_shown(web: Client) -> None:
    where = contrat_office.of_2015()
    space = office.root(where)
    attach_paper(space, "engagements_actions", 2, SimpleUploadedFile("lu.pdf", PDF), public=True)
    attach_paper(space, "engagements_actions", 2, SimpleUploadedFile("secret.pdf", PDF))
    attach_paper(space, "engagements", 2, SimpleUploadedFile("accord.pdf", PDF), public=True)
    page = read(web, "/contrat/ancien/engagements/")
    text = words(page)
    assert "2 engagements des signataires, dont 1 tenu." in text
    assert "La promesse cachée" not in page and "note interne" not in page
    assert "Le référentiel." in text and "compte rendu interne" not in page
    assert "lu.pdf" in page and "accord.pdf" in page and "secret.pdf" not in page
    for address in re.findall(r'href="(/contrat/ancien/pieces/\d+/)"', page):
        assert web.get(address).status_code == 200
    assert "En cours" in text, "« Engagé » is said in plain words"


def test_the_public_door_of_one_contract_and_of_two(web: Client) -> None:
    assert "Aucun contrat" in read(web, "/contrat/")
    contrat_office.of_2024()
    assert web.get("/contrat/")["Location"] == "/contrat/nouveau/"
    office.contract("second")
    text = words(read(web, "/contrat/"))
    assert "Contrat de ville de Second" in text and "Contrat de ville de Nouveau" in text
    assert "n’est pas encore publiée" in words(read(web, "/contrat/second/"))
    assert "Aucun engagement" in words(read(web, "/contrat/second/engagements/"))
    assert web.get("/contrat/absent/").status_code == 404
    assert web.get("/contrat/absent/engagements/").status_code == 404
