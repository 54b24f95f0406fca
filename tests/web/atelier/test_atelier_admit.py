"""Does an accepted file enter the project once, and only over what was looked at?"""

from __future__ import annotations

from pathlib import Path

from small_project import TABLE, picture
from workshop import BAD, GOOD, Shop

from terril.sources.project import read_project
from terril.web.atelier.models import Job, Kind, State
from terril.web.people.models import Journal


def add(shop: Shop, job: Job) -> str:
    answer = shop.analyst.post(f"/atelier/travaux/{job.key}/ajouter/", follow=True)
    return answer.content.decode()


def declared(folder: Path) -> list[str]:
    return [spec.id for spec in read_project(folder).inputs]


def test_an_accepted_file_is_declared_as_the_command_line_does(shop: Shop) -> None:
    job = shop.send(GOOD, "Année 2016.csv", priorite="20", libelle="la note", options="")
    assert "est au projet" in add(shop, job)
    spec = read_project(shop.item.folder).inputs[-1]
    assert (spec.id, spec.reader, spec.priority, spec.label) == (
        "annee_2016", "long", 20, "la note",
    )  # fmt: skip
    assert spec.file.read_text(encoding="utf-8") == GOOD
    line = Journal.objects.get(verb="fichier ajouté")
    assert line.actor == shop.person and line.thing == "essai, annee_2016"


def test_it_enters_once(shop: Shop) -> None:
    job = shop.send(GOOD)
    add(shop, job)
    before = picture(shop.item.folder)
    assert "déjà au projet" in add(shop, job)
    assert picture(shop.item.folder) == before


def test_a_refused_file_does_not_enter(shop: Shop) -> None:
    job = shop.send(BAD)
    before = picture(shop.item.folder)
    assert "pas accepté" in add(shop, job)
    assert picture(shop.item.folder) == before


def test_an_entry_is_replaced(shop: Shop) -> None:
    fixed = TABLE.replace("44,1", "44,2")
    add(shop, shop.send(fixed, "corrige.csv", remplace="tableaux"))
    assert declared(shop.item.folder) == ["tableaux"]
    assert (shop.item.folder / "donnees" / "tableaux.csv").read_text("utf-8") == fixed


def test_the_second_analyst_is_told_that_the_entry_has_changed(shop: Shop) -> None:
    one = shop.send(TABLE.replace("44,1", "44,2"), "un.csv", remplace="tableaux")
    two = shop.send(TABLE.replace("44,1", "44,3"), "deux.csv", remplace="tableaux")
    add(shop, one)
    assert "remplacé depuis" in add(shop, two)
    assert "44,2" in (shop.item.folder / "donnees" / "tableaux.csv").read_text("utf-8")


def test_a_name_that_is_taken_is_told_in_the_words_of_the_site(shop: Shop) -> None:
    one, two = shop.send(GOOD, "a.csv"), shop.send(GOOD.replace("43,0", "44,0"), "a.csv")
    add(shop, one)
    text = add(shop, two)
    assert "--id" not in text and "choisissez l’entrée à remplacer" in text
    assert Journal.objects.filter(verb="fichier ajouté").count() == 1


def test_nothing_enters_while_a_build_reads_the_files(shop: Shop) -> None:
    job = shop.send(GOOD)
    other = Job.objects.create(
        project="essai", kind=Kind.DRAFT, state=State.RUNNING, person=shop.person
    )
    assert "déjà en cours" in add(shop, job)
    assert declared(shop.item.folder) == ["tableaux"]
    other.delete()
