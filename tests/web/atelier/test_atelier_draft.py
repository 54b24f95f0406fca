"""Is a draft built, seen by analysts through the pages of the public, and by nobody else?"""

from __future__ import annotations

from django.test import Client
from workshop import DATE, Shop

from terril.editions.open import open_edition
from terril.web.atelier.models import State


def test_a_draft_is_built_and_looked_at_through_the_public_pages(shop: Shop) -> None:
    job = shop.run("brouillon")
    assert job.state == State.DONE
    assert open_edition(shop.item.editions / f"{DATE}-brouillon").draft
    base = f"{shop.page}apercu/{DATE}"
    home = shop.said(f"{base}/")
    assert "Aperçu, réservé aux analystes" in home
    assert f'href="{base}/quartiers/QP000001/"' in home
    sheet = shop.said(f"{base}/quartiers/QP000001/")
    assert "Cité du Nord" in sheet and f'href="{base}/' in sheet
    answer = shop.analyst.get(f"{base}/quartiers/QP000001/fiche.json")
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"


def test_a_draft_is_not_on_the_portal(shop: Shop) -> None:
    shop.run("brouillon")
    assert shop.stranger.get("/").status_code == 404
    assert shop.stranger.get(f"/editions/{DATE}/").status_code == 404
    assert shop.stranger.get(f"{shop.page}apercu/{DATE}/").status_code == 302
    assert shop.reader.get(f"{shop.page}apercu/{DATE}/").status_code == 403


def test_a_draft_made_again_is_the_one_that_is_shown(shop: Shop) -> None:
    shop.run("brouillon")
    address = f"{shop.page}apercu/{DATE}/quartiers/QP000001/"
    before = shop.said(address)
    table = shop.item.folder / "donnees" / "tableaux.csv"
    table.write_text(table.read_text("utf-8").replace("44,1", "47,7"), encoding="utf-8")
    shop.run("brouillon")
    assert "47,7" not in before and "47,7" in shop.said(address)


def test_a_page_that_shows_no_edition_is_not_in_the_preview(shop: Shop) -> None:
    shop.run("brouillon")
    for path in ("atelier/", "connexion/", "rien/du/tout/", "../../"):
        assert shop.analyst.get(f"{shop.page}apercu/{DATE}/{path}").status_code in (302, 404)
    assert shop.analyst.get(f"{shop.page}apercu/2031-01-01/").status_code == 404


def test_the_state_of_a_job_is_given_to_its_page(shop: Shop) -> None:
    job = shop.run("brouillon")
    state = shop.analyst.get(f"/atelier/travaux/{job.key}/etat.json").json()
    assert state["actif"] is False and "Fichiers lus" in state["etapes"]
    assert isinstance(shop.stranger, Client)
