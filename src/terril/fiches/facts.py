"""What is known of one indicator in one neighbourhood, ready to be spoken of?

Small frozen objects, made once per contract from the frames (see ``context.py``). They
hold the figures of the comparison stage as they are: nothing is computed again here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terril.catalogue.schema import Indicator, Phrase, Unit
from terril.lib.french import arrondi, avec_unite, nombre


@dataclass(frozen=True, slots=True)
class Ref:
    """A comparator's value, and how the neighbourhood stands to it (a row of GAPS)."""

    comparator: str  # epci | commune:<name> | communes | qpv_mean | previous
    value: float
    period: str
    gap: float
    spread: float | None
    direction: str  # higher | lower | equal
    degree: str  # slight | plain | strong, as in GAPS

    @property
    def size(self) -> str:
        """The degree that words may rest on.

        Without a spread (fewer than three neighbourhoods known) GAPS has no other degree
        than slight: a tenth of the reference is then taken as plain, and no adverb is said.
        """
        if self.spread is not None or self.direction == "equal":
            return self.degree
        return "plain" if abs(self.gap) >= 0.1 * abs(self.value) else "slight"


@dataclass(frozen=True, slots=True)
class Fact:
    """One indicator of one neighbourhood at the period shown."""

    indicator: str
    card: Indicator
    unit: Unit
    period: str
    status: str
    value: float | None
    known: int
    total: int
    mean: float | None
    sd: float | None
    z: float | None
    rank: int | None
    rank_high: int | None
    rank_low: int | None
    tied: bool
    refs: Mapping[str, Ref]
    pictogram: bool
    phrase: Phrase  # how French speaks of it: that of the card
    judged: bool  # is one way better than the other?
    sense: int  # +1 when higher is better, −1 when lower is, 0 without judgement

    @property
    def side(self) -> str:
        """Is the value above or below the mean of the neighbourhoods, as printed?"""
        ref = self.refs.get("qpv_mean")
        return ref.direction if ref else ""

    @property
    def is_share(self) -> bool:
        """Is it a percentage, of which fractions and points may be said?"""
        return self.unit.symbol == "%"

    @property
    def is_share_of_people(self) -> bool:
        """Does the card say who is counted and what they do?"""
        return self.is_share and self.card.phrase.among_singular is not None

    def figure(self, value: float) -> str:
        """Write a value as the tables do: « 20,7 % »."""
        return avec_unite(value, self.card.decimals, self.unit.symbol)

    def prose(self, value: float) -> str:
        """Write a value for a sentence: as in the tables, a decimal zero left out."""
        decimals = self.card.decimals
        while decimals and arrondi(value, self.card.decimals) == arrondi(value, decimals - 1):
            decimals -= 1
        return avec_unite(value, decimals, self.unit.symbol)

    def pair(self, value: float, other: float) -> tuple[str, str]:
        """Write two values to be read together: whole per cents when they stay far apart.

        « 38 %, contre 52 % » is read better than « 38,4 %, contre 51,9 % », and says the
        same as long as three points or more part the rounded figures.
        """
        if self.is_share and min(value, other) >= 10 and abs(round(value) - round(other)) >= 3:
            return avec_unite(value, 0, "%"), avec_unite(other, 0, "%")
        return self.prose(value), self.prose(other)

    def gap_text(self, gap: float) -> str:
        """Write a difference with its unit, without sign: « 4 463 € », « 12 points »."""
        size = abs(gap)
        decimals = self.card.decimals
        while decimals and arrondi(size, self.card.decimals) == arrondi(size, decimals - 1):
            decimals -= 1
        if self.unit.gap in ("", self.unit.symbol):
            return avec_unite(size, decimals, self.unit.symbol)
        noun = (self.unit.gap_plural or self.unit.gap) if size >= 2 else self.unit.gap
        return f"{nombre(size, decimals)} {noun}"


@dataclass(frozen=True, slots=True)
class SignalFact:
    """The signal of a theme for one neighbourhood (a row of SIGNALS)."""

    theme: str
    signal: str
    score: float | None
    available: int
    expected: int
    sureness: float | None
    variants: int


@dataclass(frozen=True, slots=True)
class FamilyFact:
    """A family of equipment in the neighbourhood and around it; None: unreadable."""

    family: str
    inside: int | None
    around: int | None
    unreadable: bool


@dataclass(frozen=True, slots=True)
class OfferFact:
    """The local offer of one neighbourhood: its class and the counts by family."""

    offer: str  # an Offer
    depends: bool  # would the class change with the unreadable counts?
    why: str
    buffer_m: int | None
    families: tuple[FamilyFact, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """An indicator over the neighbourhoods of a contract (a row of GROUPS) and its EPCI."""

    indicator: str
    period: str
    known: int
    total: int
    mean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None
    lowest: tuple[str, ...]  # codes of the neighbourhoods at the bottom and at the top
    highest: tuple[str, ...]
    epci: float | None
