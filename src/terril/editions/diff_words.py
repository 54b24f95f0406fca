"""How is the number of differences said in French?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from terril.lib.french import nombre

_PLAIN: Final[dict[str, tuple[str, str]]] = {
    "ajouté": ("ajouté", "ajoutés"),
    "retiré": ("retiré", "retirés"),
    "changé": ("changé", "changés"),
    "sûreté": ("de sûreté changée", "de sûreté changée"),
}


def counted(what: str, frame: pl.DataFrame, words: Mapping[str, tuple[str, str]]) -> str:
    """Return « chiffres : 2 ajoutés, 1 retiré », from the column ``change``.

    ``words``: singular and plural of each change, in the order they are told.
    """
    counts = dict(frame["change"].value_counts().iter_rows())
    said = [
        f"{nombre(counts[change])} {many if counts[change] > 1 else one}"
        for change, (one, many) in words.items()
        if change in counts
    ]
    return f"{what}\u00a0: {', '.join(said) if said else 'aucun changement'}"


def plain_counts(what: str, frame: pl.DataFrame) -> str:
    """Return the same for things that are added, removed or changed."""
    return counted(what, frame, _PLAIN)
