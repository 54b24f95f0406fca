"""What do the columns and codes of our SDMX files mean (SDMX-JSON 2.0, for SDMX 3.0)?

The structure message of an edition: the flow that SDMX-CSV rows name, its data structure, its
concepts and its code lists. The statuses are those of the cross-domain lists of SDMX, of which
the message holds the part that we write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from terril.editions.look import Look
from terril.reports.exports.cube import area
from terril.reports.exports.sdmx import (
    AGENCY,
    CONF_STATUS,
    FLOW,
    OBS_STATUS,
    identifier,
    version,
)

MIME: Final = "application/vnd.sdmx.structure+json; version=2.0.0"
_SCHEMA: Final = "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json"
_MODEL: Final = "urn:sdmx:org.sdmx.infomodel"
_CONCEPTS: Final = "CS_OBSERVATOIRE"
_STRUCTURE: Final = "DSD_OBSERVATOIRE_QPV"
#: versions of the cross-domain lists (SDMX, 2018 and 2020)
_OBS_VERSION: Final = "2.2"
_CONF_VERSION: Final = "1.3"

#: identifier of a concept → French name
_NAMES: Final = {
    "REF_AREA": "Territoire",
    "INDICATOR": "Indicateur",
    "TIME_PERIOD": "Période",
    "BREAKDOWN": "Ventilation",
    "OBS_VALUE": "Valeur",
    "OBS_STATUS": "Statut de l’observation",
    "CONF_STATUS": "Secret statistique",
    "UNIT_MEASURE": "Unité",
    "DECIMALS": "Décimales",
    "SOURCE": "Source",
    "COMMENT_OBS": "Remarque",
}


def message(look: Look, prepared: str) -> dict[str, Any]:
    """Return the structure of an edition; ``prepared``: the moment of the message (ISO 8601)."""
    number = version(look.date)
    lists = _lists(look, number)
    dimensions = ["REF_AREA", "INDICATOR", "BREAKDOWN"]
    observed: dict[str, Any] = {"observation": {}}
    return {
        "meta": {
            "schema": _SCHEMA,
            "id": f"{FLOW}_{look.date.replace('-', '')}",
            "prepared": prepared,
            "test": False,
            "contentLanguages": ["fr", "en"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "dataflows": [
                {
                    **_head(FLOW, number, look.info.name),
                    "structure": _urn("datastructure.DataStructure", _STRUCTURE, number),
                }
            ],
            "dataStructures": [
                {
                    **_head(_STRUCTURE, number, "Figures of priority neighbourhoods", fr=False),
                    "dataStructureComponents": {
                        "dimensionList": {
                            "id": "DimensionDescriptor",
                            "dimensions": [
                                {
                                    **_component(name, number),
                                    "position": place,
                                    "localRepresentation": {"enumeration": _list_urn(name, number)},
                                }
                                for place, name in enumerate(dimensions)
                            ],
                            "timeDimension": {
                                **_component("TIME_PERIOD", number),
                                "localRepresentation": {
                                    "format": {"dataType": "ObservationalTimePeriod"}
                                },
                            },
                        },
                        "measureList": {
                            "id": "MeasureDescriptor",
                            "measures": [
                                {
                                    **_component("OBS_VALUE", number),
                                    "usage": "optional",
                                    "localRepresentation": {"format": {"dataType": "Double"}},
                                }
                            ],
                        },
                        "attributeList": {
                            "id": "AttributeDescriptor",
                            "attributes": [
                                {
                                    **_component(name, number),
                                    "usage": usage,
                                    "attributeRelationship": observed,
                                    "localRepresentation": (
                                        {"format": {"dataType": kind}}
                                        if kind
                                        else {"enumeration": _list_urn(name, number)}
                                    ),
                                }
                                for name, usage, kind in (
                                    ("OBS_STATUS", "mandatory", ""),
                                    ("CONF_STATUS", "mandatory", ""),
                                    ("UNIT_MEASURE", "mandatory", ""),
                                    ("DECIMALS", "optional", "Integer"),
                                    ("SOURCE", "optional", "String"),
                                    ("COMMENT_OBS", "optional", "String"),
                                )
                            ],
                        },
                    },
                }
            ],
            "conceptSchemes": [
                {
                    **_head(_CONCEPTS, number, "Concepts de l’observatoire"),
                    "concepts": [_named(code, name) for code, name in _NAMES.items()],
                }
            ],
            "codelists": lists,
        },
    }


def _lists(look: Look, number: str) -> list[dict[str, Any]]:
    cards = look.catalogue.indicators
    held = [code for (code,) in look.distinct("observations", "indicator") if code in cards]
    areas = [
        (str(kind), str(code)) for kind, code in look.distinct("observations", "kind", "territory")
    ]
    breakdowns = [code for (code,) in look.distinct("observations", "breakdown")]
    units = sorted({cards[code].unit for code in held})
    cross = (
        ("OBS_STATUS", _OBS_VERSION, "Observation status", OBS_STATUS),
        ("CONF_STATUS", _CONF_VERSION, "Confidentiality status", CONF_STATUS),
    )
    return [
        _codes(
            "REF_AREA",
            number,
            "Territoires",
            {area(*key): look.places[key].label if key in look.places else key[1] for key in areas},
        ),
        _codes("INDICATOR", number, "Indicateurs", {c: cards[c].label for c in held}),
        _codes("BREAKDOWN", number, "Ventilations", {c: c for c in breakdowns}),
        _codes(
            "UNIT_MEASURE",
            number,
            "Unités",
            {u: _unit(look, u) for u in units},
        ),
        *(
            {
                "id": f"CL_{name}",
                "agencyID": "SDMX",
                "version": edition,
                "name": label,
                "names": {"en": label},
                "isPartial": True,
                "codes": [
                    {"id": code, "name": text, "names": {"en": text}}
                    for code, text in codes.items()
                ],
            }
            for name, edition, label, codes in cross
        ),
    ]


def _unit(look: Look, code: str) -> str:
    card = look.catalogue.units.get(code)
    return (card.plural or card.symbol if card else "") or code


def _codes(name: str, number: str, label: str, codes: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_head(f"CL_{name}", number, label),
        "codes": _once(_named(identifier(code), text) for code, text in codes.items()),
    }


def _once(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({str(item["id"]): item for item in items}.values())


def _named(code: str, name: str) -> dict[str, Any]:
    return {"id": code, "name": name, "names": {"fr": name}}


def _head(code: str, number: str, name: str, *, fr: bool = True) -> dict[str, Any]:
    named = {"id": code, "agencyID": AGENCY, "version": number, "name": name}
    return {**named, "names": {"fr" if fr else "en": name}}


def _component(name: str, number: str) -> dict[str, Any]:
    concept = _urn("conceptscheme.Concept", _CONCEPTS, number)
    return {"id": name, "conceptIdentity": f"{concept}.{name}"}


def _list_urn(name: str, number: str) -> str:
    cross = {"OBS_STATUS": _OBS_VERSION, "CONF_STATUS": _CONF_VERSION}.get(name)
    if cross:
        return f"{_MODEL}.codelist.Codelist=SDMX:CL_{name}({cross})"
    return _urn("codelist.Codelist", f"CL_{name}", number)


def _urn(kind: str, code: str, number: str) -> str:
    return f"{_MODEL}.{kind}={AGENCY}:{code}({number})"
