"""How are the things that two editions compare named to people?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import polars as pl

from terril.editions.content import THEME_PREFIX
from terril.editions.open import Edition
from terril.editions.trace_words import STATUS_WORDS
from terril.fiches.model import SIGNAL_WORDS
from terril.lib.french import avec_unite, nombre
from terril.observations.schema import Status
from terril.territories.kinds import KINDS

#: in the place of a value that the other edition holds secret
UNSHOWN: Final = "publié (non montré)"
#: in the place of a value when the edition does not hold the figure
NOTHING: Final = "–"


class Names:
    """The names that the two editions give, the newest first."""

    def __init__(self, before: Edition, after: Edition) -> None:
        self.before = before
        self.after = after

    @cached_property
    def _territories(self) -> dict[tuple[str, str], str]:
        names: dict[tuple[str, str], str] = {}
        for edition in (self.before, self.after):
            rows = edition.territories.select("kind", "code", "label").iter_rows()
            names |= {(kind, code): label or code for kind, code, label in rows}
        return names

    def territory(self, kind: str, code: str) -> str:
        """Return the name of a territory, its kind when it has none."""
        return self._territories.get((kind, code)) or kind_word(kind)

    def indicator(self, code: str) -> str:
        """Return the label of an indicator."""
        for edition in (self.after, self.before):
            card = edition.catalogue.indicators.get(code)
            if card is not None:
                return str(card.label)
        return code

    def theme(self, code: str) -> str:
        """Return the label of a theme."""
        for edition in (self.after, self.before):
            card = edition.catalogue.themes.get(code)
            if card is not None:
                return str(card.label)
        return code

    def side(self, side: str) -> Edition:
        """Return the edition of a side: before | after."""
        return self.before if side == "before" else self.after

    def by_theme(self, values: pl.DataFrame) -> str:
        """Return « Revenus 12, Emploi 3 »: how many figures changed in each theme."""
        counts = values.group_by(pl.col("indicator").str.split(".").list.first()).len()
        said = [
            f"{self.theme(theme)} {nombre(count)}"
            for theme, count in counts.sort(-pl.col("len").cast(pl.Int64), "indicator").iter_rows()
        ]
        return "par thème\u00a0: " + ", ".join(said) if len(said) > 1 else ""


def kind_word(kind: str) -> str:
    """Return the kind of a territory in French."""
    return KINDS[kind].label if kind in KINDS else kind


def slot_name(names: Names, fiche: str) -> str:
    """Return the name of a sheet: the code of its QPV, or its theme."""
    if fiche.startswith(THEME_PREFIX):
        return f"thème {names.theme(fiche.removeprefix(THEME_PREFIX)).lower()}"
    return fiche


def figure_pair(names: Names, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return a figure before and after, as people read it; never a hidden value."""
    first, second = (_figure(names, row, side) for side in ("before", "after"))
    return first, second


def _figure(names: Names, row: Mapping[str, Any], side: str) -> str:
    status = row[f"status_{side}"]
    if status is None:
        return NOTHING
    if status != Status.OK:
        return STATUS_WORDS.get(status, str(status))
    if row["hidden"] or row[side] is None:
        return UNSHOWN
    return avec_unite(row[side], row["decimals"], unit_of(names.side(side), row["indicator"]))


def unit_of(edition: Edition, indicator: str) -> str:
    """Return the symbol of the unit of an indicator in an edition."""
    card = edition.catalogue.indicators.get(indicator)
    unit = edition.catalogue.units.get(card.unit) if card is not None else None
    return unit.symbol if unit is not None else ""


def signal_cells(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return a pictogram before, how sure it was, the pictogram after, how sure it is."""
    before, sure = _signal(row, "before")
    after, surer = _signal(row, "after")
    return before, sure, after, surer


def _signal(row: Mapping[str, Any], side: str) -> tuple[str, str]:
    signal, sureness = row[side], row[f"sureness_{side}"]
    if signal is None:
        return NOTHING, NOTHING
    sure = avec_unite(100 * sureness, 0, "%") if sureness is not None else NOTHING
    return SIGNAL_WORDS.get(signal, str(signal)), sure


def excerpts(before: str, after: str, width: int) -> tuple[str, str]:
    """Return two texts cut to ``width`` characters around where they begin to differ."""
    start = 0
    if len(before) > width or len(after) > width:
        pairs = zip(before, after, strict=False)
        same = next((n for n, (x, y) in enumerate(pairs) if x != y), min(len(before), len(after)))
        start = max(0, same - width // 4)
        while 0 < start < same and before[start - 1] != " ":
            start += 1
    first, second = (_cut(text, start, width) for text in (before, after))
    return first, second


def _cut(text: str, start: int, width: int) -> str:
    if len(text) <= width:
        return text
    part = text[start : start + width]
    head = "…" if start else ""
    tail = "…" if start + width < len(text) else ""
    return f"{head}{part.strip()}{tail}"
