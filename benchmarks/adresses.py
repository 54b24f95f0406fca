"""How fast are addresses placed, in how much memory, and how often wrongly?

    python benchmarks/adresses.py                    # a department: 700 000 numbers, 10 000 lines
    python benchmarks/adresses.py --communes 60      # a tenth of it

The department is invented (``tests/ban_world.py``): communes, streets, numbers, neighbourhoods.
Lines are written by people: abbreviated, mistyped, cut, some in streets that the base lacks; half
are inside a neighbourhood. Each stage runs in a process of its own, so that the peak of memory is
its own. The plain alternative compares the whole text of a line with that of every street of its
postcode (``difflib``, a C-less scan as one writes it first) and takes the best one, whatever it
is worth; it runs on a sample.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from ban_world import Home, World, layer_of, noisy, world, written  # noqa: E402
from terril.catalogue.load import load_catalogue  # noqa: E402
from terril.lib.problems import ProblemList  # noqa: E402
from terril.places.addresses.base import open_base  # noqa: E402
from terril.places.addresses.listing import Listed, Listing  # noqa: E402
from terril.places.addresses.parse import Line  # noqa: E402
from terril.places.addresses.placing import Coverage  # noqa: E402
from terril.places.addresses.prepare import prepare  # noqa: E402
from terril.places.addresses.reasons import State  # noqa: E402
from terril.places.addresses.rules import Rules  # noqa: E402
from terril.places.addresses.survey import Outlines, answer_list  # noqa: E402

SEED = 62
STREETS = 23  # a commune: about 35 numbers each, so 700 000 numbers in 890 communes
STRENGTHS = (0.0, 0.2, 0.35, 0.5, 0.7)
SAMPLE = 200


def drawn(made: World, count: int, strength: float, seed: int) -> list[tuple[Home, str]]:
    rng = random.Random(seed)
    inside = [home for home in made.homes if home.zone]
    lines = []
    for _ in range(count):
        outside = made.absent if rng.random() < 0.06 and made.absent else made.homes
        home = rng.choice(inside if rng.random() < 0.5 else outside)
        lines.append((home, noisy(rng, home, strength) if strength else written(home)))
    return lines


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stage_write(folder: Path, communes: int, count: int) -> dict[str, Any]:
    """Write the base, its outlines and the lines (this process is not measured)."""
    made = world(SEED, communes, STREETS)
    made.write(folder / "adresses.csv")
    lines = {str(s): drawn(made, count if s == 0.35 else count // 5, s, 7) for s in STRENGTHS}
    (folder / "lignes.json").write_text(
        json.dumps(
            {s: [[h.zone, h.street, h.commune, text] for h, text in found]
             for s, found in lines.items()}
        )
    )  # fmt: skip
    outlines = list(
        zip(made.layer.codes, shapely.to_wkt(made.layer.shapes, 3).tolist(), strict=True)
    )
    (folder / "quartiers.json").write_text(json.dumps(outlines))
    return {"rows": len(made.rows), "zones": len(made.layer)}


def stage_prepare(folder: Path) -> dict[str, Any]:
    before = peak_mb()
    began, worked = time.perf_counter(), time.process_time()
    assert prepare(folder / "adresses.csv", folder / "b.sqlite", ProblemList())
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    size = (folder / "b.sqlite").stat().st_size / 2**20
    return {"seconds": seconds, "cpu": cpu, "mb": peak_mb(), "before": before, "file": size}


def stage_answer(folder: Path, strength: str) -> dict[str, Any]:
    outlines = json.loads((folder / "quartiers.json").read_text())
    layer = layer_of([(code, shapely.from_wkt(text)) for code, text in outlines])
    lines = json.loads((folder / "lignes.json").read_text())[strength]
    rules = Rules.of(load_catalogue())
    listing = Listing(
        tuple(Listed(n, Line(text)) for n, (*_, text) in enumerate(lines, 2)), (), "", ""
    )
    began, worked = time.perf_counter(), time.process_time()
    base = open_base(folder / "b.sqlite", ProblemList())
    assert base is not None
    with base:
        whole = Outlines(layer, Coverage(everywhere=True))
        (answers,) = answer_list(listing, [whole], rules, ProblemList(), base=base)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    told = answered = wrong = found = inside = 0
    for (zone, *_), answer in zip(lines, answers, strict=True):
        told += 1
        inside += bool(zone)
        if answer.state is State.UNKNOWN:
            continue
        answered += 1
        fine = answer.zone in ("", zone) if answer.state is State.IN else not zone
        wrong += not (fine and (zone or answer.state is State.OUT))
        found += answer.state is State.IN and bool(zone)
    return {
        "lines": told, "seconds": seconds, "cpu": cpu, "mb": peak_mb(),
        "answered": answered, "wrong": wrong, "recall": found / max(1, inside),
    }  # fmt: skip


def stage_naive(folder: Path) -> dict[str, Any]:
    """The best street of the postcode by the whole text, always taken."""
    lines = json.loads((folder / "lignes.json").read_text())["0.35"][:SAMPLE]
    base = open_base(folder / "b.sqlite", ProblemList())
    assert base is not None
    began = time.process_time()
    good = 0
    with base:
        every = [
            (street.label, base.communes[commune], postcode)
            for commune in base.communes
            for street in base.streets(commune).all
            for postcode in sorted(street.postcodes)
        ]
        for _, street, commune, text in lines:
            low = text.lower()
            near = [s for s in every if s[2] in text] or every
            best = max(
                near,
                key=lambda s: difflib.SequenceMatcher(
                    None, low, f"{s[0]} {s[2]} {s[1]}".lower()
                ).ratio(),
            )
            good += best[0] == street and best[1] == commune
    cpu = time.process_time() - began
    return {"lines": len(lines), "cpu": cpu, "right": good / len(lines)}


def run(stage: str, folder: Path, *more: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--stage", stage, str(folder), *map(str, more)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(communes: int, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="terril-adresses-") as name:
        folder = Path(name)
        made = run("write", folder, communes, count)
        ready = run("prepare", folder)
        print(f"{made['rows']:,} numbers, {communes} communes, {made['zones']} neighbourhoods")
        print("\n| stage | seconds | CPU seconds | peak MB |\n|---|---|---|---|")
        print(f"| prepare the base ({ready['file']:.0f} MB) | {ready['seconds']:.1f} | "
              f"{ready['cpu']:.1f} | "
              f"{ready['mb']:.0f} (imports: {ready['before']:.0f}) |")  # fmt: skip
        results = {s: run("answer", folder, s) for s in STRENGTHS}
        main = results[0.35]
        print(f"| answer for {main['lines']:,} lines | {main['seconds']:.1f} | "
              f"{main['cpu']:.1f} | {main['mb']:.0f} |")  # fmt: skip
        naive = run("naive", folder)
        rate, slow = main["lines"] / main["cpu"], naive["lines"] / naive["cpu"]
        print(f"\n{rate:,.0f} lines a second of CPU; plain scan: {slow:,.1f}, street right for "
              f"{naive['right']:.1%} of its lines, and never a doubt")  # fmt: skip
        print("\n| faults | lines | answered | right when answered | inside found |")
        print("|---|---|---|---|---|")
        for strength, found in results.items():
            precision = 1 - found["wrong"] / max(1, found["answered"])
            print(f"| {strength} | {found['lines']:,} | {found['answered'] / found['lines']:.1%} | "
                  f"{precision:.2%} | {found['recall']:.1%} |")  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["--stage"]:
        stage, folder, *more = sys.argv[2:]
        if stage == "write":
            found = stage_write(Path(folder), int(more[0]), int(more[1]))
        elif stage == "prepare":
            found = stage_prepare(Path(folder))
        elif stage == "answer":
            found = stage_answer(Path(folder), more[0])
        else:
            found = stage_naive(Path(folder))
        print(json.dumps(found))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, default=890)
    parser.add_argument("--lignes", type=int, default=10_000)
    arguments = parser.parse_args()
    table(arguments.communes, arguments.lignes)


if __name__ == "__main__":
    main()
