"""What does a person read when something is not there, not allowed, or broken?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        words = {400: "Demande mal formée.", 403: "Accès refusé.", 404: "Introuvable."}
        said = words.get(status, "Le serveur a échoué.")
        body = f'{{"detail": "{said}"}}'
        return HttpResponse(body, content_type="application/json", status=status)
    return render(request, f"design/{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form is not well formed."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing at this address."""
    return _page(request, 404)


def failure(request: HttpRequest) -> HttpResponse:
    """500: we failed; the page needs nothing that may have failed."""
    return HttpResponse(
        '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Le site a échoué</title>'
        "<h1>Le site a échoué</h1><p>La page n’a pas pu être faite. Réessayez dans un instant ; "
        "si cela dure, prévenez la personne qui tient le site.</p></html>",
        status=500,
    )
