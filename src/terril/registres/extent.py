"""How large is this XLSX workbook once it is unfolded?

The library that reads it makes room for every cell between the first and the last: two cells
at the corners of a sheet would ask for hundreds of gigabytes. A file of people is refused
before that.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO, Final

from terril.registres.opendocument import MOST_BYTES, MOST_CELLS

_CELL: Final = re.compile(rb'\sr="([A-Z]{1,3})([0-9]{1,7})"')
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 32  # a reference may stand on two blocks


def unfolds_too_much(path: Path) -> bool:
    """Is a sheet of the workbook larger than what may be read? False for what is no zip."""
    try:
        with zipfile.ZipFile(path) as book:
            if sum(info.file_size for info in book.infolist()) > MOST_BYTES:
                return True
            sheets = [n for n in book.namelist() if re.match(r"xl/worksheets/[^/]+\.xml$", n)]
            for name in sheets:
                with book.open(name) as stream:
                    columns, rows = _corner(stream)
                if columns * rows > MOST_CELLS:
                    return True
    except (OSError, zipfile.BadZipFile, RuntimeError):
        return False  # whoever reads the cells says what is wrong
    return False


def _corner(stream: IO[bytes]) -> tuple[int, int]:
    """The last column and the last row that hold a cell."""
    columns: set[bytes] = set()
    last = 0
    rest = b""
    while block := stream.read(_BLOCK):
        data = rest + block
        for letters, digits in _CELL.findall(data):
            columns.add(letters)
            last = max(last, int(digits))
        rest = data[-_OVERLAP:]
    return max(map(_place, columns), default=0), last


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place
