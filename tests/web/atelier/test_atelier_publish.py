"""Does a sealed edition come before the public, whole, with its documents?"""

from __future__ import annotations

import pytest
from workshop import DATE, Shop

from terril.editions.open import open_edition
from terril.editions.publication import place
from terril.editions.register import read_register
from terril.lib.problems import ProblemsError
from terril.web.atelier.models import State


def test_a_sealed_edition_is_put_on_line_with_its_documents(shop: Shop) -> None:
    shop.run("brouillon")
    shop.seal()
    assert "tout le monde la lit" in shop.said(f"{shop.page}publier/{DATE}/")
    job = shop.publish()
    assert job.state == State.DONE, job.result
    assert (shop.item.folder / "out" / "fiches" / "fiche-QP000001.pdf").is_file()
    assert not open_edition(shop.editions / DATE).verify()
    assert read_register(shop.editions).sealing(DATE) is not None
    text = shop.stranger.get("/quartiers/QP000001/").content.decode()
    assert "Cité du Nord" in text and "Aperçu" not in text
    assert "publiée" in shop.said(shop.page)
    assert shop.verbs()[-1] == "publication demandée"
    assert shop.publish().state == State.DONE, "once more changes nothing"


def test_a_draft_is_not_published(shop: Shop) -> None:
    shop.run("brouillon")
    answer = shop.analyst.post(f"{shop.page}publier/{DATE}/", follow=True)
    assert "n’est pas scellée" in answer.content.decode()
    with pytest.raises(ProblemsError) as error:
        place(shop.item.editions / f"{DATE}-brouillon", shop.editions, on=DATE)
    assert [p.code for p in error.value.problems] == ["publication-brouillon"]
    assert not (shop.editions / DATE).exists()


def test_another_edition_of_that_date_is_never_replaced(shop: Shop) -> None:
    shop.run("brouillon")
    shop.seal()
    (shop.editions / DATE).mkdir(parents=True)
    (shop.editions / DATE / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ProblemsError) as error:
        place(shop.item.editions / DATE, shop.editions, on=DATE)
    assert [p.code for p in error.value.problems] == ["edition-existante"]
    assert (shop.editions / DATE / "manifest.json").read_text("utf-8") == "{}"


def test_an_altered_edition_is_not_put_on_line(shop: Shop) -> None:
    shop.run("brouillon")
    shop.seal()
    file = shop.item.editions / DATE / "observations.csv"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ProblemsError):
        place(shop.item.editions / DATE, shop.editions, on=DATE)
    assert not (shop.editions / DATE).exists()
