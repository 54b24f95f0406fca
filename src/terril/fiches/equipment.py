"""Which equipment stands in the neighbourhood and around it?

One row a family of the local offer, counted inside and in the buffer. Without an inventory
there is no row: the text of the block says so. A count that could not be read is not zero: a
note tells that it is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from terril.catalogue.load import Catalogue
from terril.fiches.model import EquipmentRow
from terril.fiches.notes import Numbering, Remark

#: card of the source of the inventory
SOURCE: Final = "inventaire_equipements"
SEPARATOR: Final = "\u202f; "


class _Count(NamedTuple):
    """Counts of a family: null when no count could be read."""

    inside: int | None
    around: int | None
    unreadable: bool
    buffer_m: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What the block of equipment shows of a neighbourhood."""

    rows: tuple[EquipmentRow, ...]
    buffer_m: int | None
    source: str


class Inventory:
    """The counts by family of all the neighbourhoods.

    ``families`` has the columns territory, family, inside, around, unreadable, buffer_m
    (``terril.benchmarks.offer``). ``sources``: what is printed under them, licences included; by
    default that of an inventory.
    """

    def __init__(
        self, catalogue: Catalogue, families: pl.DataFrame, sources: Sequence[str] = ()
    ) -> None:
        cards = [(code, card) for code, card in catalogue.families.items() if card.role != "aucun"]
        self._cards = sorted(cards, key=lambda item: item[1].order)
        card = catalogue.sources.get(SOURCE)
        told = sources or ((card.short,) if card else ())
        self._source = f"{SEPARATOR.join(told)}." if told else ""
        self._counts: dict[str, dict[str, _Count]] = {}
        for territory, family, *rest in families.select(
            "territory", "family", "inside", "around", "unreadable", "buffer_m"
        ).iter_rows():
            self._counts.setdefault(territory, {})[family] = _Count(*rest)

    def of(self, qpv: str, numbering: Numbering) -> Counted:
        """Return the rows of a neighbourhood; none, and no source, without an inventory."""
        found = self._counts.get(qpv)
        if not found:
            return Counted((), None, "")
        rows: list[EquipmentRow] = []
        for family, card in self._cards:
            count = found.get(family)
            if count is None:  # the inventory knows none
                rows.append(EquipmentRow(card.label, 0, 0))
                continue
            remark = (
                Remark(
                    f"{card.label}\u00a0: un nombre illisible ou absent des sources n’est pas "
                    "compté."
                )
                if count.unreadable
                else None
            )
            marks = numbering.marks([remark])
            rows.append(EquipmentRow(card.label, count.inside, count.around, marks))
        buffers = [count.buffer_m for count in found.values() if count.buffer_m is not None]
        return Counted(tuple(rows), max(buffers, default=None), self._source)
