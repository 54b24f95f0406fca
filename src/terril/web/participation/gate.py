"""Is what comes by the public form sent by somebody, and not too often?

Three things, none of which asks anything of a person: a field that nobody sees stays empty, the
form was open for a few seconds, and an address sends a few needs an hour. The address is not
kept: its trace in memory is a hash with a key of the process, forgotten within the hour.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from typing import Final, Literal

from django.core import signing
from django.http import HttpRequest

from terril.web.security import address

_SALT: Final = "terril.participation.proposer"
#: seconds that a form is open at the least and at the most
SHORTEST: Final = 3
LONGEST: Final = 24 * 3600
#: needs that one address sends in an hour, and all together to one process
MOST: Final = 5
MOST_ALL: Final = 300
_HOUR: Final = 3600.0
_KEY: Final = secrets.token_bytes(16)
_LOCK: Final = threading.Lock()
_SENT: Final[dict[str, list[float]]] = {}

#: name of the field that nobody sees
TRAP: Final = "site_web"

Answer = Literal["", "piege", "trop_vite", "trop_vieux", "trop_souvent"]


def opened() -> str:
    """Return a signed mark of the moment when the form was shown."""
    return signing.dumps(int(time.time()), salt=_SALT)


def check(request: HttpRequest) -> Answer:
    """Say what is wrong with what came, "" when nothing is."""
    if request.POST.get(TRAP, ""):
        return "piege"
    try:
        since = signing.loads(request.POST.get("ouvert", ""), salt=_SALT, max_age=LONGEST)
    except signing.BadSignature:  # too old as well
        return "trop_vieux"
    if time.time() - int(since) < SHORTEST:
        return "trop_vite"
    return ""


def too_often(request: HttpRequest, contract: str) -> bool:
    """Count one need for the address that sends it; tell whether it is one too many."""
    mark = hashlib.blake2b(f"{contract} {address(request)}".encode(), key=_KEY).hexdigest()
    now = time.monotonic()
    with _LOCK:
        for key in [k for k, times in _SENT.items() if times[-1] < now - _HOUR]:
            del _SENT[key]
        recent = [at for at in _SENT.get(mark, ()) if at > now - _HOUR]
        whole = sum(at > now - _HOUR for times in _SENT.values() for at in times)
        if len(recent) >= MOST or whole >= MOST_ALL:
            return True
        _SENT[mark] = [*recent, now]
    return False


def forget() -> None:
    """Forget who sent what, for tests."""
    with _LOCK:
        _SENT.clear()
