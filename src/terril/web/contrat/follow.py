"""What does the site know of the commitments beyond their rows: papers and history?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from terril.contrat.commitments.board import ACTIONS, REGISTER, Commitment, commitments
from terril.contrat.commitments.review import Moved
from terril.web.espace.models import Attachment, Revision
from terril.web.espace.space import Space


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper attached to a commitment or to one of its actions."""

    number: int  # its own, in addresses
    name: str
    public: bool


def papers(space: Space, *, public: bool = False) -> dict[tuple[str, int], list[Paper]]:
    """The papers of commitments and their actions, by row; the public ones only when asked."""
    found = Attachment.objects.filter(
        entry__contract=space.contract, entry__register__in=(REGISTER, ACTIONS)
    ).order_by("at", "pk")
    if public:
        found = found.filter(public=True)
    held: dict[tuple[str, int], list[Paper]] = {}
    for register, number, key, name, shown in found.values_list(
        "entry__register", "entry__number", "pk", "name", "public"
    ):
        held.setdefault((register, number), []).append(Paper(key, name, shown))
    return held


def followed(space: Space) -> tuple[Commitment, ...]:
    """The commitments of the contract, with what stands as their evidence."""
    return commitments(space, space.catalogue, papers(space))


def history(space: Space, number: int | None = None) -> Sequence[Moved]:
    """The changes of state of all the commitments, or of one, the oldest first."""
    revisions = Revision.objects.filter(
        entry__contract=space.contract, entry__register=REGISTER
    ).order_by("entry_id", "version")
    if number is not None:
        revisions = revisions.filter(entry__number=number)
    workflow = space.catalogue.workflows[
        space.card(REGISTER).columns[space.card(REGISTER).state or ""].workflow or ""
    ]
    found: list[Moved] = []
    held: dict[int, str] = {}
    for at, state, when, reason in revisions.values_list(
        "entry__number", "values__etat", "at", "comment"
    ):
        now = str(state or workflow.start)
        before = held.get(at)
        if before is not None and before != now:
            found.append(Moved(at, before, now, timezone.localtime(when).date(), reason))
        held[at] = now
    return found


def year_before(day: dt.date) -> dt.date:
    """The same day a year before, for the first review."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
