"""What does the directory add to the pages of rows: of a sheet, of a structure, of an offer?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from terril.contrat.directory.sheets import OFFERS, ORGANISATIONS, SHEETS
from terril.registres.rows import Row
from terril.web.annuaire.held import public_search
from terril.web.annuaire.rights import can_edit
from terril.web.espace.panels import panel
from terril.web.espace.space import Space

Added = tuple[str, Mapping[str, Any]]


def _links(space: Space, organisation: int | None) -> Added | None:
    if organisation is None:
        return None
    may_edit = can_edit(space, organisation) is None
    published = public_search(space).directory.sheet(organisation) is not None
    if not may_edit and not published:
        return None
    return "annuaire/encart.html", {
        "organisation": organisation,
        "may_edit": may_edit,
        "published": published,
    }


@panel(SHEETS)
def of_sheet(request: HttpRequest, space: Space, row: Row) -> Added | None:
    """The page where the sheet and its offers are written together, and the public one."""
    return _links(space, row.get("organisation"))


@panel(OFFERS)
def of_offer(request: HttpRequest, space: Space, row: Row) -> Added | None:
    """The same, from an offer."""
    return _links(space, row.get("organisation"))


@panel(ORGANISATIONS)
def of_structure(request: HttpRequest, space: Space, row: Row) -> Added | None:
    """The same, from a structure that has a sheet."""
    if not any(sheet.get("organisation") == row.number for sheet in space.rows(SHEETS)):
        return None
    return _links(space, row.number)
