"""Has this account, or this address, failed too often to sign in?

Failures are rows that every process of the server sees. Three counts over the last minutes:
one account from one address, one account from everywhere, one address for every account.
Demands that write a message to somebody are counted in the same rows, under keys of their own.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from terril.web.people.models import LoginFailure


def _key(text: str) -> str:
    return salted_hmac("terril.people.lock", text.strip().lower(), algorithm="sha256").hexdigest()


def _since() -> dt.datetime:
    return timezone.now() - dt.timedelta(minutes=settings.LOCK_MINUTES)


def is_locked(email: str, address: str) -> bool:
    """Must this sign-in wait?"""
    account, place = _key(email), _key(address)
    counts = LoginFailure.objects.filter(at__gt=_since()).aggregate(
        both=Count("pk", filter=Q(account=account, address=place)),
        account=Count("pk", filter=Q(account=account)),
        place=Count("pk", filter=Q(address=place)),
    )
    both, alone, anywhere = settings.LOCK_AFTER
    return bool(counts["both"] >= both or counts["account"] >= alone or counts["place"] >= anywhere)


def failed(email: str, address: str) -> None:
    """Count one failure; forget those of before."""
    LoginFailure.objects.filter(at__lte=_since()).delete()
    LoginFailure.objects.create(at=timezone.now(), account=_key(email), address=_key(address))


def forget(email: str) -> None:
    """Forget the failures of an account that is no more."""
    LoginFailure.objects.filter(account=_key(email)).delete()


def succeeded(email: str, address: str) -> None:
    """Forget the failures of this account from this address."""
    LoginFailure.objects.filter(account=_key(email), address=_key(address)).delete()


def asked_too_often(kind: str, email: str, address: str, most: tuple[int, int]) -> bool:
    """Count one more demand of a ``kind``; is it one too many for the account or the address?

    ``most``: how many are let through over the minutes of the lock, for one account, for one
    address. Whether the account exists changes nothing.
    """
    account, place = _key(f"{kind}:{email}"), _key(f"{kind}:{address}")
    counts = LoginFailure.objects.filter(at__gt=_since()).aggregate(
        account=Count("pk", filter=Q(account=account)),
        place=Count("pk", filter=Q(address=place)),
    )
    LoginFailure.objects.create(at=timezone.now(), account=account, address=place)
    return bool(counts["account"] >= most[0] or counts["place"] >= most[1])
