"""Does a person run her account from the first sign-in to the last, in a real browser?

Without scripts: sign in, be led to the second factor, see and close sessions, forget a password,
leave. Each page is judged by axe, on a screen and on a telephone.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pyotp
import pytest
import site_of_tests as pilot
from playwright.sync_api import Browser, BrowserContext, Page
from site_in_browser import DESKTOP, PHONE, served
from test_each_page import OVERFLOW, STRUCTURE, violations

from terril.cli.main import main

ADDRESS = "maximilienne-apollinaire.de-la-haute-riviere@une-tres-longue-commune.exemple.fr"
NEW = "un-autre-mot-tres-long"
ACCOUNT = ("", "adresse/", "second-facteur/", "sessions/", "preferences/", "donnees/", "supprimer/")


class Own(NamedTuple):
    """A site with one account, and where its messages go."""

    base: str
    word: str
    letters: Path


@pytest.fixture(scope="module")
def own(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """The pilot's site, served for real, where whoever prepares editions needs a second factor."""
    data = tmp_path_factory.mktemp("compte") / "donnees"
    out = io.StringIO()
    place = ["--editions", str(pilot.editions()), "--donnees", str(data)]
    assert main(["compte", "creer", ADDRESS, "--analyste", *place], out) == 0
    with served(pilot.editions(), data, {"TERRIL_SECOND_FACTEUR": "exige"}) as base:
        yield Own(base, out.getvalue().split()[-1], data / "courriels")


@pytest.fixture
def page(browser: Browser, own: Own) -> Iterator[Page]:
    """A page without scripts."""
    context = fresh(browser, own)
    yield context.new_page()
    context.close()


def fresh(browser: Browser, own: Own) -> BrowserContext:
    made = browser.new_context(
        base_url=own.base, locale="fr-FR", viewport=DESKTOP, java_script_enabled=False
    )
    made.set_default_timeout(10_000)
    return made


def sign_in(page: Page, word: str) -> None:
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    page.get_by_label("Mot de passe").fill(word)
    page.get_by_role("button", name="Se connecter").click()


def letter(own: Own, subject: str) -> str:
    """The text of the last message of a subject, waited for."""
    for _ in range(100):
        for file in sorted(own.letters.glob("*.log"), key=lambda f: f.stat().st_mtime):
            for piece in file.read_bytes().split(b"-" * 79 + b"\n"):
                message = email.message_from_bytes(piece, policy=email.policy.default)
                if subject in str(message["Subject"]):
                    body = message.get_body(("plain",))
                    assert body is not None
                    return str(body.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no message « {subject} »")


def judged(browser: Browser, own: Own, page: Page, paths: list[str]) -> None:
    """Look at pages with scripts, which axe needs, in the session of ``page``."""
    context = browser.new_context(base_url=own.base, viewport=DESKTOP)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    seen = context.new_page()
    found = {}
    for path in paths:
        answer = seen.goto(path)
        assert answer is not None and answer.status == 200, path
        found[path] = violations(seen)
        made = seen.evaluate(STRUCTURE)
        found[path] += [f"{n} {made[n]}" for n in ("untitled", "unlabelled", "twice") if made[n]]
        seen.set_viewport_size(PHONE)
        found[path] += seen.evaluate(OVERFLOW)
        seen.set_viewport_size(DESKTOP)
    context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.long
def test_from_the_first_sign_in_to_the_last(browser: Browser, own: Own, page: Page) -> None:
    sign_in(page, own.word)
    assert page.get_by_role("heading", level=1).inner_text() == "Second facteur"
    assert "Votre rôle le demande" in page.inner_text("main")
    page.get_by_role("button", name="Commencer").click()
    judged(browser, own, page, ["/mon-compte/second-facteur/"])
    secret = page.locator("p.accroche code").inner_text().replace(" ", "")
    page.get_by_label("Code à six chiffres").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Votre mot de passe").fill(own.word)
    page.get_by_role("button", name="Mettre en place").click()
    codes = page.locator("ol code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="Je les ai notés").click()
    assert page.goto("/mon-compte/") is not None
    judged(browser, own, page, [f"/mon-compte/{path}" for path in ACCOUNT] + ["/mot-de-passe/"])

    # elsewhere, the code is asked for; from here, that session is closed
    other = fresh(browser, own)
    second = other.new_page()
    sign_in(second, own.word)
    second.get_by_label("Code à six chiffres").fill(codes[0])
    second.get_by_role("button", name="Continuer").click()
    assert "9 codes de secours" in second.inner_text("main")
    page.goto("/mon-compte/sessions/")
    page.get_by_role("button", name="Fermer toutes les autres").click()
    second.goto("/mon-compte/")
    assert urlsplit(second.url).path == "/connexion/"

    # the password is forgotten: a message has the link
    second.get_by_role("link", name="Mot de passe oublié").click()
    second.get_by_label("Adresse électronique").fill(ADDRESS)
    second.get_by_role("button", name="Recevoir le lien").click()
    link = re.search(r"https?://\S+", letter(own, "Choisir un nouveau mot de passe"))
    assert link is not None
    second.goto(link[0])
    for label in ("Nouveau mot de passe", "Confirmation"):
        second.get_by_label(label).first.fill(NEW)
    second.get_by_role("button", name="Choisir ce mot de passe").click()
    assert "connectez-vous" in second.inner_text("main")
    page.goto("/mon-compte/")
    assert urlsplit(page.url).path == "/connexion/", "every session ended"

    sign_in(page, NEW)
    page.get_by_label("Code à six chiffres").fill(codes[1])
    page.get_by_role("button", name="Continuer").click()
    page.goto("/mon-compte/supprimer/")
    page.get_by_label("Votre mot de passe").fill(NEW)
    page.get_by_label("Un code").fill(codes[2])
    page.get_by_role("button", name="Supprimer pour toujours").click()
    assert "supprimé" in page.get_by_role("heading", level=1).inner_text()
    assert "dernier message" in letter(own, "Compte supprimé")
    sign_in(page, NEW)
    assert page.get_by_role("alert").count() == 1
    other.close()


def test_pages_before_the_door_are_for_everybody(browser: Browser, own: Own, page: Page) -> None:
    judged(
        browser, own, page,
        ["/connexion/", "/mot-de-passe-oublie/", "/mot-de-passe-oublie/envoye/",
         "/nouveau-mot-de-passe/MQ/x/"],
    )  # fmt: skip
    assert page.goto("/connexion/code/") is not None and page.url.endswith("/connexion/")
