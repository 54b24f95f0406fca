"""What awaits a person, and when is she told?

Rooms register functions that return what awaits a person; once a day ``terril rappels`` sends to
each the message of all of them, at the pace that she chose, and nothing when nothing awaits.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.web.people import mail
from terril.web.people.models import Outbox, Pace, Person

_SALT: Final = "terril.people.rappels"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that awaits: a sentence in French, where it is done, by when.

    ``url``: a path of the site (« /contrats/… ») or a whole address.
    """

    text: str
    url: str = ""
    due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of the message: a title in French and its lines."""

    title: str
    lines: tuple[Line, ...]


Provider = Callable[[Person], Sequence[Part]]
_PROVIDERS: Final[list[Provider]] = []


def digest_part(provider: Provider) -> Provider:
    """Register a function that returns what awaits a person; usable as decorator."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def awaiting(person: Person) -> list[Part]:
    """Return what awaits a person, empty parts left out.

    A room that fails is left out and written in the log: the others are told all the same.
    """
    parts: list[Part] = []
    for provider in _PROVIDERS:
        try:
            with transaction.atomic():
                parts += [part for part in provider(person) if part.lines]
        except Exception:
            _LOG.exception("what awaits a person could not be said")
    return parts


def is_due(person: Person, today: dt.date) -> bool:
    """Is it the day to tell this person, at her pace?

    Every week: on Monday, or the first day after it that the command runs.
    """
    if not person.is_active or person.pace == Pace.NEVER:
        return False
    last = person.reminded or timezone.localdate(person.joined) - dt.timedelta(days=1)
    if person.pace == Pace.DAILY:
        return last < today
    monday = today - dt.timedelta(days=today.weekday())
    return last < monday


def remind(person: Person, today: dt.date) -> Outbox | None:
    """Write the message of a person if it is due and something awaits; ``None`` otherwise.

    Never twice the same day, even when two commands run at once.
    """
    if not is_due(person, today):
        return None
    parts = awaiting(person)
    if not parts:
        return None
    with transaction.atomic():
        rows = Person.objects.filter(Q(reminded=None) | Q(reminded__lt=today), pk=person.pk)
        if not rows.update(reminded=today):
            return None
        base = mail.base_address()
        number = sum(len(part.lines) for part in parts)
        told = [
            {"title": part.title, "lines": [_said(line, base) for line in part.lines]}
            for part in parts
        ]
        return mail.send(
            person.email,
            f"{compte(number, 'chose vous attend', 'choses vous attendent')}",
            "people/courriels/rappels.txt",
            {
                "parts": told,
                "pace": Pace(person.pace).label,
                "preferences": base + reverse("mes-preferences"),
            },
            person=person,
            unsubscribe=base + reverse("rappels-arreter", args=[stop_token(person)]),
            now=False,
        )


def stop_token(person: Person) -> str:
    """Return the signed word by which a person ends her reminders without signing in."""
    return signing.dumps(str(person.key), salt=_SALT, compress=False)


def of_token(token: str) -> Person | None:
    """Return the person of a word made by :func:`stop_token`, ``None`` when it is not one."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Person.objects.filter(key=key, deleted=None).first()


def _said(line: Line, base: str) -> str:
    """One line of the message: « Rendre le bilan, avant le 3 mars 2027 » and its address below."""
    text = " ".join(line.text.split())
    if line.due is not None:
        text += f", avant le {date_longue(line.due.isoformat())}"
    if not line.url:
        return text
    return f"{text}\n  {base + line.url if line.url.startswith('/') else line.url}"
