"""Does every page type of the workspace hold its rules, for all of those who come to it?

Judged by axe on a screen of 1 200 px and on a telephone of 360, pushed to 320; nothing in the
console, no other host, no strange cookie. The pages hold long names, apostrophes, a text of
10 000 signs with a word that does not break.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.urls import get_resolver, resolve, reverse
from playwright.sync_api import Page
from site_in_browser import PHONE
from test_each_page import OVERFLOW, STRUCTURE, shown, violations
from workspace_in_browser import SCREEN, Seat, Workspace
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
    [(_, wanted)] = get_resolver().reverse_dict.getlist(name)[0][0]
    values = {part: _PARTS[part].format_map(workspace.facts) for part in wanted}
    return reverse(name, kwargs=values)


#: rules whose answer depends on the width of the page: what axe is asked again on a telephone
NARROW: Final = {
    "runOnly": {"type": "rule", "values": [
        "target-size", "color-contrast", "scrollable-region-focusable", "css-orientation-lock",
        "aria-hidden-focus", "link-in-text-block",
    ]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}  # fmt: skip


@pytest.fixture(scope="module")
def seat_of(workspace: Workspace) -> Iterator[Callable[[str], Seat]]:
    """One browser a person for all pages; what it hears is of the page that is open."""
    held: dict[str, Seat] = {}

    def sit(who: str) -> Seat:
        if who not in held:
            held[who] = workspace.open(who)
        held[who].watch.said.clear()
        return held[who]

    yield sit
    for seat in held.values():
        seat.page.context.close()


def judged(page: Page) -> dict[str, Any]:
    """What is wrong with the page that is open, by place."""
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found: dict[str, Any] = {"écran": violations(page)}
    found["écran, débord"] = page.evaluate(OVERFLOW)
    made: dict[str, Any] = page.evaluate(STRUCTURE)
    page.set_viewport_size(PHONE)
    found["téléphone"] = [
        f"{v['id']} : {n['html'][:160]} — {n['failureSummary'][:200]}"
        for v in Axe().run(page, options=NARROW).response["violations"]
        for n in v["nodes"][:3]
    ]
    found["360 px"] = page.evaluate(OVERFLOW)
    page.set_viewport_size({"width": 320, "height": 640})
    found["320 px"] = page.evaluate(OVERFLOW)
    page.set_viewport_size(SCREEN)
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


#: what is asked at each run: a page of each kind of template. All the others are long.
EACH_TIME: Final = frozenset(
    {
        "connexion", "bureau", "registres", "registre", "resultats", "fiche-registre", "modifier",
        "importer", "import-lu", "membres", "historique", "journal", "agenda", "instances",
        "reunion", "reunion-publique", "contrat-arbre", "engagements", "contrat-public",
        "annuaire", "annuaire-fiche", "participation", "marche", "habitants", "proposer", "suivi",
    }
)  # fmt: skip


def _params() -> list[Any]:
    """One look a page type that is asked each time; the others are long."""
    found, met = [], set()
    for number, (name, look) in enumerate(looks()):
        marks = [pytest.mark.long] if name in met or name not in EACH_TIME else []
        found.append(pytest.param(name, look, id=f"{name}-{look.who}-{number}", marks=marks))
        met.add(name)
    return found


@pytest.mark.parametrize(("name", "look"), _params())
def test_a_page_of_the_workspace_holds_its_rules(
    workspace: Workspace, seat_of: Callable[[str], Seat], name: str, look: Look
) -> None:
    seat = seat_of(look.who)
    address = look.address.format_map(workspace.facts)
    answer = seat.page.goto(address)
    assert answer is not None and answer.status == 200, answer
    assert seat.page.url.endswith(quote(address, safe="/?=&:%-"))
    assert judged(seat.page) == {}
    seat.watch.clean(seat.page.context)


@pytest.mark.long
def test_every_register_holds_them_too(
    workspace: Workspace, seat_of: Callable[[str], Seat]
) -> None:
    """The list and the form of each register of the cards, on a screen and on 320 px."""
    from terril.web.espace.cards import cards

    seat = seat_of("mission")
    found = {}
    for code, card in cards().registers.items():
        paths = [f"registres/{code}/", f"registres/{code}/ajouter/"]
        if card.measures:
            paths.append(f"registres/{code}/resultats/")
        for path in paths:
            answer = seat.page.goto(workspace.root + path)
            assert answer is not None and answer.status == 200, path
            faults = violations(seat.page)
            seat.page.set_viewport_size({"width": 320, "height": 640})
            faults += seat.page.evaluate(OVERFLOW)
            seat.page.set_viewport_size(SCREEN)
            if faults:
                found[path] = faults
    assert found == {}
    seat.watch.clean(seat.page.context)
