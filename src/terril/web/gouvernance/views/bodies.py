"""Which bodies has the contract, who sits in them, how regular are they?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terril.contrat.meetings.assiduity import Attendance
from terril.contrat.meetings.bodies import AHEAD, meetings, members, on
from terril.contrat.meetings.bodies import bodies as all_bodies
from terril.contrat.meetings.decisions import open_decisions
from terril.contrat.meetings.measures import (
    DEFINITIONS,
    INDICATORS,
    attendance_summary,
    decisions_summary,
    indicator_values,
    rhythm_text,
)
from terril.registres.rows import Row
from terril.web.espace.doors import refused, space_page
from terril.web.espace.perms import can_add
from terril.web.espace.shown import tag_of
from terril.web.espace.space import Space
from terril.web.espace.templatetags.espace import cell_text
from terril.web.gouvernance.held import body_or_404, year_of
from terril.web.gouvernance.kept import attendance_of
from terril.web.gouvernance.perms import can_look, can_plan


def shown_meetings(space: Space, rows: list[Row]) -> list[dict[str, Any]]:
    """Return meetings as lists show them."""
    return [
        {
            "row": row,
            "title": row.get("titre") or space.name("reunions", row.number),
            "body": space.name("instances", row.values["instance"]) if row.get("instance") else "",
            "tag": tag_of(space, "reunions", row),
        }
        for row in rows
    ]


@require_safe
@space_page
def bodies(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The bodies, and the meetings ahead."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    year = year_of(request.GET.get("annee", ""), space.today.year)
    told = {row.number: found for row, found in attendance_of(space).by_body(year)}
    natures = space.catalogue.lists["natures_instance"].items
    seats: dict[int, set[int]] = {}
    for row in space.rows("mandats"):
        if on(row, space.today) and row.get("instance"):
            seats.setdefault(row.values["instance"], set()).add(row.get("organisation") or 0)
    lines = [
        {
            "row": row,
            "nature": natures.get(row.get("nature") or "", ""),
            "rhythm": rhythm_text(told[row.number]) if row.number in told else "",
            "held": told[row.number].held if row.number in told else 0,
            "members": len(seats.get(row.number, ())),
            "over": not on(row, space.today),
        }
        for row in all_bodies(space)
    ]
    ahead = [
        row
        for row in meetings(space)
        if row.get("etat") in AHEAD
        and (row.get("date") is None or row.values["date"] >= space.today)
    ]
    last = [row for row in meetings(space) if row.get("etat") == "tenue"][-8:]
    context = {
        "space": space,
        "section": "instances",
        "year": year,
        "lines": lines,
        "ahead": shown_meetings(space, ahead[:12]),
        "last": shown_meetings(space, last[::-1]),
        "may_plan": can_plan(space) is None,
        "may_add": can_add(space, "instances") is None,
    }
    return render(request, "gouvernance/instances.html", context)


@require_safe
@space_page
def body(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """One body: members, meetings, regularity, what it still has to do."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    row = body_or_404(space, numero)
    attendance = attendance_of(space)
    lists = space.catalogue.lists
    rows = meetings(space, numero)
    found_years = sorted({r.values["date"].year for r in rows if r.get("date")}, reverse=True)
    seated = [
        {
            "member": member,
            "quality": lists["qualites_mandat"].items.get(member.quality, member.quality),
            "college": lists["colleges"].items.get(member.college, ""),
        }
        for member in members(space, numero, space.today)
    ]
    context = {
        "space": space,
        "section": "instance",
        "row": row,
        "nature": lists["natures_instance"].items.get(row.get("nature") or "", ""),
        "members": seated,
        "meetings": shown_meetings(space, list(rows[::-1])),
        "years": [
            {"year": year, **_figures(attendance, numero, year)} for year in found_years
        ],
        "regular": attendance.of(numero).structures,
        "pending": open_decisions(space, numero, None),
        "may_plan": can_plan(space) is None,
        "may_seat": can_add(space, "mandats") is None,
        "definitions": DEFINITIONS,
    }  # fmt: skip
    return render(request, "gouvernance/instance.html", context)


def _figures(attendance: Attendance, body: int, year: int) -> dict[str, str]:
    told = attendance.of(body, year)
    return {
        "held": cell_text(told.held, ""),
        "rhythm": rhythm_text(told) or "–",
        "distinct": cell_text(told.distinct, ""),
        "rate": cell_text(told.presence_rate, "%"),
        "variety": cell_text(told.variety, ""),
        "colleges": cell_text(told.represented_share, "%"),
        "constant": cell_text(told.constant_share, "%"),
    }


@require_safe
@space_page
def statistics(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The attendance of a year, and the figures that the evaluation takes."""
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    attendance = attendance_of(space)
    known = attendance.years or (space.today.year,)
    year = year_of(request.GET.get("annee", ""), known[0])
    values = indicator_values(space, space.catalogue, year, None, attendance)
    context = {
        "space": space,
        "section": "assiduite",
        "year": year,
        "years": known,
        "summaries": [
            attendance_summary(space, space.catalogue, year, attendance),
            decisions_summary(space, space.catalogue),
        ],
        "figures": [
            (label, cell_text(values[code], unit if unit == "%" else ""), unit, code)
            for code, (label, unit) in INDICATORS.items()
        ],
    }
    return render(request, "gouvernance/assiduite.html", context)
