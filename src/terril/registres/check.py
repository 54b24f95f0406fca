"""Is this row complete, and are its values allowed by the card of its register?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.registers import Column, ColumnKind, Register, Workflow
from terril.lib.french import FINE, NBSP, liste
from terril.registres import identifiers, written
from terril.registres.display import plain_number
from terril.registres.faults import Fault, quoted
from terril.registres.folding import fold
from terril.registres.rows import Row

#: characters of one line, and of a text of several; a spreadsheet keeps 32 767
LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 20_000

_TEXTS: Final = frozenset(
    [ColumnKind.TEXT, ColumnKind.EMAIL, ColumnKind.PHONE, ColumnKind.WEB, ColumnKind.LONG]
)
_NUMBERS: Final = frozenset(
    [ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.AMOUNT, ColumnKind.SHARE]
)


def check_values(
    card: Register,
    values: Mapping[str, Any],
    catalogue: Catalogue,
    *,
    before: Mapping[str, Any] | None,
) -> dict[str, Fault]:
    """The faults of a whole row by column, none when it may be kept.

    ``before``: the values that the row had, ``None`` for a new one. What was there already is
    not a fault, unless it is required and blank: a card may have become stricter. A new row may
    begin in any state: a contract under way has commitments that are already kept.
    """
    faults: dict[str, Fault] = {}
    former: Mapping[str, Any] = before or {}
    for name, column in card.columns.items():
        value = values.get(name)
        if value is None:
            fault = _missing(column) if column.required else None
        elif before is not None and former.get(name) == value:
            fault = None
        else:
            fault = _fault(column, value, catalogue)
        if fault:
            faults[name] = fault
    for name in values:
        if name not in card.columns:
            faults[name] = Fault(f"La colonne {quoted(name)} n’existe pas dans ce registre.")
    state = card.state
    if state and state not in faults and values.get(state) is not None:
        workflow = catalogue.workflows.get(card.columns[state].workflow or "")
        if workflow:
            faults |= _moves(card, state, workflow, values, before)
    return faults


def _missing(column: Column) -> Fault:
    return Fault(
        f"{quoted(column.label)} n’est pas rempli.", "une valeur.", "Remplissez cette colonne."
    )


def _fault(column: Column, value: Any, catalogue: Catalogue) -> Fault | None:
    kind = column.kind
    if kind in _TEXTS:
        return _text_fault(value, LONGEST_TEXT if kind is ColumnKind.LONG else _longest(kind))
    if kind in _NUMBERS or kind is ColumnKind.YEAR:
        return _bounds(column, value)
    if kind in (ColumnKind.CHOICE, ColumnKind.STATE):
        return _unknown(column, (value,), catalogue)
    if kind is ColumnKind.CHOICES:
        return _unknown(column, value, catalogue)
    if kind is ColumnKind.DATE and not written.FIRST_DAY <= value <= written.LAST_DAY:
        return Fault(
            f"L’année {value.year} est hors du calendrier.",
            f"une date entre {written.FIRST_DAY.year} et {written.LAST_DAY.year}.",
            "Corrigez l’année.",
        )
    return None


def _longest(kind: ColumnKind) -> int:
    return identifiers.LONGEST_ADDRESS if kind is ColumnKind.WEB else LONGEST_LINE


def _text_fault(text: str, longest: int) -> Fault | None:
    if len(text) > longest:
        return Fault(
            f"Le texte compte {len(text)} caractères.",
            f"au plus {longest} caractères.",
            "Raccourcissez-le, ou joignez un document.",
        )
    odd = next((sign for sign in text if forbidden(sign)), None)
    if odd is not None:
        return Fault(
            f"Le texte contient un signe invisible (code {ord(odd):04X}).",
            "des lettres, des chiffres et des signes de ponctuation.",
            "Recopiez le texte sans ce signe.",
        )
    return None


def forbidden(sign: str) -> bool:
    """Is a character one that no document may hold? Breaks of line and tabs may stand."""
    if sign in "\n\t":
        return False
    return unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE


def _bounds(column: Column, value: Decimal | int) -> Fault | None:
    low = column.least is not None and value < Decimal(str(column.least))
    high = column.most is not None and value > Decimal(str(column.most))
    if not low and not high:
        if column.kind is ColumnKind.YEAR and not (
            written.FIRST_YEAR <= value <= written.LAST_YEAR
        ):
            return Fault(
                f"{value} n’est pas une année.",
                f"une année, de {written.FIRST_YEAR} à {written.LAST_YEAR}.",
                "Corrigez l’année.",
            )
        return None
    unit = {ColumnKind.AMOUNT: f"{FINE}€", ColumnKind.SHARE: f"{FINE}%"}.get(column.kind, "")
    bounds = []
    if column.least is not None:
        bounds.append(f"au moins {_bound(column.least)}{unit}")
    if column.most is not None:
        bounds.append(f"au plus {_bound(column.most)}{unit}")
    word = "petit" if low else "grand"
    return Fault(
        f"{plain_number(value)}{unit} est trop {word}.",
        f"{liste(bounds)}.",
        "Vérifiez le nombre.",
    )


def _bound(value: float) -> str:
    return f"{value:g}".replace(".", ",") if abs(value) < 1e6 else f"{value:.0f}"


def _unknown(column: Column, codes: Iterable[str], catalogue: Catalogue) -> Fault | None:
    if column.kind is ColumnKind.STATE:
        workflow = catalogue.workflows.get(column.workflow or "")
        labels = {code: state.label for code, state in workflow.states.items()} if workflow else {}
    else:
        listed = catalogue.lists.get(column.choices or "")
        labels = dict(listed.items) if listed else {}
    for code in codes:
        if code not in labels:
            return Fault(
                f"{quoted(code)} n’est pas dans la liste.",
                ", ".join(f"«{NBSP}{label}{NBSP}»" for label in labels.values()) + ".",
                "Choisissez une des valeurs de la liste.",
            )
    return None


def _moves(
    card: Register,
    state: str,
    workflow: Workflow,
    values: Mapping[str, Any],
    former: Mapping[str, Any] | None,
) -> dict[str, Fault]:
    """A row goes from a state to another by a declared move, with what the move asks."""
    known, after = (former or {}).get(state), values[state]
    before = known if known in workflow.states else workflow.start
    if before == after:
        return {}
    label = workflow.states[after].label
    if former is not None and not workflow.allows(before, after):
        nexts = [workflow.states[m.to].label for m in workflow.moves if before in m.since]
        reach = liste([f"«{NBSP}{text}{NBSP}»" for text in dict.fromkeys(nexts)], "ou")
        return {
            state: Fault(
                f"On ne passe pas de «{NBSP}{workflow.states[before].label}{NBSP}» à "
                f"«{NBSP}{label}{NBSP}».",
                f"{reach}." if reach else "aucun autre état.",
                "Passez par les états intermédiaires.",
            )
        }
    needs = [
        need
        for move in workflow.moves
        if move.to == after and (former is None or before in move.since)
        for need in move.needs
    ]
    return {
        need: Fault(
            f"{quoted(card.columns[need].label)} n’est pas rempli.",
            f"une valeur, pour passer à «{NBSP}{label}{NBSP}».",
            "Remplissez cette colonne.",
        )
        for need in needs
        if need in card.columns and values.get(need) in (None, "", ())
    }


# ------------------------------------------------------------------ keys


def key_of(card: Register, values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What recognises a row, folded; ``None`` without a key, or when it says nothing.

    A blank part is a value like another where the column is optional (« the whole of the
    contract », « not said »); where the column must be filled, the row has no key yet.
    """
    parts = [values.get(name) for name in card.key]
    for name, part in zip(card.key, parts, strict=True):
        if part in (None, "", ()) and card.columns[name].required:
            return None
    if all(part in (None, "", ()) for part in parts):
        return None
    return tuple(
        " ".join(map(str, part)) if isinstance(part, tuple) else _key_part(part) for part in parts
    )


def _key_part(part: Any) -> str:
    if part is None:
        return ""
    return f"{part.normalize():f}" if isinstance(part, Decimal) else fold(str(part))


def check_key(
    card: Register, values: Mapping[str, Any], rows: Iterable[Row], number: int | None
) -> Fault | None:
    """A fault when another row, not archived, has the same key; ``number`` is the row's own."""
    key = key_of(card, values)
    if key is None:
        return None
    for row in rows:
        if row.number != number and not row.archived and key_of(card, row.values) == key:
            labels = liste([f"«{NBSP}{card.columns[name].label}{NBSP}»" for name in card.key])
            return Fault(
                f"La fiche n°{NBSP}{row.number} a déjà la même valeur pour {labels}.",
                "une valeur qui n’est à aucune autre fiche.",
                f"Modifiez la fiche n°{NBSP}{row.number}, ou changez cette valeur.",
            )
    return None
