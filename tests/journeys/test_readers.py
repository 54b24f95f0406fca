"""Do three readers get what they came for: a resident, an elected official, an analyst?

The resident has a telephone, the official a keyboard, the analyst no script.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

CODE = "education.taux_retard_3e"


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


# ------------------------------------------------------------------ a resident, on a telephone


def test_a_resident_finds_her_neighbourhood_and_takes_its_sheet(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_label("Chercher un quartier ou une commune").fill("lens")
    phone.get_by_role("button", name="Chercher").tap()
    expect(phone.get_by_role("status")).to_contain_text("lens")
    listed = phone.locator(".quartiers a")
    assert 1 <= listed.count() < 21
    name = listed.first.inner_text()
    listed.first.tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text(name)
    signal = phone.locator("summary", has_text="Expliquer ce signal").first
    signal.tap()
    folded = phone.locator("details[open]").first
    expect(folded.get_by_role("table")).to_be_visible()
    expect(folded).to_contain_text("écarts types")
    with phone.expect_download() as waited:
        phone.get_by_role("link", name="La fiche en PDF").tap()
    file = Path(str(waited.value.path()))
    assert file.read_bytes().startswith(b"%PDF-")
    assert re.fullmatch(r"fiche-QP\d{6}-2020-07-01\.pdf", waited.value.suggested_filename)


def test_nothing_is_lost_on_half_a_screen(desktop: Page) -> None:
    """200 % on a screen of 1 280 px: the page has 640."""
    for address in ("/", "/quartiers/QP062019/", f"/indicateurs/{CODE}/"):
        desktop.set_viewport_size({"width": 1280, "height": 900})
        desktop.goto(address)
        whole = set(re.findall(r"\w+", desktop.locator("body").inner_text()))
        desktop.set_viewport_size({"width": 640, "height": 450})
        half = set(re.findall(r"\w+", desktop.locator("body").inner_text()))
        assert whole - half == set()
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert desktop.evaluate(wide)


# ------------------------------------------------------------------ an official, at the keyboard

FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {text: (e.getAttribute('aria-label') || e.innerText || '').trim().slice(0, 60),
          tag: e.tagName.toLowerCase(), href: e.getAttribute('href') || '',
          id: e.id, outline: parseFloat(style.outlineWidth) || 0, style: style.outlineStyle,
          box: [box.width, box.height]};
}"""


def press_until(page: Page, wanted: str, key: str = "Tab", most: int = 150) -> None:
    """Press ``key`` until the focus is on what has the text or the id ``wanted``."""
    for _ in range(most):
        page.keyboard.press(key)
        at = page.evaluate(FOCUS)
        if at is None:
            continue
        assert at["outline"] >= 2 and at["style"] != "none", f"focus that is not seen: {at}"
        if wanted in (at["text"], at["id"]):
            return
    raise AssertionError(f"{wanted} is not reached with {key}")


def test_the_first_key_leads_past_the_navigation(desktop: Page) -> None:
    desktop.goto("/quartiers/QP062019/")
    desktop.keyboard.press("Tab")
    link = desktop.get_by_role("link", name="Aller au contenu")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "contenu"
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("!!document.activeElement.closest('main')")


def test_an_official_compares_two_neighbourhoods_without_a_mouse(desktop: Page) -> None:
    desktop.goto("/")
    press_until(desktop, "Éducation")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/?theme=education*")
    expect(desktop.locator(".onglets [aria-current]")).to_have_text("Éducation")
    press_until(desktop, "Comparer")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/comparer/")
    press_until(desktop, "q1")
    desktop.keyboard.press("ArrowDown")
    press_until(desktop, "q2", most=2)
    desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press("ArrowDown")
    press_until(desktop, "Comparer", most=5)
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/comparer/?*")
    asked = [code for code in query(desktop)["q"] if code]
    assert len(set(asked)) == 2
    assert desktop.locator("table").count() >= 5


def test_the_keyboard_goes_through_a_page_and_out_of_it(desktop: Page) -> None:
    """No trap: from the first link to the last, then back."""
    desktop.goto(f"/indicateurs/{CODE}/")
    count = int(desktop.evaluate(
        "[...document.querySelectorAll('a[href],button,select,input,summary,[tabindex=\"0\"]')]"
        ".filter((e) => e.getClientRects().length).length"
    ))  # fmt: skip
    seen = []
    for _ in range(count):
        desktop.keyboard.press("Tab")
        seen.append(desktop.evaluate(FOCUS))
    assert all(seen), "the focus was lost on the way"
    assert all(at["outline"] >= 2 for at in seen)
    last = seen[-1]
    desktop.keyboard.press("Shift+Tab")
    assert desktop.evaluate(FOCUS) == seen[-2]
    assert last != seen[0]


# ------------------------------------------------------------------ an analyst, scripts off


def test_an_analyst_chooses_and_takes_the_figures_without_a_script(plain: Page) -> None:
    plain.goto("/indicateurs/")
    plain.locator(f'a[href$="/indicateurs/{CODE}/"]').click()
    plain.get_by_label("Période", exact=True).select_option(index=1)
    plain.get_by_label("Comparer à", exact=True).select_option("commune")
    plain.get_by_role("button", name="Afficher").click()
    period = query(plain)["periode"][0]
    assert query(plain)["reference"] == ["commune"]
    expect(plain.get_by_label("Comparer à", exact=True)).to_have_value("commune")
    expect(plain.get_by_label("Période", exact=True)).to_have_value(period)
    assert plain.locator("table.classement tbody tr").count() >= 20
    with plain.expect_download() as waited:
        plain.get_by_role("link", name="CSV", exact=True).click()
    text = Path(str(waited.value.path())).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert period in {row["periode"] for row in rows} if "periode" in rows[0] else rows


def test_back_and_forward_keep_what_was_chosen(desktop: Page) -> None:
    desktop.goto(f"/indicateurs/{CODE}/")
    first = desktop.get_by_label("Période", exact=True).input_value()
    desktop.get_by_label("Période", exact=True).select_option(index=1)
    desktop.get_by_role("button", name="Afficher").click()
    desktop.wait_for_url("**periode=*")
    second = desktop.get_by_label("Période", exact=True).input_value()
    assert second != first
    desktop.get_by_label("Comparer à", exact=True).select_option("agglomeration")
    desktop.get_by_role("button", name="Afficher").click()
    desktop.wait_for_url("**reference=agglomeration*")
    desktop.go_back()
    assert query(desktop)["periode"] == [second]
    expect(desktop.get_by_label("Période", exact=True)).to_have_value(second)
    desktop.go_forward()
    expect(desktop.get_by_label("Comparer à", exact=True)).to_have_value("agglomeration")
    again = desktop.url
    desktop.goto("/")
    desktop.goto(again)  # the address alone says all
    expect(desktop.get_by_label("Comparer à", exact=True)).to_have_value("agglomeration")
    expect(desktop.get_by_label("Période", exact=True)).to_have_value(second)
