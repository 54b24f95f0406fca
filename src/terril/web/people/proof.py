"""Is it really the owner of the session who asks for something that cannot be undone?

A browser left open is not a person: before a second factor goes, an address changes or an
account is deleted, the password is asked again. Wrong ones count with refused sign-ins.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from terril.web.people import factor, lock
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal
from terril.web.people.staff import has_factor
from terril.web.security import address


def doubted(
    request: HttpRequest, person: Person, password: str, code: str | None = None
) -> Refusal | None:
    """Return why the proof is not enough, ``None`` when it is.

    ``code`` is looked at when it is given and the person has a second factor; ``None`` when the
    page does not ask for it.
    """
    place = address(request)
    if lock.is_locked(person.email, place):
        return Refusal(
            f"Trop d’essais refusés\u00a0: attendez {settings.LOCK_MINUTES} minutes.", 429
        )
    if not person.check_password(password):
        lock.failed(person.email, place)
        return Refusal("Ce mot de passe n’est pas le vôtre.", 400)
    if code is not None and has_factor(person) and not factor.accepted(person, code):
        lock.failed(person.email, place)
        return Refusal("Ce code n’est pas le bon, ou il a déjà servi.", 400)
    return None
