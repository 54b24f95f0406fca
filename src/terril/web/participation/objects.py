"""What do the pages of an action, of a body and of a neighbourhood say of the residents' part?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from terril.contrat.participation.levels import VERDICT_LABELS, Verdict, associations, reached
from terril.registres.rows import Row
from terril.web.espace.panels import panel
from terril.web.espace.perms import can_add, can_read
from terril.web.espace.space import Space


@panel("actions")
def action_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The level that residents reached in an action."""
    return _object(space, "action", row)


@panel("instances")
def body_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The level that residents reached in a body."""
    return _object(space, "instance", row)


@panel("quartiers")
def place_panel(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The way to the page of answer of a neighbourhood."""
    if can_read(space, "associations") is not None:
        return None
    return "participation/volet_objet.html", {"query": f"quartier={row.number}"}


def _object(space: Space, column: str, row: Row) -> tuple[str, Mapping[str, Any]] | None:
    if can_read(space, "associations") is not None:
        return None
    key = (column, row.number)
    found = [one for one in associations(space) if one.key == key]
    context: dict[str, Any] = {"verdict": VERDICT_LABELS[Verdict.UNKNOWN], "level": "", "query": ""}
    if found:
        one = reached(found, space.catalogue)[0]
        levels = space.catalogue.lists["niveaux_participation"].items
        context = {
            "verdict": VERDICT_LABELS[one.verdict],
            "level": levels.get(one.proven or one.declared, ""),
            "query": f"objet={found[-1].number}",
        }
    if can_add(space, "associations") is None:
        place = reverse("ajouter", args=[space.contract.code, "associations"])
        context["add"] = f"{place}?{column}={row.number}"
    return "participation/volet_objet.html", {**context, "asked": True}
