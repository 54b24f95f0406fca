"""Where do the neighbourhoods of an agglomeration lie, when no perimeter is loaded?

A schematic map: one square a neighbourhood, placed as on the ground, this one in brick,
those of the same commune outlined. Squares carry their names: where those do not hold at a
legible size the grid is made smaller, every square as near as can be to its place; then
names are cut at a dash or abbreviated, and in the last resort the end of the code stands.
A row of small ▼ says how many themes are « en difficulté » there. The grid is chosen for
the least height of the map, so that all the sheets of an agglomeration share it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from terril.figures.metrics import abbreviate, fits, wrap
from terril.figures.svg import MM, document, label, num, path, rect
from terril.lib.tokens import COLOURS

_SIZES: Final = (8.6, 8.2, 7.8, 7.4, 7.1)  # points; nothing under 7
_LEADING: Final = 1.06
_PAD: Final = 3.0
_GAP: Final = 2.8
_LARGEST: Final = 66.0  # a lone square does not fill the frame
_WEIGHT: Final = 600  # names are measured as this neighbourhood's, which is in Semibold
_LEAST: Final = 72 * MM
_LOOSE: Final = 1.25  # cells for a square, at least: empty ones make the shape
_MARGIN: Final = 8.0
_MARK: Final = 5.2  # height of the row of ▼
_WIDEST: Final = 1.35  # a tile stays near a square


@dataclass(frozen=True, slots=True)
class TileMark:
    """One square: ``column`` and ``row`` from 0, north at row 0.

    ``difficult`` is the number of themes in difficulty, ``None`` when it is not shown.
    """

    code: str
    label: str
    column: int
    row: int
    own: bool = False
    same_commune: bool = False
    difficult: int | None = None


def _candidates(text: str, width: float, size: float, weight: int) -> list[str]:
    """The name with its too long words abbreviated, then its beginning before each dash."""
    words = [abbreviate(word, width, size, weight) for word in text.split(" ")]
    parts = " ".join(words).replace(" - ", " – ").split(" – ")
    return [" – ".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _room(height: float, marks: bool) -> float:
    return height - 2 * _PAD - (_MARK if marks else 0)


def _lines(text: str, width: float, height: float, size: float, weight: int) -> list[str] | None:
    for bound in _bound(text):
        lines = wrap(bound, width, size, weight)
        tall = size * 0.72 + (len(lines) - 1) * size * _LEADING
        if fits(lines, width, size, weight) and tall <= height:
            return [line.replace("\u00a0", " ") for line in lines]
    return None


def _bound(text: str) -> list[str]:
    """The name with its dashes and numbers held to the word before, then as it is."""
    plain = text.replace(" - ", " – ")
    dashes = plain.replace(" –", "\u00a0–")
    return [re.sub(r"(?<=\w) (?=\d)", "\u00a0", dashes), dashes, plain]


@dataclass(frozen=True, slots=True)
class _Square:
    """What the arrangement depends on: neither which one is « own » nor its colours."""

    code: str
    label: str
    column: int
    row: int
    marked: bool


@dataclass(frozen=True, slots=True)
class _Grid:
    """How large the squares are, what is written in them, and where they lie."""

    columns: int
    rows: int
    wide: float
    high: float
    size: float
    texts: tuple[tuple[str, ...], ...]
    whole: int  # names written whole
    places: tuple[tuple[int, int], ...] = ()


def _settle(
    squares: tuple[_Square, ...], columns: int, rows: int, width: float, height: float
) -> _Grid:
    """The largest size at which all whole names hold; else the smallest, names cut."""
    high = min((height - 2 * _MARGIN + _GAP) / rows - _GAP, _LARGEST)
    wide = min((width - 2 * _MARGIN + _GAP) / columns - _GAP, _LARGEST * _WIDEST)
    wide = min(wide, high * _WIDEST)
    high = min(high, wide * 1.1)
    inner = wide - 2 * _PAD + 1.2
    for size in _SIZES:
        found = []
        for square in squares:
            lines = _lines(square.label, inner, _room(high, square.marked), size, _WEIGHT)
            if lines is None:
                break
            found.append(tuple(lines))
        else:
            return _Grid(columns, rows, wide, high, size, tuple(found), len(squares))
    size, texts, whole = _SIZES[-1], [], 0
    for square in squares:
        room = _room(high, square.marked)
        lines = _lines(square.label, inner, room, size, _WEIGHT)
        whole += lines is not None
        for name in _candidates(square.label, inner, size, _WEIGHT):
            lines = lines or _lines(name, inner, room, size, _WEIGHT)
        texts.append(tuple(lines or [square.code[-3:]]))
    return _Grid(columns, rows, wide, high, size, tuple(texts), whole)


def _assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """The column given to each row at least total cost (Hungarian method, rows ≤ columns)."""
    n, m = len(costs), len(costs[0])
    u, v = [0.0] * (n + 1), [0.0] * (m + 1)
    taken = [0] * (m + 1)  # taken[j]: the row (from 1) that holds column j
    for i in range(1, n + 1):
        taken[0] = i
        j0 = 0
        least, way, used = [float("inf")] * (m + 1), [0] * (m + 1), [False] * (m + 1)
        while taken[j0]:
            used[j0] = True
            row, delta, j1 = taken[j0], float("inf"), 0
            for j in range(1, m + 1):
                if used[j]:
                    continue
                slack = costs[row - 1][j - 1] - u[row] - v[j]
                if slack < least[j]:
                    least[j], way[j] = slack, j0
                if least[j] < delta:
                    delta, j1 = least[j], j
            for j in range(m + 1):
                if used[j]:
                    u[taken[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
        while j0:
            taken[j0] = taken[way[j0]]
            j0 = way[j0]
    result = [0] * n
    for j in range(1, m + 1):
        if taken[j]:
            result[taken[j] - 1] = j - 1
    return result


def _places(
    squares: Sequence[_Square], columns: int, rows: int, last: tuple[int, int]
) -> tuple[tuple[int, int], ...]:
    """Each square's cell on a smaller grid, as near as can be to its declared place."""
    sx = (columns - 1) / max(last[0], 1)
    sy = (rows - 1) / max(last[1], 1)
    cells = [(x, y) for y in range(rows) for x in range(columns)]
    costs = [[(s.column * sx - x) ** 2 + (s.row * sy - y) ** 2 for x, y in cells] for s in squares]
    return tuple(cells[k] for k in _assign(costs))


@lru_cache(maxsize=256)
def _arrange(squares: tuple[_Square, ...], width: float, height: float) -> _Grid:
    """The grid as it is declared, or a smaller one when the names would not hold on it."""
    last = max(s.column for s in squares), max(s.row for s in squares)
    declared = _settle(squares, last[0] + 1, last[1] + 1, width, height)
    best = replace(declared, places=tuple((s.column, s.row) for s in squares))
    if declared.whole == len(squares):
        return best
    smaller = [
        (columns, rows)
        for columns in range(1, last[0] + 2)
        for rows in range(1, last[1] + 2)
        if columns * rows >= len(squares) * _LOOSE and (columns, rows) != (last[0] + 1, last[1] + 1)
    ]
    for columns, rows in sorted(smaller, key=lambda cr: (-cr[0] * cr[1], cr[0])):
        grid = _settle(squares, columns, rows, width, height)
        if grid.whole > best.whole:
            best = replace(grid, places=())
        if grid.whole == len(squares):
            break
    if best.places:
        return best
    return replace(best, places=_places(squares, best.columns, best.rows, last))


_fill = lru_cache(maxsize=256)(_settle)


def _triangles(x: float, y: float, count: int, token: str, pitch: float) -> str:
    d = "".join(f"M{num(x + i * pitch)} {num(y - 3.4)}h4l-2 3.5z" for i in range(count))
    return path(d, f'fill="{COLOURS[token]}"')


@dataclass(frozen=True, slots=True)
class Placed:
    """A square where it is drawn, in points, its name cut into lines."""

    tile: TileMark
    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    high: float
    size: float  # of the name


def laid_out(tiles: Sequence[TileMark], width: float, height: float) -> list[Placed]:
    """Where each square stands in ``width`` × ``height`` points. At least one tile."""
    left, top = min(t.column for t in tiles), min(t.row for t in tiles)
    squares = tuple(
        _Square(t.code, t.label, t.column - left, t.row - top, bool(t.difficult)) for t in tiles
    )
    chosen = _arrange(squares, round(width, 1), round(min(height, _LEAST), 1))
    grid = _fill(squares, chosen.columns, chosen.rows, round(width, 1), round(height, 1))
    x0 = (width - grid.columns * (grid.wide + _GAP) + _GAP) / 2
    y0 = (height - grid.rows * (grid.high + _GAP) + _GAP) / 2
    return [
        Placed(
            tile,
            lines,
            x0 + column * (grid.wide + _GAP),
            y0 + row * (grid.high + _GAP),
            grid.wide,
            grid.high,
            grid.size,
        )
        for tile, lines, (column, row) in zip(tiles, grid.texts, chosen.places, strict=True)
    ]


def tile_map(tiles: Sequence[TileMark], width: float, height: float) -> str:
    """The schematic map in ``width`` × ``height`` points; its frame is drawn by the page.

    Raises ``ValueError`` without a tile: then there is no map to draw.
    """
    if not tiles:
        raise ValueError("a tile map needs at least one tile")
    placed = laid_out(tiles, width, height)
    parts = [_tile(p.tile, p.lines, p.x, p.y, p.wide, p.high, p.size) for p in placed]
    return document(width, height, "plan schématique des quartiers", parts)


def _tile(
    tile: TileMark, lines: Sequence[str], x: float, y: float, w: float, h: float, size: float
) -> str:
    if tile.own:
        ground, ink, mark = f'fill="{COLOURS["brique"]}"', "blanc", "blanc"
    elif tile.same_commune:
        ground = f'fill="{COLOURS["blanc"]}" stroke="{COLOURS["ardoise"]}" stroke-width="0.8"'
        ink, mark = "ardoise", "difficile"
    else:
        ground, ink, mark = f'fill="{COLOURS["cheveu"]}"', "ardoise", "difficile"
    inset = 0.4 if tile.same_commune and not tile.own else 0
    parts = [rect(x + inset, y + inset, w - 2 * inset, h - 2 * inset, ground)]
    base = y + _PAD + size * 0.68
    for number, line in enumerate(lines):
        parts.append(
            label(
                x + _PAD,
                base + number * size * _LEADING,
                line,
                size=size,
                weight=600 if tile.own else 400,
                token=ink,
            )
        )
    if tile.difficult:
        pitch = min(5.2, (w - 2 * _PAD - 4) / max(tile.difficult - 1, 1))
        parts.append(_triangles(x + _PAD, y + h - _PAD, tile.difficult, mark, pitch))
    return "".join(parts)


def tile_map_alt(tiles: Sequence[TileMark]) -> str:
    """What the map shows, in words: the neighbourhood, its side, those of its commune."""
    own = next((t for t in tiles if t.own), None)
    text = f"Plan schématique de {len(tiles)} quartiers prioritaires, un carré par quartier."
    if own is None:
        return text
    text += f" {own.label} est {_side(own, tiles)}."
    same = [t.label for t in tiles if t.same_commune and not t.own]
    if same:
        text += f" Dans la même commune\u00a0: {', '.join(same)}."
    if own.difficult is not None:
        count = own.difficult
        text += (
            " Aucun thème n’y est en difficulté."
            if not count
            else f" {count} thème{'s' if count > 1 else ''} en difficulté."
        )
    return text


def _side(own: TileMark, tiles: Sequence[TileMark]) -> str:
    def third(value: int, values: list[int]) -> int:
        low, high = min(values), max(values)
        if low == high:
            return 0
        share = (value - low) / (high - low)
        return -1 if share < 1 / 3 else 1 if share > 2 / 3 else 0

    ns = {-1: "nord", 0: "", 1: "sud"}[third(own.row, [t.row for t in tiles])]
    ew = {-1: "ouest", 0: "", 1: "est"}[third(own.column, [t.column for t in tiles])]
    side = "-".join(part for part in (ns, ew) if part)
    if not side:
        return "au centre"
    return f"à l’{side}" if side[0] in "eo" else f"au {side}"


def tile_keys(marks: bool = True, same: bool = True) -> list[tuple[str, str]]:
    """The key of the map: a small SVG and its words."""

    def square(attributes: str, title: str) -> str:
        return document(8, 8, title, [rect(0.5, 0.5, 7, 7, attributes)])

    edge = f'fill="{COLOURS["blanc"]}" stroke="{COLOURS["ardoise"]}" stroke-width="0.8"'
    keys = [(square(f'fill="{COLOURS["brique"]}"', "ce quartier"), "ce quartier")]
    if same:
        keys.append((square(edge, "même commune"), "même commune"))
    if marks:
        drawing = document(5, 8, "thème en difficulté", [_triangles(0.5, 6, 1, "difficile", 5)])
        keys.append((drawing, "thème en difficulté"))
    return keys
