"""Does the page of the programming interface say what the interface does?"""

from __future__ import annotations

import html
import json
import re

from django.test import Client


def test_every_example_answers(web: Client) -> None:
    page = web.get("/api/").content.decode()
    examples = [html.unescape(a) for a in re.findall(r'Exemple : <a href="([^"]+)"', page)]
    described = json.loads(web.get("/api/v1/openapi.json").content)
    assert len(examples) == len(described["paths"])
    for address in examples:
        answer = web.get(address)
        assert answer.status_code == 200, address
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert json.loads(answer.content)


def test_every_parameter_is_explained(web: Client) -> None:
    described = json.loads(web.get("/api/v1/openapi.json").content)
    page = web.get("/api/").content.decode()
    for path, routes in described["paths"].items():
        assert path in html.unescape(page)
        for parameter in routes["get"]["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert html.escape(parameter["description"], quote=False) in page


def test_a_refusal_says_in_french_which_parameter(web: Client) -> None:
    answer = web.get("/api/v1/editions/derniere/indicateurs/x/observations?limit=0&offset=-1")
    assert answer.status_code == 422
    assert json.loads(answer.content) == {"detail": "Paramètre mal formé\u00a0: limit, offset."}


def test_other_sites_may_read_but_not_write(web: Client) -> None:
    address = "/api/v1/editions/derniere/indicateurs"
    origin = {"Origin": "https://ailleurs.example"}
    assert web.get(address, headers=origin)["Access-Control-Allow-Origin"] == "*"
    for answer in (web.options(address, headers=origin), web.post(address, headers=origin)):
        assert answer.status_code == 405
        assert "Access-Control-Allow-Methods" not in answer
        assert "Access-Control-Allow-Credentials" not in answer
