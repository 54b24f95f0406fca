"""What does a map hold, before it is drawn?

Plain frozen objects: rings and lines as ``(n, 2)`` arrays in metres (exterior first, holes the
other way round), names, categories. A map knows neither its size nor its scale: it is drawn as
large as its place on the page. :func:`packed` and :func:`unpacked` take a map to JSON and back,
coordinates in decimetres, so that an edition keeps what its documents draw.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_origin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rings = tuple[Array, ...]
T = TypeVar("T")

_DECIMETRES: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A surface with its name. ``kind`` tells groups apart (of estates, of generations)."""

    code: str
    label: str
    rings: Rings
    own: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """The line at ``distance`` metres around a neighbourhood."""

    distance: int
    rings: Rings


@dataclass(frozen=True, slots=True)
class Symbol:
    """A category of places: its mark and what the key says of it.

    ``shape`` and ``token`` are those of :mod:`terril.figures.maps_marks`. ``named``: the names
    of its places are written, those of the smallest ``order`` first.
    """

    code: str
    label: str
    shape: str
    token: str = "ardoise"
    order: int = 0
    named: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: metres, its category, its name or ""; ``inside`` the neighbourhood or around."""

    x: float
    y: float
    symbol: str
    label: str = ""
    inside: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SheetMap:
    """The map of a neighbourhood and of what surrounds it.

    ``bounds``: west, south, east, north in metres of what must be seen. ``limits``: the borders
    of the communes, each once, as open lines. ``before``: what differs in the outline of the other
    generation, as open lines, and ``before_label`` what it is called; empty when unknown or the
    same.
    ``estates``: mining estates, estates under renewal…, ``kind`` being what the key says.
    ``source`` holds on the line under the map, ``credits`` say who made what.
    """

    code: str
    name: str
    bounds: tuple[float, float, float, float]
    rings: Rings
    surroundings: tuple[Surroundings, ...] = ()
    communes: tuple[Area, ...] = ()
    limits: Rings = ()
    quarters: tuple[Area, ...] = ()
    estates: tuple[Area, ...] = ()
    before: Rings = ()
    before_label: str = ""
    spots: tuple[Spot, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    source: str = ""
    credits: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the perimeters: surfaces in hectares, ``None`` where there is none.

    ``old``, ``new``: codes; ``kept`` is the part of the old one that stays (0–1).
    """

    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_area: float | None
    new_area: float | None
    kept: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One neighbourhood in its two generations: surfaces kept, gained and lost."""

    change: Change
    bounds: tuple[float, float, float, float]
    kept: Rings = ()
    gained: Rings = ()
    lost: Rings = ()
    old: Rings = ()
    new: Rings = ()


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """The agglomeration: its communes, their borders, its neighbourhoods.

    ``outline`` is the border of the agglomeration. ``overlays`` is empty when one generation
    only is known; ``generations`` then has one year, else the former and the new one.
    """

    name: str
    bounds: tuple[float, float, float, float]
    communes: tuple[Area, ...]
    limits: Rings
    outline: Rings
    quarters: tuple[Area, ...]
    overlays: tuple[Overlay, ...] = ()
    generations: tuple[str, ...] = ()
    source: str = ""


# ------------------------------------------------------------------ JSON


def packed(value: object) -> str:
    """A map as compact JSON; arrays become steps in decimetres from their first point."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> Any:
    if isinstance(value, np.ndarray):
        whole = np.rint(value * _DECIMETRES).astype(np.int64)
        steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
        return steps.ravel().tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 3)
    return value


def unpacked(cls: type[T], text: str) -> T:
    """The map that :func:`packed` wrote; raises ``ValueError`` when it is not one."""
    try:
        return typing.cast(T, _built(cls, json.loads(text)))
    except (TypeError, KeyError) as error:
        raise ValueError(f"{cls.__name__} : {error}") from error


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _built(declared: Any, data: Any) -> Any:
    origin = get_origin(declared)
    if origin is np.ndarray:
        steps = np.array(data, dtype=np.int64).reshape(-1, 2)
        return np.cumsum(steps, axis=0) / _DECIMETRES
    if origin is tuple:
        arguments = get_args(declared)
        kinds = (arguments[0],) * len(data) if arguments[1:] == (Ellipsis,) else arguments
        return tuple(_built(kind, item) for kind, item in zip(kinds, data, strict=True))
    if origin is types.UnionType:
        return None if data is None else _built(get_args(declared)[0], data)
    if dataclasses.is_dataclass(declared) and isinstance(declared, type):
        if not isinstance(data, Mapping):
            raise TypeError("un objet était attendu")
        hints = _hints(declared)
        return declared(**{name: _built(hints[name], item) for name, item in data.items()})
    return float(data) if declared is float else data
