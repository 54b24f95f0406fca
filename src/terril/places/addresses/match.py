"""Which street of the base does a line of address name?

Every reading of the line is tried in every commune it may be in. The best street is kept if it
is alike enough; streets that are almost as alike are kept with it, for a choice between them
would be a guess.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from terril.places.addresses.base import Base, Street
from terril.places.addresses.localities import Locality, Spot, alike, locate
from terril.places.addresses.parse import Address, House, Reading
from terril.places.addresses.reasons import Reason
from terril.places.addresses.rules import Rules
from terril.places.addresses.similar import street_likeness
from terril.places.addresses.words import Name

EXACT: Final = 0.99  # from here the name is the same, articles apart
_SAME: Final = 0.005
_RANK: Final = 1e-4  # a later reading gives way to an earlier one that is as good
_OTHER_PART: Final = 0.5  # of the price of another commune: another old commune, another postcode


@dataclass(frozen=True, slots=True)
class Match:
    """The streets a line may name, all almost as alike; none when ``reason`` says why.

    ``houses``: as the best reading gives them. ``communes``: where it was looked for, when the
    commune is sure.
    """

    streets: tuple[Street, ...] = ()
    houses: tuple[House, ...] = ()
    score: float = 0.0
    reason: Reason | None = None
    communes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    rank: int
    street: Street


class Matcher:
    """Finds the streets of a base that addresses name.

    ``default``: communes (codes) to look in when a line names none.
    """

    def __init__(self, base: Base, rules: Rules, default: tuple[str, ...] = ()) -> None:
        self.base = base
        self.rules = rules
        self._default = default
        self._localities: dict[tuple[str, str, str, bool], Locality] = {}
        self._is_place: dict[tuple[str, str], bool] = {}
        self._alike: dict[tuple[str, Name], list[tuple[float, Street]]] = {}

    def is_place(self, key: str, postcode: str) -> bool:
        """Is this the levelled name of a commune? A slip is forgiven when its postcode is known."""
        if key in self.base.places:
            return True
        known = (key, postcode)
        if known not in self._is_place:
            around = self.base.postcodes.get(postcode, ())
            self._is_place[known] = bool(alike(key, self.base, set(around), words=False))
        return self._is_place[known]

    def match(self, address: Address) -> Match:
        """Return the streets that an address names."""
        if address.empty:
            return Match(reason=Reason.EMPTY)
        found: list[_Candidate] = []
        searched: set[str] = set()
        sure = True
        why: Reason | None = None
        for rank, reading in enumerate(address.readings or (None,)):
            place = reading.place if reading is not None else ""
            locality = self._locality(address, place)
            if not locality.spots:
                why = why or locality.reason
                continue
            sure = sure and locality.sure
            searched.update(spot.commune for spot in locality.spots)
            if reading is None:
                continue
            found += self._candidates(rank, reading, locality, address.postcode)
            if any(c.rank == rank and c.score >= EXACT for c in found):
                break
        communes = tuple(sorted(searched)) if sure else ()
        if not searched:
            box = address.box and why is Reason.NO_COMMUNE
            return Match(reason=Reason.BOX if box else why or Reason.NO_COMMUNE)
        if not found:
            reason = Reason.NOT_FOUND if address.readings else Reason.NO_STREET
            return Match(reason=Reason.BOX if address.box else reason, communes=communes)
        return _choose(found, address, self.rules, communes)

    def _candidates(
        self, rank: int, reading: Reading, locality: Locality, postcode: str
    ) -> list[_Candidate]:
        rules = self.rules
        found: list[_Candidate] = []
        for spot in locality.spots:
            for likeness, street in self._likenesses(spot.commune, reading.street):
                score = likeness - spot.cost - _part(spot, street, postcode, self.base, rules)
                if score >= rules.possible - rules.gap:
                    found.append(_Candidate(score - rank * _RANK, rank, street))
        return found

    def _likenesses(self, commune: str, said: Name) -> list[tuple[float, Street]]:
        """Return the streets of a commune that may be the one, with how alike they are."""
        key = (commune, said)
        if key not in self._alike:
            base, rules = self.base, self.rules
            weight = base.streets(commune).weight
            self._alike[key] = [
                (
                    max(
                        street_likeness(said, name, weight, rules.other_type, rules.no_type)
                        for name in street.names
                    ),
                    street,
                )
                for street in base.streets(commune).like(said)
            ]
        return self._alike[key]

    def _locality(self, address: Address, place: str) -> Locality:
        key = (place or address.place, address.postcode, address.insee, address.cedex)
        if key not in self._localities:
            there = dataclasses.replace(address, place=place) if place else address
            self._localities[key] = locate(there, self.base, self.rules.other_place, self._default)
        return self._localities[key]


def _part(spot: Spot, street: Street, postcode: str, base: Base, rules: Rules) -> float:
    """Return what it costs that a street is in another part of the commune."""
    price = _OTHER_PART * rules.other_place
    cost = price if spot.former and street.former and street.former != spot.former else 0.0
    held = postcode and spot.commune in base.postcodes.get(postcode, ())
    if held and street.postcodes and postcode not in street.postcodes:
        cost += price
    return cost


def _choose(
    found: list[_Candidate], address: Address, rules: Rules, communes: tuple[str, ...]
) -> Match:
    best = max(found, key=lambda c: (c.score, -c.rank, -c.street.id))
    houses = address.readings[best.rank].houses
    if best.score < rules.possible:
        return Match(reason=Reason.NOT_FOUND, score=best.score, communes=communes)
    if best.score < rules.sure:
        return Match((), houses, best.score, Reason.DOUBTFUL, communes)
    margin = _SAME if best.score >= EXACT else rules.gap
    streets: dict[int, Street] = {}
    for candidate in sorted(found, key=lambda c: (-c.score, c.street.id)):
        if candidate.score < best.score - margin:
            break
        if address.readings[candidate.rank].houses == houses:
            streets.setdefault(candidate.street.id, candidate.street)
        else:  # the same words may be read with another number
            return Match((), houses, best.score, Reason.AMBIGUOUS, communes)
    return Match(tuple(streets.values()), houses, best.score, None, communes)
