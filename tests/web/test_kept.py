"""Is a page that was kept the one that was made, and never that of somebody else?"""

from __future__ import annotations

import gzip

import pytest
from django.test import Client, override_settings

from terril.web.observatoire.kept import KEEPER, Keeper, Kept

PAGE = "/quartiers/QP062019/"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(autouse=True)
def _empty() -> None:
    KEEPER.clear()


def test_the_second_reader_gets_the_same_bytes_and_headers(web: Client) -> None:
    first, second = web.get(PAGE), Client().get(PAGE)
    assert KEEPER.weight > 0
    assert first.content == second.content
    assert dict(first.items()) == dict(second.items())
    assert "Accept-Encoding" in second["Vary"]


def test_a_page_is_sent_compressed_only_to_whom_reads_it_so(web: Client) -> None:
    plain, packed = web.get(PAGE), web.get(PAGE, headers=GZIP)
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == f"W/{plain['ETag']}"  # other bytes, the same page
    again = web.get(PAGE, headers={"If-None-Match": packed["ETag"]})
    assert again.status_code == 304


def test_nothing_is_kept_nor_given_where_a_cookie_tells_who_asks(web: Client) -> None:
    web.cookies["terril_session"] = "x"
    web.get(PAGE)
    assert KEEPER.weight == 0
    Client().get(PAGE)
    held = KEEPER.weight
    web.get(PAGE)
    assert KEEPER.weight == held > 0


def test_each_address_and_each_host_has_its_own_page(web: Client) -> None:
    one = web.get("/indicateurs/revenus.taux_pauvrete/?reference=commune").content
    assert one != web.get("/indicateurs/revenus.taux_pauvrete/?reference=moyenne").content
    here = web.get("/catalogue.jsonld", headers={"host": "localhost"}).content
    assert b"//localhost/" in here
    assert b"//localhost/" not in web.get("/catalogue.jsonld").content


def test_only_what_succeeded_is_kept(web: Client) -> None:
    assert web.get("/quartiers/QP999999/").status_code == 404
    assert KEEPER.weight == 0


def test_the_room_is_bounded_and_the_oldest_leaves() -> None:
    keeper, page = Keeper(), Kept(b"x" * 500, False, (), False)
    with override_settings(PAGES_KEPT=10 * page.weight):
        for n in range(10):
            keeper.keep(str(n), page)
        assert keeper.find("0") is page  # asked for again: it is no longer the oldest
        keeper.keep("10", page)
        assert keeper.weight == 10 * page.weight
        assert keeper.find("1") is None and keeper.find("0") and keeper.find("10")
        keeper.keep("10", page)
        assert keeper.weight == 10 * page.weight
        keeper.keep("big", Kept(b"x" * 9 * page.weight, False, (), False))
        assert keeper.find("big") is None
    with override_settings(PAGES_KEPT=0):
        keeper.keep("11", page)
        assert keeper.find("11") is None
