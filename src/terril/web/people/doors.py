"""Who may see a page of one’s own account?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from terril.web.people.models import Person

View = Callable[..., HttpResponseBase]


def private(answer: HttpResponseBase) -> HttpResponseBase:
    """Keep an answer out of every cache."""
    answer["Cache-Control"] = "private, no-store"
    return answer


def own_page(view: View) -> View:
    """A page for whoever is signed in: strangers go and sign in; no cache keeps anything."""

    @wraps(view)
    @sensitive_post_parameters()
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            then = request.get_full_path() if request.method == "GET" else reverse("mon-compte")
            return private(redirect_to_login(then))
        return private(view(request, *args, **kwargs))

    return guarded


def doorstep_page(view: View) -> View:
    """A page for whoever cannot sign in yet; no cache keeps anything."""

    @wraps(view)
    @sensitive_post_parameters()
    def kept_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return private(view(request, *args, **kwargs))

    return kept_out


def me(request: HttpRequest) -> Person:
    """Return the person who asks, within :func:`own_page`."""
    person = request.user
    assert isinstance(person, Person)
    return person


def asked_next(request: HttpRequest, otherwise: str) -> str:
    """Return where the request wants to go next: a path of this site, else ``otherwise``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fine = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if fine else otherwise
