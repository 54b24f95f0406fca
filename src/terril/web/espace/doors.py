"""Who may see a page of the workspace, and what does she get who may not?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from terril.catalogue.registers import Register
from terril.registres.rows import Row
from terril.web.espace.models import Contract
from terril.web.espace.perms import can_enter, can_read
from terril.web.espace.space import Space, space_of
from terril.web.people.gate import open_to_all
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal

View = Callable[..., HttpResponseBase]


def member_page(view: View) -> View:
    """Strangers go and sign in; no cache keeps anything."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase
        if not request.user.is_authenticated:
            answer = redirect_to_login(request.get_full_path() if request.method == "GET" else "")
        else:
            answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer

    return guarded


def space_page(view: View) -> View:
    """Only the members of the contract named ``contrat``: the view gets their space."""

    @member_page
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, contrat: str, **kwargs: Any) -> HttpResponseBase:
        contract = Contract.objects.filter(code=contrat).first()
        if contract is None:
            raise Http404
        space = space_of(contract, person_of(request))
        refusal = can_enter(space)
        if refusal is not None:
            return refused(request, refusal)
        request.space = space  # type: ignore[attr-defined]
        return view(request, space, *args, **kwargs)

    return guarded


def public_contract(view: View) -> View:
    """Everybody: the view gets a space without a person, for what is public of a contract."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, contrat: str, **kwargs: Any) -> HttpResponseBase:
        contract = Contract.objects.filter(code=contrat).first()
        if contract is None:
            raise Http404
        return view(request, Space(contract), *args, **kwargs)

    return open_to_all(opened)


def person_of(request: HttpRequest) -> Person:
    """Return the person who asks, within a page of members."""
    person = request.user
    assert isinstance(person, Person)
    return person


def card_of(space: Space, register: str) -> Register:
    """Return the card of a register; raises ``Http404``."""
    if register not in space.catalogue.registers:
        raise Http404
    return space.card(register)


def row_or_404(space: Space, register: str, number: int) -> Row:
    """Return a row, archived or not; raises ``Http404``."""
    row = space.row(register, number)
    if row is None:
        raise Http404
    return row


def readable(space: Space, register: str) -> Refusal | None:
    """May she read this register? Raises ``Http404`` when there is none."""
    card_of(space, register)
    return can_read(space, register)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that says why not."""
    return render(request, "espace/refus.html", {"refusal": refusal}, status=refusal.status)


def told(request: HttpRequest, refusal: Refusal, address: str, *args: object) -> HttpResponse:
    """Go back to a page that says why not; without the right, the page of the refusal."""
    if refusal.status in (403, 404):
        return refused(request, refusal)
    messages.error(request, refusal.text)
    return redirect(address, *args)
