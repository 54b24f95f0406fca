"""How long does it take to count records by territory, in process and on a cluster?

    python benchmarks/microdonnees.py                        # 3 and 10 million records
    python benchmarks/microdonnees.py --records 30000000     # some minutes, 3 GB of disk
    python benchmarks/microdonnees.py --only terril,polars
    python benchmarks/microdonnees.py --grappe spark://serveur:7077 --echange /partage

Records (coordinates, sex, age, an income, a right) at a third as many addresses, two thirds of
them clustered around the 1 600 perimeters of ``points.py``; for each perimeter and its ring of
300 m: a count by sex, by age and by both, a share by sex, a mean. ``terril`` is DuckDB in process,
``csv`` the same from a text file, ``degres`` the same from longitudes and latitudes, ``spark`` the
same queries on Spark (« local[2] » unless a cluster is given), ``polars`` the reference: everything
in memory, points located by numpy. All figures are compared, one by one, with those of
``terril``. Each runs in a process of its own; the peak is that of the process and of its JVM.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from points import perimeters
from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.catalogue.works import Work
from terril.lib.problems import ProblemList
from terril.places.engines.base import Engine
from terril.places.engines.duckdb import DuckdbEngine
from terril.places.index import build_index, zones_of
from terril.places.locate import locate
from terril.places.microdata import count_works
from terril.sources.project import InputSpec, Project
from terril.territories.geometry import Layer, as_shapes, reproject
from terril.territories.registry import Territories, Territory

SIZES = (3_000_000, 10_000_000)
WIDTH, PERIOD = 300.0, "2020-12-31"
AGES = {"moins_26": (0, 26), "26_49": (26, 50), "50_plus": (50, 200)}
WORK: dict[str, Any] = {
    "label": "Essai",
    "source": "pole_emploi",
    "position": {"x": "x", "y": "y", "crs": 2154},
    "filters": ({"column": "categorie", "operator": "in", "values": ("A", "B", "C")},),
    "dimensions": {
        "sexe": {"column": "sexe", "values": {"F": (2,), "H": (1,)}},
        "age": {
            "column": "age",
            "classes": {name: {"start": a, "under": b} for name, (a, b) in AGES.items()},
        },
    },
    "territories": ({"kind": "qpv", "around": WIDTH},),
    "measures": (
        {"indicator": "emploi.nb_defm_abc", "form": "count", "by": ("sexe", "age", "sexe+age")},
        {
            "indicator": "emploi.part_rsa_defm",
            "form": "share",
            "where": ({"column": "rsa", "operator": "is", "value": 1},),
            "by": ("sexe",),
        },
        {"indicator": "revenus.revenu_moyen_uc", "form": "mean", "column": "revenu"},
    ),
}


def layer() -> Layer:
    """The perimeters of ``points.py``, as neighbourhoods."""
    shapes, _ = perimeters()
    codes = tuple(f"QP{n:06d}" for n in range(len(shapes)))
    return Layer("qpv", "2015", 2154, codes, codes, as_shapes(shapes), pl.DataFrame())


def make(folder: Path, size: int) -> None:
    """Write so many records: as Parquet in metres, in degrees, and as text."""
    rng = np.random.default_rng(size)
    shapes, _ = perimeters()
    centres = np.array([shape.centroid.coords[0] for shape in shapes])
    homes = size // 3
    near = rng.random(homes) < 0.65
    away, angle = rng.exponential(1500, homes), rng.uniform(0, 2 * np.pi, homes)
    at = centres[rng.integers(0, len(centres), homes)]
    x = np.where(near, at[:, 0] + away * np.cos(angle), rng.uniform(120_000, 1_230_000, homes))
    y = np.where(near, at[:, 1] + away * np.sin(angle), rng.uniform(6_070_000, 7_100_000, homes))
    # to the centimetre, as producers do
    x, y = np.round(x, 2), np.round(y, 2)
    home = rng.integers(0, homes, size)
    frame = pl.DataFrame(
        {
            "x": x[home],
            "y": y[home],
            "categorie": np.array(list("ABCDE"))[rng.integers(0, 5, size)],
            "sexe": rng.integers(1, 3, size).astype(np.int8),
            "age": rng.integers(16, 66, size).astype(np.int16),
            "rsa": rng.random(size) < 0.3,
            "revenu": np.round(rng.gamma(4, 350, size), 2),
        }
    )
    frame.write_parquet(folder / "metres.parquet", row_group_size=1 << 20)
    frame.with_columns(pl.col("rsa").cast(pl.Int8)).write_csv(
        folder / "texte.csv", separator=";", float_precision=2
    )
    degrees = reproject(np.column_stack((x, y)), 2154, 4326)[home]
    frame.with_columns(x=degrees[:, 0], y=degrees[:, 1]).write_parquet(
        folder / "degres.parquet", row_group_size=1 << 20
    )


def catalogue(crs: int) -> Catalogue:
    work = Work.model_validate({**WORK, "position": {"x": "x", "y": "y", "crs": crs}})
    return dataclasses.replace(load_catalogue(), works=MappingProxyType({"essai": work}))


def counted(file: Path, engine: Engine, crs: int = 2154) -> pl.DataFrame:
    """Count with Terril; return the figures before blanking."""
    outlines = layer()
    items = [Territory(c, "qpv", c, c, ("99001",), "200000001") for c in outlines.codes]
    spec = InputSpec("essai", file, "enregistrements", options={"periode": PERIOD})
    project = Project(
        file.parent, "Essai", "", "200000001", "Essai", "Essai", PERIOD, file, (), microdata=(spec,)
    )
    problems = ProblemList()
    found = count_works(project, Territories(items), catalogue(crs), [outlines], problems, engine)
    problems.raise_errors()
    return found.truth


# ------------------------------------------------------------------ the engines


def terril(folder: Path, options: argparse.Namespace) -> pl.DataFrame:
    with DuckdbEngine(memory=options.memoire) as engine:
        return counted(folder / "metres.parquet", engine)


def csv(folder: Path, options: argparse.Namespace) -> pl.DataFrame:
    with DuckdbEngine(memory=options.memoire) as engine:
        return counted(folder / "texte.csv", engine)


def degres(folder: Path, options: argparse.Namespace) -> pl.DataFrame:
    with DuckdbEngine(memory=options.memoire) as engine:
        return counted(folder / "degres.parquet", engine, 4326)


def spark(folder: Path, options: argparse.Namespace) -> pl.DataFrame:
    from terril.places.engines.spark import SparkEngine

    settings = {"spark.driver.memory": "3g"}
    with SparkEngine(options.grappe, folder=options.echange, settings=settings) as engine:
        began, worked = time.perf_counter(), java()["cpu"]
        found = counted(folder / "metres.parquet", engine)
        ran = time.perf_counter() - began
        note(seconds=ran, cpu=java()["cpu"] - worked, jvm=java()["peak"])
    return found


def polars(folder: Path, options: argparse.Namespace) -> pl.DataFrame:
    """Everything in memory: the points located by numpy, the groups by polars."""
    outlines = layer()
    index = build_index(zones_of(outlines, WIDTH, partition=True))
    frame = pl.read_parquet(folder / "metres.parquet").filter(
        pl.col("categorie").is_in(["A", "B", "C"])
    )
    hits = locate(frame["x"].to_numpy(), frame["y"].to_numpy(), index)
    rows = hits.join(
        frame.with_columns(
            point=pl.int_range(pl.len()),
            sexe=pl.when(pl.col("sexe") == 2).then(pl.lit("F")).otherwise(pl.lit("H")),
            age=pl.when(pl.col("age") < 26).then(pl.lit("moins_26"))
            .when(pl.col("age") < 50).then(pl.lit("26_49")).otherwise(pl.lit("50_plus")),
            cents=(pl.col("revenu") * 100).round(0).cast(pl.Int64),
        ),
        on="point",
    )  # fmt: skip
    # a record inside two overlapping perimeters counts in the first
    inside = rows.filter(pl.col("where") == "inside").sort("zone").unique("point", keep="first")
    parts = []
    for where, prefix in ((inside, ""), (rows.filter(pl.col("where") == "around"), "autour_300m")):
        for names in ((), ("sexe",), ("age",), ("sexe", "age")):
            groups = where.group_by("zone", *names).agg(
                n=pl.len(), part=pl.col("rsa").sum(), cents=pl.col("cents").sum()
            )
            told = [pl.concat_str(pl.lit(f"{name}="), name) for name in names]
            opening = [pl.lit(prefix)] if prefix else []
            label = (
                pl.concat_str(*opening, *told, separator=";")
                if opening or told
                else pl.lit("total")
            )
            parts.append(groups.select("zone", label.alias("breakdown"), "n", "part", "cents"))
    return pl.concat(parts).sort("zone", "breakdown")


JOBS: dict[str, Callable[[Path, argparse.Namespace], pl.DataFrame]] = {
    "terril": terril,
    "polars": polars,
    "csv": csv,
    "degres": degres,
    "spark": spark,
}


def agree(name: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> int:
    """Return how many figures were compared; raises when one differs."""
    if name != "polars":
        key = ["kind", "territory", "indicator", "breakdown"]
        near = name == "degres"  # a tenth of a millimetre may move a record across a border
        both = ours.join(theirs, on=key, how="full", suffix="_other", coalesce=True)
        apart = both.filter(~pl.col("value").eq_missing(pl.col("value_other")))
        if apart.height > (ours.height // 10_000 if near else 0):
            raise SystemExit(f"{name}: {apart.height} figures differ\n{apart}")
        return both.height
    compared = 0
    wide = ours.filter(pl.col("value") > 0).pivot("indicator", index=["territory", "breakdown"],
                                                 values="value")  # fmt: skip
    both = wide.join(
        theirs.rename({"zone": "territory"}), on=["territory", "breakdown"], how="left"
    )
    for row in both.to_dicts():
        n, part, cents = row["n"], row["part"], row["cents"]
        for indicator, value in (
            ("emploi.nb_defm_abc", float(n)),
            ("emploi.part_rsa_defm", ((2000 * part + n) // (2 * n)) / 10),
            ("revenus.revenu_moyen_uc", float((cents + 50 * n) // (100 * n))),
        ):
            if row[indicator] is not None:
                compared += 1
                if row[indicator] != value:
                    raise SystemExit(f"polars: {row} {indicator} {value}")
    if theirs.height != wide.height:
        raise SystemExit(f"polars: {theirs.height} groups, terril: {wide.height}")
    return compared


# ------------------------------------------------------------------ measures

NOTES: dict[str, float] = {}


def note(**values: float) -> None:
    NOTES.update(values)


def java() -> dict[str, float]:
    """Return the seconds of processor and the peak (MB) of the JVM of this process."""
    found = {"cpu": 0.0, "peak": 0.0}
    tick = os.sysconf("SC_CLK_TCK")
    for path in Path("/proc").glob("[0-9]*"):
        try:
            stat = (path / "stat").read_text().rpartition(")")[2].split()
            status = (path / "status").read_text()
            if "java" in (path / "comm").read_text() and int(stat[1]) == os.getpid():
                found["cpu"] += (int(stat[11]) + int(stat[12])) / tick
                found["peak"] += int(status.partition("VmHWM:")[2].split()[0]) / 1024
        except OSError:
            continue
    return found


def child(name: str, folder: Path, options: argparse.Namespace) -> None:
    """Run one engine, write its figures and its measures."""
    began, worked = time.perf_counter(), time.process_time()
    found = JOBS[name](folder, options)
    measures = {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - worked,
        "jvm": 0.0,
        **NOTES,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "load": os.getloadavg()[0],
    }
    found.write_parquet(folder / f"chiffres-{name}.parquet")
    print(json.dumps(measures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--only", default=",".join(JOBS))
    parser.add_argument("--grappe", default="local[2]")
    parser.add_argument("--echange", type=Path)
    parser.add_argument("--memoire", default="2GB")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, place = options.child
        if name.isdigit():  # in a process of its own too: a child starts with its parent's peak
            make(Path(place), int(name))
        else:
            child(name, Path(place), options)
        return
    print(f"{'records':>11} {'engine':8} {'seconds':>8} {'CPU s':>7} {'peak MB':>8} {'JVM MB':>7} "
          f"{'load':>5}  figures")  # fmt: skip
    names = [name for name in JOBS if name in {"terril", *options.only.split(",")}]
    for size in options.records:
        with tempfile.TemporaryDirectory(dir=options.echange) as place:
            folder = Path(place)
            subprocess.run([sys.executable, __file__, "--child", str(size), place], check=True)
            for name in names:
                words = [
                    sys.executable, __file__, "--child", name, place,
                    "--grappe", options.grappe, "--memoire", options.memoire,
                    *(["--echange", str(options.echange)] if options.echange else []),
                ]  # fmt: skip
                run = subprocess.run(words, stdout=subprocess.PIPE, check=False)
                if run.returncode:
                    print(f"{size:11,} {name:8} failed")
                    continue
                m = json.loads(run.stdout.splitlines()[-1])
                frames = [
                    pl.read_parquet(folder / f"chiffres-{n}.parquet") for n in ("terril", name)
                ]
                same = agree(name, *frames)
                print(
                    f"{size:11,} {name:8} {m['seconds']:8.1f} {m['cpu']:7.1f} {m['peak']:8.0f} "
                    f"{m['jvm']:7.0f} {m['load']:5.1f}  {same:,} equal",
                    flush=True,
                )


if __name__ == "__main__":
    main()
