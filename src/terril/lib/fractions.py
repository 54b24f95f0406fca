"""Which simple fraction says a share truly: « un sur six », « près de quatre sur dix »?

A reader sees « un allocataire sur trois » better than 32,6 %. The wording must be true:
a bare fraction within one point and five per cent of the share; « près de » and « moins
de » only below the fraction, « plus de » and « à peine plus de » only above it, never
more than four points nor eight per cent away. :func:`Fraction.holds` says it again from
the figures, and the tests use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from terril.lib.french import Gender, en_lettres

Stance = Literal["", "high", "low"]
Qualifier = Literal["", "près de", "moins de", "plus de"]

#: numerator, denominator; ordered from the most telling to the least
_FRACTIONS: Final = (
    (1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5),
    (1, 6), (5, 6), (1, 10), (3, 10), (7, 10), (9, 10), (1, 7), (1, 8), (1, 20),
)  # fmt: skip

#: names of the fractions that have one, for « plus d’un quart des habitants »
_NAMES: Final = {
    (1, 2): "la moitié", (1, 3): "un tiers", (2, 3): "deux tiers", (1, 4): "un quart",
    (3, 4): "trois quarts", (1, 5): "un cinquième", (1, 10): "un dixième",
}  # fmt: skip

EXACT_POINTS: Final = 1.0
EXACT_RATIO: Final = 0.05
NEAR_POINTS: Final = 4.0
NEAR_RATIO: Final = 0.08


@dataclass(frozen=True, slots=True)
class Fraction:
    """« près de deux sur cinq »: a qualifier, a numerator, a denominator."""

    qualifier: Qualifier
    numerator: int
    denominator: int

    @property
    def share(self) -> float:
        """The fraction itself, in per cent."""
        return 100 * self.numerator / self.denominator

    def holds(self, share: float) -> bool:
        """Tell whether the wording is true of ``share`` (per cent)."""
        distance = share - self.share
        limit = min(NEAR_POINTS, NEAR_RATIO * self.share) + 1e-9
        if self.qualifier == "":
            return abs(distance) <= min(EXACT_POINTS, EXACT_RATIO * self.share) + 1e-9
        if self.qualifier == "plus de":
            return 0 < distance <= limit
        return -limit <= distance < 0

    def words(self, gender: Gender = "m") -> str:
        """« près d’un sur deux », « deux sur cinq », « une sur trois »."""
        return f"{self.head(gender)} sur {en_lettres(self.denominator)}"

    def head(self, gender: Gender = "m") -> str:
        """The part before the noun: « près d’un », « plus de deux », « quatre »."""
        numerator = en_lettres(self.numerator, gender)
        if not self.qualifier:
            return numerator
        if self.numerator == 1:
            return f"{self.qualifier[:-1]}’{numerator}"
        return f"{self.qualifier} {numerator}"

    def of_people(self, singular: str, plural: str, gender: Gender = "m") -> str:
        """« près d’un jeune sur deux », « deux allocataires sur cinq »."""
        noun = singular if self.numerator == 1 else plural
        return f"{self.head(gender)} {noun} sur {en_lettres(self.denominator)}"

    def named(self) -> str | None:
        """« plus d’un quart », « près de la moitié », « deux tiers »; None when it has no name."""
        name = _NAMES.get((self.numerator, self.denominator))
        if name is None:
            return None
        if not self.qualifier:
            return name
        if name.startswith("un "):
            return f"{self.qualifier[:-1]}’{name}"
        return f"{self.qualifier} {name}"

    @property
    def key(self) -> str:
        """A stable writing for statements: « plus de 1/2 »."""
        return f"{self.qualifier} {self.numerator}/{self.denominator}".strip()


@lru_cache(maxsize=16384)
def fraction(share: float, stance: Stance = "") -> Fraction | None:
    """Find the simple fraction that says ``share`` (per cent), or None when none is near.

    ``stance`` tells how the share is felt: « high » prefers « près de » under a fraction,
    « low » prefers « moins de ». A bare fraction wins, the nearest first; among the
    qualified ones the simplest.
    """
    best: tuple[float, Fraction] | None = None
    for order, (numerator, denominator) in enumerate(_FRACTIONS):
        value = 100 * numerator / denominator
        distance = share - value
        bare = Fraction("", numerator, denominator)
        # a seventh or an eighth is only worth saying when it is the figure
        rare = denominator in (7, 8, 20)
        if bare.holds(share):
            cost = abs(distance) / min(EXACT_POINTS, EXACT_RATIO * value) + 0.06 * order
            # « trois sur dix » is plainer than telling; with a stance a simpler one may win
            cost += 2.3 if stance and denominator == 10 and numerator in (3, 7) else 0.0
            candidate = bare
        elif rare or distance == 0:
            continue
        else:
            qualifier: Qualifier = (
                "plus de" if distance > 0 else "moins de" if stance == "low" else "près de"
            )
            candidate = Fraction(qualifier, numerator, denominator)
            if not candidate.holds(share):
                continue
            cost = 3.0 + abs(distance) / NEAR_POINTS + 0.1 * order
        if best is None or cost < best[0]:
            best = (cost, candidate)
    return best[1] if best else None
