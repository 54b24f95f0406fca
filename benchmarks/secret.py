"""How much is blanked, does it resist, and what does it cost as the tables grow?

    python benchmarks/secret.py                 # tables of the literature, then growth
    python benchmarks/secret.py --cas big_8_6_8 # one table
    python benchmarks/secret.py --croissance 100000

The tables are read beside the project (``../shared/data/secrecy``); a table that is not there is
left out, with a word. Counts of 1 to 4 are sensitive, zeros are published. Two modes: *exact*,
the weakest, where a figure only has to stay uncertain (what GaussSuppression protects; its
figures are in the README of the tables), and *interval*, ours: nobody must be able to exclude 1
nor 5, blanked counts being known to be whole and at least 1. GaussSuppression also guards against
a contributor who knows its own count of 1, which the exact mode does not: it is no like for like
on that point. Cells are weighted by 1 + log(1 + count) in both modes. « found » counts the
sensitive cells whose protection is broken, « pinned » the blanked ones, sensitive or not, that
can have one value only. Each case runs in a process of its own, so that the peak of memory is
its own.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from terril.secrecy.attacker import attack
from terril.secrecy.base import settle
from terril.secrecy.secondary import choose
from terril.secrecy.system import TableSystem
from terril.secrecy.tables import Dimension, Table, counts, cross, exact_disclosure

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "secrecy"
MINIMUM = 5
TOTAL = "Total"

#: further blanked by GaussSuppression, and its seconds when they are told (README of the tables)
GAUSS: Mapping[str, str] = {
    "big_8_6_8": "111",
    "big_16_10_12": "440",
    "big_60_16_24": "5 058 (769 s)",
}

GROWTH = (1_000, 4_000, 16_000, 40_000, 100_000)


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def flat(rows: list[dict[str, str]], column: str) -> Dimension:
    return Dimension(column, {TOTAL: tuple(dict.fromkeys(r[column] for r in rows))})


def grouped(rows: list[dict[str, str]], column: str, *groupings: str) -> Dimension:
    """The codes of a column, added by each grouping, one total for all of them."""
    groups: dict[str, tuple[str, ...]] = {}
    again: dict[str, tuple[str, ...]] = {}
    for grouping in groupings:
        members: dict[str, dict[str, None]] = {}
        for row in rows:
            members.setdefault(f"{grouping}:{row[grouping]}", {})[row[column]] = None
        groups.update({group: tuple(codes) for group, codes in members.items()})
        if TOTAL in groups:
            again[TOTAL] = tuple(members)
        else:
            groups[TOTAL] = tuple(members)
    return Dimension(column, groups, again)


def made(rows: list[dict[str, str]], dimensions: list[Dimension], value: str | None) -> Table:
    base: dict[tuple[str, ...], float] = {}
    for row in rows:
        key = tuple(row[d.name] for d in dimensions)
        base[key] = base.get(key, 0.0) + (float(row[value]) if value else 1.0)
    return cross(dimensions, base)


def big(name: str) -> Table:
    rows = rows_of(name)
    return made(rows, [grouped(rows, "z", "com"), flat(rows, "b"), grouped(rows, "k", "g")], "freq")


def ssb_z1() -> Table:
    rows = rows_of("ssb_z1")
    return made(rows, [flat(rows, "region"), flat(rows, "hovedint")], "ant")


def ssb_z2() -> Table:
    rows = rows_of("ssb_z2")
    region = grouped(rows, "region", "fylke", "kostragr")
    return made(rows, [region, flat(rows, "hovedint")], "ant")


def ssb_z3() -> Table:
    rows = rows_of("ssb_z3")
    region = grouped(rows, "region", "fylke", "kostragr")
    return made(rows, [region, flat(rows, "hovedint"), grouped(rows, "mnd", "mnd2")], "ant")


def ssb_example1() -> Table:
    rows = rows_of("ssb_example1")
    return made(rows, [flat(rows, "age"), grouped(rows, "geo", "eu"), flat(rows, "year")], "freq")


def ssb_sprt_emp() -> Table:
    """Thousands of people with one decimal: counted here in hundreds of people."""
    rows = rows_of("ssb_sprt_emp_withEU")
    for row in rows:
        row["hundreds"] = str(round(10 * float(row["ths_per"])))
    dimensions = [flat(rows, "age"), grouped(rows, "geo", "eu"), flat(rows, "year")]
    return made(rows, dimensions, "hundreds")


def sdctable() -> Table:
    rows = rows_of("sdctable_microdata1")
    return made(rows, [flat(rows, "region"), flat(rows, "gender")], None)


CASES: Mapping[str, Callable[[], Table]] = {
    "ssb_z1": ssb_z1,
    "ssb_z2": ssb_z2,
    "ssb_z3": ssb_z3,
    "ssb_example1": ssb_example1,
    "ssb_sprt_emp_withEU": ssb_sprt_emp,
    "sdctable_microdata1": sdctable,
    "big_8_6_8": lambda: big("big_8_6_8"),
    "big_16_10_12": lambda: big("big_16_10_12"),
    "big_60_16_24": lambda: big("big_60_16_24"),
}

#: the rule of a case that does not have the rule of the others: hundreds of people, under 2 000
MINIMA: Mapping[str, int] = {"ssb_sprt_emp_withEU": 20}


def synthetic(cells: int) -> Table:
    """Counts shaped like those of the observatory, of about that many cells.

    Neighbourhoods in communes × bands of age × kinds in groups; a few neighbourhoods are ten
    times larger than others, a few kinds ten times rarer.
    """
    ages, groups, kinds = 9, 3, 11
    zones = max(4, round(cells / ((ages + 1) * (kinds + groups + 1)) * 0.85))
    communes = max(2, zones // 6)
    rng = np.random.default_rng(cells)
    z = [f"z{n}" for n in range(zones)]
    k = [f"k{n}" for n in range(kinds)]
    b = [f"b{n}" for n in range(ages)]
    place = Dimension(
        "z", {**{f"c{c}": tuple(z[c::communes]) for c in range(communes)},
              TOTAL: tuple(f"c{c}" for c in range(communes))},
    )  # fmt: skip
    kind = Dimension(
        "k", {**{f"g{g}": tuple(k[g::groups]) for g in range(groups)},
              TOTAL: tuple(f"g{g}" for g in range(groups))},
    )  # fmt: skip
    size = rng.gamma(1.5, 8, (zones, 1, 1)) * rng.gamma(1.0, 1.0, (1, 1, kinds))
    values = rng.poisson(size * rng.uniform(0.5, 1.5, (1, ages, 1)))
    base: dict[tuple[str, ...], float] = {
        (z[i], b[j], k[m]): float(value) for (i, j, m), value in np.ndenumerate(values) if value
    }
    return cross([place, Dimension("b", {TOTAL: tuple(b)}), kind], base)


def measure(table: Table, mode: str, minimum: int) -> dict[str, object]:
    """Blank, attack, and say what it took."""
    system: TableSystem = counts(table, minimum, 1 + np.log1p(table.value))
    settled = settle(system)
    if mode == "exact":
        weak = exact_disclosure(settled.system)
        settled = dataclasses.replace(settled, system=weak)
    began = time.perf_counter()
    before = time.process_time()
    choice = choose(settled.system, settled.base)
    chosen_in, cpu = time.perf_counter() - began, time.process_time() - before
    began = time.perf_counter()
    found = attack(settled.system, choice.blanked)
    return {
        "cells": system.size,
        "relations": system.rows.rows,
        "sensitive": int(system.guarded.sum()),
        "blanked": len(choice.chosen),
        "weight": float(system.weight[choice.chosen].sum()),
        "weights": float(system.weight.sum()),
        "value": float(system.value[choice.chosen].sum()),
        "exposed": len(found.exposed) + len(found.doubtful),
        "recovered": len(found.recovered),
        "choose": chosen_in,
        "cpu": cpu,
        "attack": time.perf_counter() - began,
        "programmes": choice.programmes + found.programmes,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "load": os.getloadavg()[0],
    }


def run(*arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


HEAD = (
    f"{'table':22} {'mode':9} {'cells':>8} {'sens.':>6} {'blanked':>8} {'Gauss':>14} "
    f"{'weight':>8} {'lost %':>7} {'found':>6} {'pinned':>6} {'choose s':>9} {'attack s':>9} "
    f"{'CPU s':>7} {'peak MB':>8} {'load':>5}"
)


def line(name: str, mode: str, m: Mapping[str, float], gauss: str = "") -> str:
    lost = 100 * m["weight"] / m["weights"]
    return (
        f"{name:22} {mode:9} {m['cells']:8.0f} {m['sensitive']:6.0f} {m['blanked']:8.0f} "
        f"{gauss:>14} {m['weight']:8.0f} {lost:7.2f} {m['exposed']:6.0f} {m['recovered']:6.0f} "
        f"{m['choose']:9.1f} {m['attack']:9.1f} {m['cpu']:7.1f} {m['peak']:8.0f} {m['load']:5.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Secondary secrecy: cost, loss, resistance.")
    parser.add_argument("--cas", choices=sorted(CASES), help="one table only")
    parser.add_argument("--croissance", type=int, help="one synthetic size only")
    parser.add_argument("--mesure", nargs=2, metavar=("QUOI", "MODE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.mesure:
        what, mode = asked.mesure
        table = synthetic(int(what)) if what.isdigit() else CASES[what]()
        print(json.dumps(measure(table, mode, MINIMA.get(what, MINIMUM))))
        return
    print(HEAD, flush=True)
    names = [] if asked.croissance else [asked.cas] if asked.cas else list(CASES)
    for name in names:
        if not (DATA / f"{name}.csv").is_file():
            print(f"{name:22} not there ({DATA.name}): left out")
            continue
        for mode in ("exact", "interval"):
            gauss = GAUSS.get(name, "") if mode == "exact" else ""
            print(line(name, mode, run("--mesure", name, mode), gauss), flush=True)
    sizes = () if asked.cas else (asked.croissance,) if asked.croissance else GROWTH
    for size in sizes:
        print(line(f"synthetic {size}", "interval", run("--mesure", str(size), "interval")),
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
