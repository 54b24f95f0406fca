"""What do members see of the directory: what is to be read over, what is old, what is double?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from terril.contrat.directory.freshness import awaiting, late
from terril.contrat.directory.matrix import matrix
from terril.contrat.directory.sheets import ORGANISATIONS, SHEETS
from terril.contrat.directory.twins import uses
from terril.reports.directory.entry import contact_data
from terril.web.annuaire.actions.review_sheet import publish, send_back
from terril.web.annuaire.held import doubles, member_directory, review_months
from terril.web.annuaire.rights import can_compare, can_edit, can_review, sheet_row
from terril.web.annuaire.views.public import shown
from terril.web.espace.doors import readable, refused, space_page, told
from terril.web.espace.shown import facts, tag_of
from terril.web.espace.space import Space
from terril.web.people.refusal import RefusedError


@require_safe
@space_page
def overview(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The directory in the workspace: her sheets, what is to be read over, where nothing is."""
    refusal = readable(space, SHEETS)
    if refusal is not None:
        return refused(request, refusal)
    directory = member_directory(space)
    reviews = can_review(space) is None
    laid = matrix(directory)
    context = {
        "space": space,
        "mine": [
            (number, space.name(ORGANISATIONS, number), directory.sheet(number))
            for number in sorted(space.organisations)
            if can_edit(space, number) is None
        ],
        "reviews": reviews,
        "awaiting": awaiting(directory),
        "late": late(directory, review_months(space)) if reviews else (),
        "months": review_months(space),
        "doubles": len(doubles(space)) if can_compare(space) is None else None,
        "published": sum(sheet.published for sheet in directory.sheets),
        "offers": len(directory.offers),
        "holes": [
            (label, len(laid.holes(theme)))
            for theme, label in laid.themes.items()
            if laid.holes(theme)
        ],
        "quartiers": len(laid.quartiers),
        "without": [sheet for sheet in directory.sheets if sheet.number is None],
    }
    return render(request, "annuaire/espace.html", context)


@require_safe
@space_page
def reading(request: HttpRequest, space: Space, organisation: int) -> HttpResponseBase:
    """A sheet as the public would read it, for those who publish it."""
    refusal = readable(space, SHEETS) or can_review(space)
    if refusal is not None:
        return refused(request, refusal)
    row = sheet_row(space, organisation)
    sheet = member_directory(space).sheet(organisation)
    if row is None or sheet is None:
        raise Http404
    directory = member_directory(space)
    context = {
        "space": space,
        "sheet": sheet,
        "row": row,
        "tag": tag_of(space, SHEETS, row),
        "contact": contact_data(directory, sheet, sheet.offers),
        "offers": [
            (offer, offer.over(space.today), shown(directory, offer)) for offer in sheet.offers
        ],
        "team": [part for part in facts(space, SHEETS, row) if part[0].startswith("Pour l’équipe")],
        "organisation": organisation,
    }
    return render(request, "annuaire/relire.html", context)


@require_POST
@space_page
def read(request: HttpRequest, space: Space, organisation: int) -> HttpResponseBase:
    """The team publishes a sheet, or sends it back with a remark."""
    refusal = readable(space, SHEETS) or can_review(space)
    if refusal is not None:
        return refused(request, refusal)
    version = request.POST.get("version", "")
    base = int(version) if version.isdecimal() and len(version) < 10 else 0
    place = ("annuaire-relire", space.contract.code, organisation)
    try:
        if request.POST.get("faire") == "renvoyer":
            send_back(space, organisation, base, request.POST.get("remarques", ""))
            said = "La fiche est renvoyée à la structure avec votre remarque."
        else:
            publish(space, organisation, base)
            said = "La fiche est publiée."
    except RefusedError as error:
        return told(request, error.refusal, *place)
    messages.success(request, said)
    return redirect("annuaire-espace", space.contract.code)


@require_safe
@space_page
def twice(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The structures that may stand twice."""
    refusal = readable(space, ORGANISATIONS) or can_compare(space)
    if refusal is not None:
        return refused(request, refusal)
    pairs: list[dict[str, Any]] = [
        {
            "reasons": [str(reason) for reason in pair.reasons],
            "sure": pair.sure,
            "sides": [
                {
                    "number": row.number,
                    "name": space.name(ORGANISATIONS, row.number),
                    "siret": row.get("siret") or "",
                    "rna": row.get("rna") or "",
                    "uses": uses(space, row.number),
                }
                for row in (pair.first, pair.second)
            ],
        }
        for pair in doubles(space)
    ]
    return render(request, "annuaire/doublons.html", {"space": space, "pairs": pairs})
