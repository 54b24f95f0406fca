"""Which rows did a job leave, and which of them does the person want to see?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from terril.lib.problem_words import french_spaces
from terril.lib.problems import Problem
from terril.reports.review import problem_rows
from terril.web.atelier.models import Job

#: name of the file of rows → the words of its tab, in order
TABS: Final = {
    "problemes": "Problèmes de lecture",
    "constats": "Constats",
    "contradictions": "Contradictions",
    "secrets": "Secret",
}
#: what a remedy of the command line becomes here
_REMEDIES: Final = {
    "entree-absente": "Choisissez une autre entrée à remplacer, ou déposez le fichier sans en "
    "remplacer une.",
    "entree-existante": "Donnez un autre identifiant, ou choisissez l’entrée à remplacer.",
    "fichier-existant": "Renommez votre fichier ; si c’est une version corrigée, choisissez "
    "l’entrée qu’il remplace.",
    "edition-existante": "Donnez une autre date à l’édition.",
    "edition-republiee": "Reprenez l’édition d’une sauvegarde, ou donnez-lui une autre date.",
    "remplacement-impossible": "Donnez la date d’une autre édition, ou n’en donnez pas.",
    "motif-absent": "Écrivez le motif, en une phrase.",
    "dossier-protege": "Prévenez la personne qui tient le site : place libre, droits du dossier.",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the results: its rows that are asked for, and how many there are in all."""

    name: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person filters on."""

    tab: str
    severity: str
    code: str
    words: str


def rows(job: Job, name: str) -> list[dict[str, Any]]:
    """Return the rows of a tab, empty when the job left none."""
    try:
        text = (job.folder / f"{name}.json").read_text(encoding="utf-8")
    except OSError:
        return []
    held: list[dict[str, Any]] = json.loads(text)
    return [_here(row) for row in held] if name == "problemes" else held


def tabs(job: Job) -> list[Tab]:
    """Return the tabs that a job left, in order."""
    return [
        Tab(name, label, len(rows(job, name)))
        for name, label in TABS.items()
        if (job.folder / f"{name}.json").is_file()
    ]


def chosen(held: Iterable[dict[str, Any]], choice: Choice) -> list[dict[str, Any]]:
    """Return the rows that a choice keeps."""
    words = choice.words.casefold().split()
    return [
        row
        for row in held
        if (not choice.severity or row.get("severity") == choice.severity)
        and (not choice.code or choice.code in (row.get("code"), row.get("secret")))
        and all(word in _text(row) for word in words)
    ]


def counted(held: Iterable[dict[str, Any]], *names: str) -> list[tuple[str, int]]:
    """Count the rows by the first of these columns that they have, the most first."""
    found: Counter[str] = Counter()
    for row in held:
        value = next((str(row[name]) for name in names if row.get(name)), "")
        if value:
            found[value] += 1
    return found.most_common()


def shown_problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return the rows of problems, their remedies in the words of the site."""
    return [_here(row) for row in problem_rows(problems)]


def _here(row: dict[str, Any]) -> dict[str, Any]:
    remedy = _REMEDIES.get(row["code"])
    return {**row, "remedy": french_spaces(remedy)} if remedy else row


def _text(row: dict[str, Any]) -> str:
    return " ".join(str(value) for value in row.values()).casefold()
