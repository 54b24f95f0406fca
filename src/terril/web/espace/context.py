"""What do all pages of the site know of the contracts: is there one to show?"""

from __future__ import annotations

import time
from typing import Any, Final

from django.db import DatabaseError
from django.http import HttpRequest

from terril.web.espace.models import Contract

#: seconds during which the answer is not asked again
_HELD: Final = 30.0
_KNOWN: Final[dict[str, tuple[float, bool]]] = {}


def has_contracts() -> bool:
    """Is there a contract on this site? A new one is seen within half a minute."""
    now = time.monotonic()
    at, known = _KNOWN.get("contracts", (-_HELD, False))
    if known or now - at < _HELD:
        return known
    try:
        known = Contract.objects.exists()
    except DatabaseError:  # a base that is not up to date yet
        known = False
    _KNOWN["contracts"] = (now, known)
    return known


def forget() -> None:
    """Ask again next time."""
    _KNOWN.clear()


def contracts(request: HttpRequest) -> dict[str, Any]:
    """Whether the menu leads to the contracts."""
    return {"site_has_contracts": has_contracts()}
