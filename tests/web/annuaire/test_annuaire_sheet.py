"""Does a structure keep its sheet and its offers in one page, and does the team read them over?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import office
import sheets_bench as bench
from django.test import Client

from terril.web.espace.awaited import awaited
from terril.web.espace.models import Draft, Entry, Revision

EDIT = f"{bench.BASE}fiches/3/modifier/"


def _values(register: str, number: int) -> dict[str, Any]:
    return dict(Entry.objects.get(register=register, number=number).values)


def test_one_page_saves_the_sheet_and_the_offers(web: Client) -> None:
    contract = bench.directory()
    _, porteur, _ = bench.three(contract)
    sent = bench.form(
        contract, porteur, 3,
        presentation="Nouveau texte, d’ici.",
        **{"offre-1-quand": "jeudi", "offre-2-retirer": "oui",
           "offre-nouvelle-intitule": "Sorties à L’Île d’Or",
           "offre-nouvelle-themes": ["lien_social"], "offre-nouvelle-quartiers": ["2", "3"],
           "offre-nouvelle-publiee": "oui"},
    )  # fmt: skip
    assert office.client_of(porteur).post(EDIT, sent)["Location"] == EDIT
    sheet = _values("operateurs", 1)
    assert sheet["presentation"] == "Nouveau texte, d’ici."
    assert sheet["etat"] == "modifiee" and sheet["a_jour_le"] == dt.date.today().isoformat()
    assert "remarques" not in sheet, "the remark was answered"
    assert _values("offres", 1)["quand"] == "jeudi"
    assert Entry.objects.get(register="offres", number=2).archived
    made = _values("offres", 5)
    assert made["organisation"] == 3 and made["quartiers"] == [2, 3]
    page = web.get(f"{bench.PUBLIC}structures/3/").content.decode()
    assert "Sorties à L’Île d’Or" in page and "Nouveau texte" in page


def test_a_folded_offer_never_stops_the_browser(web: Client) -> None:
    contract = bench.directory()
    _, porteur, _ = bench.three(contract)
    page = office.client_of(porteur).get(EDIT).content.decode()
    folded = page[page.index("<details") : page.index("Enregistrer la fiche")]
    assert " required" not in folded and "Intitulé (obligatoire)" in folded


def test_saving_without_a_change_only_says_it_was_seen(web: Client) -> None:
    contract = bench.directory()
    _, porteur, _ = bench.three(contract)
    office.client_of(porteur).post(EDIT, bench.form(contract, porteur, 3))
    assert _values("operateurs", 1)["etat"] == "publiee"
    assert Revision.objects.filter(entry__register="offres", entry__number=1).count() == 1


def test_what_is_wrong_is_told_by_offer_and_nothing_is_written(web: Client) -> None:
    contract = bench.directory()
    _, porteur, _ = bench.three(contract)
    sent = bench.form(
        contract, porteur, 3, presentation="Perdu ?",
        **{"offre-1-intitule": "", "courriel_accueil": "pas une adresse",
           "offre-nouvelle-description": "sans titre ni thème"},
    )  # fmt: skip
    answer = office.client_of(porteur).post(EDIT, sent)
    page = answer.content.decode()
    assert answer.status_code == 400 and "Perdu ?" in page and "pas une adresse" in page
    assert 'href="#champ-courriel_accueil"' in page
    sent["courriel_accueil"] = ""
    page = office.client_of(porteur).post(EDIT, sent).content.decode()
    assert 'href="#champ-offre-1-intitule"' in page and "Jardin d’insertion" in page
    assert _values("operateurs", 1)["presentation"].startswith("Nous jardinons")
    assert Entry.objects.filter(register="offres").count() == 4


def test_two_people_on_the_same_sheet_lose_nothing(web: Client) -> None:
    contract = bench.directory()
    mission, porteur, _ = bench.three(contract)
    hers = bench.form(contract, porteur, 3, presentation="La structure écrit ceci.",
                      **{"offre-1-lieu": "Salle verte"})  # fmt: skip
    theirs = bench.form(
        contract, mission, 3, presentation="L’équipe écrit cela.", horaires="jamais"
    )
    assert office.client_of(mission).post(EDIT, theirs).status_code == 302
    browser = office.client_of(porteur)
    answer = browser.post(EDIT, hers)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Camille Mission" in page
    assert "Le texte de Camille Mission" in page and "ceci" in page
    assert _values("operateurs", 1)["presentation"] == "L’équipe écrit cela."
    assert _values("offres", 1).get("lieu") is None, "nothing was written"
    form = answer.context["part"]
    fields = {f.name: f.value for s in form.sections for f in s.fields}
    assert fields["presentation"] == "La structure écrit ceci." and fields["horaires"] == "jamais"
    again = {**hers, **fields, "version": str(form.base)}
    again = {name: value for name, value in again.items() if value != ""}
    assert browser.post(EDIT, again).status_code == 302
    sheet = _values("operateurs", 1)
    assert sheet["presentation"] == "La structure écrit ceci." and sheet["horaires"] == "jamais"
    assert _values("offres", 1)["lieu"] == "Salle verte"


def test_changes_in_different_columns_are_put_together(web: Client) -> None:
    contract = bench.directory()
    mission, porteur, _ = bench.three(contract)
    hers = bench.form(contract, porteur, 3, presentation="Écrit par la structure.")
    office.client_of(mission).post(EDIT, bench.form(contract, mission, 3, horaires="le soir"))
    assert office.client_of(porteur).post(EDIT, hers).status_code == 302
    sheet = _values("operateurs", 1)
    assert (sheet["presentation"], sheet["horaires"]) == ("Écrit par la structure.", "le soir")


def test_a_draft_comes_back_and_is_forgotten(web: Client) -> None:
    contract = bench.directory()
    _, porteur, _ = bench.three(contract)
    browser = office.client_of(porteur)
    sent = bench.form(contract, porteur, 3, presentation="En cours…",
                      **{"offre-nouvelle-intitule": "Idée", "garder": "oui"})  # fmt: skip
    assert browser.post(EDIT, sent).status_code == 302
    page = browser.get(EDIT).content.decode()
    assert "En cours…" in page and "Idée" in page and "est repris" in page
    assert page.count('<details class="fiche-offre" open>') == 1, "the new offer was begun"
    assert "En cours…" not in web.get(f"{bench.PUBLIC}structures/3/").content.decode()
    sent.pop("garder")
    browser.post(EDIT, {**sent, "oublier": "oui"})
    assert not Draft.objects.exists()
    assert "En cours…" not in browser.get(EDIT).content.decode()


def test_the_draft_of_a_first_sheet_is_that_of_its_structure(web: Client) -> None:
    contract = bench.directory()
    office.fill(contract, "organisations", {"nom": "Le Phare", "nature": "association"})
    mission = office.member(contract, "chargee_mission")
    browser = office.client_of(mission)
    sent = {"presentation": "Pour Écully seulement", "structure": "2", "garder": "oui"}
    browser.post(f"{bench.BASE}fiches/2/modifier/", sent)
    assert "Pour Écully" in browser.get(f"{bench.BASE}fiches/2/modifier/").content.decode()
    assert "Pour Écully" not in browser.get(f"{bench.BASE}fiches/5/modifier/").content.decode()


def test_a_first_sheet_is_written_read_over_and_published(web: Client) -> None:
    contract = bench.directory()
    mission = office.client_of(office.member(contract, "chargee_mission"))
    porteur = office.member(contract, "porteur", organisation=2)
    hers = office.client_of(porteur)
    edit = f"{bench.BASE}fiches/2/modifier/"
    assert [one.text for one in awaited(office.seen_by(contract, porteur))] == [
        "Ville d’Écully n’a pas encore de fiche dans l’annuaire."
    ]
    assert hers.get(f"{bench.BASE}ma-fiche/")["Location"] == edit
    sent = bench.form(contract, porteur, 2, presentation="La mairie.")
    assert hers.post(edit, sent).status_code == 302
    assert hers.post(f"{bench.BASE}fiches/2/publication/").status_code == 302
    assert web.get(f"{bench.PUBLIC}structures/2/").status_code == 404
    page = mission.get(bench.BASE).content.decode()
    assert "Ville d’Écully" in page and "demande à paraître" in page
    version = Entry.objects.get(register="operateurs", number=4).version
    read = f"{bench.BASE}fiches/2/relue/"
    told = mission.post(read, {"faire": "publier", "version": str(version - 1)}, follow=True)
    assert "a changé pendant que vous la lisiez" in told.content.decode()
    mission.post(read, {"faire": "renvoyer", "version": str(version), "remarques": "Et l’heure ?"})
    assert _values("operateurs", 4)["etat"] == "brouillon"
    assert "demande de compléter" in awaited(office.seen_by(contract, porteur))[0].text
    assert "Et l’heure ?" in hers.get(edit).content.decode()
    hers.post(edit, bench.form(contract, porteur, 2, horaires="9 h"))
    hers.post(f"{bench.BASE}fiches/2/publication/")
    version = Entry.objects.get(register="operateurs", number=4).version
    mission.post(read, {"faire": "publier", "version": str(version)})
    assert web.get(f"{bench.PUBLIC}structures/2/").status_code == 200
    assert awaited(office.seen_by(contract, porteur)) == []


def test_an_old_sheet_is_recalled_to_its_structure_and_shown_as_old(web: Client) -> None:
    contract = bench.directory()
    mission, porteur, citizen = bench.three(contract)
    from terril.web.espace.actions.change_row import change_row

    old = {"a_jour_le": dt.date.today() - dt.timedelta(days=800), "remarques": None}
    change_row(office.root(contract), "operateurs", 1, old, 1)
    (one,) = awaited(office.seen_by(contract, porteur))
    assert one.level == "retard" and "n’a pas été revue depuis le" in one.text
    assert awaited(office.seen_by(contract, citizen)) == []
    assert "1 fiche de l’annuaire est à relire." in [
        one.text for one in awaited(office.seen_by(contract, mission))
    ]
    assert "elle date" in web.get(f"{bench.PUBLIC}structures/3/").content.decode()
    office.client_of(porteur).post(f"{bench.BASE}fiches/3/exacte/")
    assert awaited(office.seen_by(contract, porteur)) == []
    assert _values("operateurs", 1)["etat"] == "publiee"


def test_structures_that_stand_twice_are_shown(web: Client) -> None:
    contract = bench.directory()
    office.fill(contract, "organisations", {"nom": "L’été solidaires", "nature": "association"})
    mission, _, _ = bench.three(contract)
    page = office.client_of(mission).get(f"{bench.BASE}doublons/").content.decode()
    assert "Même nom" in page and "registres/organisations/5/" in page and "3 offres" in page


def test_the_panel_leads_to_both_pages(web: Client) -> None:
    contract = bench.directory()
    mission, _, citizen = bench.three(contract)
    row = "/espace/essai/registres/operateurs/1/"
    page = office.client_of(mission).get(row).content.decode()
    assert EDIT in page and f"{bench.PUBLIC}structures/3/" in page
    page = office.client_of(citizen).get(row).content.decode()
    assert EDIT not in page and f"{bench.PUBLIC}structures/3/" in page
    answer = office.client_of(mission).get("/espace/essai/registres/offres/resultats/")
    assert "Où aucune offre n’est connue" in answer.content.decode()
