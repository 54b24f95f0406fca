"""Which encoding, which separator and which fingerprint has this text file?

Official tables come as UTF-8 with or without a mark, UTF-16 or Windows-1252, with ``;``,
``,`` or tabs, and sometimes with a damaged byte. The file is read once, by blocks, so that
a file of 200 MB is inspected in bounded memory.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BLOCK: Final = 1 << 20
SEPARATORS: Final = (";", "\t", ",", "|")

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: bytes that Windows-1252 does not define
_UNDEFINED_1252: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
_MAX_DAMAGED: Final = 200

csv.field_size_limit(1 << 24)


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one reading of the bytes tells of a file.

    ``encoding`` is ``utf-8``, ``utf-16-le``, ``utf-16-be`` or ``windows-1252``; ``mark`` the
    length of the byte order mark. ``damaged`` lists the lines (1-based, at most 200) that
    hold bytes the encoding cannot explain. ``binary`` is true when the bytes are no text.
    """

    size: int
    sha256: str
    encoding: str
    mark: int
    damaged: tuple[int, ...]
    quotes: bool
    blank: bool
    binary: bool
    lone_cr: bool  # lines end with a carriage return alone (old Mac files)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, read by blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def signature(path: Path) -> str:
    """Say what the first bytes announce: zip, ole, pdf, html, or text."""
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith(b"%PDF"):
        return "pdf"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return "html" if start.startswith((b"<!doctype", b"<html")) else "text"


def inspect(path: Path) -> TextFacts:
    """Read the bytes once and say what they are. Raises ``OSError`` when unreadable."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    mark, encoding = 0, ""
    for bom, name in _MARKS:
        if head.startswith(bom):
            mark, encoding = len(bom), name
    if not encoding and b"\0" in head:
        encoding = _utf16_without_mark(head)
        if not encoding:
            return _facts(path, encoding="binary", mark=0, binary=True)
    if encoding.startswith("utf-16"):
        return _facts(path, encoding=encoding, mark=mark)
    return _inspect_bytes(path, mark)


def _utf16_without_mark(head: bytes) -> str:
    pairs = max(1, len(head) // 2)
    if head[1::2].count(0) > 0.6 * pairs:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.6 * pairs else ""


def _facts(path: Path, *, encoding: str, mark: int, binary: bool = False) -> TextFacts:
    damaged: tuple[int, ...] = ()
    if not binary:
        damaged = tuple(
            number
            for number, line in enumerate(_decoded_lines(path, encoding, mark), start=1)
            if "\ufffd" in line
        )[:_MAX_DAMAGED]
    size = path.stat().st_size
    return TextFacts(
        size, fingerprint(path), encoding, mark, damaged, True, size <= mark, binary, False
    )


def _decoded_lines(path: Path, encoding: str, mark: int) -> Iterator[str]:
    with path.open("rb") as stream:
        stream.seek(mark)
        yield from io.TextIOWrapper(stream, encoding=encoding, errors="replace")


def _inspect_bytes(path: Path, mark: int) -> TextFacts:
    """Tell UTF-8, damaged UTF-8 and Windows-1252 apart, block by block."""
    digest = hashlib.sha256()
    line = size = accented = returns = feeds = 0
    bad: list[int] = []
    undefined: list[int] = []
    quotes = binary = False
    blank = True
    rest = b""
    with path.open("rb") as stream:
        while True:
            block = stream.read(BLOCK)
            digest.update(block)
            size += len(block)
            data = rest + block
            cut = len(data) if not block else data.rfind(b"\n") + 1
            whole, rest = data[:cut], data[cut:]
            if whole:
                quotes = quotes or b'"' in whole
                binary = binary or b"\0" in whole
                blank = blank and not whole.removeprefix(codecs.BOM_UTF8).strip()
                returns += whole.count(b"\r")
                if len(bad) <= _MAX_DAMAGED:
                    accented += _scan_block(whole, line, bad, undefined)
                feeds += whole.count(b"\n")
                line = feeds
            if not block:
                break
    encoding, damaged = "utf-8", bad
    if bad and not mark and accented < len(bad):
        encoding, damaged = "windows-1252", undefined
    return TextFacts(
        size,
        digest.hexdigest(),
        encoding,
        mark,
        tuple(damaged[:_MAX_DAMAGED]),
        quotes,
        blank,
        binary,
        returns > 0 and feeds == 0,
    )


def _scan_block(block: bytes, before: int, bad: list[int], undefined: list[int]) -> int:
    """Note the lines that are not UTF-8; return how many lines hold valid accents."""
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return 0 if block.isascii() else 1 + block.count(b"\xc3")
    accented = 0
    for offset, text in enumerate(block.split(b"\n"), start=1):
        try:
            text.decode("utf-8")
            accented += not text.isascii()
        except UnicodeDecodeError:
            bad.append(before + offset)
            if _UNDEFINED_1252.intersection(text):
                undefined.append(before + offset)
        if len(bad) > _MAX_DAMAGED:
            break
    return accented


def write_utf8(path: Path, facts: TextFacts, target: Path) -> None:
    """Write ``path`` again as UTF-8 with ``\\n`` line ends, by blocks."""
    with path.open("rb") as raw, target.open("w", encoding="utf-8", newline="\n") as out:
        raw.seek(facts.mark)
        name = "cp1252" if facts.encoding == "windows-1252" else facts.encoding
        stream = io.TextIOWrapper(raw, encoding=name, errors="replace", newline=None)
        while text := stream.read(BLOCK):
            out.write(text)


def first_lines(path: Path, facts: TextFacts, limit: int = BLOCK) -> str:
    """Return the beginning of the text, cut at a line end."""
    with path.open("rb") as stream:
        stream.seek(facts.mark)
        data = stream.read(limit)
    name = "cp1252" if facts.encoding == "windows-1252" else facts.encoding
    text = data.decode(name, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if len(data) == limit and "\n" in text:
        text = text[: text.rfind("\n") + 1]
    return text


def rows_of(text: str, separator: str, limit: int = 60) -> list[tuple[int, list[str]]]:
    """Split the first rows of a text; each with the number of its first line (1-based)."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
            if len(rows) >= limit:
                break
    except csv.Error:  # an unbalanced quote: what was read so far is enough to judge
        pass
    return rows


def sniff_separator(text: str) -> str:
    """Choose among ``;``, tab, ``,`` and ``|`` the one that cuts the lines most alike.

    A single column gives ``;``.
    """
    best, best_score = ";", 0.0
    for separator in SEPARATORS:
        widths = [_width(row) for _, row in rows_of(text, separator) if _width(row) > 0]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        widest = max(widths)
        if widest < 2:
            continue
        alike = sum(1 for w in widths if w == width) / len(widths)
        score = alike * min(max(width, 1), 40) if width > 1 else 0.1 * min(widest, 40)
        if score > best_score + 1e-9:
            best, best_score = separator, score
    return best


def _width(row: list[str]) -> int:
    return len(row) if any(cell.strip() for cell in row) else 0
