"""Which pages does anyone read?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from terril.editions.look import Look
from terril.web.observatoire import blocks
from terril.web.observatoire.pages import edition_page


@edition_page
def home(request: HttpRequest, look: Look) -> HttpResponse:
    """Home: the agglomeration in six figures, its neighbourhoods, a search."""
    return render(request, "observatoire/accueil.html", {"look": look})


@edition_page
def neighbourhood(request: HttpRequest, look: Look, code: str) -> HttpResponse:
    """The sheet of a neighbourhood, block for block as on paper."""
    fiche = look.fiche(code)
    if fiche is None:
        raise Http404
    context = {"look": look, "fiche": fiche, **blocks.sheet(fiche)}
    return render(request, "observatoire/quartier.html", context)
