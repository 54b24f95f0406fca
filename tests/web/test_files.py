"""Do the files that leave hold the published figures, in the forms of their standards?"""

from __future__ import annotations

import csv
import io
import json
import zipfile

import openpyxl
import polars as pl
import pytest
from django.test import Client

CODE = "education.taux_retard_3e"  # some of it is secret
BASE = f"/editions/2020-07-01/indicateurs/{CODE}/donnees"


def rows_of(web: Client) -> list[dict[str, str]]:
    text = web.get(f"{BASE}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_csv_says_why_a_value_is_not_there(web: Client) -> None:
    rows = rows_of(web)
    assert len(rows) > 20
    secret = [row for row in rows if row["statut"] == "secret"]
    assert secret and all(row["valeur"] == "" for row in secret)
    assert all(row["valeur"] for row in rows if row["statut"] == "ok")


def test_all_formats_say_the_same(web: Client) -> None:
    rows = rows_of(web)
    wanted = [None if not r["valeur"] else float(r["valeur"].replace(",", ".")) for r in rows]
    parquet = pl.read_parquet(io.BytesIO(web.get(f"{BASE}.parquet").content))
    assert parquet["valeur"].to_list() == wanted
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"{BASE}.xlsx").content))
    cells = [row[7] for row in book["Chiffres"].iter_rows(min_row=2, values_only=True)]
    assert cells == wanted
    text = web.get(f"{BASE}.sdmx.csv").content.decode()
    sdmx = list(csv.DictReader(io.StringIO(text)))
    assert [float(r["OBS_VALUE"]) if r["OBS_VALUE"] else None for r in sdmx] == wanted
    assert {r["CONF_STATUS"] for r in sdmx if not r["OBS_VALUE"]} <= {"A", "C", "D", "F"}
    assert all(r["OBS_STATUS"] == "Q" for r, o in zip(sdmx, rows, strict=True)
               if o["statut"] == "secret")  # fmt: skip
    data = json.loads(web.get(f"{BASE}.json").content)
    known = [value for value in data["value"] if value is not None]
    assert sorted(known) == sorted(v for v in wanted if v is not None)


def test_the_json_stat_is_whole(web: Client) -> None:
    data = json.loads(web.get(f"{BASE}.json").content)
    assert data["version"] == "2.0" and data["class"] == "dataset"
    size = 1
    for name, count in zip(data["id"], data["size"], strict=True):
        assert len(data["dimension"][name]["category"]["index"]) == count
        size *= count
    assert len(data["value"]) == size
    for at, value in enumerate(data["value"]):
        assert (value is None) == (str(at) in data["status"])


def test_the_csvw_describes_the_csv(web: Client) -> None:
    described = web.get(f"{BASE}.csv")
    assert "describedby" in described["Link"]
    meta = json.loads(web.get(f"{BASE}.csv-metadata.json").content)
    assert meta["@context"][0] == "http://www.w3.org/ns/csvw"
    assert meta["url"].endswith(".csv")
    assert [c["name"] for c in meta["tableSchema"]["columns"]] == list(rows_of(web)[0])


def test_the_sheet_leaves_as_pdf_json_and_xlsx(web: Client) -> None:
    base = "/editions/2020-07-01/quartiers/QP062019/fiche"
    pdf = web.get(f"{base}.pdf")
    assert pdf.content.startswith(b"%PDF-") and pdf["Content-Type"] == "application/pdf"
    assert "immutable" in pdf["Cache-Control"]
    assert json.loads(web.get(f"{base}.json").content)["code"] == "QP062019"
    assert zipfile.is_zipfile(io.BytesIO(web.get(f"{base}.xlsx").content))
    assert web.get(f"{base}.exe").status_code == 404


@pytest.mark.parametrize("name", ["../registre.jsonl", "/etc/passwd", "parquet/..%2F..", "rien"])
def test_only_the_files_of_the_manifest_are_given(web: Client, name: str) -> None:
    assert web.get(f"/editions/2020-07-01/fichiers/{name}").status_code == 404


def test_the_files_of_the_edition_are_given_as_sealed(web: Client) -> None:
    answer = web.get("/editions/2020-07-01/fichiers/parquet/observations.parquet")
    assert answer.status_code == 200
    frame = pl.read_parquet(io.BytesIO(b"".join(answer)))
    assert frame.height > 1000


def test_the_catalogue_for_harvesters_names_every_indicator(web: Client) -> None:
    data = json.loads(web.get("/catalogue.jsonld").content)
    assert data["@type"] == "dcat:Catalog"
    assert data["dct:publisher"]["foaf:name"]
    assert len(data["dcat:dataset"]) > 30
    first = data["dcat:dataset"][0]
    assert first["dct:title"]["@value"] and first["dcat:distribution"][0]["dcat:accessURL"]
    address = first["dcat:distribution"][0]["dcat:accessURL"]["@id"]
    assert web.get(address.removeprefix("http://testserver")).status_code == 200
