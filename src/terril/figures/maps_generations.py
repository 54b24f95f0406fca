"""What did the perimeters of two generations keep, gain and lose?

One ground, three surfaces told apart without colour: kept is light and plain, gained dark and
plain, lost hatched on white. The new outline is drawn solid, the former one in dashes. The whole
agglomeration, then each neighbourhood at its own scale, with its scale bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from terril.figures.maps_candidates import Block, Offer, beside_shape, corners, cut
from terril.figures.maps_ground import Box, View, bounds_of, hatching, inside_of, path_of
from terril.figures.maps_labels import Field, Wish, place
from terril.figures.maps_lettering import Label, side_of
from terril.figures.maps_marks import NORTH, dash, draw_north, draw_scale, scale_bar, swatch
from terril.figures.maps_model import Atlas, Change, Overlay
from terril.figures.maps_names import Text, draw_texts
from terril.figures.maps_placed import AtlasDrawing, box_of, leader_to
from terril.figures.svg import colour, document, fill, path, stroke
from terril.lib.french import FINE, NBSP, compte, nombre

KEPT: Final = "classe-2"
GAINED: Final = "classe-4"
_LOST: Final = (45.0, 2.4, 0.6)  # angle, step and width of the hatching
_OLD: Final = 'stroke-dasharray="2.4 1.6"'
_MARGIN: Final = 5.0
_EDGE: Final = 3.0
_KEEP: Final = 1e4
_LOSS: Final = 60.0
_FLAT: Final = 0.5  # hectares: below, the surfaces are said to be the same


def _surfaces(view: View, overlay: Overlay, frame: Box) -> list[str]:
    """Lost, kept, gained, then the two outlines."""
    parts: list[str] = []
    lost = view.rings(overlay.lost)
    if lost:
        angle, step, width = _LOST
        parts.append(path(path_of(lost), f'{fill("blanc")} fill-rule="evenodd"'))
        parts.append(path(hatching(lost, step, angle, frame), stroke("ardoise-2", width)))
    for rings, token in ((view.rings(overlay.kept), KEPT), (view.rings(overlay.gained), GAINED)):
        if rings:
            parts.append(path(path_of(rings), f'{fill(token)} fill-rule="evenodd"'))
    return parts


def _outlines(view: View, overlay: Overlay, width: float) -> list[str]:
    parts: list[str] = []
    if overlay.lost or not overlay.new:
        old = view.rings(overlay.old)
        parts += [path(path_of(old), stroke("ardoise-2", width * 0.8, _OLD))] if old else []
    new = view.rings(overlay.new)
    parts += [path(path_of(new), stroke("ardoise", width))] if new else []
    return parts


def draw_overlay(overlay: Overlay, width: float, height: float) -> str:
    """One neighbourhood in its two generations, at the scale that fills the frame."""
    view = View.fit(overlay.bounds, width, height, (4.0, 4.0, 4.0, 11.0))
    frame = (0.0, 0.0, width, height)
    bar = scale_bar(view.scale, width * 0.34)
    parts = [
        *_surfaces(view, overlay, frame),
        *_outlines(view, overlay, 0.8),
        draw_scale(bar, 2.0, height - 0.5),
    ]
    return document(width, height, overlay.change.name, parts, desc=overlay_alt(overlay.change))


def overlay_words(change: Change) -> str:
    """« 20,0 → 55,7 ha », « 31,2 ha, inchangé », « nouveau, 12,0 ha », « sorti, 8,4 ha »."""
    if change.old_area is None and change.new_area is not None:
        return f"nouveau, {_hectares(change.new_area)}"
    if change.new_area is None and change.old_area is not None:
        return f"sorti de la liste, {_hectares(change.old_area)}"
    if change.old_area is None or change.new_area is None:
        return ""
    return f"{nombre(change.old_area, 1)} → {_hectares(change.new_area)}"


def overlay_alt(change: Change) -> str:
    """The two surfaces, and the part of the former one that stays."""
    words = f"{change.name}{NBSP}: {overlay_words(change)}"
    if change.kept is not None and change.new_area is not None:
        kept = f"{nombre(100 * change.kept)}{FINE}%"
        words += f"{FINE}; {kept} de l’ancien périmètre est gardé"
    return f"{words}."


def _hectares(area: float) -> str:
    return f"{nombre(area, 1)}{FINE}ha"


def draw_generations(
    atlas: Atlas, width: float, height: float, *, names: bool = True
) -> AtlasDrawing:
    """The agglomeration with all its neighbourhoods in both generations.

    Raises ``ValueError`` when the atlas holds one generation only.
    """
    if not atlas.overlays:
        raise ValueError("the perimeters of two generations are needed")
    view = View.fit(atlas.bounds, width, height, _MARGIN)
    frame = (0.0, 0.0, width, height)
    limits = view.lines(atlas.limits)
    parts = [path(path_of(view.rings(a.rings)), fill("papier-2")) for a in atlas.communes]
    parts.append(path(path_of(limits, closed=False), stroke("blanc", 0.9)))
    parts.append(path(path_of(view.rings(atlas.outline)), stroke("filet", 0.8)))
    for overlay in atlas.overlays:
        parts += _surfaces(view, overlay, frame)
        parts += _outlines(view, overlay, 0.55)
    shapes = [view.rings([*o.old, *o.new]) for o in atlas.overlays]
    ink, taken = Field(width, height, 1.5), Field(width, height, 1.5)
    empty = Field(width, height, 2.0)
    ink.lines([(line, 0.12, False) for line in limits])
    surfaces = [(view.rings(rings), 1.0) for o in atlas.overlays for rings in (o.old, o.new)]
    taken.surfaces(surfaces)
    empty.surfaces([(view.rings(area.rings), 0.3) for area in atlas.communes])
    empty.surfaces([(rings, 40.0) for rings, _ in surfaces])
    inner = (_EDGE, _EDGE, width - _EDGE, height - _EDGE)
    bar = scale_bar(view.scale, min(120.0, width * 0.24))
    wishes: list[Wish] = [
        corners("scale", bar.size, inner, empty, loss=_KEEP, anywhere=True),
        corners("north", NORTH, inner, empty, loss=_KEEP / 2, order=("hd", "bd"), anywhere=True),
    ]
    offers: dict[str, Offer] = {}
    centres: dict[str, float] = {}
    for number, (overlay, rings) in enumerate(zip(atlas.overlays, shapes, strict=True)):
        if not names or not rings:
            continue
        left, top, right, bottom = bounds_of(rings)
        at, half = (
            ((left + right) / 2, (top + bottom) / 2),
            ((right - left) / 2, (bottom - top) / 2),
        )
        blocks = [Block(lines, 7.2) for lines in cut(overlay.change.name, 20, 3)]
        key = f"value {number}"
        centres[key] = at[0]
        hold = inside_of(view.rings(overlay.new or overlay.old))
        offers[key] = beside_shape(key, blocks, at, half, ink, taken, loss=_LOSS, hold=hold)
    wishes += [offer.wish for offer in offers.values()]
    chosen = place(wishes, np.empty((0, 4)), (0.5, 0.5, width - 0.5, height - 0.5))
    labels: list[Label] = []
    texts: list[Text] = []
    omitted: list[str] = []
    for wish, spot in zip(wishes, chosen, strict=True):
        offer = offers.get(wish.key)
        if spot is None:
            omitted += [atlas.overlays[int(wish.key.split(" ")[1])].change.name] if offer else []
            continue
        box = box_of(wish.boxes[spot])
        words = offer.block(spot).text if offer else wish.key
        labels.append(Label(wish.key, words, box))
        if wish.key == "scale":
            parts.append(draw_scale(bar, box[0], box[3]))
        elif wish.key == "north":
            parts.append(draw_north(box[0], box[1]))
        elif offer is not None:
            parts += leader_to(wish, spot)
            anchor = side_of(box, centres[wish.key])
            texts.append(Text("value", offer.block(spot), box, anchor))
    halos, letters = draw_texts(texts)
    svg = document(
        width, height, generations_title(atlas), [*parts, *halos, *letters],
        desc=generations_alt(atlas),
    )  # fmt: skip
    boxes = tuple(bounds_of(rings) for rings in shapes if rings)
    return AtlasDrawing(svg, tuple(labels), boxes, tuple(omitted))


def generations_title(atlas: Atlas) -> str:
    """« Les périmètres de 2015 et de 2024 »."""
    return f"Les périmètres de {' et de '.join(atlas.generations)}"


def generations_alt(atlas: Atlas) -> str:
    """How many perimeters stay, grow, shrink, come or go, and the total surfaces."""
    tally = tally_of([overlay.change for overlay in atlas.overlays])
    parts = [f"{generations_title(atlas)}, nord en haut."]
    listed = [compte(n, one, many) for n, one, many in tally if n]
    parts.append(f"{f'{FINE}; '.join(listed)}.")
    old = sum(o.change.old_area or 0.0 for o in atlas.overlays)
    new = sum(o.change.new_area or 0.0 for o in atlas.overlays)
    parts.append(f"Surface totale{NBSP}: {nombre(old)} puis {nombre(new)}{FINE}hectares.")
    return " ".join(parts)


def tally_of(changes: Sequence[Change]) -> list[tuple[int, str, str]]:
    """How many changed and how, with the words for one and for several."""
    came = sum(c.old_area is None for c in changes)
    left = sum(c.new_area is None for c in changes)
    both = [
        c.new_area - c.old_area
        for c in changes
        if c.old_area is not None and c.new_area is not None
    ]
    grown, shrunk = sum(d > _FLAT for d in both), sum(d < -_FLAT for d in both)
    return [
        (grown, "périmètre agrandi", "périmètres agrandis"),
        (shrunk, "périmètre réduit", "périmètres réduits"),
        (len(both) - grown - shrunk, "périmètre de même surface", "périmètres de même surface"),
        (came, "nouveau quartier", "nouveaux quartiers"),
        (left, "quartier sorti de la liste", "quartiers sortis de la liste"),
    ]


def generation_keys(atlas: Atlas) -> tuple[tuple[str, str], ...]:
    """The key of the three surfaces and of the two outlines."""
    edge = f'stroke="{colour("ardoise-2")}" stroke-width="0.4"'
    box = np.array([(0.6, 0.9), (9.4, 0.9), (9.4, 7.1), (0.6, 7.1)])
    angle, step, width = _LOST
    lines = path(hatching([box], step, angle, (0, 0, 10, 8)), stroke("ardoise-2", width))
    keys = [
        (swatch("gardé", f"{fill(KEPT)} {edge}"), "gardé"),
        (swatch("gagné", f"{fill(GAINED)} {edge}"), "gagné"),
        (swatch("perdu", f"{fill('blanc')} {edge}", [lines]), "perdu"),
    ]
    if len(atlas.generations) == 2:
        old, new = atlas.generations
        keys.append((dash(new, stroke("ardoise", 0.9)), f"contour de {new}"))
        keys.append((dash(old, stroke("ardoise-2", 0.7, _OLD)), f"contour de {old}"))
    return tuple(keys)
