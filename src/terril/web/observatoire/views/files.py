"""Which files may be taken away?

Of one indicator, of one neighbourhood, of the whole edition, in the formats of the trade. A file
of a dated edition never changes: browsers and proxies may keep it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from terril.editions.look import Look
from terril.editions.look_outlines import has_outlines
from terril.editions.plain import to_json
from terril.reports import fiche as fiche_report
from terril.reports.engine import Typesetter
from terril.reports.exports import dcat, flat, jsonstat, sdmx, sdmx_structure
from terril.reports.exports.cube import Cube, cube
from terril.reports.pages.tables import theme_codes
from terril.web.observatoire.answers import cube_of, named, open_to_all
from terril.web.observatoire.pages import edition_page
from terril.web.observatoire.views import ground_files

Write = Callable[[Cube], bytes]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: ending of a file of an indicator → media type, writer
WRITERS: Final[dict[str, tuple[str, Write]]] = {
    "csv": ("text/csv; charset=utf-8", flat.csv_bytes),
    "xlsx": (XLSX, flat.xlsx_bytes),
    "parquet": ("application/vnd.apache.parquet", flat.parquet_bytes),
    "sdmx.csv": (sdmx.MIME, lambda c: sdmx.csv_text(c).encode("utf-8")),
}


_local = threading.local()


def _setter() -> Typesetter:
    """The typesetter of this thread: its template is compiled once."""
    held: Typesetter | None = getattr(_local, "setter", None)
    if held is None:
        held = _local.setter = Typesetter(fiche_report.TEMPLATE)
    return held


@edition_page
def indicator_file(request: HttpRequest, look: Look, code: str, ending: str) -> HttpResponse:
    """The figures of an indicator as a file."""
    name = f"{code}-{look.date}.{ending}"
    if ending == "json":
        data = jsonstat.dataset(cube_of(look, code), request.build_absolute_uri(request.path))
        return named(JsonResponse(data), name)
    if ending == "csv-metadata.json":
        found = cube_of(look, code)
        card = look.catalogue.sources[look.catalogue.indicators[code].source]
        url = request.build_absolute_uri(request.path).removesuffix("-metadata.json")
        return named(JsonResponse(flat.csvw(found, url, card.licence_url or "")), name)
    if ending in ground_files.WRITERS:
        return ground_files.indicator_on_the_ground(look, code, ending)
    if ending not in WRITERS:
        raise Http404
    media, write = WRITERS[ending]
    answer = HttpResponse(write(cube_of(look, code)), content_type=media)
    if ending == "csv":  # RFC: where a CSV is described (W3C CSVW, § 5.2)
        answer["Link"] = (
            f'<{request.path}-metadata.json>; rel="describedby"; type="application/csvm+json"'
        )
    elif ending == "sdmx.csv":
        structure = reverse("api:structure", kwargs={"date": look.date})
        answer["Link"] = f'<{structure}>; rel="describedby"; type="{sdmx_structure.MIME}"'
    return named(answer, name)


@edition_page
def theme_file(request: HttpRequest, look: Look, code: str, ending: str) -> HttpResponse:
    """The figures of a theme, all its indicators, as a file."""
    codes = theme_codes(look, code)
    if not codes:
        raise Http404
    found = cube(look, codes, title=look.catalogue.themes[code].label)
    name = f"{code}-{look.date}.{ending}"
    if ending == "json":
        return named(JsonResponse(jsonstat.dataset(found, request.build_absolute_uri())), name)
    if ending not in WRITERS:
        raise Http404
    media, write = WRITERS[ending]
    return named(HttpResponse(write(found), content_type=media), name)


@edition_page
def neighbourhood_file(request: HttpRequest, look: Look, code: str, ending: str) -> HttpResponse:
    """The sheet of a neighbourhood: PDF as printed, JSON as sealed, XLSX of its figures."""
    fiche = look.fiche(code)
    if fiche is None:
        raise Http404
    name = f"fiche-{code}-{look.date}.{ending}"
    if ending == "json":
        answer = HttpResponse(to_json(fiche), content_type="application/json; charset=utf-8")
        return named(answer, name)
    if ending == "pdf":
        notice = look.notice
        data = fiche_report.fiche_data(
            fiche,
            notice=notice.text if notice else "",
            sheet_map=look.sheet_map(code),
            atlas=look.atlas(look.neighbourhoods[code].epci),
        )
        page = _setter().pdf(data, date=fiche.edition, name=name, pages=fiche_report.PAGES)
        return named(HttpResponse(page, content_type="application/pdf"), name)
    if ending == "xlsx":
        codes = [row.indicator for block in fiche.blocks for row in block.rows]
        whole = cube(look, list(dict.fromkeys(codes)), title=fiche.name, kinds=("qpv",))
        own = tuple(o for o in whole.observations if o.territory == code)
        book = flat.xlsx_bytes(
            Cube(
                whole.title, whole.edition, whole.publisher, whole.contract, whole.indicators,
                whole.sources, whole.areas, own,
            )
        )  # fmt: skip
        return named(HttpResponse(book, content_type=XLSX), name)
    raise Http404


@edition_page
def edition_file(request: HttpRequest, look: Look, name: str) -> HttpResponseBase:
    """A file of the edition as it was sealed: only those that its manifest names."""
    held = {output.file: output for output in look.manifest.outputs}
    path = look.path / name
    if name not in held or not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"{look.date}-{path.name}")
    open_to_all(answer)
    return answer


@edition_page
def catalogue(request: HttpRequest, look: Look) -> HttpResponse:
    """The edition for harvesters: DCAT-AP as JSON-LD."""
    site = request.build_absolute_uri(reverse("accueil-edition", kwargs={"date": look.date}))

    def file(code: str, ending: str) -> str:
        keys = {"date": look.date, "code": code, "ending": ending}
        return request.build_absolute_uri(reverse("indicateur-fichier-edition", kwargs=keys))

    api = request.build_absolute_uri(reverse("api:api-root"))
    data = dcat.catalogue(look, site, file, api, geo=has_outlines(look))
    answer = JsonResponse(data, content_type="application/ld+json")
    open_to_all(answer)
    return answer
