"""What does every page know: whose observatory it is, which edition, where one is?"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from terril.editions.look import Shelf
from terril.web.design.addresses import elsewhere

#: states of accessibility as the law words them
STATES: Final = {
    "totale": "totalement conforme",
    "partielle": "partiellement conforme",
    "non": "non conforme",
}


def shelf() -> Shelf:
    """The folder of editions that the site shows."""
    return Shelf(settings.EDITIONS)


def site(request: HttpRequest) -> dict[str, Any]:
    """Name of the observatory and of its territory, from the edition that pages show."""
    latest = getattr(request, "preview", None) or shelf().latest()
    info = latest.info if latest else None
    return {
        "site_name": info.name if info else "Observatoire des quartiers",
        "site_contract": info.contract if info else "",
        "site_epci": info.epci_name if info else "",
        "latest": latest,
        "site_accessibility": STATES[settings.ACCESSIBILITY],
        "elsewhere": elsewhere(request, shelf()),
        "section": getattr(request.resolver_match, "url_name", "") or "",
    }
