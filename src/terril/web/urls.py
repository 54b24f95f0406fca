"""Which address leads where?"""

from __future__ import annotations

from django.urls import include, path

from terril.web.observatoire.api import API

urlpatterns = [
    path("api/v1/", API.urls),
    path("", include("terril.web.people.urls")),
    path("atelier/", include("terril.web.atelier.urls")),
    path("", include("terril.web.observatoire.urls")),
]

handler400 = "terril.web.design.errors.bad_request"
handler403 = "terril.web.design.errors.forbidden"
handler404 = "terril.web.design.errors.not_found"
handler500 = "terril.web.design.errors.failure"
