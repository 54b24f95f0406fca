"""Who opens which door: an analyst, someone signed in, a stranger, on every address."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern
from workshop import DATE, GOOD, Shop

from terril.web.atelier.models import Job
from terril.web.atelier.urls import urlpatterns
from terril.web.people.models import Journal

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def addresses(shop: Shop) -> list[str]:
    """Every address of the atelier, on things that are there."""
    key = shop.send(GOOD).key
    shop.run("brouillon")
    found = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        for hole, value in (
            ("<str:name>", shop.item.name),
            ("<edition:date>", DATE),
            ("<str:key>", key),
            ("<path:path>", "indicateurs/"),
        ):
            route = route.replace(hole, value)
        assert "<" not in route, route
        found.append(f"/atelier/{route}")
    return found


def test_every_door_is_for_analysts_alone(shop: Shop) -> None:
    doors = addresses(shop)
    assert len(doors) >= 14
    jobs, lines = Job.objects.count(), Journal.objects.count()
    opened = 0
    for door in doors:
        for method in METHODS:
            for who, client in (("reader", shop.reader), ("stranger", shop.stranger)):
                answer = getattr(client, method)(door)
                assert answer.status_code in (302, 403, 405), (who, method, door)
                if answer.status_code == 302:
                    assert who == "stranger" and answer["Location"].startswith("/connexion/")
                assert "essai" not in getattr(answer, "content", b"").decode().replace(
                    "d’essai", ""
                ), (who, method, door)
            if method in ("get", "head"):
                answer = getattr(shop.analyst, method)(door)
                assert answer.status_code in (200, 302, 404, 405), (method, door)
                opened += answer.status_code == 200
                held = answer.headers.get("Cache-Control", "")
                assert answer.status_code in (404, 405) or "no-store" in held, door
            elif method != "post":
                assert getattr(shop.analyst, method)(door).status_code == 405, (method, door)
    assert opened >= 14
    assert (Job.objects.count(), Journal.objects.count()) == (jobs, lines), "something was written"


def test_the_refusal_says_why(shop: Shop) -> None:
    assert "réservé aux analystes" in shop.reader.get("/atelier/").content.decode()


def test_a_closed_account_enters_no_more(shop: Shop) -> None:
    shop.person.is_active = False
    shop.person.save()
    assert shop.analyst.get("/atelier/").status_code == 302


def test_what_writes_needs_the_token_of_its_page(shop: Shop) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.person)
    before = Job.objects.count()
    for door in ("deposer/", "lancer/", f"sceller/{DATE}/", f"retirer/{DATE}/"):
        answer = client.post(shop.page + door, {"travail": "brouillon", "date": DATE})
        assert answer.status_code in (302, 403), door
        # refused before anything is done, or sent back because there is nothing to seal
    assert client.post(shop.page + "lancer/", {"date": DATE}).status_code == 403
    assert Job.objects.count() == before


@pytest.mark.parametrize("name", ["..", "%2e%2e", "absent", "essai%2f..", ".git"])
def test_a_project_is_one_of_the_list(shop: Shop, name: str) -> None:
    assert shop.analyst.get(f"/atelier/projets/{name}/").status_code == 404
