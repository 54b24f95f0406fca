"""Which pages need not be made twice?

A page depends on its edition, its address and the version of the software, all of which its key
holds: once made for a reader it is the same for the next. The last ones asked for are kept in
memory, compressed as they are sent, each process for itself, up to ``settings.PAGES_KEPT``
bytes. Nothing is kept of a visit that brought or took a cookie: those pages may know someone.
"""

from __future__ import annotations

import gzip
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

#: a page that takes more than this share of the room is not kept
_SHARE: Final = 8
_TEXTS: Final = ("text/", "application/json", "application/ld+json", "application/xml")
_GZIP: Final = re.compile(r"\bgzip\b")
#: what an entry weighs beyond its bytes: headers, key, object
_OVERHEAD: Final = 1500


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it leaves: its bytes, compressed or not, its headers."""

    body: bytes
    packed: bool
    headers: tuple[tuple[str, str], ...]
    framed: bool

    @property
    def weight(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + _OVERHEAD


class Keeper:
    """The last pages asked for, by key. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Kept] = OrderedDict()
        self.weight = 0

    def find(self, key: str) -> Kept | None:
        """Return the answer kept under ``key``, which becomes the last one asked for."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def keep(self, key: str, answer: Kept) -> None:
        """Keep an answer; those asked for longest ago make room for it."""
        room = settings.PAGES_KEPT
        if answer.weight * _SHARE > room:
            return
        with self._lock:
            before = self._held.pop(key, None)
            self.weight += answer.weight - (before.weight if before else 0)
            self._held[key] = answer
            while self.weight > room:
                self.weight -= self._held.popitem(last=False)[1].weight

    def clear(self) -> None:
        """Keep nothing more of what is held."""
        with self._lock:
            self._held.clear()
            self.weight = 0


KEEPER: Final = Keeper()


def may_keep(request: HttpRequest) -> bool:
    """Whether what is answered can hold nothing of the person who asks."""
    return request.method in ("GET", "HEAD") and not request.COOKIES


def packed(request: HttpRequest, answer: HttpResponseBase) -> Kept | None:
    """Return what is to be kept of ``answer``, ``None`` when it must not be."""
    if (
        not isinstance(answer, HttpResponse)
        or answer.status_code != 200
        or answer.cookies
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or answer.has_header("Content-Encoding")
    ):
        return None
    body = answer.content
    text = str(answer.headers.get("Content-Type", "")).startswith(_TEXTS) and len(body) > 200
    return Kept(
        gzip.compress(body, 6, mtime=0) if text else body,
        text,
        tuple((name, str(value)) for name, value in answer.items() if name != "Content-Length"),
        bool(getattr(answer, "xframe_options_exempt", False)),
    )


def restored(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Return the answer again, compressed for whom reads it so."""
    wants = bool(_GZIP.search(request.headers.get("Accept-Encoding", "")))
    answer = HttpResponse(
        gzip.decompress(kept.body) if kept.packed and not wants else kept.body,
        headers=dict(kept.headers),
    )
    if kept.framed:
        answer.xframe_options_exempt = True
    if kept.packed:
        patch_vary_headers(answer, ("Accept-Encoding",))
        if wants:
            answer["Content-Encoding"] = "gzip"
            tag = answer.headers.get("ETag", "")
            if tag.startswith('"'):  # the same page in other bytes (RFC 9110, § 8.8.1)
                answer["ETag"] = f"W/{tag}"
    return answer
