"""When are two words the same to a French reader, and which comes first?

Case, accents, ligatures, kinds of spaces and of apostrophes are set aside. Sorting puts
« Écoles » beside « École » and « Cité 9 » before « Cité 10 ».
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f]")
_OTHER: Final = re.compile(r"[\W_]+")
_DIGITS: Final = re.compile(r"(\d+)")
#: texts beyond this length are kept in a smaller memory
_LONG: Final = 300


def fold(text: str) -> str:
    """« Élus  de l’Œuvre » → « elus de l'oeuvre »; spaces at the ends are removed."""
    return _fold_short(text) if len(text) <= _LONG else _fold_long(text)


def _fold(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = _MARKS.sub("", text)
        text = text.replace("’", "'").replace("œ", "oe").replace("Œ", "OE")
        text = text.replace("æ", "ae").replace("Æ", "AE")
    return " ".join(text.casefold().split())


_fold_short = lru_cache(maxsize=65536)(_fold)
_fold_long = lru_cache(maxsize=2048)(_fold)


def tight(text: str) -> str:
    """The folded text without spaces and punctuation: « sainsengohelle »."""
    return _OTHER.sub("", fold(text))


#: what is compared when texts are sorted: pieces of text and numbers, each with its rank
Collation = tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=32768)
def collation(text: str) -> Collation:
    """The key that sorts texts as a French index does, numbers by their value."""
    pieces = [
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
        for piece in _DIGITS.split(fold(text)[:_LONG])
        if piece
    ]
    return (*pieces, (2, 0, text[:_LONG])) if pieces else ()
