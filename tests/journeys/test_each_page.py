"""Does every page type hold its rules: accessible to all, legible anywhere, silent about readers?

Each page is opened once, then judged on a screen, on a telephone, on 320 px (WCAG 1.4.10, which
is also 1 280 px at 400 %), and as it prints.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page
from site_in_browser import DESKTOP, PHONE, Watch
from site_pages import EMBEDDED, EXAMPLES, addresses, known

#: success criteria of WCAG 2.1 A and AA, the target size of 2.2, what axe counts as good practice
RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}

#: what the page is made of, for the rules that axe does not hold
STRUCTURE: Final = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const named = (e) => e.getAttribute('aria-label') || e.getAttribute('aria-labelledby');
  return {
    lang: document.documentElement.lang,
    title: document.title,
    levels: all('h1,h2,h3,h4').map((h) => Number(h.tagName[1])),
    landmarks: ['header', 'nav', 'main', 'footer'].filter((n) => !document.querySelector(n)),
    untitled: all('table').filter((t) => !t.caption && !named(t))
      .map((t) => t.outerHTML.slice(0, 90)),
    unscoped: all('th').filter((t) => !t.scope).map((t) => t.outerHTML.slice(0, 90)),
    unlabelled: all('input:not([type=hidden]),select,textarea')
      .filter((f) => !f.labels.length && !named(f)).map((f) => f.outerHTML.slice(0, 90)),
    positive: all('[tabindex]').filter((e) => e.tabIndex > 0).length,
    dead: all('a[href^="#"]').map((a) => a.getAttribute('href'))
      .filter((h) => h.length > 1 && !document.getElementById(h.slice(1))),
    twice: all('[id]').map((e) => e.id).filter((id, n, ids) => ids.indexOf(id) !== n),
  };
}"""

#: how far the page can be pushed to the side, and what pushes it
OVERFLOW: Final = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('main *, header *, footer *')]
    .filter((e) => e.getBoundingClientRect().right > wide + 1 && !e.closest('.region'))
    .slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
}"""


def test_every_page_has_an_example() -> None:
    assert [name for name in known() if name not in EXAMPLES] == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{v['id']} ({v['impact']}) : {n['html'][:160]} — {n['failureSummary'][:300]}"
        for v in found
        for n in v["nodes"][:3]
    ]


@pytest.mark.parametrize("address", addresses())
def test_a_page_holds_its_rules(desktop: Page, watch: Watch, address: str) -> None:
    answer = desktop.goto(address)
    assert answer is not None and answer.status == 200
    desktop.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = {"écran": violations(desktop)}
    made: dict[str, Any] = desktop.evaluate(STRUCTURE)
    desktop.set_viewport_size(PHONE)
    found["téléphone"] = violations(desktop)
    desktop.set_viewport_size({"width": 320, "height": 640})
    found["320 px"] = desktop.evaluate(OVERFLOW)
    desktop.set_viewport_size(DESKTOP)
    desktop.emulate_media(media="print")
    printed = [n for n in (".navigation", ".pied", ".evitement", "form") if shown(desktop, n)]
    found["imprimé"] = printed
    assert {k: v for k, v in found.items() if v} == {}
    levels = made["levels"]
    assert made["lang"] == "fr"
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False)), levels
    if address.startswith(EMBEDDED):  # a piece of another site's page
        made["landmarks"] = []
    faults = ("landmarks", "untitled", "unscoped", "unlabelled", "dead", "twice")
    assert {name: made[name] for name in faults if made[name]} == {}
    assert made["positive"] == 0
    if address == "/connexion/":  # its form has a token against forgery: the one cookie
        desktop.context.clear_cookies()
        watch.said = [text for text in watch.said if not text.startswith("cookie")]


def shown(page: Page, query: str) -> bool:
    found = page.locator(query)
    return any(found.nth(n).is_visible() for n in range(min(found.count(), 3)))


def test_no_two_pages_have_the_same_title(desktop: Page) -> None:
    titles: dict[str, str] = {}
    for name in known():
        for address in EXAMPLES.get(name, ())[:1]:
            if address.startswith(EMBEDDED):  # it bears the title of the page it is a piece of
                continue
            desktop.goto(address, wait_until="domcontentloaded")
            title = desktop.title()
            assert title not in titles, f"{address} et {titles[title]} : {title}"
            titles[title] = address
    assert len(titles) > 5


def test_a_sheet_prints_without_what_is_for_screens(desktop: Page, tmp_path: Any) -> None:
    import io

    import pypdf

    desktop.goto("/quartiers/QP062019/")
    file = pypdf.PdfReader(io.BytesIO(desktop.pdf(prefer_css_page_size=True)))
    text = "".join(page.extract_text() for page in file.pages)
    assert "4\u202f765" in text or "4 765" in text
    for word in ("Aller au contenu", "Ajouter un indicateur", "La fiche en PDF"):
        assert word not in text
    width = float(file.pages[0].mediabox.width)
    assert abs(width - 595) < 2  # A4
