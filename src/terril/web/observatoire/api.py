"""What does the programming interface answer?

Version 1, under ``/api/v1/``: read-only, without key nor cookie, described by OpenAPI 3.1 at
``/api/v1/openapi.json``. Every answer comes from a sealed edition and may be kept as long as
that edition: its address names its date.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from ninja import NinjaAPI, Schema

from terril.web.design.context import shelf

API: Final = NinjaAPI(
    title="Observatoire des quartiers",
    version="1",
    description="Les chiffres publiés des quartiers prioritaires, par édition scellée. "
    "Lecture seule, sans clé. Un chiffre couvert par le secret statistique n’a pas de valeur : "
    "son statut le dit.",
    docs_url=None,
    urls_namespace="api",
)


class EditionOut(Schema):
    """An edition that is published."""

    date: str
    name: str
    contract: str
    epci: str
    generation: str
    withdrawn: str | None


@API.get("/editions", response=list[EditionOut], summary="Les éditions publiées")
def editions(request: HttpRequest) -> list[EditionOut]:
    """Return the editions, the newest first; ``withdrawn`` says why one is."""
    books = shelf()
    found = []
    for date in books.dates():
        look = books.look(date)
        if look is not None:
            notice = look.notice
            found.append(
                EditionOut(
                    date=look.date,
                    name=look.info.name,
                    contract=look.info.contract,
                    epci=look.info.epci,
                    generation=look.info.generation,
                    withdrawn=notice.text if notice else None,
                )
            )
    return found
