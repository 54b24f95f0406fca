"""Which screens have accounts: sign in, change one’s password?"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy

from terril.web.people import lock
from terril.web.people.journal import note
from terril.web.people.models import Person
from terril.web.security import address


class Login(LoginView):
    """Signs in; after several failures, waits."""

    template_name = "people/connexion.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        """Refuse without trying when there were too many failures."""
        if lock.is_locked(request.POST.get("username", ""), address(request)):
            context = self.get_context_data(
                form=self.get_form_class()(), wait=settings.LOCK_MINUTES
            )
            answer = self.render_to_response(context, status=429)
            answer["Retry-After"] = str(60 * settings.LOCK_MINUTES)
            return answer
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Count the failure."""
        lock.failed(self.request.POST.get("username", ""), address(self.request))
        return super().form_invalid(form)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Forget the failures, open the session."""
        person = form.get_user()
        assert isinstance(person, Person)
        lock.succeeded(person.email, address(self.request))
        note(person, "connexion", "site")
        return super().form_valid(form)


class ChangePassword(PasswordChangeView):
    """Changes one’s own password; the other sessions of the account end."""

    template_name = "people/mot_de_passe.html"
    success_url = reverse_lazy("mot-de-passe")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Change it, and write it down."""
        answer = super().form_valid(form)
        note(form.user, "mot de passe changé", form.user.email)
        messages.success(
            self.request, "Mot de passe changé. Vos autres sessions ouvertes sont fermées."
        )
        return answer

    def dispatch(self, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep the page out of every cache."""
        answer: HttpResponseBase = super().dispatch(*args, **kwargs)  # type: ignore[arg-type]
        answer["Cache-Control"] = "private, no-store"
        return answer
