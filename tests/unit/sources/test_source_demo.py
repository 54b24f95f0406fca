"""The demonstration project: read whole, without a problem, equal to the facts beside it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from terril.catalogue.load import Catalogue, load_catalogue
from terril.lib.problems import ProblemList
from terril.observations.schema import STATEMENTS, Status
from terril.sources.project import Project, read_project
from terril.sources.read import Readings, read_inputs
from terril.sources.vocabulary import statuses, tokens
from terril.territories.registry import Territories, read_territories


@pytest.fixture(scope="module")
def project(demo_dir: Path) -> Project:
    return read_project(demo_dir)


@pytest.fixture(scope="module")
def catalogue(project: Project) -> Catalogue:
    return load_catalogue(project.catalogue_dirs)


@pytest.fixture(scope="module")
def places(project: Project) -> Territories:
    problems = ProblemList()
    found = read_territories(project.territories_file, problems)
    assert list(problems) == []
    return found


@pytest.fixture(scope="module")
def readings(project: Project, places: Territories, catalogue: Catalogue) -> Readings:
    problems = ProblemList()
    found = read_inputs(project, places, catalogue, problems)
    assert list(problems) == []
    return found


def facts(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_statements_have_the_declared_schema(readings: Readings) -> None:
    assert dict(readings.statements.schema) == dict(pl.Schema(STATEMENTS))
    assert not readings.statements.is_empty()


def test_words_for_statuses_are_those_of_the_statements() -> None:
    known = {str(s) for s in Status}
    assert set(tokens().values()) <= known
    assert set(statuses().values()) == known


def test_each_status_has_a_value_or_none(readings: Readings) -> None:
    known = readings.statements["value"].is_not_null()
    assert (known == (readings.statements["status"] == "ok")).all()


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("tableaux", "tableaux_thematiques.csv"),
        ("fiches", "fiches_valeurs.csv"),
        ("contexte", "contexte.csv"),
    ],
)
def test_every_transcribed_fact_is_there(
    readings: Readings, places: Territories, shared_data: Path, document: str, name: str
) -> None:
    rows = facts(shared_data, name)
    found = readings.statements.filter(pl.col("document").str.split(":").list.first() == document)
    assert found.height == len(rows)
    for fact, row in zip(rows, found.sort("line").to_dicts(), strict=True):
        kind = (
            "hors_qpv"
            if fact.get("note") == "hors quartiers prioritaires"
            else fact["territory_kind"]
        )
        assert row["kind"] == kind
        assert row["territory"] == places.resolve(kind, fact["territory"])
        assert (row["indicator"], row["period"]) == (fact["indicator"], fact["period"])
        assert row["status"] == fact["status"]
        assert row["value"] == (float(fact["value"]) if fact["value"] else None)
        if document == "fiches":
            assert row["document"] == f"fiches:{fact['fiche']}"


def test_the_economy_and_the_communes_are_there(readings: Readings, shared_data: Path) -> None:
    for document, name, key in (
        ("economie", "economie_etablissements.csv", "territoire"),
        ("communes", "communes_qpv_2019.csv", "commune"),
    ):
        rows = facts(shared_data, name)
        columns = [c for c in rows[0] if c != key]
        found = readings.statements.filter(pl.col("document") == document)
        assert found.height == len(rows) * len(columns)
        for column in columns:
            values = found.filter(pl.col("column") == column).sort("line")["value"].to_list()
            assert values == [float(r[column]) if r[column] else None for r in rows], column


def test_an_unreadable_count_stays_unknown(readings: Readings, shared_data: Path) -> None:
    rows = facts(shared_data, "equipements.csv")
    counts = readings.equipment.sort("line").select(
        "territory", "buffer_m", "type", "inside", "around"
    )
    assert counts.rows() == [
        (
            r["qpv"], int(r["buffer_m"]), r["type"],
            int(r["nb_quartier"]) if r["nb_quartier"] else None,
            int(r["nb_tampon"]) if r["nb_tampon"] else None,
        )
        for r in rows
    ]  # fmt: skip
    assert counts["inside"].null_count() + counts["around"].null_count() > 0


def test_the_21_neighbourhoods(project: Project, places: Territories, shared_data: Path) -> None:
    rows = facts(shared_data, "qpv.csv")
    found = places.qpv(project.epci)
    assert [t.code for t in found] == [r["code"] for r in rows]
    for place, row in zip(found, rows, strict=True):
        assert place.label == row["nom"]
        names = [places.resolve("commune", n) for n in row["communes"].split(";")]
        assert list(place.communes) == names
        assert len(place.short) <= 40
        assert place.tile is not None
    assert len({t.tile for t in found}) == 21
    assert sum(t.epci == project.epci for t in places.of_kind("commune")) == 36


def test_both_writings_of_a_commune_are_known(places: Territories) -> None:
    for name in ("Éleu-dit-Leauwette", "Eleu-dit-Leauwette", "ELEU DIT LEAUWETTE"):
        assert places.resolve("commune", name) == "62291"


def test_the_tiles_look_like_the_ground(places: Territories, real_data: Path) -> None:
    """Wherever two neighbourhoods stand 2.5 km apart or more from west to east (or from north
    to south), their squares are not the other way round."""
    path = real_data / "qpv-2015" / "qpv2015_lens_lievin_21_4326.geojson"
    ground: dict[str, tuple[float, float]] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        rings = shape["coordinates"] if shape["type"] == "Polygon" else shape["coordinates"][0]
        xs, ys = [p[0] for p in rings[0]], [p[1] for p in rings[0]]
        ground[feature["properties"]["CODE_QP"]] = (
            (min(xs) + max(xs)) / 2 * 70.9, -(min(ys) + max(ys)) / 2 * 111.2,
        )  # fmt: skip
    tiles = {t.code: t.tile for t in places.of_kind("qpv") if t.tile}
    assert tiles.keys() == ground.keys()
    for one, here in ground.items():
        for other, there in ground.items():
            for axis in (0, 1):
                if there[axis] - here[axis] > 2.5:
                    assert tiles[other][axis] >= tiles[one][axis], (one, other, axis)
