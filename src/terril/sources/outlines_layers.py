"""What are the outlines of a project, and what was found out about them?

Layers by nature and generation, the shares of surface of each neighbourhood by commune and by
EPCI, and where each layer lies from another. Readers make them; an edition keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import polars as pl

from terril.sources.read import FileRead
from terril.territories.geometry import Layer
from terril.territories.geometry_straddle import STRADDLES

_ROW: Final = "\x00rang"  # no head of a file is like it

#: one row a pair of layers whose borders were compared
SHIFTS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "nature": pl.String,
    "generation": pl.String,
    "reference": pl.String,  # nature of the other layer
    "reference_generation": pl.String,
    "verdict": pl.String,  # « aligne » | « decale » | « indetermine »
    "metres": pl.Float64,
    "east": pl.Float64,
    "north": pl.Float64,
    "clear": pl.Float64,  # height of the peak over the noise, standard deviations
    "cause": pl.String,  # datum that was forgotten, or ""
}


@dataclass(frozen=True)
class Outlines:
    """The outlines of a project, all in one grid in metres.

    ``layers``: one a nature and generation. ``straddles``: columns of ``STRADDLES``;
    ``shifts``: columns of ``SHIFTS``; ``files``: the files read, for the manifest.
    """

    layers: tuple[Layer, ...] = ()
    straddles: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STRADDLES))
    shifts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHIFTS))
    files: tuple[FileRead, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.layers)

    def get(self, nature: str, generation: str = "") -> Layer | None:
        """Return the layer of a nature and generation, or ``None``."""
        for layer in self.layers:
            if (layer.nature, layer.generation) == (nature, generation):
                return layer
        return None

    @property
    def crs(self) -> int:
        """The EPSG code of the grid, 0 without layer."""
        return self.layers[0].crs if self.layers else 0


def joined(layers: Iterable[Layer]) -> tuple[Layer, list[str]]:
    """Return one layer of several of one nature, and the codes that stand in two of them.

    The first layer that has a code wins. Codes are in order, other columns become texts; the
    file is all their files, with the fingerprint of the first. Raises ``ValueError`` on two grids.
    """
    listed = list(layers)
    first = listed[0]
    if len(listed) == 1:
        return first, []
    if any(layer.crs != first.crs for layer in listed):
        raise ValueError("two grids")
    seen: set[str] = set()
    parts: list[Layer] = []
    doubled: list[str] = []
    for layer in listed:
        doubled += [code for code in layer.codes if code in seen]
        parts.append(layer.pick(code for code in layer.codes if code not in seen))
        seen.update(layer.codes)
    codes = [code for part in parts for code in part.codes]
    order = sorted(range(len(codes)), key=codes.__getitem__)
    labels = [label for part in parts for label in part.labels]
    rows = [pl.DataFrame({_ROW: range(len(part))}) for part in parts]
    texts = [
        row.hstack(part.attributes.with_columns(pl.all().cast(pl.String)))
        if part.attributes.width
        else row
        for row, part in zip(rows, parts, strict=True)
    ]
    attributes = pl.concat(texts, how="diagonal")[order].drop(_ROW)
    whole = replace(
        first,
        codes=tuple(codes[i] for i in order),
        labels=tuple(labels[i] for i in order),
        shapes=np.concatenate([part.shapes for part in parts])[order],
        attributes=attributes,
        file=", ".join(dict.fromkeys(layer.file for layer in listed)),
    )
    return whole, doubled
