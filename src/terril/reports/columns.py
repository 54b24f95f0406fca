"""How wide is each column of a theme's table, and how does a commune's name hold in it?

The table is 116 mm wide. One commune: its column and the strip of the QPV. Two or three:
one column each, no strip. Four and more: one column for their extent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from terril.figures.metrics import text_width, wrap
from terril.figures.svg import MM

TABLE: Final = 116.0
_HEAD: Final = (7.0, 600)
_OVERHANG: Final = 1.1  # mm a head may reach into the free space at its left, gap kept
_GAP: Final = 1.2
#: usual short forms in the names of communes, for a head that would not hold
_SHORT: Final = {
    "Saint": "St",
    "Sainte": "Ste",
    "Saints": "Sts",
    "Saintes": "Stes",
    "sous": "ss",
    "sur": "s",
}
_NOTE: Final = (7.2, 1.2)  # size in points, space after it in millimetres
_ROW_SIZE: Final = 8.2


def page_two_columns(communes: int, with_strip: bool) -> list[float]:
    """Widths in millimetres: label, period, quartier, communes…, agglo., mean, strip, rank."""
    if with_strip:
        return (
            [41.5, 10.5, 11, 10.5, 10, 10.5, 14, 8] if communes else [52, 10.5, 11, 10, 10.5, 14, 8]
        )
    label, period, own, epci, mean, rank = 38.2, 10.0, 10.5, 10.0, 10.0, 8.2
    if communes <= 2:
        label, period, own = 39.6, 10.0, 10.8
    left = TABLE - label - period - own - epci - mean - rank
    return [label, period, own, *([round(left / communes, 2)] * communes), epci, mean, rank]


def spanning_note(note: str, value: str, width_mm: float) -> str:
    """« moyenne des deux », or its first word, or nothing: what holds beside the value."""
    size, gap = _NOTE
    room = (width_mm - gap) * MM - text_width(value, _ROW_SIZE)
    for text in (note, note.split(" ")[0]):
        if text_width(text, size) <= room:
            return text.replace(" ", "\u00a0")
    return ""


def _abbreviated(word: str, width: float) -> str:
    """The beginning of a word and a full stop, its hyphen kept, to hold in ``width`` points."""
    if text_width(word, *_HEAD) <= width:
        return word
    hyphen = "-" if word.endswith("-") else ""
    for length in range(len(word) - 1, 2, -1):
        text = word[:length].rstrip("-") + "." + hyphen
        if text_width(text, *_HEAD) <= width:
            return text
    return word[:3] + "." + hyphen


def _put_together(words: Sequence[str]) -> str:
    return "".join(word if word.endswith("-") else f"{word} " for word in words).strip()


def commune_head(name: str, width_mm: float) -> list[str]:
    """The name on at most two lines in a column of that width, abbreviated if it must."""
    room = (width_mm - _GAP + _OVERHANG) * MM
    words = name.replace("-", "- ").split()
    usual = [
        _SHORT.get(w.rstrip("-"), w.rstrip("-")) + ("-" if w[-1] == "-" else "") for w in words
    ]
    cut = [_abbreviated(word, room) for word in usual]
    for text in (name, _put_together(usual), _put_together(cut)):
        lines = wrap(text, room, *_HEAD)
        if len(lines) <= 2 and all(text_width(line, *_HEAD) <= room for line in lines):
            return lines
    return [lines[0], _abbreviated(lines[1].rstrip("-.") + "-" + lines[2], room).rstrip("-")]


def commune_heads(names: Sequence[str], columns: Sequence[float]) -> list[list[str]]:
    """The heads of the commune columns, each as its lines; ``columns`` from above."""
    return [commune_head(name, columns[3 + i]) for i, name in enumerate(names)]
