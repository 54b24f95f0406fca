"""Does every page type of the workspace hold its rules, for all of those who come to it?

Judged by axe on a screen of 1 200 px and on a telephone of 360, pushed to 320; nothing in the
console, no other host, no strange cookie. The pages hold long names, apostrophes, a text of
10 000 signs with a word that does not break.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.urls import resolve, reverse
from playwright.sync_api import Page
from site_in_browser import PHONE
from test_each_page import OVERFLOW, STRUCTURE, shown, violations
from workspace_in_browser import SCREEN, Workspace
from workspace_pages import EXAMPLES, SENT, Look, known, looks

FAULTS: Final = ("landmarks", "untitled", "unscoped", "unlabelled", "dead", "twice")
#: an address of each kind of part, to ask for what is only sent to
_PARTS: Final = {
    "contrat": "{contrat}", "registre": "engagements", "numero": "1", "membre": "1", "number": "1",
    "invitation": "1", "piece": "1", "cle": "x", "organisation": "1", "photo": "1", "code": "x",
}  # fmt: skip


def test_every_page_of_the_workspace_has_an_example() -> None:
    assert [name for name in known() if name not in EXAMPLES] == []
    assert [name for name in EXAMPLES if name not in known()] == []


def test_an_example_is_of_its_page(workspace: Workspace) -> None:
    found = {}
    for name, look in looks():
        path = look.address.format_map(workspace.facts).partition("?")[0]
        if resolve(path).url_name != name:
            found[path] = name
    assert found == {}


def test_what_is_only_sent_to_shows_no_page(workspace: Workspace) -> None:
    seat = workspace.open("mission")
    answers = {}
    for name, known_looks in EXAMPLES.items():
        if known_looks is not SENT:
            continue
        answers[name] = seat.page.request.get(_address(workspace, name)).status
    assert {name: status for name, status in answers.items() if status != 405} == {}
    assert len(answers) > 20
    seat.close()


def _address(workspace: Workspace, name: str) -> str:
    from django.urls import get_resolver

    [(_, wanted)] = get_resolver().reverse_dict.getlist(name)[0][0]
    values = {part: _PARTS[part].format_map(workspace.facts) for part in wanted}
    return reverse(name, kwargs=values)


def judged(page: Page) -> dict[str, Any]:
    """What is wrong with the page that is open, by place."""
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found: dict[str, Any] = {"écran": violations(page)}
    found["écran, débord"] = page.evaluate(OVERFLOW)
    made: dict[str, Any] = page.evaluate(STRUCTURE)
    page.set_viewport_size(PHONE)
    found["téléphone"] = violations(page)
    page.set_viewport_size({"width": 320, "height": 640})
    found["320 px"] = page.evaluate(OVERFLOW)
    page.set_viewport_size({"width": SCREEN["width"], "height": SCREEN["height"]})
    page.emulate_media(media="print")
    found["imprimé"] = [n for n in (".navigation", ".pied", ".evitement", "form") if shown(page, n)]
    page.emulate_media(media="screen")
    levels = made["levels"]
    found["titres"] = (
        []
        if levels.count(1) == 1
        and levels[0] == 1
        and all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))
        else levels
    )
    found |= {name: made[name] for name in FAULTS}
    found["langue"] = [] if made["lang"] == "fr" else made["lang"]
    found["ordre"] = made["positive"]
    return {place: faults for place, faults in found.items() if faults}


@pytest.mark.parametrize(
    ("name", "look"),
    [pytest.param(name, look, id=f"{name}-{look.who}-{n}") for n, (name, look) in
     enumerate(looks())],
)  # fmt: skip
def test_a_page_of_the_workspace_holds_its_rules(
    workspace: Workspace, name: str, look: Look
) -> None:
    seat = workspace.open(look.who)
    address = look.address.format_map(workspace.facts)
    answer = seat.page.goto(address)
    assert answer is not None and answer.status == 200, answer
    if name != "contrats-publics":  # the only contract is shown itself
        assert seat.page.url.endswith(address.replace("’", "%E2%80%99").replace("é", "%C3%A9"))
    assert judged(seat.page) == {}
    seat.close()
