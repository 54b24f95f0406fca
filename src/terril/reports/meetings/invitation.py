"""How does a meeting reach the calendars: an invitation, its cancellation, a feed?

iCalendar (RFC 5545) and its transport (RFC 5546). A meeting keeps its identifier; its sequence
grows with each change, so that a calendar replaces what it holds. The time zone is written with
its transitions: the ones that cover the meetings of the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
)

from terril.contrat.meetings.papers import Invitation

PRODUCT: Final = "-//Terril//Reunions//FR"
ZONE: Final = "Europe/Paris"
_DAY: Final = dt.timedelta(days=1)
_QUARTER: Final = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DayNote:
    """A deadline in the feed: a whole day, busy for nobody."""

    uid: str
    title: str
    day: dt.date
    about: str = ""


def invitation_ics(
    invite: Invitation,
    *,
    organiser: str = "",
    attendee: str = "",
    zone: str = ZONE,
) -> bytes:
    """Return the file sent with an invitation, or with a cancellation when it is called off.

    ``organiser`` and ``attendee`` are e-mail addresses; the method needs an organiser
    (RFC 5546, 3.2): without one the file is only published.
    """
    method = "CANCEL" if invite.called_off else "REQUEST"
    calendar = _calendar(method if organiser else "PUBLISH")
    _add_zones(calendar, [invite], zone)
    event = _event(invite, zone)
    if organiser:
        event["organizer"] = vCalAddress(f"mailto:{organiser}")
    if attendee and organiser:
        guest = vCalAddress(f"mailto:{attendee}")
        guest.params["ROLE"] = "REQ-PARTICIPANT"
        if not invite.called_off:
            guest.params["PARTSTAT"] = "NEEDS-ACTION"
            guest.params["RSVP"] = "TRUE"
        event.add("attendee", guest, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed_ics(
    name: str,
    invites: Sequence[Invitation],
    notes: Iterable[DayNote] = (),
    *,
    stamp: dt.datetime,
    zone: str = ZONE,
) -> bytes:
    """Return the feed of a contract, for calendars that subscribe to it.

    ``stamp`` dates the notes. Calendars are asked to come back every six hours.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    _add_zones(calendar, invites, zone)
    for invite in invites:
        calendar.add_component(_event(invite, zone))
    for note in notes:
        event = Event()
        event.add("uid", note.uid)
        event.add("dtstamp", stamp.astimezone(dt.UTC))
        event.add("dtstart", note.day)
        event.add("dtend", note.day + dt.timedelta(days=1))
        event.add("summary", note.title)
        if note.about:
            event.add("description", note.about)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(invite: Invitation, zone: str) -> Event:
    event = Event()
    event.add("uid", invite.uid)
    event.add("sequence", invite.sequence)
    event.add("dtstamp", invite.stamp.astimezone(dt.UTC))
    event.add("last-modified", invite.stamp.astimezone(dt.UTC))
    start, end = bounds(invite, zone)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", summary(invite))
    if invite.place or invite.link:
        event.add("location", invite.place or invite.link)
    if invite.link:
        event.add("url", invite.link)
    event.add("description", description(invite))
    event.add("status", _status(invite))
    return event


def _status(invite: Invitation) -> str:
    if invite.called_off:
        return "CANCELLED"
    return "TENTATIVE" if invite.tentative else "CONFIRMED"


def bounds(invite: Invitation, zone: str = ZONE) -> tuple[dt.date, dt.date]:
    """Return the start and the end: moments of the zone, or days when no hour is set.

    The end is excluded, as RFC 5545 has it. An end that is not after the start is not believed.
    """
    if invite.start is None:
        return invite.day, invite.day + dt.timedelta(days=1)
    local = ZoneInfo(zone)
    start = dt.datetime.combine(invite.day, invite.start, tzinfo=local)
    if invite.end is not None and invite.end > invite.start:
        return start, dt.datetime.combine(invite.day, invite.end, tzinfo=local)
    return start, start + dt.timedelta(minutes=invite.minutes)


def summary(invite: Invitation) -> str:
    """The line of the calendar: the title, after the body when it does not name it."""
    named = invite.body.casefold() in invite.title.casefold()
    return invite.title if named or not invite.body else f"{invite.body}\u00a0: {invite.title}"


def description(invite: Invitation) -> str:
    """The agenda as plain text, and the link to join."""
    lines = [invite.contract]
    if invite.link:
        lines += ["", f"Visioconférence\u00a0: {invite.link}"]
    if invite.agenda:
        lines += ["", "Ordre du jour"]
        lines += [f"{rank}. {item}" for rank, item in enumerate(invite.agenda, 1)]
    return "\n".join(lines)


# ------------------------------------------------------------------ time zone


def _add_zones(calendar: Calendar, invites: Sequence[Invitation], zone: str) -> None:
    years = [invite.day.year for invite in invites if invite.start is not None]
    if years:
        calendar.add_component(time_zone(zone, min(years), max(years)))


def time_zone(zone: str, first: int, last: int) -> Timezone:
    """Return the component of a zone, right from the start of ``first`` to the end of ``last``.

    Each change of offset stands with its local time before the change (RFC 5545, 3.6.5).
    """
    component = Timezone()
    component.add("tzid", zone)
    changes = list(_changes(ZoneInfo(zone), first - 1, last))
    if not changes:
        moment = dt.datetime(first, 1, 1, tzinfo=ZoneInfo(zone))
        changes = [(dt.datetime(1970, 1, 1), _offset(moment), moment)]
    for local, before, after in changes:
        summer = bool(after.dst())
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("dtstart", local)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", _offset(after))
        part.add("tzname", after.tzname() or zone)
        component.add_component(part)
    return component


def _offset(moment: dt.datetime) -> dt.timedelta:
    return moment.utcoffset() or dt.timedelta(0)


def _changes(
    zone: ZoneInfo, first: int, last: int
) -> Iterator[tuple[dt.datetime, dt.timedelta, dt.datetime]]:
    """Yield the changes of offset: local time before it, offset before it, moment after it."""
    moment = dt.datetime(first, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(last + 1, 1, 1, tzinfo=dt.UTC)
    before = _offset(moment.astimezone(zone))
    while moment < end:
        if _offset((moment + _DAY).astimezone(zone)) == before:
            moment += _DAY
            continue
        while _offset(moment.astimezone(zone)) == before:
            moment += _QUARTER
        after = moment.astimezone(zone)
        yield (moment + before).replace(tzinfo=None), before, after
        before = _offset(after)
