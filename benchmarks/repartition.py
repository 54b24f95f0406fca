"""How far from the published populations is each way of apportioning a grid, and what does it cost?

    python benchmarks/repartition.py              # the table, then the national file
    python benchmarks/repartition.py --carreaux 500000   # fewer squares

The table: the five neighbourhoods that the extract of the pilot covers whole, beside the project
(left out, with a word, when it is not there). None of the ways looks at the populations, save
« recalé », which has those of the other neighbourhoods. Ways that were not kept are here, in their
shortest form, so that the table of ``docs/decisions/repartition.md`` can be made again:

- *lissage*: Tobler's pycnophylactic smoothing (1979), squares of 20 m;
- *zones témoins*: two densities, inside and outside, by the EM algorithm (Flowerdew, Green, 1989);
- *extrapolation*: to squares of no size, from those of 200 and 400 m (Richardson);
- *cités*: the mining estates as a mask that weighs as much as the contrast measured.

The national file: the 1 296 perimeters of metropolitan France, on squares that are made up.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemList
from terril.places.apportion import SURFACE, apportion, meeting
from terril.sources.grid import GRID, Grid, read_grid
from terril.territories.geometry import Layer, intersections, read_layer
from terril.territories.geometry_grid import grid_parts

Floats = npt.NDArray[np.float64]

REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "real"
#: published municipal population of 2013
PUBLISHED = {
    "QP062019": 4765,
    "QP062024": 2215,
    "QP062025": 4803,
    "QP062026": 1497,
    "QP062027": 1497,
}
ALIGNMENTS = ((0, 0), (0, 1), (1, 0), (1, 1))


def layer(path: Path, nature: str, generation: str = "") -> Layer:
    found = read_layer(path, ProblemList(), nature=nature, generation=generation)
    assert found is not None
    return found


def people_of(frame: pl.DataFrame) -> dict[str, float]:
    rows = frame.filter(pl.col("quantity") == "population").select("zone", "value")
    return {zone: value for zone, value in rows.iter_rows() if value is not None}


def smoothing(grid: Grid, zones: Layer, fine: int = 10) -> dict[str, float]:
    """Tobler: spread each square over smaller ones, smooth, keep its total, again."""
    west, south, east, north = (end // grid.size for end in grid.extent)
    held = np.zeros((north - south + 2, east - west + 2))
    x, y = (grid.squares[n].to_numpy() // grid.size for n in ("x", "y"))
    held[y - south + 1, x - west + 1] = grid.squares["population"].to_numpy()
    rows, columns = held.shape
    dense = np.kron(held, np.ones((fine, fine))) / fine**2
    for _ in range(200):
        around = np.pad(dense, 1, mode="edge")
        mean = (around[:-2, 1:-1] + around[2:, 1:-1] + around[1:-1, :-2] + around[1:-1, 2:]) / 4
        dense = np.maximum(dense + 0.8 * (mean - dense), 0.0)
        sums = dense.reshape(rows, fine, columns, fine).sum((1, 3))
        ratio = np.divide(held, sums, out=np.zeros_like(held), where=sums > 0)
        dense *= np.kron(ratio, np.ones((fine, fine)))
    side = grid.size // fine
    parts = grid_parts(zones, grid.crs, side)
    row = parts["y"].to_numpy() // side - (south - 1) * fine
    column = parts["x"].to_numpy() // side - (west - 1) * fine
    seen = (row >= 0) & (row < rows * fine) & (column >= 0) & (column < columns * fine)
    value = np.where(seen, dense[np.clip(row, 0, rows * fine - 1),
                                 np.clip(column, 0, columns * fine - 1)], 0.0)  # fmt: skip
    summed = parts.with_columns(value=pl.Series(value) * pl.col("part"))
    return dict(summed.group_by("code").agg(pl.col("value").sum()).iter_rows())


def two_densities(grid: Grid, zones: Layer) -> dict[str, float]:
    """Estimate one density inside and one outside by EM; share squares accordingly."""
    cells, _ = meeting(grid, zones, None, ProblemList())
    inside = (
        grid.squares.select("x", "y", "population")
        .join(cells.group_by("x", "y").agg(pl.col("dense").first()), on=["x", "y"], how="left")
        .with_columns(pl.col("dense").fill_null(0.0))
    )
    part, people = inside["dense"].to_numpy(), inside["population"].to_numpy()
    denser = other = 1.0
    for _ in range(500):
        share = denser * part / np.maximum(denser * part + other * (1 - part), 1e-12)
        denser = float((people * share).sum() / part.sum())
        other = float((people * (1 - share)).sum() / (1 - part).sum())
    contrast = denser / other
    share_of = contrast * pl.col("part") / (contrast * pl.col("dense") + 1 - pl.col("dense"))
    sums = cells.group_by("zone").agg((pl.col("population") * share_of).sum())
    return dict(sums.iter_rows())


def extrapolated(grid: Grid, zones: Layer) -> dict[str, float]:
    """Take twice the squares of 200 m less the mean of those of 400 m, by surface."""
    parts = grid_parts(zones, grid.crs, grid.size)
    small = parts.join(grid.squares, on=["x", "y"])
    one = small.group_by("code").agg((pl.col("part") * pl.col("population")).sum())
    totals: list[pl.DataFrame] = []
    for right, up in ALIGNMENTS:
        key = [
            ((pl.col("x") // grid.size + right) // 2).alias("bx"),
            ((pl.col("y") // grid.size + up) // 2).alias("by"),
        ]
        people = grid.squares.group_by(key).agg(pl.col("population").sum())
        large = parts.group_by("code", *key).agg(pl.col("part").sum() / 4)
        totals.append(
            large.join(people, on=["bx", "by"])
            .group_by("code")
            .agg((pl.col("part") * pl.col("population")).sum())
        )
    two = pl.concat(totals).group_by("code").agg(pl.col("part").sum() / len(ALIGNMENTS))
    both = one.join(two, on="code")
    return {code: 2 * a - b for code, a, b in both.iter_rows()}


def estates(grid: Grid, zones: Layer, contrast: float) -> dict[str, float]:
    """Let one square metre of a mining estate weigh as much as ``contrast`` of the rest."""
    cites = layer(REAL / "bassin-minier" / "cites-minieres.geojson", "cite")
    inside = grid_parts(cites, grid.crs, grid.size).group_by("x", "y").agg(pl.col("part").sum())
    shared = intersections(zones, cites)
    pieces = zones.pick(set(shared["a"]))
    both = []
    for code in pieces.codes:
        near = cites.pick(shared.filter(pl.col("a") == code)["b"])
        cut = replace(near, shapes=_cut(near, pieces.pick([code])))
        both.append(grid_parts(cut, grid.crs, grid.size).with_columns(code=pl.lit(code)))
    within = pl.concat(both).group_by("code", "x", "y").agg(mine=pl.col("part").sum())
    cells = (
        grid_parts(zones, grid.crs, grid.size)
        .join(grid.squares, on=["x", "y"])
        .join(inside.rename({"part": "estate"}), on=["x", "y"], how="left")
        .join(within, on=["code", "x", "y"], how="left")
        .with_columns(pl.col("estate", "mine").fill_null(0.0))
    )
    weight = pl.col("part") + (contrast - 1) * pl.col("mine")
    share = weight / (1 + (contrast - 1) * pl.col("estate").clip(0, 1))
    sums = cells.group_by("code").agg((pl.col("population") * share.clip(0, 1)).sum())
    return dict(sums.iter_rows())


def _cut(near: Layer, one: Layer) -> npt.NDArray[np.object_]:
    from terril.territories.geometry_grid import overlay

    found = []
    for code in near.codes:
        pieces = overlay(near.pick([code]), one)
        rows = [i for i, (a, b) in enumerate(pieces.attributes.rows()) if a and b]
        found.append(pieces.shapes[rows[0]])
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array


def recalibrated(found: dict[str, float]) -> dict[str, float]:
    """Bring each neighbourhood up by what the others lack."""
    result = {}
    for code in PUBLISHED:
        others = [c for c in PUBLISHED if c != code]
        ratio = sum(PUBLISHED[c] for c in others) / sum(found[c] for c in others)
        result[code] = found[code] * ratio
    return result


def table() -> None:
    if not REAL.is_dir():
        print("the producers' files are absent: no table")
        return
    catalogue, heard = load_catalogue(), ProblemList()
    folder = REAL / "carreaux-200m"
    grid = read_grid(folder / "filosofi2015_carreaux_200m_lens_extrait.csv", heard)
    assert grid is not None
    zones = layer(REAL / "qpv-2015" / "qpv2015_lens_lievin_21_4326.geojson", "qpv", "2015")
    plain = apportion(grid, zones, catalogue, heard, method=SURFACE)
    kept = apportion(grid, zones, catalogue, heard)
    alone: dict[str, float] = {}
    for code in PUBLISHED:
        others = zones.pick([c for c in PUBLISHED if c != code])
        one = apportion(grid, zones.pick([code]), catalogue, heard, reference=others)
        alone |= people_of(one.estimates)
    contrast = kept.scale.contrast
    ways = {
        "surface": people_of(plain.estimates),
        "contraste (retenu)": people_of(kept.estimates),
        "contraste des autres": alone,
        "lissage": smoothing(grid, zones),
        "zones témoins": two_densities(grid, zones),
        "extrapolation": extrapolated(grid, zones),
        "cités": estates(grid, zones, contrast),
        "recalé sur les autres": recalibrated(people_of(kept.estimates)),
    }
    print(f"contrast {contrast:.2f}, of each "
          f"{ {c: round(v, 2) for c, v in kept.scale.contrasts.items()} }, "
          f"weight of all together {kept.scale.pooled:.2f}")  # fmt: skip
    print("| way | " + " | ".join(PUBLISHED) + " | whole | rms | median |")
    print("| --- |" + " ---: |" * (len(PUBLISHED) + 3))
    print("| published | " + " | ".join(map(str, PUBLISHED.values())) + " | | | |")
    for name, found in ways.items():
        gaps = np.array([found[c] / p - 1 for c, p in PUBLISHED.items()])
        whole = sum(found[c] for c in PUBLISHED) / sum(PUBLISHED.values()) - 1
        cells = [f"{found[c]:.0f} ({100 * g:+.1f} %)" for c, g in zip(PUBLISHED, gaps, strict=True)]
        print(
            f"| {name} | {' | '.join(cells)} | {100 * whole:+.1f} % "
            f"| {100 * np.sqrt((gaps**2).mean()):.1f} % | {100 * np.median(np.abs(gaps)):.1f} % |"
        )


def national(count: int) -> None:
    path = REAL / "qpv-2015" / "qpv2015_france_metropole_4326.geojson"
    if not path.is_file():
        print("the national perimeters are absent: no measure")
        return
    zones = layer(path, "qpv", "2015")
    rng = np.random.default_rng(1)
    parts = grid_parts(zones, 3035, 200)
    near = parts.select("x", "y").unique()
    west, east = int(parts["x"].min()), int(parts["x"].max())  # type: ignore[arg-type]
    south, north = int(parts["y"].min()), int(parts["y"].max())  # type: ignore[arg-type]
    far = pl.DataFrame(
        {
            "x": rng.integers(west // 200, east // 200 + 1, count) * 200,
            "y": rng.integers(south // 200, north // 200 + 1, count) * 200,
        }
    )
    squares = pl.concat([near, far]).unique().sort("y", "x")
    people = rng.integers(1, 400, squares.height).astype(float)
    frame = squares.with_columns(
        population=pl.Series(people),
        living=pl.Series(people * rng.normal(15000, 3000, squares.height)),
        imputed=pl.lit(value=False),
        communes=pl.lit([], pl.List(pl.String)),
    ).select(pl.col(n).cast(t) for n, t in GRID.items())
    extent = (west - 400, south - 400, east + 600, north + 600)
    grid = Grid(frame, 3035, 200, extent)
    began = time.perf_counter()
    found = apportion(grid, zones, load_catalogue(), ProblemList())
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(zones)} perimeters, {squares.height} squares, {found.cells.height} pairs: "
        f"{seconds:.1f} s, {peak:.0f} MB at most"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carreaux", type=int, default=2_300_000)
    arguments = parser.parse_args()
    table()
    national(arguments.carreaux)


if __name__ == "__main__":
    main()
