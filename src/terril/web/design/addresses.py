"""Where does a link lead, when the page it stands on shows an edition of a date?"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse


def address(request: HttpRequest | None, name: str, **kwargs: str) -> str:
    """Return the address of a page, in the edition of a date when ``request`` asks for one."""
    dated = getattr(request, "dated", None)
    if dated:
        return reverse(f"{name}-edition", kwargs={"date": dated, **kwargs})
    return reverse(name, kwargs=kwargs)
