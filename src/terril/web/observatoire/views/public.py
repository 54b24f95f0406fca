"""Which pages does anyone read?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from terril.editions.look import Look
from terril.figures.ranked import ranked_row
from terril.reports.pages.comparison import MOST, comparison_page
from terril.reports.pages.country import country_page
from terril.reports.pages.home import home_page
from terril.reports.pages.indicator import TOTAL, indicator_page
from terril.reports.pages.more_figures import more_figures
from terril.reports.pages.surroundings import surroundings
from terril.reports.pages.theme import theme_page
from terril.reports.pages.why import explanations
from terril.web.design.addresses import address
from terril.web.observatoire import blocks
from terril.web.observatoire.pages import edition_page


@edition_page
def home(request: HttpRequest, look: Look) -> HttpResponse:
    """Home: the agglomeration in six figures, its neighbourhoods by theme, a search.

    With many contracts: a search and their list, until one is chosen.
    """
    if len(look.contracts) > 1 and request.GET.get("contrat", "") not in look.contracts:
        found = country_page(look, request.GET.get("recherche", "")[:100])
        return render(request, "observatoire/accueil_contrats.html", {"look": look, "page": found})
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
    context = {
        "look": look,
        "fiche": fiche,
        "why": explanations(look, fiche),
        "around": surroundings(look, code),
        "more": more_figures(look, code, request.GET.getlist("indicateur")),
        **blocks.sheet(fiche, look.sheet_map(code)),
    }
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
        address=lambda code: address(request, "quartier", code=code),
    )
    if page is None:
        raise Http404
    ranked = [(row, ranked_row(row.at, page.reference_at)) for row in page.rows]
    context = {"look": look, "page": page, "ranked": ranked}
    return render(request, "observatoire/indicateur.html", context)


@edition_page
def theme(request: HttpRequest, look: Look, code: str) -> HttpResponse:
    """A theme: what is said of it, all the neighbourhoods in a table."""
    page = theme_page(look, code, contract=request.GET.get("contrat", ""))
    if page is None:
        raise Http404
    return render(request, "observatoire/theme.html", {"look": look, "page": page})


@edition_page
def compare(request: HttpRequest, look: Look) -> HttpResponse:
    """Two to four neighbourhoods side by side."""
    asked = request.GET.getlist("q")[:MOST]
    page = comparison_page(look, asked, request.GET.get("contrat", ""))
    held = [f.code for f in page.fiches]
    choices = [(n + 1, held[n] if n < len(held) else "") for n in range(MOST)]
    context = {"look": look, "page": page, "choices": choices}
    return render(request, "observatoire/comparer.html", context)
