"""What a demanding reader checks on any French text of a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable

from terril.fiches.model import Statement
from terril.lib.french import nombre
from terril.lib.prose import typographie

_NUMBER = re.compile(r"(?<![\w,])\d[\d\u202f]*(?:,\d+)?(?![\d,]*\d)")
#: agreements and elisions that nobody must read
_WRONG = re.compile(
    r"\b(?:que|de|le|la|ne) (?:[aâéèêiouAÂÉÈÊIOU]|à)[a-zA-Zà-ÿ]"
    r"|\bde les?\b|\bà les?\b|\bsi ils?\b| {2}|,,|\.\.|\*|'|None|nan\b"
)
_ALLOWED = re.compile(r"\b(?:le|de|que) (?:onze|onzième|oui)\b")


def faults_of_form(text: str) -> list[str]:
    """Typography, elisions, capitals and stops; [] when the text may be printed."""
    found = []
    if text != typographie(text):
        found.append(f"typographie : {text}")
    wrong = _WRONG.search(_ALLOWED.sub("", text))
    if wrong:
        found.append(f"« {wrong.group(0)} » : {text}")
    for sentence in re.split(r"(?<=[.!?]) (?=\S)", text):
        if not sentence.endswith((".", "!", "?")):
            found.append(f"sans point : {sentence}")
        if not (sentence[0].isupper() or sentence[0].isdigit() or sentence[0] == "«"):
            found.append(f"sans majuscule : {sentence}")
        if sentence.count("\u00a0:") > 1:
            found.append(f"deux fois deux-points : {sentence}")
    return found


def numbers(text: str) -> set[str]:
    """The numbers written in figures, as written."""
    return {match.group(0).rstrip("\u202f") for match in _NUMBER.finditer(text)}


def numbers_claimed(statements: Iterable[Statement]) -> set[str]:
    """All the ways to write the figures that statements rest on."""
    found: set[str] = set()
    for statement in statements:
        if statement.rank is not None:
            found.add(str(statement.rank))
        for value in statement.values.values():
            if isinstance(value, int | float):
                found.update(nombre(abs(value), decimals) for decimals in range(3))
        found.update(re.findall(r"\d{4}", statement.period))
        found.update(re.findall(r"\d{4}", str(statement.values.get("periode_reference", ""))))
    return found
