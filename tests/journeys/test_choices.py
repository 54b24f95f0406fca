"""Does a page with its script answer at once, keep the focus, and say the value pointed at?"""

from __future__ import annotations

from playwright.sync_api import Page, expect

INDICATOR = "/indicateurs/education.taux_retard_3e/"


def test_a_choice_with_the_keyboard_waits_for_enter_and_keeps_the_focus(desktop: Page) -> None:
    desktop.goto(INDICATOR)
    select = desktop.locator("#reference")
    select.focus()
    desktop.keyboard.press("ArrowDown")
    expect(select).to_have_value("ponderee")
    assert "reference" not in desktop.url  # arrows go through the list without leaving the page
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**reference=ponderee**")
    expect(desktop.locator("#reference")).to_be_focused()
    expect(desktop.locator("#reference")).to_have_value("ponderee")


def test_a_choice_with_the_mouse_shows_at_once(desktop: Page) -> None:
    desktop.goto(INDICATOR)
    select = desktop.locator("#reference")
    select.dispatch_event("pointerdown")
    select.select_option("agglomeration")
    desktop.wait_for_url("**reference=agglomeration**")
    expect(desktop.locator("#reference")).to_have_value("agglomeration")


def test_the_shape_that_has_the_focus_or_the_mouse_is_told_under_the_map(desktop: Page) -> None:
    desktop.goto("/")
    line = desktop.locator(".valeur-pointee")
    links = desktop.locator("[data-valeurs] svg a")
    links.nth(2).focus()
    said = links.nth(2).get_attribute("aria-label") or ""
    assert said
    expect(line).to_have_text(said)
    links.nth(5).hover()
    expect(line).to_have_text(links.nth(5).get_attribute("aria-label") or "?")


def test_one_skips_the_map_with_the_keyboard(desktop: Page) -> None:
    desktop.goto("/")
    skip = desktop.get_by_role("link", name="Passer la carte")
    skip.focus()
    expect(skip).to_be_visible()
    desktop.keyboard.press("Enter")
    assert desktop.url.endswith("#liste-quartiers")


def test_figures_on_demand_work_without_a_script(plain: Page) -> None:
    plain.goto("/quartiers/QP062019/")
    plain.select_option("#indicateur", "revenus.taux_pauvrete")
    plain.locator("#autres ~ form button").click()
    plain.wait_for_url("**indicateur=revenus.taux_pauvrete**")
    expect(plain.locator("section.demande table")).to_contain_text("Taux de pauvreté")


def test_the_explanation_of_a_signal_opens_with_the_keyboard(desktop: Page) -> None:
    desktop.goto("/quartiers/QP062019/")
    summary = desktop.locator("#pourquoi-sante > summary")
    summary.focus()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#pourquoi-sante")).to_contain_text("méthodes de calcul")
