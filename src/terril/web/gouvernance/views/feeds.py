"""What do calendars get: the feed of a contract, the file of one invitation?

Neither is signed in: the address itself is the key.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from terril.contrat.meetings.due import Due
from terril.reports.meetings.invitation import DayNote, feed_ics, invitation_ics
from terril.web.espace.doors import refused, space_page
from terril.web.espace.space import Space
from terril.web.gouvernance.actions.renew_feed import renew_feed
from terril.web.gouvernance.feed import of_invitation, space_of_feed
from terril.web.gouvernance.held import dues_of, invitation_of, organiser
from terril.web.gouvernance.sends import guests
from terril.web.people.gate import open_to_all
from terril.web.people.refusal import RefusedError

CALENDAR: Final = "text/calendar; charset=utf-8"
#: days of past meetings that the feed keeps
_PAST: Final = 400


def calendar(body: bytes, name: str, *, saved: bool) -> HttpResponse:
    """Return a calendar file, never kept by a cache."""
    answer = HttpResponse(body, content_type=CALENDAR)
    if saved:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@open_to_all
@require_safe
def feed(request: HttpRequest, jeton: str) -> HttpResponseBase:
    """The meetings and the deadlines of a contract, as the person of the address sees them."""
    space = space_of_feed(jeton)
    if space is None:
        raise Http404
    start = space.today - dt.timedelta(days=_PAST)
    rows = [
        row
        for row in space.rows("reunions")
        if row.get("date") is not None and row.values["date"] >= start
    ]
    invites = [invitation_of(space, row) for row in rows]
    changed = [row.changed for row in rows if row.changed is not None]
    stamp = max(changed, default=dt.datetime(space.today.year, 1, 1, tzinfo=dt.UTC))
    notes = [
        _note(space, due)
        for due in dues_of(space)
        if due.kind in ("legale", "contrat") and due.day is not None and not due.done
        and not due.optional
    ]  # fmt: skip
    body = feed_ics(space.contract.name, invites, notes, stamp=stamp, zone=settings.TIME_ZONE)
    return calendar(body, "agenda.ics", saved=False)


def _note(space: Space, due: Due) -> DayNote:
    assert due.day is not None
    key = due.code or f"echeance-{due.number}"
    row = (
        f"-{due.register}-{due.number}"
        if due.code and due.register not in ("", "echeances")
        else ""
    )
    return DayNote(
        uid=f"{key}{row}-{due.year or due.day.year}-{space.contract.code}@terril",
        title=f"{due.what} ({due.when})" if due.loose or due.shown else due.what,
        day=due.day,
        about=" ".join(text for text in (due.about, due.text) if text),
    )


@open_to_all
@require_safe
def invitation(request: HttpRequest, jeton: str) -> HttpResponseBase:
    """The file of an invitation, as the meeting stands now, for the structure of the address."""
    found = of_invitation(jeton)
    if found is None:
        raise Http404
    contract, number, organisation = found
    space = Space(contract, everything=True)
    meeting = space.row("reunions", number)
    if meeting is None or meeting.archived or meeting.get("date") is None:
        raise Http404
    email = next((g.email for g in guests(space, meeting) if g.organisation == organisation), "")
    body = invitation_ics(
        invitation_of(space, meeting),
        organiser=organiser(),
        attendee=email,
        zone=settings.TIME_ZONE,
    )
    return calendar(body, f"reunion-{number}.ics", saved=True)


@require_POST
@space_page
def renew(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Shut the former address of the feed."""
    try:
        renew_feed(space)
    except RefusedError as error:
        return refused(request, error.refusal)
    messages.success(
        request, "L’ancienne adresse ne répond plus. Donnez la nouvelle à votre agenda."
    )
    return redirect("agenda", space.contract.code)
