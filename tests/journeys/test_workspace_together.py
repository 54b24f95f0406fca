"""Is nothing lost: two people in one row, a closed browser, no script, no mouse, a small screen?"""

from __future__ import annotations

import io
import re
from contextlib import suppress
from typing import Any, Final

import pypdf
import pytest
from playwright.sync_api import Error, Page, Route, expect
from test_each_page import OVERFLOW, violations
from test_readers import press_until
from workspace_in_browser import SCREEN, Workspace

NEW: Final = "registres/organisations/ajouter/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def added(workspace: Workspace, name: str, **options: Any) -> str:
    """Add a structure without a script; return its address."""
    seat = workspace.open("mission", scripts=False, **options)
    page = seat.page
    page.goto(workspace.root + NEW)
    page.get_by_label("Nom (obligatoire)").fill(name)
    page.get_by_label("Nature (obligatoire)").select_option(label="Association")
    page.get_by_label("Remarques").fill("Un texte de départ.")
    press(page, "Enregistrer")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    address = page.url
    seat.close()
    return address


# ------------------------------------------------------------------ two people, one row


@pytest.mark.parametrize("scripts", [True, False])
def test_two_people_change_the_same_row_and_nothing_is_lost(
    workspace: Workspace, scripts: bool
) -> None:
    row = added(workspace, f"L’Écho d’à deux, {'avec' if scripts else 'sans'} script")
    first = workspace.open("mission", scripts=scripts)
    second = workspace.open("seconde", scripts=scripts)
    second.watch.expected.add(409)
    for seat in (first, second):
        seat.page.goto(f"{row}modifier/")
    first.page.get_by_label("Remarques").fill("Un texte de départ, puis celui de Camille.")
    first.page.get_by_label("Sigle").fill("EAD")
    press(first.page, "Enregistrer")
    page = second.page
    page.get_by_label("Remarques").fill("Le texte de Dominique.")
    page.get_by_label("Téléphone").fill("03 21 00 00 00")
    press(page, "Enregistrer")

    # who, what, both texts; nothing is saved behind anybody’s back
    expect(page.get_by_role("alert")).to_contain_text("Camille Mission a modifié la même chose")
    theirs, mine = page.locator(".ecrit").nth(0), page.locator(".ecrit").nth(1)
    expect(theirs).to_contain_text("celui de Camille")
    expect(mine).to_contain_text("Dominique")
    if scripts:
        assert violations(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate(OVERFLOW) == []
    kept = page.get_by_role("textbox", name="Remarques")
    expect(kept).to_have_value("Le texte de Dominique.")
    kept.fill("Le texte de Dominique, puis celui de Camille.")
    press(page, "Enregistrer")
    main = page.locator("main")
    expect(main).to_contain_text("Le texte de Dominique, puis celui de Camille.")
    expect(main).to_contain_text("EAD")  # hers alone
    expect(main).to_contain_text("03 21 00 00 00")
    page.get_by_role("link", name="Historique").click()
    told = page.locator(".etapes").inner_text()
    assert "Camille Mission" in told and "Dominique Renfort" in told
    assert "celui de Camille" in told
    for seat in (first, second):
        seat.close()


def test_two_people_in_different_columns_meet_no_question(workspace: Workspace) -> None:
    row = added(workspace, "L’Accord")
    first, second = workspace.open("mission"), workspace.open("seconde")
    for seat in (first, second):
        seat.page.goto(f"{row}modifier/")
    first.page.get_by_label("Sigle").fill("LA")
    press(first.page, "Enregistrer")
    second.page.get_by_label("Adresse", exact=True).fill("1 rue de l’Épinette")
    press(second.page, "Enregistrer")
    expect(second.page.locator(".faits").first).to_contain_text("LA")
    expect(second.page.locator("main")).to_contain_text("1 rue de l’Épinette")
    for seat in (first, second):
        seat.close()


def test_two_people_write_the_minutes_and_both_texts_are_shown(workspace: Workspace) -> None:
    place = f"{workspace.root}reunions/{workspace.facts['reunion']}/compte-rendu/"
    first, second = workspace.open("mission"), workspace.open("seconde")
    second.watch.expected.add(409)
    for seat, text in ((first, "La séance s’ouvre."), (second, "Le quorum est atteint.")):
        seat.page.goto(place)
        seat.page.get_by_label("Texte").fill(text)
    press(first.page, "Enregistrer")
    page = second.page
    press(page, "Enregistrer")
    expect(page.get_by_role("alert")).to_contain_text("Camille Mission")
    expect(page.locator(".ecrit").nth(0)).to_contain_text("La séance s’ouvre.")
    expect(page.get_by_label("Texte", exact=True)).to_have_value("Le quorum est atteint.")
    assert violations(page) == []
    page.get_by_label("Texte", exact=True).fill("La séance s’ouvre. Le quorum est atteint.")
    press(page, "Enregistrer")
    expect(page.get_by_role("region", name="Compte rendu")).to_contain_text(
        "La séance s’ouvre. Le quorum est atteint."
    )
    for seat in (first, second):
        seat.close()


def test_a_form_that_is_clicked_twice_adds_one_row(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    page = seat.page
    page.goto(f"{workspace.root}registres/besoins/ajouter/")
    page.get_by_label("En quelques mots").fill("Une seule fois")
    page.get_by_label("Reçu le").fill("2026-09-01")
    page.get_by_role("button", name="Enregistrer", exact=True).evaluate(
        "button => { button.click(); setTimeout(() => button.click(), 25); }"
    )
    page.wait_for_url(re.compile(r"/besoins/\d+/$"))
    page.goto(f"{workspace.root}registres/besoins/?mots=seule")
    expect(page.locator("tbody tr")).to_have_count(1)
    seat.close()


def test_a_draft_on_its_way_does_not_outlive_what_is_saved(workspace: Workspace) -> None:
    """The form is sent while its draft travels, slowly."""
    row = added(workspace, "L’Escargot")
    seat = workspace.open("mission")
    page = seat.page

    def slow(route: Route) -> None:
        page.wait_for_timeout(600)
        answer = route.fetch()  # it arrives, whatever becomes of the page
        with suppress(Error):
            route.fulfill(response=answer)

    page.route("**/brouillon/", slow)
    page.goto(f"{row}modifier/")
    with page.expect_request("**/brouillon/"):
        page.get_by_label("Remarques").fill("Un texte enregistré.")
    press(page, "Enregistrer")
    expect(page.locator("main")).to_contain_text("Un texte enregistré.")
    page.wait_for_timeout(700)
    page.goto(f"{row}modifier/")
    assert page.get_by_text("brouillon du").count() == 0
    seat.close()


# ------------------------------------------------------------------ a closed browser


def test_what_was_typed_waits_after_the_browser_is_closed(workspace: Workspace) -> None:
    text = "L’été s’achève ; « rien » n’est perdu. " * 30
    seat = workspace.open("seconde")
    seat.page.goto(workspace.root + NEW)
    seat.page.get_by_label("Nom (obligatoire)").fill("Structure à moitié écrite")
    with seat.page.expect_response(lambda answer: "brouillon" in answer.url):
        seat.page.get_by_label("Remarques").fill(text)
    expect(seat.page.locator("[data-etat-brouillon]")).to_contain_text("Brouillon gardé")
    # the last words, typed just before she leaves, are sent as the page goes
    seat.page.get_by_label("Sigle").fill("SME")
    seat.page.goto("about:blank")
    seat.page.wait_for_timeout(300)
    seat.close()

    again = workspace.open("seconde", phone=True)
    page = again.page
    page.goto(workspace.root)
    page.get_by_role("link", name="nouvelle ligne").tap()
    expect(page.get_by_role("status").first).to_contain_text("brouillon")
    expect(page.get_by_label("Nom (obligatoire)")).to_have_value("Structure à moitié écrite")
    expect(page.get_by_label("Remarques")).to_have_value(text)
    expect(page.get_by_label("Sigle")).to_have_value("SME")
    # another person does not see it; she drops it
    other = workspace.open("mission")
    other.page.goto(workspace.root + NEW)
    expect(other.page.get_by_label("Nom (obligatoire)")).to_have_value("")
    other.close()
    page.get_by_role("button", name="Oublier ce brouillon").tap()
    expect(page.get_by_label("Nom (obligatoire)")).to_have_value("")
    again.close()


def test_without_a_script_a_draft_is_kept_by_its_button(workspace: Workspace) -> None:
    row = added(workspace, "L’Ardoise")
    seat = workspace.open("mission", scripts=False)
    page = seat.page
    page.goto(f"{row}modifier/")
    page.get_by_label("Nom (obligatoire)").fill("")  # what may not be saved may be kept
    page.get_by_label("Remarques").fill("À finir demain.")
    press(page, "Garder en brouillon")
    expect(page.get_by_role("status").first).to_contain_text("Brouillon gardé")
    expect(page.locator(".faits").first).to_contain_text("L’Ardoise")
    page.get_by_role("link", name="Modifier", exact=True).click()
    expect(page.get_by_label("Remarques")).to_have_value("À finir demain.")
    expect(page.get_by_label("Nom (obligatoire)")).to_have_value("")
    seat.watch.expected.add(400)
    page.locator("form.formulaire").evaluate("f => f.noValidate = true")
    press(page, "Enregistrer")
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est enregistré encore")
    expect(page.get_by_label("Remarques")).to_have_value("À finir demain.")
    page.get_by_label("Nom (obligatoire)").fill("L’Ardoise")
    press(page, "Enregistrer")
    expect(page.locator("main")).to_contain_text("À finir demain.")
    page.goto(workspace.root)
    assert "L’Ardoise" not in page.get_by_role("region", name="Ce qui vous attend").inner_text()
    seat.close()


def test_a_row_is_filtered_sorted_archived_and_taken_back_without_a_script(
    workspace: Workspace,
) -> None:
    row = added(workspace, "L’Éphémère")
    seat = workspace.open("mission", scripts=False)
    page = seat.page
    page.goto(row)
    press(page, "Archiver cette ligne")
    expect(page.locator(".lieu")).to_contain_text("Archivée")
    page.goto(f"{workspace.root}registres/organisations/")
    page.get_by_label("Mots").fill("éphémère")
    press(page, "Filtrer")
    expect(page.get_by_text("Aucune ligne ne répond à ce choix.")).to_be_visible()
    page.get_by_label("Lignes archivées").check()
    press(page, "Filtrer")
    page.get_by_role("link", name="L’Éphémère").click()
    press(page, "Reprendre cette ligne")
    expect(page.get_by_role("link", name="Modifier", exact=True)).to_be_visible()
    page.goto(f"{workspace.root}registres/organisations/")
    page.get_by_label("Nature").select_option("association")
    press(page, "Filtrer")
    page.get_by_role("columnheader", name="Nom").get_by_role("link").click()
    names = page.locator("tbody th a").all_inner_texts()
    assert "L’Éphémère" in names and "Commune de Lens" not in names
    seat.close()


# ------------------------------------------------------------------ no mouse, a small screen


def test_a_row_is_added_with_the_keyboard_alone(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    page = seat.page
    page.goto(workspace.root)
    keys = page.keyboard
    press_until(page, "Organisations")
    keys.press("Enter")
    page.wait_for_url("**/registres/organisations/")
    press_until(page, "Ajouter")
    keys.press("Enter")
    page.wait_for_url("**/ajouter/")
    press_until(page, "champ-nom")
    keys.type("L’Aiguille")
    press_until(page, "champ-nature", most=3)
    keys.type("Asso")
    press_until(page, "champ-signataire", most=2)
    keys.press("ArrowDown")
    press_until(page, "Enregistrer", most=40)
    keys.press("Space")
    page.wait_for_url(re.compile(r"/organisations/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("L’Aiguille")
    expect(page.locator(".faits").first).to_contain_text("Association")
    expect(page.locator(".faits").first).to_contain_text("oui")
    seat.close()


def test_boxes_of_a_long_list_are_chosen_with_the_keyboard(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    page = seat.page
    page.goto(f"{workspace.row('actions', 'a_elle')}modifier/")
    folded = page.get_by_role("group", name="Quartiers").locator("summary")
    folded.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    first = page.get_by_role("group", name="Quartiers").get_by_role("checkbox").first
    expect(first).to_be_focused()
    expect(first).to_be_checked()
    page.goto("about:blank")
    seat.close()


@pytest.mark.parametrize(
    "path", ["", "registres/engagements/", "registres/organisations/ajouter/", "agenda/"]
)
def test_nothing_is_lost_at_twice_the_size(workspace: Workspace, path: str) -> None:
    """200 % on a screen of 1 200 px: the page has 600, or letters are twice as large."""
    seat = workspace.open("mission")
    page = seat.page
    page.goto(workspace.root + path)
    whole = set(re.findall(r"\w+", page.locator("body").inner_text()))
    page.set_viewport_size({"width": 600, "height": 450})
    assert page.evaluate(OVERFLOW) == []
    assert whole - set(re.findall(r"\w+", page.locator("body").inner_text())) == set()
    page.set_viewport_size(SCREEN)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(OVERFLOW) == []
    cut = page.evaluate("""() => [...document.querySelectorAll('main a, main button, main label')]
      .filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflow === 'hidden'
        && !e.closest('.cache'))
      .map((e) => e.outerHTML.slice(0, 90))""")
    assert cut == []
    seat.close()


def test_a_row_and_a_register_print_as_they_read(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    page = seat.page
    for path, kept, dropped in (
        (workspace.row("engagements", "retard"),
         ("Ouvrir la maison de l’Été", "Communauté d’agglomération", "Compte rendu de l’été"),
         ("Se déconnecter", "Ajouter la pièce", "Archiver cette ligne", "Faire avancer")),
        (f"{workspace.root}registres/organisations/",
         ("Organisations", "Commune de Lens", "CR2C"),
         ("Filtrer", "Se déconnecter", "Importer un classeur")),
    ):  # fmt: skip
        page.goto(path)
        file = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        text = " ".join(" ".join(one.extract_text().split()) for one in file.pages)
        assert [words for words in kept if words not in text] == []
        assert [words for words in dropped if words in text] == []
        width = float(file.pages[0].mediabox.width)
        assert abs(width - 595) < 2  # A4
        if "engagements" in path:  # the text of 10 000 signs is there to its end
            assert text.count("Les habitants l’ont dit & redit") == 10_000 // 43
    seat.close()
