"""What may another site show in a frame, and how does it make it fit?

One indicator, or the signals of one neighbourhood: a page without navigation, cookie nor
tracker, which works without JavaScript. A script of ours on the host's page, optional, gives the
frame the height of its content. All other pages refuse to be framed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from terril.editions.look import Look
from terril.figures.ranked import ranked_row
from terril.reports.fiche import reading
from terril.reports.pages.indicator import TOTAL, indicator_page
from terril.web.observatoire.answers import open_to_all
from terril.web.observatoire.pages import edition_page
from terril.web.security import embeddable

#: the script of the host's page; its name holds its version, a version never changes
SCRIPT: Final = Path(__file__).resolve().parent.parent / "static" / "observatoire" / "integrer-1.js"
_DAY: Final = "public, max-age=86400"
#: height of a frame before the script speaks, or without it: pixels
_HEIGHT: Final = 560


@require_safe
@embeddable
@edition_page
def indicator(request: HttpRequest, look: Look, code: str) -> HttpResponse:
    """The neighbourhoods ranked on one indicator, for the frame of another site."""
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
    context = {"look": look, "page": page, "ranked": ranked, "code": code}
    return _framed(render(request, "observatoire/integre_indicateur.html", context))


@require_safe
@embeddable
@edition_page
def signals(request: HttpRequest, look: Look, code: str) -> HttpResponse:
    """The signals of one neighbourhood, for the frame of another site."""
    fiche = look.fiche(code)
    if fiche is None:
        raise Http404
    words = ["".join(str(part[0]) for part in runs) for runs in reading(fiche)]
    context = {"look": look, "fiche": fiche, "reading": words, "code": code}
    return _framed(render(request, "observatoire/integre_signaux.html", context))


def _framed(answer: HttpResponse) -> HttpResponse:
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script of the host's page: other sites may load it."""
    answer = HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = _DAY
    return open_to_all(answer)


@require_safe
@edition_page
def choose(request: HttpRequest, look: Look) -> HttpResponse:
    """The HTML to copy, for an indicator or for the signals of a neighbourhood."""
    indicator_asked = request.GET.get("indicateur", "")
    neighbourhood_asked = request.GET.get("quartier", "")
    labels = {code: label for _, cards in look.index for code, label in cards}
    path = title = ""
    if indicator_asked in labels:
        path = reverse("integrer-indicateur", kwargs={"code": indicator_asked})
        title = labels[indicator_asked]
    elif neighbourhood_asked in look.names:
        path = reverse("integrer-signaux", kwargs={"code": neighbourhood_asked})
        title = f"Les signaux : {look.names[neighbourhood_asked]}"
    context = {
        "look": look,
        "path": path,
        "frame": request.build_absolute_uri(path) if path else "",
        "script": request.build_absolute_uri(reverse("integrer-script")),
        "frame_title": f"{title}, {look.info.name}",
        "height": _HEIGHT,
        "indicator": indicator_asked,
        "neighbourhood": neighbourhood_asked,
    }
    return render(request, "observatoire/integrer.html", context)
