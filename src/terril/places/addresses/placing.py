"""In which neighbourhood is an address, once its street is known?

A number stands where the base places it, to within the margin of its type of position. A number
that the base does not hold stands between its neighbours on the same side of the street, when
both say the same. A street without a number is placed when all its numbers are on one side. The
limit of a neighbourhood that follows a street follows its axis: the two sides of a border street
are told apart, never taken together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from terril.places.addresses.base import Base, Numbers, Street
from terril.places.addresses.match import Match
from terril.places.addresses.parse import House
from terril.places.addresses.reasons import Reason, State
from terril.places.addresses.rules import Rules
from terril.territories.geometry import Layer, reproject
from terril.territories.geometry_edges import EDGE, OUTSIDE, Edges

Places = npt.NDArray[np.int32]

#: letters that stand for « bis », « ter »…, and the other way round
_TWINS: Final = {"b": "bis", "t": "ter", "q": "quater", "bis": "b", "ter": "t", "quater": "q"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of one address. ``zone``: code of the neighbourhood, "" when not one only."""

    state: State
    zone: str = ""
    reason: Reason | None = None


OUT: Final = Answer(State.OUT)


def unknown(reason: Reason) -> Answer:
    """Return the answer that tells nothing but why."""
    return Answer(State.UNKNOWN, reason=reason)


def together(answers: Iterable[Answer], otherwise: Reason) -> Answer:
    """Return the one answer that all give; else an unknown one, for the reason ``otherwise``.

    Answers that are all unknown for one reason keep it; those inside different neighbourhoods
    are inside.
    """
    distinct = list(dict.fromkeys(answers))
    if len(distinct) == 1:
        return distinct[0]
    if distinct and all(answer.state is State.IN for answer in distinct):
        return Answer(State.IN)
    return unknown(otherwise)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the outlines are whole: elsewhere a point outside all of them says nothing.

    ``everywhere``: the outlines are all those that are asked about. Else the ``departments``
    (« 62 », « 974 ») and the ``communes`` (INSEE codes) that are answered for, and, with
    ``present``, the communes that have an address inside an outline.
    """

    everywhere: bool = False
    departments: tuple[str, ...] = ()
    communes: frozenset[str] = frozenset()
    present: bool = False

    def holds(self, commune: str) -> bool:
        """Is this commune answered for, whatever it has inside?"""
        return (
            self.everywhere
            or commune in self.communes
            or bool(self.departments)
            and commune.startswith(self.departments)
        )


class Placer:
    """Places the addresses of one base in the outlines of one layer."""

    def __init__(self, base: Base, layer: Layer, rules: Rules, coverage: Coverage) -> None:
        self.base = base
        self.layer = layer
        self.rules = rules
        self.coverage = coverage
        self._edges = Edges(layer)
        self._places: dict[str, Places] = {}

    def places(self, commune: str) -> Places:
        """Return where each number of a commune is: rank of an outline, outside, or at the edge."""
        if commune not in self._places:
            numbers = self.base.numbers(commune)
            xy = numbers.xy
            if self.base.crs != self.layer.crs:
                xy = reproject(xy, self.base.crs, self.layer.crs)
            self._places[commune] = self._edges.place(xy, self.rules.margins[numbers.position])
        return self._places[commune]

    def covers(self, commune: str) -> bool:
        """Is this commune answered for?"""
        coverage = self.coverage
        return coverage.holds(commune) or (
            coverage.present and bool((self.places(commune) >= 0).any())
        )

    def answer(self, match: Match) -> Answer:
        """Return the answer for a line."""
        if match.streets:
            answers = [self._on(street, match.houses) for street in match.streets]
            communes = {street.commune for street in match.streets}
            found = together(answers, Reason.HOMONYM if len(communes) > 1 else Reason.AMBIGUOUS)
        else:
            found = unknown(match.reason or Reason.NOT_FOUND)
        somewhere = match.reason is not Reason.BOX  # nobody lives in a post-office box
        if found.state is State.UNKNOWN and somewhere and self._nobody_inside(match.communes):
            return OUT
        return found

    def _nobody_inside(self, communes: tuple[str, ...]) -> bool:
        """Are these sure communes answered for, and wholly outside?"""
        return (
            self.rules.whole_commune
            and bool(communes)
            and all(
                self.coverage.holds(c) and bool((self.places(c) == OUTSIDE).all()) for c in communes
            )
        )

    def _on(self, street: Street, houses: tuple[House, ...]) -> Answer:
        numbers = self.base.numbers(street.commune)
        rows = numbers.of(street.id)
        places = self.places(street.commune)[rows]
        if houses:
            answers = [self._house(street, house, numbers, rows, places) for house in houses]
            return together(answers, Reason.NO_NUMBER)
        return self._whole(street, places, Reason.NO_NUMBER)

    def _tell(self, street: Street, places: Places, otherwise: Reason) -> Answer:
        """Return the answer of points that should all say the same."""
        answers = []
        for place in np.unique(places).tolist():
            if place == EDGE:
                answers.append(unknown(Reason.EDGE))
            elif place != OUTSIDE:
                answers.append(Answer(State.IN, self.layer.codes[place]))
            elif self.covers(street.commune):
                answers.append(OUT)
            else:
                answers.append(unknown(Reason.OUT_OF_AREA))
        return together(answers, otherwise)

    def _whole(self, street: Street, places: Places, otherwise: Reason) -> Answer:
        """Return the answer of a street that is on one side from end to end."""
        return self._tell(street, places, otherwise) if len(places) else unknown(otherwise)

    def _house(
        self, street: Street, house: House, numbers: Numbers, rows: slice, places: Places
    ) -> Answer:
        number = numbers.number[rows]
        suffix = numbers.suffix[rows]
        same = number == house.number
        for wanted in (house.suffix, _TWINS.get(house.suffix)):
            exact = same & np.array([s == wanted for s in suffix], dtype=bool)
            if exact.any():
                return self._tell(street, places[exact], Reason.POSITIONS)
        if not house.suffix and same.any():  # 12, where the base has 12 a and 12 b
            return self._tell(street, places[same], Reason.POSITIONS)
        return self._between(street, house, number, places)

    def _between(
        self,
        street: Street,
        house: House,
        number: npt.NDArray[np.int64],
        places: Places,
    ) -> Answer:
        """Return the answer of a number that the base does not hold, from its neighbours."""
        known = number >= 0
        side = known & (number % 2 == house.number % 2)
        before = number[side & (number <= house.number)]
        after = number[side & (number > house.number)]
        reach = self.rules.numbers
        if len(before) and len(after):
            low, high = int(before.max()), int(after.min())
            if house.number - low <= reach and high - house.number <= reach:
                near = side & ((number == low) | (number == high))
                return self._tell(street, places[near], Reason.NUMBER)
        if known.any() and house.number <= int(number[known].max()) + reach:
            return self._whole(street, places, Reason.NUMBER)
        return unknown(Reason.NUMBER)
