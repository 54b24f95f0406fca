"""Which national files are at hand, and which EPCI does a person ask for?

Files are recognised by what they hold, not by their names. A list of communes with their
EPCI and a list of neighbourhoods with their communes are needed; the rest are figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from terril.editions.declaration import identity
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.lib.progress import Progress
from terril.observations.schema import Kind
from terril.sources.national import read_communes, read_qpv
from terril.territories.national import (
    Commune,
    NationalQpv,
    Selection,
    list_epci,
    select_epci,
)

_SUFFIXES: Final = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods"}
_PREFIX: Final = {"QP": "2015", "QN": "2024"}
_LEGAL_FORMS: Final = {
    "CA": "Communauté d’agglomération",
    "CC": "Communauté de communes",
    "CU": "Communauté urbaine",
    "SAN": "Syndicat d’agglomération nouvelle",
}


@dataclass
class Survey:
    """The files found, and what the lists among them say."""

    files: list[Path]
    communes: list[tuple[Path, tuple[Commune, ...]]] = field(default_factory=list)
    qpv: list[tuple[Path, tuple[NationalQpv, ...]]] = field(default_factory=list)


def survey(folders: Sequence[Path], progress: Progress) -> Survey:
    """Look at every table under ``folders``; raises ``ProblemsError`` when a list is absent."""
    absent = [folder for folder in folders if not folder.exists()]
    if absent:
        raise ProblemsError([_no_folder(folder) for folder in absent])
    found = Survey(sorted({file for folder in folders for file in _tables(folder)}))
    progress.stage("Fichiers reconnus", len(found.files))
    for file in found.files:
        communes = read_communes(file, ProblemList())
        if sum(1 for commune in communes if commune.epci) > 0:
            found.communes.append((file, communes))
        else:
            neighbourhoods = read_qpv(file, ProblemList())
            if neighbourhoods:
                found.qpv.append((file, neighbourhoods))
        progress.advance()
    problems = _missing_lists(found, folders)
    if problems:
        raise ProblemsError(problems)
    return found


def _tables(folder: Path) -> Iterable[Path]:
    inside = folder.rglob("*") if folder.is_dir() else [folder]
    return (path for path in inside if path.is_file() and path.suffix.lower() in _SUFFIXES)


def generation_of(found: Survey, asked: str | None) -> str:
    """Return the generation of the neighbourhoods: the one asked for, else the newest held."""
    held = {
        _PREFIX[item.code[:2]]
        for _, items in found.qpv
        for item in items
        if item.code[:2] in _PREFIX and _complete(items)
    } or {_PREFIX[item.code[:2]] for _, items in found.qpv for item in items}
    return asked or max(held)


def _complete(items: Sequence[NationalQpv]) -> bool:
    """Is it a list of neighbourhoods, each with its name?"""
    return all(item.label for item in items)


def find_epci(asked: str, found: Survey, generation: str) -> tuple[str, Path, Path, Selection]:
    """Return the SIREN that ``asked`` names, the two lists used, and its territories.

    Raises ``ProblemsError`` when nothing, or several EPCI, answer to the name, or when it
    runs no neighbourhood.
    """
    qpv_file, neighbourhoods = _best_qpv(found, generation)
    communes_file, communes = _best_communes(found, asked)
    known = list_epci(communes, neighbourhoods)
    siren = asked if re.fullmatch(r"\d{9}", asked) else _by_name(asked, known)
    try:
        selection = select_epci(siren, communes, neighbourhoods)
    except KeyError:
        raise ProblemsError([_unknown_epci(asked, known, communes_file)]) from None
    if not any(item.kind == Kind.QPV for item in selection.territories):
        raise ProblemsError([_no_neighbourhood(selection, qpv_file, generation)])
    return siren, communes_file, qpv_file, selection


def _best_qpv(found: Survey, generation: str) -> tuple[Path, tuple[NationalQpv, ...]]:
    def worth(held: tuple[Path, tuple[NationalQpv, ...]]) -> tuple[bool, int, str]:
        file, items = held
        named = [i for i in items if _PREFIX.get(i.code[:2]) == generation]
        return (bool(named) and _complete(named), len(named), file.name)

    file, items = max(found.qpv, key=worth)
    kept = tuple(i for i in items if _PREFIX.get(i.code[:2]) == generation)
    if not kept:
        raise ProblemsError(
            [
                Problem(
                    "generation-absente",
                    Where(file=file.name),
                    f"Aucun quartier de la génération {generation} dans les fichiers donnés.",
                    "une liste de quartiers de cette génération.",
                    "Ajoutez-la, ou donnez l’autre génération avec --generation.",
                )
            ]
        )
    return file, kept


def _best_communes(found: Survey, asked: str) -> tuple[Path, tuple[Commune, ...]]:
    def worth(held: tuple[Path, tuple[Commune, ...]]) -> tuple[bool, int, str]:
        file, items = held
        return (any(i.epci == asked for i in items), year_of(file), file.name)

    return max(found.communes, key=worth)


def _by_name(asked: str, known: list[tuple[str, str, int, int]]) -> str:
    wanted = set(identity(Path(asked + ".x")).split("_"))
    near = [
        (siren, label)
        for siren, label, _, _ in known
        if wanted <= set(identity(Path(label + ".x")).split("_"))
    ]
    if len(near) == 1:
        return near[0][0]
    listed = ", ".join(f"{label} ({siren})" for siren, label in (near or _labels(known))[:12])
    raise ProblemsError(
        [
            Problem(
                "epci-inconnu" if not near else "epci-ambigu",
                Where(),
                f"Aucune intercommunalité ne s’appelle « {asked} »."
                if not near
                else f"Plusieurs intercommunalités répondent à « {asked} ».",
                f"un SIREN ou un nom parmi : {listed}{'…' if len(near or known) > 12 else ''}",
                "Relancez avec le SIREN, neuf chiffres.",
            )
        ]
    )


def _labels(known: list[tuple[str, str, int, int]]) -> list[tuple[str, str]]:
    return [(siren, label) for siren, label, _, _ in known]


def full_name(label: str) -> str:
    """Return the name of an EPCI with its legal form in full, as documents print it."""
    form, _, rest = label.partition(" ")
    text = f"{_LEGAL_FORMS[form]} {rest}" if form in _LEGAL_FORMS and rest else label
    return re.sub(r"\s+-\s+", "-", text.replace("'", "’"))


def year_of(file: Path) -> int:
    """Return the year in the name of a file: « DEMO_2019 », « filo16 » ; 0 when there is none."""
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", file.stem)
    short = re.search(r"(?:filo|qp)(\d\d)(?!\d)", file.stem.lower())
    if years:
        return int(max(years))
    return 2000 + int(short[1]) if short else 0


def _no_folder(folder: Path) -> Problem:
    return Problem(
        "dossier-absent",
        Where(file=str(folder)),
        "Ce dossier n’existe pas.",
        "un dossier de fichiers nationaux de l’Insee.",
        "Vérifiez le chemin donné à --depuis.",
    )


def _missing_lists(found: Survey, folders: Sequence[Path]) -> list[Problem]:
    where = Where(file=", ".join(str(folder) for folder in folders))
    problems = []
    if not found.communes:
        problems.append(
            Problem(
                "liste-communes-absente",
                where,
                "Aucun fichier ne donne l’intercommunalité de chaque commune.",
                "un fichier avec les colonnes CODGEO, LIBGEO, EPCI, LIBEPCI.",
                "Ajoutez la composition communale des EPCI (Insee, ou DGCL) et son dossier à "
                "--depuis.",
            )
        )
    if not found.qpv:
        problems.append(
            Problem(
                "liste-quartiers-absente",
                where,
                "Aucun fichier ne donne les quartiers et leurs communes.",
                "un fichier DEMO de l’Insee (CODGEO, LIBGEO, LIB_COM), ou la liste de l’ANCT.",
                "Ajoutez-le, et son dossier à --depuis.",
            )
        )
    return problems


def _unknown_epci(asked: str, known: list[tuple[str, str, int, int]], file: Path) -> Problem:
    listed = ", ".join(f"{label} ({siren})" for siren, label in _labels(known)[:12])
    return Problem(
        "epci-inconnu",
        Where(file=file.name),
        f"Aucune commune n’appartient à l’intercommunalité « {asked} ».",
        f"un SIREN de cette liste : {listed}{'…' if len(known) > 12 else ''}",
        "Vérifiez le numéro, ou donnez un fichier de communes plus complet.",
    )


def _no_neighbourhood(selection: Selection, file: Path, generation: str) -> Problem:
    return Problem(
        "epci-sans-quartier",
        Where(file=file.name),
        f"{full_name(selection.label)} ({selection.epci}) n’a aucun quartier prioritaire de la "
        f"génération {generation} dans ce fichier.",
        "une intercommunalité qui porte un contrat de ville.",
        "Vérifiez le SIREN, ou donnez une liste de quartiers plus complète.",
    )
