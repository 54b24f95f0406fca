"""Which kinds of territory are there, and what do their codes look like?

The words are those of the official files: a neighbourhood of 2015 is ``QP`` and six
characters, one of 2024 ``QN``; a commune has an Insee code of five characters, an EPCI a
SIREN of nine digits. Composites take the SIREN of their EPCI.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A kind of territory: how a person names it and how its codes are written."""

    label: str
    plural: str
    pattern: str
    example: str


_SIREN = r"\d{9}"

KINDS: Final[dict[str, KindFacts]] = {
    "qpv": KindFacts("quartier", "quartiers", r"Q[PN][0-9AB]{5}[0-9A-Z]", "QP062019 ou QN06219M"),
    "iris": KindFacts("IRIS", "IRIS", r"\d[0-9AB]\d{7}", "620410101"),
    "commune": KindFacts("commune", "communes", r"\d[0-9AB]\d{3}", "62065"),
    "communes": KindFacts(
        "ensemble de communes",
        "ensembles de communes",
        r"\d[0-9AB]\d{3}(\+\d[0-9AB]\d{3})+",
        "62065+62771",
    ),
    "epci": KindFacts("intercommunalité", "intercommunalités", _SIREN, "246200364"),
    "departement": KindFacts("département", "départements", r"\d{2}|2[AB]|97\d", "62"),
    "region": KindFacts("région", "régions", r"\d{2}", "32"),
    "france_metro": KindFacts("France métropolitaine", "France métropolitaine", "FM", "FM"),
    "france": KindFacts("France", "France", "FR", "FR"),
    "qpv_ensemble": KindFacts(
        "ensemble des quartiers", "ensembles des quartiers", _SIREN, "246200364"
    ),
    "hors_qpv": KindFacts("hors quartiers", "hors quartiers", _SIREN, "246200364"),
    "qpv_moyenne": KindFacts(
        "moyenne des quartiers", "moyennes des quartiers", _SIREN, "246200364"
    ),
}

#: kinds that stand for a part or a summary of an EPCI, under its SIREN
COMPOSITES: Final = ("qpv_ensemble", "hors_qpv", "qpv_moyenne")

_WORDS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


def is_code(kind: str, text: str) -> bool:
    """Say whether ``text`` is written like a code of that kind."""
    facts = KINDS.get(kind)
    return facts is not None and re.fullmatch(facts.pattern, text) is not None


def fold(name: str) -> str:
    """Return a name without accents, case, punctuation nor abbreviated « saint ».

    Two writings of one place fold to one text: « Éleu-dit-Leauwette » and
    « ELEU DIT LEAUWETTE », « St-Omer » and « Saint-Omer ».
    """
    text = unicodedata.normalize("NFKD", name.translate(_LIGATURES)).lower()
    text = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return " ".join(_WORDS.get(word, word) for word in text.split())
