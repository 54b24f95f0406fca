"""Where does a link lead, when the page it stands on shows an edition of a date, or a draft?"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from terril.editions.look import Look, Shelf

_MOST: Final = 6


def address(request: HttpRequest | None, name: str, **kwargs: str) -> str:
    """Return the address of a page, in the edition of a date when ``request`` asks for one.

    ``request.prefix`` comes before it: links of the preview of a draft stay in the preview.
    """
    prefix: str = getattr(request, "prefix", "")
    if prefix:
        return prefix + reverse(name, kwargs=kwargs)
    dated = getattr(request, "dated", None)
    if dated:
        return reverse(f"{name}-edition", kwargs={"date": dated, **kwargs})
    return reverse(name, kwargs=kwargs)


def elsewhere(request: HttpRequest, shelf: Shelf) -> list[tuple[str, str]]:
    """The same page in the other published editions: their date and its address.

    From a page under a date, which is kept for ever and so must not list what comes later: the
    page without a date alone, its date empty. Nothing when the page is of no edition.
    """
    look: Look | None = getattr(request, "look", None)
    prefix: str = getattr(request, "prefix", "")
    match = request.resolver_match
    if look is None or match is None or prefix:
        return []
    name = (match.url_name or "").removesuffix("-edition")
    keys = {key: value for key, value in match.kwargs.items() if key != "date"}
    try:
        if getattr(request, "dated", None):
            return [("", reverse(name, kwargs=keys))]
        return [
            (date, reverse(f"{name}-edition", kwargs={"date": date, **keys}))
            for date in shelf.shown()
            if date != look.date and _has(shelf, date, name, keys.get("code", ""))
        ][:_MOST]
    except NoReverseMatch:
        return []


def _has(shelf: Shelf, date: str, name: str, code: str) -> bool:
    """Does the edition of a date have the neighbourhood or the indicator of the page?"""
    other = shelf.look(date)
    if other is None:
        return False
    if name == "quartier":
        return code in other.names
    return name != "indicateur" or code in other.catalogue.indicators
