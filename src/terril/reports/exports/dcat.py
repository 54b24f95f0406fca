"""How is an edition announced to catalogues of open data (DCAT-AP 3.0.1)?

One catalogue an edition, one dataset an indicator, one distribution a format, the programming
interface as a service; JSON-LD, which data.gouv.fr and the European portal harvest. Mandatory
properties and the recommended ones that we know: publisher, spatial, temporal, theme, licence,
version, provenance. Theme and licence are those of the cards of the edition.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from terril.editions.look import Look
from terril.lib.dates import date_longue

CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
_EUROPE: Final = "http://publications.europa.eu/resource/authority/"
_FRENCH: Final = f"{_EUROPE}language/FRA"
_THEMES: Final = f"{_EUROPE}data-theme/"
_FILES: Final = f"{_EUROPE}file-type/"
_FRANCE: Final = f"{_EUROPE}country/FRA"
_PUBLIC: Final = f"{_EUROPE}access-right/PUBLIC"
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
#: formats of a distribution: ending, name, media type registered at IANA, code of the European
#: table of file types, address of the standard that the file follows
FORMATS: Final = (
    ("csv", "CSV", "text/csv", "CSV", "https://www.w3.org/TR/tabular-data-model/"),
    (
        "xlsx",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
        "",
    ),
    ("parquet", "Parquet", "application/vnd.apache.parquet", "PARQUET", ""),
    ("json", "JSON-stat", "application/json", "JSON", "https://json-stat.org/full/"),
    ("sdmx.csv", "SDMX-CSV", "text/csv", "CSV", "https://sdmx.org/?page_id=5008"),
)
#: formats of the editions that hold outlines
GEO_FORMATS: Final = (
    (
        "geojson",
        "GeoJSON",
        "application/geo+json",
        "GEOJSON",
        "https://www.rfc-editor.org/rfc/rfc7946",
    ),
    (
        "gpkg",
        "GeoPackage",
        "application/geopackage+sqlite3",
        "GPKG",
        "https://www.geopackage.org/spec130/",
    ),
)


def catalogue(
    look: Look, site: str, file: Callable[[str, str], str], api: str, *, geo: bool = False
) -> dict[str, Any]:
    """Return the JSON-LD of an edition.

    ``site``: address of the edition's first page; ``file``: from an indicator and an ending to
    the address of the file; ``api``: address of the programming interface; all absolute.
    ``geo``: are there outlines to draw the figures on?
    """
    info = look.info
    publisher = {"@type": "foaf:Agent", "@id": f"{site}#editeur", "foaf:name": info.epci_name}
    codes = [code for _, cards in look.index for code, _ in cards]
    formats = FORMATS + (GEO_FORMATS if geo else ())
    return {
        "@context": CONTEXT,
        "@id": f"{site}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _fr(f"{info.name}, édition du {date_longue(info.edition)}"),
        "dct:description": _fr(
            f"Chiffres publiés des quartiers prioritaires ({info.contract}), avec leurs sources "
            "et le secret statistique appliqué."
        ),
        "dct:publisher": publisher,
        "dct:language": _typed(_FRENCH, "dct:LinguisticSystem"),
        "dct:issued": _day(info.edition),
        "dct:spatial": _typed(_FRANCE, "dct:Location"),
        "foaf:homepage": _typed(site, "foaf:Document"),
        "dcat:service": {
            "@id": f"{api}#service",
            "@type": "dcat:DataService",
            "dct:title": _fr("Interface de programmation de l’observatoire, version 1"),
            "dct:publisher": {"@id": publisher["@id"]},
            "dcat:endpointURL": _typed(api, "rdfs:Resource"),
            "dcat:endpointDescription": _typed(f"{api}openapi.json", "rdfs:Resource"),
            "dcat:servesDataset": [{"@id": f"{site}#{code}"} for code in codes],
        },
        "dcat:dataset": [
            _dataset(look, code, site, publisher["@id"], file, formats) for code in codes
        ],
    }


def _dataset(
    look: Look,
    code: str,
    site: str,
    publisher: str,
    file: Callable[[str, str], str],
    formats: Iterable[tuple[str, ...]],
) -> dict[str, Any]:
    card = look.catalogue.indicators[code]
    source = look.catalogue.sources[card.source]
    theme = look.catalogue.themes.get(code.split(".")[0])
    rights = (
        {"dct:license": _typed(source.licence_url, "dct:LicenseDocument")}
        if source.licence_url
        else {}
    )
    span = temporal(str(r["period"]) for r in look.rows("groups", indicator=code))
    return {
        "@id": f"{site}#{code}",
        "@type": "dcat:Dataset",
        "dct:title": _fr(card.label),
        "dct:description": _fr(f"{card.question} {source.meaning}"),
        "dct:identifier": f"{code}@{look.date}",
        "dct:publisher": {"@id": publisher},
        "dct:issued": _day(look.date),
        "dct:accessRights": _typed(_PUBLIC, "dct:RightsStatement"),
        "dcat:version": look.date,
        "dct:language": _typed(_FRENCH, "dct:LinguisticSystem"),
        "dct:spatial": _typed(_FRANCE, "dct:Location"),
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": _fr(f"Source : {source.label}."),
        },
        **({"dcat:theme": {"@id": _THEMES + theme.eu}} if theme and theme.eu else {}),
        **({"dct:temporal": span} if span else {}),
        "dcat:keyword": [_fr("politique de la ville"), _fr("quartiers prioritaires")],
        "dcat:distribution": [
            {
                "@id": file(code, ending),
                "@type": "dcat:Distribution",
                "dct:title": _fr(f"{card.label} ({name})"),
                "dcat:accessURL": _typed(file(code, ending), "rdfs:Resource"),
                "dcat:downloadURL": _typed(file(code, ending), "rdfs:Resource"),
                "dcat:mediaType": _typed(_MEDIA + media, "dct:MediaType"),
                "dct:format": _typed(_FILES + kind, "dct:MediaTypeOrExtent"),
                **({"dct:conformsTo": _typed(standard, "dct:Standard")} if standard else {}),
                **rights,
            }
            for ending, name, media, kind, standard in formats
        ],
    }


def temporal(periods: Iterable[str]) -> dict[str, Any]:
    """Return the time from the first to the last period, empty when none has a date.

    A year or an interval of years is told in years, a day as itself.
    """
    starts, ends = [], []
    for text in periods:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            starts.append((text, text))
            ends.append((text, text))
        elif found := re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text):
            last = found[2] or found[1]
            starts.append((f"{found[1]}-01-01", found[1]))
            ends.append((f"{last}-12-31", last))
    if not starts:
        return {}
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _moment(min(starts)[1]),
        "dcat:endDate": _moment(max(ends)[1]),
    }


def _moment(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:gYear"} if len(text) == 4 else _day(text)


def _typed(address: str, kind: str) -> dict[str, str]:
    return {"@id": address, "@type": kind}


def _fr(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _day(iso: str) -> dict[str, str]:
    dt.date.fromisoformat(iso)
    return {"@value": iso, "@type": "xsd:date"}
