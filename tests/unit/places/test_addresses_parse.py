"""Is a line of address read as its writer meant it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terril.places.addresses.parse import Address, Line, address_of

PLACES = {"valmont", "valmont sur lys", "saint aubin"}


def read(text: str, **cells: str) -> Address:
    return address_of(Line(text, **cells), lambda key, postcode: key in PLACES)


def first(text: str) -> tuple[list[str], str]:
    reading = read(text).readings[0]
    return [f"{h.number}{h.suffix}" for h in reading.houses], reading.street.full


@pytest.mark.parametrize(
    ("text", "houses", "street"),
    [
        ("12 rue Pasteur", ["12"], "rue pasteur"),
        ("12, rue Pasteur", ["12"], "rue pasteur"),
        ("n° 12 rue Pasteur", ["12"], "rue pasteur"),
        ("0012 rue Pasteur", ["12"], "rue pasteur"),
        ("12 bis rue Pasteur", ["12bis"], "rue pasteur"),
        ("12BIS, rue Pasteur", ["12bis"], "rue pasteur"),
        ("12B rue Pasteur", ["12b"], "rue pasteur"),
        ("12 b rue Pasteur", ["12b"], "rue pasteur"),
        ("12 r Pasteur", ["12"], "rue pasteur"),
        ("12 r. Pasteur", ["12"], "rue pasteur"),
        ("12 A rue Pasteur", ["12a"], "rue pasteur"),
        ("12-14 rue Pasteur", ["12", "14"], "rue pasteur"),
        ("12/14 rue Pasteur", ["12", "14"], "rue pasteur"),
        ("12 à 14 rue Pasteur", ["12", "14"], "rue pasteur"),
        ("12 et 12 bis rue Pasteur", ["12", "12bis"], "rue pasteur"),
        ("12/3 rue Pasteur", ["12"], "rue pasteur"),
        ("rue Pasteur n° 12", ["12"], "rue pasteur"),
        ("5 l’Orée du Bois", ["5"], "l oree du bois"),
        ("5 d’Artagnan", ["5"], "d artagnan"),
        ("Rés. les Lilas, bât B, appt 12, 3 rue Pasteur", ["3"], "rue pasteur"),
        ("Résidence les Lilas 3 rue Pasteur", ["3"], "rue pasteur"),
        ("3 rue Pasteur résidence les Lilas", ["3"], "rue pasteur residence les lilas"),
        ("chez M. Durandal, 5 cité des Fleurs", ["5"], "cite des fleurs"),
        ("c/o Mme Durandal 5 cité des Fleurs", ["5"], "cite des fleurs"),
        ("Mme Durandal 3 rue Pasteur", ["3"], "rue pasteur"),
        ("2ème étage 12 rue Pasteur", ["12"], "rue pasteur"),
        ("12 rue Pasteur, RDC gauche", ["12"], "rue pasteur"),
        ("appt 3 12 rue Pasteur", ["12"], "rue pasteur"),
        ("12 rue Pasteur (bâtiment C)", ["12"], "rue pasteur"),
        ("3 place de la Porte de Paris", ["3"], "place de la porte de paris"),
        ("12 rue de la Tour", ["12"], "rue de la tour"),
        ("12 cité 9", ["12"], "cite 9"),
        ("rue du 8 mai 1945", [], "rue du 8 mai 1945"),
        ("Cité 9 n° 12", ["12"], "cite 9"),
        ("lot 3 rue Pasteur", ["3"], "rue pasteur"),
        ("1 lot. les Acacias", ["1"], "lotissement les acacias"),
    ],
)
def test_number_and_street(text: str, houses: list[str], street: str) -> None:
    assert first(text) == (houses, street)


def test_a_number_at_the_end_may_be_of_the_name_or_of_the_house() -> None:
    readings = {
        (tuple(h.number for h in r.houses), r.street.full) for r in read("rue Pasteur 12").readings
    }
    assert {((), "rue pasteur 12"), ((12,), "rue pasteur")} <= readings


def test_a_number_before_a_residence_is_not_that_of_the_street() -> None:
    readings = read("12 résidence Debussy, rue Pasteur").readings
    assert [(len(r.houses), r.street.full) for r in readings[:2]] == [
        (0, "rue pasteur"),
        (1, "residence debussy"),
    ]


@pytest.mark.parametrize(
    ("text", "postcode", "place"),
    [
        ("12 rue Pasteur, 62010 Valmont", "62010", "valmont"),
        ("12 rue Pasteur 62010 VALMONT CEDEX 2", "62010", "valmont"),
        ("12 rue Pasteur\n62010 Valmont (62)", "62010", "valmont"),
        ("12 rue Pasteur - F-62010 - Valmont, France", "62010", "valmont"),
        ("12 rue Pasteur 62 010 Valmont", "62010", "valmont"),
        ("62010 Valmont, 12 rue Pasteur", "62010", "valmont"),
        ("12 rue Pasteur, Valmont 62010", "62010", "valmont"),
        ("12 rue Pasteur Valmont 62010", "62010", ""),
        ("12 rue Pasteur, Valmont", "", "valmont"),
        ("Valmont, 12 rue Pasteur", "", "valmont"),
        ("12 rue Pasteur 62010", "62010", ""),
        ("12 rue Pasteur, 62010 St-Aubin", "62010", "saint aubin"),
    ],
)
def test_postcode_and_commune(text: str, postcode: str, place: str) -> None:
    address = read(text)
    assert (address.postcode, address.place) == (postcode, place)
    assert address.readings[0].street.full == "rue pasteur"


def test_a_commune_without_comma_is_found_in_the_words() -> None:
    readings = read("3 rue Pasteur Valmont sur Lys").readings
    assert (readings[0].street.full, readings[0].place) == ("rue pasteur", "valmont sur lys")
    assert read("3 rue de Valmont").readings[0].street.full == "rue de valmont"
    assert read("12 cité 9 Valmont").readings[0].street.full == "cite 9"


def test_cells_win_and_are_cleaned() -> None:
    address = read(
        "12 rue Pasteur", postcode="1400", place="62010 SAINT-AUBIN CEDEX", insee=" 62002"
    )
    assert (address.postcode, address.place, address.insee) == ("01400", "saint aubin", "62002")
    assert address.cedex
    assert read("", place="62010 Valmont").postcode == "62010"
    assert read("12 rue Pasteur", postcode="62010.0").postcode == ""


def test_boxes_and_empty_lines() -> None:
    assert read("BP 123, 62010 Valmont").box
    assert read("C.S. 40123 62010 Valmont Cedex").box
    assert read("Poste restante 62010 Valmont").box
    assert read("  \n ").empty
    assert not read("62010 Valmont").empty and not read("62010 Valmont").readings


@given(st.text(max_size=60), st.text("0123456789 ", max_size=6), st.text(max_size=12))
def test_any_line_is_read(text: str, postcode: str, place: str) -> None:
    address = address_of(Line(text, postcode, place), lambda key, _: len(key) % 2 == 0)
    assert len(address.postcode) in (0, 5)
    for reading in address.readings:
        assert reading.street.full
        assert len(reading.houses) <= 2


@given(
    st.integers(1, 9999),
    st.sampled_from(["", " bis", "ter", " B"]),
    st.sampled_from(["rue", "av.", "Bd", "impasse", "Place"]),
    st.sampled_from(["Pasteur", "des Lilas", "du 8 mai 1945", "de l’Église"]),
    st.sampled_from(["appt 3, ", "", "Bât. A ", "Résidence du Parc, "]),
    st.sampled_from([", ", " ", "\n", " - "]),
)
def test_number_and_street_survive_what_stands_around(
    number: int, suffix: str, kind: str, name: str, before: str, cut: str
) -> None:
    address = read(f"{before}{number}{suffix} {kind} {name}{cut}62010 Valmont")
    reading = address.readings[0]
    assert [h.number for h in reading.houses] == [number]
    assert reading.houses[0].suffix == suffix.strip().lower()
    assert (address.postcode, address.place) == ("62010", "valmont")
