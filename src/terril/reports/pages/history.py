"""Which editions are published, and what changed from one to the next?

What changed is told as ``terril comparer`` tells it, less what would point at a secret: a figure
that one of the two editions holds secret is neither named nor counted among the lines shown. Only
editions that are not withdrawn are compared. A comparison reads two editions whole: it is made
once and kept in a file named after both.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from terril.editions.diff import Difference, compare
from terril.editions.diff_cards import METHOD
from terril.editions.diff_figures import BLANKED, UNVEILED
from terril.editions.look import Look, Shelf
from terril.editions.open import open_edition
from terril.editions.plain import from_json, to_json
from terril.lib.dates import periode_courte
from terril.lib.french import compte
from terril.reports.comparison_words import (
    Names,
    excerpts,
    figure_pair,
    kind_word,
    signal_cells,
    slot_name,
)

_MOST: Final = 40
_FORM: Final = 2  # of the files kept
_WIDTH: Final = 160

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """An edition of the folder, published or withdrawn."""

    date: str
    contract: str
    generation: str
    figures: str  # « 2 058 chiffres »
    sheets: str  # « 21 fiches »
    mark: str  # the first characters of its fingerprint
    notice: str  # "" unless it is withdrawn
    former: str  # date of the published edition before it, "" without one


@dataclass(frozen=True, slots=True)
class Changed:
    """One kind of things that changed: a table, and how many lines it leaves out."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str  # « et 12 autres » or ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from one edition to another."""

    before: str
    after: str
    warnings: tuple[str, ...]
    summary: tuple[str, ...]
    tables: tuple[Changed, ...]
    silent: bool  # some figures are secret in one edition only: they are not named


def listed(shelf: Shelf) -> tuple[ListedEdition, ...]:
    """Return the sealed editions, the newest first, withdrawn ones with their notice."""
    shown = shelf.shown()
    found = []
    for date in shelf.dates():
        look = shelf.look(date)
        if look is None:
            continue
        notice = look.notice
        former = next((other for other in shown if other < date), "") if notice is None else ""
        rows = look.manifest.rows
        found.append(
            ListedEdition(
                date,
                look.info.contract,
                look.info.generation,
                compte(rows.get("observations", 0), "chiffre", "chiffres"),
                compte(rows.get("fiches", 0), "fiche", "fiches"),
                look.mark[:16],
                notice.text if notice else "",
                former,
            )
        )
    return tuple(found)


def changes(before: Look, after: Look, folder: Path) -> Changes:
    """Return what changed, from the file kept under ``folder`` when it was already asked.

    A file that cannot be written is no failure: the comparison is made again the next time.
    """
    path = folder / f"{before.mark[:24]}-{after.mark[:24]}-{_FORM}.json"
    held = _read(path)
    if held is not None:
        return held
    with _lock:  # reading two whole editions: one at a time
        held = _read(path)
        if held is not None:
            return held
        first, second = open_edition(before.path), open_edition(after.path)
        made = told(compare(first, second), Names(first, second))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            work = path.with_suffix(f".{threading.get_ident()}")
            work.write_text(to_json(made), encoding="utf-8")
            work.replace(path)
        except OSError:
            pass
    return made


def _read(path: Path) -> Changes | None:
    try:
        return from_json(Changes, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return None


def told(found: Difference, names: Names) -> Changes:
    """Return a difference as readers are told it."""
    silent = bool(found.dangers.height or found.texts["hidden"].any())
    summary = [line.strip() for line in found.summary() if not line.startswith("DANGER")]
    tables = (
        _signals(found, names),
        _figures(found, names),
        _cards(found),
        _texts(found, names),
        _territories(found),
        _files(found),
    )
    return Changes(
        found.before,
        found.after,
        tuple(found.warnings),
        tuple(summary),
        tuple(table for table in tables if table.rows),
        silent,
    )


def _table(
    key: str, title: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]], total: int
) -> Changed:
    rest = total - len(rows)
    left = f"et {compte(rest, 'autre', 'autres')}" if rest > 0 and rows else ""
    return Changed(key, title, tuple(heads), tuple(rows), left)


def _head(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.head(_MOST).to_dicts()


def _signals(found: Difference, names: Names) -> Changed:
    frame = found.signals.filter(pl.col("change") != "sûreté")
    rows = []
    for row in _head(frame):
        before, _, after, _ = signal_cells(row)
        name = names.territory("qpv", row["territory"])
        rows.append((name, names.theme(row["theme"]), before, after, row["cause"] or "–"))
    heads = ("Quartier", "Thème", "Avant", "Après", "Cause")
    return _table("signaux", "Les signaux", heads, rows, frame.height)


def _figures(found: Difference, names: Names) -> Changed:
    frame = found.values.filter(~pl.col("hidden") & ~pl.col("change").is_in([BLANKED, UNVEILED]))
    changed = frame.filter(pl.col("change").is_in(["valeur", "statut"])).sort(
        -pl.col("size").fill_null(-1.0), maintain_order=True
    )
    rows = [
        (
            names.territory(row["kind"], row["territory"]),
            names.indicator(row["indicator"]),
            periode_courte(row["period"]),
            *figure_pair(names, row),
            row["cause"] or "–",
        )
        for row in _head(changed)
    ]
    heads = ("Territoire", "Indicateur", "Période", "Avant", "Après", "Cause")
    return _table(
        "chiffres", "Les chiffres corrigés, du plus grand écart au plus petit", heads, rows,
        changed.height,
    )  # fmt: skip


def _cards(found: Difference) -> Changed:
    frame = found.cards.filter(pl.col("nature") == METHOD)
    rows = [
        (
            row["change"],
            f"{row['kind']} {row['code']}",
            row["field"] or "–",
            *(excerpts(row["before"], row["after"], _WIDTH) if row["field"] else ("–", "–")),
        )
        for row in _head(frame)
    ]
    heads = ("Changement", "Carte", "Champ", "Avant", "Après")
    return _table("methode", "La méthode", heads, rows, frame.height)


def _texts(found: Difference, names: Names) -> Changed:
    frame = found.texts.filter(~pl.col("hidden"))
    rows = []
    for row in _head(frame):
        fiche = slot_name(names, row["fiche"])
        name = names.territory("qpv", fiche) if fiche == row["fiche"] else fiche
        rows.append(
            (name, row["part"], *excerpts(row["before"] or "–", row["after"] or "–", _WIDTH))
        )
    heads = ("Fiche", "Partie", "Avant", "Après")
    return _table("textes", "Les textes des fiches", heads, rows, frame.height)


def _territories(found: Difference) -> Changed:
    rows = [
        (row["change"], kind_word(row["kind"]), row["code"], row["before"] or "–",
         row["after"] or "–")
        for row in _head(found.territories)
    ]  # fmt: skip
    heads = ("Changement", "Genre", "Code", "Avant", "Après")
    return _table("territoires", "Les territoires", heads, rows, found.territories.height)


def _files(found: Difference) -> Changed:
    rows = [(row["change"], row["document"], row["file"]) for row in _head(found.files)]
    heads = ("Changement", "Entrée", "Fichier")
    return _table("fichiers", "Les fichiers lus", heads, rows, found.files.height)
