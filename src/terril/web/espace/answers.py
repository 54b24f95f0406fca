"""How is a file given to a browser, so that it is kept and not opened as a page?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_file(body: bytes, kind: str, name: str) -> HttpResponse:
    """Return an answer that a browser saves under this name."""
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
