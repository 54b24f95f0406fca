"""Which words say a comparison: more, less, how much, which rank, how many times?

Small rules that return words only when they are true of the figures. « Légèrement » and
« nettement » come from the degree of GAPS (the dispersion of the indicator itself); the
direction is the one left after rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from terril.fiches.facts import Fact, Ref
from terril.fiches.places import des_quartiers, quantity
from terril.lib.agreement import accorder, pluriel
from terril.lib.french import Gender, Number, article, ordinal, ordinal_mot

#: scale of a topic → adjective for more, for less
SCALES: Final[dict[str, tuple[str, str]]] = {
    "nombreux": ("plus présent", "plus rare"),
    "frequent": ("plus fréquent", "plus rare"),
    "repandu": ("plus répandu", "moins répandu"),
    "fort": ("plus fort", "plus faible"),
    "eleve": ("plus élevé", "plus faible"),
}
#: scale of a topic → adjective in « aussi … nulle part »
_AS: Final[dict[str, tuple[str, str]]] = {
    "nombreux": ("présent", "rare"),
    "frequent": ("fréquent", "rare"),
    "repandu": ("répandu", "peu répandu"),
    "fort": ("fort", "faible"),
    "eleve": ("élevé", "faible"),
}
_DEGREE: Final = {"slight": "légèrement ", "plain": "", "strong": "nettement "}

#: a rank is only spoken of among enough neighbourhoods
MIN_RANKED: Final = 4
NEAR_MEAN: Final = 0.35  # standard deviations within which « proche de la moyenne » is said


def copula(number: str) -> str:
    """« est » or « sont »."""
    return "sont" if number == "p" else "est"


def more_or_less(direction: str, degree: str, gender: Gender, number: Number) -> str:
    """« légèrement plus élevée », « nettement plus faibles »."""
    word = "plus élevé" if direction == "higher" else "plus faible"
    return _DEGREE[degree] + accorder(word, gender, number)


def topic_more_or_less(fact: Fact, direction: str, degree: str = "plain") -> str:
    """The comparative that goes with the topic: « nettement plus rares »."""
    phrase = fact.phrase
    more, less = SCALES[phrase.topic_scale]
    word = more if direction == "higher" else less
    return _DEGREE[degree] + accorder(word, phrase.topic_gender, phrase.topic_number)


def topic_as(fact: Fact, direction: str) -> str:
    """The positive adjective of the topic, for « aussi … »: « fréquente », « rares »."""
    phrase = fact.phrase
    more, less = _AS[phrase.topic_scale]
    word = more if direction == "higher" else less
    return accorder(word, phrase.topic_gender, phrase.topic_number)


@dataclass(frozen=True, slots=True)
class Extreme:
    """A place near an end of the order of the neighbourhoods."""

    sense: str  # haut | bas
    rank: int
    shared: bool


def extreme(fact: Fact, depth: int = 3) -> Extreme | None:
    """Tell whether the value is among the ``depth`` highest or lowest; None otherwise.

    Never the middle of a short list: the two ends must not touch.
    """
    if fact.known < MIN_RANKED or fact.rank_high is None or fact.rank_low is None:
        return None
    depth = min(depth, (fact.known - 1) // 3)
    if fact.rank_high <= max(depth, 1) and fact.rank_high < fact.rank_low:
        return Extreme("haut", fact.rank_high, fact.tied)
    if fact.rank_low <= max(depth, 1) and fact.rank_low < fact.rank_high:
        return Extreme("bas", fact.rank_low, fact.tied)
    return None


def superlative(fact: Fact, place: Extreme, noun: str, gender: Gender) -> str:
    """« la part la plus élevée des 21 quartiers », « le 2e taux le plus faible… ».

    A shared place is told as such: « l’une des parts les plus élevées ».
    """
    among = des_quartiers(fact.known, fact.total)
    word = "plus élevé" if place.sense == "haut" else "plus faible"
    if place.shared:
        one = "l’une" if gender == "f" else "l’un"
        return f"{one} des {pluriel(noun)} les {accorder(word, gender, 'p')} {among}"
    the = "la" if gender == "f" else "le"
    if place.rank == 1:
        return f"{article(noun, gender)} {the} {accorder(word, gender)} {among}"
    return f"{the} {ordinal(place.rank, gender)} {noun} {the} {accorder(word, gender)} {among}"


def superlative_attribute(fact: Fact, place: Extreme, gender: Gender, number: Number) -> str:
    """The same without the noun, after « est »: « la plus élevée des 21 quartiers »."""
    among = des_quartiers(fact.known, fact.total)
    word = "plus élevé" if place.sense == "haut" else "plus faible"
    if place.shared:
        return f"parmi les {accorder(word, gender, 'p')} {among}"
    the = "les" if number == "p" else "la" if gender == "f" else "le"
    order = "" if place.rank == 1 else f"{ordinal(place.rank, gender)} "
    return f"{the} {order}{accorder(word, gender, number)} {among}"


def rank_words(fact: Fact, gender: Gender = "m") -> str | None:
    """« premier », « deuxième », « avant-dernière », « dernier »: the favourable order.

    Only the three best and the two last places, and never a shared one.
    """
    if fact.rank is None or fact.tied or fact.known < MIN_RANKED:
        return None
    if fact.rank == fact.known:
        return accorder("dernier", gender)
    if fact.rank == fact.known - 1 and fact.known >= 5:
        return accorder("avant-dernier", gender)
    if fact.rank <= min(4, (fact.known - 1) // 3 + 1):
        return ordinal_mot(fact.rank, gender)
    return None


def others_beaten(fact: Fact, direction: str) -> int:
    """How many of the other known neighbourhoods are strictly below (or above)."""
    if fact.rank_high is None or fact.rank_low is None:
        return 0
    return (fact.rank_low if direction == "higher" else fact.rank_high) - 1


def reach(fact: Fact, direction: str) -> tuple[str, str] | None:
    """(« tous », « dans tous les autres quartiers ») and its like; None when not true."""
    beaten, others = others_beaten(fact, direction), fact.known - 1
    if others < MIN_RANKED - 1:
        return None
    unknown = " connus" if fact.known < fact.total else ""
    if beaten == others:
        return "tous", f"dans tous les autres quartiers{unknown}"
    if others >= 8 and beaten >= 0.85 * others:
        return "presque tous", f"dans presque tous les autres quartiers{unknown}"
    if others >= 5 and beaten >= 0.65 * others:
        return "la plupart", f"dans la plupart des quartiers{unknown}"
    return None


REACH_SHARE: Final = {"tous": 1.0, "presque tous": 0.85, "la plupart": 0.65}

#: words of a ratio → its bounds (the ratio is the greater over the smaller)
RATIOS: Final[dict[str, tuple[float, float]]] = {
    "près de deux fois": (1.75, 1.97),
    "deux fois": (1.97, 2.05),
    "plus de deux fois": (2.05, 2.6),
    "près de trois fois": (2.75, 2.96),
    "trois fois": (2.96, 3.06),
    "plus de trois fois": (3.06, 3.7),
    "près de quatre fois": (3.75, 3.95),
    "quatre fois": (3.95, 4.1),
    "plus de quatre fois": (4.1, 4.7),
}


def ratio_words(value: float, reference: float) -> str | None:
    """« près de deux fois plus », « trois fois moins »; None under 1.75 times or unsure.

    Not on tiny figures, where a decimal makes the ratio: both at least 3.
    """
    if min(value, reference) < 3:
        return None
    ratio = max(value, reference) / min(value, reference)
    for words, (low, high) in RATIOS.items():
        if low <= ratio < high:
            return f"{words} {'plus' if value > reference else 'moins'}"
    return None


def near(ref: Ref) -> bool:
    """May the value be said « proche » of this reference?"""
    return ref.direction == "equal" or (ref.spread is not None and abs(ref.spread) <= NEAR_MEAN)


def tone_against(fact: Fact, ref: Ref) -> int:
    """+1 when the figure is better than the reference, −1 worse, 0 near or not judged."""
    if ref.direction == "equal" or ref.size == "slight":
        return 0
    return fact.sense * (1 if ref.direction == "higher" else -1)


def tone_within(fact: Fact) -> int:
    """+1 when among the better half by half a standard deviation, −1 the other way, else 0."""
    if not fact.judged or fact.z is None or abs(fact.z) < 0.5:
        return 0
    return 1 if fact.z > 0 else -1


def count_quartiers(number: int, known: int, total: int | None = None) -> str:
    """« dans 17 quartiers sur 21 », « dans les 19 quartiers connus », « dans aucun quartier »."""
    connus = " connus" if total is not None and known < total else ""
    if number == known:
        return f"dans les {quantity(known)} quartiers{connus}"
    if number == 0:
        return "dans aucun quartier"
    noun = "quartier" if number == 1 else "quartiers"
    return f"dans {quantity(number)} {noun} sur {quantity(known)}{connus}"
