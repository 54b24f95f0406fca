"""Which marks does a map carry besides its shapes: places, scale bar, north, key?

A place is told by its shape, then by its colour: in grey print the shape carries all. Shapes
are those of no signal (▲ ● ▼). Every mark has a white edge, so that it stands on any ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, floor, log10, pi, sin
from typing import Final

from terril.figures.metrics import text_width, wrap
from terril.figures.svg import MM, colour, document, fill, label, num, path, rect, stroke
from terril.lib.french import FINE, nombre

EDGE: Final = 0.9  # white edge of the marks, points
RADIUS: Final = 3.5


def _polygon(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "z"


def _star(r: float, inner: float, arms: int) -> str:
    points = []
    for k in range(2 * arms):
        reach = r if k % 2 == 0 else inner
        angle = pi * k / arms - pi / 2
        points.append((reach * cos(angle), reach * sin(angle)))
    return _polygon(points)


def _disc(r: float) -> str:
    n = num(r)
    return f"M{num(-r)} 0a{n} {n} 0 1 0 {num(2 * r)} 0a{n} {n} 0 1 0 {num(-2 * r)} 0z"


def _square(r: float) -> str:
    return _polygon(((-r, -r), (r, -r), (r, r), (-r, r)))


def _cross(r: float, arm: float) -> str:
    return _polygon(
        (
            (-arm, -r), (arm, -r), (arm, -arm), (r, -arm), (r, arm), (arm, arm),
            (arm, r), (-arm, r), (-arm, arm), (-r, arm), (-r, -arm), (-arm, -arm),
        )
    )  # fmt: skip


def _house(r: float) -> str:
    return _polygon(((0, -r), (r, -0.15 * r), (r, 0.9 * r), (-r, 0.9 * r), (-r, -0.15 * r)))


def _rotated(r: float) -> str:
    return _polygon(((0, -r), (r, 0), (0, r), (-r, 0)))


#: outline of each shape, and whether it is hollow
SHAPES: Final[dict[str, tuple[Callable[[float], str], bool]]] = {
    "carre": (lambda r: _square(0.84 * r), False),
    "carre-vide": (lambda r: _square(0.72 * r), True),
    "losange": (lambda r: _rotated(1.2 * r), False),
    "disque": (lambda r: _disc(0.94 * r), False),
    "anneau": (lambda r: _disc(0.82 * r), True),
    "croix": (lambda r: _cross(1.06 * r, 0.4 * r), False),
    "croix-vide": (lambda r: _cross(0.96 * r, 0.36 * r), True),
    "maison": (lambda r: _house(r), False),
    "maison-vide": (lambda r: _house(0.88 * r), True),
    "etoile": (lambda r: _star(1.22 * r, 0.52 * r, 5), False),
    "point": (lambda r: _disc(0.5 * r), False),
}


@lru_cache(maxsize=512)
def _mark(shape: str, token: str, radius: float) -> str:
    """The outline of a mark around the origin, and its attributes."""
    outline, hollow = SHAPES[shape]
    d = outline(radius)
    if not hollow:
        edge = f'stroke="{colour("blanc")}" stroke-width="{num(EDGE)}" paint-order="stroke"'
        return f'd="{d}" {fill(token)} {edge}'
    return f'd="{d}" fill="{colour("blanc")}" stroke="{colour(token)}" stroke-width="1.2"'


def mark(shape: str, token: str, x: float, y: float, radius: float = RADIUS) -> str:
    """One place at ``x``, ``y``; raises ``KeyError`` for a shape that does not exist."""
    return f'<path transform="translate({num(x)} {num(y)})" {_mark(shape, token, radius)}/>'


def marks(
    shape: str, token: str, centres: Iterable[tuple[float, float]], radius: float = RADIUS
) -> str:
    """Many places of one category as one path: a few bytes each."""
    attributes = _mark(shape, token, radius)
    d, rest = attributes.split('"', 2)[1:]
    start, _, tail = d[1:].partition("L" if "L" in d else "a")
    x0, y0 = (float(v) for v in start.split(" "))
    if "L" in d:  # absolute corners become steps
        points = [tuple(map(float, p.split(" "))) for p in tail.rstrip("z").split("L")]
        steps = zip(points, [(x0, y0), *points], strict=False)
        tail = "l" + " ".join(f"{num(x - a)} {num(y - b)}" for (x, y), (a, b) in steps) + "z"
    else:
        tail = "a" + tail
    tail = tail.replace(" -", "-")
    drawn = "".join(f"M{num(x + x0)} {num(y + y0)}{tail}" for x, y in centres)
    return path(drawn, rest.strip())


# ------------------------------------------------------------------ scale and north


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of a round number of metres: its length in points and its words."""

    metres: int
    length: float
    text: str

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of bar and words."""
        return self.length + 4 + text_width(self.text, 7.2, 600) + 2, 9.0


def scale_bar(scale: float, most: float) -> ScaleBar:
    """The longest bar of 1, 2 or 5 × 10ⁿ metres that holds in ``most`` points.

    ``scale``: points a metre.
    """
    limit = most / scale
    unit = 10 ** floor(log10(limit))
    metres = next(int(unit * step) for step in (5, 2, 1) if unit * step <= limit)
    text = f"{nombre(metres)}{FINE}m" if metres < 1000 else f"{nombre(metres / 1000)}{FINE}km"
    return ScaleBar(metres, metres * scale, text)


def draw_scale(bar: ScaleBar, x: float, y: float) -> str:
    """The bar with its left at ``x`` and its foot at ``y``."""
    base = y - 2.0
    d = f"M{num(x)} {num(base - 3.4)}v3.4h{num(bar.length)}v-3.4"
    return (
        path(d, stroke("blanc", 2.8, 'stroke-linejoin="round" stroke-opacity="0.85"'))
        + path(d, stroke("ardoise", 0.9))
        + label(x + bar.length + 4, base + 0.6, bar.text, size=7.2, weight=600, halo=2.2)
    )


NORTH: Final = (10.0, 19.0)


def draw_north(x: float, y: float) -> str:
    """A half-shaded arrow and its letter, in a box of ``NORTH`` whose corner is ``x``, ``y``."""
    cx, top = x + NORTH[0] / 2, y + 1
    whole = f"M{num(cx)} {num(top)}l3.4 9.4-3.4-2.2-3.4 2.2z"
    return (
        path(whole, f'{fill("ardoise")} stroke="{colour("blanc")}" stroke-width="1.4"'
                    ' stroke-linejoin="round" paint-order="stroke"')
        + label(cx, y + NORTH[1] - 1, "N", size=7.2, weight=700, anchor="middle", halo=2)
    )  # fmt: skip


# ------------------------------------------------------------------ keys

_KEY_SIZE: Final = 7.2
_KEY_ROW: Final = 9.6
_KEY_LEAD: Final = 8.0
_KEY_GAP: Final = 4.0
_KEY_WIDEST: Final = 104.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a key: the shape and token of a mark, or a number, and its words."""

    words: str
    shape: str = ""
    token: str = "ardoise"
    number: str = ""


@dataclass(frozen=True, slots=True)
class KeyBlock:
    """Entries one under another, in one or two columns, on a white ground; long ones wrapped."""

    entries: tuple[Entry, ...]
    columns: int = 1

    def _columns(self) -> list[list[tuple[Entry, list[str]]]]:
        held = [(entry, wrap(entry.words, _KEY_WIDEST, _KEY_SIZE)) for entry in self.entries]
        rows = -(-len(held) // self.columns)
        return [held[i * rows : (i + 1) * rows] for i in range(self.columns)]

    @staticmethod
    def _height(column: list[tuple[Entry, list[str]]]) -> float:
        return sum(_KEY_ROW + (len(lines) - 1) * _KEY_LEAD for _, lines in column)

    @staticmethod
    def _width(column: list[tuple[Entry, list[str]]]) -> float:
        widths = [text_width(line, _KEY_SIZE) for _, lines in column for line in lines]
        return 11.0 + max(widths, default=0.0)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the block."""
        columns = self._columns()
        width = sum(self._width(c) for c in columns) + 6.0 * (self.columns - 1)
        height = max((self._height(c) for c in columns), default=0.0)
        return width + 2 * _KEY_GAP, height + 2 * _KEY_GAP - 2.4

    def draw(self, x: float, y: float) -> str:
        """The block with its corner at ``x``, ``y``."""
        parts = [rect(x, y, *self.size, f'{fill("blanc")} fill-opacity="0.88"')]
        left = x + _KEY_GAP
        for column in self._columns():
            middle = y + _KEY_GAP + 3.6
            for entry, lines in column:
                if entry.shape:
                    parts.append(mark(entry.shape, entry.token, left + 3.6, middle, 3.1))
                if entry.number:
                    parts.append(
                        label(left + 6.6, middle + 2.4, entry.number, size=_KEY_SIZE, weight=700,
                              anchor="end")
                    )  # fmt: skip
                for number, line in enumerate(lines):
                    base = middle + 2.4 + number * _KEY_LEAD
                    parts.append(label(left + 11, base, line, size=_KEY_SIZE))
                middle += _KEY_ROW + (len(lines) - 1) * _KEY_LEAD
            left += self._width(column) + 6.0
        return "".join(parts)


def swatch(title: str, attributes: str, more: Sequence[str] = ()) -> str:
    """A small rectangle for a key."""
    return document(10, 8, title, [rect(0.6, 0.9, 8.8, 6.2, attributes), *more])


def dash(title: str, attributes: str, width: float = 6 * MM) -> str:
    """A piece of line for a key."""
    return document(width, 8, title, [path(f"M0 4h{num(width)}", attributes)])
