"""Which mark has each kind of place on the maps, and which indicators are mapped, and how?

Two kinds of cards. A symbol (``vocabularies/symbols.yaml``) says of a category of places its
shape, its colour, whether its names are written. A plate (``maps/``) says which indicators are
drawn together, as classes or as circles.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from terril.catalogue.schema import Card, Code, IndicatorCode, Text

Shape = Literal[
    "carre",
    "carre-vide",
    "losange",
    "disque",
    "anneau",
    "croix",
    "croix-vide",
    "maison",
    "maison-vide",
    "etoile",
    "point",
]
Colour = Literal["ardoise", "ardoise-2", "bleu", "violet", "ocre", "sarcelle"]


class MapSymbol(Card):
    """A category of places on the map of a neighbourhood.

    Places come by ``types`` (labels of type cards), else by ``families`` of the local offer,
    else by ``categories``. ``order``: the smallest is named first and drawn on top.
    """

    label: Text  # of the key: « école »
    order: int
    shape: Shape
    colour: Colour
    named: bool = False  # are the names of the places written?
    types: tuple[Text, ...] = ()
    families: tuple[Code, ...] = ()
    categories: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> MapSymbol:
        if not (self.types or self.families or self.categories):
            raise ValueError("donnez au moins un des trois : types, families, categories")
        return self


class MapPlate(Card):
    """Maps of the agglomeration drawn side by side on a page.

    ``drawing``: « classes » colours the neighbourhoods, « cercles » draws a circle in proportion
    of a count. ``level``: whose figures, for classes; a map of communes is left out when fewer than
    half of them are known. ``method``: where classes end, at natural breaks or quantiles.
    """

    label: Text
    theme: Code
    indicators: tuple[IndicatorCode, ...] = Field(min_length=1)
    drawing: Literal["classes", "cercles"] = "classes"
    level: Literal["qpv", "commune"] = "qpv"
    method: Literal["naturels", "quantiles"] = "naturels"
    classes: int = Field(default=5, ge=2, le=5)

    @model_validator(mode="after")
    def _circles_of_neighbourhoods(self) -> MapPlate:
        if self.drawing == "cercles" and self.level == "commune":
            raise ValueError("les cercles montrent des quartiers : level: qpv")
        return self
