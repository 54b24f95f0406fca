"""How is a small, deterministic SVG written?

User unit = 1 pt, numbers with two decimals at most, one ``title``, colours from the
tokens. The same text goes into the PDF and into a page: :func:`for_web` only swaps the
colours for the custom properties of the style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from terril.lib.tokens import COLOURS, FONT_FAMILY

MM: Final = 72 / 25.4  # points in a millimetre
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escape(text: str) -> str:
    """Text made safe for an element or an attribute."""
    return text.translate(_ESCAPES)


@lru_cache(maxsize=131_072)
def num(value: float) -> str:
    """A coordinate in points: two decimals at most, no trailing zero, no « -0 »."""
    text = f"{round(value, 2):g}"
    return "0" if text == "-0" else text


def colour(token: str) -> str:
    """The value of a token, ``KeyError`` if it does not exist."""
    return COLOURS[token]


def document(
    width: float,
    height: float,
    title: str,
    parts: Iterable[str],
    *,
    x: float = 0,
    y: float = 0,
    desc: str = "",
) -> str:
    """A whole SVG of ``width`` × ``height`` points, origin at ``x``, ``y``.

    ``desc`` is what the figure says in words, for those who do not see it.
    """
    box = f"{num(x)} {num(y)} {num(width)} {num(height)}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"'
        f' width="{num(width)}" height="{num(height)}"><title>{escape(title)}</title>'
    )
    if desc:
        head += f"<desc>{escape(desc)}</desc>"
    return head + "".join(parts) + "</svg>"


def rect(x: float, y: float, w: float, h: float, attributes: str) -> str:
    """A rectangle; ``attributes`` is written as it is."""
    return f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" {attributes}/>'


def circle(x: float, y: float, r: float, attributes: str) -> str:
    """A circle; ``attributes`` is written as it is."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" {attributes}/>'


def path(d: str, attributes: str) -> str:
    """A path; ``attributes`` is written as it is."""
    return f'<path d="{d}" {attributes}/>'


def fill(token: str) -> str:
    """The attribute that fills with a token."""
    return f'fill="{COLOURS[token]}"'


def stroke(token: str, width: float, extra: str = "") -> str:
    """The attributes that draw an outline with a token, without filling."""
    text = f'fill="none" stroke="{COLOURS[token]}" stroke-width="{num(width)}"'
    return f"{text} {extra}" if extra else text


def label(
    x: float,
    y: float,
    text: str,
    *,
    size: float = 7.2,
    weight: int = 400,
    token: str = "ardoise",
    anchor: str = "start",
    halo: float = 0,
    italic: bool = False,
    spacing: float = 0,
    edge: str = "blanc",
) -> str:
    """A line of text with its baseline at ``y``; ``halo`` is an edge in points.

    ``edge``: token of the halo, white as a rule. ``spacing``: points between letters.
    """
    parts = [
        f'<text x="{num(x)}" y="{num(y)}" font-family="{FONT_FAMILY}" font-size="{num(size)}"',
        f' font-weight="{weight}"' if weight != 400 else "",
        ' font-style="italic"' if italic else "",
        f' text-anchor="{anchor}"' if anchor != "start" else "",
        f' letter-spacing="{num(spacing)}"' if spacing else "",
        f' fill="{COLOURS[token]}"',
    ]
    tail = f">{escape(text)}</text>"
    plain = "".join(parts) + tail
    if not halo:
        return plain
    ring = f' stroke="{COLOURS[edge]}" stroke-width="{num(halo)}" stroke-linejoin="round"'
    # the halo is a copy underneath, hidden from readers: not every renderer knows paint-order
    return "".join(parts) + ring + ' aria-hidden="true"' + tail + plain


def ticks(xs: Iterable[float], top: float, bottom: float, attributes: str) -> str:
    """Vertical ticks as one path; equal positions (to the hundredth) are drawn once."""
    seen = sorted({num(x): x for x in xs}.items(), key=lambda item: item[1])
    if not seen:
        return ""
    d = "".join(f"M{x} {num(top)}V{num(bottom)}" for x, _ in seen)
    return path(d, attributes)


def for_web(svg: str) -> str:
    """The same figure with ``var(--token, value)`` in the place of each colour."""
    for token, value in COLOURS.items():
        svg = svg.replace(f'"{value}"', f'"var(--{token}, {value})"')
    return svg


_SIZE: Final = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def size_of(svg: str) -> tuple[float, float]:
    """Width and height in points of a figure of this package."""
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("not a figure of this package")
    return float(found[1]), float(found[2])
