"""What do all the answers that are files have in common?

A name, leave for other sites to read them, and figures of an indicator that has some.
"""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase

from terril.editions.look import Look
from terril.reports.exports.cube import Cube, cube

Answer = TypeVar("Answer", bound=HttpResponseBase)


def open_to_all(answer: Answer) -> Answer:
    """Let the scripts of other sites read the answer (CORS): it is public, and read-only."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def named(answer: HttpResponse, name: str) -> HttpResponse:
    """Give the answer the name that its file takes, and open it to all.

    Codes and endings come from addresses: what cannot stand in a header is replaced.
    """
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._+-") else "_" for c in name)
    answer["Content-Disposition"] = f'attachment; filename="{plain}"'
    return open_to_all(answer)


def cube_of(look: Look, code: str) -> Cube:
    """Return the figures of an indicator; raises ``Http404`` when there is none."""
    card = look.catalogue.indicators.get(code)
    if card is None:
        raise Http404
    found = cube(look, [code], title=card.label)
    if not found.observations:
        raise Http404
    return found
