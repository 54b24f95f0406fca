"""What does a person see and change of her account: name, address, sessions, reminders?"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.web.people import lock, mail, sessions
from terril.web.people.actions.ask_email import ask_email
from terril.web.people.actions.change_email import change_email, wished
from terril.web.people.actions.close_other_sessions import close_other_sessions
from terril.web.people.actions.close_session import close_session
from terril.web.people.actions.rename_person import LONGEST, rename_person
from terril.web.people.actions.set_pace import set_pace
from terril.web.people.digests import of_token
from terril.web.people.doors import doorstep_page, me, own_page
from terril.web.people.models import Pace
from terril.web.people.proof import doubted
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.people.staff import has_factor
from terril.web.people.views.passwords import ASKED_MOST
from terril.web.security import address


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def account(request: HttpRequest) -> HttpResponseBase:
    """All of it on one page; the name is changed here."""
    person = me(request)
    error, status, name = "", 200, person.name
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            rename_person(person, name)
        except RefusedError as refused:
            error, status = refused.refusal.text, refused.refusal.status
            person.refresh_from_db()
        else:
            messages.success(request, "Nom affiché changé.")
            return redirect("mon-compte")
    context = {
        "name": name,
        "error": error,
        "longest": LONGEST,
        "has_factor": has_factor(person),
        "number": len(sessions.open_of(person)),
        "pace": Pace(person.pace).label,
    }
    return render(request, "people/mon_compte.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def email(request: HttpRequest) -> HttpResponseBase:
    """Ask for another address; the answer is the same whoever has it already."""
    person = me(request)
    if request.method != "POST":
        return render(request, "people/adresse.html")
    wanted = request.POST.get("email", "").strip()[:254]
    refusal = doubted(request, person, request.POST.get("password", ""))
    if refusal is None and lock.asked_too_often(
        "adresse", person.email, address(request), ASKED_MOST
    ):
        refusal = Refusal(f"Trop de demandes\u00a0: attendez {settings.LOCK_MINUTES} minutes.", 429)
    if refusal is None:
        try:
            ask_email(person, wanted, base=mail.base_address(request))
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(
                request,
                f"Un message est parti à {wanted}\u00a0: suivez son lien d’ici deux heures. "
                "D’ici là rien ne change.",
            )
            return redirect("mon-compte")
    context = {"error": refusal.text, "email": wanted}
    return render(request, "people/adresse.html", context, status=refusal.status)


@require_http_methods(["GET", "HEAD", "POST"])
@doorstep_page
def confirm_email(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link of the message: looked at, it changes nothing; its button does."""
    try:
        if request.method == "POST":
            change_email(token, base=mail.base_address(request))
            messages.success(request, "Votre compte porte maintenant cette adresse.")
            return redirect("mon-compte")
        _, wanted = wished(token)
    except RefusedError as error:
        context = {"error": error.refusal.text}
        return render(
            request, "people/adresse_confirmer.html", context, status=error.refusal.status
        )
    return render(request, "people/adresse_confirmer.html", {"email": wanted})


@require_safe
@own_page
def my_sessions(request: HttpRequest) -> HttpResponseBase:
    """Every session that is open, this one first."""
    here = request.session.session_key
    rows = sorted(sessions.open_of(me(request)), key=lambda row: row.session != here)
    return render(request, "people/sessions.html", {"rows": rows, "here": here})


@require_POST
@own_page
def end_session(request: HttpRequest, number: int) -> HttpResponseBase:
    """End one."""
    try:
        close_session(me(request), number)
    except RefusedError as error:
        messages.warning(request, error.refusal.text)
    else:
        messages.success(request, "Session fermée.")
    return redirect("mes-sessions")


@require_POST
@own_page
def end_others(request: HttpRequest) -> HttpResponseBase:
    """End all but this one."""
    close_other_sessions(me(request), request.session.session_key or "")
    messages.success(request, "Vos autres sessions sont fermées.")
    return redirect("mes-sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def reminders(request: HttpRequest) -> HttpResponseBase:
    """How often to be reminded."""
    person = me(request)
    error, status = "", 200
    if request.method == "POST":
        try:
            set_pace(person, request.POST.get("pace", ""))
        except RefusedError as refused:
            error, status = refused.refusal.text, refused.refusal.status
        else:
            messages.success(request, "Préférences enregistrées.")
            return redirect("mes-preferences")
    context = {"paces": Pace.choices, "error": error}
    return render(request, "people/preferences.html", context, status=status)


@csrf_exempt  # a mail program asks it too, in one click (RFC 8058): the signed word is the proof
@require_http_methods(["GET", "HEAD", "POST"])
@doorstep_page
def stop_reminders(request: HttpRequest, token: str) -> HttpResponseBase:
    """End the reminders without signing in; looked at, the page changes nothing."""
    person = of_token(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        set_pace(person, Pace.NEVER)
    done = person.pace == Pace.NEVER
    return render(request, "people/rappels_arreter.html", {"done": done})
