"""How is a job started in a process of its own, and how is it known that the process lives?

The process holds a lock on a file of the job from before it starts: whoever can take that
lock knows that nobody works any more, whatever happened to the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from terril.web.atelier.models import ACTIVE, Job, Kind, State
from terril.web.atelier.perms import busy
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal, RefusedError

LOCK: Final = "verrou"
OUTPUT: Final = "sortie.txt"


def launch(
    person: Person,
    project: str,
    kind: Kind,
    params: dict[str, Any],
    *,
    verb: str,
    prepare: Callable[[Path], None] | None = None,
) -> Job:
    """Add a job and its line of the journal, in one transaction, then start its process.

    ``prepare`` fills the folder of the job before. Raises ``RefusedError`` when another job
    runs on the project; nothing is left then.
    """
    look_after_all(project)
    job = Job(project=project, kind=kind, alone=kind != Kind.READ, person=person, params=params)
    handle = _claim(job)
    try:
        if prepare is not None:
            prepare(job.folder)
        with transaction.atomic():
            job.save()
            note(person, verb, _thing(job), travail=job.key, **params)
    except BaseException as error:
        os.close(handle)
        shutil.rmtree(job.folder, ignore_errors=True)
        if isinstance(error, IntegrityError):
            said = busy(project) or Refusal("Un autre travail vient de commencer.", 409)
            raise RefusedError(said) from error
        raise
    spawn(job, handle)
    return job


def _thing(job: Job) -> str:
    what = job.date or str(job.params.get("file", ""))
    return f"{job.project}, {what}" if what else job.project


def _claim(job: Job) -> int:
    """Make the folder of a job and take its lock; return the descriptor that holds it."""
    job.folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(job.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def spawn(job: Job, handle: int) -> None:
    """Start the process of a job, which takes the lock over."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "terril.web.settings"),
        "TERRIL_EDITIONS": str(settings.EDITIONS),
        "TERRIL_DONNEES": str(settings.DATA),
        "TERRIL_CLE": str(settings.SECRET_KEY),
        "TERRIL_PROJETS": str(settings.ATTACHED or ""),
    }
    try:
        with (job.folder / OUTPUT).open("wb") as output:
            subprocess.Popen(
                [sys.executable, "-m", "terril.web.atelier.run", job.key],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(handle,),
            )
    finally:
        os.close(handle)


def look_after(job: Job) -> Job:
    """Mark a job whose process is gone as interrupted; return it as it stands."""
    if not job.active or _held(job):
        return job
    Job.objects.filter(pk=job.pk, state__in=ACTIVE).update(
        state=State.LOST,
        ended=timezone.now(),
        result={
            "headline": "Le travail s’est arrêté avant la fin\u00a0: le serveur a été éteint, "
            "ou la mémoire a manqué. Rien d’incomplet n’est resté\u202f; relancez-le."
        },
    )
    job.refresh_from_db()
    return job


def look_after_all(project: str) -> None:
    """Look after the jobs of a project that should be running."""
    for job in Job.objects.filter(project=project, state__in=ACTIVE):
        look_after(job)


def _held(job: Job) -> bool:
    try:
        handle = os.open(job.folder / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(handle)
