"""How is the name of a street written so that two writings of it are the same?

Case, accents, ligatures, punctuation, abbreviations (« av. », « bd », « Gal », « St ») and numbers
in words are levelled. The abbreviations are a list of the catalogue (``vocabularies/voies.csv``);
those of a type of street count only where a type may stand, at the beginning of the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terril.catalogue.lists import read_list
from terril.places.addresses.edits import distance

_LIGATURES: Final = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "°": " ", "º": " "}
)
_POINTED: Final = re.compile(r"\b(?:[a-z]\.){2,}")  # « z.a.c. »
_ORDINALS: Final = frozenset({"er", "ere", "re", "eme", "ieme", "e", "nd", "nde"})
_LEAST_MISTYPED: Final = 4  # letters of a type of street that a slip leaves recognisable
_TOKEN: Final = re.compile(r"\d+|[a-z]+")
_JOINED: Final = (
    (re.compile(r"\brond[ -]+point\b"), "rondpoint"),
    (re.compile(r"\blieu[ -]+dit\b"), "lieudit"),
    (re.compile(r"\bgrande?[ '’-]+rue\b"), "grand rue"),
    (re.compile(r"\bs/s?\s*(?=[a-z])"), "sur "),
)


@dataclass(frozen=True)
class Vocabulary:
    """The words of the list, by kind, each abbreviation to its whole word."""

    streets: Mapping[str, str]  # types of street: « av » → avenue
    estates: Mapping[str, str]  # types of place: « res » → residence
    words: Mapping[str, tuple[str, ...]]  # « st » → saint, « nd » → notre dame
    titles: frozenset[str]  # « general », of little weight
    numbers: Mapping[str, int]
    articles: frozenset[str]
    complements: frozenset[str]  # « appt », « bat »: what follows is inside the building

    def type_of(self, token: str) -> str:
        """Return the type of street or place that a first word is, or ""."""
        return self.streets.get(token) or self.estates.get(token, "")

    def mistyped(self, token: str) -> str:
        """Return the type that a first word is but for one letter: « avenuue », or ""."""
        return _mistyped(token)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the list of the catalogue."""
    rows = read_list("vocabularies/voies.csv")

    def of(kind: str) -> dict[str, str]:
        return {row["forme"]: row["mot"] for row in rows if row["sorte"] == kind}

    titles = of("titre")
    words = {form: tuple(word.split()) for form, word in {**titles, **of("mot")}.items()}
    return Vocabulary(
        of("voie"),
        of("ensemble"),
        words,
        frozenset(titles.values()),
        {form: int(word) for form, word in of("nombre").items()},
        frozenset(of("article")),
        frozenset(of("complement")),
    )


@lru_cache(maxsize=65536)
def _mistyped(token: str) -> str:
    if len(token) < _LEAST_MISTYPED or not token.isalpha():
        return ""
    known = vocabulary()
    for word in dict.fromkeys((*known.streets.values(), *known.estates.values())):
        if len(word) > _LEAST_MISTYPED and distance(token, word, 1) == 1:
            return word
    return ""


def level(text: str) -> str:
    """Return a text in lower case without accents nor ligatures; punctuation stays."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    for pattern, joined in _JOINED:
        kept = pattern.sub(joined, kept)
    return _POINTED.sub(lambda found: found[0].replace(".", "") + " ", kept)


def tokens(text: str) -> list[str]:
    """Return the words and the numbers of a levelled text; « 3e » gives « 3 »."""
    found: list[str] = []
    for part in _TOKEN.findall(text):
        if not (found and found[-1].isdigit() and part in _ORDINALS):
            found.append(part)
    return found


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a street. ``full`` keeps the articles; ``words`` are what tells it apart."""

    type: str  # « rue », « residence », or "" when it opens with none
    words: tuple[str, ...]
    full: str

    @property
    def key(self) -> str:
        """Return the name without its articles: « rue general gaulle »."""
        return " ".join((self.type, *self.words)).strip()


def _spelled(parts: Sequence[str], numbers: Mapping[str, int]) -> list[str]:
    """Write numbers in figures: « dix neuf mars » → « 19 mars »."""
    found: list[str] = []
    last: int | None = None  # value of a tens just written from a word
    for part in parts:
        value = numbers.get(part)
        if value is None:
            found.append(str(int(part)) if part.isdigit() and len(part) < 9 else part)
            last = None
        elif last is not None and value < 10:
            found[-1] = str(last + value)
            last = None
        else:
            found.append(str(value))
            last = value if value in (10, 20, 30, 40, 50) else None
    return found


@lru_cache(maxsize=65536)
def name_of(text: str) -> Name:
    """Return the name that a text writes, whatever its case, accents and abbreviations."""
    return name_from(tokens(level(text)))


def name_from(parts: Sequence[str]) -> Name:
    """Return the name made of tokens."""
    known = vocabulary()
    kept = list(parts)
    kind = known.type_of(kept[0]) or known.mistyped(kept[0]) if len(kept) > 1 else ""
    if kind:
        kept = kept[1:]
    whole: list[str] = []
    for part in kept:
        whole.extend(known.words.get(part, (part,)))
    whole = _spelled(whole, known.numbers)
    words = tuple(word for word in whole if word not in known.articles) or tuple(whole)
    return Name(kind, words, " ".join([kind, *whole]).strip())


@lru_cache(maxsize=65536)
def place_key(text: str) -> str:
    """Return the name of a commune levelled: « ST-OMER » and « Saint-Omer » are one."""
    return place_from(tokens(level(text)))


def place_from(parts: Sequence[str]) -> str:
    """Return the name of a commune made of tokens; « s/ » and « ss » give sur and sous."""
    known = vocabulary()
    whole: list[str] = []
    for part in parts:
        whole.extend(known.words.get(part, (part,)) if part not in known.titles else (part,))
    return " ".join(whole)
