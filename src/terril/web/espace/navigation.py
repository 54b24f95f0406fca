"""Which rooms has the workspace, in the order of its menu?

Each room of the site that has screens there declares its entry when it is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Entry:
    """One entry of the menu: ``address`` is the name of an address with the contract’s code."""

    order: int
    label: str
    address: str
    sections: tuple[str, ...] = ()  # the other addresses that stand under it


_ENTRIES: dict[str, Entry] = {}


def entry(order: int, label: str, address: str, *sections: str) -> None:
    """Add an entry to the menu of the workspace; the same address twice is one entry."""
    _ENTRIES[address] = Entry(order, label, address, sections)


def entries() -> list[Entry]:
    """Return the entries, in order."""
    return sorted(_ENTRIES.values())
