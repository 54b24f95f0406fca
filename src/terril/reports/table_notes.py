"""What stands under a table: how to read it, its notes, its sources?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from terril.lib.french import compte
from terril.reports.lookup import Lookup
from terril.reports.words import ends


def count_text(lookup: Lookup) -> str:
    """« 21 quartiers prioritaires »."""
    count = len(lookup.qpv)
    return compte(count, "quartier prioritaire", "quartiers prioritaires")


def note_groups(groups: Sequence[tuple[str, Sequence[dict[str, str]]]]) -> list[dict[str, Any]]:
    """Columns of notes, each as wide as it has to say; empty ones are left out."""
    held = [(title, list(notes)) for title, notes in groups if notes]
    lengths = [sum(len(note["head"]) + len(note["text"]) for note in notes) for _, notes in held]
    most = max(lengths, default=1)
    return [
        {"title": title, "notes": notes, "share": round(0.7 + 0.6 * length / most, 2)}
        for (title, notes), length in zip(held, lengths, strict=True)
    ]


def note(head: str, text: str) -> dict[str, str]:
    """A note with its head in bold, without a mark."""
    return {"mark": "", "head": head, "text": ends(text)}
