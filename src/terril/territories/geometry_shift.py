"""Is a whole file of outlines drawn beside its place, by how much, which way, and why?

Outlines of different layers share stretches of border: a neighbourhood stops at the edge of
its commune, a perimeter of 2024 keeps the sides of 2015. For every translation (east, north)
we count the metres of border of one layer that would fall on a border of the other *that runs
the same way*; right files peak at no translation, a shifted one peaks at its shift. A border
is a picture whose value is e^(2iθ), θ its direction: the cross-correlation (by FFT, square
by square) then adds parallel pairs, takes away perpendicular ones, and averages to nothing
for borders that have no bond, so that the height of the peak over the noise says how sure we
are. Nothing is claimed when no peak is clear.

A shift that equals the one between two datums (NTF read as WGS84: 52 m in the north of
France) names its cause: ``vocabularies/reperes.csv``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from terril.catalogue.lists import read_list
from terril.territories.geometry_crs import GEOGRAPHIC, change, reproject
from terril.territories.geometry_layer import Floats, Layer, Shapes

Complex = npt.NDArray[np.complex64]

ALIGNED: Final = "aligne"
SHIFTED: Final = "decale"
UNKNOWN: Final = "indetermine"

_TILE: Final = 1200.0  # m, side of the squares in which borders are compared
_MOST: Final = 100  # squares that are enough to measure a shift
#: tiles looked at first, and how many times over ``clear`` they must agree that all is in place
_FEW: Final = 16
_PLAIN: Final = 1.5
_SAME: Final = 0.8  # part of the highest peak that makes another place as likely
_NEARLY: Final = 0.6  # part of the highest peak that a known cause must explain
_GONE: Final = 0.5  # part of the highest peak under which the place told is no longer likely


@dataclass(frozen=True, slots=True)
class Cause:
    """A datum that was forgotten: its name, a system of origin, the shift it gives here (m).

    ``of_reference``: it is the reference that is beside its place, not the layer.
    """

    label: str
    origin: int  # EPSG of a projected system that rests on it
    origin_label: str
    east: float
    north: float
    of_reference: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a layer lies from a reference. ``east``, ``north``: metres, at the highest peak.

    ``verdict``: ``ALIGNED``, ``SHIFTED`` or ``UNKNOWN``. ``clear``: height of the peak over
    the noise, in standard deviations; ``clear_here``: the same without translation.
    """

    verdict: str
    east: float
    north: float
    clear: float
    clear_here: float
    cause: Cause | None = None

    @property
    def metres(self) -> float:
        """Length of the shift."""
        return math.hypot(self.east, self.north)

    @property
    def towards(self) -> str:
        """Direction of the shift: « l’est », « le nord-est »…"""
        names = (
            "l’est", "le nord-est", "le nord", "le nord-ouest",
            "l’ouest", "le sud-ouest", "le sud", "le sud-est",
        )  # fmt: skip
        return names[round(math.degrees(math.atan2(self.north, self.east)) / 45) % 8]


def find_shift(
    layer: Layer,
    reference: Layer,
    *,
    reach: float = 200.0,
    least: float = 15.0,
    clear: float = 6.0,
    blur: float = 6.0,
    cell: float = 4.0,
) -> Shift:
    """Return where a layer lies from a reference that shares some of its borders.

    ``reach``: largest shift sought (m), beside those of known causes, sought wherever they
    are. ``least``: shift under which a file is in its place (m). ``clear``: standard
    deviations over the noise that a peak must have. ``blur``: precision of the drawing (m).
    ``cell``: side of a cell (m). Raises ``ValueError`` when the two are in two grids.
    """
    if layer.crs != reference.crs:
        raise ValueError(f"two grids: EPSG {layer.crs} and {reference.crs}")
    if not len(layer) or not len(reference):
        return Shift(UNKNOWN, 0.0, 0.0, 0.0, 0.0)
    own = segments(layer.shapes)
    few = _Surface(own, reference.shapes, (0.0, 0.0), reach, cell, blur, _FEW)
    best, height = few.peak()
    calm = few.best_within(least)
    if height >= _PLAIN * clear and calm >= _SAME * height:
        return Shift(ALIGNED, *best, height, calm)
    causes = [
        side
        for cause in known_causes(layer)
        for side in (
            cause,
            replace(cause, east=-cause.east, north=-cause.north, of_reference=True),
        )
    ]
    here = found = _Surface(own, reference.shapes, (0.0, 0.0), reach, cell, blur)
    best, height = here.peak()
    for cause in causes:
        if max(abs(cause.east), abs(cause.north)) > reach - 3 * blur:
            centre = (cause.east, cause.north)
            there = _Surface(own, reference.shapes, centre, reach, cell, blur)
            place, value = there.peak()
            if value > height:
                found, best, height = there, place, value
    calm = here.best_within(least)
    shift = Shift(UNKNOWN, *best, height, calm)
    if height < clear:
        return shift
    if calm >= _SAME * height or shift.metres < least:
        return replace(shift, verdict=ALIGNED)
    if calm > _GONE * height:
        return shift
    why = _cause_of(shift, causes, found, least)
    if why:
        return replace(shift, verdict=SHIFTED, east=why.east, north=why.north, cause=why)
    rival = found.best_beyond(2 * least, *best)
    return replace(shift, verdict=SHIFTED) if rival <= _SAME * height else shift


def known_causes(layer: Layer) -> list[Cause]:
    """Return the shifts that a forgotten datum would give at the middle of a layer."""
    west, south, east, north = layer.bounds()
    middle = reproject(np.array([[(west + east) / 2, (south + north) / 2]]), layer.crs, GEOGRAPHIC)
    found: list[Cause] = []
    for row in read_list("vocabularies/reperes.csv"):
        area = pyproj.CRS.from_epsg(int(row["epsg"])).area_of_use
        lon, lat = float(middle[0, 0]), float(middle[0, 1])
        if not area or not (area.west <= lon <= area.east and area.south <= lat <= area.north):
            continue
        x, y = change(middle[:, 0], middle[:, 1], int(row["epsg"]), GEOGRAPHIC)
        true = reproject(np.column_stack((x, y)), GEOGRAPHIC, layer.crs)
        wrong = reproject(middle, GEOGRAPHIC, layer.crs)
        dx, dy = (float(v) for v in (wrong - true)[0])
        if math.isfinite(dx) and math.isfinite(dy):
            found.append(
                Cause(row["libelle"], int(row["epsg_origine"]), row["libelle_origine"], dx, dy)
            )
    return found


def _cause_of(shift: Shift, causes: list[Cause], surface: _Surface, least: float) -> Cause | None:
    """Return the cause whose shift explains the peak: near it, and nearly as high."""
    near = [
        (math.hypot(c.east - shift.east, c.north - shift.north), c)
        for c in causes
        if math.hypot(c.east - shift.east, c.north - shift.north) <= least
    ]
    for _, cause in sorted(near, key=lambda item: item[0]):
        at = surface.at(cause.east, cause.north)
        if at is None or at >= _NEARLY * shift.clear:
            return cause
    return None


class _Surface:
    """Metres of border that fall together, for each translation about a centre."""

    def __init__(
        self,
        own: Floats,
        theirs: Shapes,
        centre: tuple[float, float],
        reach: float,
        cell: float,
        blur: float,
        most: int = _MOST,
    ) -> None:
        self.centre = centre
        self.cell = cell
        self.half = math.ceil(reach / cell)
        moved = own - np.tile(centre, 2)
        tiles, lines = _tiles(moved, theirs, (self.half + 1) * cell, most)
        self.margin = self.half + 1
        self.wide = math.ceil(_TILE / cell) + 2 * self.margin
        full = _smooth(self.wide)  # as wide as a tile and its surroundings: nothing comes round
        spectrum = np.zeros((full, full), dtype=np.complex64)
        for low in tiles:
            here, around = self._pictures(moved, lines, low)
            spectrum += np.conj(np.fft.fft2(here, (full, full))) * np.fft.fft2(around, (full, full))
        # the reference is drawn ``margin`` cells before: a layer d east of the other peaks at -d
        side = 2 * self.half + 1
        total = np.fft.ifft2(spectrum).real[1 : side + 1, 1 : side + 1][::-1, ::-1] * cell
        self.values = _blurred(total, blur / cell)
        self.values -= float(np.median(self.values))
        self.noise = max(1.4826 * float(np.median(np.abs(self.values))), 1e-9)

    def _pictures(self, own: Floats, lines: Floats, low: Floats) -> tuple[Complex, Complex]:
        """Draw the borders of the layer in one tile, and those of the reference around it."""
        mine = _picture(
            _meeting(own, low, low + _TILE), low, self.wide - 2 * self.margin, self.cell
        )
        start = low - self.margin * self.cell
        around = _meeting(lines, start, start + self.wide * self.cell)
        return mine, _picture(around, start, self.wide, self.cell)

    def peak(self) -> tuple[tuple[float, float], float]:
        """Return the translation of the highest peak (east, north) and its height / noise."""
        row, column = np.unravel_index(int(np.argmax(self.values)), self.values.shape)
        east = self.centre[0] + (int(column) - self.half) * self.cell
        north = self.centre[1] + (int(row) - self.half) * self.cell
        return (east, north), float(self.values[row, column]) / self.noise

    def at(self, east: float, north: float) -> float | None:
        """Return the height / noise at a translation, ``None`` outside the surface."""
        column = round((east - self.centre[0]) / self.cell) + self.half
        row = round((north - self.centre[1]) / self.cell) + self.half
        if not (0 <= row < len(self.values) and 0 <= column < len(self.values)):
            return None
        return float(self.values[row, column]) / self.noise

    def best_beyond(self, radius: float, east: float, north: float) -> float:
        """Return the greatest height / noise farther than a radius from a translation."""
        steps = np.arange(-self.half, self.half + 1) * self.cell
        across = (steps + self.centre[0] - east)[None, :]
        along = (steps + self.centre[1] - north)[:, None]
        return float(self.values[np.hypot(across, along) > radius].max()) / self.noise

    def best_within(self, radius: float) -> float:
        """Return the greatest height / noise within a radius of no translation."""
        steps = np.arange(-self.half, self.half + 1) * self.cell
        near = np.hypot(steps[None, :], steps[:, None]) < radius
        return float(self.values[near].max()) / self.noise


def _tiles(own: Floats, theirs: Shapes, margin: float, most: int) -> tuple[Floats, Floats]:
    """Return the corners (n, 2) of the tiles to compare, and the sides of the reference there.

    A tile has some border of the layer, and one of the reference within the margin; at most
    ``most`` tiles, spread over all of them.
    """
    vector = own[:, 2:] - own[:, :2]
    count = np.maximum(1, np.ceil(2 * np.hypot(*vector.T) / _TILE)).astype(np.int64) + 1
    side = np.repeat(np.arange(len(own)), count)
    rank = np.arange(len(side)) - np.repeat(np.cumsum(count) - count, count)
    points = own[side, :2] + (rank / (count[side] - 1))[:, None] * vector[side]
    corners = np.unique(np.floor(points / _TILE), axis=0) * _TILE
    boxes = shapely.box(*(corners - margin).T, *(corners + _TILE + margin).T)
    borders = shapely.boundary(theirs)
    tile, other = shapely.STRtree(borders).query(boxes, predicate="intersects")
    rows = np.unique(tile)
    if len(rows) > most:
        rows = rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]
    used = np.unique(other[np.isin(tile, rows)])
    return corners[rows], segments(theirs[used])


def _meeting(sides: Floats, low: Floats, high: Floats) -> Floats:
    """Return the sides whose box meets a box."""
    return np.asarray(
        sides[
            (np.maximum(sides[:, 0], sides[:, 2]) >= low[0])
            & (np.minimum(sides[:, 0], sides[:, 2]) <= high[0])
            & (np.maximum(sides[:, 1], sides[:, 3]) >= low[1])
            & (np.minimum(sides[:, 1], sides[:, 3]) <= high[1])
        ]
    )


def segments(shapes: Shapes) -> Floats:
    """Return the sides of polygons, holes included: (n, 4), x, y, x, y."""
    lines = shapely.get_parts(shapely.boundary(shapes))
    points, line = shapely.get_coordinates(lines, return_index=True)
    if not len(points):
        return np.zeros((0, 4))
    same = line[:-1] == line[1:]
    sides = np.column_stack((points[:-1][same], points[1:][same]))
    return np.asarray(sides[np.hypot(*(sides[:, 2:] - sides[:, :2]).T) > 0])


def _picture(sides: Floats, low: Floats, size: int, cell: float) -> Complex:
    """Draw sides on a square grid: e^(2iθ) where a border passes, 0 elsewhere."""
    vector = sides[:, 2:] - sides[:, :2]
    length = np.hypot(vector[:, 0], vector[:, 1])
    count = np.maximum(1, np.ceil(2 * length / cell)).astype(np.int64)
    side = np.repeat(np.arange(len(sides)), count)
    rank = np.arange(len(side)) - np.repeat(np.cumsum(count) - count, count)
    part = (rank + 0.5) / count[side]
    at = np.floor((sides[side, :2] + part[:, None] * vector[side] - low) / cell).astype(np.int64)
    inside = ((at >= 0) & (at < size)).all(axis=1)
    turn = ((vector[:, 0] + 1j * vector[:, 1]) / length) ** 2
    flat = at[inside, 1] * size + at[inside, 0]
    weight = turn[side][inside]
    drawn = np.bincount(flat, weight.real, size * size) + 1j * np.bincount(
        flat, weight.imag, size * size
    )
    strength = np.abs(drawn)
    drawn[strength > 0] /= np.maximum(strength[strength > 0], 1.0)
    return np.asarray(drawn.reshape(size, size), dtype=np.complex64)


def _smooth(size: int) -> int:
    """Return the next size without a prime factor over 5, where the FFT is fast."""
    while True:
        rest = size
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return size
        size += 1


def _blurred(surface: Floats, sigma: float) -> Floats:
    """Return a surface smoothed by a Gaussian of ``sigma`` cells."""
    reach = math.ceil(3 * sigma)
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2)) if sigma else np.ones(1)
    weights /= weights.sum()
    for axis in (0, 1):
        surface = np.apply_along_axis(np.convolve, axis, surface, weights, "same")
    return surface
