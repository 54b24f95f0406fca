"""Which pages stay shut to a person who signed in, until she has a second factor?

Every page that is not known to be public: a page that somebody adds is shut until its room says
that it is :func:`open_to_all`. Public pages never look at who asks, so that caches may keep them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from terril.web.people import sessions
from terril.web.people.models import Person
from terril.web.people.staff import must_enrol

_View = TypeVar("_View", bound=Callable[..., Any])
#: rooms all of whose pages are public
_PUBLIC: Final = ("terril.web.observatoire.", "terril.web.design.", "ninja.", "django.views.")
#: pages of people's accounts that nobody needs to have entered for
_DOORSTEP: Final = frozenset(
    {
        "connexion", "connexion-code", "deconnexion", "mot-de-passe-oublie", "mot-de-passe-envoye",
        "nouveau-mot-de-passe", "adresse-confirmer", "rappels-arreter",
        "second-facteur", "second-facteur-commencer", "second-facteur-confirmer",
    }
)  # fmt: skip


def open_to_all(view: _View) -> _View:
    """Mark a view as public: anybody may see it, whoever is signed in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any], name: str) -> bool:
    """Is a view, at the address of this name, open to all?"""
    room = f"{getattr(view, '__module__', '')}."
    return getattr(view, "open_to_all", False) or name in _DOORSTEP or room.startswith(_PUBLIC)


class Gate:
    """Leads to the second factor those who must have one; notes that a session is in use."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the view answer, or lead elsewhere."""
        match = request.resolver_match
        if is_public(view, (match.url_name or "") if match else ""):
            return None
        person = request.user
        if not isinstance(person, Person) or not person.is_authenticated:
            return None
        sessions.touch(request, person)
        if not must_enrol(person):
            return None
        then = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return HttpResponseRedirect(reverse("second-facteur") + then)
