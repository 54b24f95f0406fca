"""What may a card of a mode of public transport say?

How far residents are taken to walk to it, which types of route of a timetable (GTFS) are of this
mode, and when one of its lines structures a territory. The numbers are parameters, dated.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from terril.catalogue.schema import Card, Code, Text

#: « 3 », or « 700-799 »
RouteTypes = Annotated[str, StringConstraints(pattern=r"^\d{1,4}(-\d{1,4})?$")]


class TransportMode(Card):
    """A mode of public transport.

    ``radius``: parameter, metres from the stop to the perimeter within which it serves.
    ``headway``: parameter, minutes; a line of the mode is structuring when its vehicles follow
    each other at most that far apart at peak hours. Without it no line of the mode is.
    """

    label: Text  # « train »
    plural: Text  # « trains »
    article: Text  # « le train »
    order: int
    radius: Code
    headway: Code | None = None
    route_types: tuple[RouteTypes, ...] = Field(default=())  # none: only lines told in the project

    @model_validator(mode="after")
    def _ranges_go_up(self) -> TransportMode:
        for text in self.route_types:
            low, _, high = text.partition("-")
            if high and int(high) < int(low):
                raise ValueError(f"« {text} » : le second type est plus petit que le premier")
        return self

    def holds(self, route_type: int) -> bool:
        """Say whether a type of route (GTFS, extended types too) is of this mode."""
        for text in self.route_types:
            low, high = re.split("-", text) if "-" in text else (text, text)
            if int(low) <= route_type <= int(high):
                return True
        return False
