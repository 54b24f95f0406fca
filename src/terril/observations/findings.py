"""What did a check find, and where should the analyst look?

A finding is one minute of an analyst: a sentence in French, and the places (file, line) to
open. No finding gives a value that a document blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from terril.lib.problems import Severity
from terril.observations.places import where


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``code`` is stable; ``territory`` is a code, or ""."""

    code: str
    severity: Severity
    indicator: str
    territory: str
    period: str
    text: str
    places: tuple[str, ...] = ()


def places_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the places of some rows of ``STATEMENTS``, each once, in order."""
    return tuple(dict.fromkeys(text for row in rows if (text := where(row))))
