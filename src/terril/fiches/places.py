"""How are the comparators named in a sentence?

« à Arras », « dans l’agglomération », « en moyenne dans les 21 quartiers »: a preposition
and a name, and the same after « que ». Nothing is compared without being named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from terril.lib.french import a, de, en_lettres, que


@dataclass(frozen=True, slots=True)
class EpciNoun:
    """The common noun of an EPCI: « l’agglomération », « la métropole »."""

    label: str  # full name
    noun: str  # with its article: « l’agglomération »

    @property
    def inside(self) -> str:
        """« dans l’agglomération »."""
        return f"dans {self.noun}"

    @property
    def of(self) -> str:
        """« de l’agglomération »."""
        return de(self.noun)


#: the legal category first: « CA Nîmes Métropole » is an agglomération
_NOUNS = (
    (r"(?i:communauté d.agglomération)|^CA\b", "l’agglomération"),
    (r"(?i:communauté de communes)|^CC\b", "la communauté de communes"),
    (r"(?i:communauté urbaine)|^CU\b", "la communauté urbaine"),
    (r"(?i:établissement public territorial)|^EPT\b", "le territoire"),
    (r"(?i:métropole)", "la métropole"),
)


@lru_cache(maxsize=1024)
def epci_noun(label: str) -> EpciNoun:
    """Find the common noun in the name of an EPCI; « l’intercommunalité » when it has none."""
    for pattern, noun in _NOUNS:
        if re.search(pattern, label):
            return EpciNoun(label, noun)
    return EpciNoun(label, "l’agglomération" if not label else "l’intercommunalité")


@lru_cache(maxsize=256)
def quantity(number: int, gender: str = "m") -> str:
    """A number of neighbourhoods or communes: in words up to ten, in figures above."""
    return en_lettres(number, "f" if gender == "f" else "m") if number <= 10 else str(number)


@lru_cache(maxsize=1024)
def des_quartiers(known: int, total: int) -> str:
    """« des 21 quartiers », « des 19 quartiers connus » when some have no figure."""
    return f"des {quantity(known)} quartiers" + (" connus" if known < total else "")


@lru_cache(maxsize=1024)
def sur_quartiers(known: int, total: int) -> str:
    """« sur 21 », « sur 17 connus »: the divisor after a rank."""
    return f"sur {known}" + (" connus" if known < total else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A comparator in words."""

    comparator: str
    inside: str  # « à Arras », « dans l’agglomération »
    than: str  # « qu’à Arras », « que dans l’agglomération »
    of: str  # « celui d’Arras » → « d’Arras »


def place(comparator: str, epci: EpciNoun, communes: int) -> Place | None:
    """Name a comparator of GAPS; None for those a sentence does not name this way."""
    if comparator == "epci":
        return _place(comparator, epci.inside, epci.noun)
    if comparator.startswith("commune:"):
        name = comparator.partition(":")[2]
        return _place(comparator, a(name), name)
    if comparator == "communes" and communes >= 2:
        number = quantity(communes)
        return Place(
            comparator,
            f"en moyenne dans ses {number} communes",
            f"qu’en moyenne dans ses {number} communes",
            f"de ses {number} communes",
        )
    return None


@lru_cache(maxsize=4096)
def _place(comparator: str, inside: str, name: str) -> Place:
    return Place(comparator, inside, que(inside), de(name))
