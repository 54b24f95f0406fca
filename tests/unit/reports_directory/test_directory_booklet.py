"""Does the booklet say all that is published, once, in its place, and is it a sound PDF?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from directory_world import Kept, small_directory
from terril.catalogue.load import load_catalogue
from terril.contrat.directory.sheets import Offer, public_directory, whole_directory
from terril.lib.problems import ProblemsError
from terril.reports.directory.booklet import Booklet, booklet_data, booklet_pdf
from terril.reports.directory.entry import audience, contact_data, offer_facts, phone
from terril.reports.engine import Typesetter, TypesettingError, page_count
from terril.reports.printable import drawn, typeset

CATALOGUE = load_catalogue()


def booklet(books: Kept | None = None, **chosen: Any) -> Booklet:
    directory = public_directory(books or small_directory(), CATALOGUE)
    return Booklet(directory, "Contrat de ville", "Agglomération", "2026-11-24", **chosen)


def laid_out(data: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Theme, head, offer, whether it is written there."""
    return [
        (theme["code"], group["head"], item["title"], item["full"])
        for theme in data["themes"]
        for group in theme["groups"]
        for item in group["items"]
    ]


def test_offers_stand_by_theme_and_place_each_written_once() -> None:
    books = small_directory()
    books.put("offres", 3, **{**books.held["offres"][3], "publiee": True})
    assert laid_out(booklet_data(booklet(books))) == [
        ("droits", "Bourg-le-Haut", "Ateliers numériques", True),
        ("sante", "Le Pont", "Groupe de parole", True),
        ("sante", "Les Moulins", "Groupe de parole", False),
        ("education", "Les Moulins", "Aide aux devoirs", True),
        ("emploi", "Toute l’agglomération", "Accompagnement vers l’emploi", True),
        ("numerique", "Bourg-le-Haut", "Ateliers numériques", False),
    ]


def test_themes_and_neighbourhoods_choose() -> None:
    data = booklet_data(booklet(themes=("education", "emploi"), quartiers=(2,)))
    assert [title for _, _, title, _ in laid_out(data)] == ["Accompagnement vers l’emploi"]
    assert data["subtitle"] == (
        "Éducation et réussite scolaire · Emploi, formation et création d’activité\u00a0: La Gare"
    )
    assert data["extent"] == "1 offre de 1 structure"


def test_a_theme_says_where_nothing_is_known() -> None:
    (theme,) = booklet_data(booklet(themes=("numerique",)))["themes"]
    assert "Le Verger" in theme["missing"] and "Les Moulins" not in theme["missing"]
    assert "ne connaît pas encore" in theme["missing"]
    (theme,) = booklet_data(booklet(themes=("emploi",)))["themes"]
    assert "aucun quartier" in theme["missing"]
    books = small_directory()
    for number in range(5, 20):
        books.put("quartiers", number, nom=f"Cité {number}", code=f"QP{number}", communes=(2,))
    (theme,) = booklet_data(booklet(books, themes=("numerique",)))["themes"]
    assert "à 16 quartiers sur 19." in theme["missing"]


def test_nothing_unpublished_nor_personal_is_in_the_data() -> None:
    said = repr(booklet_data(booklet()))
    assert "accueil@csm.exemple.fr" in said
    for hidden in ("Groupe de parole", "Échecs", "Secrète", "secret@", "Chantier", "Permis"):
        assert hidden not in said


def test_every_page_of_the_index_has_its_label() -> None:
    data = booklet_data(booklet())
    written = {item["number"] for th in data["themes"] for g in th["groups"] for item in g["items"]}
    assert {n for entry in data["index"] for n in entry["offers"]} == written
    kinds = {entry["text"]: entry["kind"] for entry in data["index"]}
    assert kinds["Les Moulins"] == "quartier" and kinds["Mission locale du Bassin"] == "structure"
    texts = [entry["text"] for entry in data["index"]]
    assert texts.index("Aide aux devoirs") < texts.index("Ateliers numériques")


def test_an_empty_choice_and_one_too_long_are_refused_in_french() -> None:
    with pytest.raises(ProblemsError) as refused:
        booklet_data(booklet(themes=("sport",)))
    assert refused.value.problems[0].code == "livret-vide"
    with pytest.raises(ProblemsError) as refused:
        booklet_data(booklet(most=2))
    assert refused.value.problems[0].code == "livret-trop-long"
    assert "3 offres" in str(refused.value)


def test_the_pdf_is_made_twice_alike() -> None:
    one = booklet_pdf(booklet(address="https://ville.exemple.fr/annuaire/"))
    assert one.startswith(b"%PDF") and b"pdfuaid" in one
    assert page_count(one) == 2 + 5 - 1 + 2, "cover, how to read, four themes, structures, index"
    assert booklet_pdf(booklet(address="https://ville.exemple.fr/annuaire/")) == one


def test_what_people_paste_does_not_stop_the_booklet() -> None:
    books = small_directory()
    books.put("offres", 1, organisation=1, intitule="Fête 🎉 #[x] *y* 中", publiee=True,
              themes=("culture",), description="a\n\n" + "mot " * 2500)  # fmt: skip
    assert page_count(booklet_pdf(booklet(books, themes=("culture",)))) >= 4
    assert drawn({"a": ["Fête 🎉 中"]}, frozenset("🎉中")) == {"a": ["Fête  ?"]}


def test_another_failure_is_not_hidden() -> None:
    with Typesetter("livret.typ") as setter, pytest.raises(TypesettingError):
        typeset(setter, {"title": "sans le reste"}, date="2026-11-24")


# ------------------------------------------------------------------ an entry

DIRECTORY = whole_directory(small_directory(), CATALOGUE)
BARE = Offer(1, 1, "Structure", "Titre")

#: what is known of the public, what is printed
AUDIENCES = [
    ({}, ""),
    ({"public": "femmes"}, "Femmes"),
    ({"ages": ("jeunes",)}, "De 16 à 25 ans"),
    ({"ages": ("adultes", "petits"), "public": "tous"},
     "Femmes et hommes, moins de 3 ans et de 26 à 59 ans"),
    ({"ages": ("petits", "enfants", "adolescents", "jeunes", "adultes", "aines")},
     "Tous les âges"),
    ({"conditions": "Sur inscription"}, "Sur inscription"),
    ({"public": "hommes", "conditions": "Sur inscription."}, "Hommes. Sur inscription."),
]  # fmt: skip


@pytest.mark.parametrize(("known", "expected"), AUDIENCES)
def test_for_whom(known: dict[str, Any], expected: str) -> None:
    assert audience(DIRECTORY, replace(BARE, **known)) == expected


def test_facts_that_are_not_known_are_left_out() -> None:
    assert offer_facts(DIRECTORY, BARE) == []
    offer = replace(
        BARE, when="mardi", since=dt.date(2026, 9, 1), until=dt.date(2027, 6, 30), fee="5 € par an"
    )
    assert offer_facts(DIRECTORY, offer) == [
        ("Quand", "Mardi. Du 1er septembre 2026 au 30 juin 2027"),
        ("Coût", "5\u202f€ par an"),
    ]


def test_a_structure_and_how_to_reach_it() -> None:
    sheet = DIRECTORY.sheet(1)
    assert sheet is not None
    held = contact_data(DIRECTORY, sheet, DIRECTORY.offers)
    assert held["facts"][0] == ["Adresse", "3 rue du Moulin\nBourg-le-Haut"]
    assert held["phone"] == "03\u00a021\u00a000\u00a000\u00a000"
    assert held["offers"] == [1, 2, 3] and held["reviewed"] == "2 mars 2026"
    assert phone("+32 2 000 00 00") == "+32\u00a02\u00a0000\u00a000\u00a000"
