"""How long do the sheets of a national file take, from the comparisons to the PDF?

    python benchmarks/fiches.py                 # national files, then 200 to 1 600 full sheets
    python benchmarks/fiches.py --sheets 100    # fewer

Two kinds of sheets. *National*: those that the Insee files beside the project give for every
neighbourhood of France (``../shared/data/real``; left out, and said, when it is absent), in
contracts of one department. *Full*: the neighbourhoods of the pilot, repeated in contracts of
about twenty with other codes and values moved a little, so that every sheet has its own
figures, sentences and drawings.
The same content (the texts, the same tables, the same small drawings) goes through WeasyPrint
and through LaTeX in the same run, when they are installed, on a few sheets.

Printed: seconds and milliseconds a sheet for each stage, memory, growth.
"""

from __future__ import annotations

import argparse
import html
import importlib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from terril.benchmarks.compare import compare
from terril.benchmarks.offer import local_offer
from terril.benchmarks.signals import signals
from terril.catalogue.load import load_catalogue
from terril.editions.pipeline import build, check
from terril.fiches.assemble import Inputs, assemble_all
from terril.fiches.model import Fiche
from terril.lib.problems import ProblemList
from terril.observations.schema import Kind, Status
from terril.reports.engine import page_count, typeset_many
from terril.reports.publish import fiche_jobs
from terril.sources.national import read_qpv
from terril.sources.project import read_project
from terril.territories.registry import Territories, write_territories
from terril.territories.territory import Territory

DEMO = Path(__file__).resolve().parent.parent / "demo"
BY_CONTRACT = 21


def _epci(copy: int) -> str:
    return f"9{copy:08d}"


def _qpv(copy: int, code: str) -> str:
    return f"QP{(copy * 1000 + int(code[-3:])) % 1_000_000:06d}"


def national(sheets: int) -> Inputs:
    """The inputs of the assembly for ``sheets`` neighbourhoods."""
    content = check(DEMO)
    project = read_project(DEMO)
    catalogue = load_catalogue(project.catalogue_dirs)
    kept = content.retained.filter(pl.col("breakdown") == "total")
    names = {
        (kind, code): (label, short)
        for kind, code, label, short in content.territories.select(
            "kind", "code", "label", "short"
        ).iter_rows()
    }
    pilot = content.territories.filter(
        (pl.col("kind") == Kind.QPV) & (pl.col("epci") == content.info.epci)
    ).sort("code")
    codes = pilot["code"].to_list()
    communes = dict(zip(codes, pilot["communes"].to_list(), strict=True))
    rng = np.random.default_rng(7)
    territories: list[Territory] = []
    frames: list[pl.DataFrame] = []
    equipment: list[pl.DataFrame] = []
    for code in {c for cs in communes.values() for c in cs}:
        label, short = names[Kind.COMMUNE, code]
        territories.append(Territory(code, Kind.COMMUNE, label, short, display=label))
    shared = kept.filter(pl.col("kind").is_in([Kind.COMMUNE, Kind.COMMUNES]))
    frames.append(shared)
    for copy in range(-(-sheets // BY_CONTRACT)):
        left = codes[: min(BY_CONTRACT, sheets - copy * BY_CONTRACT)]
        territories.append(
            Territory(_epci(copy), Kind.EPCI, f"Agglomération {copy}", f"Agglo {copy}",
                      display=f"Agglomération {copy}")
        )  # fmt: skip
        for n, code in enumerate(left):
            label, short = names[Kind.QPV, code]
            territories.append(
                Territory(
                    _qpv(copy, code), Kind.QPV, label, short, tuple(communes[code]), _epci(copy),
                    tile=(n % 7, n // 7), display=label,
                )
            )  # fmt: skip
        own = kept.filter((pl.col("kind") == Kind.QPV) & pl.col("territory").is_in(left))
        moved = own.with_columns(
            territory=pl.col("territory").replace_strict({c: _qpv(copy, c) for c in left}),
            value=pl.col("value") * pl.Series(rng.uniform(0.97, 1.03, own.height)),
        )
        epci = kept.filter(
            pl.col("kind").is_in([Kind.EPCI, Kind.HORS_QPV])
            & (pl.col("territory") == content.info.epci)
        ).with_columns(territory=pl.lit(_epci(copy)))
        frames += [moved, epci]
        equipment.append(
            content.equipment.filter(pl.col("territory").is_in(left)).with_columns(
                territory=pl.col("territory").replace_strict({c: _qpv(copy, c) for c in left})
            )
        )
    places = Territories(territories)
    retained = pl.concat(frames)
    population = retained.filter(
        (pl.col("indicator") == "demographie.population") & (pl.col("status") == Status.OK)
    )
    held = {(k, t): v for k, t, v in population.select("kind", "territory", "value").iter_rows()}
    comparisons = compare(retained, places.frame(held), catalogue)
    offer = local_offer(pl.concat(equipment), catalogue)
    return Inputs(
        catalogue=catalogue, model=project.fiche_model, contract="Contrat de ville d’essai",
        epci_name="Agglomération", edition=project.edition, territories=places,
        retained=retained, statements=retained, comparisons=comparisons,
        signals=signals(comparisons, catalogue, project.fiche_model),
        offers=offer.offers, families=offer.families,
    )  # fmt: skip


def from_insee(folder: Path) -> Path | None:
    """A project of all the neighbourhoods of the Insee files, or None without the files."""
    insee = DEMO.parent.parent / "shared" / "data" / "real" / "insee-qpv"
    names = ("DEMO_2019.csv", "IPRO_2019.csv", "REVN_2019.csv",
             "DEMO_2022.csv", "IPRO_2022.csv", "REVN_2022.csv")  # fmt: skip
    if not all((insee / name).is_file() for name in names):
        return None
    problems = ProblemList()
    listed = read_qpv(insee / "DEMO_2022.csv", problems)
    problems.raise_errors()
    communes: dict[str, str] = {}
    for item in listed:
        for name in item.communes:
            communes.setdefault(name, f"{len(communes) + 1:05d}")
    groups = sorted({item.code[2:5] for item in listed})
    epci = {group: f"9{n:08d}" for n, group in enumerate(groups)}
    items = [
        *(Territory(s, Kind.EPCI, f"Agglomération {g}", f"Agglo {g}") for g, s in epci.items()),
        *(Territory(code, Kind.COMMUNE, name, name) for name, code in communes.items()),
        *(
            Territory(
                item.code, Kind.QPV, item.label or item.code, (item.label or item.code)[:40],
                tuple(communes[name] for name in item.communes), epci[item.code[2:5]],
            )
            for item in listed
        ),
    ]  # fmt: skip
    (folder / "territoires.csv").write_text(write_territories(items), encoding="utf-8")
    text = (
        '[projet]\nnom = "France"\ncontrat = "Tous les quartiers"\nedition = 2026-01-01\n'
        'generation = "2015"\nmodele_fiche = "quartier"\n'
        f'[territoire]\nepci = "{next(iter(epci.values()))}"\nnom = "France"\nsigle = "FR"\n'
        'fichier = "territoires.csv"\n'
    )
    for n, name in enumerate(names):
        (folder / name).symlink_to(insee / name)
        text += (
            f'[[entrees]]\nid = "f{n}"\nfichier = "{name}"\nlecteur = "insee"\npriorite = {n + 1}\n'
        )
    (folder / "terril.toml").write_text(text, encoding="utf-8")
    return folder


def run_national(processes: int) -> None:
    """The sheets of the Insee files: read, compare, assemble, typeset."""
    with tempfile.TemporaryDirectory() as name:
        project = from_insee(Path(name))
        if project is None:
            print("fichiers nationaux absents (../shared/data/real)\n")
            return
        seconds, content = timed(lambda: build(project))
        assemble = content.timings["Fiches assemblées"]
        count = len(content.fiches)
        typeset, outcomes = timed(
            lambda: typeset_many(fiche_jobs(content.fiches, project / "out"), processes=processes)
        )
        refused = [o for o in outcomes if o.problems]
        if refused:
            raise SystemExit(f"{len(refused)} fiches refusées : {refused[0].problems[0]}")
        print(
            f"fichiers nationaux : {content.retained.height} chiffres, {count} fiches ; "
            f"lire et comparer {seconds - assemble:.1f} s, "
            f"assembler {assemble / count * 1e3:.1f} ms/fiche, "
            f"composer {typeset / count * 1e3:.1f} ms/fiche, "
            f"total {(assemble + typeset) / count * 1e3:.1f} ms/fiche, {peak_mb():.0f} Mo\n",
            flush=True,
        )


def peak_mb() -> float:
    """Peak memory of this process and of its children, in MB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(w).ru_maxrss for w in who) / 1024


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and the result."""
    began = time.perf_counter()
    result = action()
    return time.perf_counter() - began, result


def run(sheets: int, folder: Path, processes: int) -> tuple[list[str], list[Fiche]]:
    """One size: the row of the table, and the sheets."""
    prepare, inputs = timed(lambda: national(sheets))
    assemble, fiches = timed(lambda: list(assemble_all(inputs)))
    typeset, outcomes = timed(lambda: typeset_many(fiche_jobs(fiches, folder), processes=processes))
    refused = [o for o in outcomes if o.problems]
    if refused or len(outcomes) != sheets:
        raise SystemExit(f"{len(refused)} fiches refusées : {refused[0].problems[0]}")
    pages = {page_count(o.output.read_bytes()) for o in outcomes}
    if pages != {2}:
        raise SystemExit(f"des fiches ont {pages} pages")
    total = assemble + typeset
    return [
        str(sheets), f"{prepare:.1f}", f"{assemble:.1f}", f"{assemble / sheets * 1e3:.1f}",
        f"{typeset:.1f}", f"{typeset / sheets * 1e3:.1f}", f"{total / sheets * 1e3:.1f}",
        f"{peak_mb():.0f}",
    ], fiches  # fmt: skip


def page(fiche: Fiche) -> str:
    """The content of a sheet as HTML, for WeasyPrint."""
    text = "".join(r.text for r in fiche.brief)
    rows = "".join(
        f"<tr><td>{html.escape(r.label)}</td><td>{html.escape(r.value)}</td><td>"
        f'<svg viewBox="0 0 176 13" width="176pt" height="13pt">'
        + "".join(
            f'<line x1="{80 + 25 * z:.1f}" x2="{80 + 25 * z:.1f}" y1="3" y2="9" stroke="#888"/>'
            for z in r.others
        )
        + f"</svg></td><td>{html.escape(r.epci)}</td><td>{r.rank}</td></tr>"
        for theme in fiche.spine
        for r in theme.rows
    )
    blocks = "".join(
        f"<h3>{html.escape(b.label)}</h3>"
        f"<p>{html.escape(''.join(r.text for r in b.text))}</p><table>"
        + "".join(
            f"<tr><td>{html.escape(r.label)}</td><td>{r.value.text}</td><td>{r.epci.text}</td>"
            f"<td>{r.mean.text}</td><td>{r.rank}</td></tr>"
            for r in b.rows
        )
        + "</table>"
        for b in fiche.blocks
    )
    return (
        f'<html lang="fr"><title>{html.escape(fiche.name)}</title>'
        f"<h1>{html.escape(fiche.name)}</h1><h2>{html.escape(fiche.headline)}</h2>"
        f"<p>{html.escape(text)}</p><table>{rows}</table>{blocks}"
    )


def weasyprint_seconds(fiches: Sequence[Fiche]) -> float | None:
    """Seconds a sheet with WeasyPrint, or None when it is not installed."""
    try:
        module = importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return None
    module.HTML(string=page(fiches[0])).write_pdf()
    seconds, _ = timed(lambda: [module.HTML(string=page(f)).write_pdf() for f in fiches])
    return float(seconds) / len(fiches)


_TEX = re.compile(r"([\\&%$#_{}~^])")


def _tex(text: str) -> str:
    text = _TEX.sub(r"\\\1", text).replace("\u202f", "~").replace("\u00a0", "~")
    return text.replace("−", "-").replace("’", "'").replace("…", "...").replace("–", "--")


def latex_seconds(fiches: Sequence[Fiche]) -> float | None:
    """Seconds a sheet with pdfLaTeX, or None when it is not installed."""
    command = shutil.which("pdflatex")
    if command is None:
        return None

    def one(fiche: Fiche, folder: Path) -> None:
        rows = "".join(
            rf"{_tex(r.label)} & {_tex(r.value)} & {_tex(r.epci)} & {_tex(r.rank)}\\" + "\n"
            for theme in fiche.spine for r in theme.rows
        )  # fmt: skip
        body = "".join(
            rf"\subsection*{{{_tex(b.label)}}} {_tex(''.join(r.text for r in b.text))}"
            + "\n\n" + r"\begin{tabular}{lrrr}"
            + "".join(rf"{_tex(r.label)} & {r.value.text} & {r.epci.text} & {r.rank}\\"
                      for r in b.rows).replace("\u202f", "~").replace("–", "--")
            + r"\end{tabular}" + "\n\n"
            for b in fiche.blocks
        )  # fmt: skip
        (folder / "f.tex").write_text(
            r"\documentclass[a4paper]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}"
            r"\begin{document}" + rf"\section*{{{_tex(fiche.name)}}}"
            + _tex(fiche.headline) + "\n\n"
            + _tex("".join(r.text for r in fiche.brief)) + "\n\n"
            + r"\begin{tabular}{lrrr}" + rows + r"\end{tabular}\newpage" + body
            + r"\end{document}",
            encoding="utf-8",
        )  # fmt: skip
        subprocess.run(
            [str(command), "-interaction=batchmode", "f.tex"], cwd=folder,
            stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if not (folder / "f.pdf").is_file():
            raise SystemExit("pdflatex n’a pas produit de fichier")

    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        for fiche in fiches:
            one(fiche, Path(name))
        seconds = time.perf_counter() - began
    return float(seconds) / len(fiches)


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sheets", type=int, default=1600, help="size of the largest run")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()
    sizes = [s for s in (options.sheets // 8, options.sheets // 4, options.sheets // 2) if s > 20]
    heads = ("fiches", "préparer s", "assembler s", "ms/fiche", "composer s", "ms/fiche",
             "total ms/fiche", "mémoire Mo")  # fmt: skip
    print(f"{options.processes} processus\n")
    run_national(options.processes)
    print("fiches complètes")
    print("  ".join(f"{h:>14}" for h in heads))
    fiches: list[Fiche] = []
    for size in [*sizes, options.sheets]:
        with tempfile.TemporaryDirectory() as name:
            row, fiches = run(size, Path(name), options.processes)
        print("  ".join(f"{cell:>14}" for cell in row), flush=True)
    sample = fiches[:3]
    with tempfile.TemporaryDirectory() as name:
        seconds, _ = timed(lambda: typeset_many(fiche_jobs(fiches[:50], Path(name)), processes=1))
    print(f"\nune fiche, un processus : Typst {seconds / 50 * 1e3:.0f} ms", end="")
    for label, other in (
        ("WeasyPrint", weasyprint_seconds(sample)),
        ("pdfLaTeX", latex_seconds(sample)),
    ):
        if other is None:
            print(f" ; {label} absent", end="")
        else:
            print(f" ; {label} {other * 1e3:.0f} ms (× {other / (seconds / 50):.0f})", end="")
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
