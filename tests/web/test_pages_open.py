"""Does each page answer, say where it comes from, and let itself be kept?"""

from __future__ import annotations

import re

import pytest
from django.test import Client

CODE = "QP062019"
DATE = "2020-07-01"


ADDRESSES = (
    "/",
    "/?theme=sante&recherche=lens",
    f"/quartiers/{CODE}/",
    "/indicateurs/",
    "/indicateurs/revenus.taux_pauvrete/",
    "/indicateurs/education.taux_retard_3e/?reference=commune&periode=2015",
    "/themes/education/",
    "/comparer/",
    f"/comparer/?q={CODE}&q=QP062029&q=QP062025",
    "/connexion/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_answers_with_its_title_and_its_policy(web: Client, address: str) -> None:
    answer = web.get(address)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("<h1") == 1
    assert '<html lang="fr">' in text
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not re.search(r"<[^>]+\sstyle=", text), "a style inside the page"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "a script inside the page"
    assert not re.search(r'(?:src|href)="https?://(?!www\.w3\.org)', text)


def test_the_sheet_shows_the_figures_of_the_edition(web: Client) -> None:
    text = web.get(f"/quartiers/{CODE}/").content.decode()
    assert "4\u202f765" in text
    assert "en difficulté" in text
    assert text.count("<table") >= 7


def test_a_page_is_asked_again_and_costs_nothing_when_it_is_the_same(web: Client) -> None:
    dated = web.get(f"/editions/{DATE}/quartiers/{CODE}/")
    free = web.get(f"/quartiers/{CODE}/")
    # an edition may be withdrawn: its pages must then say so, whoever has them
    assert dated["Cache-Control"] == "public, no-cache"
    assert free["Cache-Control"] == "public, no-cache"
    again = web.get(f"/quartiers/{CODE}/", headers={"If-None-Match": free["ETag"]})
    assert again.status_code == 304 and not again.content
    # links of a dated page stay in its edition
    assert f'href="/editions/{DATE}/"' in dated.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/quartiers/QP999999/", "/quartiers/%27--/", "/editions/2019-01-01/", "/editions/2020-13-99/"],
)
def test_what_is_not_there_is_said(web: Client, address: str) -> None:
    answer = web.get(address)
    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode()


def test_readers_get_no_cookie(web: Client) -> None:
    assert not web.get("/").cookies
    assert not web.get(f"/quartiers/{CODE}/").cookies
