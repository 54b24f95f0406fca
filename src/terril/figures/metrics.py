"""How wide is a text, before anything is drawn?

Advances of the shipped face, read once from ``advances.json`` (thousandths of an em; the
tests compare them with the font files). Kerning is ignored: it makes text narrower by less
than 2 %, so what fits here fits on paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final

_UNKNOWN: Final = 620  # a wide letter: an unknown character never makes a text overflow
#: where a line may end (UAX 14, for French): at a space unless closing punctuation follows,
#: after a dash, after a hyphen or a slash before a letter
_BREAK: Final = re.compile(r"(?<=[–—])(?=\w)|(?<=[-/])(?=[^\W\d_])|[ \t\n]+(?![ \t\n:;!?/)\]}])")
_SAFETY: Final = 1.003  # kerning seldom widens: a count of lines is never too small


@cache
def _advances(weight: int) -> dict[str, int]:
    text = (files("terril.figures") / "advances.json").read_text(encoding="utf-8")
    table: dict[str, int] = json.loads(text)[str(weight)]
    return table


@lru_cache(maxsize=65536)
def text_width(text: str, size: float, weight: int = 400) -> float:
    """Width in points of one line at ``size`` points; weights 400, 600 and 700."""
    table = _advances(weight)
    return sum(table.get(char, _UNKNOWN) for char in text) * size / 1000


def _pieces(text: str) -> list[tuple[str, str]]:
    """Unbreakable pieces, each with the space that precedes it on a line."""
    pieces: list[tuple[str, str]] = []
    at, space = 0, ""
    for match in _BREAK.finditer(text):
        pieces.append((space, text[at : match.start()]))
        at, space = match.end(), " " if match.group() else ""
    pieces.append((space, text[at:]))
    return [(gap, piece) for gap, piece in pieces if piece]


def wrap(text: str, width: float, size: float, weight: int = 400) -> list[str]:
    """Lines of at most ``width`` points, broken at spaces and after dashes.

    A single piece wider than ``width`` makes a line of its own, too wide: check with
    :func:`fits`.
    """
    lines: list[str] = []
    current = ""
    for gap, piece in _pieces(text):
        longer = current + gap + piece if current else piece
        if current and text_width(longer, size, weight) > width:
            lines.append(current)
            current = piece
        else:
            current = longer
    return [*lines, current] if current else lines


def count_lines(runs: Sequence[tuple[str, int]], width: float, size: float) -> int:
    """Lines that pieces of text of several weights take in ``width`` points.

    ``runs``: (text, weight). Never less than what the typesetter will make of it.
    """
    plain = "".join(text for text, _ in runs)
    if not plain.strip():
        return 0
    advances: list[int] = []
    for text, weight in runs:
        advance = _advances(weight).get
        advances += [advance(char, _UNKNOWN) for char in text]
    ends = [0, *accumulate(advances)]  # ends[i]: width of the first i characters
    room = width * 1000 / (size * _SAFETY)
    lines, start, fitting = 1, 0, 0
    stops = [(m.start(), m.end()) for m in _BREAK.finditer(plain)]
    stops.append((len(plain), len(plain)))
    for stop, following in stops:
        if ends[stop] - ends[start] > room and fitting > start:
            lines += 1
            start = fitting
        fitting = following
    return lines


def fits(lines: list[str], width: float, size: float, weight: int = 400) -> bool:
    """True when every line holds in ``width`` points."""
    return all(text_width(line, size, weight) <= width for line in lines)


def shorten(text: str, width: float, size: float, weight: int = 400) -> str:
    """``text``, or its beginning and « … » when it is wider than ``width`` points."""
    if text_width(text, size, weight) <= width:
        return text
    kept = text
    while kept and text_width(kept.rstrip(" -–,") + "…", size, weight) > width:
        kept = kept[:-1]
    return kept.rstrip(" -–,") + "…" if kept else ""


def abbreviate(word: str, width: float, size: float, weight: int = 400) -> str:
    """``word``, or its first letters (three at least) and a full stop to hold in ``width``."""
    if text_width(word, size, weight) <= width or len(word) < 4:
        return word
    for length in range(len(word) - 2, 3, -1):
        text = word[:length].rstrip("-’'") + "."
        if text_width(text, size, weight) <= width:
            return text
    return word[:3] + "."
