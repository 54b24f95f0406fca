"""How are signals, names and contracts of an edition read on a page?"""

from __future__ import annotations

from typing import Final

from terril.editions.look import Look, Row
from terril.fiches.model import SIGNAL_WORDS
from terril.lib.french import FINE, nombre

_WEAK: Final = "signal_fragile"


def weak(look: Look, sureness: float | None) -> bool:
    """Do fewer variants agree than the catalogue asks?"""
    limit = look.catalogue.parameters[_WEAK].value
    return sureness is not None and isinstance(limit, float) and sureness < limit


def signal_word(signal: Row) -> str:
    """« en difficulté, sûr à 85 % »."""
    word = SIGNAL_WORDS[signal["signal"]]
    sure = signal["sureness"]
    return word if sure is None else f"{word}, sûr à {nombre(100 * sure)}{FINE}%"


def name_of(look: Look, kind: str, code: str) -> str:
    """The name of a territory, its code when the edition has none."""
    place = look.places.get((kind, code))
    return place.label if place else code


def contract_of(look: Look, asked: str = "") -> str | None:
    """The contract that is asked, else that of the edition, else the first; ``None`` without."""
    contracts = look.contracts
    for epci in (asked, look.info.epci):
        if epci in contracts:
            return epci
    return next(iter(contracts), None)
