"""Which pages of the commitments have the members: the board, the review, its documents?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terril.contrat.commitments.board import REGISTER, Commitment, board
from terril.contrat.commitments.review import Review, review
from terril.lib.dates import date_longue
from terril.reports.commitments.sheet import review_pdf
from terril.reports.commitments.slides import review_slides
from terril.reports.commitments.words import (
    Heading,
    concerns,
    delay_text,
    moves,
    period_text,
    steps_text,
    summary_text,
)
from terril.web.contrat.asked import day_asked, number_asked
from terril.web.contrat.follow import followed, history, year_before
from terril.web.espace.doors import readable, refused, space_page
from terril.web.espace.perms import can_add
from terril.web.espace.shown import address_of
from terril.web.espace.space import Space

_FORMS: Final[dict[str, tuple[str, Callable[[Review, Heading], bytes]]]] = {
    "pdf": ("application/pdf", review_pdf),
    "pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        review_slides,
    ),
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A commitment on the board, every text final."""

    name: str
    address: str
    owner: str
    due: str
    late: str
    steps: str
    tone: str


@require_safe
@space_page
def wall(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The board: theme × state, the late ones first."""
    refusal = readable(space, REGISTER)
    if refusal is not None:
        return refused(request, refusal)
    every = followed(space)
    owner, quarter = (number_asked(request.GET, name) for name in ("responsable", "quartier"))
    late = request.GET.get("retard") == "oui"
    found = [
        one
        for one in every
        if (owner is None or owner in {one.owner, *(step.owner for step in one.steps)})
        and (quarter is None or not one.quarters or quarter in one.quarters)
        and (not late or one.late)
    ]
    lanes = [
        (
            lane.theme,
            lane.count,
            [(label, state, [_ticket(space, one) for one in held])
             for state, label, held in lane.columns],
        )
        for lane in board(found, space.catalogue)
    ]  # fmt: skip
    context = {
        "space": space,
        "lanes": lanes,
        "count": len(found),
        "total": len(every),
        "late_count": sum(one.late for one in every),
        "owners": _choices(space, "organisations", _owners(every), owner),
        "quarters": _choices(
            space, "quartiers", [row.number for row in space.rows("quartiers")], quarter
        ),
        "late": late,
        "filtered": owner is not None or quarter is not None or late,
        "may_add": can_add(space, REGISTER) is None,
    }
    return render(request, "contrat/engagements.html", context)


def _ticket(space: Space, one: Commitment) -> Ticket:
    return Ticket(
        one.name,
        address_of(space, REGISTER, one.number),
        one.owner_name or "Personne n’en répond",
        date_longue(one.due.isoformat()) if one.due is not None else "",
        delay_text(one, space.today),
        steps_text(one),
        one.tone,
    )


def _owners(every: Sequence[Commitment]) -> list[int]:
    found = {one.owner for one in every} | {s.owner for one in every for s in one.steps}
    return [number for number in found if number is not None]


def _choices(
    space: Space, register: str, numbers: Sequence[int], chosen: int | None
) -> list[tuple[int, str, bool]]:
    named = sorted((space.name(register, number), number) for number in numbers)
    return [(number, name, number == chosen) for name, number in named]


def _reviewed(request: HttpRequest, space: Space) -> Review:
    """The review of the days that the address asks for, the last year unless it does."""
    until = min(day_asked(request.GET, "au", space.today), space.today)
    since = min(day_asked(request.GET, "du", year_before(until)), until)
    return review(followed(space), space.catalogue, since, until, history(space))


@require_safe
@space_page
def reviewed(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The review before it is downloaded."""
    refusal = readable(space, REGISTER)
    if refusal is not None:
        return refused(request, refusal)
    found = _reviewed(request, space)
    context: dict[str, Any] = {
        "space": space,
        "review": found,
        "summary": summary_text(found),
        "period": period_text(found),
        "concerns": concerns(found),
        "moves": moves(found),
        "chain": f"du={found.since.isoformat()}&au={found.until.isoformat()}",
    }
    return render(request, "contrat/revue.html", context)


@require_safe
@space_page
def file(request: HttpRequest, space: Space, forme: str) -> HttpResponseBase:
    """The review as a document or as slides."""
    refusal = readable(space, REGISTER)
    if refusal is not None:
        return refused(request, refusal)
    if forme not in _FORMS:
        raise Http404
    kind, make = _FORMS[forme]
    found = _reviewed(request, space)
    body = make(found, Heading(space.contract.name, space.contract.holder, space.today))
    name = f"revue-engagements-{found.until.isoformat()}.{forme}"
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
