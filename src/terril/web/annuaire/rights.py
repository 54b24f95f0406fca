"""Who may write the sheet of a structure, and who reads them over for the contract?

The cards of the registers decide: a structure writes its own rows, those who write all rows read
them over and publish.
"""

from __future__ import annotations

from terril.contrat.directory.sheets import OFFERS, ORGANISATIONS, SHEETS
from terril.registres.rows import Row
from terril.web.espace.perms import can_add, can_import, can_write
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal

_NOT_HERS = Refusal(
    "Cette structure n’est pas la vôtre\u00a0: vous pouvez lire sa fiche, pas la modifier."
)


def sheet_row(space: Space, organisation: int) -> Row | None:
    """The row of the sheet of a structure, if it has one that is not archived."""
    return next(
        (row for row in space.rows(SHEETS) if row.get("organisation") == organisation), None
    )


def offer_rows(space: Space, organisation: int) -> list[Row]:
    """The rows of the offers of a structure, in the order of their numbers."""
    return [row for row in space.rows(OFFERS) if row.get("organisation") == organisation]


def can_edit(space: Space, organisation: int) -> Refusal | None:
    """May she write the sheet of this structure and its offers?"""
    structure = space.row(ORGANISATIONS, organisation)
    if structure is None:
        return Refusal("Cette structure n’est pas dans le contrat.", 404)
    row = sheet_row(space, organisation)
    if row is not None:
        return can_write(space, SHEETS, row)
    refusal = can_add(space, SHEETS)
    if refusal is not None:
        return refusal
    return can_write(space, SHEETS, Row(0, 0, {"organisation": organisation})) and _NOT_HERS


def can_review(space: Space) -> Refusal | None:
    """May she read sheets over and publish them: does she write all of them?"""
    return can_import(space, SHEETS)


def can_compare(space: Space) -> Refusal | None:
    """May she look for structures that stand twice: does she write all of them?"""
    return can_import(space, ORGANISATIONS)
