"""Is the right street found, and a doubt told instead of a guess?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from address_town import RULES, base_of, match_of, street

from terril.places.addresses.base import Base
from terril.places.addresses.match import Matcher
from terril.places.addresses.parse import Line, address_of
from terril.places.addresses.reasons import Reason

NUMBERS = range(1, 12)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    rows = [
        *street("Rue Pasteur", NUMBERS, 0),
        *street("Avenue Pasteur", NUMBERS, 200),
        *street("Rue Émile Zolard", NUMBERS, 400),
        *street("Rue du Moulin", NUMBERS, 600),
        *street("Rue des Moulins", NUMBERS, 800),
        *street("Rue du 8 Mai 1945", NUMBERS, 1000),
        *street("Cité 9", NUMBERS, 1200),
        *street("Cité 12", NUMBERS, 1400),
        *street("Rue de la République", NUMBERS, 1600),
        *street("Résidence les Lilas", NUMBERS, 1800),
        *street("Rue Jean Belval", NUMBERS, 2000),
        *street("Rue Jean Belvil", NUMBERS, 2200),
        *street("Rue Pasteur", NUMBERS, 0, 9000, insee="62002", commune="Saint-Aubin"),
        *street("Rue Basse", NUMBERS, 300, 9000, insee="62002", commune="Saint-Aubin"),
        *street("Rue Pasteur", NUMBERS, 0, 20000, insee="62003", commune="Saint-Aubin",
                postcode="62030"),
        *street("Rue Haute", NUMBERS, 300, 20000, insee="62003", commune="Saint-Aubin",
                postcode="62030"),
        *street("Rue Neuve", NUMBERS, 0, 30000, insee="62004", commune="Belmont-Lys",
                postcode="62040", former=("62004", "Belmont")),
        *street("Rue Neuve", NUMBERS, 900, 30000, insee="62004", commune="Belmont-Lys",
                postcode="62041", former=("62099", "Vieux-Lys")),
        *street("Rue Unique", NUMBERS, 900, 40000, insee="62005", commune="Noyer-les-Prés",
                postcode="62050"),
    ]  # fmt: skip
    with base_of(rows, tmp_path_factory.mktemp("base")) as opened:
        yield opened


def labels(base: Base, text: str, **cells: str) -> list[str]:
    found = match_of(base, text, **cells)
    return [f"{s.label} {s.commune}" for s in found.streets] or [str(found.reason)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 rue Pasteur 62010 Valmont", ["Rue Pasteur 62001"]),
        ("3 av pasteur 62010 VALMONT", ["Avenue Pasteur 62001"]),
        ("3 rue Zolard, 62010 Valmont", ["Rue Émile Zolard 62001"]),
        ("3 r. E. Zolard, 62010 Valmont", ["Rue Émile Zolard 62001"]),
        ("3 rue Emile Zollard, 62010 Valmont", ["Rue Émile Zolard 62001"]),
        ("3 rue Emilezolard, 62010 Valmont", ["Rue Émile Zolard 62001"]),
        ("3 rue du moulin 62010 Valmont", ["Rue du Moulin 62001"]),
        ("3 rue des moulins 62010 Valmont", ["Rue des Moulins 62001"]),
        ("3 rue du huit mai 62010 Valmont", ["Rue du 8 Mai 1945 62001"]),
        ("3 rue du 8 mai 45 62010 Valmont", ["Rue du 8 Mai 1945 62001"]),
        ("3 cité 12 62010 Valmont", ["Cité 12 62001"]),
        ("3 cité 13 62010 Valmont", ["voie_inconnue"]),
        ("3 ruue Pasteur 62010 Valmont", ["voie_inconnue"]),
        ("3 boulevard Pasteur 62010 Valmont", ["voie_douteuse"]),
        ("3 Pasteur 62010 Valmont", ["Rue Pasteur 62001", "Avenue Pasteur 62001"]),
        ("3 rue Jean Belvol 62010 Valmont", ["Rue Jean Belval 62001", "Rue Jean Belvil 62001"]),
        ("3 rue Belval 62010 Valmont", ["Rue Jean Belval 62001"]),
        ("3 rue de la Republique 62010 Valmont résidence du Parc", ["Rue de la République 62001"]),
        ("3 rue des Roses 62010 Valmont", ["voie_inconnue"]),
        ("62010 Valmont", ["sans_voie"]),
        ("", ["vide"]),
        ("BP 12 62010 Valmont", ["boite_postale"]),
    ],
)
def test_streets(base: Base, text: str, expected: list[str]) -> None:
    assert labels(base, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the name and the postcode help each other
        ("3 rue Pasteur 62030 Saint-Aubin", ["Rue Pasteur 62003"]),
        ("3 rue Pasteur 62010 St Aubin", ["Rue Pasteur 62002"]),
        ("3 rue Pasteur, Saint-Aubin", ["Rue Pasteur 62002", "Rue Pasteur 62003"]),
        ("3 rue Haute, Saint-Aubin", ["Rue Haute 62003"]),
        ("3 rue Basse 62010", ["Rue Basse 62002"]),
        ("3 rue Pasteur 62010", ["Rue Pasteur 62001", "Rue Pasteur 62002"]),
        ("3 rue Pasteur 62010 Valmnot", ["Rue Pasteur 62001"]),
        ("3 rue Unique 62050 Noyer", ["Rue Unique 62005"]),
        ("3 rue Unique Noyer-les-Près 62050", ["Rue Unique 62005"]),
        # a code of a post office, a wrong code, a code of elsewhere
        ("3 rue Pasteur 62919 Valmont Cedex", ["Rue Pasteur 62001"]),
        ("3 rue Pasteur 62919 Valmont", ["Rue Pasteur 62001"]),
        ("3 rue Haute 62010 Saint-Aubin", ["voie_inconnue"]),
        ("3 rue Unique 62010 Noyer-les-Prés", ["Rue Unique 62005"]),
        ("3 rue Pasteur 76410 Saint-Aubin", ["hors_zone"]),
        ("3 rue Pasteur 59000 Lyville", ["hors_zone"]),
        ("3 rue Pasteur, Lyville", ["sans_commune"]),
        ("3 rue Pasteur", ["sans_commune"]),
        # an old commune
        ("3 rue Neuve 62041 Belmont-Lys", ["Rue Neuve 62004"]),
        ("3 rue Neuve, Vieux-Lys", ["Rue Neuve 62004"]),
        ("3 rue Neuve, Belmont-Lys", ["Rue Neuve 62004", "Rue Neuve 62004"]),
    ],
)
def test_communes(base: Base, text: str, expected: list[str]) -> None:
    assert labels(base, text) == expected


def test_the_part_of_a_commune_is_the_right_one(base: Base) -> None:
    for text, former in (
        ("3 rue Neuve 62041 Belmont-Lys", "62099"),
        ("3 rue Neuve 62040 Belmont-Lys", "62004"),
        ("3 rue Neuve, Vieux-Lys", "62099"),
        ("3 rue Neuve, Belmont", "62004"),
    ):
        assert [s.former for s in match_of(base, text).streets] == [former]


def test_codes_and_cells(base: Base) -> None:
    assert labels(base, "3 rue Pasteur", insee="62003") == ["Rue Pasteur 62003"]
    assert labels(base, "3 rue Neuve", insee="62099") == ["Rue Neuve 62004"]
    assert labels(base, "3 rue Pasteur", insee="59001") == ["hors_zone"]
    assert labels(base, "3 rue Pasteur", place="Valmont") == ["Rue Pasteur 62001"]
    assert labels(base, "3 rue Pasteur", postcode="62030") == ["Rue Pasteur 62003"]
    assert labels(base, "3 rue Pasteur", place="Lyville") == ["hors_zone"]


def test_a_default_commune_serves_lines_without_any(base: Base) -> None:
    matcher = Matcher(base, RULES, ("62001",))
    for text, expected in (("3 rue Pasteur", "62001"), ("3 rue Pasteur 62030", "62003")):
        found = matcher.match(address_of(Line(text), matcher.is_place))
        assert [s.commune for s in found.streets] == [expected]
    found = Matcher(base, RULES, ("99999",)).match(address_of(Line("3 rue Pasteur")))
    assert found.reason is Reason.NO_COMMUNE


def test_a_house_read_in_two_ways_is_ambiguous(tmp_path: Path) -> None:
    rows = [*street("Rue Fosse 5", range(1, 9)), *street("Rue Fosse", range(1, 9), 300)]
    with base_of(rows, tmp_path) as base:
        assert match_of(base, "rue Fosse 5, 62010 Valmont").streets[0].label == "Rue Fosse 5"
        assert match_of(base, "3 rue Fosse 5, 62010 Valmont").houses[0].number == 3


def test_big_cities_answer_to_their_districts(tmp_path: Path) -> None:
    rows = [
        *street("Rue Pasteur", NUMBERS, insee="62101", commune="Granville 1er Arrondissement",
                postcode="62101"),
        *street("Rue Pasteur", NUMBERS, 0, 5000, insee="62102",
                commune="Granville 2e Arrondissement", postcode="62102"),
    ]  # fmt: skip
    with base_of(rows, tmp_path) as base:
        assert labels(base, "3 rue Pasteur 62102 Granville") == ["Rue Pasteur 62102"]
        assert labels(base, "3 rue Pasteur 62102 Granville 2e") == ["Rue Pasteur 62102"]
        assert len(labels(base, "3 rue Pasteur, Granville")) == 2
