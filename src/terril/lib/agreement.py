"""How do French adjectives and nouns agree in gender and number?

Rules of the school grammar with their exceptions; the words of the field are in the tests.
Groups are handled word by word up to the first preposition: « logement social vacant » →
« logements sociaux vacants », « demandeur d’emploi » → « demandeurs d’emploi ».
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from terril.lib.french import Gender, Number

_FEMININE: Final = {
    "bas": "basse", "gros": "grosse", "blanc": "blanche", "public": "publique", "long": "longue",
    "nul": "nulle", "seul": "seule", "gentil": "gentille", "frais": "fraîche", "sec": "sèche",
    "doux": "douce", "faux": "fausse", "vieux": "vieille", "beau": "belle", "nouveau": "nouvelle",
    "secret": "secrète", "complet": "complète", "incomplet": "incomplète", "discret": "discrète",
    "inquiet": "inquiète", "meilleur": "meilleure", "grec": "grecque", "épais": "épaisse",
    "supérieur": "supérieure", "inférieur": "inférieure", "antérieur": "antérieure",
    "favori": "favorite", "pareil": "pareille", "tout": "toute", "quel": "quelle",
}  # fmt: skip

_OUX: Final = frozenset(["bijou", "caillou", "chou", "genou", "hibou", "joujou", "pou"])
_EU_S: Final = frozenset(["bleu", "pneu", "landau", "sarrau"])
_TEXT_AL_S: Final = """
bal carnaval festival chacal récital régal cal aval naval banal bancal fatal final natal
"""
_AL_S: Final = frozenset(_TEXT_AL_S.split())
_AUX: Final = frozenset(["bail", "corail", "émail", "soupirail", "travail", "vitrail", "vantail"])
_TEXT_INVARIABLE: Final = """
plus moins très trop aussi non peu assez légèrement nettement presque bien mal
"""
_INVARIABLE: Final = frozenset(_TEXT_INVARIABLE.split())
_TEXT_STOP: Final = """
de du des d à au aux en sur sous sans pour par avec dans chez entre hors ni qui que dont
vivant couvert
"""
_STOP: Final = frozenset(_TEXT_STOP.split())


@lru_cache(maxsize=1024)
def feminin(word: str) -> str:
    """Give the feminine of a singular masculine adjective: « nombreux » → « nombreuse »."""
    if word in _FEMININE:
        return _FEMININE[word]
    if "-" in word:  # « avant-dernier »
        head, _, tail = word.rpartition("-")
        return f"{head}-{feminin(tail)}"
    if word.endswith("e"):
        return word
    for ending, feminine in (
        ("eux", "euse"),
        ("er", "ère"),
        ("if", "ive"),
        ("el", "elle"),
        ("ien", "ienne"),
        ("yen", "yenne"),
        ("on", "onne"),
        ("teur", "trice"),
        ("eur", "euse"),
    ):
        if word.endswith(ending):
            return word[: -len(ending)] + feminine
    return word + "e"


@lru_cache(maxsize=2048)
def pluriel(word: str) -> str:
    """Give the plural of one noun or adjective: « social » → « sociaux », « taux » → « taux »."""
    if "-" in word and word.split("-")[0] in ("avant", "demi", "mi", "sous", "non"):
        head, _, tail = word.partition("-")
        return f"{head}-{pluriel(tail)}"
    if word.isupper() and len(word) > 1:
        return word  # sigles do not vary: « les QPV »
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word + "s" if word in _AL_S else word[:-2] + "aux"
    if word in _AUX:
        return word[:-3] + "aux"
    if word in _OUX or (word.endswith(("au", "eu")) and word not in _EU_S):
        return word + "x"
    return word + "s"


@lru_cache(maxsize=2048)
def accorder(adjective: str, gender: Gender, number: Number = "s") -> str:
    """Make an adjective group agree: « plus élevé », f, p → « plus élevées ».

    Adverbs in front do not vary; « tout » gives « tous ».
    """
    words = []
    for word in adjective.split(" "):
        if word in _INVARIABLE:
            words.append(word)
            continue
        if word == "tout" and gender == "m" and number == "p":
            words.append("tous")
            continue
        form = feminin(word) if gender == "f" else word
        words.append(pluriel(form) if number == "p" else form)
    return " ".join(words)


@lru_cache(maxsize=1024)
def pluriel_groupe(group: str) -> str:
    """Put a noun group in the plural, up to its first preposition.

    « école maternelle ou élémentaire » → « écoles maternelles ou élémentaires »;
    « jeune de 16 à 25 ans » → « jeunes de 16 à 25 ans »; an article follows: « la part » →
    « les parts ».
    """
    match = re.match(r"^(le |la |l[’'])", group)
    body = group[match.end() :] if match else group
    words = body.split(" ")
    result: list[str] = []
    for index, word in enumerate(words):
        stem = re.split(r"[’']", word)[0]
        if stem in _STOP or re.match(r"^(d|qu)[’']", word):
            result.extend(words[index:])
            break
        result.append(word if word in ("et", "ou") else pluriel(word))
    return ("les " if match else "") + " ".join(result)
