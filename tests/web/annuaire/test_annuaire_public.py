"""Does everybody find what is published in the directory, and nothing else?"""

from __future__ import annotations

import re

import office
import pytest
import sheets_bench as bench
from django.test import Client

from terril.reports.engine import page_count
from terril.web.annuaire import leaflets

HIDDEN = (*bench.SECRETS, "Potager caché", "Chantier fini", "Brouillon de la ville", "Atelier bois")


def test_the_search_finds_and_counts(web: Client) -> None:
    bench.directory()
    page = web.get(bench.PUBLIC).content.decode()
    assert "1 offre de 1 structure" in page and "L’Été solidaire" in page
    for asked in ("mots=jardin", "mots=JARDINS&theme=emploi", "quartier=QP000001", "gratuit=oui",
                  "commune=54329&age=jeunes&public=femmes", "mots=insertoin"):  # fmt: skip
        page = web.get(f"{bench.PUBLIC}?{asked}").content.decode()
        assert "Jardin d’insertion" in page, asked
    assert "le mot «\u00a0insertoin\u00a0»" in page and "«\u00a0insertion\u00a0»" in page


def test_an_answer_that_is_empty_says_what_to_do(web: Client) -> None:
    bench.directory()
    answer = web.get(f"{bench.PUBLIC}?mots=piscine&theme=emploi")
    page = answer.content.decode()
    assert answer.status_code == 200 and "Aucun résultat" in page
    assert 'href="?theme=emploi"' in page, "the address without the word"
    assert "qu’il ne connaît pas encore" in page


def test_choices_that_do_not_exist_are_as_not_asked(web: Client) -> None:
    bench.directory()
    asked = "theme=rien&quartier=QP9&age=<b>&public=chats&page=99&commune=%00"
    page = web.get(f"{bench.PUBLIC}?{asked}").content.decode()
    assert "1 offre de 1 structure" in page


def test_the_sheet_shows_its_public_columns(web: Client) -> None:
    bench.directory()
    page = web.get(f"{bench.PUBLIC}structures/3/").content.decode()
    for shown in ("&lt;ensemble&gt; &amp; sans", "accueil@ete",
                  "03\u00a083\u00a000\u00a000\u00a000",
                  "lundi<br>mardi", "Jardin d’insertion", "Les Hauts", "Gratuit"):  # fmt: skip
        assert shown in page, shown


def test_a_stranger_never_sees_what_is_not_published(web: Client) -> None:
    bench.directory()
    pages = [
        web.get(bench.PUBLIC), web.get(f"{bench.PUBLIC}?mots=potager"),
        web.get(f"{bench.PUBLIC}?mots=secret"), web.get(f"{bench.PUBLIC}?theme=culture"),
        web.get(f"{bench.PUBLIC}structures/3/"), web.get(f"{bench.PUBLIC}livret/"),
    ]  # fmt: skip
    for answer in pages:
        assert answer.status_code == 200
        text = answer.content.decode()
        assert not [hidden for hidden in HIDDEN if f">{hidden}" in text or f" {hidden}" in text]
        assert not re.search(r"secret@|06.00.00.00.00|Prénom Secret|préciser encore", text)
    for organisation in (1, 2, 4, 99):
        answer = web.get(f"{bench.PUBLIC}structures/{organisation}/")
        assert answer.status_code == 404


@pytest.mark.parametrize("state", ["retiree", "brouillon"])
def test_a_sheet_that_is_withdrawn_is_gone_at_once(web: Client, state: str) -> None:
    contract = bench.directory()
    space = office.root(contract)
    from terril.web.espace.actions.move_row import move_row

    assert web.get(f"{bench.PUBLIC}structures/3/").status_code == 200
    row = space.row("operateurs", 1)
    assert row is not None
    move_row(space, "operateurs", 1, "retiree", row.version)
    if state == "brouillon":
        row = move_row(space, "operateurs", 1, "a_relire", row.version + 1)
        move_row(space, "operateurs", 1, "brouillon", row.version)
    assert web.get(f"{bench.PUBLIC}structures/3/").status_code == 404
    assert "L’Été solidaire" not in web.get(bench.PUBLIC).content.decode()


def test_the_booklet_is_a_pdf_or_says_why_not(web: Client) -> None:
    bench.directory()
    answer = web.get(f"{bench.PUBLIC}livret.pdf?theme=emploi")
    assert answer["Content-Type"] == "application/pdf" and page_count(answer.content) == 5
    assert "livret-emploi-" in answer["Content-Disposition"]
    answer = web.get(f"{bench.PUBLIC}livret.pdf?theme=sport")
    assert answer.status_code == 400
    assert "Aucune offre publiée ne répond" in answer.content.decode()


def test_a_press_that_is_taken_says_so(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.directory()
    monkeypatch.setattr(leaflets, "_PATIENCE", 0.01)
    with leaflets._PRESS:
        answer = web.get(f"{bench.PUBLIC}livret.pdf?theme=emploi")
    assert answer.status_code == 503 and "Réessayez" in answer.content.decode()
    assert web.get(f"{bench.PUBLIC}livret.pdf?theme=emploi").status_code == 200


def test_one_contract_opens_at_once_several_are_listed(web: Client) -> None:
    assert "pas encore d’annuaire" in web.get("/annuaire/").content.decode()
    bench.directory()
    assert web.get("/annuaire/")["Location"] == bench.PUBLIC
    office.contract("autre")
    page = web.get("/annuaire/").content.decode()
    assert "/annuaire/autre/" in page and bench.PUBLIC in page
    assert web.get("/annuaire/absent/").status_code == 404
    assert "pas encore de fiche publiée" in web.get("/annuaire/autre/").content.decode()


def test_a_contract_shows_nothing_of_another(web: Client) -> None:
    bench.directory()
    other = office.contract("autre")
    office.fill(other, "organisations", {"nom": "Ailleurs", "nature": "association"})
    assert web.get("/annuaire/autre/structures/3/").status_code == 404


def test_where_an_offer_is_for_is_said_in_french(web: Client) -> None:
    contract = bench.directory()
    offer = {"organisation": 3, "themes": ("sante", "droits"), "publiee": True}
    office.fill(
        contract, "offres",
        {**offer, "intitule": "Une", "communes": (2,)},
        {**offer, "intitule": "Deux", "communes": (1, 2)},
        {**offer, "intitule": "Toutes"},
    )  # fmt: skip
    page = web.get(f"{bench.PUBLIC}structures/3/").content.decode()
    for said in ("Santé · Accès aux droits", "Pour toute la commune d’Écully.",
                 "Pour les communes de Lunéville et d’Écully.", "Pour toute l’agglomération.",
                 "Pour Les Hauts."):  # fmt: skip
        assert said in page, said


def test_each_page_has_one_heading_and_no_id_twice(web: Client) -> None:
    contract = bench.directory()
    mission, porteur, _ = bench.three(contract)
    pages = [
        (web, bench.PUBLIC), (web, f"{bench.PUBLIC}?mots=jardin&theme=emploi"),
        (web, f"{bench.PUBLIC}structures/3/"), (web, f"{bench.PUBLIC}livret/"),
        (office.client_of(mission), bench.BASE),
        (office.client_of(mission), f"{bench.BASE}doublons/"),
        (office.client_of(mission), f"{bench.BASE}fiches/4/"),
        (office.client_of(porteur), f"{bench.BASE}fiches/3/modifier/"),
    ]  # fmt: skip
    for browser, address in pages:
        page = browser.get(address).content.decode()
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), (address, {i for i in ids if ids.count(i) > 1})
        assert page.count("<h1") == 1, address
        for named in re.findall(r' (?:for|aria-labelledby|aria-describedby)="([^"]+)"', page):
            assert set(named.split()) <= set(ids), (address, named)
