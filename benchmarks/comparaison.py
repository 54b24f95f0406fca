"""How long does the comparison stage take on a national file, and how does its cost grow?

    python benchmarks/comparaison.py              # ¼, ½ and 1 × (1 600 × 300 × 10)
    python benchmarks/comparaison.py --parts 4    # a quarter only

1 600 neighbourhoods in 400 contracts, 300 indicators, 10 periods: 4.8 million values of
neighbourhoods, a fifth of them missing or secret, with those of their communes and of their
EPCI. The figures are made up and written to Parquet, sorted by indicator; each size runs in a
process of its own, so that the peak of memory is its own. The comparison reads the file a
batch at a time and writes groups, positions and gaps as they come.

The plain alternative is a loop over the groups in numpy, on a sample of the indicators; what
both give is checked equal.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from terril.benchmarks.compare import batches, compare
from terril.catalogue.cards import Catalogue
from terril.catalogue.load import load_catalogue
from terril.catalogue.schema import Aggregation, Indicator, Nature, Phrase, Polarity
from terril.territories.territory import FRAME

QPV, GROUPS, INDICATORS, PERIODS = 1600, 400, 300, 10
POPULATION = "demographie.population"
SAMPLE = 4


def cards(indicators: int) -> Catalogue:
    """One count (the population) and rates of three polarities and decimals."""

    def card(number: int) -> Indicator:
        return Indicator(
            label=f"Part {number}",
            short=f"Part {number}",
            question="?",
            unit="pourcent",
            decimals=number % 3,
            polarity=(Polarity.DEFAVORABLE, Polarity.FAVORABLE, Polarity.NEUTRE)[number % 3],
            nature=Nature.PART,
            source="essai",
            period="année",
            secrecy="aucun",
            aggregation=Aggregation.MEAN,
            phrase=Phrase(subject="la part", gender="f"),
        )

    population = {"decimals": 0, "aggregation": Aggregation.SUM}
    known = {POPULATION: card(0).model_copy(update=population)}
    known |= {f"essai.part_{n:03d}": card(n) for n in range(1, indicators)}
    return dataclasses.replace(load_catalogue(), indicators=known)


def territories() -> pl.DataFrame:
    """Neighbourhoods of one to three communes, four to an EPCI on average."""
    rng = np.random.default_rng(1)
    group = np.sort(rng.integers(0, GROUPS, QPV))
    rows: list[tuple[object, ...]] = [
        ("epci", f"2{g:08d}", f"Agglo {g}", "", f"2{g:08d}", [], None) for g in range(GROUPS)
    ]
    communes: set[str] = set()
    for n in range(QPV):
        own = [f"{10000 + 3 * group[n] + k}" for k in range(1 + n % 3)]
        communes.update(own)
        rows.append(("qpv", f"QP{n:06d}", f"Quartier {n}", "", f"2{group[n]:08d}", own, None))
    rows += [("commune", c, f"Commune {c}", "", "", [], None) for c in sorted(communes)]
    return pl.DataFrame(rows, schema=FRAME, orient="row")


def write(path: Path, indicators: int, places: pl.DataFrame) -> int:
    """Write the figures, one file an indicator; return how many values of neighbourhoods."""
    rng = np.random.default_rng(2)
    codes = list(cards(indicators).indicators)
    where = places.select("kind", territory="code").join(
        pl.DataFrame({"period": [str(2011 + p) for p in range(PERIODS)]}), how="cross"
    )
    for number, code in enumerate(codes):
        spread = rng.uniform(1, 10)
        value = np.round(rng.normal(40, spread, where.height), 2)
        if code == POPULATION:
            value = np.round(rng.uniform(1000, 9000, where.height))
        known = rng.random(where.height) > (0.0 if code == POPULATION else 0.2)
        where.with_columns(
            indicator=pl.lit(code), breakdown=pl.lit("total"),
            value=pl.when(pl.Series(known)).then(pl.Series(value)),
            status=pl.when(pl.Series(known)).then(pl.lit("ok")).otherwise(pl.lit("secret")),
            origin=pl.lit("constaté"),
        ).write_parquet(path / f"figures-{number:03d}.parquet")  # fmt: skip
    return len(codes) * QPV * PERIODS


def measure(folder: Path, indicators: int) -> dict[str, float]:
    """Compare what ``folder`` holds and write the results; return what it took."""
    places, catalogue = territories(), cards(indicators)
    source = pl.scan_parquet(folder / "figures-*.parquet")
    began, worked = time.perf_counter(), time.process_time()
    counts = {"groups": 0, "positions": 0, "gaps": 0}
    writing = 0.0
    for number, part in enumerate(batches(source, places, catalogue)):
        before = time.perf_counter()
        for name in counts:
            frame: pl.DataFrame = getattr(part, name)
            counts[name] += frame.height
            frame.write_parquet(folder / f"{name}-{number:03d}.parquet", compression="lz4")
        writing += time.perf_counter() - before
    whole = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time() - worked
    return {"seconds": whole, "cpu": cpu, "writing": writing, "peak": peak, **counts}


# ------------------------------------------------------------------ the plain alternative


def plain(figures: pl.DataFrame, places: pl.DataFrame, catalogue: Catalogue) -> dict[str, float]:
    """Loop over the groups in numpy: means, deviation, scores, ranks and every gap.

    Returns the sum of each over all the sample, to be compared.
    """
    members: dict[str, list[tuple[str, list[str]]]] = {}
    for code, epci, own in (
        places.filter(pl.col("kind") == "qpv").select("code", "epci", "communes").iter_rows()
    ):
        members.setdefault(epci, []).append((code, own))
    known = {
        (indicator, period, territory): value
        for indicator, period, territory, value in figures.filter(pl.col("status") == "ok")
        .select("indicator", "period", "territory", "value").iter_rows()
    }  # fmt: skip
    periods = sorted(figures["period"].unique())
    sums = dict.fromkeys(("mean", "wmean", "sd", "z", "rank", "gap", "gaps"), 0.0)

    def printed(value: float, scale: float) -> float:
        return float(np.floor(round(value * scale, 6) + 0.5) / scale)

    for indicator in figures.filter(pl.col("indicator") != POPULATION)["indicator"].unique():
        card = catalogue.indicators[indicator]
        sense = -1.0 if card.polarity.value == "defavorable" else 1.0
        scale = 10.0**card.decimals
        for group, quarters in members.items():
            former: dict[str, float] = {}
            for period in periods:
                codes = [c for c, _ in quarters if (indicator, period, c) in known]
                if not codes:
                    continue
                values = np.array([known[indicator, period, c] for c in codes])
                people = np.array([known[POPULATION, period, c] for c in codes])
                mean, sd = float(values.mean()), float(values.std())
                wmean = float((values * people).sum() / people.sum())
                sums["mean"] += mean
                sums["wmean"] += wmean
                sums["sd"] += sd
                shown = np.floor(np.round(values * scale, 6) + 0.5) / scale
                if len(values) >= 3:
                    if sd > 0:
                        sums["z"] += float(np.abs((values - mean) / sd).sum())
                    better = shown * sense
                    sums["rank"] += float(sum((better > own).sum() + 1 for own in better))
                epci = known.get((indicator, period, group))
                communes = {c: own for c, own in quarters}
                for code, own in zip(codes, shown, strict=True):
                    references = [mean, wmean] + ([epci] if epci is not None else [])
                    around = [known.get((indicator, period, c)) for c in communes[code]]
                    some = [value for value in around if value is not None]
                    references += some
                    if len(around) > 1 and len(some) == len(around):
                        references.append(float(np.mean(some)))
                    if code in former:
                        references.append(former[code])
                    former[code] = known[indicator, period, code]
                    sums["gaps"] += len(references)
                    sums["gap"] += sum(abs(own - printed(r, scale)) for r in references)
    return sums


def check(folder: Path, indicators: int) -> tuple[float, float, int]:
    """Compare both on a sample: seconds of each, values; raises when they differ."""
    places, catalogue = territories(), cards(indicators)
    codes = list(catalogue.indicators)[1 : 1 + SAMPLE]
    figures = (
        pl.scan_parquet(folder / "figures-*.parquet")
        .filter(pl.col("indicator").is_in([POPULATION, *codes]))
        .collect()
    )
    sample = figures.filter(pl.col("indicator").is_in(codes))
    began = time.perf_counter()
    slow = plain(figures, places, catalogue)
    middle = time.perf_counter()
    fast = compare(figures, places, catalogue)
    ended = time.perf_counter()
    wanted = pl.col("indicator").is_in(codes)
    groups, positions = fast.groups.filter(wanted), fast.positions.filter(wanted)
    gaps = fast.gaps.filter(wanted)
    given = {
        "mean": groups["mean"].sum(), "wmean": groups["wmean"].sum(), "sd": groups["sd"].sum(),
        "z": positions["z"].abs().sum(), "rank": positions["rank"].sum(),
        "gap": gaps["gap"].abs().sum(), "gaps": gaps.height,
    }  # fmt: skip
    for name, value in slow.items():
        if not np.isclose(value, float(given[name]), rtol=1e-7):
            raise SystemExit(f"{name} : {value} en numpy, {given[name]} en colonnes")
    return middle - began, ended - middle, sample.filter(pl.col("kind") == "qpv").height


# ------------------------------------------------------------------ the table


def run(parts: list[int]) -> None:
    """Print the table: one line a size."""
    places = territories()
    print(
        f"Comparaison : {QPV} quartiers, {GROUPS} contrats, {PERIODS} périodes (comparison stage)\n"
    )
    head = (
        "taille (size)",
        "valeurs (values)",
        "écarts (gaps)",
        "s",
        "dont écriture",
        "s CPU",
        "µs / valeur",
        "pic Mo (peak MB)",
    )
    widths = (22, 17, 15, 7, 15, 8, 13, 18)
    print("".join(text.rjust(width) for text, width in zip(head, widths, strict=True)))
    for part in parts:
        indicators = INDICATORS // part
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            values = write(folder, indicators, places)
            done = subprocess.run(
                [sys.executable, __file__, "--measure", name, "--indicators", str(indicators)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            took = json.loads(done.stdout)
            line = (
                f"{QPV} × {indicators} × {PERIODS}", f"{values:,}".replace(",", " "),
                f"{took['gaps']:,}".replace(",", " "), f"{took['seconds']:.1f}",
                f"{took['writing']:.1f}", f"{took['cpu']:.1f}",
                f"{took['seconds'] / values * 1e6:.2f}",
                f"{took['peak']:.0f}",
            )  # fmt: skip
            print("".join(text.rjust(w) for text, w in zip(line, widths, strict=True)), flush=True)
            if part == parts[-1]:
                slow, fast, sampled = check(folder, indicators)
    print(
        f"\nÉchantillon (sample) de {sampled} valeurs, résultats égaux (results equal) : "
        f"boucle numpy {slow:.2f} s, colonnes polars {fast:.2f} s, "
        f"rapport (ratio) {slow / fast:.0f}."
    )


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=int, nargs="*", default=[4, 2, 1])
    parser.add_argument("--measure")
    parser.add_argument("--indicators", type=int, default=INDICATORS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(Path(asked.measure), asked.indicators)))
    else:
        run(asked.parts)


if __name__ == "__main__":
    main()
