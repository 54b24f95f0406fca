"""Which territories does a work count in, and are their outlines known?

One index a kind of territory, over the territories of the project that have an outline. What
lacks is told: without outline there is no figure, which is not zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from terril.catalogue.works import DRAWN, Target, Work
from terril.lib.french import liste
from terril.lib.problems import Severity, Where
from terril.places.index import build_index, zones_of
from terril.places.microdata_cube import Ground
from terril.places.microdata_grid import Box
from terril.sources.context import Context, quoted
from terril.territories.generations import generation_of
from terril.territories.geometry import Layer
from terril.territories.kinds import KINDS

_TOLD = 5  # territories named in one message
_MARGIN = 1.0  # metres around the box of the outlines

#: grounds already made in a run, so that works on the same territories share them
Seen = dict[tuple[object, ...], Ground]


@dataclass(frozen=True)
class Grounds:
    """The territories of a work: an index a kind, their codes and widths, their grid and box."""

    grounds: tuple[Ground, ...]
    codes: dict[str, tuple[str, ...]]
    widths: dict[str, dict[str, float]]
    crs: int
    box: Box


def grounds(ctx: Context, work: Work, outlines: Sequence[Layer], seen: Seen) -> Grounds | None:
    """Return the territories that the work counts in, or ``None``; problems to ``ctx.own``."""
    return _Finder(ctx, outlines, seen).find(work)


class _Finder:
    def __init__(self, ctx: Context, outlines: Sequence[Layer], seen: Seen) -> None:
        self.ctx, self.outlines, self.seen = ctx, outlines, seen

    def find(self, work: Work) -> Grounds | None:
        """Return the territories of a work."""
        rings: dict[str, Target] = {t.kind: t for t in work.territories if t.around is not None}
        kinds = {t.kind for t in work.territories if t.kind in DRAWN}
        composite = {t.kind for t in work.territories} - set(DRAWN)
        kinds |= {"qpv"} if composite else set()
        kinds |= {"epci"} if "hors_qpv" in composite else set()
        layers: dict[str, Layer | None] = {k: self._layer(k) for k in DRAWN if k in kinds}
        known = {kind: layer for kind, layer in layers.items() if layer is not None}
        if len(known) < len(layers) or not self._one_grid(known):
            return None
        widths: dict[str, dict[str, float]] = {}
        made = []
        for kind, layer in known.items():
            target = rings.get(kind)
            width = dict.fromkeys(layer.codes, 0.0)
            if target is not None and target.around is not None:
                width = {c: target.around_of.get(c, target.around) for c in layer.codes}
                widths[kind] = width
                self._tell_strangers(kind, target.around_of)
            made.append(self._ground(kind, layer, width))
        reach = max((w for own in widths.values() for w in own.values()), default=0.0)
        return Grounds(
            tuple(made),
            {g.kind: g.index.codes for g in made},
            widths,
            next(iter(known.values())).crs,
            _box(known.values(), reach),
        )

    def _ground(self, kind: str, layer: Layer, width: Mapping[str, float]) -> Ground:
        key = (kind, layer.sha256, layer.file, layer.codes, tuple(width.values()))
        if key not in self.seen:
            zones = zones_of(layer, [width[c] for c in layer.codes], partition=True)
            self.seen[key] = Ground(kind, build_index(zones), any(width.values()))
        return self.seen[key]

    def _layer(self, kind: str) -> Layer | None:
        """Return the outlines of the territories of the project of a kind."""
        project = self.ctx.project
        found = [
            layer for layer in self.outlines
            if layer.nature == kind and (kind != "qpv" or layer.generation == project.generation)
        ]  # fmt: skip
        plural = KINDS[kind].plural
        if not found:
            generation = f" de {project.generation}" if kind == "qpv" else ""
            self.ctx.declaration(
                "contours-absents",
                f"le travail compte par {KINDS[kind].label}, mais le projet n’a pas les contours "
                f"des {plural}{generation}.",
                "une table [[perimetres]] qui les nomme.",
                "Ajoutez-la, ou retirez ce genre de la carte.",
                key="travail",
            )
            return None
        own = {
            t.code: t for t in self.ctx.territories.of_kind(kind)
            if kind != "qpv" or generation_of(t.code) == project.generation
        }  # fmt: skip
        layer = found[0].pick(own)
        absent = [t.display or t.label for code, t in own.items() if code not in layer.codes]
        if not layer.codes:
            self.ctx.declaration(
                "contours-absents",
                f"aucun territoire du projet n’est parmi les {plural} de « {layer.file} ».",
                "les codes des territoires du projet.",
                "Vérifiez le fichier des contours et celui des territoires.",
                key="travail",
            )
            return None
        if absent:
            self._warn(
                "contours-manquants",
                f"Sans contour, rien n’est compté pour {liste(absent[:_TOLD])}"
                + (f" et {len(absent) - _TOLD} autres." if len(absent) > _TOLD else "."),
            )
        return layer

    def _warn(self, code: str, what: str) -> None:
        self.ctx.report(code, Where(self.ctx.shown_file), what, severity=Severity.WARNING)

    def _tell_strangers(self, kind: str, widths: Mapping[str, float]) -> None:
        own = {t.code for t in self.ctx.territories.of_kind(kind)}
        strangers = [code for code in widths if code not in own]
        if strangers:
            near = [n for s in strangers for n in difflib.get_close_matches(s, own, 1)]
            self.ctx.declaration(
                "territoire-inconnu",
                f"« around_of » cite {quoted(strangers)}, qui n’est pas un territoire du projet.",
                "des codes du fichier des territoires.",
                f"S’agit-il de {quoted(near)} ?" if near else "",
                key="travail",
            )

    def _one_grid(self, layers: Mapping[str, Layer]) -> bool:
        grids = {layer.crs for layer in layers.values()}
        if len(grids) > 1:
            self.ctx.declaration(
                "contours-grilles",
                "les contours ne sont pas tous dans la même grille : EPSG "
                f"{liste([str(g) for g in sorted(grids)])}.",
                "une seule grille par projet.",
                key="travail",
            )
        return len(grids) == 1


def _box(layers: Iterable[Layer], reach: float) -> Box:
    bounds = np.array([layer.bounds() for layer in layers])
    west, south = np.nanmin(bounds[:, :2], axis=0) - reach - _MARGIN
    east, north = np.nanmax(bounds[:, 2:], axis=0) + reach + _MARGIN
    return float(west), float(south), float(east), float(north)
