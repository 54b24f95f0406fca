"""What does each answer forbid to the browser, and how often may one address ask?

The policy allows nothing from elsewhere and nothing written inside the page (W3C Content
Security Policy 3, without « unsafe-inline »). Only an embed may be framed by others: its view
says so with :func:`embeddable`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]

_DIRECTIVES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}
_PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), interest-cohort=()"


def policy(*, framed: bool = False) -> str:
    """Return the text of the policy; ``framed``: other sites may show the page in a frame."""
    directives = dict(_DIRECTIVES)
    if framed:
        directives["frame-ancestors"] = "*"
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def embeddable(view: View) -> View:
    """Let other sites show what ``view`` answers in a frame."""

    @wraps(view)
    @xframe_options_exempt
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        answer["Content-Security-Policy"] = policy(framed=True)
        return answer

    return framed


class Policy:
    """Adds the policy to every answer that has none of its own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy."""
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Rate:
    """Refuses the address that asks more than ``settings.RATE`` times a minute.

    Each process counts for itself, in memory, nothing is kept: a bucket that fills evenly and
    lets a quarter of a minute through at once.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse with the delay to wait."""
        wait = self._wait(address(request))
        if wait <= 0:
            return self.answer(request)
        if request.path.startswith("/api/"):
            refused = HttpResponse(
                '{"detail": "Trop de demandes : attendez un instant."}',
                content_type="application/json",
                status=429,
            )
        else:
            refused = render(request, "design/429.html", status=429)
        refused["Retry-After"] = str(int(wait) + 1)
        return refused

    def _wait(self, key: str) -> float:
        """Take one from the bucket of an address; return the seconds to wait when it is empty."""
        per_second = settings.RATE / 60
        room = max(settings.RATE / 4, 1.0)
        now = time.monotonic()
        with self._lock:
            if len(self._buckets) > 20_000:
                limit = now - room / per_second
                self._buckets = {k: b for k, b in self._buckets.items() if b[1] > limit}
            left, since = self._buckets.get(key, (room, now))
            left = min(room, left + (now - since) * per_second)
            if left < 1:
                self._buckets[key] = (left, now)
                return (1 - left) / per_second
            self._buckets[key] = (left - 1, now)
            return 0.0


def address(request: HttpRequest) -> str:
    """Return the address that asks, behind as many proxies as the settings declare."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(chain) >= settings.PROXIES and chain[-settings.PROXIES]:
            return chain[-settings.PROXIES]
    return remote
