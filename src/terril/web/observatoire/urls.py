"""Which addresses has the observatory?

Each page stands at two: without a date it shows the newest edition; under
``editions/<date>/`` it shows that edition for ever.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter

from terril.web.observatoire.views import about, embed, files, ground_files, interface, public


class _Date:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Date, "jour")

PAGES: list[tuple[str, str, Callable[..., HttpResponseBase]]] = [
    ("", "accueil", public.home),
    ("quartiers/<str:code>/", "quartier", public.neighbourhood),
    ("quartiers/<str:code>/fiche.<str:ending>", "quartier-fichier", files.neighbourhood_file),
    ("indicateurs/<str:code>/donnees.<str:ending>", "indicateur-fichier", files.indicator_file),
    ("themes/<str:code>/donnees.<str:ending>", "theme-fichier", files.theme_file),
    ("quartiers.geojson", "quartiers-fichier", ground_files.neighbourhoods_file),
    ("catalogue.jsonld", "catalogue", files.catalogue),
    ("fichiers/<path:name>", "fichier", files.edition_file),
    ("themes/<str:code>/", "theme", public.theme),
    ("comparer/", "comparer", public.compare),
    ("indicateurs/", "indicateurs", public.indicators),
    ("indicateurs/<str:code>/", "indicateur", public.indicator),
    ("integrer/indicateur/<str:code>/", "integrer-indicateur", embed.indicator),
    ("integrer/quartier/<str:code>/signaux/", "integrer-signaux", embed.signals),
    ("tableaux/", "tableaux", about.tables),
    ("methode/", "methode", about.method),
]

#: pages of the site rather than of an edition
ALONE: list[URLPattern] = [
    path("api/", interface.interface, name="api-page"),
    path("integrer/", embed.choose, name="integrer"),
    path("integrer/integrer-1.js", embed.script, name="integrer-script"),
    path("methode/<slug:name>/", about.method_page, name="methode-page"),
    path("editions/", about.editions, name="editions"),
    path("editions/<jour:date>/changements/", about.edition_changes, name="changements"),
    path("accessibilite/", about.accessibility, name="accessibilite"),
    path("mentions-legales/", about.legal, name="mentions"),
    path("plan-du-site/", about.site_plan, name="plan"),
    path("robots.txt", about.robots, name="robots"),
    path("sitemap.xml", about.sitemap, name="plan-machines"),
]


def _both() -> list[URLPattern]:
    found = []
    for route, name, view in PAGES:
        found.append(path(route, view, name=name))
        found.append(path(f"editions/<jour:date>/{route}", view, name=f"{name}-edition"))
    return found


urlpatterns = [*_both(), *ALONE]
