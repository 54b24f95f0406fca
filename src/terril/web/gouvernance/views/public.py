"""What may everybody see of the meetings: the bodies, those that were held, approved minutes?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terril.contrat.meetings.bodies import agenda_items, meetings, on
from terril.contrat.meetings.papers import Minutes, day_text, minutes
from terril.registres.rows import Row
from terril.reports.meetings.minutes_pdf import minutes_pdf
from terril.web.espace.answers import as_file
from terril.web.espace.doors import public_contract
from terril.web.espace.space import Space
from terril.web.gouvernance.kept import public_pdf
from terril.web.people.gate import open_to_all


def is_public(row: Row) -> bool:
    """Are the minutes of a meeting for everybody: held, approved, said to be public?"""
    return bool(
        not row.archived
        and row.get("etat") == "tenue"
        and row.get("valide_le") is not None
        and row.get("cr_public")
        and row.get("compte_rendu")
    )


def _shown(space: Space, row: Row) -> dict[str, Any]:
    return {
        "row": row,
        "title": row.get("titre") or "Réunion",
        "when": day_text(row.values["date"]),
        "body": space.name("instances", row.values["instance"]) if row.get("instance") else "",
        "minutes": is_public(row),
    }


@open_to_all
@require_safe
@public_contract
def bodies(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The bodies and the meetings that were held."""
    natures = space.catalogue.lists["natures_instance"].items
    held = [
        row for row in meetings(space) if row.get("etat") == "tenue" and row.get("date") is not None
    ]
    years: dict[int, list[dict[str, Any]]] = {}
    for row in reversed(held):
        years.setdefault(row.values["date"].year, []).append(_shown(space, row))
    context = {
        "space": space,
        "section": "",
        "bodies": [
            {
                "row": row,
                "nature": natures.get(row.get("nature") or "", ""),
                "held": sum(1 for one in held if one.get("instance") == row.number),
            }
            for row in space.rows("instances")
            if on(row, space.today)
        ],
        "years": list(years.items()),
    }
    return render(request, "gouvernance/public_instances.html", context)


def _public_minutes(space: Space, number: int) -> tuple[Row, Minutes]:
    """Return minutes that are public; raises ``Http404`` for any others.

    The functions that represent the structures are left out: somebody may have put a name there.
    """
    row = space.row("reunions", number)
    if row is None or not is_public(row) or row.get("date") is None:
        raise Http404
    found = minutes(space, space.catalogue, row, space.contract.name)
    attendants = tuple(replace(one, function="") for one in found.attendants)
    return row, replace(found, attendants=attendants)


@open_to_all
@require_safe
@public_contract
def meeting(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """The approved minutes of a meeting."""
    row, found = _public_minutes(space, numero)
    context = {
        "space": space,
        "section": "",
        "row": row,
        "minutes": found,
        "agenda": agenda_items(row.get("ordre_du_jour")),
    }
    return render(request, "gouvernance/public_reunion.html", context)


@open_to_all
@require_safe
@public_contract
def file(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """The approved minutes of a meeting as PDF."""
    row, found = _public_minutes(space, numero)
    name = f"compte-rendu-{row.values['date']:%Y-%m-%d}.pdf"
    body = public_pdf(space, numero, lambda: minutes_pdf(found))
    return as_file(body, "application/pdf", name)
