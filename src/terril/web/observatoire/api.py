"""What does the programming interface answer?

Version 1, under ``/api/v1/``: read-only, without key nor cookie, described by OpenAPI 3.1 at
``/api/v1/openapi.json``. Every answer comes from a sealed edition, whose date is in the address
(« derniere » is the newest): an answer under a date never changes.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Final, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import ValidationError

from terril import __version__
from terril.editions.look import Look
from terril.observations.schema import Status
from terril.reports.exports import sdmx_structure
from terril.reports.exports.cube import Observation, value_of
from terril.web.design.context import shelf

LATEST: Final = "derniere"
MOST: Final = 10_000

DateOf = Annotated[
    str,
    Path(pattern=r"^(derniere|\d{4}-\d{2}-\d{2})$", description="Date de l’édition, ou derniere"),
]
CodeOf = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_.+-]{1,80}$", description="Code, tel que les listes le donnent")
]
_WORD: Final = r"^[A-Za-z0-9_.+/ :-]{1,80}$"
KindOf = Annotated[
    str | None,
    Query(pattern=_WORD, description="Genre de territoire : qpv, commune, epci, france…"),
]
TerritoryOf = Annotated[
    str | None, Query(pattern=_WORD, description="Code du territoire, tel que la liste le donne")
]
PeriodOf = Annotated[str | None, Query(pattern=_WORD, description="2017, 2017-12-31 ou 2013-2017")]

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


class TerritoryOut(Schema):
    """A territory."""

    kind: str
    code: str
    label: str
    epci: str
    communes: list[str]
    population: float | None
    has_sheet: bool


class IndicatorOut(Schema):
    """An indicator, its meaning and its source."""

    code: str
    label: str
    question: str
    unit: str
    decimals: int
    polarity: str
    source: str
    licence: str | None
    caution: str | None


class ObservationOut(Schema):
    """One figure. Without ``value``, ``status`` says why there is none."""

    kind: str
    territory: str
    indicator: str
    period: str
    breakdown: str
    value: float | None
    status: Literal["ok", "secret", "non_significatif", "missing", "not_applicable"]
    origin: str
    source: str


class ObservationsOut(Schema):
    """A page of figures. ``total`` counts them all."""

    edition: str
    total: int
    offset: int
    items: list[ObservationOut]


class ErrorOut(Schema):
    """What is wrong, in French."""

    detail: str


ERRORS: Final = {404: ErrorOut, 422: ErrorOut, 429: ErrorOut}
Answer = Callable[..., Any]


def _kept(view: Answer) -> Answer:
    """Let the answer be kept: for ever under a date, asked again otherwise."""

    @wraps(view)
    def shown(request: HttpRequest, response: HttpResponse, date: DateOf, **keys: Any) -> Any:
        books = shelf()
        look = books.latest() if date == LATEST else books.look(date)
        if look is None:
            raise Http404
        state = f"{__version__} {look.mark} {request.get_full_path()}"
        tag = f'"{hashlib.sha256(state.encode()).hexdigest()[:24]}"'
        if tag in request.headers.get("If-None-Match", "").replace("W/", ""):
            same = HttpResponseNotModified()
            same["ETag"] = tag
            return same
        found = view(request, look, **keys)
        response["ETag"] = tag
        response["Cache-Control"] = (
            "public, no-cache" if date == LATEST else "public, max-age=31536000, immutable"
        )
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return found

    return shown


@API.get(
    "/editions", response={200: list[EditionOut], 429: ErrorOut}, summary="Les éditions publiées"
)
def editions(request: HttpRequest, response: HttpResponse) -> list[EditionOut]:
    """Les éditions, la plus récente d’abord ; « withdrawn » dit pourquoi l’une est retirée."""
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
    response["Access-Control-Allow-Origin"] = "*"
    return found


def _territories(request: HttpRequest, look: Look, kind: str | None) -> list[TerritoryOut]:
    return [
        TerritoryOut(
            kind=p.kind,
            code=p.code,
            label=p.label,
            epci=p.epci,
            communes=list(p.communes),
            population=p.population,
            has_sheet=p.kind == "qpv" and p.code in look.names,
        )
        for p in look.places.values()
        if kind in (None, p.kind)
    ]


@API.get(
    "/editions/{date}/territoires",
    response={200: list[TerritoryOut], **ERRORS},
    summary="Les territoires d’une édition",
)
def territories(
    request: HttpRequest, response: HttpResponse, date: DateOf, kind: KindOf = None
) -> Any:
    """Les territoires, tous genres ou un seul (qpv, commune, epci…)."""
    return _kept(_territories)(request, response, date, kind=kind)


def _indicators(request: HttpRequest, look: Look) -> list[IndicatorOut]:
    return [_card(look, code) for _, cards in look.index for code, _ in cards]


def _card(look: Look, code: str) -> IndicatorOut:
    card = look.catalogue.indicators[code]
    source = look.catalogue.sources[card.source]
    return IndicatorOut(
        code=code,
        label=card.label,
        question=card.question,
        unit=card.unit,
        decimals=card.decimals,
        polarity=str(card.polarity),
        source=source.label,
        licence=source.licence,
        caution=card.caution,
    )


@API.get(
    "/editions/{date}/indicateurs",
    response={200: list[IndicatorOut], **ERRORS},
    summary="Les indicateurs d’une édition",
)
def indicators(request: HttpRequest, response: HttpResponse, date: DateOf) -> Any:
    """Les indicateurs qui comparent des quartiers, avec leur sens et leur source."""
    return _kept(_indicators)(request, response, date)


def _observations(
    request: HttpRequest, look: Look, code: str, offset: int, limit: int, **keys: str | None
) -> ObservationsOut:
    if code not in look.catalogue.indicators:
        raise Http404
    asked: dict[str, Any] = {name: value for name, value in keys.items() if value is not None}
    rows = look.rows(
        "observations",
        order=("kind", "territory", "period", "breakdown"),
        indicator=code,
        **asked,
    )
    sources = look.catalogue.sources
    return ObservationsOut(
        edition=look.date,
        total=len(rows),
        offset=offset,
        items=[
            ObservationOut(
                kind=r["kind"],
                territory=r["territory"],
                indicator=r["indicator"],
                period=r["period"],
                breakdown=r["breakdown"],
                value=_value(r),
                status=Status(r["status"]).value,
                origin=r["origin"],
                source=sources[r["source"]].label if r["source"] in sources else r["source"],
            )
            for r in rows[offset : offset + limit]
        ],
    )


def _value(row: dict[str, Any]) -> float | None:
    cell = Observation(
        row["kind"], row["territory"], row["indicator"], row["period"], row["breakdown"],
        row["value"], row["status"], row["origin"], row["decimals"], row["source"],
    )  # fmt: skip
    return value_of(cell)


@API.get(
    "/editions/{date}/indicateurs/{code}/observations",
    response={200: ObservationsOut, **ERRORS},
    summary="Les chiffres d’un indicateur",
)
def observations(
    request: HttpRequest,
    response: HttpResponse,
    date: DateOf,
    code: CodeOf,
    kind: KindOf = None,
    territory: TerritoryOf = None,
    period: PeriodOf = None,
    offset: Annotated[
        int, Query(ge=0, le=10_000_000, description="Combien de chiffres passer")
    ] = 0,
    limit: Annotated[
        int, Query(ge=1, le=MOST, description="Combien en donner, 10 000 au plus")
    ] = 1_000,
) -> Any:
    """Les chiffres, par genre, territoire, période ; 10 000 au plus à la fois."""
    return _kept(_observations)(
        request, response, date, code=code, kind=kind, territory=territory, period=period,
        offset=offset, limit=limit,
    )  # fmt: skip


@API.get("/editions/{date}/quartiers/{code}", summary="La fiche d’un quartier",
         response={200: dict[str, Any], **ERRORS})  # fmt: skip
def sheet(request: HttpRequest, response: HttpResponse, date: DateOf, code: CodeOf) -> Any:
    """La fiche telle qu’elle est scellée : textes, chiffres, rangs, signaux."""
    return _kept(_sheet)(request, response, date, code=code)


def _sheet(request: HttpRequest, look: Look, code: str) -> Any:
    fiche = look.fiche(code)
    if fiche is None:
        raise Http404
    return dataclasses.asdict(fiche)


@API.get(
    "/editions/{date}/sdmx/structure",
    url_name="structure",
    response={200: dict[str, Any], **ERRORS},
    summary="La structure des fichiers SDMX-CSV",
    openapi_extra={
        "responses": {200: {"content": {sdmx_structure.MIME: {"schema": {"type": "object"}}}}}
    },
)
def structure(request: HttpRequest, response: HttpResponse, date: DateOf) -> Any:
    """Flux, structure, concepts et listes de codes, en SDMX-JSON 2.0 (SDMX 3.0)."""
    found = _kept(_structure)(request, response, date)
    if not isinstance(found, HttpResponse):
        response["Content-Type"] = sdmx_structure.MIME
    return found


def _structure(request: HttpRequest, look: Look) -> Any:
    return sdmx_structure.message(look, f"{look.date}T00:00:00Z")


@API.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return API.create_response(request, {"detail": "Introuvable dans cette édition."}, status=404)


@API.exception_handler(ValidationError)
def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(item["loc"][-1]) for item in error.errors if item.get("loc")})
    said = f"Paramètre mal formé\u00a0: {', '.join(names)}." if names else "Demande mal formée."
    return API.create_response(request, {"detail": said}, status=422)
