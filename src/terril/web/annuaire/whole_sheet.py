"""How are a sheet and its offers one form: which fields, and what was typed in them?

The fields of the sheet keep the names of their columns; those of an offer stand after its number
(« offre-12-intitule »), those of a new one after « offre-nouvelle ». What makes a row the
structure’s, and what the team decides, are in no field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import QueryDict

from terril.contrat.directory.sheets import OFFERS, SHEETS
from terril.registres.faults import Fault
from terril.registres.rows import Row
from terril.web.annuaire.rights import offer_rows, sheet_row
from terril.web.espace.forms import Field, Section, read_form, sections
from terril.web.espace.space import Space

NEW: Final = "offre-nouvelle"
#: columns of each register that the form leaves alone
APART: Final = {
    SHEETS: frozenset({"organisation", "a_jour_le", "remarques"}),
    OFFERS: frozenset({"organisation", "action"}),
}
#: by row, "" for the sheet: column → fault
Faults = Mapping[str, Mapping[str, Fault]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for a row: its number (``None``: a new one), the version it was read at.

    ``key`` opens the names of its fields. ``gone``: the person takes the offer away.
    """

    key: str
    number: int | None
    base: int
    values: Mapping[str, Any]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The fields of one row in the form."""

    key: str
    number: int | None
    base: int
    title: str
    sections: tuple[Section, ...]
    open: bool
    row: Row | None


def key_of(number: int) -> str:
    """What opens the names of the fields of an offer."""
    return f"offre-{number}"


def sheet_part(
    space: Space, organisation: int, sent: QueryDict | None, faults: Mapping[str, Fault]
) -> Part:
    """Return the fields of the sheet."""
    row = sheet_row(space, organisation)
    values = row.values if row is not None else {}
    base = _whole(sent.get("version", "")) if sent is not None else (row.version if row else 0)
    fields = tuple(sections(space, SHEETS, values, sent, faults, APART[SHEETS]))
    return Part("", row.number if row else None, base, "", fields, True, row)


def offer_parts(
    space: Space, organisation: int, sent: QueryDict | None, faults: Faults
) -> list[Part]:
    """Return the fields of each offer, then those of a new one."""
    found = [
        _offer_part(space, key_of(row.number), row, sent, faults)
        for row in offer_rows(space, organisation)
    ]
    return [*found, _offer_part(space, NEW, None, sent, faults)]


def _offer_part(
    space: Space, key: str, row: Row | None, sent: QueryDict | None, faults: Faults
) -> Part:
    wrong = faults.get(key, {})
    mine = inner(sent, key) if sent is not None else None
    values: Mapping[str, Any] = row.values if row is not None else {"publiee": True}
    if mine is not None and not mine:
        mine = None  # another offer, added meanwhile: nothing was typed for it
    fields = tuple(
        Section(part.title, tuple(_named(key, field) for field in part.fields))
        for part in sections(space, OFFERS, values, mine, wrong, APART[OFFERS])
    )
    base = row.version if row is not None else 0
    if mine is not None:
        base = _whole(mine.get("version", ""))
    title = str(row.get("intitule") or "") if row is not None else ""
    begun = row is None and mine is not None and _begun(mine)
    return Part(key, row.number if row else None, base, title, fields, bool(wrong) or begun, row)


def _named(key: str, field: Field) -> Field:
    """Name the field after its offer. A folded offer must not stop the browser from sending the
    form: what is required is said in its label, and checked here."""
    label = f"{field.label} (obligatoire)" if field.required else field.label
    return replace(field, name=f"{key}-{field.name}", label=label, required=False)


def inner(sent: QueryDict, key: str) -> QueryDict:
    """Return what was sent for one offer, under the names of its columns."""
    found = QueryDict(mutable=True)
    for name in sent:
        if name.startswith(f"{key}-"):
            found.setlist(name.removeprefix(f"{key}-"), sent.getlist(name))
    return found


def read_whole(
    space: Space, organisation: int, sent: QueryDict
) -> tuple[list[Typed], dict[str, dict[str, Fault]]]:
    """Return what was typed for each row, the sheet first, and what cannot be read.

    An offer for which nothing was sent is left out; a new one counts when it has a title, a theme
    or a description.
    """
    found: list[Typed] = []
    wrong: dict[str, dict[str, Fault]] = {}
    row = sheet_row(space, organisation)
    values, faults = read_form(space, SHEETS, sent, APART[SHEETS])
    if faults:
        wrong[""] = faults
    number = row.number if row is not None else None
    found.append(Typed("", number, _whole(sent.get("version", "")), values))
    for offer in offer_rows(space, organisation):
        key = key_of(offer.number)
        mine = inner(sent, key)
        if not mine:
            continue
        gone = mine.get("retirer") == "oui"
        values, faults = read_form(space, OFFERS, mine, APART[OFFERS])
        if faults and not gone:
            wrong[key] = faults
        base = _whole(mine.get("version", ""))
        found.append(Typed(key, offer.number, base, values, gone))
    mine = inner(sent, NEW)
    if _begun(mine):
        values, faults = read_form(space, OFFERS, mine, APART[OFFERS])
        if faults:
            wrong[NEW] = faults
        found.append(Typed(NEW, None, 0, values))
    return found, wrong


_TELLING: Final = ("intitule", "themes", "description")


def _begun(sent: QueryDict) -> bool:
    """Was anything typed for a new offer?"""
    return any(text.strip() for name in _TELLING for text in sent.getlist(name))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
