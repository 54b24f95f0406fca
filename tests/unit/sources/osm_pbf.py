"""Writes a small OpenStreetMap extract in its binary form (.osm.pbf), for the tests."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

Node = tuple[int, float, float, Mapping[str, str]]
Way = tuple[int, Sequence[int], Mapping[str, str]]


def _varint(value: int) -> bytes:
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _deltas(values: Sequence[int]) -> bytes:
    before, out = 0, b""
    for value in values:
        out += _varint(_zigzag(value - before) & ((1 << 64) - 1))
        before = value
    return out


def _blob(kind: str, data: bytes) -> bytes:
    body = _number(2, len(data)) + _field(3, zlib.compress(data))
    head = _field(1, kind.encode()) + _number(3, len(body))
    return struct.pack(">I", len(head)) + head + body


def write_pbf(nodes: Sequence[Node], ways: Sequence[Way]) -> bytes:
    """Return the bytes of an extract: nodes (id, lon, lat, tags), ways (id, refs, tags)."""
    words = [""]

    def word(text: str) -> int:
        if text not in words:
            words.append(text)
        return words.index(text)

    tags = b""
    for _, _, _, bag in nodes:
        for key, value in bag.items():
            tags += _varint(word(key)) + _varint(word(value))
        tags += _varint(0)
    dense = (
        _field(1, _deltas([node[0] for node in nodes]))
        + _field(8, _deltas([round(node[2] * 1e7) for node in nodes]))
        + _field(9, _deltas([round(node[1] * 1e7) for node in nodes]))
        + _field(10, tags)
    )
    lines = b""
    for number, refs, bag in ways:
        keys = b"".join(_varint(word(key)) for key in bag)
        values = b"".join(_varint(word(value)) for value in bag.values())
        lines += _field(
            3, _number(1, number) + _field(2, keys) + _field(3, values) + _field(8, _deltas(refs))
        )
    table = b"".join(_field(1, text.encode()) for text in words)
    block = _field(1, table) + _field(2, _field(2, dense)) + (_field(2, lines) if lines else b"")
    header = _field(4, b"OsmSchema-V0.6") + _field(4, b"DenseNodes")
    return _blob("OSMHeader", header) + _blob("OSMData", block)
