"""How does the catalogue travel inside an edition?

An edition is read years later, with a newer catalogue beside it: its own cards go with it,
as JSON, so that labels, units and formulas are those of the day it was sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from terril.catalogue.cards import KINDS, Catalogue


def card_rows(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return (kind, code, JSON) of every card, in the order of the catalogue."""
    return [
        (kind.field, code, kind.adapter().dump_json(card).decode())
        for kind in KINDS
        for code, card in getattr(catalogue, kind.field).items()
    ]


def catalogue_of(rows: Iterable[tuple[str, ...]]) -> Catalogue:
    """Return the catalogue whose cards :func:`card_rows` wrote, in the same order."""
    adapters = {kind.field: kind.adapter() for kind in KINDS}
    held: dict[str, dict[str, Any]] = {field: {} for field in adapters}
    for kind, code, text in rows:
        held[kind][code] = adapters[kind].validate_json(text)
    return Catalogue(**{field: MappingProxyType(cards) for field, cards in held.items()})
