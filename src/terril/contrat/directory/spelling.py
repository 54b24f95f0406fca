"""When are two words the same for a reader who types fast?

Accents, capitals and apostrophes do not count, nor the mark of the plural. A word that nobody
wrote is brought near those that differ from it by one letter: one more, one less, another, or two
neighbours exchanged.
"""

from __future__ import annotations

import re
from typing import Final

from terril.registres.folding import fold

_WORD: Final = re.compile(r"[a-z0-9]+")

_TEXT_SMALL: Final = """
a au aux avec ce ces chez d dans de des du elle en et est il j je l la le les leur lui ma mes mon n
nos notre nous on ou ou par pas pour qu que qui s sa se ses son sur t un une vos votre vous y
"""
#: words that help no search when others stand beside them
SMALL_WORDS: Final = frozenset(_TEXT_SMALL.split())


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, in its order: « l’Atelier n° 2 » → l, atelier, n, 2."""
    return tuple(_WORD.findall(fold(text)))


def searched(text: str) -> tuple[str, ...]:
    """Return the words of a search, each once: small words only when there is nothing else."""
    found = tuple(dict.fromkeys(words(text)))
    return tuple(word for word in found if word not in SMALL_WORDS) or found


def bare(word: str) -> str:
    """Return a folded word without the mark of the plural: « ateliers » → « atelier »."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def shortened(word: str) -> set[str]:
    """Return a word and what it becomes without one of its letters.

    Two words within one mistake have one of these in common; the reverse is not sure.
    """
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def one_mistake(first: str, second: str) -> bool:
    """Are two words the same but for one letter, or for two neighbours exchanged?"""
    if first == second:
        return True
    if len(first) > len(second):
        first, second = second, first
    if len(second) - len(first) > 1:
        return False
    at = 0
    while at < len(first) and first[at] == second[at]:
        at += 1
    if len(first) < len(second):
        return first[at:] == second[at + 1 :]
    if first[at + 1 :] == second[at + 1 :]:
        return True
    swapped = first[at + 1 : at + 2] + first[at : at + 1]
    return swapped == second[at : at + 2] and first[at + 2 :] == second[at + 2 :]


def distance(first: str, second: str, most: int) -> int:
    """Count the mistakes between two texts, ``most`` + 1 when there are more than ``most``.

    A mistake is a letter added, left out or replaced, or two neighbours exchanged once.
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [i] + [0] * len(second)
        for j, other in enumerate(second, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                best = min(best, earlier[j - 2] + 1)
            row[j] = best
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)
