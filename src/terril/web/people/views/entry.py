"""How does one come in: the password, then the code of the telephone?

Between the two nothing is open: the session holds who is expected, for five minutes.
"""

from __future__ import annotations

import time
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from terril.web.people import factor, lock, mail
from terril.web.people.actions.warn_of_codes import warn_of_codes
from terril.web.people.doors import doorstep_page
from terril.web.people.journal import note
from terril.web.people.models import Person, RecoveryCode
from terril.web.people.staff import has_factor
from terril.web.security import address

#: seconds between the password and the code
PATIENCE: Final = 300
_EXPECTED: Final = "connexion_attendue"
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


class Login(LoginView):
    """Signs in; after several failures, waits."""

    template_name = "people/connexion.html"
    http_method_names = ["get", "head", "post", "options"]
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        """Refuse without trying when there were too many failures."""
        if lock.is_locked(request.POST.get("username", ""), address(request)):
            context = self.get_context_data(
                form=self.get_form_class()(), wait=settings.LOCK_MINUTES
            )
            return _later(self.render_to_response(context, status=429))
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Count the failure."""
        lock.failed(self.request.POST.get("username", ""), address(self.request))
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Open the session, or ask for the code first: failures are forgotten after it only."""
        person = form.get_user()
        assert isinstance(person, Person)
        if has_factor(person):
            _expect(self.request, person, self.get_success_url())
            return redirect("connexion-code")
        lock.succeeded(person.email, address(self.request))
        note(person, "connexion", "site")
        return super().form_valid(form)


@require_http_methods(["GET", "HEAD", "POST"])
@doorstep_page
def code(request: HttpRequest) -> HttpResponseBase:
    """The code of the telephone, or one of recovery; then the session opens."""
    person = _expected(request)
    if person is None:
        messages.warning(request, "Reprenez au mot de passe\u00a0: trop de temps a passé.")
        return redirect("connexion")
    if request.method != "POST":
        return render(request, "people/code.html")
    place = address(request)
    if lock.is_locked(person.email, place):
        page = render(request, "people/code.html", {"wait": settings.LOCK_MINUTES}, status=429)
        return _later(page)
    kind = factor.accepted(person, request.POST.get("code", ""))
    if not kind:
        lock.failed(person.email, place)
        if lock.is_locked(person.email, place):
            warn_of_codes(person, base=mail.base_address(request))
        said = {"error": "Ce code n’est pas le bon, ou il a déjà servi."}
        return render(request, "people/code.html", said, status=400)
    lock.succeeded(person.email, place)
    then = str(request.session.pop(_EXPECTED)["next"])
    login(request, person, backend=_BACKEND)
    note(person, "connexion", "site", second_facteur=kind)
    if kind == factor.RECOVERY:
        _warn(request, RecoveryCode.objects.filter(person=person).count())
    return redirect(then)


def _expect(request: HttpRequest, person: Person, then: str) -> None:
    """Remember who has given the right password, under a new key of session."""
    request.session.cycle_key()
    request.session[_EXPECTED] = {
        "key": str(person.key),
        "hash": person.get_session_auth_hash(),
        "at": time.time(),
        "next": then,
    }


def _expected(request: HttpRequest) -> Person | None:
    """Return who has given the right password, unless too long ago or changed since."""
    said: dict[str, Any] | None = request.session.get(_EXPECTED)
    if not said or not 0 <= time.time() - said["at"] <= PATIENCE:
        request.session.pop(_EXPECTED, None)
        return None
    person = Person.objects.filter(key=said["key"], is_active=True, deleted=None).first()
    if person is None or not constant_time_compare(said["hash"], person.get_session_auth_hash()):
        return None
    return person


def _warn(request: HttpRequest, left: int) -> None:
    if left == 0:
        said = "C’était votre dernier code de secours"
    elif left == 1:
        said = "Il vous reste un code de secours"
    else:
        said = f"Il vous reste {left} codes de secours"
    messages.warning(
        request, f"{said}\u00a0: la page «\u00a0Second facteur\u00a0» en donne d’autres."
    )


def _later(answer: HttpResponse) -> HttpResponse:
    answer["Retry-After"] = str(60 * settings.LOCK_MINUTES)
    return answer
