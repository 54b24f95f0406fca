"""Which number, date or hour did this French person write?

Every function takes a text without spaces at its ends and raises :class:`Fault` with what
was expected. Day comes before month; a comma is the decimal mark.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from terril.lib.dates import MONTHS
from terril.lib.french import FINE, NBSP
from terril.registres.faults import Fault, quoted
from terril.registres.folding import fold

#: days that both spreadsheets and calendars know
FIRST_DAY: Final = dt.date(1901, 1, 1)
LAST_DAY: Final = dt.date(2100, 12, 31)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
#: digits of a number, before and after the mark
MOST_WHOLE: Final = 15
MOST_DECIMALS: Final = 20
MOST_DIGITS: Final = 25

_CURRENCY: Final = re.compile(r"(?i)(k|m|mille|millions? d['’])?\s*(€|euros?|eur)$")
_SCALES: Final = {"k": 1_000, "mille": 1_000, "m": 1_000_000}
_PLAIN: Final = re.compile(r"^[+-]?\d+(?:[.,]\d+)?$")
_SPACED: Final = re.compile(r"^[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?$")
_DOTTED: Final = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+,\d+$")
_ISO: Final = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_FIRST: Final = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$")
_WORDED: Final = re.compile(
    r"^(?:le )?(?:[a-z]+di |dimanche )?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})$"
)
_HOUR: Final = re.compile(r"^(\d{1,2}) ?(?:h|heures?|:) ?(\d{2})?(?: ?(?:mn|min|minutes?))?$")
_SECONDS: Final = re.compile(r"^(\d{1,2}):(\d{2}):00$")
_MONTHS: Final = {fold(month): number for number, month in enumerate(MONTHS, 1)}
_SHORT: Final = {"janv": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10,
                 "nov": 11, "dec": 12}  # fmt: skip
_YES: Final = frozenset(["oui", "o", "vrai", "x", "1", "yes", "true"])
_NO: Final = frozenset(["non", "n", "faux", "0", "no", "false"])


def number(text: str, unit: str = "") -> Decimal:
    """Read « 1 234,50 », « −3 », « 12 logements » when ``unit`` is "logements"."""
    bare = " ".join(text.replace("−", "-").replace("–", "-").split())
    for word in (unit, unit.removesuffix("s")):
        if word and bare.lower().endswith(word.lower()):
            bare = bare[: len(bare) - len(word)].rstrip()
            break
    if bare[:2] in ("- ", "+ "):
        bare = bare[0] + bare[2:]
    if _DOTTED.match(bare):
        bare = bare.replace(".", "")
    elif _SPACED.match(bare):
        bare = bare.replace(" ", "")
    elif not _PLAIN.match(bare):
        raise Fault(
            f"{quoted(text)} n’est pas un nombre.",
            f"un nombre, comme 12 ou 1{FINE}234,5.",
            "Écrivez le nombre seul, en chiffres.",
        )
    value = Decimal(bare.replace(",", "."))
    within(value)
    return value


def within(value: Decimal) -> None:
    """Refuse numbers that no spreadsheet and no database would keep."""
    _, digits, exponent = value.as_tuple()
    if (
        not isinstance(exponent, int)
        or value.adjusted() >= MOST_WHOLE
        or -exponent > MOST_DECIMALS
        or len(digits) > MOST_DIGITS
    ):
        raise Fault(
            "Ce nombre a trop de chiffres.",
            f"au plus {MOST_WHOLE} chiffres avant la virgule, et {MOST_DIGITS} en tout.",
            "Arrondissez le nombre.",
        )


def integer(text: str, unit: str = "") -> int:
    """Read a whole number."""
    try:
        value = number(text, unit)
    except Fault as fault:
        raise _not_whole(text) from fault
    if value != value.to_integral_value():
        raise _not_whole(text)
    return int(value)


def _not_whole(text: str) -> Fault:
    return Fault(
        f"{quoted(text)} n’est pas un nombre entier.",
        "un nombre entier, comme 12.",
        "Écrivez le nombre seul, en chiffres, sans virgule.",
    )


def amount(text: str) -> Decimal:
    """Read « 1 234,50 € », « 12 k€ », « 1,5 M€ » as euros with cents."""
    bare = text.strip()
    scale = 1
    tail = _CURRENCY.search(bare)
    if tail:
        bare = bare[: tail.start()].rstrip()
        word = fold(tail.group(1) or "")
        scale = _SCALES.get(word, 1_000_000 if word else 1)
    try:
        value = number(bare) * scale
    except Fault as fault:
        raise Fault(
            f"{quoted(text)} n’est pas un montant.",
            f"un montant en euros, comme 1{FINE}234,50.",
            "Écrivez le montant en chiffres.",
        ) from fault
    return cents(value)


def cents(value: Decimal) -> Decimal:
    """The amount with its two decimals; refuse one that has more."""
    within(value.normalize())
    rounded = value.quantize(Decimal("0.01"))
    if rounded != value:
        written = f"{value.normalize():f}".replace(".", ",")
        raise Fault(
            f"Le montant {written} a plus de deux décimales.",
            "un montant au centime près.",
            "Arrondissez-le au centime.",
        )
    return rounded


def share(text: str) -> Decimal:
    """Read « 12,5 % » or « 12,5 » as 12.5."""
    try:
        return number(text.rstrip().removesuffix("%").rstrip())
    except Fault as fault:
        raise Fault(
            f"{quoted(text)} n’est pas un taux.",
            f"un taux en pour cent, comme 12,5{FINE}%.",
            f"Écrivez 30 pour 30{FINE}%.",
        ) from fault


def date(text: str) -> dt.date:
    """Read « 24/11/2026 », « 24.11.26 », « 2026-11-24 », « 24 novembre 2026 »."""
    flat = fold(text)
    parts: tuple[int, int, int] | None = None
    if match := _ISO.match(flat):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    elif match := _DAY_FIRST.match(flat):
        year = int(match[4]) if len(match[4]) == 4 else 2000 + int(match[4])
        parts = (year, int(match[3]), int(match[1]))
    elif match := _WORDED.match(flat):
        month = _MONTHS.get(match[2]) or _SHORT.get(match[2])
        parts = (int(match[3]), month, int(match[1])) if month else None
    if parts is None:
        raise _no_date(f"{quoted(text)} n’est pas une date.")
    try:
        day = dt.date(*parts)
    except ValueError as error:
        raise _no_date(f"Le jour {quoted(text)} n’existe pas.") from error
    return plausible(day)


def plausible(day: dt.date) -> dt.date:
    """Refuse a day outside the years that a contract can know."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _no_date(f"L’année {day.year} est hors du calendrier.")
    return day


def _no_date(what: str) -> Fault:
    return Fault(
        what,
        "une date, comme 24/11/2026.",
        f"Écrivez le jour, le mois et l’année, entre {FIRST_DAY.year} et {LAST_DAY.year}.",
    )


def time(text: str) -> dt.time:
    """Read « 14 h 30 », « 14h », « 14:30 »."""
    flat = fold(text)
    match = _HOUR.match(flat) or _SECONDS.match(flat)
    if match and not (flat.endswith(":") and not match[2]):
        hours, minutes = int(match[1]), int(match[2] or 0)
        if hours < 24 and minutes < 60:
            return dt.time(hours, minutes)
    raise no_time(text)


def no_time(text: str) -> Fault:
    """The fault of an hour that is none."""
    return Fault(
        f"{quoted(text)} n’est pas une heure.",
        f"une heure, comme 14{NBSP}h{NBSP}30.",
        "Écrivez l’heure et les minutes.",
    )


def year(text: str) -> int:
    """Read a year of four digits."""
    if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Fault(
            f"{quoted(text)} n’est pas une année.",
            f"une année, de {FIRST_YEAR} à {LAST_YEAR}.",
            "Écrivez les quatre chiffres de l’année.",
        )
    return int(text)


def yes_no(text: str) -> bool:
    """Read « oui » or « non », « x », « vrai »."""
    flat = fold(text)
    if flat in _YES:
        return True
    if flat in _NO:
        return False
    raise Fault(
        f"{quoted(text)} ne dit ni oui ni non.",
        f"«{NBSP}oui{NBSP}» ou «{NBSP}non{NBSP}».",
        "Écrivez l’un ou l’autre, ou laissez vide.",
    )
