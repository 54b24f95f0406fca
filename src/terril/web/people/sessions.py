"""Which sessions has a person open, and how do they end?

A session is Django's; beside it stands one row that its owner can recognise. Ending a session
deletes both: the browser that held it is signed out at its next request.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from terril.web.people.devices import device, network
from terril.web.people.models import OpenSession, Person
from terril.web.security import address

#: a session in use is written down no more often than this
SEEN_EVERY: Final = dt.timedelta(minutes=5)


def opened(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """Write down the session that has just been opened (signal ``user_logged_in``)."""
    if isinstance(user, Person) and request.session.session_key:
        _write(request, user)


def left(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """Forget the session that is being closed (signal ``user_logged_out``)."""
    OpenSession.objects.filter(session=request.session.session_key or "").delete()


def touch(request: HttpRequest, person: Person) -> None:
    """Note that the session of this request is in use, every five minutes at the most.

    At once when the device is another one: a cookie that was copied shows itself.
    """
    key = request.session.session_key or ""
    row = OpenSession.objects.filter(session=key, person=person).first()
    if (
        row is None
        or timezone.now() - row.seen > SEEN_EVERY
        or row.device != device(_agent(request))
    ):
        _write(request, person)


def renewed(request: HttpRequest, person: Person, former: str) -> None:
    """Follow a session whose key Django has just changed from ``former``."""
    OpenSession.objects.filter(session=former).delete()
    _write(request, person)


def open_of(person: Person) -> list[OpenSession]:
    """Return the open sessions of a person, the last seen first; forget those that expired."""
    limit = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = OpenSession.objects.filter(person=person)
    rows.filter(seen__lte=limit).delete()
    store = _store()
    gone = [row.pk for row in rows if not store.exists(row.session)]
    rows.filter(pk__in=gone).delete()
    return list(rows.all())


def end(rows: QuerySet[OpenSession]) -> int:
    """End sessions for good; return how many there were."""
    keys = list(rows.values_list("session", flat=True))
    for key in keys:
        _store().delete(key)
    rows.delete()
    return len(keys)


def _write(request: HttpRequest, person: Person) -> None:
    OpenSession.objects.update_or_create(
        session=request.session.session_key or "",
        defaults={
            "person": person,
            "seen": timezone.now(),
            "device": device(_agent(request)),
            "network": network(address(request)),
        },
    )


def _agent(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_USER_AGENT", ""))


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()
