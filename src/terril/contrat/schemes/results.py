"""How are figures of a scheme added, divided and named, without taking the unknown for zero?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final, Literal, TypeVar

from terril.catalogue.cards import Catalogue
from terril.lib.dates import date_longue
from terril.lib.french import NBSP, nombre
from terril.lib.prose import typographie
from terril.registres.rows import Alert, Books, Row, Summary, Table

CENT: Final = Decimal("0.01")

#: what stands for a link or a word that was left blank
UNSAID: Final = "Non précisé"

Key = TypeVar("Key")
Number = int | Decimal


def total(values: Iterable[Number | None]) -> Decimal | None:
    """Return the sum of the known values; ``None`` when none is known."""
    known = [value for value in values if value is not None]
    return sum((Decimal(value) for value in known), Decimal(0)) if known else None


def count(values: Iterable[int | None]) -> int | None:
    """Return the sum of the known counts; ``None`` when none is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def missing(values: Iterable[object]) -> int:
    """Return how many values are not known."""
    return sum(value is None for value in values)


def ratio(part: Number | Fraction | None, whole: Number | Fraction | None) -> Fraction | None:
    """Return an exact share; ``None`` when a side is unknown or the whole is zero."""
    if part is None or whole is None or not whole:
        return None
    return Fraction(part) / Fraction(whole)


def difference(left: Number | None, right: Number | None) -> Decimal | None:
    """Return left − right; ``None`` when a side is unknown."""
    return None if left is None or right is None else Decimal(left) - Decimal(right)


def euros(amount: Fraction | None) -> Decimal | None:
    """Round an exact amount to the cent, half away from zero, for display."""
    if amount is None:
        return None
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(CENT, ROUND_HALF_UP)


def money(amount: Number | None) -> str:
    """« 1 234,50 € », « 1 234 € » for whole euros, « – » when unknown."""
    if amount is None:
        return "–"
    return f"{nombre(float(amount), 0 if amount == int(amount) else 2)} €"


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Gather rows by a key, in the order in which keys come."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def named(books: Books, register: str, number: int | None) -> str:
    """Return the name of a linked row, « Non précisé » for a blank link."""
    return UNSAID if number is None else books.name(register, number)


def word(catalogue: Catalogue, words: str, code: str | None) -> str:
    """Return the label of a code of a list, « Non précisé » for none."""
    if code is None:
        return UNSAID
    return catalogue.lists[words].items.get(code, code)


def places(catalogue: Catalogue, words: str) -> Mapping[str | None, int]:
    """Return the place of each code in its list, for sorting; a blank goes last."""
    items = catalogue.lists[words].items
    return {**{code: place for place, code in enumerate(items)}, None: len(items)}


def several(names: Sequence[str]) -> str:
    """Name a group made of one place or of several; « Non précisé » for none."""
    return " + ".join(names) if names else UNSAID


def in_words(day: dt.date) -> str:
    """« 1er janvier 2026 »."""
    return date_longue(day.isoformat())


def alert(
    text: str,
    level: Literal["retard", "attention", "information"] = "attention",
    register: str = "",
    row: Row | None = None,
) -> Alert:
    """Make an alert, with the spaces and apostrophes of French typography."""
    return Alert(
        typographie(text.replace("n° ", f"n°{NBSP}")), level, register, row.number if row else None
    )


def table(title: str, heads: Sequence[str], units: Sequence[str], lines: Iterable[Any],
          note: str = "") -> Table:  # fmt: skip
    """Make a table of results; ``units`` has one unit for each column after the head."""
    if len(units) != len(heads) - 1:
        raise ValueError(f"{title} : {len(heads) - 1} unités attendues, {len(units)} données")
    return Table(typographie(title), tuple(heads), tuple(lines), tuple(units), typographie(note))


def summary(
    title: str, tables: Iterable[Table], alerts: Iterable[Alert], notes: Iterable[str] = ()
) -> Summary:
    """Make a summary, with the spaces of French typography in its title and notes."""
    return Summary(typographie(title), tuple(tables), tuple(alerts), tuple(map(typographie, notes)))


def twins(books: Books, catalogue: Catalogue, register: str) -> Iterator[Alert]:
    """Yield an alert for each row that has the key of a former one, blanks being alike.

    A row whose key has a blank part is not recognised when a file is read again: it comes twice,
    and figures are counted twice.
    """
    card = catalogue.registers[register]
    seen: dict[tuple[object, ...], int] = {}
    for row in books.rows(register):
        key = tuple(row.get(column) for column in card.key)
        if key in seen:
            yield alert(
                f"{card.title} : les fiches n° {seen[key]} et n° {row.number} disent la même "
                "chose ; elles sont comptées deux fois.",
                "attention", register, row,
            )  # fmt: skip
        seen.setdefault(key, row.number)


def states_done(catalogue: Catalogue, workflow: str, state: str | None) -> bool:
    """Is nothing more awaited in this state? A blank is the first state."""
    card = catalogue.workflows[workflow]
    return card.states[state if state in card.states else card.start].done


def given_up(row: Row) -> bool:
    """Was the operation or the action given up? It no longer counts."""
    return bool(row.get("etat") == "abandonnee")


def in_qpv(row: Row, priority: frozenset[int]) -> bool | None:
    """Is a row in a priority neighbourhood? As it says, else by its links; ``None`` if unknown.

    ``priority``: the numbers of the neighbourhoods that are priority ones (:func:`priority`).
    """
    said = row.get("situation")
    if said is not None:
        return bool(said == "en_qpv")
    links: tuple[int, ...] = row.get("quartiers") or ()
    if not links:
        return None
    return any(number in priority for number in links)


def priority(books: Books) -> frozenset[int]:
    """Return the numbers of the priority neighbourhoods of the contract."""
    return frozenset(row.number for row in books.rows("quartiers") if row.get("type") == "qpv")
