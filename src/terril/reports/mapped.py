"""Does an edition hold maps?

Editions made without perimeters have none: their documents do without. One that has them offers
``maps`` (by neighbourhood) and ``atlas`` (the agglomeration).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from terril.figures.maps_model import Atlas, SheetMap


@runtime_checkable
class Mapped(Protocol):
    """What an edition with perimeters offers besides the frames."""

    @property
    def maps(self) -> Mapping[str, SheetMap]:
        """The map of each neighbourhood, by code."""

    @property
    def atlas(self) -> Atlas | None:
        """The agglomeration, ``None`` when the communes are not known."""


def maps_of(source: object) -> Mapping[str, SheetMap]:
    """The maps of the neighbourhoods, none when the edition has no perimeter."""
    return source.maps if isinstance(source, Mapped) else {}


def atlas_of(source: object) -> Atlas | None:
    """The map of the agglomeration, if the edition has one."""
    return source.atlas if isinstance(source, Mapped) else None
