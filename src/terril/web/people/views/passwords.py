"""How is a password replaced, by its owner or by a link when it is forgotten?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    PasswordChangeView,
    PasswordResetConfirmView,
)
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from terril.web.people import lock, mail, sessions
from terril.web.people.actions.ask_reset import ask_reset
from terril.web.people.actions.change_password import change_password
from terril.web.people.doors import doorstep_page, private
from terril.web.people.models import Person
from terril.web.security import address

#: messages of a kind that one account, one address may ask for over the minutes of the lock
ASKED_MOST = (3, 10)


class ChangePassword(PasswordChangeView):
    """Changes one’s own password; the other sessions of the account end."""

    template_name = "people/mot_de_passe.html"
    http_method_names = ["get", "head", "post", "options"]
    success_url = reverse_lazy("mot-de-passe")

    def post(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        """Refuse without trying when the former password was wrong too often."""
        if lock.is_locked(self._person().email, address(request)):
            context = self.get_context_data(wait=settings.LOCK_MINUTES)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        """Count a wrong former password."""
        if "old_password" in form.errors:
            lock.failed(self._person().email, address(self.request))
        return super().form_invalid(form)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Change it, keep this session."""
        person, former = self._person(), self.request.session.session_key or ""
        base = mail.base_address(self.request)
        change_password(person, form.cleaned_data["new_password1"], kept=former, base=base)
        update_session_auth_hash(self.request, person)
        sessions.renewed(self.request, person, former)
        messages.success(
            self.request, "Mot de passe changé. Vos autres sessions ouvertes sont fermées."
        )
        return redirect("mot-de-passe")

    def dispatch(self, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep the page out of every cache."""
        return private(super().dispatch(*args, **kwargs))  # type: ignore[arg-type]

    def _person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person)
        return person


@require_http_methods(["GET", "HEAD", "POST"])
@doorstep_page
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Ask for a link; the answer and its time are the same whoever has an account."""
    if request.method != "POST":
        return render(request, "people/mot_de_passe_oublie.html")
    email = request.POST.get("email", "").strip()[:254]
    if lock.asked_too_often("mot-de-passe", email, address(request), ASKED_MOST):
        context = {"wait": settings.LOCK_MINUTES, "email": email}
        answer = render(request, "people/mot_de_passe_oublie.html", context, status=429)
        answer["Retry-After"] = str(60 * settings.LOCK_MINUTES)
        return answer
    base = mail.base_address(request)
    mail.apart(lambda: ask_reset(email, base=base))
    return redirect("mot-de-passe-envoye")


@require_safe
@doorstep_page
def link_sent(request: HttpRequest) -> HttpResponseBase:
    """Say that a message has gone, if there is an account."""
    return render(request, "people/mot_de_passe_envoye.html")


class NewPassword(PasswordResetConfirmView):
    """Sets a new password by the link of a message; the second factor stays asked for."""

    template_name = "people/nouveau_mot_de_passe.html"
    http_method_names = ["get", "head", "post", "options"]
    success_url = reverse_lazy("connexion")
    reset_url_token = "choisir"

    def get_user(self, uidb64: str) -> Person | None:
        """Return the person of the link, unless the account is closed or gone."""
        person = super().get_user(uidb64)
        if isinstance(person, Person) and person.is_active and person.deleted is None:
            return person
        return None

    def form_valid(self, form: SetPasswordForm[Any]) -> HttpResponse:
        """Set it: the link serves no more, every session ends."""
        self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        person = form.user
        assert isinstance(person, Person)
        base = mail.base_address(self.request)
        change_password(person, form.cleaned_data["new_password1"], kept="", base=base)
        messages.success(self.request, "Mot de passe changé\u00a0: connectez-vous.")
        return redirect("connexion")

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the page out of every cache."""
        return private(super().dispatch(*args, **kwargs))
