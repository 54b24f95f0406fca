"""Are women and men balanced in an assembly?

The two bounds are those of the parameter « participation_parite », in % of women, both inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Verdict = Literal["equilibree", "plus_hommes", "plus_femmes", "inconnue"]

PARITY_LABELS: dict[Verdict, str] = {
    "equilibree": "Équilibrée",
    "plus_hommes": "Plus d’hommes",
    "plus_femmes": "Plus de femmes",
    "inconnue": "On ne sait pas",
}


@dataclass(frozen=True, slots=True)
class Parity:
    """Women and men; ``share``: of women, of one; ``None`` when it cannot be known."""

    women: int | None
    men: int | None
    share: Fraction | None
    verdict: Verdict

    @property
    def label(self) -> str:
        """The verdict as people read it."""
        return PARITY_LABELS[self.verdict]


def parity_of(women: int | None, men: int | None, low: float, high: float) -> Parity:
    """Compare women and men; unknown when either is, or when nobody is there."""
    if women is None or men is None or women + men == 0:
        return Parity(women, men, None, "inconnue")
    share = Fraction(women, women + men)
    if share * 100 < Fraction(low):
        return Parity(women, men, share, "plus_hommes")
    if share * 100 > Fraction(high):
        return Parity(women, men, share, "plus_femmes")
    return Parity(women, men, share, "equilibree")


def together(parities: Iterable[Parity], low: float, high: float) -> Parity:
    """The parity of several assemblies at once, over those that are known."""
    known = [p for p in parities if p.share is not None]
    if not known:
        return Parity(None, None, None, "inconnue")
    return parity_of(sum(p.women or 0 for p in known), sum(p.men or 0 for p in known), low, high)
