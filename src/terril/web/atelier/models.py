"""What long work was asked for, by whom, and how far is it?"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from terril.web.people.models import Person


def _key() -> str:
    return uuid.uuid4().hex


class Kind(models.TextChoices):
    """What a job does."""

    READ = "lire", "Lecture d’un fichier"
    CHECK = "controler", "Contrôles"
    DRAFT = "brouillon", "Brouillon d’édition"
    SEAL = "sceller", "Scellement"
    PUBLISH = "publier", "Publication"


class State(models.TextChoices):
    """How far a job is."""

    WAITING = "attente", "en attente"
    RUNNING = "cours", "en cours"
    DONE = "fait", "terminé"
    REFUSED = "refuse", "refusé"
    FAILED = "echec", "échec du logiciel"
    LOST = "interrompu", "interrompu"


ACTIVE = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """A piece of long work in a process of its own.

    Its folder holds the lock that says that the process lives, what it wrote, its results.
    """

    key = models.CharField("clé", max_length=32, unique=True, default=_key)
    project = models.CharField("projet", max_length=120, db_index=True)
    kind = models.CharField("travail", max_length=12, choices=Kind)
    #: reading a file disturbs nobody; of the others there is one at a time in a project
    alone = models.BooleanField(default=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, verbose_name="demandé par")
    params = models.JSONField("réglages", default=dict)
    state = models.CharField("état", max_length=12, choices=State, default=State.WAITING)
    stages = models.JSONField("étapes", default=list)  # the labels, in order
    done = models.IntegerField("fait", default=0)
    total = models.IntegerField("sur", null=True)
    created = models.DateTimeField("demandé", auto_now_add=True)
    started = models.DateTimeField("commencé", null=True)
    ended = models.DateTimeField("fini", null=True)
    result = models.JSONField("résultat", default=dict)

    class Meta:
        """The newest first; one at a time in a project."""

        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ("-created", "-pk")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=("project",),
                condition=Q(alone=True, state__in=("attente", "cours")),
                name="one_job_a_project",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.project}, {self.get_state_display()}"

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return Path(settings.DATA) / "travaux" / self.key

    @property
    def active(self) -> bool:
        """Is it waiting or running?"""
        return self.state in ACTIVE

    @property
    def stage(self) -> str:
        """The stage it is in, or ended in."""
        return str(self.stages[-1]) if self.stages else ""

    @property
    def date(self) -> str:
        """Date of the edition that it makes, "" when it makes none."""
        return str(self.params.get("date", ""))
