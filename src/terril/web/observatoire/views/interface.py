"""What does the page of the programming interface say?

Written from the OpenAPI description that programs read, so that both say the same; the examples
are those of the edition that is shown, and work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from terril.editions.look import Look
from terril.lib.french import nombre
from terril.web.observatoire.api import API, LATEST, MOST
from terril.web.observatoire.pages import edition_page

_PLACES: Final = {"path": "dans l’adresse", "query": "après « ? »"}
_TYPES: Final = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "array": "liste",
    "object": "objet",
}
#: what each refusal means
_CODES: Final = {
    "404": "rien à cette adresse dans cette édition",
    "422": "paramètre mal formé ; la réponse dit lequel",
    "429": "trop de demandes ; l’en-tête Retry-After dit combien de secondes attendre",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address."""

    name: str
    place: str
    type: str
    needed: bool
    meaning: str
    default: str


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the interface."""

    anchor: str
    path: str
    summary: str
    meaning: str
    parameters: tuple[Parameter, ...]
    example: str
    fields: tuple[tuple[str, str], ...]  # name, type
    fields_of: str  # « Chaque élément » or « La réponse »
    errors: tuple[tuple[str, str], ...]


@edition_page
def interface(request: HttpRequest, look: Look) -> HttpResponse:
    """The programming interface, for people."""
    described = API.get_openapi_schema(path_prefix=reverse("api:api-root"))
    context = {
        "look": look,
        "routes": routes(described, look),
        "rate": nombre(settings.RATE),
        "most": nombre(MOST),
        "base": request.build_absolute_uri(reverse("api:api-root")),
    }
    return render(request, "observatoire/api.html", context)


def routes(described: dict[str, Any], look: Look) -> tuple[Route, ...]:
    """Return the addresses of an OpenAPI description, with examples of an edition."""
    shapes = described.get("components", {}).get("schemas", {})
    found = []
    for path, methods in described["paths"].items():
        told = methods["get"]
        parameters = tuple(_parameter(item) for item in told.get("parameters", ()))
        shape = told["responses"][200]["content"]["application/json"]["schema"]
        several = shape.get("type") == "array"
        shape = shape.get("items", shape)
        fields = shapes.get(str(shape.get("$ref", "")).rpartition("/")[2], {})
        found.append(
            Route(
                anchor=str(told["operationId"]).replace("_", "-"),
                path=path,
                summary=told["summary"],
                meaning=told["description"],
                parameters=parameters,
                example=_example(path, parameters, look),
                fields=tuple(
                    (name, _type(field)) for name, field in fields.get("properties", {}).items()
                ),
                fields_of="Chaque élément de la liste" if several else "La réponse",
                errors=tuple(
                    (str(code), _CODES[str(code)])
                    for code in told["responses"]
                    if str(code) in _CODES
                ),
            )
        )
    return tuple(found)


def _parameter(item: dict[str, Any]) -> Parameter:
    shape = item["schema"]
    default = shape.get("default")
    return Parameter(
        name=item["name"],
        place=_PLACES[item["in"]],
        type=_type(shape),
        needed=bool(item.get("required")),
        meaning=item.get("description", ""),
        default="" if default is None else nombre(default),
    )


def _type(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return ", ".join(str(value) for value in shape["enum"])
    if "anyOf" in shape:
        kinds = [_type(part) for part in shape["anyOf"] if part.get("type") != "null"]
        return f"{' ou '.join(kinds)}, ou null"
    return _TYPES.get(str(shape.get("type", "object")), "objet")


def _example(path: str, parameters: tuple[Parameter, ...], look: Look) -> str:
    """Return an address that answers: of the newest edition, its first indicator, sheet."""
    indicator = next((code for _, cards in look.index for code, _ in cards), "")
    neighbourhood = next(iter(look.names), "")
    code = neighbourhood if "/quartiers/" in path else indicator
    address = path.replace("{date}", LATEST).replace("{code}", code)
    names = {p.name for p in parameters}
    asked: dict[str, object] = {}
    if "kind" in names:
        asked["kind"] = "qpv"
    if "limit" in names:
        asked["limit"] = 100
    return f"{address}?{urlencode(asked)}" if asked else address
