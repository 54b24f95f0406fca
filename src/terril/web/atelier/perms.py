"""Who may do what in the atelier, and what is a person told who may not?

Every right is that of analysts; then the state of things may forbid, with a sentence.
"""

from __future__ import annotations

from typing import Any, Final

from terril.editions.look import Shelf
from terril.lib.dates import date_longue
from terril.web.atelier.models import ACTIVE, Job, Kind, State
from terril.web.atelier.projects import Held, preview, shown_shelf
from terril.web.people.refusal import Refusal

_ANALYSTS: Final = Refusal(
    "L’atelier est réservé aux analystes de l’observatoire. Demandez ce droit à la personne qui "
    "tient le site."
)


def can_enter(person: Any, thing: object = None) -> Refusal | None:
    """May she see the atelier?"""
    if getattr(person, "is_active", False) and getattr(person, "is_analyst", False):
        return None
    return _ANALYSTS


def can_bring(person: Any, item: Held) -> Refusal | None:
    """May she send a file to this project?"""
    return can_enter(person)


def can_admit(person: Any, job: Job) -> Refusal | None:
    """May the file that this job read enter the project?"""
    refusal = can_enter(person)
    if refusal is not None:
        return refusal
    if job.kind != Kind.READ or job.state != State.DONE or not job.result.get("accepted"):
        return Refusal("Ce fichier n’est pas accepté : il ne peut pas entrer au projet.", 409)
    if job.result.get("admitted"):
        return Refusal("Ce fichier est déjà au projet.", 409)
    return busy(job.project)


def can_start(person: Any, item: Held) -> Refusal | None:
    """May she start a job on this project?"""
    return can_enter(person) or busy(item.name)


def busy(project: str) -> Refusal | None:
    """Is somebody’s job running on this project?"""
    other = Job.objects.filter(project=project, alone=True, state__in=ACTIVE).first()
    if other is None:
        return None
    who = f", lancé par {other.person}" if other.person else ""
    return Refusal(
        "Un travail est déjà en cours sur ce projet\u00a0: "
        f"{other.get_kind_display().lower()}{who}. Attendez qu’il finisse.",
        409,
    )


def can_seal(person: Any, item: Held, date: str) -> Refusal | None:
    """May the draft of this date be sealed?"""
    refusal = can_start(person, item)
    if refusal is not None:
        return refusal
    if Shelf(item.editions).draft(date) is None:
        return Refusal(
            f"Il n’y a pas de brouillon du {date_longue(date)}\u00a0: construisez-le et "
            "regardez-le d’abord.",
            409,
        )
    return None


def can_publish(person: Any, item: Held, date: str) -> Refusal | None:
    """May the sealed edition of this date be shown to the public?"""
    refusal = can_start(person, item)
    if refusal is not None:
        return refusal
    look = Shelf(item.editions).look(date)
    if look is None:
        return Refusal(f"L’édition du {date_longue(date)} n’est pas scellée.", 409)
    notice = look.notice or (withdrawn.notice if (withdrawn := shown_shelf().look(date)) else None)
    return Refusal(notice.text, 409) if notice else None


def can_withdraw(person: Any, item: Held, date: str) -> Refusal | None:
    """May the edition of this date be withdrawn?"""
    refusal = can_enter(person)
    if refusal is not None:
        return refusal
    look = shown_shelf().look(date) or Shelf(item.editions).look(date)
    if look is None:
        return Refusal(f"L’édition du {date_longue(date)} n’est pas publiée.", 409)
    notice = look.notice
    return Refusal(f"Elle est déjà retirée. {notice.text}", 409) if notice else None


def can_preview(person: Any, item: Held, date: str) -> Refusal | None:
    """May she look at this edition before the public?"""
    refusal = can_enter(person)
    if refusal is None and preview(item, date) is None:
        return Refusal("Aucun brouillon à cette date.", 404)
    return refusal
