"""How does France write numbers, ranks, names after a preposition, and lists?

Leaf functions, no state. Sources of the rules: *Lexique des règles typographiques en usage
à l’Imprimerie nationale* (numbers, spaces, ordinals) and the usual grammars (elision,
contraction). Everything returned is ready to print: U+202F narrow no-break space, U+00A0
no-break space, U+2019 apostrophe, U+2212 minus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, Literal

from terril.lib.aspirated import H_ASPIRE

Gender = Literal["m", "f"]
Number = Literal["s", "p"]

FINE: Final = "\u202f"  # narrow no-break space
NBSP: Final = "\u00a0"
APOSTROPHE: Final = "\u2019"
MINUS: Final = "\u2212"

# ------------------------------------------------------------------ numbers


@lru_cache(maxsize=65536)
def _quantum(value: float, decimals: int) -> Decimal:
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value!r} n’est pas un nombre à écrire")
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def arrondi(value: float, decimals: int = 0) -> float:
    """Round half away from zero on the decimal writing: 15.25 → 15.3, −2.5 → −3.

    ``round`` works on the binary value and to the even digit, which no reader of a printed
    table expects. Raises ``ValueError`` on nan and infinity.
    """
    return float(_quantum(value, decimals)) + 0.0  # + 0.0 turns −0.0 into 0.0


@lru_cache(maxsize=65536)
def nombre(value: float, decimals: int = 0) -> str:
    """Write a number: « 12 811 », « 19,6 », « −3,1 ». Always ``decimals`` decimals."""
    number = _quantum(value, decimals)
    sign = MINUS if number < 0 else ""
    whole, _, fraction = f"{abs(number):f}".partition(".")
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)]
    text = sign + FINE.join(reversed(groups))
    return f"{text},{fraction}" if fraction else text


def avec_unite(value: float, decimals: int, symbol: str) -> str:
    """Write a number and the symbol of its unit: « 12 811 € », « 19,6 % », « 500 m »."""
    text = nombre(value, decimals)
    return f"{text}{FINE}{symbol}" if symbol else text


def compte(number: float, singular: str, plural: str, decimals: int = 0) -> str:
    """Write a count and its noun: « 1 habitant », « 606 demandeurs d’emploi ».

    French takes the plural from two on: « 0 habitant », « 1,5 enfant », « 2 habitants ».
    """
    noun = plural if abs(arrondi(number, decimals)) >= 2 else singular
    return f"{nombre(number, decimals)} {noun}"


_TEXT_UNITS: Final = """
zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
seize dix-sept dix-huit dix-neuf
"""
_UNITS: Final = tuple(_TEXT_UNITS.split())
_TENS: Final = {
    20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"
}  # fmt: skip


@lru_cache(maxsize=512)
def en_lettres(number: int, gender: Gender = "m") -> str:
    """Write a whole number from 0 to 999 in words: « vingt et une », « quatre-vingts »."""
    if not 0 <= number <= 999:
        raise ValueError(f"{number} : en lettres de 0 à 999 seulement")
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent"
        if rest == 0:
            return head + ("s" if hundreds > 1 else "")
        return f"{head} {en_lettres(rest, gender)}"
    if number < 20:
        return "une" if number == 1 and gender == "f" else _UNITS[number]
    ten = number // 10 * 10
    if ten in (70, 90):
        ten -= 10
    unit = number - ten
    if unit == 0:
        return _TENS[ten] + ("s" if ten == 80 else "")
    word = "une" if unit == 1 and gender == "f" else _UNITS[unit]
    if unit in (1, 11) and ten != 80:
        return f"{_TENS[ten]} et {word}"
    return f"{_TENS[ten]}-{word}"


def ordinal(number: int, gender: Gender = "m") -> str:
    """Write a rank in figures: « 1er », « 1re », « 2e » (never « 2ème »)."""
    if number < 1:
        raise ValueError(f"{number} n’est pas un rang")
    if number == 1:
        return "1re" if gender == "f" else "1er"
    return f"{nombre(number)}e"


def ordinal_mot(number: int, gender: Gender = "m") -> str:
    """Write a rank in words, up to 999: « première », « deuxième », « vingt et unième »."""
    if number < 1:
        raise ValueError(f"{number} n’est pas un rang")
    if number == 1:
        return "première" if gender == "f" else "premier"
    word = en_lettres(number)
    if word.endswith("cinq"):
        return word + "uième"
    if word.endswith("neuf"):
        return word[:-1] + "vième"
    if word.endswith("s") and (word.endswith("vingts") or word.endswith("cents")):
        word = word[:-1]
    return (word[:-1] if word.endswith("e") else word) + "ième"


# ------------------------------------------------------------------ elision and contraction

_VOWELS: Final = frozenset("aàâäæeéèêëiîïoôöœuùûüAÀÂÄÆEÉÈÊËIÎÏOÔÖŒUÙÛÜ")

#: words (lower case, their first part when compound) before which nothing is elided
_TEXT_NO_ELISION: Final = """
onze onzième onzièmes oui ouistiti ouate ululement uhlan un-tel yaourt yacht yoga yougoslave
yougoslavie yémen yéménite york yalta yokohama
"""
_NO_ELISION: Final = frozenset(_TEXT_NO_ELISION.split())


_ARTICLE: Final = re.compile(r"^(?P<article>[Ll]es |[Ll]e |[Ll]a |[Ll][’'])(?P<rest>.+)$")


def _first_word(text: str) -> str:
    match = re.match(r"[^\W\d_]+", text.lstrip('«\u00a0\u202f “"('))
    return match.group(0).lower() if match else ""


@lru_cache(maxsize=8192)
def elidable(text: str) -> bool:
    """Tell whether « de », « que », « le »… lose their vowel before ``text``.

    A vowel or a mute h; not « onze », not an aspirated h, not a figure. Before a sigle only
    its first letter counts: « l’ACS », « le RSA ».
    """
    stripped = text.lstrip('«\u00a0\u202f “"(')
    if not stripped:
        return False
    first = stripped[0]
    word = _first_word(stripped)
    if first in _VOWELS:
        return word not in _NO_ELISION
    if first in "hH":
        letters = re.match(r"[^\W\d_]+", stripped)
        if letters and len(letters.group(0)) > 1 and letters.group(0).isupper():
            return False  # « le HLM »
        return word not in H_ASPIRE
    if first in "yY":
        if word in _NO_ELISION:
            return False
        return first == "Y" or len(stripped) > 1 and stripped[1] not in _VOWELS or word == "yeux"
    return False


def elision(word: str, following: str) -> str:
    """Join ``word`` to ``following`` with the elision the ear asks for.

    Elided: le la de que ne se me te je ce jusque lorsque puisque quoique presque(-île only,
    hence not), and « si » before « il(s) ». « elision("que", "à Arras") » → « qu’à Arras ».
    """
    low = word.lower()
    if low == "si":
        if _first_word(following) in ("il", "ils"):
            return f"{word[:-1]}{APOSTROPHE}{following}"
        return f"{word} {following}"
    if low in _ELIDED and elidable(following):
        return f"{word[:-1]}{APOSTROPHE}{following}"
    return f"{word} {following}"


_TEXT_ELIDED: Final = """
le la de que ne se me te je ce jusque lorsque puisque quoique parce_que
"""
_ELIDED: Final = frozenset(_TEXT_ELIDED.split())


def _contracted(name: str, before_le: str, before_les: str, preposition: str) -> str:
    match = _ARTICLE.match(name)
    if match:
        article = match.group("article").strip().lower()
        rest = match.group("rest")
        if article == "le":
            return f"{before_le} {rest}"
        if article == "les":
            return f"{before_les} {rest}"
        return f"{preposition} {name}"
    return elision(preposition, name) if preposition == "de" else f"{preposition} {name}"


@lru_cache(maxsize=8192)
def de(name: str) -> str:
    """« d’Arras », « de Lille », « du Havre », « des Mureaux », « de La Rochelle ».

    The article is contracted only when it is in the name, so that common noun groups work
    too: « du quartier », « de l’agglomération », « des quartiers ».
    """
    return _contracted(name, "du", "des", "de")


@lru_cache(maxsize=8192)
def a(name: str) -> str:
    """« à Arras », « au Havre », « aux Mureaux », « à La Rochelle », « à l’agglomération »."""
    return _contracted(name, "au", "aux", "à")


def que(text: str) -> str:
    """« que la moyenne », « qu’à Arras »."""
    return elision("que", text)


def article(noun: str, gender: Gender, number: Number = "s") -> str:
    """Put the definite article: « le taux », « la part », « l’indice », « les ménages »."""
    if number == "p":
        return f"les {noun}"
    return elision("le" if gender == "m" else "la", noun)


# ------------------------------------------------------------------ lists and capitals


def liste(items: Sequence[str], last: str = "et") -> str:
    """« a », « a et b », « a, b et c »; "" when there is none."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def majuscule(text: str) -> str:
    """Put a capital to the first letter, the accent kept: « à Arras » → « À Arras »."""
    for index, character in enumerate(text):
        if character.isalpha():
            return text[:index] + character.upper() + text[index + 1 :]
        if character.isdigit():
            return text
    return text
