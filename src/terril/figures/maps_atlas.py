"""How do layers become the map of an agglomeration, in one generation or in two?

The communes of the agglomeration are simplified together, so that neighbours keep one border.
When the perimeters of both generations are known, each neighbourhood is set beside what it
became: surfaces kept, gained and lost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from terril.catalogue.load import Catalogue
from terril.figures.maps_from_layers import MapNames, sources_of
from terril.figures.maps_model import Area, Atlas, Change, Overlay
from terril.territories.geometry import Layer
from terril.territories.geometry_drawing import (
    Borders,
    Drawn,
    bounds_of,
    compared,
    groups,
    outlines,
    union_outline,
    united,
)

_WIDEST: Final = 1800.0  # tenths of a millimetre of the widest map: what is finer is not seen
_PANEL: Final = 1.0  # metres: the panels of single neighbourhoods are drawn finer


def atlas_data(
    qpv: Layer,
    communes: Layer,
    catalogue: Catalogue,
    *,
    name: str,
    members: Collection[str] = (),
    other: Layer | None = None,
    names: MapNames | None = None,
    source: str = "",
) -> Atlas | None:
    """The agglomeration: its communes (``members``, Insee codes; none: all), its neighbourhoods.

    ``other``: the perimeters of the other generation, for the overlays; the generation with the
    smaller name is the former one. ``None`` when no commune of ``members`` has an outline.
    Raises ``ValueError`` when the layers are not in one grid.
    """
    held = communes.pick(members) if members else communes
    if not len(held):
        return None
    layers = [qpv, held, *([other] if other is not None else [])]
    if len({layer.crs for layer in layers if len(layer)}) > 1:
        raise ValueError("the layers of a map must be in one grid")
    told = names or MapNames()
    bounds = held.bounds()
    tolerance = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / _WIDEST
    drawn = Drawn(held, together=2 * tolerance)
    frame = (bounds[0] - 1, bounds[1] - 1, bounds[2] + 1, bounds[3] + 1)
    return Atlas(
        name,
        bounds,
        tuple(
            Area(
                held.codes[p.row], told.communes.get(held.codes[p.row], held.labels[p.row]), p.rings
            )
            for p in drawn.within(frame, 0.0, cut=False)
        ),
        Borders(drawn).within(frame, 0.0),
        union_outline(held, tolerance),
        tuple(
            Area(code, told.quarters.get(code, label), outlines(shape, tolerance))
            for code, label, shape in zip(qpv.codes, qpv.labels, qpv.shapes, strict=True)
        ),
        _overlays(qpv, other, catalogue, told) if other is not None else (),
        tuple(
            sorted(layer.generation for layer in (qpv, other) if layer is not None and len(layer))
        )
        if other is not None
        else (qpv.generation,),
        source or sources_of(layers, catalogue),
    )


def _overlays(
    qpv: Layer, other: Layer, catalogue: Catalogue, names: MapNames
) -> tuple[Overlay, ...]:
    """Each group of neighbourhoods that share ground, from the former to the new generation."""
    old, new = sorted((qpv, other), key=lambda layer: layer.generation)
    apart = catalogue.number("carte_ecart_contours")
    found = []
    for left, right in groups(old, new, catalogue.number("carte_part_generations")):
        before = united(old.shapes[i] for i in left) if left else None
        after = united(new.shapes[i] for i in right) if right else None
        parts = compared(before, after, apart, _PANEL)
        labels = [_name(layer, rows, names) for layer, rows in ((old, left), (new, right))]
        # the new name stands, unless only the former neighbourhood is known by a short name
        codes = tuple(old.codes[i] for i in left)
        known = [c for c in codes if c in names.quarters]
        name = labels[0] if known or not right else labels[1]
        found.append(
            Overlay(
                Change(
                    name,
                    codes,
                    tuple(new.codes[i] for i in right),
                    parts.old_area / 10_000 if left else None,
                    parts.new_area / 10_000 if right else None,
                    parts.kept_area / parts.old_area if left and parts.old_area else None,
                ),
                _around(before, after),
                parts.kept,
                parts.gained,
                parts.lost,
                outlines(before, _PANEL) if before is not None else (),
                outlines(after, _PANEL) if after is not None else (),
            )
        )
    return tuple(sorted(found, key=lambda o: (o.change.old, o.change.new)))


def _name(layer: Layer, rows: Sequence[int], names: MapNames) -> str:
    held = [names.quarters.get(layer.codes[row], layer.labels[row]) for row in rows]
    return ", ".join(held)


def _around(*shapes: Any) -> tuple[float, float, float, float]:
    held = [bounds_of(shape) for shape in shapes if shape is not None]
    return (
        min(b[0] for b in held),
        min(b[1] for b in held),
        max(b[2] for b in held),
        max(b[3] for b in held),
    )
