"""Which words of closed lists does this column know, and which code has this word?

Choices, states and indicators all are codes with a label. A person writes either.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column, ColumnKind
from terril.lib.french import NBSP
from terril.registres.folding import fold, tight

#: words cited by a message before « … »
_CITED: Final = 12
#: what parts several values in one cell
BETWEEN: Final = (";", "\n")


@dataclass(frozen=True, slots=True)
class Wordings:
    """The words of one list, found from their labels and from their codes."""

    labels: Mapping[str, str]  # code → label, in the order of the screens
    by_label: Mapping[str, str]
    by_code: Mapping[str, str]

    def code(self, text: str, *, code_first: bool = False) -> str | None:
        """The code of a label or of a code; exact writings win over approximate ones."""
        if code_first and text in self.labels:
            return text
        exact = self.by_label.get(text)
        if exact is not None:
            return exact
        if text in self.labels:
            return text
        for form in (fold(text), tight(text)):
            for known in (self.by_label, self.by_code):
                found = known.get(f"~{form}")
                if found is not None:
                    return found
        return None

    def written(self, code: str, *, alone: bool = True) -> str:
        """What a spreadsheet shows: the label, or the code when the label would be misread.

        ``alone``: the cell holds one value, so that a label may hold « ; ».
        """
        label = self.labels.get(code, code)
        plain = label == " ".join(label.split())
        plain = plain and (alone or not any(mark in label for mark in BETWEEN))
        return label if plain and self.code(label) == code else code

    def near(self, text: str) -> str | None:
        """The label most like a text, ``None`` when none is."""
        folded = {fold(label): label for label in self.labels.values()}
        close = difflib.get_close_matches(fold(text), folded, 1, 0.6)
        return folded[close[0]] if close else None

    def cited(self) -> str:
        """The labels for a message, with its stop: « a », « b », « c »…"""
        shown = [f"«{NBSP}{label}{NBSP}»" for label in list(self.labels.values())[:_CITED]]
        return ", ".join(shown) + ("…" if len(self.labels) > _CITED else ".")


@lru_cache(maxsize=512)
def _made(items: tuple[tuple[str, str], ...], also: tuple[tuple[str, str], ...]) -> Wordings:
    by_label: dict[str, str] = {}
    by_code: dict[str, str] = {}
    for code, label in items:
        by_label.setdefault(label, code)
    for form in (fold, tight):
        for code, label in items:
            if form(label):
                by_label.setdefault(f"~{form(label)}", code)
            if form(code):
                by_code.setdefault(f"~{form(code)}", code)
    for label, code in also:
        by_label.setdefault(label, code)
        for form in (fold, tight):
            by_label.setdefault(f"~{form(label)}", code)
    return Wordings(dict(items), by_label, by_code)


def wordings(column: Column, catalogue: Catalogue, indicators: Mapping[str, str]) -> Wordings:
    """The words of a column of choices, of state or of indicators; none for other kinds."""
    return _made(_items(column, catalogue, indicators), _also(column, catalogue))


def _also(column: Column, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    listed = catalogue.lists.get(column.choices or "")
    return tuple(listed.also.items()) if listed else ()


def _items(
    column: Column, catalogue: Catalogue, indicators: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    if column.kind in (ColumnKind.CHOICE, ColumnKind.CHOICES):
        listed = catalogue.lists.get(column.choices or "")
        return tuple(listed.items.items()) if listed else ()
    if column.kind is ColumnKind.STATE:
        workflow = catalogue.workflows.get(column.workflow or "")
        states = workflow.states.items() if workflow else ()
        return tuple((code, state.label) for code, state in states)
    if column.kind is ColumnKind.INDICATORS:
        return tuple(indicators.items())
    return ()
