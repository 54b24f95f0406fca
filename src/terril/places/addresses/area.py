"""For which addresses can « outside » be said, with the outlines that are loaded?

A file may hold the neighbourhoods of France, of a department, or of one contract. Outside all its
outlines, an address is out only where no other neighbourhood may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

import polars as pl

from terril.lib.french import liste
from terril.places.addresses.placing import Coverage
from terril.territories.generations import parse
from terril.territories.geometry import Layer

_COMMUNE_COLUMNS = ("insee_com", "codes_communes", "code_commune")


class Scope(StrEnum):
    """How the area is chosen; the words of the command line."""

    AUTO = "auto"
    COMMUNES = "communes"
    DEPARTMENT = "departement"
    EVERYWHERE = "partout"


def coverage_of(
    layer: Layer, scope: Scope, whole: bool = False, home: frozenset[str] = frozenset()
) -> tuple[Coverage, str]:
    """Return where outside can be said, and a sentence that says it.

    ``whole``: the layer holds every neighbourhood that is asked about (those of a contract).
    ``home``: communes (codes) whose neighbourhoods are known to be all there.
    ``AUTO``: everywhere if it is whole; else the departments whose codes of 2015 follow each other
    without a gap; else the communes that have an address inside an outline.
    """
    departments = _departments(layer.codes)
    if scope is Scope.EVERYWHERE or scope is Scope.AUTO and whole:
        return Coverage(everywhere=True), "Toute adresse située est dans un quartier, ou hors."
    if scope is Scope.DEPARTMENT:
        found = tuple(sorted(departments))
    elif scope is Scope.AUTO:
        found = tuple(sorted(d for d, full in departments.items() if full))
        if set(found) != set(departments):
            found = ()
    else:
        found = ()
    if found:
        named = liste([f"{_THE} {code}" for code in found])
        return (
            Coverage(departments=found),
            f"Zone couverte\u00a0: {named}. Ailleurs, une adresse est indéterminée.",
        )
    where = "les communes du contrat, et celles" if home else "les communes"
    return (
        Coverage(communes=home | _communes(layer), present=True),
        f"Zone couverte\u00a0: {where} qui ont un quartier dans le fichier des périmètres. "
        "Ailleurs, une adresse est indéterminée.",
    )


_THE = "le département"


def _departments(codes: Iterable[str]) -> dict[str, bool]:
    """Return the departments of the codes, and whether the numbers of each have no gap."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for code in codes:
        read = parse(code)
        if read is not None:
            numbers[read.department].append(read.number)
    return {
        department: sorted(found) == list(range(1, len(found) + 1))
        for department, found in numbers.items()
    }


def _communes(layer: Layer) -> set[str]:
    """Return the communes that the file names beside its outlines."""
    found: set[str] = set()
    for name in layer.attributes.columns:
        if name.lower() in _COMMUNE_COLUMNS:
            codes = layer.attributes[name].cast(pl.String).drop_nulls()
            found.update(codes.str.extract_all(r"\d[0-9AB]\d{3}").explode().drop_nulls().to_list())
    return found
