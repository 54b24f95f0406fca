"""What do the plain lists of the catalogue hold?

Vocabularies and column maps are CSV files with ``;``, UTF-8, one head line. They are data
of the package: read as they are, without repair.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent


def read_list(name: str) -> list[dict[str, str]]:
    """Return the rows of a list, ``name`` from the folder of the catalogue."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))
