"""How long does it take to count points in perimeters and their rings, beside the alternatives?

    python benchmarks/points.py                       # 100 000, then 2.8 million points
    python benchmarks/points.py --points 700000 --only terril,reading
    python benchmarks/points.py --national            # 30 million too: some minutes, 3 GB

1 600 irregular perimeters (the real ones when they stand beside the project, made up to 1 600 by
copies moved elsewhere; else made from a seed), their rings of 300 m, points of 200 types, two
thirds of them clustered around the perimeters, in no order. Everybody counts the same thing from
the same Parquet file: perimeter × type → inside, around by exact distance. Counts are compared
with ours, one by one. Each engine runs in a process of its own, so that the peak of memory is its
own; seconds are the median of the runs. What an alternative must do once (points as geometries,
tables loaded and indexed by a server) is not counted; our index is, apart and in the total.

PostGIS runs when Debian's ``postgresql-15-postgis-3`` is installed: a cluster of its own, on a
free port of this machine, removed at the end. DuckDB with its spatial extension runs in an
environment of its own, made with pip in a temporary folder; both are left out, with a word, when
they cannot be had.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# the side environment of DuckDB runs this file too: everything else is imported where it is used

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "real" / "qpv-2015"
PERIMETERS, TYPES, WIDTH = 1600, 200, 300.0
SIZES, NATIONAL = (100_000, 2_800_000), 30_000_000
#: not for the alternatives that take too long or too much memory there
MOST = {"geopandas": 3_000_000, "STRtree": 3_000_000, "PostGIS": 3_000_000}
DUCKDB = ("duckdb<1.6", "duckdb-extension-spatial<1.6")

Row = tuple[str, str, int, int]
Measure = dict[str, Any]


# --- the data -------------------------------------------------------------------------------------


def perimeters() -> Any:
    """Return 1 600 polygons in Lambert-93, and whether they come from real ones."""
    import numpy as np
    import shapely

    rng = np.random.default_rng(1)
    shapes = []
    file = REAL / "qpv2015_france_metropole_4326.geojson"
    if file.is_file():
        from terril.lib.problems import ProblemList
        from terril.territories.geometry import read_layer

        layer = read_layer(
            file, ProblemList(), nature="qpv", generation="2015", code_column="CODE_QP"
        )
        shapes = list(layer.shapes) if layer is not None else []
    real = len(shapes)
    while not real and len(shapes) < PERIMETERS:
        angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(40, 170)))
        away = rng.lognormal(5.6, 0.5) * np.exp(rng.normal(0, 0.25, len(angle)))
        centre = rng.uniform((150_000, 6_100_000), (1_200_000, 7_080_000))
        ring = centre + away[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        shape = shapely.Polygon(ring)
        if rng.random() < 0.1:  # a hole
            shape = shape.difference(shapely.Point(centre).buffer(away.min() / 2, 3))
        shapes += [shape] if shape.is_valid and shape.geom_type == "Polygon" else []
    for k in rng.permutation(real)[: PERIMETERS - real] if real else ():
        move = rng.uniform(20_000, 60_000, 2) * rng.choice([-1, 1], 2)
        shapes.append(shapely.transform(shapes[k], lambda at, move=move: at + move))
    return shapes[:PERIMETERS], real


def make(folder: Path, size: int) -> Measure:
    """Write the perimeters and so many points; return what they are."""
    import numpy as np
    import polars as pl
    import shapely

    shapes, real = perimeters()
    codes = [f"QP{n:06d}" for n in range(len(shapes))]
    with (folder / "zones.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(zip(codes, shapely.to_wkb(shapes, hex=True), strict=True))
    rng = np.random.default_rng(size)
    centres = shapely.get_coordinates(shapely.centroid(shapes))
    near = rng.random(size) < 0.65
    away, angle = rng.exponential(2500, size), rng.uniform(0, 2 * np.pi, size)
    at = centres[rng.integers(0, len(centres), size)]
    x = np.where(near, at[:, 0] + away * np.cos(angle), rng.uniform(120_000, 1_230_000, size))
    y = np.where(near, at[:, 1] + away * np.sin(angle), rng.uniform(6_070_000, 7_100_000, size))
    kinds = pl.Series([f"{'ABCDEFG'[n // 30]}{100 + n}" for n in range(TYPES)])
    rank = rng.zipf(1.3, size) % TYPES
    pl.DataFrame({"type": kinds.gather(rank), "x": x, "y": y}).write_parquet(
        folder / "points.parquet"
    )
    return {"real": real, "edges": int(shapely.get_num_coordinates(shapes).sum())}


def zones(folder: Path) -> tuple[list[str], list[str]]:
    """Return the codes of the perimeters and their shapes (hexadecimal WKB)."""
    csv.field_size_limit(1 << 30)
    with (folder / "zones.csv").open(encoding="utf-8", newline="") as file:
        codes, shapes = zip(*csv.reader(file), strict=True)
    return list(codes), list(shapes)


# --- the engines: each returns its seconds, and a function that gives its counts ------------------

Counts = Callable[[], Iterable[Row]]
Job = Callable[[Path, int], tuple[Measure, Counts | None]]


def timed(work: Callable[[], Any], runs: int) -> tuple[list[float], list[float], Any]:
    """Return the seconds of each run, those of the processors, and what the last one gave."""
    seconds, cpu, last = [], [], None
    for _ in range(runs):
        last = None
        began, worked = time.perf_counter(), time.process_time()
        last = work()
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - worked)
    return seconds, cpu, last


def measured(work: Callable[[], Any], runs: int) -> tuple[Measure, Any]:
    seconds, cpu, last = timed(work, runs)
    return {"seconds": statistics.median(seconds), "cpu": statistics.median(cpu)}, last


def reading(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """The floor: the three columns that all need, into memory."""
    import polars as pl

    file = folder / "points.parquet"
    return measured(lambda: pl.read_parquet(file, columns=["type", "x", "y"]), runs)[0], None


def _layer(folder: Path) -> Any:
    import numpy as np
    import polars as pl
    import shapely

    from terril.places.index import zones_of
    from terril.territories.geometry import Layer

    codes, shapes = zones(folder)
    shown = tuple(codes)
    polygons = np.asarray(shapely.from_wkb(shapes))
    return zones_of(Layer("qpv", "2015", 2154, shown, shown, polygons, pl.DataFrame()), WIDTH)


def _ours(folder: Path, runs: int, source: Any, engine: Any = None) -> tuple[Measure, Counts]:
    from terril.places.count import count_points
    from terril.places.index import build_index

    layer = _layer(folder)
    seconds, cpu, index = timed(lambda: build_index(layer), runs)
    measure, counts = measured(lambda: count_points(source, index, engine=engine), runs)
    measure["index"], measure["index_cpu"] = statistics.median(seconds), statistics.median(cpu)
    return measure, counts.iter_rows


def terril(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """Points in memory."""
    import polars as pl

    points = pl.read_parquet(folder / "points.parquet", columns=["type", "x", "y"])
    return _ours(folder, runs, points)


def terril_file(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """The file, reading included, a part at a time."""
    return _ours(folder, runs, folder / "points.parquet")


def terril_duckdb(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """The same index as tables in DuckDB, reading included."""
    from terril.places.engines.duckdb import DuckdbEngine

    with DuckdbEngine() as engine:
        return _ours(folder, runs, folder / "points.parquet", engine)


def geopandas(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """``sjoin``, the polygons on the left: they are the prepared ones."""
    import polars as pl
    import shapely

    gpd, pandas = importlib.import_module("geopandas"), importlib.import_module("pandas")
    points = pl.read_parquet(folder / "points.parquet", columns=["type", "x", "y"])
    codes, shapes = zones(folder)
    left = gpd.GeoDataFrame({"code": codes}, geometry=shapely.from_wkb(shapes), crs=2154)
    at = gpd.points_from_xy(points["x"].to_numpy(), points["y"].to_numpy())
    kinds = pandas.Series(points["type"].to_list(), dtype="category")

    def work() -> Any:
        right = gpd.GeoDataFrame({"type": kinds}, geometry=at, crs=2154)  # with a new tree
        near = left.sjoin(right, predicate="dwithin", distance=WIDTH)
        inside = left.sjoin(right, predicate="covers")
        one = near.groupby(["code", "type"], observed=True).size()
        two = inside.groupby(["code", "type"], observed=True).size()
        return pandas.DataFrame({"near": one, "inside": two}).fillna(0).astype(int)

    measure, counts = measured(work, runs)
    rows = ((*key, n["inside"], n["near"] - n["inside"]) for key, n in counts.iterrows())
    return measure, lambda: rows


def strtree(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """A tree of the points, asked by each perimeter, counted by numpy."""
    import numpy as np
    import polars as pl
    import shapely

    points = pl.read_parquet(folder / "points.parquet", columns=["type", "x", "y"])
    codes, shapes = zones(folder)
    polygons, at = shapely.from_wkb(shapes), shapely.points(points["x"], points["y"])
    kinds = points["type"].unique().sort()
    rank = points["type"].cast(pl.Enum(kinds)).to_physical().to_numpy().astype(np.int64)
    shape = (len(codes), len(kinds))

    def work() -> Any:
        tree = shapely.STRtree(at)
        found = []
        for predicate, distance in (("dwithin", WIDTH), ("covers", None)):
            zone, point = tree.query(polygons, predicate=predicate, distance=distance)
            key = zone * shape[1] + rank[point]
            found.append(np.bincount(key, minlength=shape[0] * shape[1]).reshape(shape))
        return found

    measure, (near, inside) = measured(work, runs)
    return measure, lambda: (
        (codes[z], kinds[t], int(inside[z, t]), int(near[z, t] - inside[z, t]))
        for z, t in np.argwhere(near).tolist()
    )


def sedona(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """SedonaDB, points and perimeters as geometries in memory."""
    import polars as pl

    sd = importlib.import_module("sedonadb").connect()
    codes, shapes = zones(folder)
    wkb = [bytes.fromhex(shape) for shape in shapes]
    pl.DataFrame({"code": codes, "wkb": wkb}).write_parquet(folder / "zones.parquet")
    geometry = {"zones": "code, ST_GeomFromWKB(wkb)", "points": "type, ST_Point(x, y)"}
    for name, columns in geometry.items():
        sd.read_parquet(str(folder / f"{name}.parquet")).to_view("file", overwrite=True)
        sd.sql(f"SELECT {columns} AS geometry FROM file").to_memtable().to_view(name)
    query = f"""
        SELECT z.code, p.type,
          SUM(CASE WHEN ST_Intersects(z.geometry, p.geometry) THEN 1 ELSE 0 END) AS inside,
          COUNT(*) AS near
        FROM zones z JOIN points p ON ST_DWithin(z.geometry, p.geometry, {WIDTH})
        GROUP BY z.code, p.type"""
    answer = folder / "sedona.parquet"
    measure, _ = measured(lambda: sd.sql(query).to_parquet(str(answer)), runs)
    rows = pl.read_parquet(answer).select("code", "type", "inside", "near").iter_rows()
    return measure, lambda: ((c, t, int(i), int(n - i)) for c, t, i, n in rows)


def duckdb_spatial(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """DuckDB and its spatial extension, points and perimeters as geometries in its tables."""
    duckdb = importlib.import_module("duckdb")
    package = Path(importlib.import_module("duckdb_extension_spatial").__file__ or "").parent
    extension = next(package.rglob("spatial.duckdb_extension"))
    con = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    con.execute(f"LOAD '{extension}'")
    con.execute(f"""CREATE TABLE zones AS SELECT column0 AS code,
        ST_GeomFromHEXWKB(column1) AS geom
        FROM read_csv('{folder / "zones.csv"}', header=false, all_varchar=true,
                      max_line_size=10000000)""")
    con.execute(f"""CREATE TABLE points AS SELECT type, ST_Point(x, y) AS geom
        FROM read_parquet('{folder / "points.parquet"}')""")
    query = f"""SELECT z.code, p.type,
          SUM(CASE WHEN ST_Intersects(z.geom, p.geom) THEN 1 ELSE 0 END) AS inside,
          COUNT(*) AS near
        FROM points p JOIN zones z ON ST_DWithin(z.geom, p.geom, {WIDTH})
        GROUP BY z.code, p.type"""
    measure, rows = measured(lambda: con.execute(query).fetchall(), runs)
    return measure, lambda: ((c, t, int(i), int(n - i)) for c, t, i, n in rows)


def postgis(folder: Path, runs: int) -> tuple[Measure, Counts | None]:
    """PostGIS, both tables indexed and analysed."""
    import polars as pl

    with server() as psql:
        psql("CREATE EXTENSION postgis; CREATE TABLE zones (code text, geom geometry);"
             "CREATE UNLOGGED TABLE raw (type text, x float8, y float8)")  # fmt: skip
        psql("COPY zones FROM STDIN (FORMAT csv)", (folder / "zones.csv").read_bytes())
        points = pl.read_parquet(folder / "points.parquet", columns=["type", "x", "y"])
        psql("COPY raw FROM STDIN (FORMAT csv)", points.write_csv(include_header=False).encode())
        del points
        psql("CREATE UNLOGGED TABLE points AS SELECT type, ST_Point(x, y) AS geom FROM raw")
        psql("CREATE INDEX ON points USING gist (geom)")
        psql("CREATE INDEX ON zones USING gist (geom)")
        psql("VACUUM ANALYZE points")
        psql("VACUUM ANALYZE zones")
        query = f"""COPY (SELECT z.code, p.type,
            count(*) FILTER (WHERE ST_Intersects(z.geom, p.geom)),
            count(*) FILTER (WHERE NOT ST_Intersects(z.geom, p.geom))
            FROM zones z JOIN points p ON ST_DWithin(z.geom, p.geom, {WIDTH})
            GROUP BY z.code, p.type) TO STDOUT (FORMAT csv)"""
        measure, text = measured(lambda: psql(query), runs)
    measure["cpu"] = measure["peak"] = None
    rows = csv.reader(text.splitlines())
    return measure, lambda: ((c, t, int(i), int(a)) for c, t, i, a in rows)


@contextmanager
def server() -> Iterator[Callable[..., str]]:
    """A PostgreSQL of our own on a free port of this machine; gives a function that runs SQL."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="points-pg-"))
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str, stdin: bytes | None = None) -> str:
        done = subprocess.run(
            [*user, *command], input=stdin, capture_output=True, check=False, cwd=folder
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        return done.stdout.decode()

    data = folder / "data"
    settings = (
        f"-p {port} -k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=1GB"
        " -c work_mem=256MB -c maintenance_work_mem=1GB -c max_wal_size=8GB -c jit=off"
    )
    try:
        run(f"{programs}/initdb", "-D", str(data), "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"),
            "-o", settings, "start")  # fmt: skip
        try:
            yield lambda sql, stdin=None: run(
                f"{programs}/psql", "-h", str(folder), "-p", str(port), "-d", "postgres", "-qAtX",
                "-v", "ON_ERROR_STOP=1", "-c", sql, stdin=stdin,
            )  # fmt: skip
        finally:
            run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


JOBS: dict[str, Job] = {
    "reading": reading,
    "terril": terril,
    "terril (file)": terril_file,
    "terril (DuckDB)": terril_duckdb,
    "geopandas": geopandas,
    "STRtree": strtree,
    "SedonaDB": sedona,
    "DuckDB spatial": duckdb_spatial,
    "PostGIS": postgis,
}
OURS = [name for name in JOBS if name.startswith("terril")]


# --- the run --------------------------------------------------------------------------------------


def one(name: str, folder: Path, runs: int) -> None:
    """Run one engine in this process; write its counts, print what it took."""
    measure, counts = JOBS[name](folder, runs)
    measure.setdefault("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    if counts is not None:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(counts())
    print(json.dumps(measure))


def apart(python: str, *arguments: str) -> tuple[Measure | None, str]:
    """Run this file in a process of its own; return what it printed, or why it failed."""
    done = subprocess.run(
        [python, __file__, *arguments], capture_output=True, text=True, check=False
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return None, (done.stderr.strip().splitlines() or ["no word"])[-1][:110]
    return json.loads(lines[-1]), ""


def counts_of(folder: Path, name: str) -> dict[tuple[str, str], tuple[int, int]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {(c, t): (int(i), int(a)) for c, t, i, a in csv.reader(file)}


def difference(folder: Path, name: str, judge: str) -> str:
    """Say how far the counts of an engine are from ours, in points."""
    one, two = counts_of(folder, name), counts_of(folder, judge)
    none = (0, 0)
    gaps = [
        abs(one.get(k, none)[n] - two.get(k, none)[n])
        for k in one.keys() | two.keys()
        for n in (0, 1)
    ]
    return f"{sum(gaps)} points" if any(gaps) else "equal"


def side_environment(folder: Path) -> str:
    """Return the Python that has DuckDB and its spatial extension, "" when it cannot be had."""
    python = folder / "bin" / "python"
    if not python.exists():
        for command in ([sys.executable, "-m", "venv", str(folder)],
                        [str(python), "-m", "pip", "install", "-q", *DUCKDB]):  # fmt: skip
            if subprocess.run(command, capture_output=True, check=False).returncode:
                shutil.rmtree(folder, ignore_errors=True)
                return ""
    return str(python)


def shown(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def table(size: int, names: Sequence[str], runs: int, side: Path) -> dict[str, Measure]:
    """Measure the engines on so many points; print a table."""
    found: dict[str, Measure] = {}
    with tempfile.TemporaryDirectory(prefix="points-") as place:
        folder = Path(place)
        told, why = apart(sys.executable, "--make", str(size), "--folder", place)
        if told is None:
            raise SystemExit(why)
        file = (folder / "points.parquet").stat().st_size / 1e6
        print(f"\n### {size:,} points ({file:.0f} MB), {PERIMETERS:,} perimeters of which "
              f"{told['real']:,} real, {told['edges']:,} corners, load {load()}\n")  # fmt: skip
        print("| engine | index s | count s | total s | CPU s | peak MB | × reading | counts |")
        print("|---|---|---|---|---|---|---|---|", flush=True)
        judge = next((name for name in names if name in OURS), "")
        for name in names:
            python = sys.executable
            if size > MOST.get(name, size):
                continue
            if name == "DuckDB spatial" and not (python := side_environment(side)):
                print(f"| {name} | | | | | | | left out: pip cannot install it |", flush=True)
                continue
            measure, why = apart(python, "--one", name, "--folder", place, "--runs", str(runs))
            if measure is None:
                print(f"| {name} | | | | | | | left out: {why} |", flush=True)
                continue
            found[name] = measure
            floor = found.get("reading", measure)["seconds"]
            index, cpu = measure.get("index", 0.0), measure["cpu"]
            same = (
                "" if name in ("reading", judge) or not judge else difference(folder, name, judge)
            )
            whole = None if cpu is None else cpu + measure.get("index_cpu", 0.0)
            cells = [
                name,
                shown(index or None, 2),
                shown(measure["seconds"], 2),
                shown(index + measure["seconds"], 2),
                shown(whole, 2),
                shown(measure["peak"], 0),
                shown(measure["seconds"] / floor, 1),
                same,
            ]
            print(f"| {' | '.join(cells)} |", flush=True)
    ratios(found)
    return found


def ratios(found: dict[str, Measure]) -> None:
    """Say how we stand beside the best alternative."""
    others = {n: m["seconds"] for n, m in found.items() if n not in OURS and n != "reading"}
    if not others or "terril" not in found:
        return
    best = min(others, key=lambda name: others[name])
    ours = found["terril"]
    print(f"\nBest alternative: {best}, {others[best]:.2f} s. Counting is "
          f"{others[best] / ours['seconds']:.1f} times faster, index and counting "
          f"{others[best] / (ours['seconds'] + ours['index']):.1f} times.")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--national", action="store_true", help="30 million points too")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="names of engines, between commas")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make is not None:
        print(json.dumps(make(asked.folder, asked.make)))
        return
    if asked.one:
        one(asked.one, asked.folder, asked.runs)
        return
    names = asked.only.split(",") if asked.only else list(JOBS)
    sizes = [*asked.points, *([NATIONAL] if asked.national else [])]
    with tempfile.TemporaryDirectory(prefix="points-side-") as side:
        found = {size: table(size, names, asked.runs, Path(side) / "duckdb") for size in sizes}
    print("\n### Growth: seconds of counting per million points\n")
    print(f"| points | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for size, measures in found.items():
        cells = [
            f"{1e6 * measures[n]['seconds'] / size:.3f}" if n in measures else "" for n in names
        ]
        print(f"| {size:,} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
