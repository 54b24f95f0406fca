"""A file of 200 MB: read in bounded memory, its problems told like those of any file."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import polars as pl
import pytest
from source_material import EPCI, Desk

from terril.catalogue.load import load_catalogue
from terril.territories.registry import Territories, Territory

SIZE = 200_000_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 600 neighbourhoods × all indicators × years, until the file weighs 200 MB."""
    path = tmp_path_factory.mktemp("gros") / "national.csv"
    codes = pl.DataFrame({"territoire": [f"QP{n:06d}" for n in range(1001, 2601)]})
    indicators = pl.DataFrame({"indicateur": sorted(load_catalogue().indicators)})
    cells = codes.join(indicators, how="cross")
    year = 2000
    with path.open("wb") as stream:
        while stream.tell() < SIZE:
            cells.select(
                pl.lit("qpv").alias("genre"),
                "territoire",
                "indicateur",
                pl.lit(str(year)).alias("periode"),
                (pl.int_range(pl.len()) % 997 / 10)
                .cast(pl.String)
                .str.replace(".", ",", literal=True)
                .alias("valeur"),
            ).write_csv(stream, separator=";", include_header=year == 2000)
            year += 1
    return path


def desk_with(folder: Path, count: int) -> Desk:
    places = [
        Territory(f"QP{n:06d}", "qpv", f"Q{n}", f"Q{n}", ("01004",), EPCI)
        for n in range(1001, 1001 + count)
    ]
    return Desk(folder, Territories(places))


@pytest.mark.long
def test_a_large_file_is_read(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = time.perf_counter()
    read = desk_with(tmp_path, 1600).read_path(large, "long")
    seconds = time.perf_counter() - start
    assert read.problems == []
    with large.open("rb") as stream:
        lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    assert read.frame.height == lines - 1
    assert read.frame["line"].max() == lines
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        size = large.stat().st_size / 1e6
        print(f"\n{size:.0f} MB, {read.frame.height} figures: {seconds:.1f} s, peak {peak:.0f} MB")
    assert peak < 4096


@pytest.mark.long
def test_a_large_file_of_unknown_places_is_refused(large: Path, tmp_path: Path) -> None:
    read = desk_with(tmp_path, 10).read_path(large, "long")
    told = read.of("territoire-inconnu")
    assert len(told) == 13  # twelve told, then a count
    assert "1\u202f578 autres" in told[-1].what
    assert read.frame.is_empty()


@pytest.mark.long
def test_a_large_file_without_the_right_heads_is_refused_at_once(
    large: Path, tmp_path: Path
) -> None:
    read = desk_with(tmp_path, 10).read_path(large, "insee")
    assert read.codes == ["entete-absent"]
