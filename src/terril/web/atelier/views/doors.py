"""Who may see a page of the atelier, and what does she get who may not?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from terril.web.atelier.models import Job
from terril.web.atelier.perms import can_enter
from terril.web.atelier.projects import Held, held
from terril.web.people.models import Person
from terril.web.people.refusal import Refusal

View = Callable[..., HttpResponseBase]


def analyst_page(view: View) -> View:
    """Strangers go and sign in, others read why they may not; no cache keeps anything."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase
        if not request.user.is_authenticated:
            answer = redirect_to_login(request.get_full_path() if request.method == "GET" else "")
        elif (refusal := can_enter(request.user)) is not None:
            answer = refused(request, refusal)
        else:
            answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "private, no-store"
        return answer

    return guarded


def analyst(request: HttpRequest) -> Person:
    """Return the person who asks, within a page of analysts."""
    person = request.user
    assert isinstance(person, Person)
    return person


def project_of(name: str) -> Held:
    """Return a project; raises ``Http404``."""
    found = held().get(name)
    if found is None:
        raise Http404
    return found


def job_of(key: str) -> Job:
    """Return a job; raises ``Http404``."""
    found = Job.objects.select_related("person").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that says why not."""
    return render(request, "atelier/refus.html", {"refusal": refusal}, status=refusal.status)


def told(request: HttpRequest, refusal: Refusal, address: str, *args: str) -> HttpResponse:
    """Go back to a page that says why not; without the right, the page of the refusal."""
    if refusal.status == 403:
        return refused(request, refusal)
    messages.error(request, refusal.text)
    return redirect(address, *args)
