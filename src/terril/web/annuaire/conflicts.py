"""What is shown when two people wrote in the same columns of a sheet or of an offer?

Both texts, and the form with hers: what the other changed elsewhere is put in its place, so that
saving again loses nothing but what she saw.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from terril.catalogue.registers import SEVERAL
from terril.contrat.directory.sheets import OFFERS, SHEETS
from terril.registres.cells import stored
from terril.web.annuaire.actions.save_sheet import SheetConflictError
from terril.web.espace.forms import sections
from terril.web.espace.merging import Difference, differences
from terril.web.espace.people import names_of
from terril.web.espace.space import Space


@dataclass(frozen=True, slots=True)
class Both:
    """Who wrote the same, when, and the columns: label, the three texts."""

    who: str
    at: object
    columns: tuple[tuple[str, Difference], ...]


def both_texts(space: Space, error: SheetConflictError) -> Both:
    """Return both texts of each disputed column."""
    register = OFFERS if error.key else SHEETS
    conflict = error.conflict
    columns = space.card(register).columns
    return Both(
        names_of([conflict.by]).get(conflict.by, "une autre personne"),
        conflict.at,
        tuple(
            (
                columns[name].label,
                differences(
                    space, register, name, conflict.base, conflict.row.values, conflict.mine
                ),
            )
            for name in conflict.columns
        ),
    )


def merged(space: Space, error: SheetConflictError, sent: QueryDict) -> QueryDict:
    """Return what was sent, with the other’s changes where she made none, at today’s version."""
    register = OFFERS if error.key else SHEETS
    conflict = error.conflict
    before = f"{error.key}-" if error.key else ""
    put = sent.copy()
    put[f"{before}version"] = str(conflict.row.version)
    typed = {
        field.name: field
        for part in sections(space, register, conflict.row.values)
        for field in part.fields
    }
    for name, column in space.card(register).columns.items():
        if conflict.mine.get(name) != conflict.base.get(name) or name not in typed:
            continue
        value = conflict.row.get(name)
        if column.kind in SEVERAL:
            put.setlist(f"{before}{name}", [str(one) for one in stored(column, value) or ()])
        else:
            chosen = [option.value for option in typed[name].chosen]
            put[f"{before}{name}"] = chosen[0] if chosen else typed[name].value
    return put
