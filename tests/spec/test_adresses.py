"""Une adresse est-elle dans un quartier prioritaire ?

Une adresse est reconnue dans la base d'adresses du département, puis placée dans les périmètres.
Trois réponses : dans un quartier, hors quartier, indéterminée, avec le motif. Un doute n'est jamais
tranché au hasard : deux voies possibles, un numéro absent, un point trop près de la limite ne
donnent une réponse que si toutes les possibilités donnent la même.

Dans le tableau, la rue Haute compte les numéros 1 à 18, sauf 6, 10 et 16 ; la limite du quartier la
coupe entre le 9 et le 13, à cinq mètres du 11. La rue et l'avenue du Stade sont hors quartier. La
rue Basse est dans le quartier, l'avenue Basse ne l'est pas. Le bourg voisin n'a pas de quartier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pytest
import shapely

from ban_world import HEAD
from methode import Methode, Tableau
from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.places.addresses.base import Base, open_base
from terril.places.addresses.match import Matcher
from terril.places.addresses.parse import Line, address_of
from terril.places.addresses.placing import Coverage, Placer
from terril.places.addresses.prepare import prepare
from terril.places.addresses.rules import Rules
from terril.territories.geometry import Layer, as_shapes

#: ce qui est écrit, la réponse
REPONSES = [
    ("1 rue Haute, 62010 Valmont", "dans"),
    ("1 R. HAUTE 62010 VALMONT", "dans"),
    ("13 rue Haute, 62010 Valmont", "hors"),
    ("11 rue Haute, 62010 Valmont", "à la limite du périmètre"),
    ("rue Haute, 62010 Valmont", "voie à cheval, sans numéro"),
    ("2-4 rue Haute, 62010 Valmont", "dans"),
    ("6 rue Haute, 62010 Valmont", "dans"),
    ("10 rue Haute, 62010 Valmont", "numéro absent de la base"),
    ("16 rue Haute, 62010 Valmont", "hors"),
    ("41 rue Haute, 62010 Valmont", "numéro absent de la base"),
    ("rue du Stade, 62010 Valmont", "hors"),
    ("3 Stade, 62010 Valmont", "hors"),
    ("3 Basse, 62010 Valmont", "plusieurs voies possibles"),
    ("3 boulevard Basse, 62010 Valmont", "rapprochement douteux"),
    ("3 rue Inouïe, 62010 Valmont", "voie introuvable"),
    ("3 rue Inouïe, 62020 Belbourg", "hors"),
    ("62010 Valmont", "ni voie ni numéro"),
    ("1 rue Haute", "ni commune ni code postal"),
    ("1 rue Haute, 59000 Lyville", "commune hors de la zone chargée"),
    ("BP 12, 62010 Valmont", "boîte postale"),
    ("", "ligne vide"),
]

METHODE = Methode(
    order=54,
    tables=(Tableau("REPONSES", "Ce qui est écrit et ce qui est répondu", ("adresse", "réponse")),),
)


def _street(name: str, numbers: Iterable[int], y: int, place: str = "62001;Valmont") -> list[str]:
    insee, commune = place.split(";")
    postcode = "62010" if insee == "62001" else "62020"
    return [
        f"x;;{n};;{name};{postcode};{insee};{commune};;;{650_000 + 10 * n};"
        f"{7_000_000 + y + 20 * (n % 2 == 0)};;;entrée;;;{commune};;;;1;"
        for n in numbers
    ]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    folder: Path = tmp_path_factory.mktemp("adresses")
    rows = [
        *_street("Rue Haute", [n for n in range(1, 19) if n not in (6, 10, 16)], 0),
        *_street("Rue du Stade", range(1, 9), 900),
        *_street("Avenue du Stade", range(1, 9), 1200),
        *_street("Rue Basse", range(1, 9), 10),
        *_street("Avenue Basse", range(1, 9), 1500),
        *_street("Rue Neuve", range(1, 9), 9000, "62002;Belbourg"),
    ]
    (folder / "a.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    assert prepare(folder / "a.csv", folder / "a.sqlite", ProblemList())
    opened = open_base(folder / "a.sqlite", ProblemList())
    assert opened is not None
    with opened:
        yield opened


@pytest.mark.parametrize(("text", "expected"), REPONSES)
def test_reponses(base: Base, text: str, expected: str) -> None:
    shape = shapely.box(649_950, 6_999_950, 650_105, 7_000_050)
    layer = Layer("qpv", "2015", 2154, ("QP062001",), ("Q",), as_shapes([shape]), pl.DataFrame())
    rules = Rules.of(load_catalogue())
    matcher = Matcher(base, rules)
    placer = Placer(base, layer, rules, Coverage(everywhere=True))
    answer = placer.answer(matcher.match(address_of(Line(text), matcher.is_place)))
    assert (answer.reason.label if answer.reason else answer.state.value) == expected
