"""Who passes each door of people’s accounts, by which method, with which token?"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from household import EMAIL, NEW, WORD

from terril.web.people import urls
from terril.web.people.digests import stop_token
from terril.web.people.models import Journal, Outbox, Pace, Person

#: name → methods that have an answer of their own
OWN = {
    "mot-de-passe": "GET POST",
    "mon-compte": "GET POST",
    "mon-adresse": "GET POST",
    "second-facteur": "GET",
    "second-facteur-commencer": "POST",
    "second-facteur-confirmer": "POST",
    "second-facteur-codes": "POST",
    "second-facteur-retirer": "POST",
    "mes-sessions": "GET",
    "sessions-fermer-autres": "POST",
    "session-fermer": "POST",
    "mes-preferences": "GET POST",
    "mes-donnees": "GET",
    "mes-donnees-fichier": "GET",
    "supprimer-mon-compte": "GET POST",
}
DOORSTEP = {
    "connexion": "GET POST",
    "connexion-code": "GET POST",
    "deconnexion": "POST",
    "mot-de-passe-oublie": "GET POST",
    "mot-de-passe-envoye": "GET",
    "nouveau-mot-de-passe": "GET POST",
    "adresse-confirmer": "GET POST",
    "rappels-arreter": "GET POST",
}
FIELDS = {
    "name": "Autre", "password": WORD, "email": "x@exemple.fr", "pace": Pace.NEVER, "code": "",
    "old_password": WORD, "new_password1": NEW, "new_password2": NEW,
}  # fmt: skip


def path(name: str, person: Person | None = None) -> str:
    if name == "session-fermer":
        return reverse(name, args=[1])
    if name == "nouveau-mot-de-passe":
        return reverse(name, args=["MQ", "x"])
    if name in ("adresse-confirmer", "rappels-arreter"):
        return reverse(name, args=[stop_token(person) if person else "x"])
    return reverse(name)


def test_the_list_of_doors_is_whole() -> None:
    names = {item.name for item in urls.urlpatterns if isinstance(item, URLPattern)}
    assert names == set(OWN) | set(DOORSTEP)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_go_and_sign_in_and_change_nothing(web: Client, name: str, method: str) -> None:
    answer = getattr(web, method)(path(name), FIELDS if method == "post" else None)
    if method.upper() in OWN[name]:
        assert answer["Location"].startswith("/connexion/?next=/mo")
    else:
        assert answer.status_code == 405
    assert not Journal.objects.exists() and not Outbox.objects.exists()


@pytest.mark.parametrize(("name", "methods"), (OWN | DOORSTEP).items())
def test_other_methods_are_refused(home: Client, name: str, methods: str) -> None:
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - set(methods.split()):
        code = getattr(home, method.lower())(path(name)).status_code
        # Django leads away who is signed in, or whose link is stale, before it looks
        early = name in ("connexion", "nouveau-mot-de-passe") and code in (200, 302)
        assert code == 405 or early, (name, method, code)
    assert Person.objects.get().check_password(WORD)


@pytest.mark.parametrize(("name", "methods"), (OWN | DOORSTEP).items())
def test_a_form_without_its_token_is_refused(ana: Person, name: str, methods: str) -> None:
    if "POST" not in methods or name == "rappels-arreter":
        return  # the one that programs ask: its signed word is the proof
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post(path(name), FIELDS).status_code == 403
    ana.refresh_from_db()
    assert (ana.email, ana.name, ana.deleted) == (EMAIL, "Ana Exemple", None)


@pytest.mark.parametrize("name", OWN)
def test_a_closed_account_sees_nothing(home: Client, ana: Person, name: str) -> None:
    ana.is_active = False
    ana.save()
    assert home.get(path(name)).status_code in (302, 405)


@pytest.mark.parametrize(("name", "methods"), (OWN | DOORSTEP).items())
def test_no_cache_keeps_a_page_and_none_breaks_the_policy(
    home: Client, ana: Person, name: str, methods: str
) -> None:
    if "GET" not in methods:
        return
    answer = home.get(path(name, ana))
    assert answer.status_code < 500
    cached = answer["Cache-Control"]
    assert "no-store" in cached or "no-cache" in cached
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        text = answer.content.decode()
        assert text.count("<h1") == 1 and " style=" not in text and "<script" not in text


def test_the_navigation_leads_to_the_account(home: Client) -> None:
    assert 'href="/mon-compte/" aria-current="page"' in home.get("/mon-compte/").content.decode()
