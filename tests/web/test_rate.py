"""Is an address that asks too much told to wait, and only that one?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from terril.web.security import Rate, address


def _answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def test_the_bucket_empties_then_refuses_with_a_delay(web: Client) -> None:
    with override_settings(RATE=40):
        rate = Rate(_answer)
        ask = RequestFactory().get
        codes = [rate(ask("/api/v1/")).status_code for _ in range(12)]
        assert codes[:10] == [200] * 10 and codes[10:] == [429, 429]
        refused = rate(ask("/api/v1/"))
        assert 1 <= int(refused["Retry-After"]) <= 3
        other = ask("/", REMOTE_ADDR="10.0.0.9")
        assert rate(other).status_code == 200


def test_a_forwarded_address_is_believed_only_behind_a_declared_proxy() -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    assert address(request) == "127.0.0.1"
    with override_settings(PROXIES=1):
        assert address(request) == "2.2.2.2"
    with override_settings(PROXIES=2):
        assert address(request) == "1.1.1.1"
