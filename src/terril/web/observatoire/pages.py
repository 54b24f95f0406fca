"""Which edition does a page show, and may the browser keep it?

A file under a date never changes: it may be kept for ever, its ETag is the edition and the version
of the software. A page is asked again each time, which costs a 304: its edition may be withdrawn
one day, and then the page must say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render

from terril import __version__
from terril.editions.look import Look
from terril.editions.register import Notice
from terril.web.design.context import shelf
from terril.web.espace.context import has_contracts
from terril.web.observatoire.kept import KEEPER, may_keep, packed, restored

View = Callable[..., HttpResponseBase]
_YEAR: Final = "public, max-age=31536000, immutable"
_AGAIN: Final = "public, no-cache"


def edition_of(date: str | None) -> Look:
    """Return the edition of a date, the newest without one; raises ``Http404``."""
    found = shelf().look(date) if date else shelf().latest()
    if found is None:
        raise Http404
    return found


def edition_page(view: View) -> View:
    """Give a view its edition (``look``), answer 304 when the browser holds the page."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, date: str | None = None, **kwargs: Any) -> Any:
        preview: Look | None = getattr(request, "preview", None)
        if preview is not None:  # a draft, for those who prepare it: kept nowhere
            request.look, request.dated = preview, None  # type: ignore[attr-defined]
            return view(request, preview, *args, **kwargs)
        if date is None and not shelf().shown():
            return render(request, "observatoire/vide.html", status=404)
        look = edition_of(date)
        notice = look.notice
        others = " ".join(shelf().shown()) if date is None else ""  # the page links to them
        state = (
            f"{__version__} {look.mark} {notice.text if notice else ''} {others} "
            f"{has_contracts()} "  # the menu leads to them
            f"{request.get_full_path()}"
        )
        tag = f'"{hashlib.sha256(state.encode()).hexdigest()[:24]}"'
        if tag in request.headers.get("If-None-Match", "").replace("W/", ""):
            answer: HttpResponseBase = HttpResponseNotModified()
        else:
            request.look, request.dated = look, date  # type: ignore[attr-defined]
            keep = may_keep(request)
            key = f"{tag} {request.scheme} {request.get_host()}"
            held = KEEPER.find(key) if keep else None
            if held is not None:
                return restored(request, held)
            answer = view(request, look, *args, **kwargs)
            fresh = packed(request, _dated(answer, request, tag, date, notice)) if keep else None
            if fresh is not None:
                KEEPER.keep(key, fresh)
                return restored(request, fresh)
        return _dated(answer, request, tag, date, notice)

    shown.takes_edition = True  # type: ignore[attr-defined]
    return shown


def _dated(
    answer: HttpResponseBase,
    request: HttpRequest,
    tag: str,
    date: str | None,
    notice: Notice | None,
) -> HttpResponseBase:
    """Say how long an answer may be kept, and what it is known by."""
    if answer.status_code in (200, 304):
        answer["ETag"] = tag
        is_file = not request.path.endswith("/")  # the addresses of pages end so
        answer["Cache-Control"] = _YEAR if date and is_file and notice is None else _AGAIN
    return answer
