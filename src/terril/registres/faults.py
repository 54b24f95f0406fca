"""What is wrong with one value, in words that the person who typed it understands?"""

from __future__ import annotations

from typing import Final

from terril.lib.french import NBSP

#: longest extract of a value that a message quotes
_QUOTED: Final = 60


class Fault(ValueError):
    """What was found, what was expected, what to do. Three French sentences or pieces."""

    def __init__(self, what: str, expected: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.remedy = remedy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        return f"Fault{self._parts()!r}"

    def __str__(self) -> str:
        text = self.what
        if self.expected:
            text += f" Attendu{NBSP}: {self.expected}"
        return f"{text} {self.remedy}".rstrip()

    def _parts(self) -> tuple[str, str, str]:
        return self.what, self.expected, self.remedy


def quoted(text: str) -> str:
    """« text » on one line, cut when it is long."""
    flat = " ".join(text.split())
    if len(flat) > _QUOTED:
        flat = flat[: _QUOTED - 1].rstrip() + "…"
    return f"«{NBSP}{flat}{NBSP}»"
