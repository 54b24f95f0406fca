"""How fast are the pages of the observatory, what do they weigh, and does the nation slow them?

    python benchmarks/site.py                    # the pilot, then 1 600 neighbourhoods
    python benchmarks/site.py --sheets 0         # the pilot alone
    python benchmarks/site.py --national DOSSIER # seal the national edition once, use it again

The pilot's edition is sealed in a temporary folder and served by ``terril servir``, two
processes, on loopback. Clients are threads with connections kept open. Each page type is asked
for *fresh* (addresses never seen, so that the page is made) and *again* (the process may have
kept it); the limit is a static file, served by the same server to the same clients. Beside them,
Datasette serves the same ``edition.sqlite``: the rows of an indicator, as a page and as JSON.

The national edition is made of the sheets of ``benchmarks/fiches.py``: the pilot repeated in
contracts of twenty-one under other codes, with all its indicators and periods.

Printed: median and 95th percentile of each page type with one client, requests a second with
eight, processor time of the server a request (which other work on the machine does not change),
bytes compressed, memory of the processes. The home page is weighed with what it loads.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import itertools
import re
import shutil
import sys
import tempfile
from pathlib import Path

import polars as pl

import fiches
from serving import Address, Client, alone, asked, crowd, free_port, memory, running
from terril.cli.main import main as terril
from terril.editions.look import Look, Shelf
from terril.editions.pipeline import check
from terril.editions.seal import seal
from terril.fiches.assemble import assemble_all

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DIFFERENT = 24  # neighbourhoods and indicators asked for
INDICATOR = "revenus.taux_pauvrete"

SEEN = itertools.count()  # so that no address comes twice

# ------------------------------------------------------------------ editions


def national(sheets: int, folder: Path) -> Path:
    """Seal an edition of ``sheets`` neighbourhoods under ``folder``, if it is not there."""
    if Shelf(folder).dates():
        return folder
    content, inputs = check(fiches.DEMO), fiches.national(sheets)
    known = inputs.retained.filter(
        (pl.col("indicator") == "demographie.population") & (pl.col("status") == "ok")
    )
    population = {(k, t): v for k, t, v in known.select("kind", "territory", "value").iter_rows()}
    first = next(t.epci for t in inputs.territories if t.kind == "qpv")
    compared = inputs.comparisons
    seal(
        folder,
        dataclasses.replace(
            content,
            info=dataclasses.replace(content.info, epci=first, name="France"),
            territories=inputs.territories.frame(population),
            retained=inputs.retained, statements=inputs.statements, groups=compared.groups,
            positions=compared.positions, gaps=compared.gaps, signals=inputs.signals,
            offers=inputs.offers, families=inputs.families, fiches=tuple(assemble_all(inputs)),
        ),
    )  # fmt: skip
    return folder


# ------------------------------------------------------------------ what is asked for


def pages(look: Look) -> dict[str, Address]:
    """An address of each page type from a number; neighbourhoods and indicators in turn."""
    codes = list(look.names)[:: max(1, len(look.names) // DIFFERENT)]
    cards = [code for _, held in look.index for code, _ in held][:DIFFERENT]
    themes = [theme[0] for theme, _ in look.index]
    first = look.contracts[look.neighbourhoods[codes[0]].epci]

    def pick(held: list[str] | tuple[str, ...], n: int) -> str:
        return held[n * 7 % len(held)]

    return {
        "accueil": lambda n: f"/?theme={pick(themes, n)}",
        "quartier": lambda n: f"/quartiers/{pick(codes, n)}/",
        "indicateur": lambda n: f"/indicateurs/{pick(cards, n)}/",
        "theme": lambda n: f"/themes/{pick(themes, n)}/",
        "comparer": lambda n: f"/comparer/?q={pick(first, n)}&q={pick(first, n + 1)}",
        "indicateurs": lambda n: "/indicateurs/",
        "tableaux": lambda n: "/tableaux/",
        "API, un indicateur": lambda n: (
            f"/api/v1/editions/derniere/indicateurs/{pick(cards, n)}/observations"
        ),
        "CSV d’un indicateur": lambda n: (
            f"/editions/{look.date}/indicateurs/{pick(cards, n)}/donnees.csv"
        ),
    }


def never_seen(address: Address) -> Address:
    """The same page at an address that no process has kept."""

    def fresh(n: int) -> str:
        path = address(n)
        return f"{path}{'&' if '?' in path else '?'}essai={next(SEEN)}"

    return fresh


def weigh(port: int) -> tuple[int, int]:
    """Bytes of the home page, and of all that it loads, as they go over the wire."""
    client = Client(port)
    _, body, coding = client.get("/")
    text = (gzip.decompress(body) if coding == "gzip" else body).decode()
    loaded = set(re.findall(r'(?:href|src)="(/statique/[^"]+)"', text))
    for path in sorted(loaded):
        if path.endswith(".css"):
            _, style, coding = client.get(path)
            style = gzip.decompress(style) if coding == "gzip" else style
            named = re.findall(r'url\("([^"]+)"\)', style.decode())
            loaded |= {path.rsplit("/", 1)[0] + "/" + name for name in named}
    return len(body), len(body) + sum(len(client.get(path)[1]) for path in loaded)


def line(name: str, *cells: object) -> None:
    """One line of the table."""
    print(name.ljust(34) + "".join(str(cell).rjust(10) for cell in cells), flush=True)


def measure(editions: Path, title: str) -> None:
    """The site on a folder of editions."""
    look = Shelf(editions).latest()
    if look is None:
        raise SystemExit("aucune édition")
    print(f"\n{title} : {len(look.names)} quartiers, "
          f"{(look.path / 'edition.sqlite').stat().st_size / 1e6:.0f} Mo")  # fmt: skip
    line("", "neuf ms", "p95", "CPU ms", "neuf/s", "gardé ms", "p95", "CPU ms", "gardé/s", "octets")
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        command = [str(BIN / "terril"), "servir", str(editions), "--port", str(port),
                   "--donnees", name, "--processus", "2"]  # fmt: skip
        with running(command, port, "/connexion/") as server:
            _, body, coding = Client(port).get("/connexion/")
            text = (gzip.decompress(body) if coding == "gzip" else body).decode()
            found = re.search(r'href="(/statique/[^"]+terril[^"]+\.css)"', text)
            static = found[1] if found else "/"
            slow, late, size = alone(port, lambda n: static)
            fast, own = crowd(server, port, lambda n: static)
            limit = (f"{slow:.1f}", f"{late:.1f}", f"{own:.1f}", f"{fast:.0f}", size)
            line("un fichier statique (limite)", "", "", "", "", *limit)
            for label, address in pages(look).items():
                alone(port, address, 6)  # both processes have read what they keep
                fresh = alone(port, never_seen(address))
                a_second, own = crowd(server, port, never_seen(address))
                asked(port, address)  # after it both hold the pages
                kept, least = crowd(server, port, address)
                again = alone(port, address)
                line(
                    label, f"{fresh[0]:.1f}", f"{fresh[1]:.1f}", f"{own:.1f}", f"{a_second:.0f}",
                    f"{again[0]:.1f}", f"{again[1]:.1f}", f"{least:.1f}", f"{kept:.0f}", again[2],
                )  # fmt: skip
            page, whole = weigh(port)
            print(f"page d’accueil : {page} octets, {whole} avec feuilles de style, polices et "
                  "scripts")  # fmt: skip
            print("mémoire des processus, Mo :", " ".join(f"{m:.0f}" for m in memory(server)))
        datasette(look)


def datasette(look: Look) -> None:
    """Datasette on the same file, for the same figures."""
    program = BIN / "datasette"
    if not program.is_file():
        print("Datasette absent : uv sync --group bench")
        return
    port = free_port()
    command = [str(program), "serve", "-i", str(look.path / "edition.sqlite"), "--port", str(port)]
    rows = f"/edition/positions?indicator={INDICATOR}&group={look.info.epci}&_size=100"
    questions = {
        "Datasette, un indicateur": lambda n: f"{rows}&_essai={n}",
        "Datasette, le même en JSON": lambda n: rows.replace("?", f".json?_essai={n}&"),
    }
    with running(command, port, "/") as server:
        for label, address in questions.items():
            alone(port, address, 6)
            slow, late, size = alone(port, address)
            a_second, own = crowd(server, port, address)
            cells = (f"{slow:.1f}", f"{late:.1f}", f"{own:.1f}", f"{a_second:.0f}")
            line(label, *cells, "", "", "", "", size)
        print("mémoire, Mo :", " ".join(f"{m:.0f}" for m in memory(server)))


def main() -> None:
    """Read the arguments, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=1600)
    parser.add_argument("--national", type=Path, help="dossier de l’édition nationale, gardé")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        pilot = Path(name) / "pilote"
        if terril(["construire", str(fiches.DEMO), "--vers", str(pilot)]):
            raise SystemExit("le pilote n’a pas pu être construit")
        measure(pilot, "pilote")
        if arguments.sheets:
            folder = arguments.national or Path(name) / "national"
            measure(national(arguments.sheets, folder), "national")
        for sealed in (pilot, Path(name) / "national"):
            shutil.rmtree(sealed, ignore_errors=True)


if __name__ == "__main__":
    main()
