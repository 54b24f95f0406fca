"""Is what was looked at, and nothing else, sealed?"""

from __future__ import annotations

from workshop import DATE, Shop

from terril.editions.open import open_edition
from terril.editions.register import read_register
from terril.web.atelier.models import Job, State


def test_the_page_says_what_it_means_and_asks(shop: Shop) -> None:
    shop.run("brouillon")
    jobs = Job.objects.count()
    text = shop.said(f"{shop.page}sceller/{DATE}/")
    assert "ne change plus jamais" in text and "Sceller pour toujours" in text
    assert Job.objects.count() == jobs


def test_the_draft_becomes_an_edition_that_the_public_does_not_see_yet(shop: Shop) -> None:
    shop.run("brouillon")
    job = shop.seal()
    assert job.state == State.DONE, job.result
    edition = open_edition(shop.item.editions / DATE)
    assert not edition.draft and not edition.verify()
    assert read_register(shop.item.editions).sealing(DATE) is not None
    assert not (shop.item.editions / f"{DATE}-brouillon").exists()
    assert shop.stranger.get(f"/editions/{DATE}/").status_code == 404
    assert shop.verbs() == ["brouillon demandé", "scellement demandé"]


def test_what_has_changed_since_is_not_sealed(shop: Shop) -> None:
    shop.run("brouillon")
    table = shop.item.folder / "donnees" / "tableaux.csv"
    table.write_text(table.read_text("utf-8").replace("44,1", "47,7"), encoding="utf-8")
    job = shop.seal()
    assert job.state == State.REFUSED
    assert "ont changé depuis le brouillon" in shop.said(f"/atelier/travaux/{job.key}/")
    assert not (shop.item.editions / DATE).exists()
    assert "47,7" in shop.said(f"{shop.page}apercu/{DATE}/quartiers/QP000001/")
    assert shop.seal().state == State.DONE, "once looked at again, it is sealed"


def test_a_mark_that_was_not_given_seals_nothing(shop: Shop) -> None:
    shop.run("brouillon")
    answer = shop.analyst.post(f"{shop.page}sceller/{DATE}/", {"vu": "0" * 64})
    assert shop.job_of(answer["Location"]).state == State.REFUSED
    empty = shop.analyst.post(f"{shop.page}sceller/{DATE}/")
    assert empty["Location"] == shop.page
    assert not (shop.item.editions / DATE).exists()


def test_without_a_draft_there_is_nothing_to_seal(shop: Shop) -> None:
    answer = shop.analyst.post(f"{shop.page}sceller/{DATE}/", {"vu": "x"}, follow=True)
    assert "Il n’y a pas de brouillon" in answer.content.decode()


def test_another_content_of_the_same_date_is_refused(shop: Shop) -> None:
    shop.run("brouillon")
    shop.seal()
    table = shop.item.folder / "donnees" / "tableaux.csv"
    table.write_text(table.read_text("utf-8").replace("44,1", "47,7"), encoding="utf-8")
    shop.run("brouillon")
    page = shop.analyst.get(f"{shop.page}sceller/{DATE}/")
    answer = shop.analyst.post(f"{shop.page}sceller/{DATE}/", {"vu": page.context["look"].mark})
    job = shop.job_of(answer["Location"])
    assert job.state == State.REFUSED
    assert "différente est déjà scellée" in shop.said(f"/atelier/travaux/{job.key}/")
