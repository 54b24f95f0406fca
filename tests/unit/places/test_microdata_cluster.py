"""Does a cluster of two workers give, row by row, what DuckDB gives in process?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import microdata_cells_table as table
import microdata_world as world
import polars as pl
import pytest
from microdata_cluster import JAVA, Cluster, absent, fetch

from terril.lib.problems import ProblemList
from terril.places.engines.base import Engine
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.engines.spark import SparkEngine
from terril.places.microdata import Counted, count_works

pytestmark = [pytest.mark.skipif(absent() != "", reason=absent())]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("grappe")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def spark(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    settings = {
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        "spark.executor.extraJavaOptions": JAVA,
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": JAVA,
        "spark.sql.adaptive.enabled": "false",  # a plan made again at each step: too small here
        # both workers before the first task
        "spark.scheduler.minRegisteredResourcesRatio": "1.0",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
    }
    folder = tmp_path_factory.mktemp("echange")
    with SparkEngine(cluster.master, folder=folder, settings=settings, watched=True) as engine:
        yield engine
    assert not list(folder.iterdir()), "the engine left something behind"


def count(engine: Engine, root: Path, work: dict[str, Any]) -> tuple[Counted, list[str]]:
    """Count in text and Parquet files, from degrees."""
    position = {"x": "lon", "y": "lat", "crs": 4326}
    problems = ProblemList()
    found = count_works(
        world.project(root, world.given(root / "degres_*")),
        world.territories(),
        world.catalogue(essai={**work, "position": position, "unplaced_at_most": 100}),
        world.outlines(),
        problems,
        engine,
    )
    return found, [str(p) for p in problems]


def compare(spark: SparkEngine, root: Path, work: dict[str, Any]) -> Counted:
    """Count on both engines; every row, every problem, every account must be the same."""
    world.write_degrees(world.records(1200, seed=17), root, "degres")
    with DuckdbEngine() as duckdb:
        alone, told_alone = count(duckdb, root, work)
    together, told_together = count(spark, root, work)
    assert len(alone.files) == 3
    assert together.statements.equals(alone.statements, null_equal=True)
    assert together.truth.equals(alone.truth, null_equal=True)
    assert together.contributions.equals(alone.contributions, null_equal=True)
    assert together.blanked.equals(alone.blanked, null_equal=True)
    assert told_together == told_alone
    for one, other in zip(together.accounts, alone.accounts, strict=True):
        assert vars_of(one) == vars_of(other)
        assert one.balanced and one.read == 1200
    return together


def test_the_cluster_gives_what_duckdb_gives(
    cluster: Cluster, spark: SparkEngine, tmp_path: Path
) -> None:
    ring = {"kind": "qpv", "around": 300}
    work = {**world.FULL, "territories": (ring,), "measures": world.FULL["measures"][:3]}
    assert compare(spark, tmp_path, work).statements.height > 100
    # both workers are there, each lent its core, and each did some of the work
    state = cluster.state
    assert [(w["state"], w["coresused"]) for w in state["workers"]] == [("ALIVE", 1)] * 2
    context = spark.session.sparkContext
    executors = fetch(f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/executors")
    done = {e["id"]: e["completedTasks"] for e in executors if e["id"] != "driver"}
    assert len(done) == 2 and all(tasks > 0 for tasks in done.values()), done
    assert not any(e["failedTasks"] for e in executors)


@pytest.mark.long
def test_the_cluster_gives_all_that_a_work_can_ask_for(spark: SparkEngine, tmp_path: Path) -> None:
    assert compare(spark, tmp_path, world.FULL).statements.height > 300


def test_a_cell_is_read_alike_on_the_cluster(spark: SparkEngine, tmp_path: Path) -> None:
    with DuckdbEngine() as duckdb:
        alone = table.read(duckdb, tmp_path)
    together = table.read(spark, tmp_path)
    assert together.equals(alone, null_equal=True), (
        pl.concat([alone, together], how="vertical_relaxed").unique(keep="none").sort("cell")
    )


def vars_of(account: object) -> dict[str, object]:
    return {k: v for k, v in vars(account).items() if k != "seconds"}
