"""Which equipment does each neighbourhood have, inside and around?

Counts are those of the inventory: an unreadable count is said to be so, a type that the
inventory of a neighbourhood does not name is not a zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from terril.benchmarks.schema import Signal
from terril.fiches.assemble import OFFER_SIGNALS
from terril.fiches.offers import CLASS_WORDS
from terril.reports.lookup import Lookup, Place, alphabetical

UNREADABLE = "inconnu"
NOT_NAMED = "·"
AT_LEAST = "+"


@dataclass(frozen=True, slots=True)
class Count:
    """Places of one type in one neighbourhood; ``named`` is false when nothing is said."""

    inside: int | None
    around: int | None
    named: bool = True
    more_inside: bool = False  # some counts of the family cannot be read: at least this many
    more_around: bool = False

    def text(self, which: str) -> str | int:
        """The count, or the word that stands in its place."""
        if not self.named:
            return NOT_NAMED
        value = self.inside if which == "inside" else self.around
        more = self.more_inside if which == "inside" else self.more_around
        if value is None:
            return UNREADABLE
        return f"{value}{AT_LEAST}" if more else value


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type of equipment over all the neighbourhoods."""

    label: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """The types of one category."""

    label: str
    rows: tuple[TypeRow, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """The whole inventory: neighbourhoods in columns, types in rows."""

    places: tuple[Place, ...]
    buffers: tuple[int | None, ...]  # metres, by neighbourhood
    categories: tuple[Category, ...]
    without: tuple[Place, ...]  # neighbourhoods that the inventory does not cover

    @property
    def unreadable(self) -> int:
        """How many counts cannot be read in the source."""
        return sum(
            (count.inside is None) + (count.around is None)
            for category in self.categories
            for row in category.rows
            for count in row.counts
            if count.named
        )


def inventory(lookup: Lookup) -> Inventory:
    """The equipment of the neighbourhoods of the contract, types in alphabetical order.

    Two lines of one type in one neighbourhood are told apart by their category only: the
    reader of the file refuses true duplicates.
    """
    codes = [place.code for place in lookup.qpv]
    frame = lookup.source.equipment.filter(pl.col("territory").is_in(codes))
    covered = set(frame["territory"].to_list())
    places = tuple(place for place in lookup.qpv if place.code in covered)
    held: dict[tuple[str, str], dict[str, Count]] = {}
    buffers: dict[str, int] = {}
    rows = frame.select("territory", "buffer_m", "category", "type", "inside", "around").iter_rows()
    for code, buffer_m, category, kind, inside, around in rows:
        held.setdefault((category, kind), {})[code] = Count(inside, around)
        if buffer_m is not None:
            buffers[code] = buffer_m
    nothing = Count(None, None, named=False)
    categories: dict[str, list[TypeRow]] = {}
    for category, kind in sorted(
        held, key=lambda key: (alphabetical(key[0]), alphabetical(key[1]))
    ):
        counts = held[category, kind]
        row = TypeRow(kind, tuple(counts.get(place.code, nothing) for place in places))
        categories.setdefault(category, []).append(row)
    return Inventory(
        places,
        tuple(buffers.get(place.code) for place in places),
        tuple(Category(label, tuple(rows)) for label, rows in categories.items()),
        tuple(place for place in lookup.qpv if place.code not in covered),
    )


@dataclass(frozen=True, slots=True)
class OfferRow:
    """The local offer of a neighbourhood: its class, and the families of its sheet."""

    place: Place
    offer: str  # an Offer value, "" when nothing is known
    word: str
    signal: str
    depends: bool  # on a count that cannot be read
    why: str
    families: tuple[Count, ...]


def offer_rows(lookup: Lookup) -> tuple[tuple[str, ...], tuple[OfferRow, ...]]:
    """The labels of the families, and one row a neighbourhood that the inventory covers."""
    cards = lookup.catalogue.families
    held: dict[str, dict[str, Count]] = {}
    columns = ("territory", "family", "inside", "around", "inside_unreadable", "around_unreadable")
    for code, family, inside, around, lost_in, lost_out in lookup.source.families.select(
        columns
    ).iter_rows():
        held.setdefault(code, {})[family] = Count(
            inside, around, more_inside=bool(lost_in), more_around=bool(lost_out)
        )
    used = {family for counts in held.values() for family in counts}
    order = sorted(used, key=lambda code: cards[code].order if code in cards else 0)
    labels = tuple(cards[code].label if code in cards else code for code in order)
    nothing = Count(None, None, named=False)
    rows = []
    for place in lookup.qpv:
        offer = lookup.offers.get(place.code)
        if offer is None:
            continue
        code = str(offer["offer"])
        rows.append(
            OfferRow(
                place,
                code,
                CLASS_WORDS.get(code, code),
                OFFER_SIGNALS.get(code, Signal.INDETERMINE),
                bool(offer.get("depends")),
                str(offer.get("why") or ""),
                tuple(held.get(place.code, {}).get(family, nothing) for family in order),
            )
        )
    return labels, tuple(rows)
