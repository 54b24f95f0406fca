"""What is a person told when the file, the card or the outlines are wrong? Nothing half counted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import microdata_world as world
import numpy as np
import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from terril.lib.problems import Problem, ProblemList, ProblemsError, Severity
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.microdata import Counted, count_works
from terril.sources.project import InputSpec
from terril.territories.geometry import Layer


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckdbEngine]:
    with DuckdbEngine(memory="300MB", threads=1) as engine:
        yield engine


SIMPLE: dict[str, Any] = {
    "label": "Essai",
    "source": "pole_emploi",
    "position": {"x": "X", "y": "Y", "crs": 2154},
    "territories": ({"kind": "commune"},),
    "measures": ({"indicator": "emploi.nb_defm_abc", "form": "count"},),
}


def run(
    engine: DuckdbEngine,
    root: Path,
    spec: InputSpec,
    work: dict[str, Any] | None = None,
    layers: list[Layer] | None = None,
) -> tuple[Counted, list[Problem]]:
    problems = ProblemList()
    found = count_works(
        world.project(root, spec),
        world.territories(),
        world.catalogue(essai=work or SIMPLE),
        world.outlines() if layers is None else layers,
        problems,
        engine,
    )
    return found, list(problems)


def points(count: int = 30, x: float = 500.0, y: float = 500.0) -> pl.DataFrame:
    """Records in the first commune, a metre apart."""
    step = np.arange(count, dtype=np.float64)
    return pl.DataFrame({"X": world.WEST + x + step, "Y": world.SOUTH + y + 0 * step})


def saved(frame: pl.DataFrame, root: Path, name: str = "essai.parquet") -> InputSpec:
    frame.write_parquet(root / name)
    return world.given(root / name)


def refused(found: Counted, problems: list[Problem], code: str) -> Problem:
    """The problem of that code; nothing was counted."""
    assert found.statements.is_empty() and found.truth.is_empty()
    told = [p for p in problems if p.severity is Severity.ERROR]
    assert [p.code for p in told][:1] == [code], problems
    return told[0]


# ------------------------------------------------------------------ the declaration


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"reader": "fiches"}, "lecteur-inconnu", "enregistrements"),
        (
            {"options": {"periode": "2020", "travail": "esai"}},
            "travail-inconnu",
            'travail = "essai"',
        ),
        ({"options": {"periode": "2020", "periodes": "x"}}, "option-inconnue", "« periode »"),
        ({"options": {}}, "periode-absente", "periode"),
        ({"options": {"periode": "hier"}}, "periode-illisible", "2018-12-31"),
        ({"source": "pole_emplois"}, "source-inconnue", "pole_emploi"),
    ],
)
def test_a_wrong_declaration_is_told_at_its_line(
    engine: DuckdbEngine, tmp_path: Path, change: dict[str, Any], code: str, says: str
) -> None:
    spec = dataclasses.replace(saved(points(), tmp_path), **change)
    found, problems = run(engine, tmp_path, spec)
    problem = refused(found, problems, code)
    assert problem.where.file == "terril.toml" and problem.where.line == 12
    assert says in str(problem)


def test_an_age_at_a_period_that_is_no_date_is_refused(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    path = world.write_csv(world.records(50, 1), tmp_path / "essai.csv")
    spec = dataclasses.replace(world.given(path), options={"periode": "2020"})
    found, problems = run(engine, tmp_path, spec, world.FULL)
    assert "« age »" in str(refused(found, problems, "travail-age"))


# ------------------------------------------------------------------ the files


def test_an_absent_file_and_an_empty_pattern(engine: DuckdbEngine, tmp_path: Path) -> None:
    found, problems = run(engine, tmp_path, world.given(tmp_path / "rien.csv"))
    assert refused(found, problems, "fichier-absent").where.file == "rien.csv"
    found, problems = run(engine, tmp_path, world.given(tmp_path / "rien_*.csv"))
    assert "motif" in refused(found, problems, "fichier-absent").what


def test_a_name_that_is_a_pattern_is_refused(engine: DuckdbEngine, tmp_path: Path) -> None:
    found, problems = run(engine, tmp_path, saved(points(), tmp_path, "essai[1].parquet"))
    assert refused(found, problems, "fichier-nom").where.file == "essai[1].parquet"


def test_want_of_memory_is_a_problem_and_not_a_fault(tmp_path: Path) -> None:
    spec = saved(points(200_000), tmp_path)
    with DuckdbEngine(memory="1MB", threads=1) as tight, pytest.raises(ProblemsError) as told:
        run(tight, tmp_path, spec)
    assert told.value.problems[0].code == "memoire-insuffisante"


def test_an_absent_column_is_told_with_the_nearest(engine: DuckdbEngine, tmp_path: Path) -> None:
    spec = saved(points().rename({"X": "LAMBERT_X"}), tmp_path)
    work = {**SIMPLE, "position": {"x": "LAMBERT_W", "y": "Y", "crs": 2154}}
    found, problems = run(engine, tmp_path, spec, work)
    problem = refused(found, problems, "colonne-absente")
    assert "« LAMBERT_W »" in problem.what and "« LAMBERT_X »" in problem.remedy


def test_heads_are_found_whatever_their_case(engine: DuckdbEngine, tmp_path: Path) -> None:
    found, _ = run(engine, tmp_path, saved(points().rename({"X": "x", "Y": "y"}), tmp_path))
    assert found.accounts[0].inside == 30
    both = points().with_columns(x=pl.col("X") * 0)
    found, problems = run(engine, tmp_path, saved(both, tmp_path))
    assert "« x »" in refused(found, problems, "colonnes-casse").what


def test_a_file_that_is_no_parquet_is_refused(engine: DuckdbEngine, tmp_path: Path) -> None:
    (tmp_path / "essai.parquet").write_bytes(b"PAR1 and then nothing")
    found, problems = run(engine, tmp_path, world.given(tmp_path / "essai.parquet"))
    assert "Parquet" in refused(found, problems, "fichier-illisible").what


def test_a_column_of_lists_is_refused(engine: DuckdbEngine, tmp_path: Path) -> None:
    spec = saved(points().with_columns(X=pl.concat_list("X", "Y")), tmp_path)
    found, problems = run(engine, tmp_path, spec)
    assert refused(found, problems, "colonne-genre").where.column == "X"
    moment = pl.lit(dt.datetime(2020, 1, 1)).dt.replace_time_zone("Europe/Paris")
    work = {**SIMPLE, "filters": ({"column": "Q", "operator": "filled"},)}
    found, problems = run(engine, tmp_path, saved(points().with_columns(Q=moment), tmp_path), work)
    assert refused(found, problems, "colonne-genre").where.column == "Q"


def test_a_line_that_is_too_long_refuses_the_file(engine: DuckdbEngine, tmp_path: Path) -> None:
    path = world.write_csv(world.records(20, 2), tmp_path / "essai.csv")
    lines = path.read_text().splitlines()
    lines[7] += ";de trop"
    path.write_text("\n".join(lines))
    found, problems = run(engine, tmp_path, world.given(path))
    assert refused(found, problems, "ligne-trop-longue").where.line == 8


def test_windows_text_and_workbooks_are_read(engine: DuckdbEngine, tmp_path: Path) -> None:
    rows = points().rows()
    text = "X;Y;Étage\n" + "".join(f"{x};{y};rez-de-chaussée\n" for x, y in rows) + ";;\n"
    (tmp_path / "essai.csv").write_bytes(text.encode("cp1252"))
    work = {
        **SIMPLE,
        "filters": ({"column": "Étage", "operator": "is", "value": "rez-de-chaussée"},),
    }
    found, problems = run(engine, tmp_path, world.given(tmp_path / "essai.csv"), work)
    assert (found.accounts[0].read, found.accounts[0].inside) == (30, 30), problems
    book = xlsxwriter.Workbook(str(tmp_path / "essai.xlsx"))
    sheet = book.add_worksheet()
    for line, row in enumerate([("X", "Y"), *rows]):
        sheet.write_row(line, 0, row)
    book.close()
    found, problems = run(engine, tmp_path, world.given(tmp_path / "essai.xlsx"))
    assert (found.accounts[0].read, found.accounts[0].inside) == (30, 30), problems
    assert found.statements["sheet"].unique().to_list() == [""]


# ------------------------------------------------------------------ the coordinates


def test_too_many_records_without_place_refuse_the_file(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    frame = points(100).with_columns(X=pl.when(pl.int_range(100) >= 21).then("X"))
    found, problems = run(engine, tmp_path, saved(frame, tmp_path))
    problem = refused(found, problems, "enregistrements-trop-sans-lieu")
    assert "21,0" in problem.what and "20" in problem.expected
    assert found.accounts[0].unplaced == {"sans coordonnées": 21}
    admitted = {**SIMPLE, "unplaced_at_most": 21}
    found, problems = run(engine, tmp_path, saved(frame, tmp_path), admitted)
    assert found.accounts[0].inside == 79
    assert [p.code for p in problems if p.severity is Severity.WARNING][:1] == [
        "enregistrements-sans-lieu"
    ]


def test_swapped_axes_are_recognised_and_never_swapped_back(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    swapped = points(50).select(X="Y", Y="X")
    found, problems = run(engine, tmp_path, saved(swapped, tmp_path))
    refused(found, problems, "enregistrements-trop-sans-lieu")
    assert found.accounts[0].unplaced == {"axes inversés": 50}
    told = next(p for p in problems if p.code == "enregistrements-sans-lieu")
    assert "Échangez" in told.remedy


@pytest.mark.parametrize(("crs", "told"), [(4326, "EPSG 4326"), (27572, "EPSG 27572")])
def test_coordinates_of_another_grid_are_recognised(
    engine: DuckdbEngine, tmp_path: Path, crs: int, told: str
) -> None:
    from terril.territories.geometry import reproject

    other = reproject(points(50).to_numpy(), 2154, crs)
    for columns in ((0, 1), (1, 0)):
        frame = pl.DataFrame({"X": other[:, columns[0]], "Y": other[:, columns[1]]})
        found, problems = run(engine, tmp_path, saved(frame, tmp_path))
        refused(found, problems, "enregistrements-trop-sans-lieu")
        (reason,) = found.accounts[0].unplaced
        assert told in reason


def test_metres_where_degrees_were_announced(engine: DuckdbEngine, tmp_path: Path) -> None:
    work = {**SIMPLE, "position": {"x": "X", "y": "Y", "crs": 4326}}
    found, problems = run(engine, tmp_path, saved(points(50), tmp_path), work)
    refused(found, problems, "enregistrements-trop-sans-lieu")
    assert "EPSG 2154" in next(iter(found.accounts[0].unplaced))


def test_records_that_are_all_elsewhere_are_an_error(engine: DuckdbEngine, tmp_path: Path) -> None:
    found, problems = run(engine, tmp_path, saved(points(x=90_000), tmp_path))
    problem = refused(found, problems, "enregistrements-tous-ailleurs")
    assert "770\u202f000" in problem.what, "the extent of the file is told"


def test_no_record_at_all_is_an_error_and_not_a_row_of_zeros(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    found, problems = run(engine, tmp_path, saved(points(0), tmp_path))
    refused(found, problems, "enregistrements-aucun")
    none = {**SIMPLE, "filters": ({"column": "X", "operator": "under", "value": 0},)}
    found, problems = run(engine, tmp_path, saved(points(), tmp_path), none)
    refused(found, problems, "enregistrements-aucun")
    assert found.accounts[0].filtered == 30


def test_not_a_number_of_a_parquet_file_is_no_coordinate(
    engine: DuckdbEngine, tmp_path: Path
) -> None:
    """DuckDB reads the statistics of the file, which leave it out, and takes it for a number."""
    frame = points(40).with_columns(
        X=pl.when(pl.int_range(40) < 4).then(float("nan")).otherwise("X")
    )
    found, _ = run(engine, tmp_path, saved(frame, tmp_path))
    assert found.accounts[0].unplaced == {"sans coordonnées": 4}
    infinite = frame.with_columns(X=pl.col("X").fill_nan(float("inf")))
    found, _ = run(engine, tmp_path, saved(infinite, tmp_path))
    assert (found.accounts[0].inside, found.accounts[0].elsewhere) == (36, 4)


def test_an_unknown_grid_is_told(engine: DuckdbEngine, tmp_path: Path) -> None:
    work = {**SIMPLE, "position": {"x": "X", "y": "Y", "crs": 1999}}
    found, problems = run(engine, tmp_path, saved(points(), tmp_path), work)
    assert "EPSG 1999" in refused(found, problems, "grille-inconnue").what


# ------------------------------------------------------------------ the outlines


def test_outlines_that_lack_are_told(engine: DuckdbEngine, tmp_path: Path) -> None:
    spec = saved(points(), tmp_path)
    found, problems = run(engine, tmp_path, spec, layers=[])
    assert "communes" in refused(found, problems, "contours-absents").what
    quarters = {**SIMPLE, "territories": ({"kind": "qpv"},)}
    old = [dataclasses.replace(world.outlines()[0], generation="2024")]
    found, problems = run(engine, tmp_path, spec, quarters, old)
    assert "de 2015" in refused(found, problems, "contours-absents").what
    rest = {**SIMPLE, "territories": ({"kind": "hors_qpv"},)}
    found, problems = run(engine, tmp_path, spec, rest, world.outlines()[:1])
    refused(found, problems, "contours-absents")
    strange = [world.layer("commune", {"98001": world.box(0, 0, 10, 10)})]
    found, problems = run(engine, tmp_path, spec, layers=strange)
    refused(found, problems, "contours-absents")


def test_a_territory_without_outline_has_no_figure(engine: DuckdbEngine, tmp_path: Path) -> None:
    """Not zero: unknown. And the neighbourhoods together are not told without one of them."""
    work = {**SIMPLE, "territories": ({"kind": "qpv"}, {"kind": "qpv_ensemble"})}
    layers = [world.outlines()[0].pick(["QP099001", "QP099004"])]
    found, problems = run(engine, tmp_path, saved(points(), tmp_path), work, layers)
    rows = found.statements.select("kind", "territory").rows()
    assert rows == [("qpv", "QP099001"), ("qpv", "QP099004"), ("qpv_ensemble", world.TWO)]
    told = next(p for p in problems if p.code == "contours-manquants")
    assert "Cité 2 et Cité 3" in told.what


def test_two_grids_of_outlines_are_refused(engine: DuckdbEngine, tmp_path: Path) -> None:
    quarters, communes, epcis = world.outlines()
    layers = [quarters, dataclasses.replace(communes, crs=5490), epcis]
    work = {**SIMPLE, "territories": ({"kind": "qpv"}, {"kind": "commune"})}
    found, problems = run(engine, tmp_path, saved(points(), tmp_path), work, layers)
    assert "5490" in refused(found, problems, "contours-grilles").what


def test_a_width_for_an_unknown_territory_is_told(engine: DuckdbEngine, tmp_path: Path) -> None:
    target = {"kind": "qpv", "around": 300, "around_of": {"QP099009": 500}}
    work = {**SIMPLE, "territories": (target,)}
    found, problems = run(engine, tmp_path, saved(points(), tmp_path), work)
    assert "QP099009" in refused(found, problems, "territoire-inconnu").what
