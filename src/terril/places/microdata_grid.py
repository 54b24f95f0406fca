"""Where do the coordinates of a file fall in the grid of the outlines, with + and × only?

A projection is made of sines and logarithms, which two engines do not compute alike to the last
bit. Over the box of the outlines it is as well a polynomial: fitted here to PROJ, checked on a
finer lattice, and written as SQL with additions and products of doubles, so that DuckDB and Spark
put every record at the same place. Degree 3 is right to a tenth of a millimetre over an
agglomeration, degree 8 over France.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from terril.territories.geometry_crs import reproject

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # west, south, east, north

#: metres: largest distance to PROJ that is accepted
TOLERANCE: Final = 1e-4
_DEGREES: Final = range(1, 15)
_FIT: Final = 34  # knots a side to fit
_CHECK: Final = 101  # knots a side to check
_PAD: Final = 0.01  # of the box, added around it


@dataclass(frozen=True, slots=True)
class Carry:
    """How a file's coordinates become metres of the outlines.

    ``box``: the box of the outlines in the file's own coordinates, slightly wider. ``x`` and
    ``y``: coefficients by power of u then of v (row j, column i: uⁱvʲ), empty when the grids are
    the same; u and v are the coordinates brought to [−1, 1] over ``box``. ``error``: metres.
    """

    source: int
    target: int
    box: Box
    x: tuple[tuple[float, ...], ...] = ()
    y: tuple[tuple[float, ...], ...] = ()
    error: float = 0.0

    @property
    def same(self) -> bool:
        """Are the file and the outlines in one grid?"""
        return not self.x

    def unit_sql(self, x: str, y: str) -> tuple[str, str]:
        """Return u and v as SQL over the columns ``x`` and ``y``."""
        west, south, east, north = self.box
        return _unit(x, west, east), _unit(y, south, north)

    def metres_sql(self, u: str, v: str) -> tuple[str, str]:
        """Return the metres as SQL over the columns ``u`` and ``v``."""
        return _horner(self.x, u, v), _horner(self.y, u, v)

    def metres(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return the metres in numpy: the reference of the SQL, equal to the last bit."""
        if self.same:
            return x, y
        west, south, east, north = self.box
        u = (x - (west + east) / 2) * (2 / (east - west))
        v = (y - (south + north) / 2) * (2 / (north - south))
        return _evaluate(self.x, u, v), _evaluate(self.y, u, v)


def carry(source: int, target: int, box: Box) -> Carry | None:
    """Return how to go from grid ``source`` to ``target`` (EPSG) over ``box`` (of ``target``).

    ``None`` when no polynomial comes within ``TOLERANCE`` (a grid of local shifts, a box on both
    sides of the antimeridian). Raises what PROJ raises for a code that it does not know.
    """
    if source == target:
        return Carry(source, target, box)
    own = box_in(source, target, box)
    if own is None:
        return None
    knots = np.cos(np.pi * (np.arange(_FIT) + 0.5) / _FIT)
    fit, check = _lattice(own, knots), _lattice(own, np.linspace(-1, 1, _CHECK))
    wanted, held = reproject(fit, source, target), reproject(check, source, target)
    if not (np.isfinite(wanted).all() and np.isfinite(held).all()):
        return None
    for degree in _DEGREES:
        x, y = _fitted(knots, wanted[:, 0], degree), _fitted(knots, wanted[:, 1], degree)
        found = Carry(source, target, own, x, y)
        mx, my = found.metres(check[:, 0], check[:, 1])
        error = float(np.hypot(mx - held[:, 0], my - held[:, 1]).max())
        if error <= TOLERANCE:
            return Carry(source, target, own, x, y, error)
    return None


def box_in(source: int, target: int, box: Box) -> Box | None:
    """Return the box of grid ``source`` around ``box`` (of ``target``), or ``None``."""
    around = reproject(_lattice(box, np.linspace(-1, 1, 33)), target, source)
    if not np.isfinite(around).all():
        return None
    (west, south), (east, north) = around.min(axis=0), around.max(axis=0)
    pad_x, pad_y = _PAD * (east - west), _PAD * (north - south)
    return float(west - pad_x), float(south - pad_y), float(east + pad_x), float(north + pad_y)


def number(value: float) -> str:
    """Write a double as a literal that DuckDB and Spark read as the same double."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def _lattice(box: Box, unit: Floats) -> Floats:
    west, south, east, north = box
    u, v = np.meshgrid(unit, unit)
    x = (west + east) / 2 + u.ravel() * (east - west) / 2
    y = (south + north) / 2 + v.ravel() * (north - south) / 2
    return np.column_stack((x, y))


def _powers(degree: int) -> list[tuple[int, int]]:
    return [(i, j) for j in range(degree + 1) for i in range(degree + 1 - j)]


def _fitted(knots: Floats, wanted: Floats, degree: int) -> tuple[tuple[float, ...], ...]:
    """Return the coefficients nearest to ``wanted`` on the lattice of ``knots``."""
    u, v = (axis.ravel() for axis in np.meshgrid(knots, knots))
    powers = _powers(degree)
    terms = np.stack([u**i * v**j for i, j in powers], axis=1)
    middle = float(wanted.mean())
    solved = np.linalg.lstsq(terms, wanted - middle, rcond=None)[0]
    rows: list[list[float]] = [[] for _ in range(degree + 1)]
    for (i, j), value in zip(powers, solved, strict=True):
        rows[j].append(float(value) + (middle if i == j == 0 else 0.0))
    return tuple(tuple(row) for row in rows)


def _unit(column: str, low: float, high: float) -> str:
    return f"({column} - {number((low + high) / 2)}) * {number(2 / (high - low))}"


def _horner(rows: tuple[tuple[float, ...], ...], u: str, v: str) -> str:
    text = ""
    for row in reversed(rows):
        inner = ""
        for value in reversed(row):
            inner = f"({number(value)} + {u} * {inner})" if inner else f"({number(value)})"
        text = f"({inner} + {v} * {text})" if text else inner
    return text


def _evaluate(rows: tuple[tuple[float, ...], ...], u: Floats, v: Floats) -> Floats:
    """Evaluate in the very order of :func:`_horner`."""
    total: Floats | None = None
    for row in reversed(rows):
        inner: Floats | None = None
        for value in reversed(row):
            inner = np.full_like(u, value) if inner is None else value + u * inner
        assert inner is not None
        total = inner if total is None else inner + v * total
    assert total is not None
    return total
