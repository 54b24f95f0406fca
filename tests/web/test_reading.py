"""Do maps, series, explanations and figures on demand say what the edition says?"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from small_maps import atlas, sheet
from terril.editions.look import Look, Shelf
from terril.fiches.model import Series, SeriesCut, SeriesLine, SeriesPoint, SeriesReference
from terril.reports.pages import more_figures, series
from terril.reports.pages.country import country_page, sorted_as
from terril.reports.pages.kept import MOST, kept
from terril.reports.pages.why import explanations
from terril.web.observatoire.kept import KEEPER

CODE = "QP062019"


@pytest.fixture
def look() -> Iterator[Look]:
    """The edition of the tests, no page of it kept before nor after: tests change what it says."""
    KEEPER.clear()
    found = Shelf(settings.EDITIONS).latest()
    assert found is not None
    yield found
    KEEPER.clear()


@pytest.fixture
def ground(look: Look, monkeypatch: pytest.MonkeyPatch) -> Look:
    """The edition with an atlas whose neighbourhoods bear its codes, and maps of sheets."""
    made = atlas(9)
    codes = list(look.neighbourhoods)
    quarters = tuple(
        dataclasses.replace(area, code=code, label=look.names[code])
        for area, code in zip(made.quarters, codes, strict=False)
    )
    held = dataclasses.replace(made, quarters=quarters, source="essai")
    monkeypatch.setitem(look._atlases, look.info.epci, held)
    monkeypatch.setattr(Look, "sheet_map", lambda self, code: sheet())
    return look


def test_without_perimeters_the_plan_and_the_table_stand(web: Client) -> None:
    home = web.get("/").content.decode()
    assert "Plan schématique" in home
    assert 'id="carte"' not in web.get("/indicateurs/revenus.taux_pauvrete/").content.decode()


def test_with_perimeters_each_shape_leads_and_says_its_value(web: Client, ground: Look) -> None:
    home = web.get("/?theme=sante").content.decode()
    assert "Carte de l’agglomération" in home and "Contours\u00a0: essai" in home
    links = re.findall(r'<a href="(/quartiers/[^"]+)" aria-label="([^"]+)"><title>', home)
    assert len(links) == 9
    for href, said in links:
        name = ground.names[href.split("/")[2]]
        assert said.startswith(f"{name}\u00a0: ")
    # the map of another theme is another map, and so is that of a dated page
    assert web.get("/?theme=emploi").content != web.get("/?theme=sante").content
    dated = web.get(f"/editions/{ground.date}/?theme=sante").content.decode()
    assert f'<a href="/editions/{ground.date}/quartiers/' in dated
    page = web.get("/indicateurs/education.taux_retard_3e/").content.decode()
    said = re.findall(r'aria-label="([^"]+)"><title>', page)
    assert len(said) == 9
    positions = {
        ground.names[r["territory"]]: r
        for r in ground.rows("positions", indicator="education.taux_retard_3e", breakdown="total")
    }
    for text in said:
        name, _, value = text.rpartition("\u00a0: ")
        status = positions[name]["status"]
        assert (value == "secret statistique") == (status == "secret"), text


def test_the_map_of_a_sheet_is_one_image_with_its_words(web: Client, ground: Look) -> None:
    page = web.get(f"/quartiers/{CODE}/").content.decode()
    found = re.search(r'<figure class="carte"><svg role="img" aria-label="([^"]+)"', page)
    assert found and "Carte du quartier" in found[1]


def test_the_explanation_adds_up_to_the_signal(web: Client, look: Look) -> None:
    fiche = look.fiche(CODE)
    assert fiche is not None
    told = explanations(look, fiche)
    rows = {r["theme"]: r for r in look.rows("signals", territory=CODE)}
    assert set(told) == set(rows)
    for theme, why in told.items():
        known = [c for c in why.counted if c.distance != "–"]
        assert (
            len(known) == rows[theme]["available"] and len(why.counted) == rows[theme]["expected"]
        )
        numbers = [float(c.distance.replace(",", ".").replace("−", "-")) for c in known]
        mean = sum(numbers) / len(numbers)
        weights = look.catalogue.fiches[look.info.fiche_model]
        plain = not any(b.weights for b in weights.blocks if b.theme == theme)
        if plain:
            assert mean == pytest.approx(rows[theme]["score"], abs=0.006)
        assert len(why.others) == 2
    page = web.get(f"/quartiers/{CODE}/").content.decode()
    assert page.count('<details id="pourquoi-') == len(told)


def test_a_reader_adds_figures_and_what_is_wrong_is_let_go(web: Client, look: Look) -> None:
    address = f"/quartiers/{CODE}/?indicateur=revenus.taux_pauvrete&indicateur=%3Cscript%3E"
    page = web.get(address).content.decode()
    assert "<script>" not in page.replace('<script type="module"', "")
    shown = page.partition('id="autres"')[2].partition("<h2")[0]
    own = next(
        r
        for r in look.rows("positions", territory=CODE, indicator="revenus.taux_pauvrete")
        if r["breakdown"] == "total"
    )
    assert f"{own['value']:.1f}".replace(".", ",") in shown
    many = [code for _, cards in look.index for code, _ in cards]
    found = more_figures.more_figures(look, CODE, many)
    assert len(found.asked) == more_figures.MOST


def test_secret_figures_stay_secret_on_demand(look: Look) -> None:
    row = next(
        r
        for r in look.rows("positions", indicator="education.taux_retard_3e", breakdown="total")
        if r["status"] == "secret"
    )
    found = more_figures.more_figures(look, row["territory"], ["education.taux_retard_3e"])
    figure = found.figures[0]
    assert figure.value == "s" and figure.meaning or figure.value != "s"


def _series() -> Series:
    def points(*pairs: tuple[str, float | None]) -> tuple[SeriesPoint, ...]:
        return tuple(
            SeriesPoint(p, float(p) + 1, v, "s" if v is None else f"{v:g} %") for p, v in pairs
        )

    return Series(
        "revenus.taux_pauvrete", "revenus", "Pauvreté", "en %", "Insee",
        (SeriesLine(points(("2012", 40.0), ("2013", None))), SeriesLine(points(("2016", 44.0)))),
        (SeriesCut(2015.5, "Nouvelle source", "La source change en 2015.", True),),
        (SeriesReference("agglo.", (points(("2012", 25.0), ("2016", 26.0)),), True),),
    )  # fmt: skip


def test_the_table_of_a_series_says_what_is_drawn_with_its_breaks() -> None:
    block = series.series_block(_series(), "Cité")
    assert block.heads == ("Cité", "agglo.")
    assert block.rows == (
        ("2012", ("40 %", "25 %")),
        ("2013", ("s", "–")),
        ("Nouvelle source", ()),
        ("2016", ("44 %", "26 %")),
    )
    assert block.svg.startswith("<svg") and block.notes == ("La source change en 2015.",)


def test_a_sealed_series_stands_on_the_sheet_with_its_values(
    web: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    fiche = look.fiche(CODE)
    assert fiche is not None
    held = dataclasses.replace(fiche, series=(_series(),))
    monkeypatch.setattr(Look, "fiche", lambda self, code: held)
    page = web.get(f"/quartiers/{CODE}/").content.decode()
    assert "Voir les valeurs" in page and 'class="rupture"' in page
    assert re.search(r'<figure class="serie"[^>]*>.*?<svg role="img" aria-label="', page, re.DOTALL)


def test_many_contracts_open_on_a_search_and_never_list_the_neighbourhoods(
    web: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = list(look.neighbourhoods)
    contracts = {f"{n:09d}": (code,) for n, code in enumerate(codes)}
    monkeypatch.setitem(look.__dict__, "contracts", {look.info.epci: tuple(codes), **contracts})
    page = web.get("/").content.decode()
    assert "/quartiers/" not in page and "contrats de ville" in page
    found = web.get("/?recherche=republique").content.decode()
    assert f"/quartiers/{CODE}/" in found
    assert "Rien ne répond" in web.get("/?recherche=zzzz").content.decode()
    own = web.get(f"/?contrat={look.info.epci}").content.decode()
    assert f"contrat={look.info.epci}&amp;theme=" in own and f"/quartiers/{CODE}/" in own
    assert country_page(look).total == 21


@pytest.mark.parametrize(
    ("name", "under"),
    [
        ("CA de Béthune-Bruay", "bethune bruay"),
        ("Communauté d’agglomération de la Région de Compiègne", "region de compiegne"),
        ("Métropole Européenne de Lille", "europeenne de lille"),
        ("CC Osartis Marquion", "osartis marquion"),
        ("Le Havre Seine Métropole", "havre seine metropole"),
    ],
)
def test_a_contract_is_looked_for_under_its_own_name(name: str, under: str) -> None:
    assert sorted_as(name) == under


def test_drawings_are_kept_and_not_without_end() -> None:
    made: list[int] = []

    def make(n: int) -> str:
        made.append(n)
        return str(n)

    for n in (*range(MOST + 10), *range(MOST, MOST + 10)):
        assert kept(("essai", n), lambda n=n: make(n)) == str(n)  # type: ignore[misc]
    assert len(made) == MOST + 10
    kept(("essai", 0), lambda: make(0))
    assert len(made) == MOST + 11
