"""What does an edition say of itself?

``manifest.json`` names what was read and what was written with their SHA-256, the versions
that wrote it and the parameters of the method. It is the last file written: a folder
without it is not an edition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terril.editions.content import EditionInfo, InputFile
from terril.editions.plain import to_json

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the edition."""

    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole manifest. ``rows`` counts the rows of each table of edition.sqlite."""

    format: int
    draft: bool
    info: EditionInfo
    inputs: tuple[InputFile, ...]
    outputs: tuple[OutputFile, ...]
    rows: Mapping[str, int]
    parameters: Mapping[str, float | tuple[float, ...]]
    versions: Mapping[str, str]

    def text(self) -> str:
        """Return the manifest as it is written."""
        return to_json(self, indent=2) + "\n"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the manifest: two editions with the same one are the same."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read by pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe(folder: Path) -> tuple[OutputFile, ...]:
    """Return an entry a file under ``folder``, in the order of their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        OutputFile(path.relative_to(folder).as_posix(), sha256_of(path), path.stat().st_size)
        for path in files
    )
