"""What do the meetings add to the pages of the rows of their registers?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from terril.registres.rows import Row
from terril.web.espace.panels import panel
from terril.web.espace.space import Space

_TEMPLATE = "gouvernance/renvoi.html"


@panel("reunions")
def of_meeting(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The way to the screen of the meeting."""
    address = reverse("reunion", args=[space.contract.code, row.number])
    return _TEMPLATE, {"address": address, "label": "Préparer et mener cette réunion"}


@panel("instances")
def of_body(request: HttpRequest, space: Space, row: Row) -> tuple[str, Mapping[str, Any]] | None:
    """The way to the page of the body."""
    address = reverse("instance", args=[space.contract.code, row.number])
    return _TEMPLATE, {"address": address, "label": "Membres, réunions et assiduité"}


@panel("decisions")
def of_decision(
    request: HttpRequest, space: Space, row: Row
) -> tuple[str, Mapping[str, Any]] | None:
    """The way back to the meeting that decided."""
    meeting = row.get("reunion")
    if meeting is None:
        return None
    address = reverse("reunion", args=[space.contract.code, meeting])
    return _TEMPLATE, {
        "address": address,
        "label": f"Réunion\u00a0: {space.name('reunions', meeting)}",
    }
