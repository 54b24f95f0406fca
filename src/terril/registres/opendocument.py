"""What do the sheets of this OpenDocument spreadsheet hold, to the last space?

The library that reads the other formats drops tabs and doubled spaces of ODS files, so that a
text that nobody touched would seem changed. This reads ``content.xml`` alone: values, not
formulas, and says which numbers are percentages.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.parsers.expat import ExpatError, ParserCreate

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"

#: what a file may unfold to; a small file may claim millions of cells
MOST_BYTES: Final = 400_000_000
MOST_CELLS: Final = 5_000_000
_DURATION: Final = re.compile(r"^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$")


class Percent(float):
    """A number of a cell shown in per cent: 0.3 is shown 30 %."""


class OdsError(ValueError):
    """The file cannot be read; the message says why, in French."""


def is_ods(path: Path) -> bool:
    """Is a zip file an OpenDocument spreadsheet?"""
    try:
        with zipfile.ZipFile(path) as book, book.open("mimetype") as stream:
            return stream.read(100).decode("ascii", "replace").strip().startswith(MIMETYPE)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def ods_sheets(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """The sheets of a file: (name, lines of cells). Raises :class:`OdsError`."""
    try:
        with zipfile.ZipFile(path) as book:
            if book.getinfo("content.xml").file_size > MOST_BYTES:
                raise OdsError("le classeur est trop grand")
            with book.open("content.xml") as stream:
                if _declares(stream):
                    raise OdsError("le classeur déclare des entités, ce qu’aucun tableur n’écrit")
            with book.open("content.xml") as stream:
                return list(_tables(stream))
    except (OSError, KeyError, zipfile.BadZipFile, ParseError, RuntimeError) as error:
        raise OdsError(f"le fichier est abîmé ou protégé : {error}") from error


class _Begun(Exception):
    """The document has begun: nothing is declared any more."""


def _declares(stream: IO[bytes]) -> bool:
    """Does the XML declare a type, hence entities, that would unfold without end?"""
    found = False
    parser = ParserCreate()

    def declared(*_: object) -> None:
        nonlocal found
        found = True
        raise _Begun

    def begun(*_: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    with contextlib.suppress(_Begun, ExpatError):  # whoever reads the cells says what is wrong
        parser.ParseFile(stream)
    return found


def _tables(stream: IO[bytes]) -> Iterator[tuple[str, list[list[Any]]]]:
    rows: list[list[Any]] = []
    blank = cells = 0
    depth = 0
    name = ""
    for event, element in iterparse(stream, ("start", "end")):
        if element.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                rows, blank = [], 0
                name = element.get(f"{_TABLE}name", "")
            elif event == "end" and depth == 0:
                yield name, rows
                element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table-row" and depth == 1:
            count = _count(element, "rows")
            row = _row(element)
            element.clear()
            if not row:
                blank += count
                continue
            cells += len(row) * count + blank
            if cells > MOST_CELLS:
                raise OdsError("le classeur a trop de cellules")
            rows += [[] for _ in range(blank)]
            blank = 0
            rows += [list(row) for _ in range(count)]


def _count(element: Element, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() else 1


def _row(element: Element) -> list[Any]:
    """The cells of a row, without the empty ones at its end."""
    row: list[Any] = []
    blank = 0
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        count = _count(cell, "columns")
        value = _value(cell) if cell.tag == f"{_TABLE}table-cell" else None
        if value is None:
            blank += count
            continue
        if len(row) + blank + count > MOST_CELLS:
            raise OdsError("le classeur a trop de cellules")
        row += [None] * blank + [value] * count
        blank = 0
    return row


def _value(cell: Element) -> Any:
    kind = cell.get(f"{_OFFICE}value-type", "")
    try:
        if kind in ("float", "currency"):
            return float(cell.get(f"{_OFFICE}value", ""))
        if kind == "percentage":
            return Percent(cell.get(f"{_OFFICE}value", ""))
        if kind == "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true"
        if kind == "date":
            text = cell.get(f"{_OFFICE}date-value", "")
            return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    except ValueError:
        return _text(cell)
    if kind == "time":
        match = _DURATION.match(cell.get(f"{_OFFICE}time-value", ""))
        if match:
            hours, minutes, seconds = (int(part) for part in match.groups())
            return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _text(cell)


def _text(cell: Element) -> str | None:
    paragraphs = [_paragraph(part) for part in cell if part.tag == f"{_TEXT}p"]
    if paragraphs:
        return "\n".join(paragraphs) or None
    return cell.get(f"{_OFFICE}string-value") or None


def _paragraph(element: Element) -> str:
    """A paragraph with its spaces as they stand.

    The format would have raw spaces count for one; the spreadsheets that write it do not, and
    leave doubled spaces as they are.
    """
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        if part.tag == f"{_TEXT}s":
            text = part.get(f"{_TEXT}c", "1")
            yield " " * min(int(text) if text.isascii() and text.isdigit() else 1, 32_767)
        elif part.tag == f"{_TEXT}tab":
            yield "\t"
        elif part.tag == f"{_TEXT}line-break":
            yield "\n"
        elif part.tag.startswith(_TEXT):
            yield from _pieces(part)
        yield part.tail or ""
