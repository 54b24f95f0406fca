"""How do layers and points become the map of each neighbourhood?

:func:`sheet_maps` prepares the layers once, then cuts out of each what the frame of a sheet
shows, simplified to the resolution of the drawing. The result is plain: it goes into an edition
and is drawn later, at the size of its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from terril.catalogue.load import Catalogue
from terril.figures.maps_ground import View
from terril.figures.maps_keys import MARGIN
from terril.figures.maps_model import Area, Array, SheetMap, Spot, Surroundings, Symbol
from terril.figures.svg import MM
from terril.lib.french import FINE, NBSP, liste
from terril.territories.geometry import Layer, rings_of
from terril.territories.geometry_drawing import (
    Borders,
    Bounds,
    Drawn,
    bounds_of,
    buffered,
    differing,
    near,
    outlines,
    shared_area,
)

#: frames that a sheet gives to its map, points: the data hold what any of them shows
FRAMES: Final = ((101 * MM, 72 * MM), (101 * MM, 101 * MM))
_RESOLUTION: Final = 0.1 * MM  # what is simplified away is not seen


@dataclass(frozen=True, slots=True)
class MapNames:
    """The names that maps write: short names of neighbourhoods, names of communes, by code."""

    quarters: Mapping[str, str] = field(default_factory=dict)
    communes: Mapping[str, str] = field(default_factory=dict)


def symbols_of(catalogue: Catalogue) -> tuple[Symbol, ...]:
    """The categories of places of the catalogue, in their order."""
    cards = sorted(catalogue.symbols.items(), key=lambda item: (item[1].order, item[0]))
    return tuple(
        Symbol(code, card.label, card.shape, card.colour, card.order, card.named)
        for code, card in cards
    )


def symbol_by_type(catalogue: Catalogue) -> dict[str, str]:
    """The category of each type of equipment that the maps show, by label of the type card."""
    found: dict[str, str] = {}
    order = sorted(catalogue.symbols.items(), key=lambda item: (item[1].order, item[0]))
    for label, card in catalogue.equipment.items():
        for wanted in (
            [code for code, symbol in order if label in symbol.types],
            [code for code, symbol in order if card.range in symbol.families],
            [code for code, symbol in order if card.category in symbol.categories],
        ):
            if wanted:
                found[label] = wanted[0]
                break
    return found


def sheet_maps(
    qpv: Layer,
    communes: Layer | None,
    distances: Mapping[str, Sequence[int]],
    catalogue: Catalogue,
    *,
    points: pl.DataFrame | None = None,
    estates: Sequence[tuple[Layer, str]] = (),
    other: Layer | None = None,
    names: MapNames | None = None,
    codes: Sequence[str] = (),
    source: str = "",
) -> dict[str, SheetMap]:
    """The map of each neighbourhood of ``qpv`` (those of ``codes``, or all), by code.

    ``communes``: ``None`` when their outlines are not known. ``distances``: widths of the
    surroundings in metres, by code; none: no surroundings. ``points``: columns card, label, x, y
    (metres of the layers; rows without coordinates or whose card has no symbol are left out) and,
    when there is one, source (code of a card). ``estates``: layers of estates and what the key
    calls them. ``other``: the perimeters of the other generation. ``source``: what the line under
    the map says, by default the producers of the perimeters and of the communes. Raises
    ``ValueError`` when the layers are not in one grid.
    """
    communes = communes if communes is not None else qpv.pick(())
    layers = [qpv, communes, *(layer for layer, _ in estates), *([other] if other else [])]
    if len({layer.crs for layer in layers if len(layer)}) > 1:
        raise ValueError("the layers of a map must be in one grid")
    maker = _Maker(
        qpv,
        Drawn(qpv),
        Drawn(communes),
        Borders(Drawn(communes, together=1.0)),
        [(Drawn(layer), words) for layer, words in estates],
        Drawn(other) if other is not None else None,
        _Points.of(points, catalogue),
        symbols_of(catalogue),
        names or MapNames(),
        catalogue.number("carte_part_commune"),
        catalogue.number("carte_ecart_contours"),
        catalogue.number("carte_part_generations"),
        catalogue.number("lieu_meme_place"),
        source or sources_of([qpv, communes], catalogue),
        _credits(qpv, communes, estates, other, points, catalogue),
    )
    wanted = set(codes) or set(qpv.codes)
    return {
        code: maker.map_of(row, distances.get(code, ()))
        for row, code in enumerate(qpv.codes)
        if code in wanted
    }


def sources_of(layers: Sequence[Layer], catalogue: Catalogue) -> str:
    """« ANCT 2015 et 2024, IGN 2018 »: producers and vintages of layers, each once.

    A source that has a card takes its short name; a layer without one is named by its file.
    """
    vintages: dict[str, list[str]] = {}
    for layer in layers:
        card = catalogue.sources.get(layer.source)
        name = card.short if card else layer.source or layer.file.rpartition("/")[2]
        held = vintages.setdefault(name, [])
        if layer.vintage and layer.vintage not in held:
            held.append(layer.vintage)
    return ", ".join(
        f"{source} {liste(held)}" if held else source for source, held in vintages.items() if source
    )


def _credits(
    qpv: Layer,
    communes: Layer,
    estates: Sequence[tuple[Layer, str]],
    other: Layer | None,
    points: pl.DataFrame | None,
    catalogue: Catalogue,
) -> str:
    """« quartiers : ANCT 2015 et 2024 ; communes : IGN 2018 ; lieux : SNCF. »"""
    parts = [("quartiers", sources_of([qpv, *([other] if other is not None else [])], catalogue))]
    parts.append(("communes", sources_of([communes], catalogue)))
    parts += [(words, sources_of([layer], catalogue)) for layer, words in estates]
    if points is not None and "source" in points.columns:
        cards = [catalogue.sources.get(code) for code in points["source"].unique().sort()]
        parts.append(("lieux", ", ".join(dict.fromkeys(card.short for card in cards if card))))
    return f"{FINE}; ".join(f"{what}{NBSP}: {who}" for what, who in parts if who)


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Points that have a symbol: coordinates, symbol and name of each."""

    xy: Array
    symbols: list[str]
    labels: list[str]

    @classmethod
    def of(cls, points: pl.DataFrame | None, catalogue: Catalogue) -> _Points:
        if points is None or points.is_empty():
            return cls(np.empty((0, 2)), [], [])
        by_type = symbol_by_type(catalogue)
        held = (
            points.select("card", "label", "x", "y")
            .with_columns(
                symbol=pl.col("card").replace_strict(by_type, default=None, return_dtype=pl.String)
            )
            .filter(
                pl.col("symbol").is_not_null(), pl.col("x").is_finite(), pl.col("y").is_finite()
            )
            .sort("symbol", "label", "x", "y")
        )
        xy = held.select("x", "y").to_numpy().astype(np.float64).reshape(-1, 2)
        return cls(xy, held["symbol"].to_list(), held["label"].fill_null("").to_list())


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    """The layers made ready, and how the map of one neighbourhood is cut out of them."""

    qpv: Layer
    quarters: Drawn
    communes: Drawn
    borders: Borders
    estates: list[tuple[Drawn, str]]
    other: Drawn | None
    points: _Points
    symbols: tuple[Symbol, ...]
    names: MapNames
    commune_share: float
    apart: float
    pair_share: float
    same_place: float
    source: str
    credits: str

    def map_of(self, row: int, distances: Sequence[int]) -> SheetMap:
        """The map of the neighbourhood of a row of ``qpv``."""
        shape = self.qpv.shapes[row]
        widths = sorted({d for d in distances if d > 0})
        around = [buffered(shape, d, 0.0) for d in widths]
        bounds = bounds_of(around[-1] if around else shape)
        frame, tolerance = _frame(bounds)
        code = self.qpv.codes[row]
        quarters = tuple(
            Area(self.qpv.codes[p.row], self._quarter(p.row), p.rings)
            for p in self.quarters.within(frame, tolerance)
            if p.row != row
        )
        before, before_label = self._other(shape, tolerance)
        spots = self._spots(shape, widths[-1] if widths else 0)
        used = {spot.symbol for spot in spots}
        return SheetMap(
            code,
            self._quarter(row),
            bounds,
            outlines(shape, tolerance),
            tuple(
                Surroundings(width, tuple(rings_of(buffered(shape, width, tolerance))))
                for width in widths
            ),
            self._communes(shape, frame, tolerance),
            self.borders.within(frame, tolerance),
            quarters,
            tuple(
                Area(drawn.layer.codes[p.row], drawn.layer.labels[p.row], p.rings, kind=words)
                for drawn, words in self.estates
                for p in drawn.within(frame, tolerance)
            ),
            before,
            before_label,
            spots,
            tuple(symbol for symbol in self.symbols if symbol.code in used),
            self.source,
            self.credits,
        )

    def _quarter(self, row: int) -> str:
        return self.names.quarters.get(self.qpv.codes[row], self.qpv.labels[row])

    def _communes(self, shape: Any, frame: Bounds, tolerance: float) -> tuple[Area, ...]:
        layer = self.communes.layer
        least = self.commune_share * shape.area
        return tuple(
            Area(
                layer.codes[piece.row],
                self.names.communes.get(layer.codes[piece.row], layer.labels[piece.row]),
                piece.rings,
                own=shared_area(shape, layer.shapes[piece.row]) >= least,
            )
            for piece in self.communes.within(frame, tolerance)
        )

    def _other(self, shape: Any, tolerance: float) -> tuple[tuple[Array, ...], str]:
        """What differs in the perimeters of the other generation, and their name."""
        if self.other is None:
            return (), ""
        layer = self.other.layer
        lines: list[Array] = []
        for piece in self.other.within(bounds_of(shape), 0.0, cut=False):
            whole = layer.shapes[piece.row]
            least = self.pair_share * min(whole.area, shape.area)
            if shared_area(shape, whole) > least:
                lines += differing(shape, whole, self.apart, tolerance)
        words = f"périmètre de {layer.generation}" if layer.generation else "autre périmètre"
        return tuple(lines), words if lines else ""

    def _spots(self, shape: Any, width: int) -> tuple[Spot, ...]:
        """Places within the surroundings; two records of one place make one."""
        rows, inside = near(shape, self.points.xy, float(width))
        kept: list[Spot] = []
        places: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for row, held in zip(rows.tolist(), inside.tolist(), strict=True):
            x, y = self.points.xy[row].tolist()
            label = self.points.labels[row]
            key = (self.points.symbols[row], _folded(label))
            twins = places.setdefault(key, [])
            reach = self.same_place if label else 1.0
            if any((x - a) ** 2 + (y - b) ** 2 <= reach**2 for a, b in twins):
                continue
            twins.append((x, y))
            kept.append(Spot(x, y, key[0], label, bool(held)))
        return tuple(kept)


def _folded(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in flat if c.isalnum())


def _frame(bounds: Bounds) -> tuple[Bounds, float]:
    """All the ground that a frame may show, and metres that a drawing cannot tell apart."""
    views = [View.fit(bounds, width, height, MARGIN) for width, height in FRAMES]
    grounds = [view.ground() for view in views]
    tolerance = _RESOLUTION / max(view.scale for view in views)
    whole = (
        min(g[0] for g in grounds),
        min(g[1] for g in grounds),
        max(g[2] for g in grounds),
        max(g[3] for g in grounds),
    )
    return whole, tolerance
