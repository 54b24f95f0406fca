"""Which value did this person type, or put in this cell of a spreadsheet?

A form gives texts; a workbook gives numbers, dates, booleans and texts. Both end in the
Python types of ``ColumnKind``. Blank is ``None``, never zero, never "".
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import SEVERAL, Column, ColumnKind
from terril.lib.french import NBSP
from terril.registres import identifiers, written
from terril.registres.display import decimals_of
from terril.registres.faults import Fault, quoted
from terril.registres.folding import fold
from terril.registres.numbering import Names, exists, name_and_number, number_in
from terril.registres.opendocument import Percent
from terril.registres.wordings import wordings

_PARTING: Final = re.compile(r"[;\n]")
_CANDIDATES: Final = 6

_READERS: Final[dict[ColumnKind, Callable[[str], Any]]] = {
    ColumnKind.AMOUNT: written.amount,
    ColumnKind.SHARE: written.share,
    ColumnKind.DATE: written.date,
    ColumnKind.TIME: written.time,
    ColumnKind.YEAR: written.year,
    ColumnKind.YES_NO: written.yes_no,
    ColumnKind.EMAIL: identifiers.email,
    ColumnKind.PHONE: identifiers.phone,
    ColumnKind.WEB: identifiers.web,
    ColumnKind.SIRET: identifiers.siret,
    ColumnKind.RNA: identifiers.rna,
}


def clean(text: str, *, lines: bool) -> str:
    """A text as it is kept: composed accents, « \\n » between lines, no space at the ends.

    Tabs become spaces, which all spreadsheets keep; without ``lines``, breaks do too.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\t", " ")
    if not lines:
        text = re.sub(r"\s*\n\s*", " ", text)
    return text.strip()


def read_text(column: Column, text: str, catalogue: Catalogue, names: Names) -> Any:
    """Read what was typed in a form, or chosen: codes and numbers win over labels and names."""
    return _read(column, text, catalogue, names, typed=True)


def _read(column: Column, text: str, catalogue: Catalogue, names: Names, *, typed: bool) -> Any:
    kind = column.kind
    kept = clean(text, lines=kind is ColumnKind.LONG or kind in SEVERAL)
    if not kept:
        return None
    if kind in (ColumnKind.TEXT, ColumnKind.LONG):
        return kept
    if kind is ColumnKind.INTEGER:
        return written.integer(kept, column.unit)
    if kind is ColumnKind.NUMBER:
        return written.number(kept, column.unit)
    if kind in _READERS:
        return _READERS[kind](kept)

    def one(part: str) -> Any:
        if kind in (ColumnKind.LINK, ColumnKind.LINKS):
            return _link(column, part, names, typed=typed)
        return _code(column, part, catalogue, names, typed=typed)

    if kind not in SEVERAL:
        return one(kept)
    try:
        parts = [part.strip() for part in _PARTING.split(kept)]
        return tuple(dict.fromkeys(one(part) for part in parts if part)) or None
    except Fault:
        if not _PARTING.search(kept):
            raise
        try:
            return (one(kept),)  # a label may hold the mark that parts the others
        except Fault:
            pass
        raise


def _code(column: Column, text: str, catalogue: Catalogue, names: Names, *, typed: bool) -> str:
    words = wordings(column, catalogue, names.indicators)
    code = words.code(text, code_first=typed)
    if code is not None:
        return code
    near = words.near(text)
    if column.kind is ColumnKind.INDICATORS:
        what, expected = (
            "n’est pas un indicateur de l’observatoire",
            "le nom ou le code d’un indicateur.",
        )
    else:
        what, expected = "n’est pas dans la liste", words.cited()
    remedy = f"Écrivez «{NBSP}{near}{NBSP}»." if near else "Choisissez une des valeurs de la liste."
    raise Fault(f"{quoted(text)} {what}.", expected, remedy)


def _link(column: Column, text: str, names: Names, *, typed: bool) -> int:
    register = column.target or ""
    if typed and text.isascii() and text.isdigit() and _there(names, register, text):
        return int(text)
    number = number_in(text)
    if number is not None:
        if exists(names, register, number):
            return number
        raise _nobody(text)
    both = name_and_number(text)
    if both and fold(names.name(register, both[1])) == fold(both[0]):
        return both[1]
    found = names.find(register, text)
    if len(found) == 1:
        return found[0]
    if not found:
        if text.isascii() and text.isdigit() and _there(names, register, text):
            return int(text)
        raise _nobody(text)
    shown = [f"{names.name(register, n)} (n°{NBSP}{n})" for n in found[:_CANDIDATES]]
    raise Fault(
        f"{quoted(text)} désigne plusieurs fiches.",
        f"une seule fiche, parmi{NBSP}: " + ", ".join(shown) + ".",
        f"Écrivez son numéro, par exemple «{NBSP}n°{NBSP}{found[0]}{NBSP}».",
    )


def _there(names: Names, register: str, digits: str) -> bool:
    return len(digits) <= 9 and exists(names, register, int(digits))


def _nobody(text: str) -> Fault:
    return Fault(
        f"{quoted(text)} n’est le nom d’aucune fiche.",
        "le nom ou le numéro d’une fiche qui existe.",
        "Corrigez le nom, ou ajoutez d’abord cette fiche.",
    )


# ------------------------------------------------------------------ cells of spreadsheets


def read_cell(column: Column, cell: Any, catalogue: Catalogue, names: Names) -> Any:
    """Read a cell of a workbook: text, float, int, bool, date, datetime, time, timedelta."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return _read(column, cell, catalogue, names, typed=False)
    if isinstance(cell, bool):
        return _read(column, "oui" if cell else "non", catalogue, names, typed=False)
    if isinstance(cell, int | float | Decimal):
        return _number_cell(column, cell, catalogue, names)
    return _time_cell(column, cell, catalogue, names)


def decimal_of(cell: float | Decimal) -> Decimal:
    """The number that a spreadsheet shows: fifteen digits (19.6, not 19.600000000000001)."""
    return Decimal(f"{cell:.15g}") if isinstance(cell, float) else Decimal(cell)


def _number_cell(column: Column, cell: float | Decimal, catalogue: Catalogue, names: Names) -> Any:
    value = decimal_of(cell)
    if not value.is_finite():
        raise Fault("La cellule ne contient pas de nombre.", "un nombre.", "Corrigez la formule.")
    whole = value == value.to_integral_value()
    if value.adjusted() >= written.MOST_WHOLE:
        written.within(value)
    if decimals_of(value) > written.MOST_DECIMALS:
        value = round(value, written.MOST_DECIMALS)
    plain = str(int(value)) if whole else f"{value:f}"
    kind = column.kind
    if kind is ColumnKind.SHARE and isinstance(cell, Percent):
        return Decimal(plain).scaleb(2)
    if kind in (ColumnKind.NUMBER, ColumnKind.SHARE):
        return Decimal(plain)
    if kind is ColumnKind.AMOUNT:
        # the sixth decimal is noise of binary arithmetic
        return written.cents(round(value, 6) if decimals_of(value) > 6 else value)
    if kind is ColumnKind.TIME and 0 <= value < 1:
        return _minutes(dt.timedelta(days=float(value)))
    if kind is ColumnKind.SIRET and whole:
        plain = plain.zfill(14)
    if kind is ColumnKind.PHONE and whole and len(plain) == 9:
        plain = f"0{plain}"  # the spreadsheet has dropped the zero
    return _read(column, plain.replace(".", ","), catalogue, names, typed=False)


def _time_cell(column: Column, cell: Any, catalogue: Catalogue, names: Names) -> Any:
    kind = column.kind
    if kind is ColumnKind.DATE and isinstance(cell, dt.datetime):
        return written.plausible(cell.date())
    if kind is ColumnKind.DATE and isinstance(cell, dt.date):
        return written.plausible(cell)
    if kind is ColumnKind.TIME and not isinstance(cell, dt.date):
        return _minutes(_since_midnight(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    text = f"{cell:%d/%m/%Y}" if isinstance(cell, dt.date) else str(cell)
    return _read(column, text, catalogue, names, typed=False)


def _since_midnight(cell: Any) -> dt.timedelta:
    if isinstance(cell, dt.time):
        return dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    return cell if isinstance(cell, dt.timedelta) else dt.timedelta(days=-1)


def _minutes(span: dt.timedelta) -> dt.time:
    minutes = round(span.total_seconds() / 60)
    if not 0 <= minutes < 24 * 60 or abs(span.total_seconds() - 60 * minutes) > 1:
        raise written.no_time(str(span))
    return dt.time(minutes // 60, minutes % 60)
