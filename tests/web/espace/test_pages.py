"""Do the pages of the workspace open, and does a form do what it says?"""

from __future__ import annotations

import office
from django.test import Client

from terril.web.espace.models import Draft, Entry

LONG = "Les Hauts De Liévin - Résidence Des Provinces - Cités 9-9bis"


def test_each_page_opens(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    base = "/espace/essai/"
    for page in (
        "", "registres/", "registres/organisations/", "registres/organisations/1/",
        "registres/organisations/ajouter/", "registres/organisations/1/modifier/",
        "registres/organisations/1/historique/", "registres/organisations/importer/",
        "registres/quartiers/?communes=1&tri=-nom&mots=hauts", "membres/", "journal/",
        "registres/organisations/?archives=oui",
    ):  # fmt: skip
        answer = browser.get(base + page)
        assert answer.status_code == 200, page
        assert answer["Cache-Control"] == "private, no-store"
    assert browser.get("/espace/")["Location"] == base
    for page in (
        "registres/absent/",
        "registres/organisations/99/",
        "registres/communes/resultats/",
    ):
        assert browser.get(base + page).status_code == 404, page


def test_a_form_adds_then_changes_a_row(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    place = "/espace/essai/registres/quartiers/"
    answer = browser.post(
        place + "ajouter/", {"nom": LONG, "code": "QP000009", "type": "qpv", "communes": ["1", "2"]}
    )
    assert answer["Location"] == place + "4/"
    page = browser.get(place + "4/").content.decode()
    assert LONG in page and "Lunéville" in page and "Écully" in page
    sent = {"nom": LONG, "code": "QP000009", "type": "vecu", "communes": "2", "version": "1"}
    assert browser.post(place + "4/modifier/", sent).status_code == 302
    assert Entry.objects.get(register="quartiers", number=4).values["communes"] == [2]
    assert "Quartier vécu" in browser.get(place + "4/historique/").content.decode()


def test_what_is_wrong_is_shown_with_what_was_typed(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    answer = browser.post(
        "/espace/essai/registres/organisations/ajouter/",
        {"nom": "L’Été <b>", "nature": "", "siret": "123", "communes": "x"},
    )
    page = answer.content.decode()
    assert answer.status_code == 400 and "L’Été &lt;b&gt;" in page and 'value="123"' in page
    assert "Rien n’est enregistré encore" in page and not Entry.objects.filter(number=4).exists()


def test_two_forms_at_once_show_both_texts(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    first = office.client_of(office.member(contract, "chargee_mission", name="Première"))
    second = office.client_of(office.member(contract, "chargee_mission", name="Seconde"))
    place = "/espace/essai/registres/organisations/3/"
    base = {"nom": "L’Été solidaire", "nature": "association", "version": "1"}
    assert first.post(place + "modifier/", {**base, "remarques": "Un texte"}).status_code == 302
    answer = second.post(place + "modifier/", {**base, "remarques": "Un autre", "sigle": "LES"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Première" in page
    assert "Un" in page and "autre" in page and 'name="version" value="2"' in page
    assert Draft.objects.get().fields["remarques"] == ["Un autre"], "kept while she chooses"
    sent = {**base, "version": "2", "remarques": "Un texte, et un autre", "sigle": "LES"}
    assert second.post(place + "modifier/", sent).status_code == 302
    values = Entry.objects.get(register="organisations", number=3).values
    assert (values["remarques"], values["sigle"]) == ("Un texte, et un autre", "LES")
    assert not Draft.objects.exists()


def test_a_draft_waits_for_its_author_alone(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    author = office.client_of(office.member(contract, "chargee_mission"))
    other = office.client_of(office.member(contract, "chargee_mission"))
    form = "/espace/essai/registres/organisations/3/modifier/"
    typed = {"formulaire": "organisations/3", "version": "1", "remarques": "é" * 10_000}
    answer = author.post("/espace/essai/brouillon/", typed)
    assert answer.status_code == 200 and "gardé" in answer.json()["dit"]
    assert "é" * 10_000 in author.get(form).content.decode()
    assert "é" * 10_000 not in other.get(form).content.decode()
    assert "brouillon" in author.get("/espace/essai/").content.decode()
    author.post("/espace/essai/brouillon/oublier/", {"formulaire": "organisations/3"})
    assert "é" * 10_000 not in author.get(form).content.decode()


def test_a_draft_of_nothing_or_out_of_size_is_refused(web: Client) -> None:
    contract = office.contract()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    for key in ("absent/1", "organisations/x", ""):
        assert browser.post("/espace/essai/brouillon/", {"formulaire": key}).status_code == 400
    huge = {"formulaire": "organisations/nouveau", "remarques": "x" * 500_000}
    assert browser.post("/espace/essai/brouillon/", huge).status_code == 413
    assert not Draft.objects.exists()
