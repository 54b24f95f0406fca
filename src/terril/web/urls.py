"""Which address leads where?"""

from __future__ import annotations

from django.urls import include, path

from terril.web.observatoire.api import API

urlpatterns = [
    path("api/v1/", API.urls),
    path("", include("terril.web.people.urls")),
    path("", include("terril.web.espace.urls")),
    path("", include("terril.web.gouvernance.urls")),
    path("", include("terril.web.contrat.urls")),
    path("", include("terril.web.annuaire.urls")),
    path("", include("terril.web.participation.urls")),
    path("atelier/", include("terril.web.atelier.urls")),
    path("", include("terril.web.observatoire.urls")),
]

handler400 = "terril.web.design.errors.bad_request"
handler403 = "terril.web.design.errors.forbidden"
handler404 = "terril.web.design.errors.not_found"
handler500 = "terril.web.design.errors.failure"
