"""What does the font itself say of its advances? A small reader of ``cmap`` and ``hmtx``.

Run as a script, it writes ``src/terril/figures/advances.json`` again.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

WEIGHTS = {"400": "Regular", "600": "Semibold", "700": "Bold"}


def characters() -> str:
    """The characters whose advances are kept: Latin 1, Latin extended A, punctuation."""
    latin = [chr(n) for n in range(0x20, 0x7F)] + [chr(n) for n in range(0xA0, 0x180)]
    return "".join(latin) + "‐‑–—‘’“”…€−\u202f\u2009′″←→≤≥ŒœŸȘșȚț"


def _tables(data: bytes) -> dict[str, bytes]:
    count = struct.unpack(">H", data[4:6])[0]
    tables = {}
    for i in range(count):
        tag, _, offset, length = struct.unpack(">4sIII", data[12 + 16 * i : 28 + 16 * i])
        tables[tag.decode()] = data[offset : offset + length]
    return tables


def _cmap(table: bytes) -> dict[int, int]:
    count = struct.unpack(">H", table[2:4])[0]
    for i in range(count):
        offset = struct.unpack(">I", table[8 + 8 * i : 12 + 8 * i])[0]
        if struct.unpack(">H", table[offset : offset + 2])[0] != 12:
            continue
        groups = struct.unpack(">I", table[offset + 12 : offset + 16])[0]
        found = {}
        for g in range(groups):
            at = offset + 16 + 12 * g
            first, last, glyph = struct.unpack(">III", table[at : at + 12])
            found.update({first + k: glyph + k for k in range(last - first + 1)})
        return found
    raise ValueError("no format 12 cmap")


def advances(font: Path) -> dict[str, int]:
    """Advance of each character of the font, in thousandths of an em."""
    tables = _tables(font.read_bytes())
    units = struct.unpack(">H", tables["head"][18:20])[0]
    metrics = struct.unpack(">H", tables["hhea"][34:36])[0]
    glyphs = _cmap(tables["cmap"])
    widths = {}
    for char in characters():
        glyph = glyphs.get(ord(char))
        if glyph is None:
            continue
        at = 4 * min(glyph, metrics - 1)
        advance = struct.unpack(">H", tables["hmtx"][at : at + 2])[0]
        widths[char] = round(advance * 1000 / units)
    return widths


def all_advances(fonts: Path) -> dict[str, dict[str, int]]:
    """By weight, then by character."""
    return {weight: advances(fonts / f"SourceSans3-{name}.ttf") for weight, name in WEIGHTS.items()}


if __name__ == "__main__":
    package = Path(__file__).resolve().parents[3] / "src" / "terril"
    table = all_advances(package / "reports" / "fonts")
    lines = json.dumps(table, ensure_ascii=True, separators=(",", ":"))
    (package / "figures" / "advances.json").write_text(lines + "\n", encoding="utf-8")
    sys.stdout.write(f"{sum(map(len, table.values()))} advances\n")
