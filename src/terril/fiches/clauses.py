"""What is a candidate sentence, before one is chosen?

A clause is French without its capital nor its stop, the claims it makes, and what choosing
needs: which pattern made it, how it opens, whom it compares with, whether it is good news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from terril.fiches.claims import Claim
from terril.fiches.facts import Fact, Ref
from terril.fiches.places import EpciNoun, Place, place
from terril.lib.fractions import Stance
from terril.lib.prose import longueur, typographie


@dataclass(slots=True, eq=False)
class Clause:
    """One way to say one or two facts."""

    text: str
    claims: tuple[Claim, ...]
    pattern: str
    opening: str  # fraction, pourcent, sujet, theme, quartier, aucun, atout, secret
    comparators: tuple[str, ...]
    tone: int  # +1 good news, −1 bad, 0 neither
    score: float
    indicators: tuple[str, ...]

    def length(self) -> int:
        """Characters read once it is a sentence, the stop included."""
        return longueur(typographie(self.text)) + 1


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the sentences are said: the neighbourhood, its communes, its EPCI."""

    qpv: str
    name: str
    communes: tuple[str, ...]
    epci: EpciNoun
    total: int
    facts: Mapping[str, Fact]
    _said: dict[str, list[Clause]] = field(default_factory=dict)
    _places: dict[str, list[tuple[Ref, Place]]] = field(default_factory=dict)

    def remember(self, fact: Fact, make: Callable[[Fact, Scene], Iterator[Clause]]) -> list[Clause]:
        """The clauses of a fact, made once for the sheet."""
        found = self._said.get(fact.indicator)
        if found is None:
            found = self._said[fact.indicator] = list(make(fact, self))
        return found

    def places(self, fact: Fact) -> list[tuple[Ref, Place]]:
        """The comparators worth naming for this fact, local first: commune, then EPCI."""
        found = self._places.get(fact.indicator)
        if found is None:
            found = self._places[fact.indicator] = self._find(fact)
        return found

    def _find(self, fact: Fact) -> list[tuple[Ref, Place]]:
        found: list[tuple[Ref, Place]] = []
        names = self.communes
        local = [f"commune:{names[0]}"] if names else []
        if len(names) > 1:
            # the main commune is named first in the files; else their mean
            local = [k for k in (*(f"commune:{n}" for n in names), "communes") if k in fact.refs][
                :1
            ]
        for key in (*local, "epci"):
            ref = fact.refs.get(key)
            if ref is None or ref.period != fact.period:
                continue
            words = place(key, self.epci, len(names))
            if words is not None:
                found.append((ref, words))
        return found


def stance(fact: Fact) -> Stance:
    """How a fraction should lean: high when the figure is above the mean, low when below."""
    return "high" if fact.side == "higher" else "low" if fact.side == "lower" else ""


def leaning(key: str) -> float:
    """A number in [0, 1) that depends on the content only: turns the choice between equals."""
    return crc32(key.encode()) / 2**32
