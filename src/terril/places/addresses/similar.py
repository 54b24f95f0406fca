"""How alike are two names of streets?

Word by word: a word is found again when it is the same, abbreviated, or mistyped by a letter or
two; rare words weigh more than common ones (first names, « general »). The result is a share: 1
for the same name, 0 for nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from terril.places.addresses.edits import distance
from terril.places.addresses.words import Name, vocabulary

#: weight of a word, between 0 and 1
Weight = Callable[[str], float]

_TITLE: Final = 0.35  # « general », « 1945 »: of the weight of another word
_UNSAID: Final = 0.6  # of a word of the full name that the writer left out (« rue Zola »)
_GLUED: Final = 0.97  # « jeanjaures » for « jean jaures »
_FIGURES: Final = 0.6  # the most that two names with other figures may be alike
_SURNAME: Final = 0.9  # « rue Zola » for « rue Émile Zola »
_ARTICLES: Final = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "aux"})
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")


@lru_cache(maxsize=262144)
def word_likeness(said: str, known: str) -> float:
    """Return how far a word that was written is the known one: 1 the same, 0 another."""
    if said == known:
        return 1.0
    if said.isdigit() or known.isdigit():
        year = said.isdigit() and known.isdigit() and len(said) == 2 and len(known) == 4
        return 0.9 if year and known.endswith(said) else 0.0
    if len(said) == 1 or len(known) == 1:
        return 0.85 if said[0] == known[0] else 0.0
    if {said, known} == {min(said, known, key=len), min(said, known, key=len) + "s"}:
        return 0.93  # a plural
    longest = max(len(said), len(known))
    allowed = 0 if longest < 4 else 1 if longest < 7 else 2
    edits = distance(said, known, allowed) if allowed else 3
    if edits == 1:
        return 0.92 if longest >= 7 else 0.89 if longest >= 5 else 0.8
    if edits == 2 and allowed == 2:
        return 0.82 if longest >= 8 else 0.75
    if len(said) >= 3 and known.startswith(said):
        return 0.8  # an abbreviation of one's own
    return 0.0


def name_likeness(said: Sequence[str], known: Sequence[str], weight: Weight) -> float:
    """Return how alike two names are, their types apart."""
    if tuple(said) == tuple(known):
        return 1.0
    if len(said) != len(known) and "".join(said) == "".join(known):
        return _GLUED
    alike = _by_words(said, known, weight)
    return min(_FIGURES, alike) if _other_figures(said, known) else alike


def _other_figures(said: Sequence[str], known: Sequence[str]) -> bool:
    """Do the names hold figures that no abbreviated or left out year explains?"""
    left = [w for w in said if w.isdigit()]
    right = [w for w in known if w.isdigit()]
    for word in list(left):
        if word in right:
            left.remove(word)
            right.remove(word)
    if left and right:
        return len(left) != len(right) or any(
            max(word_likeness(a, b), word_likeness(b, a)) == 0
            for a, b in zip(left, right, strict=True)
        )
    return any(not _YEAR.fullmatch(word) for word in (*left, *right))


def _weigh(word: str, weight: Weight) -> float:
    light = word in vocabulary().titles or _YEAR.fullmatch(word)
    return weight(word) * (_TITLE if light else 1.0)


def _by_words(said: Sequence[str], known: Sequence[str], weight: Weight) -> float:
    left, right = list(said), list(known)
    same: list[tuple[str, str, float]] = []
    for word in said:
        if word in right:
            left.remove(word)
            right.remove(word)
            same.append((word, word, 1.0))
    pairs = sorted(
        ((word_likeness(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
        key=lambda p: (-p[0], p[1], p[2]),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    for likeness, i, j in pairs:
        if likeness > 0 and i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            same.append((left[i], right[j], likeness))
    found = sum(2 * likeness * _weigh(b, weight) for _, b, likeness in same)
    total = sum(2 * _weigh(b, weight) for _, b, _ in same)
    total += sum(_weigh(w, weight) for i, w in enumerate(left) if i not in used_left)
    total += _UNSAID * sum(_weigh(w, weight) for j, w in enumerate(right) if j not in used_right)
    return found / total if total else 0.0


def street_likeness(
    said: Name, known: Name, weight: Weight, other_type: float, no_type: float
) -> float:
    """Return how alike two streets are.

    ``other_type``: what is taken off when the types differ (« rue » for « avenue »); ``no_type``:
    when one of the two has none.
    """
    if said.full == known.full:
        return 1.0
    if said.key == known.key:
        return 0.995
    alike = name_likeness(said.words, known.words, weight)
    if alike < _SURNAME and _is_surname_of(said, known):
        alike = _SURNAME
    if said.type == known.type:
        return alike
    return alike - (other_type if said.type and known.type else no_type)


def _is_surname_of(said: Name, known: Name) -> bool:
    """Is it the end of the name of somebody: « rue Zola » for « rue Émile Zola »?

    Not « rue du Moulin » for « rue Jean Moulin », nor « rue Moulin » for « rue du Vieux Moulin ».
    """
    words = len(said.words)
    if words >= len(known.words) or known.words[-words:] != said.words:
        return False
    if any(word.isdigit() for word in known.words):
        return False
    if known.words[0] not in vocabulary().titles and _article_of(known):
        return False
    article = _article_of(said)
    return not article or (len(article) == 1 and known.words[0].startswith(article))


def _article_of(name: Name) -> str:
    """Return the article before the first word of a name, or ""."""
    parts = name.full.split()[1 if name.type else 0 :]
    return parts[0] if parts and parts[0] != name.words[0] and parts[0] in _ARTICLES else ""
