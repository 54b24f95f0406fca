"""Where in the agglomeration is this neighbourhood?

A small map beside the text of a sheet: communes plain, those of the neighbourhood white, the
other neighbourhoods grey, this one in the accent colour; its communes are named.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from terril.figures.maps_candidates import Block, Offer, beside_shape, corners
from terril.figures.maps_ground import View, bounds_of, inside_of, path_of
from terril.figures.maps_labels import Field, Wish, place
from terril.figures.maps_marks import draw_scale, scale_bar
from terril.figures.maps_model import Atlas
from terril.figures.maps_names import Text, draw_texts
from terril.figures.maps_placed import box_of
from terril.figures.svg import colour, document, fill, path, stroke
from terril.lib.french import NBSP, liste

_LOSS: Final = 60.0
_KEEP: Final = 1e4
_COARSE: Final = 4  # tenths of a point: enough for communes a few millimetres wide
_FINE: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """What the small maps of all the neighbourhoods share."""

    view: View
    under: str
    limits: str
    quarters: tuple[tuple[str, str], ...]  # code, path
    ink: Field
    land: Field


@lru_cache(maxsize=4)
def _ground(atlas: Atlas, width: float, height: float) -> _Ground:
    """The ground of an agglomeration, drawn once for all its sheets (an atlas is one object)."""
    view = View.fit(atlas.bounds, width, height, 1.5, rise=0.0)
    communes = [view.rings(area.rings) for area in atlas.communes]
    limits = view.lines(atlas.limits)
    ink, land = Field(width, height, 1.5), Field(width, height, 1.5)
    ink.lines([(line, 0.05, False) for line in limits])
    land.surfaces([(rings, 1.0) for rings in communes])
    return _Ground(
        view,
        path("".join(path_of(rings, step=_COARSE) for rings in communes), fill("cite")),
        path(path_of(limits, closed=False, step=_COARSE), stroke("blanc", 0.7)),
        tuple((a.code, path_of(view.rings(a.rings), step=_FINE)) for a in atlas.quarters),
        ink,
        land,
    )


def draw_locator(
    atlas: Atlas, code: str, communes: Collection[str], width: float, height: float
) -> str:
    """The agglomeration with the neighbourhood ``code`` and its ``communes`` set apart."""
    ground = _ground(atlas, width, height)
    view = ground.view
    own = [area for area in atlas.communes if area.code in communes]
    shapes = {area.code: view.rings(area.rings) for area in own}
    parts = [ground.under]
    parts += [path(path_of(rings, step=_COARSE), fill("blanc")) for rings in shapes.values()]
    parts.append(ground.limits)
    edge = stroke("ardoise", 0.7, 'stroke-linejoin="round"')
    parts += [path(path_of(rings, step=_COARSE), edge) for rings in shapes.values()]
    d = "".join(drawn for other, drawn in ground.quarters if other != code)
    parts += [path(d, f'{fill("gris")} fill-opacity="0.6"')] if d else []
    here = [ring for area in atlas.quarters if area.code == code for ring in view.rings(area.rings)]
    if here:
        brick = f'{fill("brique")} stroke="{colour("brique")}" stroke-width="0.8"'
        parts.append(path(path_of(here), brick))
    taken = Field(width, height, 1.5)
    taken.surfaces([(here, 1.0)] if here else [])
    bar = scale_bar(view.scale, width * 0.2)
    frame = (0.5, 0.5, width - 0.5, height - 0.5)
    wishes = [corners("scale", bar.size, frame, ground.land, loss=_KEEP, anywhere=True)]
    offers: dict[str, Offer] = {}
    for area in own:
        rings = shapes[area.code]
        if not rings:
            continue
        left, top, right, bottom = bounds_of(rings)
        middle = ((left + right) / 2, (top + bottom) / 2)
        half = ((right - left) / 4, (bottom - top) / 4)
        block = Block((area.label,), 7.4, 600)
        offers[area.code] = _near(
            beside_shape(
                area.code,
                [block],
                middle,
                half,
                ground.ink,
                taken,
                loss=_LOSS,
                hold=inside_of(rings),
            )
        )
    wishes += [offer.wish for offer in offers.values()]
    texts = []
    for wish, at in zip(wishes, place(wishes, np.empty((0, 4)), frame), strict=True):
        if at is None:
            continue
        box = box_of(wish.boxes[at])
        offer = offers.get(wish.key)
        if offer is None:
            parts.append(draw_scale(bar, box[0], box[3]))
        else:
            texts.append(Text("value", offer.block(at), box))
    halos, letters = draw_texts(texts)
    return document(
        width, height, "le quartier dans l’agglomération", [*parts, *halos, *letters],
        desc=locator_alt(atlas, code, communes),
    )  # fmt: skip


def _near(offer: Offer) -> Offer:
    """The candidates that need no leader."""
    wish = offer.wish
    kept = np.flatnonzero(np.isnan(wish.leaders[:, 0])) if wish.leaders is not None else None
    if kept is None:
        return offer
    near = Wish(wish.key, wish.loss, wish.boxes[kept], wish.costs[kept])
    return Offer(near, offer.blocks, offer.which[kept])


def locator_alt(atlas: Atlas, code: str, communes: Collection[str]) -> str:
    """« Les 21 quartiers de l’agglomération ; celui-ci, en couleur, est à Avion. »"""
    names = [area.label for area in atlas.communes if area.code in communes]
    text = f"Les {len(atlas.quarters)} quartiers prioritaires de l’agglomération."
    return f"{text} Celui-ci, en couleur{NBSP}: {liste(names)}." if names else text
