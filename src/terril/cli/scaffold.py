"""What does a new project hold, from the national files at hand?

Its territories, its terril.toml, and a copy of each file of figures that its neighbourhoods
are in, the newest first. It is made beside its place under a temporary name, read again as
any project, then renamed: whole or not at all.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from terril.catalogue.load import Catalogue, load_catalogue
from terril.cli.survey import Survey, find_epci, full_name, year_of
from terril.editions.declaration import DATA, entry, identity, put, quoted
from terril.editions.manifest import sha256_of
from terril.lib.french import de
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.lib.progress import Progress
from terril.observations.schema import Kind, Status
from terril.sources.project import FILE_NAME, InputSpec, read_project
from terril.sources.read import read_input
from terril.territories.national import Selection, Straddling
from terril.territories.registry import read_territories, write_territories

READER: Final = "insee"
TERRITORIES: Final = "territoires.csv"
_NEWEST_PRIORITY: Final = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """A file of figures that goes into the project."""

    file: str
    values: int
    periods: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that looks like one of ours and could not be read; ``problems`` say why."""

    file: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What was made, and what is missing."""

    root: Path
    epci: str
    epci_name: str
    generation: str
    communes_file: str
    qpv_file: str
    neighbourhoods: int
    communes: int
    straddling: tuple[Straddling, ...]
    unknown: tuple[tuple[str, str], ...]
    taken: tuple[Taken, ...]
    aside: tuple[SetAside, ...]
    ignored: tuple[str, ...]
    themes: tuple[tuple[str, int, int], ...]  # label, indicators known, indicators of the sheet


def make(
    target: Path,
    found: Survey,
    asked: str,
    *,
    generation: str,
    edition: str,
    progress: Progress,
) -> Scaffold:
    """Write the project into ``target`` and say what it holds.

    Raises ``ProblemsError`` when the place is taken or nothing can be made; nothing is left
    behind then.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ProblemsError([_place_taken(target)])
    siren, communes_file, qpv_file, selection = find_epci(asked, found, generation)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".nouveau-", dir=target.parent))
    try:
        name = full_name(selection.label)
        _write_head(work, siren, name, selection, generation, edition)
        taken, aside, ignored, themes = _figures(work, found, progress)
        read_project(work)
        if target.exists():
            target.rmdir()
        work.chmod(0o755)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    kinds = [item.kind for item in selection.territories]
    return Scaffold(
        root=target,
        epci=siren,
        epci_name=name,
        generation=generation,
        communes_file=communes_file.name,
        qpv_file=qpv_file.name,
        neighbourhoods=kinds.count(Kind.QPV),
        communes=sum(
            1 for t in selection.territories if t.kind == Kind.COMMUNE and t.epci == siren
        ),
        straddling=selection.straddling,
        unknown=selection.unknown,
        taken=taken,
        aside=aside,
        ignored=ignored,
        themes=themes,
    )


def _write_head(
    work: Path, siren: str, name: str, selection: Selection, generation: str, edition: str
) -> None:
    named = [
        dataclasses.replace(t, display=full_name(t.label), short=full_name(t.short))
        if t.kind == Kind.EPCI
        else t
        for t in selection.territories
    ]
    short = next((t.short for t in named if t.kind == Kind.EPCI and t.code == siren), name)
    (work / TERRITORIES).write_text(write_territories(named), encoding="utf-8", newline="\n")
    years = "2024-2030" if generation == "2024" else "2015-2023"
    (work / FILE_NAME).write_text(
        "# Projet d’observatoire. Chaque [[entrees]] est un fichier de données ; la plus petite\n"
        "# priorité l’emporte quand deux fichiers donnent le même chiffre, sauf si l’un d’eux\n"
        "# le tient secret. Ajoutez un fichier avec : terril importer <fichier>\n"
        "\n"
        "[projet]\n"
        f"nom = {quoted(f'Observatoire des quartiers {de(short)}')}\n"
        f"contrat = {quoted(f'Contrat de ville {de(short)} {years}')}\n"
        f"edition = {edition}\n"
        f"generation = {quoted(generation)}\n"
        'modele_fiche = "quartier"\n'
        "\n"
        "[territoire]\n"
        f"epci = {quoted(siren)}\n"
        f"nom = {quoted(name)}\n"
        f"sigle = {quoted(short)} # nom court, pour les tableaux\n"
        f"fichier = {quoted(TERRITORIES)}\n",
        encoding="utf-8",
        newline="\n",
    )


Figures = tuple[
    tuple[Taken, ...], tuple[SetAside, ...], tuple[str, ...], tuple[tuple[str, int, int], ...]
]


def _figures(work: Path, found: Survey, progress: Progress) -> Figures:
    """Copy and declare the files of figures that can be read for these territories."""
    project = read_project(work)
    catalogue = load_catalogue()
    problems = ProblemList()
    territories = read_territories(project.territories_file, problems)
    problems.raise_errors()
    lists = {file for file, _ in found.communes}
    candidates = sorted(
        (file for file in found.files if file not in lists), key=lambda f: (-year_of(f), f.name)
    )
    progress.stage("Fichiers lus", len(candidates))
    taken: list[Taken] = []
    aside: list[SetAside] = []
    ignored = [file.name for file in found.files if file in lists]
    frames: list[pl.DataFrame] = []
    entries: list[str] = []
    for file in candidates:
        heard = ProblemList()
        spec = InputSpec(id=identity(file), file=file, reader=READER)
        frame, reads = read_input(spec, project, territories, catalogue, heard)
        progress.advance()
        if heard.errors:
            if any(p.code not in _NOT_OURS for p in heard.errors):
                aside.append(SetAside(file.name, tuple(heard.errors)))
            else:
                ignored.append(file.name)
            continue
        if frame.is_empty() or not reads:
            ignored.append(file.name)
            continue
        target = _free_place(work / DATA, file)
        put(file, target)
        frames.append(frame)
        taken.append(
            Taken(
                target.name,
                frame.height,
                tuple(sorted(frame["period"].unique().to_list())),
                tuple(sorted(frame["kind"].unique().to_list())),
            )
        )
        entries.append(
            entry(
                {
                    "id": _free_id(identity(target), entries),
                    "fichier": f"{DATA}/{target.name}",
                    "lecteur": READER,
                    "priorite": _NEWEST_PRIORITY + len(entries),
                    "libelle": f"le fichier {target.stem} de l’Insee",
                }
            )
        )
    if not taken:
        raise ProblemsError([_no_figures(found, aside)])
    with (work / FILE_NAME).open("a", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"\n{text}" for text in entries)
    themes = _themes(pl.concat(frames), catalogue, project.fiche_model)
    return tuple(taken), tuple(aside), tuple(sorted(ignored)), themes


#: refusals that only mean that a file is not one of the national files of figures
_NOT_OURS: Final = frozenset(
    {"entete-absent", "fichier-vide", "fichier-illisible", "famille-inconnue", "fichier-sans-ligne"}
)


def _themes(
    statements: pl.DataFrame, catalogue: Catalogue, model: str
) -> tuple[tuple[str, int, int], ...]:
    known = set(
        statements.filter((pl.col("kind") == Kind.QPV) & (pl.col("status") == Status.OK))[
            "indicator"
        ].to_list()
    )
    found = []
    for block in catalogue.fiches[model].blocks:
        asked = dict.fromkeys((*block.signal, *block.rows))
        if not asked:
            continue
        held = sum(1 for code in asked if code in known or _derivable(code, catalogue, known))
        found.append((str(catalogue.themes[block.theme].label), held, len(asked)))
    return tuple(found)


def _derivable(code: str, catalogue: Catalogue, known: set[str]) -> bool:
    formula = catalogue.indicators[code].formula
    return formula is not None and all(
        term in known or _derivable(term, catalogue, known) for term in formula.terms
    )


def _free_place(folder: Path, file: Path) -> Path:
    target = folder / file.name
    number = 2
    while target.exists() and sha256_of(target) != sha256_of(file):
        target = folder / f"{file.stem}_{number}{file.suffix}"
        number += 1
    return target


def _free_id(name: str, entries: Sequence[str]) -> str:
    held = set(re.findall(r'^id = "(.*)"$', "\n".join(entries), flags=re.MULTILINE))
    free, number = name, 2
    while free in held:
        free, number = f"{name}_{number}", number + 1
    return free


def _place_taken(target: Path) -> Problem:
    return Problem(
        "dossier-occupe",
        Where(file=str(target)),
        "Ce dossier existe et n’est pas vide.",
        "un dossier nouveau.",
        "Donnez-en un autre avec --vers, ou supprimez celui-ci.",
    )


def _no_figures(found: Survey, aside: Sequence[SetAside]) -> Problem:
    names = ", ".join(item.file for item in aside[:6])
    return Problem(
        "aucun-chiffre",
        Where(),
        f"Aucun des {len(found.files)} fichiers ne donne de chiffres pour ces quartiers."
        + (f" Reconnus mais refusés : {names}." if names else ""),
        "des fichiers DEMO, IPRO, REVN ou Filosofi de l’Insee.",
        "Ajoutez leur dossier à --depuis ; un millésime nouveau se déclare (voir le guide).",
    )
