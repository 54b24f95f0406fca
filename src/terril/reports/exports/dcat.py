"""How is an edition announced to catalogues of open data (DCAT-AP 3.0.1)?

One catalogue an edition, one dataset an indicator, one distribution a format; JSON-LD, which
data.gouv.fr and the European portal harvest. Mandatory properties and the recommended ones that
we know: publisher, spatial, temporal, theme, licence, version, provenance.
"""

from __future__ import annotations

from collections.abc import Callable
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
_LICENCES: Final = {
    "Licence Ouverte": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "ODbL": "https://opendatacommons.org/licenses/odbl/1-0/",
}
_FRENCH: Final = "http://publications.europa.eu/resource/authority/language/FRA"
_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_THEMES: Final = "http://publications.europa.eu/resource/authority/data-theme/"
_FRANCE: Final = "http://publications.europa.eu/resource/authority/country/FRA"
#: our themes → the data themes of the European Union
_EU_THEME: Final = {
    "demographie": "SOCI",
    "revenus": "ECON",
    "sante": "HEAL",
    "education": "EDUC",
    "emploi": "ECON",
    "habitat": "REGI",
    "equipement": "REGI",
    "economie": "ECON",
    "sport_culture": "EDUC",
}
#: formats of a distribution: ending, media type
FORMATS: Final = (
    ("csv", "text/csv"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("parquet", "application/vnd.apache.parquet"),
    ("json", "application/json"),
)


def licence_of(text: str | None) -> str:
    """Return the address of a licence that a card names, "" when it is not one we know."""
    return next((url for name, url in _LICENCES.items() if text and text.startswith(name)), "")


def catalogue(look: Look, site: str, file: Callable[[str, str], str]) -> dict[str, Any]:
    """Return the JSON-LD of an edition.

    ``site``: address of the edition's first page; ``file``: from an indicator and an ending to
    the address of the file, both absolute.
    """
    info = look.info
    publisher = {"@type": "foaf:Agent", "@id": f"{site}#editeur", "foaf:name": info.epci_name}
    codes = [code for _, cards in look.index for code, _ in cards]
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
        "dct:language": {"@id": _FRENCH},
        "dct:issued": _day(info.edition),
        "foaf:homepage": {"@id": site, "@type": "foaf:Document"},
        "dcat:dataset": [_dataset(look, code, site, publisher["@id"], file) for code in codes],
    }


def _dataset(
    look: Look, code: str, site: str, publisher: str, file: Callable[[str, str], str]
) -> dict[str, Any]:
    card = look.catalogue.indicators[code]
    source = look.catalogue.sources[card.source]
    theme = code.split(".")[0]
    licence = licence_of(source.licence)
    rights = {"dct:license": {"@id": licence, "@type": "dct:LicenseDocument"}} if licence else {}
    periods = sorted({str(r["period"])[:10] for r in look.rows("groups", indicator=code)})
    return {
        "@id": f"{site}#{code}",
        "@type": "dcat:Dataset",
        "dct:title": _fr(card.label),
        "dct:description": _fr(f"{card.question} {source.meaning}"),
        "dct:identifier": f"{code}@{look.date}",
        "dct:publisher": {"@id": publisher},
        "dct:issued": _day(look.date),
        "dcat:version": look.date,
        "dct:language": {"@id": _FRENCH},
        "dct:spatial": {"@id": _FRANCE, "@type": "dct:Location"},
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "rdfs:label": _fr(f"Source : {source.label}."),
        },
        **({"dcat:theme": {"@id": _THEMES + _EU_THEME[theme]}} if theme in _EU_THEME else {}),
        **({"dct:temporal": _span(periods)} if periods else {}),
        "dcat:keyword": [_fr("politique de la ville"), _fr("quartiers prioritaires")],
        "dcat:distribution": [
            {
                "@id": file(code, ending),
                "@type": "dcat:Distribution",
                "dct:title": _fr(f"{card.label} ({ending.upper()})"),
                "dcat:accessURL": {"@id": file(code, ending)},
                "dcat:downloadURL": {"@id": file(code, ending)},
                "dcat:mediaType": {"@id": _TYPES + media, "@type": "dct:MediaType"},
                **rights,
            }
            for ending, media in FORMATS
        ],
    }


def _fr(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _day(iso: str) -> dict[str, str]:
    return {"@value": iso, "@type": "xsd:date"}


def _span(periods: list[str]) -> dict[str, Any]:
    first, last = periods[0][:4], periods[-1][-4:] if len(periods[-1]) == 9 else periods[-1][:4]
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": {"@value": first, "@type": "xsd:gYear"},
        "dcat:endDate": {"@value": last, "@type": "xsd:gYear"},
    }
