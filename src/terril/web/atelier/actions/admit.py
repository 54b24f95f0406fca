"""How does a file that was read and accepted enter the project?"""

from __future__ import annotations

import dataclasses
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from terril.editions.intake import take_in, wished
from terril.sources.project import InputSpec
from terril.web.atelier.actions.deposit import former
from terril.web.atelier.models import Job
from terril.web.atelier.perms import can_admit
from terril.web.atelier.projects import Held
from terril.web.atelier.work import spec_of
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError


def admit(person: Person, item: Held, job: Job) -> InputSpec:
    """Copy the file and declare it, or put it in the place of the entry that it replaces.

    Raises ``RefusedError`` when the job is not that of an accepted file, when a job runs on the
    project, or when somebody has changed the entry meanwhile; ``ProblemsError`` when the
    project cannot take it.
    """
    with _locked(item.folder), transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        refusal = can_admit(person, job)
        if refusal is not None:
            raise RefusedError(refusal)
        replace = str(job.params.get("replace") or "")
        if replace and former(item, replace) != job.params.get("former"):
            raise RefusedError(
                Refusal(
                    f"Le fichier de l’entrée « {replace} » a été remplacé depuis que vous avez "
                    "déposé le vôtre. Déposez-le de nouveau si c’est bien lui qu’il faut.",
                    409,
                )
            )
        path = job.folder / "depot" / str(job.params["file"])
        project = item.read()
        spec = wished(project, path, spec_of(job, path), replace=bool(replace))
        if not replace:
            spec = dataclasses.replace(spec, reader=str(job.result["reader"]))
        job.result = {**job.result, "admitted": True}
        job.save(update_fields=["result"])
        verb = "fichier remplacé" if replace else "fichier ajouté"
        note(person, verb, f"{item.name}, {spec.id}", fichier=path.name, travail=job.key)
        take_in(project, path, spec, replace=bool(replace))
    shutil.rmtree(path.parent, ignore_errors=True)
    return spec


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One admission at a time in a project."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
