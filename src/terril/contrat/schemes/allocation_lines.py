"""How is a landlord's file of allocations, one line a household, made into counts?

The lines are read, counted and forgotten: neither the resources of a household nor its line goes
any further, and no message repeats them. Columns that are not named below are not read.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.quartiles import Allocation, Ceilings, tally
from terril.lib.problems import Problem, Severity, Where
from terril.registres.folding import fold

#: what we read → the heads that say it, whatever their case and accents
HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "year": ("année",),
    "date": ("date d’attribution", "date"),
    "landlord": ("bailleur",),
    "contingent": ("réservataire", "contingent"),
    "commune": ("commune",),
    "situation": ("situation",),
    "quartier": ("quartier",),
    "per_cu": ("ressources annuelles par unité de consommation",),
    "monthly": ("revenus mensuels", "ressources mensuelles"),
    "units": ("unités de consommation",),
    "lease": ("bail signé",),
    "rehoused": ("relogement du renouvellement urbain", "relogement"),
    "priority": ("priorité",),
}
_MONTHS: Final = 12
_YES_NO: Final = {"oui": True, "o": True, "1": True, "non": False, "n": False, "0": False,
                  "": None}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """Values of rows of ``cia_attributions`` (links are names) and what could not be read."""

    rows: tuple[dict[str, Any], ...]
    lines: int  # lines that are counted in the rows
    problems: tuple[Problem, ...]


def count_allocations(
    path: Path, ceilings: Mapping[int, Ceilings], catalogue: Catalogue
) -> Counted:
    """Read a file of allocations (CSV, semicolon or comma, UTF-8) and count its lines.

    Asked: the year, or the day of the allocation, and the situation (in a priority neighbourhood
    or outside). Resources are yearly by consumption unit, or monthly with the number of units:
    monthly × 12 ÷ units, as the ministerial order does. A line whose year, situation or word
    cannot be read is a ``Problem`` and is not counted; blank resources are unknown.
    """
    text = path.read_text(encoding="utf-8-sig")
    head = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    places = _places(next(lines, []))
    absent = [
        told
        for told, fields in (
            ("Année ou Date d’attribution", ("year", "date")),
            ("Situation", ("situation",)),
        )
        if not places.keys() & set(fields)
    ]
    if absent:
        problem = Problem(
            "attributions-colonnes",
            Where(path.name, line=1),
            f"Il manque la colonne {' et la colonne '.join(absent)}.",
            "une ligne d’en-têtes, puis une ligne par attribution.",
            "ajoutez la colonne ; les en-têtes acceptés sont dans le guide.",
        )
        return Counted((), 0, (problem,))
    reader = _Reader(catalogue)
    read: list[Allocation] = []
    problems: list[Problem] = []
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        held = {
            name: cells[place].strip() if place < len(cells) else ""
            for name, place in places.items()
        }
        try:
            read.append(reader.allocation(held))
        except _Unread as error:
            problems.append(
                Problem(
                    "attributions-ligne",
                    Where(path.name, line=lines.line_num, column=error.column),
                    "La ligne n’est pas comptée : la valeur n’est pas comprise.",
                    error.expected,
                    "corrigez la cellule et recomptez le fichier entier.",
                    Severity.WARNING,
                )
            )
    return Counted(tuple(tally(read, ceilings)), len(read), tuple(problems))


class _Unread(ValueError):
    """A cell that cannot be read; its value is not told."""

    def __init__(self, column: str, expected: str) -> None:
        self.column, self.expected = column, expected
        super().__init__(column)


class _Reader:
    """Makes allocations of lines, with the words of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._words = {
            name: {
                fold(text): code
                for code, label in catalogue.lists[name].items.items()
                for text in (code, label)
            }
            for name in ("situations_qpv", "contingents", "priorites_attribution")
        }

    def allocation(self, held: Mapping[str, str]) -> Allocation:
        """Read a line, its cells by our names."""
        situation = self._word(held.get("situation", ""), "situations_qpv", "Situation")
        if situation is None:
            raise _Unread("Situation", "en quartier prioritaire ou hors quartier prioritaire.")
        return Allocation(
            year=_year(held),
            situation=situation,
            resources_per_cu=_resources(held),
            landlord=held.get("landlord") or None,
            contingent=self._word(held.get("contingent", ""), "contingents", "Réservataire"),
            commune=held.get("commune") or None,
            quartier=held.get("quartier") or None,
            lease=_yes_no(held.get("lease", ""), "Bail signé"),
            rehoused=_yes_no(held.get("rehoused", ""), "Relogement"),
            priority=self._word(held.get("priority", ""), "priorites_attribution", "Priorité"),
        )

    def _word(self, text: str, words: str, column: str) -> str | None:
        if not text:
            return None
        try:
            return self._words[words][fold(text)]
        except KeyError:
            raise _Unread(column, "un mot de la liste du registre.") from None


def _places(heads: list[str]) -> dict[str, int]:
    plain = [fold(head) for head in heads]
    return {
        name: plain.index(found)
        for name, told in HEADS.items()
        for found in [next((fold(head) for head in told if fold(head) in plain), None)]
        if found is not None
    }


def _year(held: Mapping[str, str]) -> int:
    told = held.get("year") or ""
    if told.isdecimal() and len(told) == 4:
        return int(told)
    day = held.get("date") or ""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(day, form).year
        except ValueError:
            continue
    raise _Unread("Année", "une année (2025), ou une date (31/12/2025, 2025-12-31).")


def _resources(held: Mapping[str, str]) -> Decimal | Fraction | None:
    """Yearly euros by consumption unit; ``None`` when a part of it is blank."""
    yearly = _number(held.get("per_cu", ""), "Ressources annuelles par unité de consommation")
    if yearly is not None:
        return yearly
    monthly = _number(held.get("monthly", ""), "Revenus mensuels")
    units = _number(held.get("units", ""), "Unités de consommation")
    if monthly is None or units is None:
        return None
    if units == 0:
        raise _Unread("Unités de consommation", "un nombre plus grand que zéro.")
    return Fraction(monthly) * _MONTHS / Fraction(units)


def _number(text: str, column: str) -> Decimal | None:
    bare = "".join(text.split()).replace("€", "").replace(",", ".")
    if not bare:
        return None
    try:
        number = Decimal(bare)
    except InvalidOperation:
        raise _Unread(column, "un nombre, ou rien.") from None
    if not number.is_finite() or number < 0:
        raise _Unread(column, "un nombre positif, ou rien.")
    return number


def _yes_no(text: str, column: str) -> bool | None:
    try:
        return _YES_NO[fold(text)]
    except KeyError:
        raise _Unread(column, "oui, non, ou rien.") from None
