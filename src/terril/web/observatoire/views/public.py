"""Which pages does anyone read?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from terril.editions.look import Look
from terril.figures.ranked import ranked_row
from terril.reports.pages.home import home_page
from terril.reports.pages.indicator import TOTAL, indicator_page
from terril.web.design.addresses import address
from terril.web.observatoire import blocks
from terril.web.observatoire.pages import edition_page


@edition_page
def home(request: HttpRequest, look: Look) -> HttpResponse:
    """Home: the agglomeration in six figures, its neighbourhoods by theme, a search."""
    page = home_page(
        look,
        lambda code: address(request, "quartier", code=code),
        theme=request.GET.get("theme", ""),
        contract=request.GET.get("contrat", ""),
        asked=request.GET.get("recherche", "")[:100],
    )
    if page is None:
        return render(request, "observatoire/vide.html", status=404)
    return render(request, "observatoire/accueil.html", {"look": look, "page": page})


@edition_page
def neighbourhood(request: HttpRequest, look: Look, code: str) -> HttpResponse:
    """The sheet of a neighbourhood, block for block as on paper."""
    fiche = look.fiche(code)
    if fiche is None:
        raise Http404
    context = {"look": look, "fiche": fiche, **blocks.sheet(fiche)}
    return render(request, "observatoire/quartier.html", context)


@edition_page
def indicators(request: HttpRequest, look: Look) -> HttpResponse:
    """The indicators that have figures, by theme."""
    return render(request, "observatoire/indicateurs.html", {"look": look, "themes": look.index})


@edition_page
def indicator(request: HttpRequest, look: Look, code: str) -> HttpResponse:
    """One indicator: its meaning, the neighbourhoods ranked, its periods."""
    page = indicator_page(
        look,
        code,
        period=request.GET.get("periode", ""),
        reference=request.GET.get("reference", "moyenne"),
        breakdown=request.GET.get("ventilation", TOTAL),
        contract=request.GET.get("contrat", ""),
    )
    if page is None:
        raise Http404
    ranked = [(row, ranked_row(row.at, page.reference_at)) for row in page.rows]
    context = {"look": look, "page": page, "ranked": ranked}
    return render(request, "observatoire/indicateur.html", context)
