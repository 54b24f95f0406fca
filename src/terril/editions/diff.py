"""What changed between two editions?

Four tables, one a thing that a reader would notice: figures (added, removed, changed, or of
another status), pictograms, texts of the sheets, files read. And a summary in French.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.editions.open import Edition
from terril.fiches.model import Fiche, Run
from terril.lib.dates import date_longue
from terril.lib.french import nombre
from terril.observations.schema import KEY, Status

_SHOWN: Final = ("value", "status", "source", "file")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs from ``before`` to ``after``; each frame has a column ``change``.

    ``values``: the key, change (ajouté | retiré | valeur | statut), before, after,
    status_before, status_after, file_before, file_after. ``signals``: territory, theme,
    change, before, after. ``texts``: fiche, part, change, before, after. ``files``:
    document, file, sheet, change, before, after (hashes).
    """

    before: str
    after: str
    values: pl.DataFrame
    signals: pl.DataFrame
    texts: pl.DataFrame
    files: pl.DataFrame

    @property
    def same(self) -> bool:
        """Do the two editions say the same?"""
        return all(frame.is_empty() for frame in self.frames.values())

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """The four frames by their French name."""
        return {
            "valeurs": self.values,
            "signaux": self.signals,
            "textes": self.texts,
            "fichiers": self.files,
        }

    def summary(self) -> list[str]:
        """Return the differences in a few French lines."""
        head = f"De l’édition du {date_longue(self.before)} à celle du {date_longue(self.after)}"
        if self.same:
            return [f"{head}, rien ne change."]
        return [
            f"{head} :",
            _count(
                "chiffres",
                self.values,
                {
                    "ajouté": ("ajouté", "ajoutés"),
                    "retiré": ("retiré", "retirés"),
                    "valeur": ("de valeur changée", "de valeur changée"),
                    "statut": ("de statut changé", "de statut changé"),
                },
            ),
            _count("pictogrammes", self.signals, _PLAIN),
            _count("textes des fiches", self.texts, _PLAIN),
            _count("fichiers lus", self.files, _PLAIN),
        ]


_PLAIN: Final = {
    "ajouté": ("ajouté", "ajoutés"),
    "retiré": ("retiré", "retirés"),
    "changé": ("changé", "changés"),
}


def compare(before: Edition, after: Edition) -> Difference:
    """Return what differs from one edition to another, of the same contract or not."""
    return Difference(
        before=before.edition,
        after=after.edition,
        values=_values(before.retained, after.retained),
        signals=_changes(before.signals, after.signals, ("group", "territory", "theme"), "signal"),
        texts=_changes(_texts(before), _texts(after), ("fiche", "part"), "text"),
        files=_changes(before.inputs, after.inputs, ("document", "file", "sheet"), "sha256"),
    )


def _values(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    both = _paired(before, after, KEY, _SHOWN)
    change = (
        pl.when(pl.col("_held_before").is_null())
        .then(pl.lit("ajouté"))
        .when(pl.col("_held_after").is_null())
        .then(pl.lit("retiré"))
        .when(pl.col("status_before") != pl.col("status_after"))
        .then(pl.lit("statut"))
        .when(
            (pl.col("status_before") == Status.OK)
            & pl.col("value_before").ne_missing(pl.col("value_after"))
        )
        .then(pl.lit("valeur"))
    )
    return (
        both.with_columns(change=change)
        .filter(pl.col("change").is_not_null())
        .select(
            *KEY,
            "change",
            before="value_before",
            after="value_after",
            status_before="status_before",
            status_after="status_after",
            file_before="file_before",
            file_after="file_after",
        )
        .sort(*KEY)
    )


def _changes(
    before: pl.DataFrame, after: pl.DataFrame, key: tuple[str, ...], value: str
) -> pl.DataFrame:
    both = _paired(before, after, key, (value,))
    change = (
        pl.when(pl.col("_held_before").is_null())
        .then(pl.lit("ajouté"))
        .when(pl.col("_held_after").is_null())
        .then(pl.lit("retiré"))
        .when(pl.col(f"{value}_before").ne_missing(pl.col(f"{value}_after")))
        .then(pl.lit("changé"))
    )
    return (
        both.with_columns(change=change)
        .filter(pl.col("change").is_not_null())
        .select(*key, "change", before=f"{value}_before", after=f"{value}_after")
        .sort(*key)
    )


def _paired(
    before: pl.DataFrame, after: pl.DataFrame, key: tuple[str, ...], shown: tuple[str, ...]
) -> pl.DataFrame:
    sides = [
        frame.select(
            *key,
            *(pl.col(name).alias(f"{name}_{side}") for name in shown),
            pl.lit(True).alias(f"_held_{side}"),
        ).unique(list(key), keep="first", maintain_order=True)
        for side, frame in (("before", before), ("after", after))
    ]
    return sides[0].join(sides[1], on=list(key), how="full", coalesce=True, nulls_equal=True)


def _texts(edition: Edition) -> pl.DataFrame:
    rows = [
        (fiche.code, part, text) for fiche in edition.fiches for part, text in _parts(fiche) if text
    ]
    schema = {"fiche": pl.String, "part": pl.String, "text": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parts(fiche: Fiche) -> list[tuple[str, str]]:
    parts = [("titre", fiche.headline), ("synthèse", _joined(fiche.brief))]
    parts += [(block.label, _joined(block.text)) for block in fiche.blocks]
    if fiche.equipment is not None:
        parts.append((fiche.equipment.label, _joined(fiche.equipment.text)))
    return parts


def _joined(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _count(what: str, frame: pl.DataFrame, words: dict[str, tuple[str, str]]) -> str:
    counts = dict(frame["change"].value_counts().iter_rows())
    said = [
        f"{nombre(counts[change])} {many if counts[change] > 1 else one}"
        for change, (one, many) in words.items()
        if change in counts
    ]
    return f"{what}\u00a0: {', '.join(said) if said else 'aucun changement'}"
