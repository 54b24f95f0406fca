"""How does a person put a second factor in force, renew its codes, remove it?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from terril.web.design.context import site
from terril.web.people import factor, mail
from terril.web.people.actions.confirm_factor import confirm_factor
from terril.web.people.actions.remove_factor import remove_factor
from terril.web.people.actions.renew_codes import renew_codes
from terril.web.people.actions.start_factor import start_factor
from terril.web.people.doors import asked_next, me, own_page
from terril.web.people.models import RecoveryCode, SecondFactor
from terril.web.people.proof import doubted
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.people.staff import must_enrol


@require_safe
@own_page
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Where it stands: nothing, begun, in force."""
    return _page(request)


@require_POST
@own_page
def start(request: HttpRequest) -> HttpResponseBase:
    """Show the code to photograph."""
    try:
        start_factor(me(request))
    except RefusedError as error:
        messages.error(request, error.refusal.text)
    then = asked_next(request, "")
    return redirect(reverse("second-facteur") + (f"?{urlencode({'next': then})}" if then else ""))


@require_POST
@own_page
def confirm(request: HttpRequest) -> HttpResponseBase:
    """Put it in force, and show the codes of recovery for the only time."""
    person = me(request)
    refusal = doubted(request, person, request.POST.get("password", ""))
    if refusal is not None:
        return _page(request, refusal)
    try:
        codes = confirm_factor(person, request.POST.get("code", ""))
    except RefusedError as error:
        return _page(request, error.refusal)
    return _codes(request, codes)


@require_POST
@own_page
def renew(request: HttpRequest) -> HttpResponseBase:
    """Show ten other codes of recovery."""
    refusal = _doubted(request)
    if refusal is not None:
        return _page(request, refusal)
    try:
        return _codes(request, renew_codes(me(request)))
    except RefusedError as error:
        return _page(request, error.refusal)


@require_POST
@own_page
def remove(request: HttpRequest) -> HttpResponseBase:
    """Remove it, the password and a code given."""
    refusal = _doubted(request)
    if refusal is not None:
        return _page(request, refusal)
    person = me(request)
    try:
        remove_factor(person, by=person, base=mail.base_address(request))
    except RefusedError as error:
        return _page(request, error.refusal)
    messages.success(request, "Second facteur retiré.")
    return redirect("second-facteur")


def _doubted(request: HttpRequest) -> Refusal | None:
    code = request.POST.get("code", "")
    return doubted(request, me(request), request.POST.get("password", ""), code)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": codes, "next": asked_next(request, reverse("mon-compte"))}
    return render(request, "people/codes.html", context)


def _page(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    person = me(request)
    found = SecondFactor.objects.select_related("person").filter(person=person).first()
    context: dict[str, object] = {
        "asked": must_enrol(person),
        "next": asked_next(request, ""),
        "error": refusal.text if refusal else "",
        "form": request.resolver_match.url_name if refusal and request.resolver_match else "",
        "factor": found,
    }
    if found is not None and found.confirmed is None:
        address = factor.invitation(found, str(site(request)["site_name"]))
        secret = found.secret
        context["drawn"] = factor.drawn(address)
        context["address"] = address
        context["secret"] = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    elif found is not None:
        context["left"] = RecoveryCode.objects.filter(person=person).count()
    status = refusal.status if refusal else 200
    return render(request, "people/second_facteur.html", context, status=status)
