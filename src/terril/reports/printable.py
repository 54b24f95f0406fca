"""What happens to a character that no font of the documents can draw?

People paste pictures and other scripts into forms. The typesetter refuses a PDF/UA with a
character that it cannot draw, and names it. The sign is then left out when it is a picture, else
replaced by a question mark, and the document is made: nobody loses a booklet for a smiley.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from terril.reports.engine import Typesetter, TypesettingError

_REFUSED: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ATTEMPTS: Final = 6
#: kinds of characters that are pictures, or that only change how one is drawn
_PICTURES: Final = frozenset({"So", "Sk", "Cf", "Cn", "Co", "Mn", "Me"})


def typeset(
    setter: Typesetter,
    data: Mapping[str, Any],
    *,
    date: str,
    pages: int | None = None,
    name: str = "",
) -> bytes:
    """Typeset texts that people typed; raises ``TypesettingError`` for any other failure.

    ``pages``: the number of pages the document must have.
    """
    for _ in range(_ATTEMPTS):
        try:
            return setter.pdf(data, date=date, pages=pages, name=name)
        except TypesettingError as error:
            refused = frozenset("".join(_REFUSED.findall(str(error))))
            if not refused:
                raise
            data = drawn(data, refused)
    return setter.pdf(data, date=date, pages=pages, name=name)


def drawn(value: Any, refused: frozenset[str]) -> Any:
    """Return data without some characters, in every text that it holds."""
    if isinstance(value, str):
        return "".join(_instead(c) if c in refused else c for c in value)
    if isinstance(value, Mapping):
        return {key: drawn(held, refused) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [drawn(held, refused) for held in value]
    return value


def _instead(character: str) -> str:
    return "" if unicodedata.category(character) in _PICTURES else "?"
