"""Which fields has the form of a row, and what was typed in them?

Made from the card of the register: one field a column, in sections. Nothing here decides what
is right; ``registres.cells`` reads each text, ``registres.check`` the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import QueryDict

from terril.catalogue.registers import SEVERAL, Column, ColumnKind
from terril.registres.cells import Fault, read_text, typed
from terril.web.espace.perms import own_columns
from terril.web.espace.space import Space

#: what a browser offers for a kind of column
_INPUTS: Final = {
    ColumnKind.DATE: "date", ColumnKind.TIME: "time", ColumnKind.EMAIL: "email",
    ColumnKind.PHONE: "tel", ColumnKind.WEB: "url",
}  # fmt: skip
_MODES: Final = {
    ColumnKind.INTEGER: "numeric", ColumnKind.YEAR: "numeric", ColumnKind.SIRET: "numeric",
    ColumnKind.NUMBER: "decimal", ColumnKind.AMOUNT: "decimal", ColumnKind.SHARE: "decimal",
}  # fmt: skip
_UNITS: Final = {ColumnKind.AMOUNT: "€", ColumnKind.SHARE: "%"}
#: beyond so many, the boxes of a field are folded
FOLDED: Final = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    label: str
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    widget: str  # texte | long | choix | cases | oui_non
    help: str
    required: bool
    value: str
    options: tuple[Option, ...]
    input: str = "text"
    mode: str = ""
    unit: str = ""
    fault: Fault | None = None

    @property
    def described(self) -> str:
        """The ids that explain the field."""
        parts = [f"aide-{self.name}"] if self.help or self.unit else []
        return " ".join([*parts, *([f"faute-{self.name}"] if self.fault else [])])

    @property
    def folded(self) -> bool:
        """Are its boxes too many to stand open?"""
        return len(self.options) > FOLDED

    @property
    def chosen(self) -> tuple[Option, ...]:
        """The options that are chosen."""
        return tuple(option for option in self.options if option.chosen)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under a heading."""

    title: str
    fields: tuple[Field, ...]


def sections(
    space: Space,
    register: str,
    values: Mapping[str, Any],
    sent: QueryDict | None = None,
    faults: Mapping[str, Fault] | None = None,
    apart: frozenset[str] = frozenset(),
) -> list[Section]:
    """Return the form of a row; ``sent``: what was typed, which replaces the values.

    The column of state is not in it: a row changes state by the moves of its page. ``apart``: the
    columns that a page leaves alone.
    """
    own = own_columns(space, register)
    found: dict[str, list[Field]] = {}
    for name, column in space.card(register).columns.items():
        if column.kind is ColumnKind.STATE or name in apart:
            continue
        field = _field(space, register, name, column, values.get(name), sent, own.get(name))
        fault = (faults or {}).get(name)
        found.setdefault(column.section, []).append(
            field if fault is None else replace(field, fault=fault)
        )
    return [Section(title, tuple(fields)) for title, fields in found.items()]


def _field(
    space: Space,
    register: str,
    name: str,
    column: Column,
    value: Any,
    sent: QueryDict | None,
    own: frozenset[int] | None,
) -> Field:
    options = _options(space, column, value, sent.getlist(name) if sent is not None else None, own)
    if column.kind is ColumnKind.LONG:
        widget = "long"
    elif column.kind is ColumnKind.YES_NO:
        widget = "oui_non"
    elif column.kind in SEVERAL:
        widget = "cases"
    elif column.kind in (ColumnKind.CHOICE, ColumnKind.LINK):
        widget = "choix"
    else:
        widget = "texte"
    if widget == "oui_non":
        text = sent.get(name, "") if sent is not None else _yes(value)
    elif sent is not None:
        text = sent.get(name, "")
    else:
        text = typed(column, value, space.catalogue, space.names)
    return Field(
        name,
        column.label,
        widget,
        column.help,
        column.required,
        text,
        options,
        input=_INPUTS.get(column.kind, "text"),
        mode=_MODES.get(column.kind, ""),
        unit=column.unit or _UNITS.get(column.kind, ""),
    )


def _yes(value: Any) -> str:
    return "" if value is None else "oui" if value else "non"


def _options(
    space: Space,
    column: Column,
    value: Any,
    sent: list[str] | None,
    own: frozenset[int] | None,
) -> tuple[Option, ...]:
    if column.kind in (ColumnKind.CHOICE, ColumnKind.CHOICES):
        pairs = [(code, label, "") for code, label in
                 space.catalogue.lists[str(column.choices)].items.items()]  # fmt: skip
    elif column.kind in (ColumnKind.LINK, ColumnKind.LINKS):
        pairs = _rows(space, str(column.target), value, own)
    elif column.kind is ColumnKind.INDICATORS:
        themes = space.catalogue.themes
        pairs = [
            (code, card.label, themes[space.catalogue.theme_of(code)].label)
            for code, card in space.catalogue.indicators.items()
        ]
    else:
        return ()
    if sent is not None:
        chosen = set(sent)
    elif isinstance(value, tuple):
        chosen = {str(one) for one in value}
    else:
        chosen = {str(value)} if value is not None else set()
    return tuple(Option(code, label, code in chosen, group) for code, label, group in pairs)


def _rows(
    space: Space, target: str, value: Any, own: frozenset[int] | None
) -> list[tuple[str, str, str]]:
    """Return the rows that a link may point at: not archived, or pointed at already."""
    pointed = set(value) if isinstance(value, tuple) else {value}
    found = [
        (str(row.number), space.name(target, row.number), "")
        for row in space.kept(target).rows
        if (not row.archived or row.number in pointed)
        and (own is None or row.number in own or row.number in pointed)
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def read_form(
    space: Space, register: str, sent: QueryDict, apart: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, Fault]]:
    """Return the values that were typed and the faults of those that cannot be read."""
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, column in space.card(register).columns.items():
        if column.kind is ColumnKind.STATE or name in apart:
            continue
        try:
            values[name] = _value(space, column, sent.getlist(name))
        except Fault as fault:
            faults[name] = fault
    return values, faults


def _value(space: Space, column: Column, texts: list[str]) -> Any:
    given = [text.strip() for text in texts if text.strip()]
    if column.kind in (ColumnKind.LINK, ColumnKind.LINKS):
        numbers = tuple(int(text) for text in given if text.isdecimal() and len(text) < 10)
        if len(numbers) < len(given):
            raise Fault("Ce choix n’est pas dans la liste.", "une ligne de la liste.", "")
        if column.kind is ColumnKind.LINKS:
            return tuple(sorted(set(numbers))) or None
        return numbers[0] if numbers else None
    if column.kind in (ColumnKind.CHOICES, ColumnKind.INDICATORS):
        if not given:
            return None
        known = (
            space.catalogue.lists[str(column.choices)].items
            if column.kind is ColumnKind.CHOICES
            else space.catalogue.indicators
        )
        if any(text not in known for text in given):
            raise Fault("Un choix n’est pas dans la liste.", "des choix de la liste.", "")
        return tuple(code for code in known if code in set(given))
    text = (texts[0] if texts else "").replace("\r\n", "\n")
    return read_text(column, text, space.catalogue, space.names)
