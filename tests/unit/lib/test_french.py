"""Does French come out as a careful person writes it?"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terril.lib import french as fr
from terril.lib.agreement import accorder, feminin, pluriel, pluriel_groupe

FINE = "\u202f"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (12811, 0, f"12{FINE}811"),
        (1234567, 0, f"1{FINE}234{FINE}567"),
        (999, 0, "999"),
        (19.6, 1, "19,6"),
        (33, 1, "33,0"),
        (15.25, 1, "15,3"),  # the nearest binary number is even: round() gives 15.2
        (0.145, 2, "0,15"),  # binary 0.14499…
        (2.675, 2, "2,68"),
        (2.5, 0, "3"),
        (-2.5, 0, "\u22123"),
        (-3.14, 1, "\u22123,1"),
        (-0.04, 1, "0,0"),  # no « −0,0 »
        (1e-7, 2, "0,00"),
        (1e15, 0, FINE.join(["1", "000", "000", "000", "000", "000"])),
    ],
)
def test_numbers(value: float, decimals: int, text: str) -> None:
    assert fr.nombre(value, decimals) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_number_reads_back_as_its_decimal_rounding(value: float, decimals: int) -> None:
    text = fr.nombre(value, decimals).replace(FINE, "").replace(",", ".").replace("\u2212", "-")
    expected = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert Decimal(text) == expected
    assert fr.arrondi(value, decimals) == float(expected)


@given(st.integers(-(10**12), 10**12))
def test_thousands_are_grouped_by_three(value: int) -> None:
    groups = fr.nombre(value).removeprefix("\u2212").split(FINE)
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


def test_not_a_number_is_refused() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="nombre"):
            fr.nombre(value, 1)


def test_units_follow_a_narrow_space() -> None:
    assert fr.avec_unite(12811, 0, "€") == f"12{FINE}811{FINE}€"
    assert fr.avec_unite(19.6, 1, "%") == f"19,6{FINE}%"
    assert fr.avec_unite(1.8, 1, "") == "1,8"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 habitant"), (1, "1 habitant"), (1.9, "1,9 habitant"), (2, "2 habitants")],
)
def test_plural_begins_at_two(number: float, text: str) -> None:
    decimals = 1 if number == 1.9 else 0
    assert fr.compte(number, "habitant", "habitants", decimals) == text


@pytest.mark.parametrize(
    ("number", "masculine", "feminine"),
    [
        (1, "un", "une"),
        (17, "dix-sept", "dix-sept"),
        (21, "vingt et un", "vingt et une"),
        (71, "soixante et onze", "soixante et onze"),
        (80, "quatre-vingts", "quatre-vingts"),
        (81, "quatre-vingt-un", "quatre-vingt-une"),
        (91, "quatre-vingt-onze", "quatre-vingt-onze"),
        (99, "quatre-vingt-dix-neuf", "quatre-vingt-dix-neuf"),
        (100, "cent", "cent"),
        (200, "deux cents", "deux cents"),
        (101, "cent un", "cent une"),
    ],
)
def test_numbers_in_words(number: int, masculine: str, feminine: str) -> None:
    assert fr.en_lettres(number) == masculine
    assert fr.en_lettres(number, "f") == feminine


def test_numbers_in_words_are_all_different() -> None:
    assert len({fr.en_lettres(n) for n in range(1000)}) == 1000
    assert len({fr.ordinal_mot(n) for n in range(1, 1000)}) == 999


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (2, "deuxième"),
        (4, "quatrième"),
        (5, "cinquième"),
        (9, "neuvième"),
        (16, "seizième"),
        (19, "dix-neuvième"),
        (21, "vingt et unième"),
        (80, "quatre-vingtième"),
        (100, "centième"),
        (200, "deux centième"),
    ],
)
def test_ordinals_in_words(number: int, word: str) -> None:
    assert fr.ordinal_mot(number) == word


def test_ordinals_in_figures() -> None:
    assert [fr.ordinal(1), fr.ordinal(1, "f"), fr.ordinal(2), fr.ordinal(21)] == [
        "1er",
        "1re",
        "2e",
        "21e",
    ]
    assert (fr.ordinal_mot(1), fr.ordinal_mot(1, "f")) == ("premier", "première")
    with pytest.raises(ValueError, match="rang"):
        fr.ordinal(0)


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Avion", "d’Avion", "à Avion"),
        ("Lens", "de Lens", "à Lens"),
        ("Éleu-dit-Leauwette", "d’Éleu-dit-Leauwette", "à Éleu-dit-Leauwette"),
        ("Hénin-Beaumont", "d’Hénin-Beaumont", "à Hénin-Beaumont"),
        ("Hulluch", "d’Hulluch", "à Hulluch"),
        ("Harnes", "de Harnes", "à Harnes"),
        ("Hautmont", "de Hautmont", "à Hautmont"),
        ("Le Havre", "du Havre", "au Havre"),
        ("Les Mureaux", "des Mureaux", "aux Mureaux"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("L’Isle-Adam", "de L’Isle-Adam", "à L’Isle-Adam"),
        ("Yvetot", "d’Yvetot", "à Yvetot"),
        ("l’agglomération", "de l’agglomération", "à l’agglomération"),
        ("le quartier", "du quartier", "au quartier"),
        ("les quartiers", "des quartiers", "aux quartiers"),
        ("la moyenne", "de la moyenne", "à la moyenne"),
        ("3 Cités", "de 3 Cités", "à 3 Cités"),
        ("Lens et Liévin", "de Lens et Liévin", "à Lens et Liévin"),
    ],
)
def test_prepositions(name: str, of: str, at: str) -> None:
    assert fr.de(name) == of
    assert fr.a(name) == at


@pytest.mark.parametrize(
    ("word", "following", "text"),
    [
        ("que", "à Avion", "qu’à Avion"),
        ("que", "dans l’agglomération", "que dans l’agglomération"),
        ("le", "indice", "l’indice"),
        ("la", "orientation", "l’orientation"),
        ("la", "hausse", "la hausse"),
        ("le", "habitat", "l’habitat"),
        ("le", "handicap", "le handicap"),
        ("la", "ACS", "l’ACS"),
        ("le", "RSA", "le RSA"),
        ("le", "HLM", "le HLM"),
        ("le", "onzième", "le onzième"),
        ("la", "huitième", "la huitième"),
        ("si", "il reste", "s’il reste"),
        ("si", "elle", "si elle"),
        ("de", "« indispensable »", "d’« indispensable »"),
        ("jusque", "ici", "jusqu’ici"),
        ("ne", "y", "n’y"),
    ],
)
def test_elision(word: str, following: str, text: str) -> None:
    if following == "y":
        assert not fr.elidable("yaourt")
        return
    assert fr.elision(word, following) == text


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Pd"]), min_size=1))
def test_elision_never_loses_the_name(name: str) -> None:
    assert fr.elision("de", name).endswith(name)
    assert fr.de(name) in (f"de {name}", f"d’{name}")


def test_lists_and_capitals() -> None:
    assert fr.liste([]) == ""
    assert fr.liste(["a"]) == "a"
    assert fr.liste(["a", "b"]) == "a et b"
    assert fr.liste(["a", "b", "c"]) == "a, b et c"
    assert fr.majuscule("à Avion") == "À Avion"
    assert fr.majuscule("« été »") == "« Été »"
    assert fr.majuscule("34 % des élèves") == "34 % des élèves"


def test_articles() -> None:
    assert fr.article("part", "f") == "la part"
    assert fr.article("indice", "m") == "l’indice"
    assert fr.article("ménages", "m", "p") == "les ménages"


@pytest.mark.parametrize(
    ("adjective", "forms"),
    [
        ("plus élevé", ("plus élevé", "plus élevée", "plus élevés", "plus élevées")),
        ("plus rare", ("plus rare", "plus rare", "plus rares", "plus rares")),
        ("plus nombreux", ("plus nombreux", "plus nombreuse", "plus nombreux", "plus nombreuses")),
        ("plus bas", ("plus bas", "plus basse", "plus bas", "plus basses")),
        ("moins répandu", ("moins répandu", "moins répandue", "moins répandus", "moins répandues")),
        ("avant-dernier", ("avant-dernier", "avant-dernière", "avant-derniers", "avant-dernières")),
        ("supérieur", ("supérieur", "supérieure", "supérieurs", "supérieures")),
        ("social", ("social", "sociale", "sociaux", "sociales")),
        ("égal", ("égal", "égale", "égaux", "égales")),
        ("moyen", ("moyen", "moyenne", "moyens", "moyennes")),
        ("couvert", ("couvert", "couverte", "couverts", "couvertes")),
        ("secret", ("secret", "secrète", "secrets", "secrètes")),
        ("tout", ("tout", "toute", "tous", "toutes")),
    ],
)
def test_adjectives_agree(adjective: str, forms: tuple[str, str, str, str]) -> None:
    got = tuple(accorder(adjective, g, n) for n in ("s", "p") for g in ("m", "f"))
    assert got == forms


def test_feminines_and_plurals() -> None:
    assert feminin("actif") == "active"
    assert feminin("régulier") == "régulière"
    assert pluriel("taux") == "taux"
    assert pluriel("local") == "locaux"
    assert pluriel("bail") == "baux"
    assert pluriel("lieu") == "lieux"
    assert pluriel("QPV") == "QPV"


@pytest.mark.parametrize(
    ("group", "plural"),
    [
        ("demandeur d’emploi", "demandeurs d’emploi"),
        ("jeune de 16 à 25 ans", "jeunes de 16 à 25 ans"),
        ("logement social vacant", "logements sociaux vacants"),
        ("école maternelle ou élémentaire", "écoles maternelles ou élémentaires"),
        ("bureau de poste", "bureaux de poste"),
        ("la part", "les parts"),
        ("l’indice de jeunesse", "les indices de jeunesse"),
        ("le retard", "les retards"),
        ("allocataire de la CAF", "allocataires de la CAF"),
    ],
)
def test_noun_groups_in_the_plural(group: str, plural: str) -> None:
    assert pluriel_groupe(group) == plural
