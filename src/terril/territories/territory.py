"""Which territories does the project know, and which one does a text name?

The file of territories (CSV, one row a territory) gives kind, code, names, aliases, the
communes of a neighbourhood, its EPCI and its square on the schematic map. Names are
recognised without regard to accents, case, hyphens.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.territories.kinds import COMPOSITES, KINDS, fold

#: columns of the frame of territories
FRAME: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "kind": pl.String,
    "code": pl.String,
    "label": pl.String,
    "short": pl.String,
    "epci": pl.String,  # SIREN of the EPCI that runs the contract of a qpv
    "communes": pl.List(pl.String),  # INSEE codes, for a qpv
    "population": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class Territory:
    """One place. ``communes`` (INSEE codes) only for a neighbourhood, in the order given.

    ``label`` is the official name, ``display`` the name as documents print it, ``short`` at
    most 40 characters. ``tile`` is the (column, row) of its square, from 0, north at row 0;
    ``line`` its line in the file of territories.
    """

    code: str
    kind: str
    label: str
    short: str
    communes: tuple[str, ...] = ()
    epci: str = ""
    aliases: tuple[str, ...] = ()
    tile: tuple[int, int] | None = None
    display: str = ""
    population: float | None = None
    line: int | None = None
    buffer_m: int | None = None  # width of its surroundings, when it is not that of all


class Territories:
    """The territories of a project. Composites of an EPCI need no row of their own."""

    def __init__(self, items: Iterable[Territory]) -> None:
        self._items: dict[tuple[str, str], Territory] = {}
        self._names: dict[str, dict[str, set[str]]] = {}
        for item in items:
            self._items[item.kind, item.code] = item
            for name in (item.label, item.display, item.short, *item.aliases):
                if name:
                    self._names.setdefault(item.kind, {}).setdefault(fold(name), set()).add(
                        item.code
                    )

    def __iter__(self) -> Iterator[Territory]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def by_code(self, kind: str, code: str) -> Territory | None:
        """Return the territory with that code, or ``None``.

        A composite, or a group of communes, is made up from what it stands for.
        """
        if (kind, code) in self._items:
            return self._items[kind, code]
        if kind in COMPOSITES and (epci := self._items.get(("epci", code))):
            label = f"{KINDS[kind].label} ({epci.short})"
            return Territory(code, kind, label, label[:40], epci=code, display=label)
        if kind == "communes":
            parts = [self._items.get(("commune", c)) for c in code.split("+")]
            if len(parts) > 1 and all(parts):
                label = ", ".join(p.display or p.label for p in parts if p)
                return Territory(code, kind, label, label[:40], display=label)
        return None

    def of_kind(self, kind: str) -> tuple[Territory, ...]:
        """Return the territories of a kind, by code."""
        found = (t for t in self._items.values() if t.kind == kind)
        return tuple(sorted(found, key=lambda t: t.code))

    def qpv(self, epci: str) -> tuple[Territory, ...]:
        """Return the neighbourhoods whose contract is run by that EPCI, by code."""
        return tuple(t for t in self.of_kind("qpv") if t.epci == epci)

    def epci_of_communes(self, qpv: str) -> tuple[str, ...]:
        """Return the EPCI (SIREN) of the communes of a neighbourhood, without repeats.

        More than one: the neighbourhood straddles EPCI.
        """
        item = self._items.get(("qpv", qpv))
        found: dict[str, None] = {}
        for code in item.communes if item else ():
            commune = self._items.get(("commune", code))
            if commune and commune.epci:
                found[commune.epci] = None
        return tuple(found)

    def resolve(self, kind: str, name: str) -> str | None:
        """Return the code that a text names: a code, a label, an alias. ``None`` if unknown.

        For ``communes`` the text joins names with ``;``, ``+``, ``|`` or ``,`` and the answer
        joins sorted codes with ``+``. A name borne by two territories of the kind is unknown.
        """
        text = " ".join(name.split())
        if not text or kind not in KINDS:
            return None
        if (kind, text.upper()) in self._items:
            return text.upper()
        if kind == "communes":
            return self._resolve_group(text)
        found = self._names.get(kind, {}).get(fold(text), set())
        if len(found) == 1:
            return next(iter(found))
        if kind in COMPOSITES and not found:
            return self.resolve("epci", text)
        return self._without_zero(kind, text)

    def _resolve_group(self, text: str) -> str | None:
        codes = [self.resolve("commune", part) for part in re.split(r"[;+|]", text) if part.strip()]
        if len(codes) == 1 and "," in text:
            codes = [self.resolve("commune", part) for part in text.split(",")]
        known = [code for code in codes if code]
        if len(known) != len(codes) or len(known) < 2:
            return None
        return "+".join(sorted(set(known)))

    def _without_zero(self, kind: str, text: str) -> str | None:
        """A spreadsheet loses the first zero of « 01004 »; give it back when that is a code."""
        if kind in ("commune", "departement") and text.isdigit():
            padded = text.zfill(5 if kind == "commune" else 2)
            if (kind, padded) in self._items:
                return padded
        return None

    def locate(self, name: str) -> tuple[str, str] | None:
        """Return (kind, code) of a text whose kind is not told, or ``None``.

        A code decides first; then a name, when it belongs to one kind only, or to a commune
        and a neighbourhood of the same name, where the kind has to be told.
        """
        text = " ".join(name.split())
        for kind in ("qpv", "commune", "epci", "france", "france_metro"):
            if (kind, text.upper()) in self._items:
                return kind, text.upper()
        found = [(kind, code) for kind in KINDS if (code := self._named(kind, text))]
        return found[0] if len(found) == 1 else None

    def _named(self, kind: str, text: str) -> str | None:
        found = self._names.get(kind, {}).get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def suggestions(self, kind: str, name: str, limit: int = 3) -> tuple[str, ...]:
        """Return near names, the nearest first, as « label (code) ». ``kind`` "" for all."""
        wanted = "epci" if kind in COMPOSITES else "commune" if kind == "communes" else kind
        choices: dict[str, str] = {}
        for (item_kind, code), item in self._items.items():
            if wanted in ("", item_kind):
                for text in (item.label, item.display, item.short, *item.aliases, code):
                    if text:
                        choices.setdefault(fold(text), f"{item.display or item.label} ({code})")
        near = difflib.get_close_matches(fold(name), list(choices), limit * 2, 0.6)
        return tuple(dict.fromkeys(choices[n] for n in near))[:limit]

    def frame(self, population: Mapping[tuple[str, str], float] | None = None) -> pl.DataFrame:
        """Return the territories as a frame with the columns of ``FRAME``.

        ``population``: (kind, code) → inhabitants, for those the file does not give.
        """
        given = population or {}
        rows = [
            (
                t.kind,
                t.code,
                t.display or t.label,
                t.short,
                t.epci,
                list(t.communes),
                t.population if t.population is not None else given.get((t.kind, t.code)),
            )
            for t in sorted(self._items.values(), key=lambda t: (t.kind, t.code))
        ]
        return pl.DataFrame(rows, schema=FRAME, orient="row")
