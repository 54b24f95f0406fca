"""In which territories is a record counted, once the engine has told where it lies?

The groups that come back from the engine say, for each kind, the territory that holds them. Here
they are given to the targets of the work: the territories themselves, their surroundings by width,
all the neighbourhoods of a contract together, and the rest of its EPCI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from terril.catalogue.works import Target, Work
from terril.places.microdata_cube import Cube
from terril.territories.generations import generation_of
from terril.territories.registry import Territories


@dataclass(frozen=True)
class Place:
    """The territories of one target, and how groups are given to them.

    ``codes``: all of them, so that one without a record is seen. ``zone``: expression of the code
    over the groups. ``prefix``: what opens the breakdown (« autour_300m »).
    """

    kind: str
    codes: tuple[str, ...]
    zone: pl.Expr
    groups: pl.DataFrame
    largest: Mapping[int, pl.DataFrame]  # by rank of measure, the largest values of each group
    prefix: str = ""


def places(
    work: Work,
    cube: Cube,
    codes: Mapping[str, tuple[str, ...]],
    widths: Mapping[str, Mapping[str, float]],
    territories: Territories,
) -> list[Place]:
    """Return the territories of each target. ``codes``: by kind, in the order of the grounds.

    ``widths``: by kind, width of the surroundings of each code, metres.
    """
    found = []
    for target in work.territories:
        if target.kind == "qpv_ensemble":
            found.append(_together(cube, codes, territories))
        elif target.kind == "hors_qpv":
            found.append(_rest(cube, codes, territories))
        else:
            rank = list(codes).index(target.kind)
            own = codes[target.kind]
            zone = _code(f"z{rank}", own)
            found.append(Place(target.kind, own, zone, cube.inside, cube.largest[""]))
            found += _rings(target, cube, own, widths.get(target.kind, {}))
    return found


def _rings(
    target: Target, cube: Cube, codes: Sequence[str], widths: Mapping[str, float]
) -> list[Place]:
    """Return the surroundings, one place a width."""
    if target.around is None:
        return []
    groups = cube.rings[target.kind]
    by_width: dict[float, list[str]] = {}
    for code in codes:
        by_width.setdefault(widths[code], []).append(code)
    found = []
    for width, own in sorted(by_width.items()):
        text = f"{width:g}".replace(".", "_")
        zone = _code("zone", codes)
        largest = cube.largest[target.kind]
        found.append(Place(target.kind, tuple(own), zone, groups, largest, f"autour_{text}m"))
    return found


def _code(column: str, codes: Sequence[str]) -> pl.Expr:
    return pl.col(column).replace_strict(
        dict(enumerate(codes)), default=None, return_dtype=pl.String
    )


def _contract(codes: Mapping[str, tuple[str, ...]], territories: Territories) -> pl.Expr:
    """Return the EPCI that runs the contract of the neighbourhood of a group."""
    of = {}
    for rank, code in enumerate(codes["qpv"]):
        item = territories.by_code("qpv", code)
        of[rank] = item.epci if item is not None else ""
    return pl.col(f"z{list(codes).index('qpv')}").replace_strict(
        of, default=None, return_dtype=pl.String
    )


def _together(cube: Cube, codes: Mapping[str, tuple[str, ...]], territories: Territories) -> Place:
    """All the neighbourhoods of an EPCI, when the outlines of all of them are known."""
    own, zone = _whole(codes, territories), _contract(codes, territories)
    return Place("qpv_ensemble", own, zone, cube.inside, cube.largest[""])


def _rest(cube: Cube, codes: Mapping[str, tuple[str, ...]], territories: Territories) -> Place:
    """What lies in an EPCI, outside the neighbourhoods of its contract."""
    epci = _code(f"z{list(codes).index('epci')}", codes["epci"])
    contract = _contract(codes, territories)
    zone = pl.when(contract.is_null() | (contract != epci)).then(epci)
    own = tuple(code for code in _whole(codes, territories) if code in codes["epci"])
    return Place("hors_qpv", own, zone, cube.inside, cube.largest[""])


def _whole(codes: Mapping[str, tuple[str, ...]], territories: Territories) -> tuple[str, ...]:
    """Return the EPCI all the neighbourhoods of which have an outline."""
    drawn = set(codes["qpv"])
    generations = {generation_of(code) for code in drawn}
    asked = [t for t in territories.of_kind("qpv") if generation_of(t.code) in generations]
    return tuple(
        epci
        for epci in sorted({t.epci for t in asked if t.epci})
        if all(t.code in drawn for t in asked if t.epci == epci)
    )
