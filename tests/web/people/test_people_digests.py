"""Is each told what awaits her at her pace, once, and never about nothing?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from household import EMAIL, OTHER, link_in
from hypothesis import given
from hypothesis import strategies as st

from terril.web.people import digests
from terril.web.people.digests import Line, Part, awaiting, digest_part, is_due, remind
from terril.web.people.models import Outbox, Pace, Person

MONDAY = dt.date(2026, 11, 23)
JOINED = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)  # the Wednesday before


@pytest.fixture
def meeting(web: Client) -> None:
    """A room where something awaits everybody whose address begins with an « a »."""

    @digest_part
    def part(person: Person) -> Sequence[Part]:
        if not person.email.startswith("a"):
            return [Part("Réunions", ())]
        due = dt.date(2027, 3, 1)
        return [Part("Réunions", (Line("Relire le  compte rendu", "/contrats/x/", due),
                                  Line("Répondre")))]  # fmt: skip


#: pace, last reminder, day, is it due
PACES = (
    (Pace.DAILY, None, MONDAY, True),
    (Pace.DAILY, MONDAY, MONDAY, False),
    (Pace.DAILY, MONDAY, MONDAY + dt.timedelta(1), True),
    (Pace.WEEKLY, None, MONDAY, True),
    (Pace.WEEKLY, None, JOINED.date() + dt.timedelta(1), False),
    (Pace.WEEKLY, MONDAY, MONDAY, False),
    (Pace.WEEKLY, MONDAY, MONDAY + dt.timedelta(6), False),
    (Pace.WEEKLY, MONDAY, MONDAY + dt.timedelta(7), True),
    (Pace.WEEKLY, MONDAY - dt.timedelta(3), MONDAY + dt.timedelta(1), True),
    (Pace.NEVER, None, MONDAY, False),
)


@pytest.mark.parametrize(("pace", "last", "day", "due"), PACES)
def test_the_pace_is_kept(pace: Pace, last: dt.date | None, day: dt.date, due: bool) -> None:
    person = Person(email=EMAIL, pace=pace, reminded=last, joined=JOINED)
    assert is_due(person, day) is due
    person.is_active = False
    assert not is_due(person, day)


@given(st.sets(st.integers(0, 60), min_size=1))
def test_a_week_has_one_message_whenever_the_command_runs(days: set[int]) -> None:
    person = Person(email=EMAIL, pace=Pace.WEEKLY, joined=JOINED)
    told = []
    for number in sorted(days):
        day = MONDAY + dt.timedelta(number)
        if is_due(person, day):
            person.reminded = day
            told.append(day.isocalendar()[1])
    weeks = [(MONDAY + dt.timedelta(number)).isocalendar()[1] for number in sorted(days)]
    assert told == list(dict.fromkeys(weeks))


def test_the_message_says_what_where_and_by_when(meeting: None, ana: Person, lea: Person) -> None:
    Person.objects.update(pace=Pace.DAILY)
    with override_settings(SITE_ADDRESS="https://quartiers.exemple.fr"):
        call_command("rappels")
    (message,) = mail.outbox
    assert message.to == [EMAIL] and message.subject == "2 choses vous attendent"
    assert (
        "Réunions\n\n- Relire le compte rendu, avant le 1er mars 2027\n"
        "  https://quartiers.exemple.fr/contrats/x/\n- Répondre\n"
    ) in message.body
    stop = message.extra_headers["List-Unsubscribe"]
    assert stop.startswith("<https://quartiers.exemple.fr/rappels/arreter/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Client().post(link_in(stop.rstrip(">"))).status_code == 200
    ana.refresh_from_db()
    assert ana.pace == Pace.NEVER
    lea.refresh_from_db()
    assert lea.reminded is None, "nothing awaited her"


def test_it_is_never_sent_twice_the_same_day(meeting: None, ana: Person) -> None:
    Person.objects.update(pace=Pace.DAILY)
    call_command("rappels")
    call_command("rappels")
    assert len(mail.outbox) == 1
    stale = Person(pk=ana.pk, email=EMAIL, pace=Pace.DAILY, joined=JOINED)
    today = Person.objects.get().reminded
    assert today is not None and remind(stale, today) is None, "a second command knows it"


def test_nothing_is_nothing(ana: Person) -> None:
    Person.objects.update(pace=Pace.DAILY)
    digest_part(lambda person: [])
    call_command("rappels")
    assert not mail.outbox and Person.objects.get().reminded is None


def test_closed_and_deleted_accounts_are_left_alone(meeting: None, ana: Person) -> None:
    Person.objects.update(pace=Pace.DAILY, is_active=False)
    call_command("rappels")
    assert not Outbox.objects.exists()


def test_a_room_that_fails_does_not_silence_the_others(
    meeting: None, ana: Person, caplog: Any
) -> None:
    def broken(person: Person) -> Sequence[Part]:
        Person.objects.get(pk=-1)
        return []

    digests._PROVIDERS.insert(0, broken)
    assert [part.title for part in awaiting(ana)] == ["Réunions"]
    assert "could not be said" in caplog.text


def test_a_server_that_fails_is_told_and_loses_nothing(
    meeting: None, ana: Person, lea: Person
) -> None:
    Person.objects.update(pace=Pace.DAILY)
    from terril.web.mail_url import mail_settings

    with (
        override_settings(**mail_settings("smtp://localhost:1", digests.__file__)),  # type: ignore[arg-type]
        pytest.raises(CommandError, match="encore un serveur"),
    ):
        call_command("rappels")
    Outbox.objects.update(taken=None)
    call_command("courriels")
    assert [message.to for message in mail.outbox] == [[EMAIL]] and OTHER not in str(mail.outbox)
