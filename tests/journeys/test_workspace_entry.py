"""Does the link of a message lead a member to its page, through her password and her code?

Without a script. The code is that of a telephone, then one of recovery; between the two the
password was forgotten.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Page, expect
from workspace_in_browser import Workspace

NEW = "tramway-lapin-54-lune"


def _name_and_word(page: Page, address: str, word: str) -> None:
    page.get_by_label("Adresse électronique").fill(address)
    page.get_by_label("Mot de passe").fill(word)
    page.get_by_role("button", name="Se connecter").click()


def _code(page: Page, code: str) -> None:
    page.get_by_label("Code à six chiffres").fill(code)
    page.get_by_role("button", name="Continuer").click()


def test_a_member_with_a_code_forgets_her_password(workspace: Workspace) -> None:
    facts = workspace.facts
    row = workspace.row("engagements", "retard")
    seat = workspace.open("public", scripts=False)
    page = seat.page
    page.goto(row)
    assert urlsplit(page.url).path == "/connexion/"
    _name_and_word(page, facts["codee"], facts["mot_de_passe"])
    seat.watch.expected.add(400)
    _code(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    _code(page, pyotp.TOTP(facts["secret"]).now())
    assert urlsplit(page.url).path == row, "where the link led, not elsewhere"
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ouvrir la maison de l’Été")
    page.get_by_role("button", name="Se déconnecter").click()

    page.goto(row)
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.get_by_label("Adresse électronique").fill(facts["codee"])
    page.get_by_role("button", name="Recevoir le lien").click()
    letter = workspace.letter("Choisir un nouveau mot de passe")
    link = re.search(r"https?://\S+", letter)
    assert link is not None
    page.goto(link[0])
    for label in ("Nouveau mot de passe", "Confirmation"):
        page.get_by_label(label).first.fill(NEW)
    page.get_by_role("button", name="Choisir ce mot de passe").click()
    _name_and_word(page, facts["codee"], NEW)
    _code(page, facts["secours"][0])
    assert urlsplit(page.url).path == workspace.root, "her desk, when no page was asked for"
    assert "9 codes de secours" in page.locator("main").inner_text()
    page.goto(link[0])  # it served once
    assert page.get_by_role("button", name="Choisir ce mot de passe").count() == 0
    seat.close()
