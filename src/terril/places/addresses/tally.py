"""How many addresses of a list are in the neighbourhoods, outside, or undetermined?

Plain counts, before any secrecy: nothing here may be shown as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from terril.places.addresses.placing import Answer
from terril.places.addresses.reasons import Reason, State


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of the lines of a list. Each line is in one count and one only.

    ``zones``: inside, by code of neighbourhood, "" for those known to be in one of several.
    """

    zones: dict[str, int]
    outside: int
    reasons: dict[Reason, int]

    @property
    def inside(self) -> int:
        """How many are in a neighbourhood."""
        return sum(self.zones.values())

    @property
    def unknown(self) -> int:
        """How many are undetermined."""
        return sum(self.reasons.values())

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self.inside + self.outside + self.unknown


def tally(answers: Iterable[Answer]) -> Tally:
    """Count the answers, whatever their order."""
    zones: Counter[str] = Counter()
    reasons: Counter[Reason] = Counter()
    outside = 0
    for answer in answers:
        if answer.state is State.IN:
            zones[answer.zone] += 1
        elif answer.state is State.OUT:
            outside += 1
        elif answer.reason is None:
            raise ValueError("an undetermined answer without a reason")
        else:
            reasons[answer.reason] += 1
    return Tally(
        {code: zones[code] for code in sorted(zones)},
        outside,
        {reason: reasons[reason] for reason in Reason if reasons[reason]},
    )


def moved(first: Iterable[Answer], second: Iterable[Answer]) -> Counter[tuple[str, str]]:
    """Count the lines by their answers in two generations of perimeters: (first, second).

    Answers are written ``dans CODE``, ``hors``, ``indéterminé MOTIF``.
    """
    return Counter(
        (_written(one), _written(other)) for one, other in zip(first, second, strict=True)
    )


def _written(answer: Answer) -> str:
    return " ".join((answer.state.value, answer.zone or answer.reason or "")).strip()
