"""Do the pages that say what the site is exist, lead somewhere, and tell no secret?"""

from __future__ import annotations

import dataclasses
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
import site_of_tests as site
from django.conf import settings
from django.test import Client, override_settings

from terril.cli.main import main
from terril.editions.look import Shelf
from terril.editions.withdraw import withdraw
from terril.reports.pages import history
from terril.web.observatoire import markdown

FIRST, SECOND = "2020-07-01", "2021-07-01"
PAGES = (
    "/tableaux/",
    "/methode/",
    "/methode/signaux/",
    "/methode/secret-primaire/",
    "/editions/",
    "/accessibilite/",
    "/mentions-legales/",
    "/plan-du-site/",
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The pilot sealed twice, a year apart, one figure corrected in between."""
    folder = tmp_path_factory.mktemp("deux")
    project = folder / "projet"
    shutil.copytree(site.ROOT / "demo", project, ignore=shutil.ignore_patterns("editions"))
    shutil.copytree(site.editions(), folder / "editions")
    toml = project / "terril.toml"
    text = toml.read_text(encoding="utf-8").replace(f"edition = {FIRST}", f"edition = {SECOND}")
    toml.write_text(text, encoding="utf-8")
    assert main(["construire", str(project), "--vers", str(folder / "editions")]) == 0
    yield folder / "editions"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_and_its_links_lead_somewhere(web: Client, address: str) -> None:
    text = web.get(address).content.decode()
    assert text.count("<h1") == 1 and "{{" not in text and "{%" not in text
    assert not re.search(r"<[^>]+\sstyle=", text)
    links = set(re.findall(r'href="(/[^"#?]*)', text)) - {"/atelier/"}
    links = {link for link in links if not link.startswith("/static")}
    assert len(links) > 8
    pages = [link for link in links if "/fichiers/" not in link and "donnees." not in link]
    files = sorted(links - set(pages))[:6]
    for link in (*pages, *files):
        if not link.startswith("/statique"):
            assert web.get(link).status_code in (200, 302), link


def test_every_page_of_the_method_is_shown_without_a_mark_left(web: Client) -> None:
    index = web.get("/methode/").content.decode()
    names = set(re.findall(r'href="/methode/([a-z0-9-]+)/"', index))
    assert len(names) > 8
    for name in names:
        body = web.get(f"/methode/{name}/").content.decode().partition("<h1>")[2]
        body = re.sub(r"<code>.*?</code>", "", body, flags=re.DOTALL)
        words = re.sub(r"<[^>]+>", "", body)
        assert "**" not in words and "](" not in words and "| ---" not in words, name
        assert not re.search(r"(?:^|\s)\*\w", words), name
    assert web.get("/methode/index/").status_code == 404
    assert web.get("/methode/rien/").status_code == 404


def test_a_small_markdown_is_escaped_before_it_is_marked() -> None:
    text = "# T\n\nUn <b> **gras** et *doux `a*b` fin* [ici](x.md) [là](http://e.fr) [non](../y)\n"
    found = str(markdown.page(text, lambda target: "/x/" if target == "x.md" else None))
    assert found == (
        "<p>Un &lt;b&gt; <strong>gras</strong> et <em>doux <code>a*b</code> fin</em> "
        '<a href="/x/">ici</a> <a href="http://e.fr">là</a> non</p>'
    )
    table = str(markdown.page("| a | b |\n| --- | --- |\n| x \\| y | 1,5 |", lambda t: None))
    assert '<th scope="row">x | y</th><td>1,5</td>' in table
    assert 'href="javascript' not in str(markdown.page("[x](javascript:alert)", lambda t: None))


def test_the_tables_name_every_file_of_the_edition_with_its_size(web: Client) -> None:
    text = web.get("/tableaux/").content.decode()
    look = Shelf(settings.EDITIONS).latest()
    assert look is not None
    for output in look.manifest.outputs:
        assert f"/editions/{look.date}/fichiers/{output.file}" in text
        assert output.sha256 in text
    assert re.search(r"\d\u00a0[kM]o", text)
    for ending in ("csv", "xlsx", "parquet", "json", "sdmx.csv"):
        answer = web.get(f"/editions/{FIRST}/themes/sante/donnees.{ending}")
        assert answer.status_code == 200 and "immutable" in answer["Cache-Control"]
    assert web.get("/themes/rien/donnees.csv").status_code == 404
    assert web.get("/themes/sante/donnees.exe").status_code == 404


def test_harvesters_are_led_to_every_page(web: Client) -> None:
    robots = web.get("/robots.txt").content.decode()
    address = re.search(r"^Sitemap: http://testserver(/\S+)$", robots, re.MULTILINE)
    assert address and "Disallow: /api/" in robots
    tree = ET.fromstring(web.get(address[1]).content)
    held = [
        node.text or "" for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert "http://testserver/quartiers/QP062019/" in held and len(held) == len(set(held)) > 80
    for place in held[::9]:
        assert web.get(place.removeprefix("http://testserver")).status_code == 200


def test_the_duties_say_what_was_set(web: Client) -> None:
    with override_settings(
        CONTACT="quartiers@exemple.fr", HOSTING="Hébergeur <SA>", ACCESSIBILITY="partielle"
    ):
        told = web.get("/accessibilite/").content.decode()
        assert "partiellement conforme" in told and "mailto:quartiers@exemple.fr" in told
        legal = web.get("/mentions-legales/").content.decode()
        assert "Hébergeur &lt;SA&gt;" in legal
    told = web.get("/accessibilite/").content.decode()
    assert "non conforme" in told and "Défenseur des droits" in told and "mailto:" not in told


def test_two_editions_say_what_changed_once_and_lead_to_one_another(
    web: Client, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with override_settings(EDITIONS=two):
        listed = web.get("/editions/").content.decode()
        assert f"/editions/{SECOND}/changements/" in listed
        assert f"/editions/{FIRST}/changements/" not in listed
        first = web.get(f"/editions/{SECOND}/changements/").content.decode()
        assert "1er juillet 2020" in first and "1er juillet 2021" in first
        made = list((settings.DATA / "differences").glob("*.json"))
        assert made

        def never(*_: object) -> None:
            raise AssertionError("compared again")

        monkeypatch.setattr(history, "compare", never)
        assert web.get(f"/editions/{SECOND}/changements/").content.decode() == first
        assert web.get(f"/editions/{FIRST}/changements/").status_code == 404
        assert web.get(f"/editions/{SECOND}/changements/?depuis=../x").status_code == 200
        page = web.get("/quartiers/QP062019/").content.decode()
        assert f'href="/editions/{FIRST}/quartiers/QP062019/"' in page
        dated = web.get(f"/editions/{FIRST}/quartiers/QP062019/").content.decode()
        assert 'href="/quartiers/QP062019/"' in dated and f"/editions/{SECOND}/" not in dated


def test_a_withdrawn_edition_is_told_and_never_compared(web: Client, two: Path) -> None:
    folder = two.parent / "retrait"
    shutil.copytree(two, folder)
    withdraw(folder / FIRST, "Un tableau était faux", on="2021-09-01", replacement=SECOND)
    with override_settings(EDITIONS=folder):
        listed = web.get("/editions/").content.decode()
        assert "Édition retirée" in listed and "Un tableau était faux" in listed
        assert "/changements/" not in listed
        assert web.get(f"/editions/{SECOND}/changements/").status_code == 404
        assert f'href="/editions/{FIRST}/' not in web.get("/quartiers/QP062019/").content.decode()


def test_a_figure_that_one_edition_hides_is_not_named() -> None:
    """Built from a difference with a danger: no table may hold its value nor its line."""
    import polars as pl

    from terril.editions.diff import compare
    from terril.editions.diff_figures import UNVEILED
    from terril.editions.open import open_edition
    from terril.reports.comparison_words import Names

    edition = open_edition(site.editions() / FIRST)
    found = compare(edition, edition)
    row = {name: None for name in found.values.columns} | {
        "kind": "qpv", "territory": "QP062019", "indicator": "sante.part_ald", "period": "2018",
        "breakdown": "total", "change": UNVEILED, "after": 12.345, "status_before": "secret",
        "status_after": "ok", "hidden": True, "cause": "",
    }  # fmt: skip
    values = pl.DataFrame([row], schema=found.values.schema)
    told = history.told(dataclasses.replace(found, values=values), Names(edition, edition))
    assert told.silent and not any(table.key == "chiffres" for table in told.tables)
    assert "12,3" not in str(told) and "QP062019" not in str(told) and "DANGER" not in str(told)
