"""How do the neighbourhoods of a contract fare on one theme, each in its place?

The schematic map with the signal of a theme on each square, by shape and colour; each square
is a link to its neighbourhood, with its name and its word as a label for those who do not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terril.figures.links import linked
from terril.figures.signals import GRID, signal_parts
from terril.figures.svg import document, label, num, rect
from terril.figures.tiles import Placed, TileMark, laid_out
from terril.lib.tokens import COLOURS

_MARK: Final = 10.0
_TOKENS: Final = {"favorable": "favorable", "difficile": "difficile"}


@dataclass(frozen=True, slots=True)
class SignalTile:
    """A square, the signal of its neighbourhood, and where it leads."""

    tile: TileMark
    kind: str  # favorable | moyen | difficile | indetermine
    hollow: bool
    word: str  # « en difficulté, sûr à 85 % »
    href: str


def signal_tiles(tiles: Sequence[SignalTile], width: float, height: float, title: str) -> str:
    """The map in ``width`` × ``height`` points. Raises ``ValueError`` without a tile."""
    if not tiles:
        raise ValueError("a tile map needs at least one tile")
    # as if each square had a row of marks: the shape stands there
    marks = [
        TileMark(t.tile.code, t.tile.label, t.tile.column, t.tile.row, difficult=1) for t in tiles
    ]
    parts = [
        _square(item, placed)
        for item, placed in zip(tiles, laid_out(marks, width, height), strict=True)
    ]
    return document(width, height, title, parts)


def _square(item: SignalTile, placed: Placed) -> str:
    edge = COLOURS[_TOKENS.get(item.kind, "gris")]
    dash = ' stroke-dasharray="3 2"' if item.kind == "indetermine" else ""
    said = f"{item.tile.label}\u00a0: {item.word}"
    parts = [
        rect(
            placed.x + 0.5,
            placed.y + 0.5,
            placed.wide - 1,
            placed.high - 1,
            f'fill="{COLOURS["blanc"]}" stroke="{edge}" stroke-width="1"{dash}',
        ),
    ]
    for number, line in enumerate(placed.lines):
        base = placed.y + 3 + placed.size * 0.68 + number * placed.size * 1.06
        parts.append(label(placed.x + 3, base, line, size=placed.size))
    parts.append(
        f'<g transform="translate({num(placed.x + placed.wide - _MARK - 3)} '
        f'{num(placed.y + placed.high - _MARK - 3)}) scale({_MARK / GRID:.4f})">'
        f"{signal_parts(item.kind, item.hollow)}</g>"
    )
    return linked(item.href, said, "".join(parts))
