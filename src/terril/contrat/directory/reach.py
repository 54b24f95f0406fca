"""Whom does an offer reach: a neighbourhood, a whole commune, the agglomeration?

An offer that names neighbourhoods is theirs. One that names communes alone is for all who live
there, neighbourhoods included. One that names no place is for the whole agglomeration.
"""

from __future__ import annotations

from enum import IntEnum

from terril.contrat.directory.sheets import Offer, Place


class Reach(IntEnum):
    """How closely an offer is meant for a neighbourhood; the greater the closer."""

    NONE = 0
    EVERYWHERE = 1
    COMMUNE = 2
    QUARTIER = 3


def reach(offer: Offer, quartier: Place) -> Reach:
    """Return how an offer reaches a neighbourhood."""
    if offer.quartiers:
        return Reach.QUARTIER if quartier.number in offer.quartiers else Reach.NONE
    if offer.communes:
        return Reach.COMMUNE if set(offer.communes) & set(quartier.communes) else Reach.NONE
    return Reach.EVERYWHERE


def in_commune(offer: Offer, commune: int, quartiers: tuple[Place, ...]) -> bool:
    """Is an offer for people of a commune: named, by one of its neighbourhoods, or everywhere?"""
    if not offer.quartiers and not offer.communes:
        return True
    if commune in offer.communes:
        return True
    return any(commune in place.communes for place in quartiers if place.number in offer.quartiers)
