"""Are the checks those of the command line, and shown so that the analyst finds the row?"""

from __future__ import annotations

import os

from small_project import TABLE
from workshop import DATE, Shop

from terril.web.atelier import jobs
from terril.web.atelier.models import Job, Kind, State


def test_checks_are_shown_by_tab(shop: Shop) -> None:
    job = shop.run("controler")
    assert job.kind == Kind.CHECK and job.state == State.DONE and job.stages
    assert not (shop.item.folder / "editions").exists()
    secret = shop.said(f"/atelier/travaux/{job.key}/?onglet=secrets")
    assert "secret du producteur" in secret and "Cité du Sud" in secret
    answer = shop.analyst.get(f"/atelier/travaux/{job.key}/controles.xlsx")
    assert b"".join(answer)[:2] == b"PK"
    assert shop.verbs() == ["contrôles demandés"]


def test_a_file_that_became_wrong_is_told_at_its_row(shop: Shop) -> None:
    path = shop.item.folder / "donnees" / "tableaux.csv"
    path.write_text(TABLE.replace("44,1", "beaucoup"), encoding="utf-8")
    job = shop.run("controler")
    text = shop.said(f"/atelier/travaux/{job.key}/?onglet=problemes&gravite=erreur")
    assert "ligne <b>2</b>" in text and "beaucoup" in text


def test_a_date_that_is_none_is_told(shop: Shop) -> None:
    for date in ("", "2020-13-01", "../../x", "20200701"):
        answer = shop.analyst.post(
            shop.page + "lancer/", {"travail": "controler", "date": date}, follow=True
        )
        assert "pas une date d’édition" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_second_analyst_is_told_who_works(shop: Shop) -> None:
    running = Job(project="essai", kind=Kind.DRAFT, state=State.RUNNING, person=shop.person)
    handle = jobs._claim(running)
    running.save()
    answer = shop.analyst.post(
        shop.page + "lancer/", {"travail": "controler", "date": DATE}, follow=True
    )
    os.close(handle)
    assert "déjà en cours" in answer.content.decode()
    assert "lancé par ana" in answer.content.decode()
    assert Job.objects.count() == 1
