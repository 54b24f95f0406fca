"""A small invented town in the format of the address base, for the tests of addresses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from ban_world import HEAD
from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.places.addresses.base import Base, open_base
from terril.places.addresses.match import Match, Matcher
from terril.places.addresses.parse import Line, address_of
from terril.places.addresses.placing import Answer, Coverage, Placer
from terril.places.addresses.prepare import prepare
from terril.places.addresses.rules import Rules
from terril.territories.geometry import Layer, as_shapes

RULES = Rules.of(load_catalogue())
EVERYWHERE = Coverage(everywhere=True)


def row(
    number: int | str,
    street: str,
    x: float | str,
    y: float | str,
    *,
    suffix: str = "",
    insee: str = "62001",
    commune: str = "Valmont",
    postcode: str = "62010",
    former: tuple[str, str] = ("", ""),
    position: str = "entrée",
    lonlat: tuple[str, str] = ("", ""),
    afnor: str = "",
) -> str:
    """One line of the base."""
    return ";".join(
        [
            f"{insee}_0001_{number}", "", str(number), suffix, street, postcode, insee, commune,
            *former, str(x), str(y), *lonlat, position, "", "", commune.upper(), afnor,
            "commune", "commune", "1", "",
        ]
    )  # fmt: skip


def street(
    name: str, numbers: Iterable[int], y: float = 0.0, x: float = 0.0, **others: Any
) -> list[str]:
    """A street along the x axis: ten metres a number, even numbers twenty metres north."""
    return [
        row(n, name, 650_000 + x + 10 * n, 7_000_000 + y + (20 if n % 2 == 0 else 0), **others)
        for n in numbers
    ]


def square(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle, metres from the corner of the town."""
    return shapely.box(650_000 + west, 7_000_000 + south, 650_000 + east, 7_000_000 + north)


def layer(*shapes: shapely.Polygon, codes: Iterable[str] = ()) -> Layer:
    """Neighbourhoods QP062001, QP062002… of these shapes."""
    names = tuple(codes) or tuple(f"QP0620{n:02d}" for n in range(1, len(shapes) + 1))
    return Layer("qpv", "2015", 2154, names, names, as_shapes(shapes), pl.DataFrame(), "qpv.gpkg")


def base_of(rows: Iterable[str], folder: Path) -> Base:
    """Prepare and open a base of these lines."""
    source, problems = folder / "adresses.csv", ProblemList()
    source.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    assert prepare(source, folder / "adresses.sqlite", problems), list(problems)
    base = open_base(folder / "adresses.sqlite", problems)
    assert base is not None, list(problems)
    return base


def match_of(base: Base, text: str, **cells: str) -> Match:
    """Match a line."""
    matcher = Matcher(base, RULES)
    return matcher.match(address_of(Line(text, **cells), matcher.is_place))


def answer_of(
    base: Base,
    outlines: Layer,
    text: str,
    coverage: Coverage = EVERYWHERE,
    rules: Rules = RULES,
    **cells: str,
) -> Answer:
    """Answer for a line."""
    matcher = Matcher(base, rules)
    match = matcher.match(address_of(Line(text, **cells), matcher.is_place))
    return Placer(base, outlines, rules, coverage).answer(match)
