"""May other sites show what is meant to be shown, and nothing else?"""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

INDICATOR = "/integrer/indicateur/education.taux_retard_3e/"
SIGNALS = "/integrer/quartier/QP062019/signaux/"


@pytest.mark.parametrize("address", [INDICATOR, SIGNALS, f"/editions/2020-07-01{SIGNALS}"])
def test_an_embed_may_be_framed_and_follows_nobody(web: Client, address: str) -> None:
    answer = web.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies and not web.cookies
    assert "<nav" not in page and "<form" not in page
    assert "Source" in page or "sources" in page
    assert 'target="_blank" rel="noopener"' in page
    assert not re.search(r"""(src|href)=["']https?://""", page)
    assert not re.search(r"<script(?![^>]*src=)", page)


@pytest.mark.parametrize(
    "address",
    ["/", "/quartiers/QP062019/", "/indicateurs/education.taux_retard_3e/", "/integrer/", "/api/",
     "/connexion/", "/comparer/", "/tableaux/"],
)  # fmt: skip
def test_other_pages_refuse_to_be_framed(web: Client, address: str) -> None:
    answer = web.get(address)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_an_embed_says_what_the_page_says(web: Client) -> None:
    whole = web.get("/indicateurs/education.taux_retard_3e/").content.decode()
    embed = web.get(INDICATOR).content.decode()
    ranks = re.compile(r'<td class="rang"><b>([^<]*)</b></td><th scope="row">(?:<a[^>]*>)?([^<]+)')
    assert ranks.findall(embed) == ranks.findall(whole) != []


def test_what_is_not_there_is_not_embedded(web: Client) -> None:
    assert web.get("/integrer/indicateur/rien.du_tout/").status_code == 404
    assert web.get("/integrer/quartier/QP999999/signaux/").status_code == 404
    assert web.post(INDICATOR).status_code == 405


def test_the_page_gives_code_that_works(web: Client) -> None:
    page = web.get("/integrer/?indicateur=education.taux_retard_3e").content.decode()
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    code = html.unescape(found[1])
    frame = re.search(r'src="(http://testserver/integrer/[^"]+)" title="[^"]+"', code)
    assert frame and web.get(frame[1].removeprefix("http://testserver")).status_code == 200
    script = re.search(r'<script src="http://testserver([^"]+)" defer></script>', code)
    assert script
    answer = web.get(script[1])
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"event.origin" in answer.content and b"event.source" in answer.content


def test_what_is_asked_cannot_break_the_code(web: Client) -> None:
    page = web.get("/integrer/", {"quartier": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page and "Aucun quartier" in page
