"""Which pages stay shut to those who must have a second factor and have none?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver
from household import WORD, Clock, equip, is_in, sign_in

from terril.web.people.gate import is_public, open_to_all
from terril.web.people.models import OpenSession, Person
from terril.web.people.staff import must_enrol, staff_check

PAGE = "/mon-compte/second-facteur/"


@pytest.fixture
def strict() -> Iterator[None]:
    with override_settings(SECOND_FACTOR="exige"):
        yield


def as_analyst(person: Person) -> None:
    person.is_analyst = True
    person.save()


def as_superuser(person: Person) -> None:
    person.is_superuser = True
    person.save()


def as_member(person: Person) -> None:
    staff_check(lambda somebody: somebody.pk == person.pk)


@pytest.mark.parametrize("become", [as_analyst, as_superuser, as_member])
def test_staff_is_led_to_it_from_every_private_page(
    strict: None, web: Client, ana: Person, clock: Clock, become: Callable[[Person], None]
) -> None:
    become(ana)
    sign_in(web)
    for private in ("/mon-compte/", "/mon-compte/donnees.json", "/mot-de-passe/", "/atelier/"):
        assert web.get(private)["Location"].startswith(f"{PAGE}?next=%2F"), private
    assert web.post("/mon-compte/", {"name": "x"})["Location"] == PAGE
    ana.refresh_from_db()
    assert ana.name != "x"
    assert web.get("/").status_code == 200, "public pages stay open"
    assert web.get("/api/v1/editions").status_code == 200
    assert "Votre rôle le demande" in web.get(PAGE).content.decode()
    web.post(PAGE + "commencer/", {"next": "/mon-compte/donnees/"})
    done = web.post(
        PAGE + "confirmer/",
        {"code": clock.code(ana), "password": WORD, "next": "/mon-compte/donnees/"},
    )
    assert 'href="/mon-compte/donnees/"' in done.content.decode()
    assert is_in(web)


def test_others_are_only_offered_it(strict: None, home: Client, ana: Person) -> None:
    staff_check(lambda somebody: False)
    assert is_in(home) and not must_enrol(ana)


def test_where_it_is_proposed_nobody_is_led(home: Client, ana: Person) -> None:
    as_analyst(ana)
    assert is_in(home) and not must_enrol(ana)


def test_leaving_stays_possible(strict: None, home: Client, ana: Person) -> None:
    as_analyst(ana)
    assert home.post("/deconnexion/")["Location"] == "/"
    assert not OpenSession.objects.exists()


def test_who_has_it_passes(strict: None, home: Client, ana: Person) -> None:
    as_analyst(ana)
    equip(ana)
    assert is_in(home)


def test_a_page_that_nobody_declared_public_is_shut() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert not is_public(view, "une-page")
    assert is_public(open_to_all(view), "une-page")


def test_every_public_page_is_known_and_no_private_one() -> None:
    found = {}
    for pattern in get_resolver().url_patterns:
        for item in getattr(pattern, "url_patterns", []):
            if isinstance(item, URLPattern) and item.name:
                found[item.name] = is_public(item.callback, item.name)
    assert found["accueil"] and found["quartier"] and found["connexion"]
    shut = {name for name, public in found.items() if not public}
    assert {"mon-compte", "mot-de-passe", "mes-donnees-fichier", "supprimer-mon-compte"} <= shut
    assert {name for name in found if name.startswith("atelier")} <= shut


def test_public_pages_do_not_look_at_who_asks(home: Client) -> None:
    assert "Cookie" not in home.get("/methode/").get("Vary", "")
