"""What does one page need of an edition, without opening it whole?

:class:`~terril.editions.open.Edition` reads whole frames, which a document needs;
a page needs one sheet, or one indicator. :class:`Look` asks ``edition.sqlite`` for just
that, read-only, one connection a thread; it computes nothing. The cards are read once.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from terril.catalogue.load import Catalogue
from terril.editions.cards import catalogue_of
from terril.editions.content import EditionInfo
from terril.editions.database import read_texts
from terril.editions.manifest import MANIFEST, Manifest, sha256_of
from terril.editions.open import open_edition
from terril.editions.plain import from_json
from terril.editions.register import Notice, read_register
from terril.editions.seal import DATABASE, DRAFT_SUFFIX
from terril.fiches.model import Fiche, ThemeText
from terril.figures.maps_model import Atlas, SheetMap, unpacked

Row = dict[str, Any]

#: tables that may be asked for, with the columns that a reader may filter on
_KEYS: Final = {
    "observations": ("kind", "territory", "indicator", "period", "breakdown"),
    "statements": ("kind", "territory", "indicator", "period", "breakdown"),
    "blanked": ("kind", "territory", "indicator", "period", "breakdown"),
    "groups": ("group", "indicator", "period", "breakdown"),
    "positions": ("group", "territory", "indicator", "period", "breakdown"),
    "gaps": ("group", "territory", "indicator", "period", "breakdown", "comparator"),
    "changes": ("group", "territory", "indicator", "period", "breakdown"),
    "trends": ("kind", "territory", "indicator", "breakdown"),
    "signals": ("group", "territory", "theme"),
    "sensitivity": ("group", "territory", "theme"),
    "offers": ("territory",),
    "evidence": ("territory", "family"),
    "served": ("territory", "line", "stop"),
    "services": ("territory",),
    "families": ("territory", "family"),
    "equipment": ("territory",),
    "funnel": ("group", "territory", "indicator", "period", "breakdown"),
    "worsening": ("group", "territory", "theme", "indicator"),
    "break_lines": ("territory", "indicator", "breakdown"),
    "contradictions": ("kind", "territory", "indicator"),
    "correspondence": ("old", "new"),
    "findings": ("territory", "indicator"),
    "inputs": ("document",),
    "sentences": ("fiche", "indicator"),
    "territories": ("kind", "code", "epci"),
}
#: tables that editions sealed by former versions do not have
_LATER: Final = ("evidence", "served", "services")
_LISTS: Final = ("communes", "places", "unreadable_types", "values", "statements", "break_codes")


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of the edition, as pages name it."""

    kind: str
    code: str
    label: str
    short: str
    epci: str
    communes: tuple[str, ...]
    population: float | None


class Look:
    """A sealed edition, looked at piece by piece. Safe to share between threads."""

    def __init__(self, path: Path, manifest: Manifest, mark: str) -> None:
        self.path = path
        self.manifest = manifest
        self.mark = mark  # SHA-256 of the manifest: the edition's identity, for ETag
        self._local = threading.local()

    @property
    def info(self) -> EditionInfo:
        """Whose edition it is, and of which day."""
        return self.manifest.info

    @property
    def date(self) -> str:
        """Date of the edition, ISO; it is also its name in addresses."""
        return self.manifest.info.edition

    @property
    def notice(self) -> Notice | None:
        """What readers must be told when the edition is withdrawn."""
        return read_register(self.path.parent).notice(self.date)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The cards of the day the edition was sealed."""
        return catalogue_of(read_texts(self.path / DATABASE, "cards"))

    @cached_property
    def places(self) -> dict[tuple[str, str], Place]:
        """The territories, by kind and code."""
        return {
            (row["kind"], row["code"]): Place(
                row["kind"],
                row["code"],
                row["label"],
                row["short"],
                row["epci"] or "",
                tuple(row["communes"] or ()),
                row["population"],
            )
            for row in self.rows("territories")
        }

    @cached_property
    def neighbourhoods(self) -> dict[str, Place]:
        """The neighbourhoods that have a sheet, by code, in the order of the edition."""
        return {
            code: self.places["qpv", code]
            for code, _ in self._select('SELECT code, name FROM "fiches"')
            if ("qpv", code) in self.places
        }

    @cached_property
    def names(self) -> dict[str, str]:
        """The name that each sheet bears, by code."""
        return dict(self._select('SELECT code, name FROM "fiches"'))

    @cached_property
    def contracts(self) -> dict[str, tuple[str, ...]]:
        """Codes of the neighbourhoods of each contract, by SIREN of the EPCI that runs it."""
        held: dict[str, list[str]] = {}
        for code, place in self.neighbourhoods.items():
            held.setdefault(place.epci, []).append(code)
        return {epci: tuple(codes) for epci, codes in held.items()}

    @cached_property
    def index(self) -> tuple[tuple[tuple[str, str], tuple[tuple[str, str], ...]], ...]:
        """Themes (code, label), each with its indicators that compare neighbourhoods."""
        held = {str(code) for (code,) in self._select('SELECT DISTINCT indicator FROM "groups"')}
        found: dict[str, list[tuple[str, str]]] = {}
        for code, card in self.catalogue.indicators.items():
            if code in held:
                found.setdefault(code.split(".")[0], []).append((code, card.label))
        themes = sorted(self.catalogue.themes.items(), key=lambda item: item[1].order)
        return tuple(
            ((code, card.label), tuple(found[code])) for code, card in themes if code in found
        )

    @cached_property
    def figures(self) -> dict[str, int]:
        """How many figures the edition publishes of each indicator."""
        return dict(self._select("SELECT indicator, count(*) FROM observations GROUP BY indicator"))

    def fiche(self, code: str) -> Fiche | None:
        """Return the sheet of a neighbourhood, or ``None``."""
        found = self._select('SELECT json FROM "fiches" WHERE code = ?', code)
        for (text,) in found:
            return from_json(Fiche, text)
        return None

    def theme(self, code: str) -> ThemeText | None:
        """Return what is said of a theme over the contract, or ``None``."""
        for (text,) in self._select('SELECT json FROM "themes" WHERE theme = ?', code):
            return from_json(ThemeText, text)
        return None

    def sheet_map(self, code: str) -> SheetMap | None:
        """Return the map of a neighbourhood, ``None`` when its perimeter is not known."""
        for (text,) in self._texts("maps", "code", code):
            return unpacked(SheetMap, text)
        return None

    @cached_property
    def _atlases(self) -> dict[str, Atlas]:
        return {}

    def atlas(self, epci: str) -> Atlas | None:
        """Return the map of an agglomeration, ``None`` without its communes. It is kept."""
        if epci not in self._atlases:
            for (text,) in self._texts("atlas", "epci", epci):
                self._atlases[epci] = unpacked(Atlas, text)
        return self._atlases.get(epci)

    def _texts(self, table: str, column: str, key: str) -> Iterator[tuple[Any, ...]]:
        """The texts under a key in a table that older editions do not have."""
        if table in self._tables:
            yield from self._select(f'SELECT json FROM "{table}" WHERE "{column}" = ?', key)

    @cached_property
    def _tables(self) -> frozenset[str]:
        found = self._select("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        return frozenset(str(name) for (name,) in found)

    def rows(
        self, table: str, *, order: Sequence[str] = (), limit: int | None = None, **keys: Any
    ) -> list[Row]:
        """Return the rows of a table whose columns equal ``keys`` (a tuple: one of them).

        Raises ``KeyError`` for a table or a column that may not be asked for.
        """
        allowed = _KEYS[table]
        if table in _LATER and table not in self._tables:
            return []
        for name in (*keys, *order):
            if name not in allowed:
                raise KeyError(name)
        tests: list[str] = []
        values: list[Any] = []
        for name, wanted in keys.items():
            if isinstance(wanted, tuple | list):
                tests.append(f'"{name}" IN ({",".join("?" * len(wanted))})')
                values.extend(wanted)
            else:
                tests.append(f'"{name}" = ?')
                values.append(wanted)
        text = f'SELECT * FROM "{table}"'
        if tests:
            text += " WHERE " + " AND ".join(tests)
        if order:
            text += " ORDER BY " + ", ".join(f'"{name}"' for name in order)
        if limit is not None:
            text += f" LIMIT {limit:d}"
        cursor = self._base.execute(text, values)
        heads = [str(item[0]) for item in cursor.description]
        return [_row(heads, row) for row in cursor]

    def distinct(self, table: str, *columns: str) -> list[tuple[str, ...]]:
        """Return the different values of some columns of a table, sorted; it reads it whole.

        Raises ``KeyError`` for a table or a column that may not be asked for.
        """
        allowed = _KEYS[table]
        for name in columns:
            if name not in allowed:
                raise KeyError(name)
        heads = ", ".join(f'"{name}"' for name in columns)
        return list(self._select(f'SELECT DISTINCT {heads} FROM "{table}" ORDER BY {heads}'))

    def _select(self, text: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        yield from self._base.execute(text, values)

    @property
    def _base(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._local, "base", None)
        if held is None:
            address = f"{(self.path / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
            held = self._local.base = sqlite3.connect(address, uri=True)
        return held


def _row(heads: Sequence[str], values: Sequence[Any]) -> Row:
    row = dict(zip(heads, values, strict=True))
    row.pop("rowid_", None)
    for name in _LISTS:
        if isinstance(row.get(name), str) and row[name][:1] == "[":
            row[name] = json.loads(row[name])
    return row


@dataclass(frozen=True)
class Shelf:
    """The editions of a folder: those that are sealed, the newest first. Drafts are not shown."""

    folder: Path

    def dates(self) -> tuple[str, ...]:
        """Return the dates of the sealed editions, the newest first."""
        if not self.folder.is_dir():
            return ()
        found = (
            child.name
            for child in self.folder.iterdir()
            if (child / MANIFEST).is_file() and not child.name.endswith(DRAFT_SUFFIX)
        )
        return tuple(sorted(found, reverse=True))

    def shown(self) -> tuple[str, ...]:
        """Return the dates of the editions that are not withdrawn, the newest first."""
        register = read_register(self.folder)
        return tuple(date for date in self.dates() if register.notice(date) is None)

    def latest(self) -> Look | None:
        """Return the newest edition that is not withdrawn."""
        shown = self.shown()
        return self.look(shown[0]) if shown else None

    def drafts(self) -> tuple[str, ...]:
        """Return the dates of the drafts, the newest first: for those who prepare editions."""
        if not self.folder.is_dir():
            return ()
        found = (
            child.name.removesuffix(DRAFT_SUFFIX)
            for child in self.folder.iterdir()
            if child.name.endswith(DRAFT_SUFFIX) and (child / MANIFEST).is_file()
        )
        return tuple(sorted(found, reverse=True))

    def draft(self, date: str) -> Look | None:
        """Return the draft of a date, or ``None``."""
        if date not in self.drafts():
            return None
        path = self.folder / (date + DRAFT_SUFFIX)
        return _look(path, (path / MANIFEST).stat().st_mtime_ns)

    def look(self, date: str) -> Look | None:
        """Return the edition of a date, or ``None``."""
        if date not in self.dates():
            return None
        return _look(self.folder / date, (self.folder / date / MANIFEST).stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _look(path: Path, _changed: int) -> Look:
    opened = open_edition(path)
    return Look(path, opened.manifest, sha256_of(path / MANIFEST))
