"""Which wordings, put together, make a text of the wanted length?

Each slot of the synthesis offers several parts; the combination with the best score among
those of 380 to 430 characters is kept. Shorter when there is little to say, never longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from terril.fiches.claims import Claim
from terril.lib.prose import longueur

LOW: Final = 380
HIGH: Final = 430


@dataclass(slots=True)
class Part:
    """One sentence (or two) of the synthesis, with what it claims."""

    text: str  # whole sentences, strong parts marked
    claims: tuple[Claim, ...]
    score: float
    indicators: tuple[str, ...] = ()
    length: int = field(init=False)  # characters read, with the space before the next part

    def __post_init__(self) -> None:
        self.length = longueur(self.text) + 1 if self.text else 0


NOTHING: Final = Part("", (), 0.0)


def compose(slots: Sequence[Sequence[Part]]) -> list[Part]:
    """Choose one part a slot: the best score among the lengths wanted, else the longest below.

    No indicator is told twice. When even the shortest parts are too long together, only the
    first three slots speak.
    """
    slots = [slot for slot in slots if slot]
    best_left = [0.0]  # best score the slots still to come can add
    for slot in reversed(slots):
        best_left.append(best_left[-1] + max(part.score for part in slot))
    best_left.reverse()
    best: list[Part] = []
    worth = -1e9
    chosen: list[Part] = []

    def go(index: int, length: int, score: float, told: frozenset[str]) -> None:
        nonlocal best, worth
        if score + best_left[index] <= worth:
            return
        if index == len(slots):
            if length - 1 < LOW:
                score -= 5.0 + (LOW - length + 1) / 25
            if score > worth:
                best, worth = list(chosen), score
            return
        for part in slots[index]:
            if length + part.length - 1 > HIGH or not told.isdisjoint(part.indicators):
                continue
            chosen.append(part)
            go(index + 1, length + part.length, score + part.score, told.union(part.indicators))
            chosen.pop()

    go(0, 0, 0.0, frozenset())
    if not best:
        best = [min(slot, key=lambda part: part.length) for slot in slots[:3]]
    return [part for part in best if part.text]
