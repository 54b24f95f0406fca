"""Which outlines does an edition hold, for a page or a file that asks for them?

``perimetres.gpkg`` is read when it is first asked for and kept for the two editions that were
asked last. An edition sealed without outlines has none.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from terril.editions.look import Look
from terril.editions.outlines_file import FILE_NAME, read_outlines_file
from terril.sources.outlines_layers import Outlines
from terril.territories.geometry import Layer


def has_outlines(look: Look) -> bool:
    """Does the edition hold the outlines of its neighbourhoods?"""
    return (look.path / FILE_NAME).is_file()


def outlines(look: Look) -> Outlines | None:
    """Return the outlines of an edition, ``None`` when it has none."""
    return _read(look.path / FILE_NAME, look.mark) if has_outlines(look) else None


def layer(look: Look, kind: str) -> Layer | None:
    """Return the outlines of a kind of territory: qpv (of the edition's generation), commune…"""
    held = outlines(look)
    if held is None:
        return None
    return held.get(kind, look.info.generation if kind == "qpv" else "")


@lru_cache(maxsize=2)
def _read(path: Path, _mark: str) -> Outlines:
    return read_outlines_file(path)
