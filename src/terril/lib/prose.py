"""How are pieces of French made into sentences: spaces, capital, stop, length?

A *sentence* is a list of segments, each strong or not. Joining them keeps which parts are
strong, so that key figures stand out in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terril.lib.french import APOSTROPHE, FINE, NBSP, majuscule

_RULES: Final = (
    (re.compile(r"'"), APOSTROPHE),
    (re.compile(r"[ \u00a0\u202f]*([;!?])"), FINE + r"\1"),
    (re.compile(r"[ \u00a0\u202f]+:"), NBSP + ":"),
    (re.compile(r"(?<=\d)[ \u00a0\u202f]*([%€])"), FINE + r"\1"),
    (re.compile(r"«[ \u00a0\u202f]*"), "«" + NBSP),
    (re.compile(r"[ \u00a0\u202f]*»"), NBSP + "»"),
    (re.compile(r"[ ]{2,}"), " "),
)


@lru_cache(maxsize=8192)
def typographie(text: str) -> str:
    """Set the spaces and apostrophes of French typography. Doing it twice changes nothing."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, strong or not."""

    text: str
    strong: bool = False


Segments = tuple[Segment, ...]

_STRONG: Final = re.compile(r"\*\*(.+?)\*\*")


@lru_cache(maxsize=16384)
def segments(text: str) -> Segments:
    """Split a text whose strong parts are between double asterisks."""
    parts: list[Segment] = []
    start = 0
    for match in _STRONG.finditer(text):
        if match.start() > start:
            parts.append(Segment(text[start : match.start()]))
        parts.append(Segment(match.group(1), strong=True))
        start = match.end()
    if start < len(text):
        parts.append(Segment(text[start:]))
    return tuple(parts)


def sans_gras(text: str) -> str:
    """The text without the marks of strong parts, as it will be read and measured."""
    return text.replace("**", "")


@lru_cache(maxsize=16384)
def phrase(clause: str) -> str:
    """Make a sentence of a clause: capital, one final stop, typography."""
    text = typographie(clause.strip())
    head = "**" if text.startswith("**") else ""
    text = head + majuscule(text[len(head) :])
    bare = text[:-2] if text.endswith("**") else text
    if bare.endswith((".", "!", "?", "…")):
        return text
    return text + "."


def longueur(text: str) -> int:
    """Number of characters read, marks of strong parts left out."""
    return len(text) - 2 * text.count("**")


def joindre(sentences: Iterable[str]) -> str:
    """Join whole sentences with one space."""
    return " ".join(sentences)


def premiere_qui_tient(variants: Sequence[str], room: int) -> str | None:
    """The first of ``variants`` that is at most ``room`` characters; never cuts one."""
    for variant in variants:
        if longueur(variant) <= room:
            return variant
    return None


__all__ = [
    "Segment",
    "Segments",
    "joindre",
    "longueur",
    "phrase",
    "premiere_qui_tient",
    "sans_gras",
    "segments",
    "typographie",
]
