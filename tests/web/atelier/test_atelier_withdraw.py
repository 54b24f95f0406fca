"""Is a published edition withdrawn with its motive, where readers see it?"""

from __future__ import annotations

from workshop import DATE, Shop

from terril.editions.register import read_register

MOTIVE = "Erreur d’unité dans le fichier des revenus."


def published(shop: Shop) -> None:
    shop.run("brouillon")
    shop.seal()
    shop.publish()


def test_it_is_withdrawn_for_readers_and_in_the_project(shop: Shop) -> None:
    published(shop)
    address = f"{shop.page}retirer/{DATE}/"
    assert "Un retrait ne s’annule pas" in shop.said(address)
    answer = shop.analyst.post(address, {"motif": MOTIVE}, follow=True)
    assert "est retirée depuis" in answer.content.decode()
    for folder in (shop.editions, shop.item.editions):
        notice = read_register(folder).notice(DATE)
        assert notice is not None and notice.motive == MOTIVE
    assert shop.stranger.get("/").status_code == 404
    assert "Édition retirée" in shop.stranger.get(f"/editions/{DATE}/").content.decode()
    assert shop.verbs()[-1] == "édition retirée"
    again = shop.analyst.post(address, {"motif": MOTIVE}, follow=True)
    assert "déjà retirée" in again.content.decode()
    back = shop.analyst.post(f"{shop.page}publier/{DATE}/", follow=True)
    assert "est retirée depuis" in back.content.decode()


def test_without_a_motive_nothing_is_withdrawn_nor_written(shop: Shop) -> None:
    published(shop)
    lines = len(shop.verbs())
    answer = shop.analyst.post(f"{shop.page}retirer/{DATE}/", {"motif": "  "})
    assert answer.status_code == 400
    assert "motif du retrait est vide" in answer.content.decode()
    assert "--motif" not in answer.content.decode()
    wrong = shop.analyst.post(
        f"{shop.page}retirer/{DATE}/", {"motif": MOTIVE, "remplacee_par": "demain"}
    )
    assert "pas une date" in wrong.content.decode()
    assert read_register(shop.editions).notice(DATE) is None
    assert len(shop.verbs()) == lines


def test_what_is_not_published_cannot_be_withdrawn(shop: Shop) -> None:
    answer = shop.analyst.post(f"{shop.page}retirer/{DATE}/", {"motif": MOTIVE}, follow=True)
    assert "n’est pas publiée" in answer.content.decode()
