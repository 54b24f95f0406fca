"""Are open sessions shown so that one recognises them, and no more?"""

from __future__ import annotations

import datetime as dt
import ipaddress

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from household import EMAIL, NEW, WORD, is_in, sign_in
from hypothesis import given
from hypothesis import strategies as st

from terril.web.people.actions.close_account import close_account
from terril.web.people.actions.set_password import set_password
from terril.web.people.devices import device, network
from terril.web.people.models import OpenSession, Person

PAGE = "/mon-compte/sessions/"
AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0":
        "Firefox sur Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0": "Edge sur Windows",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 "
    "Safari/537.36": "Chrome sur Linux",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1": "Safari sur iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Safari/605.1.15": "Safari sur Mac",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": "Samsung Internet sur Android",
    "curl/8.5": "Appareil inconnu",
    "": "Appareil inconnu",
    "<script>": "Appareil inconnu",
}  # fmt: skip


@pytest.mark.parametrize(("agent", "said"), AGENTS.items())
def test_a_device_is_two_words(agent: str, said: str) -> None:
    assert device(agent) == said


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("pas une adresse", ""),
    ],
)
def test_the_end_of_an_address_is_not_kept(address: str, kept: str) -> None:
    assert network(address) == kept


@given(st.ip_addresses())
def test_a_network_holds_its_address_and_many_others(address: ipaddress.IPv4Address) -> None:
    found = ipaddress.ip_network(network(str(address)))
    assert found.num_addresses >= 256
    mapped = getattr(address, "ipv4_mapped", None)
    assert (mapped or address) in found


def test_a_session_is_written_when_it_opens_and_forgotten_when_it_closes(
    web: Client, ana: Person
) -> None:
    agent = next(iter(AGENTS))
    web.post("/connexion/", {"username": EMAIL, "password": WORD},
             HTTP_USER_AGENT=agent, REMOTE_ADDR="192.0.2.77")  # fmt: skip
    row = OpenSession.objects.get()
    assert (row.person, row.device, row.network) == (ana, "Firefox sur Windows", "192.0.2.0/24")
    web.post("/deconnexion/")
    assert not OpenSession.objects.exists()


def test_the_page_says_which_is_this_one(home: Client, ana: Person, lea: Person) -> None:
    for person in (ana, lea):
        Client(HTTP_USER_AGENT="Chrome/1 Linux").force_login(person)
    text = home.get(PAGE).content.decode()
    assert text.count('<li class="session">') == 2
    first = text.index("Firefox sur Windows")
    assert first < text.index("celle-ci") < text.index("Appareil inconnu")
    assert "Fermer toutes les autres" in text
    key = home.session.session_key
    assert key is not None and key not in text


def test_a_session_in_use_is_written_every_five_minutes_at_the_most(home: Client) -> None:
    home.get(PAGE)
    row = OpenSession.objects.get()
    home.get(PAGE)
    assert OpenSession.objects.get().seen == row.seen
    past = timezone.now() - dt.timedelta(minutes=6)
    OpenSession.objects.update(seen=past)
    home.get(PAGE, REMOTE_ADDR="198.51.100.9")
    moved = OpenSession.objects.get()
    assert moved.seen > past and moved.network == "198.51.100.0/24"
    assert moved.opened == row.opened


def test_sessions_that_expired_are_no_more_shown(home: Client, ana: Person) -> None:
    other = Client()
    other.force_login(ana)
    long_ago = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    OpenSession.objects.filter(session=other.session.session_key).update(seen=long_ago)
    OpenSession.objects.create(person=ana, session="disparue", seen=timezone.now())
    assert home.get(PAGE).content.decode().count('<li class="session">') == 1
    assert OpenSession.objects.count() == 1


@pytest.mark.parametrize("how", ["closed", "password"])
def test_the_server_ends_sessions_for_good(home: Client, ana: Person, how: str) -> None:
    if how == "closed":
        close_account(EMAIL)
    else:
        set_password(EMAIL, NEW)
    assert not OpenSession.objects.exists() and not is_in(home)


def test_signing_in_again_makes_another_session(web: Client, ana: Person) -> None:
    for client in (web, Client()):
        sign_in(client)
    assert OpenSession.objects.filter(person=ana).count() == 2
