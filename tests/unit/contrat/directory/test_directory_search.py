"""Does a search find what a resident means, and does the index agree with the plain rule?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory_world import Kept, small_directory
from naive_directory import mistakes, naive_search
from terril.catalogue.load import load_catalogue
from terril.contrat.directory.search import Found, Query, Search
from terril.contrat.directory.sheets import Directory, whole_directory
from terril.contrat.directory.spelling import distance, one_mistake, searched, shortened

CATALOGUE = load_catalogue()
FROM = int(CATALOGUE.number("annuaire_faute_longueur"))
DIRECTORY = whole_directory(small_directory(), CATALOGUE)


def ask(**asked: object) -> Found:
    return Search(DIRECTORY, FROM).ask(Query(**asked))  # type: ignore[arg-type]


def titles(found: Found) -> list[str]:
    return sorted(offer.title for hit in found.hits for offer in hit.offers)


#: what is typed, the offers found
WORDS = [
    ("devoirs", ["Aide aux devoirs"]),
    ("DEVOIR", ["Aide aux devoirs"]),  # capitals and plural do not count
    ("atelier numerique", ["Ateliers numériques"]),  # nor accents
    ("num", ["Ateliers numériques"]),  # the beginning of a word
    ("aide devoirs moulins", ["Aide aux devoirs"]),  # the operator’s name counts too
    ("démarches en ligne", ["Ateliers numériques"]),
    ("demarchse", ["Ateliers numériques"]),  # two letters exchanged
    ("chanteir", ["Chantier école"]),
    ("aid", ["Aide aux devoirs"]),
    ("adie", []),  # four letters: no mistake allowed
    ("devoirs emploi", []),  # every word must be found
    ("csm", ["Aide aux devoirs", "Ateliers numériques", "Groupe de parole"]),
    ("œuvre", []),  # a sheet without offers
    ("verger", ["Permis à un euro", "Échecs pour tous"]),
]


@pytest.mark.parametrize(("typed", "expected"), WORDS)
def test_words(typed: str, expected: list[str]) -> None:
    assert titles(ask(text=typed)) == sorted(expected)


def test_a_sheet_alone_is_an_answer_to_words_only() -> None:
    assert [hit.sheet.name for hit in ask(text="oeuvre").hits] == ["Atelier de l’Œuvre"]
    assert ask(text="oeuvre", themes=frozenset({"culture"})).hits == ()


def test_a_mistake_is_said_and_only_for_a_word_that_nobody_wrote() -> None:
    found = ask(text="dévoirs")
    assert found.instead == {}
    found = ask(text="devoiirs")
    assert found.instead == {"devoiirs": ("devoirs",)}
    assert titles(found) == ["Aide aux devoirs"]


def test_small_words_help_only_when_alone() -> None:
    assert searched("l’aide aux devoirs") == ("aide", "devoirs")
    assert searched("un") == ("un",)


def test_the_title_comes_before_the_description() -> None:
    books = small_directory()
    books.put("offres", 8, organisation=5, intitule="Permanence", themes=("droits",),
              description="Pour parler de couture.", publiee=True)  # fmt: skip
    books.put("offres", 9, organisation=2, intitule="Couture", themes=("lien_social",))
    found = Search(whole_directory(books, CATALOGUE), FROM).ask(Query("couture"))
    assert [hit.sheet.organisation for hit in found.hits] == [2, 4, 5]


#: choices, the offers found
CHOICES = [
    ({"themes": frozenset({"education", "emploi"})},
     ["Accompagnement vers l’emploi", "Aide aux devoirs", "Chantier école"]),
    # Gare: nothing of its own, what is for its commune and for everybody
    ({"quartiers": frozenset({2})}, ["Accompagnement vers l’emploi", "Ateliers numériques"]),
    # Pont lies in both communes
    ({"quartiers": frozenset({4})},
     ["Accompagnement vers l’emploi", "Ateliers numériques", "Groupe de parole"]),
    ({"communes": frozenset({2})},
     ["Accompagnement vers l’emploi", "Groupe de parole", "Permis à un euro", "Échecs pour tous"]),
    # no age given: all ages
    ({"ages": frozenset({"enfants"})},
     ["Aide aux devoirs", "Ateliers numériques", "Chantier école", "Groupe de parole",
      "Échecs pour tous"]),
    ({"public": "hommes", "themes": frozenset({"sante"})}, []),
    ({"public": "femmes", "themes": frozenset({"sante"})}, ["Groupe de parole"]),
    ({"free": True, "quartiers": frozenset({1})},
     ["Accompagnement vers l’emploi", "Aide aux devoirs", "Groupe de parole"]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), CHOICES)
def test_choices(asked: dict[str, object], expected: list[str]) -> None:
    assert titles(ask(**asked)) == sorted(expected)


def test_what_is_meant_for_the_neighbourhood_comes_first() -> None:
    found = ask(quartiers=frozenset({1}))
    assert [hit.sheet.organisation for hit in found.hits] == [1, 5, 2]
    assert [offer.title for offer in found.hits[0].offers][-1] == "Ateliers numériques"


def test_nothing_asked_gives_all_in_the_order_of_names() -> None:
    found = ask()
    assert [hit.sheet.name for hit in found.hits] == [sheet.name for sheet in DIRECTORY.sheets]
    assert found.offers == len(DIRECTORY.offers)
    assert Query().empty and Query(" ").empty and not Query("a").empty


# ------------------------------------------------------------------ against the plain rule

LETTERS = st.text("abcés", min_size=0, max_size=7)
TEXTS = st.lists(LETTERS, max_size=3).map(" ".join)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    books = Kept()
    books.put("communes", 1, nom=draw(LETTERS))
    books.put("quartiers", 1, nom=draw(LETTERS), communes=(1,))
    books.put("quartiers", 2, nom=draw(LETTERS), communes=())
    for number in range(1, draw(st.integers(1, 4)) + 1):
        books.put("organisations", number, nom=draw(TEXTS), nature="association")
        books.put("operateurs", number, organisation=number, presentation=draw(TEXTS))
    for number in range(1, draw(st.integers(0, 6)) + 1):
        books.put(
            "offres", number, organisation=draw(st.integers(1, 3)), intitule=draw(TEXTS),
            themes=draw(st.sampled_from([("droits",), ("sante", "droits")])),
            quartiers=draw(st.sampled_from([(), (1,), (2,)])),
            communes=draw(st.sampled_from([(), (1,)])), description=draw(TEXTS),
        )  # fmt: skip
    return whole_directory(books, CATALOGUE)


@settings(max_examples=150, deadline=None)
@given(
    directories(),
    TEXTS,
    st.sampled_from([frozenset(), frozenset({"sante"})]),
    st.sampled_from([frozenset(), frozenset({1}), frozenset({1, 2})]),
)
def test_the_index_agrees_with_the_plain_rule(
    directory: Directory, text: str, themes: frozenset[str], quartiers: frozenset[int]
) -> None:
    query = Query(text, themes=themes, quartiers=quartiers)
    found = Search(directory, FROM).ask(query)
    scored = sorted(
        ((hit.sheet.organisation, hit.score) for hit in found.hits), key=lambda p: (-p[1], p[0])
    )
    assert scored == naive_search(directory, query, FROM)


@settings(max_examples=400, deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_mistakes_are_counted_as_the_whole_table_does(first: str, second: str) -> None:
    counted = mistakes(first, second)
    assert one_mistake(first, second) == (counted <= 1)
    for most in (0, 1, 2, 3):
        assert distance(first, second, most) == min(counted, most + 1)
    if counted <= 1:
        assert shortened(first) & shortened(second)
