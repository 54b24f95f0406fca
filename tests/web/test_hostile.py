"""What happens when every question is asked in bad faith?

Never a failure of the server, never a text of the question in the page unescaped, never a header
that the question wrote. Every address that takes a GET is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

#: parameters that pages read, and one that none does
NAMES = ("theme", "contrat", "recherche", "periode", "reference", "ventilation", "q", "indicateur",
         "quartier", "kind", "territory", "period", "offset", "limit", "rien")  # fmt: skip
MARK = "<svg/onload=alert(7)>"
NASTY = (
    "",
    MARK,
    f'"{MARK}',
    f"'{MARK}",
    "' OR 1=1 --",
    '"; DROP TABLE observations; --',
    "../../../etc/passwd",
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: pris=1",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "{{ 7*7 }}{% debug %}",
    "${7*7}",
    "=1+1",
    "\u202e\u0000\ufffe",
    "é" * 3000,
    "total' UNION SELECT 1",
    "%00",
)
PAGES = (
    "/",
    "/quartiers/QP062019/",
    "/indicateurs/",
    "/indicateurs/education.taux_retard_3e/",
    "/themes/education/",
    "/comparer/",
    "/tableaux/",
    "/methode/",
    "/editions/",
    "/integrer/",
    "/integrer/indicateur/education.taux_retard_3e/",
    "/integrer/quartier/QP062019/signaux/",
    "/api/",
    "/catalogue.jsonld",
    "/quartiers.geojson",
    "/indicateurs/education.taux_retard_3e/donnees.json",
    "/indicateurs/education.taux_retard_3e/donnees.csv-metadata.json",
    "/api/v1/editions",
    "/api/v1/editions/derniere/territoires",
    "/api/v1/editions/derniere/indicateurs/education.taux_retard_3e/observations",
)
CLEAN = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check_sound(answer: Any) -> None:
    """The server has not failed, nothing of ``MARK`` stands as markup, no header was written."""
    assert answer.status_code < 500
    assert "pris" not in answer.cookies
    if answer.get("Content-Type", "").startswith("text/html"):
        assert MARK not in answer.content.decode()
    for name, value in answer.items():
        assert "\r" not in value and "\n" not in value, name


@pytest.mark.parametrize("page", PAGES)
def test_no_parameter_breaks_a_page(web: Client, page: str) -> None:
    for text in NASTY:
        check_sound(web.get(page, {name: text for name in NAMES}))
        check_sound(web.get(page, {"q": [text, text, "QP062019"], "limit": text}))


@given(
    page=st.sampled_from(PAGES),
    asked=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), max_size=6),
)
@CLEAN
def test_no_text_breaks_a_page(web: Client, page: str, asked: dict[str, str]) -> None:
    known = {key: text.encode("utf-8", "replace").decode() for key, text in asked.items()}
    check_sound(web.get(page, {**known, "recherche": known.get("recherche", "") + MARK}))


@pytest.mark.parametrize("raw", ["%ff%fe", "%c0%af", "%ed%a0%80", "%", "%zz", "a=%00&a", "&&&==="])
def test_bytes_that_are_no_text_are_borne(web: Client, raw: str) -> None:
    for page in PAGES:
        answer = web.generic("GET", page, QUERY_STRING=f"recherche={raw}&periode={raw}&q={raw}")
        check_sound(answer)


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for item in patterns:
        here = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from routes(item.url_patterns, here)
        elif isinstance(item, URLPattern):
            yield here


@pytest.mark.parametrize(
    "code",
    [MARK, "..", "../..", "%2e%2e%2f", "a\x00b", "\r\nX-Pris: 1", "é", "9" * 300, "' OR '1'='1",
     "\u202e", '"', "con", "QP062019;", "QP062019\n"],
)  # fmt: skip
def test_no_code_in_an_address_breaks_a_page(web: Client, code: str) -> None:
    tried = 0
    for route in routes(get_resolver().url_patterns):
        if "<" not in route or route.startswith(("atelier", "^")):
            continue
        date = re.sub(r"<jour:\w+>", "2020-07-01", route)
        address = "/" + re.sub(r"<[^>]+>", quote(code, safe=""), date)
        check_sound(web.get(address))
        tried += 1
    assert tried > 15


@pytest.mark.parametrize(
    "name",
    ["../registre.jsonl", "..%2f..%2fregistre.jsonl", "/etc/passwd", "//etc/passwd",
     "parquet/../../registre.jsonl", "parquet%2f..%2f..%2fregistre.jsonl", "manifeste.json%00",
     "parquet/observations.parquet/..", ".", "", "....//registre.jsonl", "~/.ssh/id_rsa"],
)  # fmt: skip
def test_no_path_leaves_the_edition(web: Client, name: str) -> None:
    assert web.get(f"/editions/2020-07-01/fichiers/{name}").status_code in (400, 404)


def test_a_file_name_cannot_write_a_header(web: Client) -> None:
    for code in ('a";x="', "a\r\nX-Pris: 1", "é"):
        answer = web.get(f"/indicateurs/{quote(code, safe='')}/donnees.csv")
        assert answer.status_code == 404 and "X-Pris" not in answer


@pytest.mark.parametrize(
    "host", ["mechant.example", "testserver.mechant.example", "testserver:80@mechant.example",
             "testserver\r\nX-Pris: 1", "", "127.0.0.1.mechant.example"],
)  # fmt: skip
def test_another_host_is_refused(web: Client, host: str) -> None:
    for page in ("/", "/catalogue.jsonld", "/integrer/?indicateur=education.taux_retard_3e"):
        answer = web.get(page, headers={"host": host}) if host else web.get(page, HTTP_HOST="")
        if host:
            assert answer.status_code == 400
        assert b"mechant" not in answer.content


def test_a_forwarded_host_is_not_believed(web: Client) -> None:
    headers = {"x-forwarded-host": "mechant.example", "x-forwarded-server": "mechant.example",
               "forwarded": "host=mechant.example"}  # fmt: skip
    for page in ("/", "/catalogue.jsonld", "/integrer/?indicateur=education.taux_retard_3e"):
        assert b"mechant" not in web.get(page, headers=headers).content


def test_each_answer_bears_its_guards(web: Client) -> None:
    for page in PAGES:
        answer = web.get(page)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert not answer.cookies
        assert "Server" not in answer and "X-Powered-By" not in answer


def test_https_is_kept_once_it_is_set() -> None:
    """What ``TERRIL_HTTPS`` sets, see ``settings.py``: in another process, as it is read once."""
    import os
    import subprocess
    import sys

    said = subprocess.run(
        [sys.executable, "-c",
         "import django; django.setup()\n"
         "from django.test import Client\n"
         "c = Client()\n"
         "a = c.get('/api/v1/editions', headers={'host': 'quartiers.exemple.fr'})\n"
         "print(a.status_code, a.get('Location'))\n"
         "b = c.get('/api/v1/editions', secure=True, headers={'host': 'quartiers.exemple.fr'})\n"
         "print(b.status_code, b['Strict-Transport-Security'])\n"
         "from django.conf import settings as s\n"
         "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY)\n"],
        env={**os.environ, "TERRIL_HTTPS": "oui", "TERRIL_HOTES": "quartiers.exemple.fr"},
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert said[0] == "301 https://quartiers.exemple.fr/api/v1/editions"
    assert said[1].startswith("200 max-age=63072000; includeSubDomains")
    assert said[2] == "True True True"


@override_settings(RATE=4)
def test_a_refusal_of_pace_says_when_to_come_back() -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")
    answers = [client.get("/api/v1/editions") for _ in range(4)]
    assert answers[-1].status_code == 429 and int(answers[-1]["Retry-After"]) >= 1
