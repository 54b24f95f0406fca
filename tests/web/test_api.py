"""Does the programming interface answer the published figures, and only well-formed questions?"""

from __future__ import annotations

import json

import pytest
from django.test import Client

BASE = "/api/v1/editions/derniere"


def test_it_describes_itself_in_openapi_3_1(web: Client) -> None:
    found = json.loads(web.get("/api/v1/openapi.json").content)
    assert found["openapi"].startswith("3.1")
    assert len(found["paths"]) >= 5
    for path in found["paths"].values():
        assert path["get"]["summary"]


def test_the_figures_of_an_indicator_come_by_pages(web: Client) -> None:
    address = f"{BASE}/indicateurs/education.taux_retard_3e/observations"
    whole = json.loads(web.get(address).content)
    assert whole["total"] == len(whole["items"]) > 20
    part = json.loads(web.get(f"{address}?offset=5&limit=3").content)
    assert part["items"] == whole["items"][5:8] and part["total"] == whole["total"]
    for item in whole["items"]:
        assert (item["value"] is None) == (item["status"] != "ok")
    one = json.loads(web.get(f"{address}?territory=QP062019&kind=qpv").content)
    assert {item["territory"] for item in one["items"]} == {"QP062019"}


def test_an_answer_under_a_date_is_kept_for_ever(web: Client) -> None:
    address = "/api/v1/editions/2020-07-01/indicateurs"
    answer = web.get(address)
    assert "immutable" in answer["Cache-Control"]
    again = web.get(address, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert web.get(f"{BASE}/indicateurs")["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/editions/1999-01-01/indicateurs", 404),
        ("/api/v1/editions/hier/indicateurs", 422),
        (f"{BASE}/indicateurs/rien/observations", 404),
        (f"{BASE}/indicateurs/rien/observations?limit=0", 422),
        (f"{BASE}/quartiers/QP999999", 404),
        (f"{BASE}/territoires?kind=%27%3B--", 422),
    ],
)
def test_what_is_wrong_is_refused(web: Client, address: str, status: int) -> None:
    answer = web.get(address)
    assert answer.status_code == status
    assert json.loads(answer.content)["detail"]


def test_nothing_can_be_written(web: Client) -> None:
    for method in (web.post, web.put, web.patch, web.delete):
        assert method(f"{BASE}/indicateurs").status_code == 405
