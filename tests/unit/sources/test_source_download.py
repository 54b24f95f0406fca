"""Does an official file stand under its name only when it is right, with where it came from?"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bad_server import Server, serving
from terril.catalogue.downloads import Download
from terril.catalogue.load import load_catalogue
from terril.sources.datagouv import DataSet, Resource, choose
from terril.sources.download import CURRENT, FETCHED, REPLACED, Order, Outcome, download
from terril.sources.origin import place_of, read_origin
from terril.sources.received import check_content, unpack
from terril.sources.remote import Refused
from terril.sources.transfer import Patience

SLUG = "quartiers"
FEATURE = {
    "type": "Feature",
    "properties": {"code_qp": "QN00101M", "lib_qp": "Les Champs"},
    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
}
GEOJSON = json.dumps({"type": "FeatureCollection", "features": [FEATURE] * 300}).encode()
HTML = b"<!DOCTYPE html><html><body>Maintenance</body></html>"
QUICK = Patience(timeout=0.5, tries=3, pause=0.01, longest=0.05)


def card(**changes: Any) -> Download:
    values: dict[str, Any] = {
        "label": "Périmètres d’essai",
        "group": "perimetres",
        "producer": "Producteur",
        "licence": "Licence Ouverte 2.0",
        "vintage": "2024",
        "page": "https://exemple.invalid/",
        "dataset": SLUG,
        "words": ("qpv-2024", "geojson"),
        "file": "qpv-2024.geojson",
        "format": "geojson",
        "columns": ("code_qp", "LIB_QP"),
    }
    return Download(**{**values, **changes})


def zipped(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return held.getvalue()


ZIP = zipped(
    **{"GEOJSON/QP2024_WGS84.geojson": GEOJSON, "GEOJSON/QP2024_LB93.geojson": b"{}", "lisez": b"x"}
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as state:
        yield state


@pytest.fixture
def order(server: Server, tmp_path: Path) -> Order:
    return Order(tmp_path / "donnees", server=server.base, patience=QUICK)


def offer(
    server: Server, body: bytes = GEOJSON, path: str = "/qpv-2024.geojson", **told: Any
) -> None:
    server.put(path, body)
    server.data_set(SLUG, server.resource(path, **told))


def names(order: Order) -> list[str]:
    return sorted(path.name for path in order.folder.iterdir()) if order.folder.exists() else []


def fails(code: str, order: Order, asked: Download | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        download("essai", asked or card(), order)
    assert caught.value.code == code, caught.value.what
    assert caught.value.remedy or caught.value.expected
    return caught.value


def test_the_file_and_its_origin(server: Server, order: Order) -> None:
    offer(server)
    done = download("qpv_2024", card(), order)
    assert done.state == FETCHED
    assert done.path.read_bytes() == GEOJSON
    assert names(order) == ["qpv-2024.geojson", "qpv-2024.geojson.origine.json"]
    told = json.loads(place_of(done.path).read_text(encoding="utf-8"))
    assert told["millesime"] == "2024"
    assert told["licence"] == "Licence Ouverte 2.0"
    assert told["adresse"] == server.base + "/qpv-2024.geojson"
    assert told["modifie_le"].startswith("2026-01-15")
    assert told["fichiers"] == {"qpv-2024.geojson": hashlib.sha256(GEOJSON).hexdigest()}
    assert told["somme_annoncee"] == f"sha1:{hashlib.sha1(GEOJSON).hexdigest()}"
    assert told["somme_verifiee"] is True
    assert read_origin(done.path) == done.origin


def test_a_second_time_nothing_travels(server: Server, order: Order) -> None:
    offer(server)
    download("qpv_2024", card(), order)
    again = download("qpv_2024", card(), order)
    assert again.state == CURRENT
    assert server.ranges("/qpv-2024.geojson") == [""]


def test_an_archive_is_opened(server: Server, order: Order) -> None:
    offer(server, ZIP, "/qpv-2024-geojson.zip")
    done = download("qpv_2024", card(archive="zip", member=("wgs84", "geojson")), order)
    assert done.path.read_bytes() == GEOJSON
    assert names(order) == ["qpv-2024.geojson", "qpv-2024.geojson.origine.json"]
    assert done.origin.member == "GEOJSON/QP2024_WGS84.geojson"
    assert done.origin.sha256 == hashlib.sha256(ZIP).hexdigest()


def test_a_file_that_no_longer_comes_in_an_archive_is_taken(server: Server, order: Order) -> None:
    offer(server, GEOJSON, "/qpv-2024-geojson.zip")
    asked = card(archive="zip", member=("wgs84", "geojson"))
    assert download("qpv_2024", asked, order).path.read_bytes() == GEOJSON


def test_a_shapefile_brings_its_companions(server: Server, order: Order) -> None:
    shape = b"\x00\x00\x27\x0a" + bytes(20) + (50).to_bytes(4, "big") + bytes(72)
    body = zipped(
        **{"a/QP_WGS84.shp": shape, "a/QP_WGS84.shx": b"x", "a/QP_WGS84.dbf": b"d",
           "a/QP_WGS84.prj": b"p", "a/QP_WGS84.xml": b"no", "b/QP_MAYOTTE.shp": shape}
    )  # fmt: skip
    offer(server, body, "/qp-shp.zip")
    asked = card(
        words=("qp", "shp"), file="qpv-2015.shp", format="shp", archive="zip",
        member=("wgs84", "shp"), columns=(),
    )  # fmt: skip
    done = download("qpv_2015", asked, order)
    assert done.path.name == "qpv-2015.shp"
    assert {n for n in names(order) if "origine" not in n} == {
        "qpv-2015.dbf", "qpv-2015.prj", "qpv-2015.shp", "qpv-2015.shx",
    }  # fmt: skip
    assert set(done.origin.files) >= {"qpv-2015.shp", "qpv-2015.dbf"}


def test_a_compressed_file_is_opened(server: Server, order: Order) -> None:
    asked = card(dataset=None, words=(), url=server.base + "/f.geojson.gz", archive="gz")
    server.put("/f.geojson.gz", gzip.compress(GEOJSON))
    assert download("communes", asked, order).path.read_bytes() == GEOJSON


def test_one_file_a_department(server: Server, order: Order) -> None:
    asked = card(
        dataset=None, words=(), url=server.base + "/adresses-{departement}.csv.gz", archive="gz",
        file="adresses-{departement}.csv", format="csv", columns=("id", "numero"),
    )  # fmt: skip
    fails("departement-absent", order, asked)
    server.put("/adresses-62.csv.gz", gzip.compress(b"id;numero;nom_voie\n1;2;Rue\n"))
    done = download("adresses", asked, replace(order, department="62"))
    assert done.path.name == "adresses-62.csv"


def test_it_resumes_across_commands(server: Server, order: Order) -> None:
    offer(server, ZIP, "/qpv-2024-geojson.zip")
    asked = card(archive="zip", member=("wgs84", "geojson"))
    server.files["/qpv-2024-geojson.zip"].faults = ["cut:700"]
    server.files["/qpv-2024-geojson.zip"].always = "status:503"
    fails("serveur-occupe", order, asked)
    assert names(order) == ["qpv-2024.geojson.part", "qpv-2024.geojson.part.json"]
    server.files["/qpv-2024-geojson.zip"].always = ""
    done = download("qpv_2024", asked, order)
    assert (done.resumed, done.path.read_bytes()) == (700, GEOJSON)
    assert server.ranges("/qpv-2024-geojson.zip")[-1] == "bytes=700-"
    assert len(names(order)) == 2


# ------------------------------------------------------------------ servers that lie


def test_a_wrong_checksum_is_never_taken(server: Server, order: Order) -> None:
    offer(server, checksum={"type": "sha1", "value": "0" * 40})
    fails("somme-fausse", order)
    assert names(order) == []
    assert len(server.ranges("/qpv-2024.geojson")) == 2, "asked for once more, not for ever"


def test_a_file_spoilt_once_on_the_way_comes_at_the_second_try(
    server: Server, order: Order
) -> None:
    offer(server)
    server.files["/qpv-2024.geojson"].faults = ["short:9"]
    told: list[str] = []
    done = download("qpv_2024", card(), replace(order, tell=told.append))
    assert done.path.read_bytes() == GEOJSON
    assert "octets" in told[0]


def test_a_wrong_size_is_never_taken(server: Server, order: Order) -> None:
    offer(server, filesize=len(GEOJSON) + 1, checksum=None)
    fails("taille-fausse", order)


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_other_checksums(server: Server, order: Order, algorithm: str) -> None:
    value = hashlib.new(algorithm, GEOJSON).hexdigest().upper()
    offer(server, checksum={"type": algorithm, "value": value})
    assert download("qpv_2024", card(), order).origin.checked


def test_what_data_gouv_only_repeats_does_not_count(server: Server, order: Order) -> None:
    offer(server, filetype="remote", filesize=3, checksum={"type": "sha1", "value": "0" * 40})
    assert not download("qpv_2024", card(), order).origin.checked


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (HTML, "page-web"),
        (b"", "fichier-vide"),
        (GEOJSON[:-40], "contenu-inattendu"),
        (b"code;nom\n1;2\n", "contenu-inattendu"),
        (json.dumps({"type": "FeatureCollection", "features": []}).encode(), "contenu-inattendu"),
        (GEOJSON.replace(b"code_qp", b"code_zz"), "contenu-inattendu"),
    ],
)
def test_what_is_not_the_file_is_never_taken(
    server: Server, order: Order, body: bytes, code: str
) -> None:
    offer(server, body)
    fails(code, order)
    assert names(order) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (HTML, "page-web"),
        (ZIP[:-30], "contenu-inattendu"),
        (ZIP[:200] + b"\x00\x01\x02" + ZIP[203:], "contenu-inattendu"),
        (zipped(autre=b"x"), "membre-introuvable"),
        (zipped(**{"a_wgs84.geojson": GEOJSON, "b_wgs84.geojson": GEOJSON}), "membre-introuvable"),
        (zipped(**{"a_wgs84.geojson": b"{}"}), "contenu-inattendu"),
        (zipped(**{"a_wgs84.geojson": b" " * 3_000_000}), "fichier-trop-gros"),
    ],
)
def test_what_is_not_the_archive_is_never_taken(
    server: Server, order: Order, body: bytes, code: str
) -> None:
    offer(server, body, "/qpv-2024-geojson.zip")
    fails(code, order, card(archive="zip", member=("wgs84", "geojson"), largest=1))
    assert names(order) == []


def test_a_name_with_a_path_in_an_archive_goes_nowhere(server: Server, order: Order) -> None:
    offer(server, zipped(**{"../../evil_wgs84.geojson": GEOJSON}), "/qpv-2024-geojson.zip")
    download("qpv_2024", card(archive="zip", member=("wgs84", "geojson")), order)
    assert names(order) == ["qpv-2024.geojson", "qpv-2024.geojson.origine.json"]
    assert not list(order.folder.parent.parent.glob("evil*"))


# ------------------------------------------------------------------ what is already there


def already(server: Server, order: Order) -> Outcome:
    offer(server)
    return download("qpv_2024", card(), order)


def test_a_new_official_file_is_said_and_not_taken(server: Server, order: Order) -> None:
    path = already(server, order).path
    offer(server, GEOJSON + b"\n", last_modified="2026-09-01T00:00:00+00:00")
    refusal = fails("fichier-change", order)
    assert "2026-09-01" in refusal.what
    assert path.read_bytes() == GEOJSON
    done = download("qpv_2024", card(), replace(order, replace=True))
    assert (done.state, path.read_bytes()) == (REPLACED, GEOJSON + b"\n")


def test_a_file_changed_by_hand_is_said_and_not_lost(server: Server, order: Order) -> None:
    path = already(server, order).path
    path.write_bytes(b"{}")
    fails("fichier-modifie", order)
    assert path.read_bytes() == b"{}"


def test_a_file_of_unknown_origin_is_not_lost(server: Server, order: Order) -> None:
    path = already(server, order).path
    place_of(path).write_text("{", encoding="utf-8")
    fails("fichier-sans-origine", order)
    assert path.read_bytes() == GEOJSON


def test_a_replacement_that_fails_leaves_the_old_file(server: Server, order: Order) -> None:
    path = already(server, order).path
    offer(server, HTML)
    with pytest.raises(Refused):
        download("qpv_2024", card(), replace(order, replace=True))
    assert path.read_bytes() == GEOJSON
    assert read_origin(path) is not None


@pytest.mark.parametrize("etag", ['"v1"', ""])
def test_a_fixed_address_is_asked_whether_it_changed(
    server: Server, order: Order, etag: str
) -> None:
    asked = card(dataset=None, words=(), url=server.base + "/f")
    server.put("/f", GEOJSON, etag=etag)
    download("communes", asked, order)
    assert download("communes", asked, order).state == CURRENT
    server.put("/f", GEOJSON + b" ", etag=etag and '"v2"', modified="Fri, 16 Jan 2026 08:00:00 GMT")
    fails("fichier-change", order, asked)


# ------------------------------------------------------------------ data.gouv.fr


def test_a_data_set_that_is_gone(server: Server, order: Order) -> None:
    assert server.base in fails("adresse-absente", order).what


def test_a_page_in_the_place_of_the_answer(server: Server, order: Order) -> None:
    server.put(f"/api/1/datasets/{SLUG}/", HTML)
    fails("reponse-illisible", order)
    server.put(f"/api/1/datasets/{SLUG}/", b"[]")
    fails("reponse-illisible", order)


def test_data_gouv_is_tried_again(server: Server, order: Order) -> None:
    offer(server)
    server.files[f"/api/1/datasets/{SLUG}/"].faults = ["status:503", "close"]
    assert download("qpv_2024", card(), order).state == FETCHED


def test_a_renamed_file_is_said_with_those_that_are_there(server: Server, order: Order) -> None:
    offer(server, path="/contours-nouveaux.geojson")
    assert "contours-nouveaux.geojson" in fails("fichier-introuvable", order).what


def resource(name: str, **other: Any) -> Resource:
    values: dict[str, Any] = {
        "id": name, "title": "", "url": f"https://exemple.invalid/{name}", "kept": True,
        "main": True, "size": 1, "algorithm": "", "checksum": "", "modified": "2026-01-01",
    }  # fmt: skip
    return Resource(**{**values, **other})


def test_the_latest_of_the_main_files_is_chosen() -> None:
    held = DataSet(
        SLUG,
        "Jeu",
        "lov2",
        (
            resource("QPV_2024-geojson.zip", modified="2025-02-06"),
            resource("qpv-2024.geojson", modified="2026-01-15"),
            resource("qpv-2024-geojson-notice.pdf", modified="2026-03-01", main=False),
            resource("qpv-2024-gpkg.zip", modified="2026-04-01"),
        ),
    )
    assert choose(held, ["qpv-2024", "GeoJSON"]).name == "qpv-2024.geojson"
    assert choose(held, ["qpv 2024", "geojson"], ["2024.geojson", "pdf"]).modified == "2025-02-06"
    titled = DataSet(SLUG, "Jeu", "", (resource("x.zip", title="Périmètres au format GéoJSON"),))
    assert choose(titled, ["perimetres", "geojson"]).name == "x.zip"


# ------------------------------------------------------------------ formats


def test_each_format_is_opened(tmp_path: Path) -> None:
    package = tmp_path / "a.gpkg"
    with sqlite3.connect(package) as base:
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
        base.execute("INSERT INTO gpkg_contents VALUES ('qpv')")
    base.close()
    check_content(package, "gpkg")
    spoilt = tmp_path / "b.gpkg"
    spoilt.write_bytes(package.read_bytes()[:3000])
    table = tmp_path / "c.csv"
    table.write_bytes("\ufeffcode_qp;lib_qp;insee_com\nQN1;Été;1\n".encode())
    check_content(table, "csv", ("CODE_QP", "insee_com"))
    latin = tmp_path / "d.csv"
    latin.write_bytes("code,libellé\n1,été\n".encode("cp1252"))
    check_content(latin, "csv", ("code",))
    column = tmp_path / "e.parquet"
    column.write_bytes(b"PAR1" + bytes(20) + b"PAR1")
    check_content(column, "parquet")
    half = tmp_path / "f.parquet"
    half.write_bytes(b"PAR1" + bytes(20))
    binary = tmp_path / "g.csv"
    binary.write_bytes(bytes(30))
    for path, kind in ((spoilt, "gpkg"), (half, "parquet"), (binary, "csv"), (table, "gpkg")):
        with pytest.raises(Refused) as caught:
            check_content(path, kind)
        assert caught.value.code == "contenu-inattendu"
    with pytest.raises(Refused):
        check_content(table, "csv", ("siren",))


def test_a_cut_compressed_file_is_not_taken(tmp_path: Path) -> None:
    held = tmp_path / "a.gz"
    held.write_bytes(gzip.compress(GEOJSON)[:-12])
    with pytest.raises(Refused):
        unpack(held, "gz", (), tmp_path / "a.geojson", 10_000_000)


# ------------------------------------------------------------------ the cards


def test_the_cards_of_the_catalogue_say_what_is_needed() -> None:
    cards = load_catalogue().downloads
    assert {card.group for card in cards.values()} >= {"perimetres", "listes", "communes"}
    assert {card.generation for card in cards.values()} >= {"2015", "2024"}
    files = [card.file for card in cards.values()]
    assert len(files) == len(set(files))
    for held in cards.values():
        assert (held.url or "https://").startswith("https://")
        assert held.file.endswith(f".{held.format}")


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://exemple.invalid/f"},
        {"words": ()},
        {"archive": "zip"},
        {"file": "adresses-{departement}.csv"},
        {"page": "exemple"},
    ],
)
def test_a_card_that_cannot_work_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        card(**changes)
