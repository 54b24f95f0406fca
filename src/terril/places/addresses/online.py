"""What do the replies of the geocoding service tell, and can they be trusted?

The service always gives its best guess. It is taken only if the number is the one asked for, the
street and the commune are those of the address, and its own score is not low.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from terril.places.addresses.edits import distance
from terril.places.addresses.parse import Address, House, Reading
from terril.places.addresses.placing import OUT, Answer, Coverage, together, unknown
from terril.places.addresses.reasons import Reason, State
from terril.places.addresses.rules import Rules
from terril.places.addresses.service import Reply
from terril.places.addresses.similar import street_likeness
from terril.places.addresses.words import level, name_of, place_key
from terril.territories.geometry import Layer, reproject
from terril.territories.geometry_edges import EDGE, OUTSIDE, Edges

_SLIPS: Final = 2  # letters by which two writings of a commune may differ
#: what may open somebody's name in the middle of an address
_CIVILITIES: Final = frozenset(
    {"m", "mme", "mlle", "melle", "mr", "monsieur", "madame", "mademoiselle"}
)
_TWINS: Final = {"b": "bis", "t": "ter", "q": "quater"}


def question(address: Address, house: House | None, reading: Reading) -> str:
    """Return the text that is sent for a house: « 12 bis rue des lilas 62000 arras »."""
    number = f"{house.number} {house.suffix}".strip() if house else ""
    place = reading.place or address.place
    return " ".join(p for p in (number, reading.street.full, address.postcode, place) if p)


def questions(address: Address) -> tuple[str, ...]:
    """Return the texts to send for an address: one a house; none when it is not safe to send.

    Only a reading with a type of street (« rue », « cité ») and a place to look in goes out, and
    without a civility after its first word: words around may be somebody's name.
    """
    reading = _first(address)
    if reading is None:
        return ()
    return tuple(question(address, house, reading) for house in reading.houses or (None,))


def _first(address: Address) -> Reading | None:
    for reading in address.readings:
        somebody = _CIVILITIES.intersection(reading.street.words[1:])
        placed = reading.place or address.place or address.postcode
        if reading.street.type and placed and not somebody:
            return reading
    return None


class OnlinePlacer:
    """Places addresses in the outlines of a layer, from the replies of the service."""

    def __init__(self, layer: Layer, rules: Rules, coverage: Coverage) -> None:
        self.layer = layer
        self.rules = rules
        self.coverage = coverage
        self._edges = Edges(layer)

    def answer(self, address: Address, replies: Mapping[str, Reply]) -> Answer:
        """Return the answer for a line."""
        if address.empty:
            return unknown(Reason.EMPTY)
        reading = _first(address)
        if reading is None:
            return unknown(self._why(address))
        answers = []
        for house in reading.houses or (None,):
            reply = replies.get(question(address, house, reading))
            answers.append(
                unknown(Reason.SERVICE)
                if reply is None
                else self._one(address, reading, house, reply)
            )
        return together(answers, Reason.NO_NUMBER)

    def _why(self, address: Address) -> Reason:
        if address.box:
            return Reason.BOX
        if not address.readings:
            return Reason.NO_STREET
        placed = address.place or address.postcode or any(r.place for r in address.readings)
        return Reason.DOUBTFUL if placed else Reason.NO_COMMUNE

    def _one(self, address: Address, reading: Reading, house: House | None, reply: Reply) -> Answer:
        if not reply.type or math.isnan(reply.lon) or math.isnan(reply.lat):
            return unknown(Reason.NOT_FOUND)
        if reply.type not in ("housenumber", "street"):
            return unknown(Reason.NOT_FOUND)
        if not self._same_place(address, reading, reply) or not self._same_street(reading, reply):
            return unknown(Reason.DOUBTFUL)
        if house is None:
            return unknown(Reason.NO_NUMBER)
        if reply.type == "street" or not _same_house(house, reply.house):
            return unknown(Reason.NUMBER)
        if not reply.score >= self.rules.service_score:
            return unknown(Reason.DOUBTFUL)
        return self._at(reply)

    def _same_street(self, reading: Reading, reply: Reply) -> bool:
        known = name_of(re.sub(r"^\d+\s*(?:bis|ter|quater|[a-z])?\s+", "", level(reply.street)))
        rules = self.rules
        alike = street_likeness(
            reading.street, known, lambda _: 1.0, rules.other_type, rules.no_type
        )
        return alike >= rules.sure

    def _same_place(self, address: Address, reading: Reading, reply: Reply) -> bool:
        if address.insee:
            return address.insee == reply.insee
        said, known = reading.place or address.place, place_key(reply.city)
        if not said:
            return address.postcode == reply.postcode
        if said == known or len(said) > 2 * _SLIPS and distance(said, known, _SLIPS) <= _SLIPS:
            return True
        inside = set(said.split()) <= set(known.split())
        return inside and address.postcode == reply.postcode

    def _at(self, reply: Reply) -> Answer:
        xy = reproject(np.array([[reply.lon, reply.lat]]), 4326, self.layer.crs)
        if not np.isfinite(xy).all():
            return unknown(Reason.NOT_FOUND)
        place = int(self._edges.place(xy, np.array([self.rules.service_margin]))[0])
        if place == EDGE:
            return unknown(Reason.EDGE)
        if place != OUTSIDE:
            return Answer(State.IN, self.layer.codes[place])
        return OUT if self.coverage.holds(reply.insee) else unknown(Reason.OUT_OF_AREA)


def _same_house(house: House, said: str) -> bool:
    match = re.fullmatch(r"0*(\d+)\s*([a-z]*)", level(said).strip())
    if match is None or int(match[1]) != house.number:
        return False
    return _TWINS.get(match[2], match[2]) == _TWINS.get(house.suffix, house.suffix)
