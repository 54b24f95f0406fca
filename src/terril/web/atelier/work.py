"""What is done in the process of a job?

The functions of the command line, with a progress that is written in the base and results
that pages read.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from terril.editions.content import EditionContent
from terril.editions.intake import survey, wished
from terril.editions.manifest import Manifest
from terril.editions.open import open_edition
from terril.editions.pipeline import check
from terril.editions.publication import build_and_seal, place
from terril.lib.french import compte
from terril.lib.problem_words import count
from terril.lib.problems import Problem, ProblemsError
from terril.reports.controls import write_controls
from terril.reports.publish import publish
from terril.reports.review import problem_rows, review
from terril.sources.project import InputSpec
from terril.web.atelier.models import Job, Kind, State
from terril.web.atelier.projects import Held, held, sealed_folder
from terril.web.received import check_content

_EVERY: Final = 0.4  # seconds between two writings of the progress


class Told:
    """A progress that is written in the base."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._last = 0.0

    def stage(self, label: str, total: int | None = None) -> None:
        """Begin a stage."""
        self.job.stages = [*self.job.stages, label]
        self.job.done, self.job.total = 0, total
        self._write()

    def advance(self, steps: int = 1) -> None:
        """Count steps; the base is told from time to time."""
        self.job.done += steps
        if time.monotonic() - self._last > _EVERY or self.job.done == self.job.total:
            self._write()

    def _write(self) -> None:
        self._last = time.monotonic()
        self.job.save(update_fields=["stages", "done", "total"])


def execute(job: Job) -> None:
    """Do the job; whatever happens, its state and its result are written."""
    job.state, job.started = State.RUNNING, timezone.now()
    job.save(update_fields=["state", "started"])
    try:
        item = held()[job.project]
        job.result = _WORK[Kind(job.kind)](job, item, Told(job))
        job.state = State.REFUSED if job.result.get("accepted") is False else State.DONE
    except ProblemsError as error:
        _write_rows(job, {"problemes": problem_rows(error.problems)})
        job.state = State.REFUSED
        job.result = _refused(job, error.problems)
    except Exception:
        logging.getLogger(__name__).exception("job %s", job.key)
        job.state = State.FAILED
        job.result = {
            "headline": "Le logiciel a échoué là où il aurait dû parler\u00a0: vos fichiers n’y "
            "sont pour rien. Signalez-le à la personne qui tient le site, avec le numéro de ce "
            "travail."
        }
    if job.kind == Kind.READ and job.state != State.DONE:
        shutil.rmtree(job.folder / "depot", ignore_errors=True)  # a refused file is not kept
    job.ended = timezone.now()
    job.save(update_fields=["state", "ended", "result"])


def _read(job: Job, item: Held, progress: Told) -> dict[str, Any]:
    project = item.read()
    path = job.folder / "depot" / str(job.params["file"])
    progress.stage("Contenu vérifié")
    wrong = check_content(path, path.name)
    if wrong:
        raise ProblemsError(wrong)
    progress.stage("Fichier lu")
    spec = wished(project, path, spec_of(job, path), replace=bool(job.params.get("replace")))
    found = survey(project, spec)
    _write_rows(job, {"problemes": problem_rows(found.problems)})
    if not found.accepted:
        return {
            "headline": f"{path.name} est refusé ({count(found.problems)}). Le projet n’est pas "
            "changé.",
            "accepted": False,
        }
    values = "valeur" if "indicator" in found.frame.columns else "ligne"
    return {
        "headline": f"{path.name} peut entrer au projet\u00a0: "
        f"{compte(found.frame.height, values, values + 's')}, "
        f"{compte(found.territories, 'territoire', 'territoires')}.",
        "accepted": True,
        "reader": found.spec.reader,
        "id": found.spec.id,
        "recognised": [dataclasses.asdict(row) for row in found.recognised],
    }


def spec_of(job: Job, path: Path) -> InputSpec:
    """Return the declaration that the person asked for."""
    params = job.params
    return InputSpec(
        id=str(params.get("replace") or params.get("id") or ""),
        file=path,
        reader=str(params.get("reader") or ""),
        priority=int(params.get("priority", 50)),
        source=str(params["source"]) if params.get("source") else None,
        sheet=str(params["sheet"]) if params.get("sheet") else None,
        label=str(params.get("label") or ""),
        options=dict(params.get("options") or {}),
    )


def _check(job: Job, item: Held, progress: Told) -> dict[str, Any]:
    content = check(item.folder, progress, edition=job.date or None)
    return _told(job, content, progress, "Contrôles finis\u00a0: ")


def _draft(job: Job, item: Held, progress: Told) -> dict[str, Any]:
    content, manifest = _build(job, item, progress, draft=True)
    return {**_told(job, content, progress, "Brouillon construit\u00a0: "), **_counts(manifest)}


def _seal(job: Job, item: Held, progress: Told) -> dict[str, Any]:
    content, manifest = _build(job, item, progress, draft=False)
    return {**_told(job, content, progress, "Édition scellée\u00a0: "), **_counts(manifest)}


def _build(job: Job, item: Held, progress: Told, *, draft: bool) -> tuple[EditionContent, Manifest]:
    return build_and_seal(
        item.folder,
        item.editions,
        progress,
        on=dt.date.today().isoformat(),
        date=job.date,
        draft=draft,
        others=(settings.EDITIONS,),
        seen=str(job.params.get("seen", "")),
    )


def _publish(job: Job, item: Held, progress: Told) -> dict[str, Any]:
    edition = open_edition(sealed_folder(item, job.date))
    out = item.folder / item.read().output
    published = publish(edition, out, progress)
    progress.stage("Édition mise en ligne")
    place(edition.path, settings.EDITIONS, on=dt.date.today().isoformat())
    documents = len(published.fiches) + len(published.others)
    return {
        "headline": "L’édition est en ligne. "
        f"{compte(documents, 'document', 'documents')} dans le dossier {out.name} du projet.",
        "online": True,
    }


_WORK: Final[dict[Kind, Callable[[Job, Held, Told], dict[str, Any]]]] = {
    Kind.READ: _read,
    Kind.CHECK: _check,
    Kind.DRAFT: _draft,
    Kind.SEAL: _seal,
    Kind.PUBLISH: _publish,
}


def _told(job: Job, content: EditionContent, progress: Told, opening: str) -> dict[str, Any]:
    progress.stage("Constats et secret réunis")
    rows = review(content, content.heard)
    _write_rows(job, rows)
    write_controls(content, job.folder)
    problems = count(content.heard) or "aucun problème de lecture"
    return {
        "headline": f"{opening}{problems}, "
        f"{compte(len(rows['contradictions']), 'contradiction', 'contradictions')}, "
        f"{compte(len(rows['constats']), 'constat', 'constats')}, "
        f"{compte(len(rows['secrets']), 'chiffre secret', 'chiffres secrets')}.",
        "edition": content.edition,
    }


def _counts(manifest: Manifest) -> dict[str, Any]:
    rows = manifest.rows
    return {
        "counts": f"{compte(rows['observations'], 'chiffre', 'chiffres')}, "
        f"{compte(rows['fiches'], 'fiche', 'fiches')}, "
        f"{compte(rows['sentences'], 'phrase', 'phrases')}"
    }


def _refused(job: Job, problems: list[Problem]) -> dict[str, Any]:
    said = count(problems)
    if job.kind == Kind.READ:
        return {
            "headline": f"{job.params['file']} est refusé ({said}). Le projet n’est pas changé.",
            "accepted": False,
        }
    return {"headline": f"Refusé ({said}). Rien d’incomplet n’est resté."}


def _write_rows(job: Job, rows: dict[str, list[dict[str, Any]]]) -> None:
    job.folder.mkdir(parents=True, exist_ok=True)
    for name, held_rows in rows.items():
        text = json.dumps(held_rows, ensure_ascii=False)
        (job.folder / f"{name}.json").write_text(text, encoding="utf-8")


def main(key: str) -> int:
    """Run the job of a key; return the exit code."""
    os.nice(5)  # the pages that people wait for go first
    job = Job.objects.get(key=key)
    execute(job)
    return 0 if job.state == State.DONE else 1
