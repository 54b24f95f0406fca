"""Is this the code of this person's telephone, or one of her codes of recovery?

A code of the telephone is that of RFC 6238: six digits that change every half-minute, taken half
a minute early or late, and once only. A code of recovery serves once; only its hash is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from typing import Final

import pyotp
import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from terril.web.people.models import Person, RecoveryCode, SecondFactor

#: seconds of a step, and how many steps early or late a clock may be
PERIOD: Final = 30
DRIFT: Final = 1
CODES: Final = 10
#: no 0, 1, O, I: what is read on paper is typed right; 16 letters are 80 bits
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LETTERS: Final = 16

APPLICATION: Final = "application"
RECOVERY: Final = "secours"


def accepted(person: Person, code: str) -> str:
    """Take the code of a person whose factor is confirmed.

    Returns :data:`APPLICATION` or :data:`RECOVERY`, and the code serves no more; "" when it is
    not hers, or has served.
    """
    text = re.sub(r"[\s.\u00a0\u202f-]", "", code).upper()
    if re.fullmatch(r"[0-9]{6}", text):
        factor = SecondFactor.objects.filter(person=person, confirmed__isnull=False).first()
        return APPLICATION if factor is not None and took_step(factor, text) else ""
    digest = digest_of(person, text)
    taken, _ = RecoveryCode.objects.filter(person=person, digest=digest).delete()
    return RECOVERY if taken else ""


def took_step(factor: SecondFactor, code: str) -> bool:
    """Take a code of six digits: right, and of a later half-minute than the last one taken."""
    totp = pyotp.TOTP(factor.secret)
    now = current_step()
    found = 0
    for step in range(now - DRIFT, now + DRIFT + 1):  # all of them, whichever is right
        if hmac.compare_digest(totp.at(step * PERIOD), code):
            found = step
    if not found:
        return False
    # the database decides between two requests that bring the same code at once
    rows = SecondFactor.objects.filter(pk=factor.pk, step__lt=found)
    return rows.update(step=found) == 1


def current_step() -> int:
    """Return the half-minute of now, counted from 1970."""
    return int(time.time()) // PERIOD


def new_codes(person: Person) -> list[str]:
    """Replace the codes of recovery; return the ten new ones, in clear for the only time."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=digest_of(person, code)) for code in codes
    )
    return ["-".join(code[n : n + 4] for n in range(0, _LETTERS, 4)) for code in codes]


def digest_of(person: Person, code: str) -> str:
    """Return what is kept of a code of recovery, that of this person alone."""
    return hashlib.sha256(f"{person.key}:{code}".encode()).hexdigest()


def invitation(factor: SecondFactor, issuer: str) -> str:
    """Return the address ``otpauth:`` that an application of codes understands."""
    name = factor.person.email
    return pyotp.TOTP(factor.secret).provisioning_uri(name=name, issuer_name=issuer)


def drawn(address: str) -> SafeString:
    """Return a QR code as SVG for the page, named for those who do not see it."""
    svg = segno.make(address, error="m").svg_inline(border=4, light="white", omitsize=True)
    said = escape("Code à photographier avec l’application de votre téléphone")
    # segno draws squares only: nothing of the address stands in the text of the SVG
    return mark_safe(svg.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1))
