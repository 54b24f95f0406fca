"""Which cards hold in the workspace: those of the package, and those of the site’s own folder?

``TERRIL_CARTES`` names a folder with the layout of the catalogue: a contract may add registers,
lists and states, or replace those of the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from django.conf import settings

from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.catalogue.registers import Register

#: list whose items are the groups of the menu, in order
GROUPS = "groupes"


@lru_cache(maxsize=1)
def cards() -> Catalogue:
    """Return the catalogue; raises ``ProblemsError`` when a card of the site’s own is wrong."""
    folder = settings.CARDS
    return load_catalogue((folder,) if folder is not None else ())


@lru_cache(maxsize=64)
def cards_with(levels: tuple[str, ...]) -> Catalogue:
    """Return the catalogue of a contract that names the levels of its tree, in order.

    The words of the cards are still understood in a file.
    """
    found = dict(cards().lists)
    for code, held in cards().lists.items():
        if held.levels and levels:
            named = dict(zip(held.items, levels, strict=False))
            found[code] = held.model_copy(
                update={
                    "items": {**held.items, **named},
                    "also": {**held.also, **{held.items[one]: one for one in named}},
                }
            )
    return replace(cards(), lists=MappingProxyType(found))


@lru_cache(maxsize=1)
def indicator_labels() -> Mapping[str, str]:
    """Return the label of each indicator of the observatory."""
    return {code: card.label for code, card in cards().indicators.items()}


@lru_cache(maxsize=1)
def grouped() -> tuple[tuple[str, tuple[tuple[str, Register], ...]], ...]:
    """Return the registers under the label of their group, as the menu shows them."""
    held: dict[str, list[tuple[str, Register]]] = {code: [] for code in cards().lists[GROUPS].items}
    for code, card in cards().registers.items():
        held[card.group].append((code, card))
    return tuple(
        (cards().lists[GROUPS].items[group], tuple(sorted(found, key=lambda one: one[1].order)))
        for group, found in held.items()
        if found
    )
