"""Are two writings of one street levelled to the same name, and two streets kept apart?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terril.places.addresses.edits import distance
from terril.places.addresses.similar import street_likeness
from terril.places.addresses.words import level, name_of, place_key, tokens, vocabulary

WORDS = st.sampled_from(
    [*vocabulary().streets, *vocabulary().estates, *vocabulary().words, *vocabulary().numbers,
     *vocabulary().articles, "Pasteur", "Œillets", "8", "1945", "3e", "l’", "d'", "Éloi", "-"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rue du Général de Gaulle", "RUE DU GAL DE GAULLE"),
        ("Avenue des Œillets", "av. des oeillets"),
        ("Boulevard Saint-Éloi", "Bd St Eloi"),
        ("Rue du 8 Mai 1945", "r. du huit mai 1945"),
        ("Rue du 19 Mars 1962", "rue du dix-neuf mars 1962"),
        ("Rue de l’Église", "RUE DE L EGLISE"),
        ("Résidence les Lilas", "rés. les lilas"),
        ("Grande Rue", "Grand’Rue"),
        ("Rond-Point de la Fosse", "rond point de la fosse"),
        ("Place du 1er Mai", "PL DU PREMIER MAI"),
        ("Allée de la 3ème Avenue", "all. de la 3e avenue"),
        ("ZAC du Pont", "Z.A.C. du Pont"),
        ("Impasse Notre-Dame", "imp. N.D."),
        ("Avenue Pasteur", "Avenuue Pasteur"),
    ],
)
def test_two_writings_are_one(one: str, other: str) -> None:
    assert name_of(one).full == name_of(other).full


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rue du Moulin", "Rue des Moulins"),
        ("Rue Pasteur", "Avenue Pasteur"),
        ("Cité 9", "Cité 12"),
        ("Rue des Prés", "Rue du Président"),
        ("Rue du Col", "Rue du Colonel"),
    ],
)
def test_two_streets_stay_two(one: str, other: str) -> None:
    assert name_of(one).full != name_of(other).full


@given(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=7).map(" ".join)))
def test_levelling_a_name_again_changes_nothing(text: str) -> None:
    name = name_of(text)
    again = name_of(name.full)
    assert again.full == name.full
    assert again.key == name.key
    assert level(level(text)) == level(text) or tokens(level(level(text))) == tokens(level(text))


@given(st.text(max_size=40))
def test_levelling_a_commune_again_changes_nothing(text: str) -> None:
    assert place_key(place_key(text)) == place_key(text)


def test_communes_are_one_whatever_their_writing() -> None:
    assert place_key("ST-OMER") == place_key("Saint-Omer") == "saint omer"
    assert place_key("Mont s/ Lys") == place_key("MONT SUR LYS")
    assert place_key("Mont-sous-Lys") == place_key("mont ss lys")


@given(st.text("abcde", max_size=7), st.text("abcde", max_size=7), st.integers(0, 3))
def test_distance_is_that_of_the_book(one: str, other: str, limit: int) -> None:
    """The naive recursion of optimal string alignment, without a limit."""

    def naive(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(
            naive(i - 1, j) + 1,
            naive(i, j - 1) + 1,
            naive(i - 1, j - 1) + (one[i - 1] != other[j - 1]),
        )
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            best = min(best, naive(i - 2, j - 2) + 1)
        return best

    if len(one) * len(other) > 25:
        one, other = one[:5], other[:5]
    assert distance(one, other, limit) == min(naive(len(one), len(other)), limit + 1)


def likeness(said: str, known: str) -> float:
    return street_likeness(name_of(said), name_of(known), lambda _: 1.0, 0.15, 0.03)


@pytest.mark.parametrize(
    ("said", "known", "least", "most"),
    [
        ("rue pasteur", "Rue Pasteur", 1.0, 1.0),
        ("rue eglise", "Rue de l’Église", 0.99, 0.999),
        ("rue zolard", "Rue Émile Zolard", 0.9, 0.9),
        ("rue e. zolard", "Rue Émile Zolard", 0.9, 0.99),
        ("rue emilezolard", "Rue Émile Zolard", 0.95, 0.99),
        ("rue emile zolrad", "Rue Émile Zolard", 0.9, 0.99),
        ("rue du 8 mai", "Rue du 8 Mai 1945", 0.7, 0.99),
        ("rue du 8 mai 45", "Rue du 8 Mai 1945", 0.9, 1.0),
        ("avenue pasteur", "Rue Pasteur", 0.8, 0.87),
        ("rue du moulin", "Rue Jean Moulin", 0.0, 0.87),
        ("rue moulin", "Rue du Vieux Moulin", 0.0, 0.87),
        ("cite 9", "Cité 12", 0.0, 0.6),
        ("rue du 8 mai 1945", "Rue du 11 Novembre 1918", 0.0, 0.6),
        ("rue des lilas", "Rue des Roses", 0.0, 0.3),
    ],
)
def test_how_alike_two_streets_are(said: str, known: str, least: float, most: float) -> None:
    assert least <= likeness(said, known) <= most


def test_the_list_of_words_is_closed() -> None:
    """A whole word is not itself an abbreviation of another one."""
    known = vocabulary()
    for words in known.words.values():
        for word in words:
            assert known.words.get(word, (word,)) == (word,)
    for table in (known.streets, known.estates):
        assert all(table.get(word) == word for word in table.values())
    assert not set(known.streets) & set(known.estates)
