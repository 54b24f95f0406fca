"""How is a share said of people: « près d’un jeune sur deux », « 38 % des lycéens »?"""

from __future__ import annotations

from functools import lru_cache

from terril.fiches.facts import Fact
from terril.lib.fractions import Fraction
from terril.lib.french import de


def people(fact: Fact, part: Fraction) -> str:
    """« près d’un jeune de 16 à 25 ans sur deux n’est ni en études ni en emploi »."""
    phrase = fact.phrase
    assert phrase.among_singular and phrase.among_plural
    verb = phrase.verb_singular if part.numerator == 1 else phrase.verb_plural
    who = part.of_people(_bare(phrase.among_singular), phrase.among_plural, phrase.among_gender)
    return f"**{who}** {verb}"


def percent_people(fact: Fact, text: str, only: bool = False) -> str:
    """« 38 % seulement des lycéens suivent la voie générale »."""
    seulement = " seulement" if only else ""
    return (
        f"**{text}**{seulement} {de(f'les {fact.phrase.among_plural}')} {fact.phrase.verb_plural}"
    )


@lru_cache(maxsize=1024)
def _bare(noun: str) -> str:
    for article in ("un ", "une "):
        if noun.startswith(article):
            return noun[len(article) :]
    return noun
