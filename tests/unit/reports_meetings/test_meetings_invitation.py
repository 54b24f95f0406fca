"""Do calendars understand an invitation, its changes, its cancellation, and the hour of Paris?"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from meeting_books import CATALOGUE, SmallBooks, day
from terril.contrat.meetings.papers import Invitation, invitation
from terril.reports.meetings.invitation import (
    DayNote,
    bounds,
    feed_ics,
    invitation_ics,
    summary,
    time_zone,
)
from terril.reports.meetings.letter import letter

INVITE = Invitation(
    uid="reunion-1-essai@exemple.fr",
    sequence=2,
    stamp=dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC),
    contract="Contrat de ville d’essai",
    body="Comité technique",
    title="Comité technique n° 2",
    day=day("2026-09-08"),
    start=dt.time(14),
    end=dt.time(16, 30),
    minutes=120,
    place="Salle des fêtes, 1er étage ; accès rue Haute",
    link="https://visio.exemple.fr/a?b=c;d",
    agenda=("Bilan", "Budget", "Été"),
    pending=("Écrire la charte (Ville A)",),
    called_off=False,
    tentative=False,
)


def event(body: bytes) -> tuple[Calendar, object]:
    calendar = Calendar.from_ical(body)
    events = calendar.walk("VEVENT")
    assert len(events) == 1
    return calendar, events[0]


def test_an_invitation_asks_for_an_answer_and_says_when_and_what() -> None:
    body = invitation_ics(INVITE, organiser="contrat@exemple.fr", attendee="ville@exemple.fr")
    calendar, found = event(body)
    assert calendar["METHOD"] == "REQUEST"
    assert found["UID"] == INVITE.uid and found["SEQUENCE"] == 2  # type: ignore[index]
    start, end = found.decoded("dtstart"), found.decoded("dtend")  # type: ignore[attr-defined]
    assert start.astimezone(dt.UTC) == dt.datetime(2026, 9, 8, 12, tzinfo=dt.UTC)
    assert end - start == dt.timedelta(hours=2, minutes=30)
    assert str(found["LOCATION"]) == INVITE.place  # type: ignore[index]
    assert "2. Budget\n3. Été" in str(found["DESCRIPTION"])  # type: ignore[index]
    assert found["STATUS"] == "CONFIRMED"  # type: ignore[index]
    assert str(found["ATTENDEE"]) == "mailto:ville@exemple.fr"  # type: ignore[index]


def test_a_cancellation_keeps_the_identifier_and_raises_the_sequence() -> None:
    off = replace(INVITE, called_off=True, sequence=3)
    calendar, found = event(invitation_ics(off, organiser="c@exemple.fr", attendee="v@exemple.fr"))
    assert calendar["METHOD"] == "CANCEL"
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == (  # type: ignore[index]
        INVITE.uid, 3, "CANCELLED",
    )  # fmt: skip


def test_without_an_organiser_the_file_is_only_published() -> None:
    calendar, found = event(invitation_ics(INVITE))
    assert calendar["METHOD"] == "PUBLISH" and "ATTENDEE" not in found  # type: ignore[operator]


def test_the_same_meeting_gives_the_same_bytes_with_crlf_and_short_lines() -> None:
    body = invitation_ics(INVITE, organiser="contrat@exemple.fr")
    assert body == invitation_ics(INVITE, organiser="contrat@exemple.fr")
    lines = body.split(b"\r\n")
    assert b"\n" not in b"".join(lines) and max(len(line) for line in lines) <= 75


HOURS = [
    ("2026-01-12", dt.time(9), dt.time(11), "08:00", 120),  # winter
    ("2026-07-12", dt.time(9), dt.time(11), "07:00", 120),  # summer
    ("2026-03-29", dt.time(1, 30), dt.time(3, 30), "00:30", 60),  # the night that is short
    ("2026-10-25", dt.time(1, 30), dt.time(3, 30), "23:30", 180),  # the night that is long
    ("2026-09-08", dt.time(14), None, "12:00", 120),  # no end: the length of the card
    ("2026-09-08", dt.time(14), dt.time(9), "12:00", 120),  # an end before the start
]


@pytest.mark.parametrize(("iso", "start", "end", "utc", "minutes"), HOURS)
def test_hours_are_those_of_paris(
    iso: str, start: dt.time, end: dt.time | None, utc: str, minutes: int
) -> None:
    opened, closed = bounds(replace(INVITE, day=day(iso), start=start, end=end))
    assert isinstance(opened, dt.datetime) and isinstance(closed, dt.datetime)
    first, last = opened.astimezone(dt.UTC), closed.astimezone(dt.UTC)
    assert f"{first:%H:%M}" == utc
    if end is not None and end > start:
        assert (last - first).total_seconds() == minutes * 60
    else:
        assert closed.replace(tzinfo=None) - opened.replace(tzinfo=None) == dt.timedelta(
            minutes=120
        )


def test_without_an_hour_the_meeting_takes_the_day() -> None:
    _, found = event(invitation_ics(replace(INVITE, start=None, end=None)))
    assert found.decoded("dtstart") == day("2026-09-08")  # type: ignore[attr-defined]
    assert found.decoded("dtend") == day("2026-09-09")  # type: ignore[attr-defined]


def as_read(zone: str, first: int, last: int) -> dt.tzinfo:
    """The zone as another program reads it from the file."""
    calendar = Calendar()
    calendar.add_component(time_zone(zone, first, last))
    found: dt.tzinfo | None = tzical(io.StringIO(calendar.to_ical().decode())).get()
    assert found is not None
    return found


PARIS = as_read("Europe/Paris", 2024, 2030)


@given(st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2030, 12, 31)))
def test_the_zone_of_the_file_is_that_of_paris(moment: dt.datetime) -> None:
    real = moment.replace(tzinfo=ZoneInfo("Europe/Paris"))
    there_and_back = real.astimezone(dt.UTC).astimezone(ZoneInfo("Europe/Paris"))
    if there_and_back.replace(tzinfo=None) != moment or real.replace(fold=1).utcoffset() != (
        real.utcoffset()
    ):
        return  # an hour that does not exist, or that comes twice
    assert moment.replace(tzinfo=PARIS).utcoffset() == real.utcoffset()


def test_a_zone_without_summer_time_has_one_offset() -> None:
    body = time_zone("Indian/Reunion", 2026, 2027).to_ical()
    assert body.count(b"BEGIN:STANDARD") == 1 and b"DAYLIGHT" not in body
    assert b"TZOFFSETTO:+0400" in body


def test_the_feed_holds_meetings_and_deadlines_that_take_no_time() -> None:
    note = DayNote("rapport-2026@terril", "Rapport annuel", day("2026-12-31"), "Débattu.")
    body = feed_ics("Contrat", [INVITE], [note], stamp=INVITE.stamp)
    calendar = Calendar.from_ical(body)
    found = {str(e["UID"]): e for e in calendar.walk("VEVENT")}
    assert set(found) == {INVITE.uid, note.uid}
    assert found[note.uid]["TRANSP"] == "TRANSPARENT"
    assert found[note.uid].decoded("dtstart") == note.day
    assert len(calendar.walk("VTIMEZONE")) == 1


def test_the_body_is_named_once() -> None:
    assert summary(INVITE) == "Comité technique n° 2"
    assert summary(replace(INVITE, title="Bilan de l’année")) == (
        "Comité technique\u00a0: Bilan de l’année"
    )


def test_an_invitation_is_made_from_the_register() -> None:
    books = SmallBooks(
        "2026-09-01",
        organisations=[{"nom": "Ville A"}],
        instances=[{"nom": "Comité"}],
        reunions=[
            {"titre": "Comité", "instance": 1, "date": day("2026-03-01")},
            {"titre": "Comité", "instance": 1, "date": day("2026-09-08"), "debut": dt.time(9),
             "ordre_du_jour": "- Un\n\n• Deux", "etat": "convoquee"},
        ],
        decisions=[{"decision": "Écrire", "reunion": 1, "responsable": 1,
                    "echeance": day("2026-09-05")}],
    )  # fmt: skip
    made = invitation(books, CATALOGUE, books.row("reunions", 2), "Contrat", "essai", "exemple.fr")
    assert made.uid == "reunion-2-essai@exemple.fr" and made.sequence == 0
    assert made.agenda == ("Un", "Deux") and not made.tentative
    assert made.pending == ("Écrire (Ville A, pour le 5 septembre 2026)",)
    assert made.when == "mardi 8 septembre 2026, à 9\u00a0h"


def test_the_letter_says_all_and_leaves_web_addresses_alone() -> None:
    told = letter(INVITE, word="Merci d’apporter vos chiffres !")
    assert told.subject == "Invitation\u00a0: Comité technique n° 2"
    for words in ("mardi 8 septembre 2026, de 14\u00a0h à 16\u00a0h\u00a030",
                  "https://visio.exemple.fr/a?b=c;d", "2. Budget", "– Écrire la charte (Ville A)",
                  "Merci d’apporter vos chiffres\u202f!"):  # fmt: skip
        assert words in told.text, words


def test_a_change_and_a_cancellation_say_so() -> None:
    assert letter(INVITE, again=True).subject.startswith("Changement")
    off = letter(replace(INVITE, called_off=True), again=True)
    assert off.subject.startswith("Annulée")
    assert "n’aura pas lieu" in off.text and "Ordre du jour" not in off.text
