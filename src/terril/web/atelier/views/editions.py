"""How is an edition looked at before the public, sealed, published, withdrawn?"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, get_resolver, reverse
from django.views.decorators.http import require_http_methods, require_safe

from terril.editions.look import Shelf
from terril.lib.problems import ProblemsError
from terril.web.atelier.actions.publish import publish as do_publish
from terril.web.atelier.actions.seal import seal as do_seal
from terril.web.atelier.actions.withdraw import withdraw as do_withdraw
from terril.web.atelier.models import Job, Kind, State
from terril.web.atelier.perms import can_preview, can_publish, can_seal, can_withdraw
from terril.web.atelier.projects import is_date, preview, project_editions_are_shown, shown_shelf
from terril.web.atelier.results import shown_problems
from terril.web.atelier.views.doors import analyst, analyst_page, project_of, refused, told
from terril.web.people.refusal import RefusedError

_PUBLIC = "terril.web.observatoire.urls"
_GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@_GET_POST
@analyst_page
def seal(request: HttpRequest, name: str, date: str) -> HttpResponseBase:
    """Say what sealing means; on confirmation, seal."""
    item = project_of(name)
    refusal = can_seal(request.user, item, date)
    if refusal is not None:
        return told(request, refusal, "atelier-projet", name)
    if request.method == "POST":
        try:
            job = do_seal(analyst(request), item, date, request.POST.get("vu", ""))
        except RefusedError as error:
            return told(request, error.refusal, "atelier-projet", name)
        return redirect("atelier-travail", job.key)
    context = {
        "item": item,
        "date": date,
        "look": Shelf(item.editions).draft(date),
        "shown": project_editions_are_shown(item),
        "job": Job.objects.filter(
            project=name, kind=Kind.DRAFT, state=State.DONE, params__date=date
        ).first(),
    }
    return render(request, "atelier/sceller.html", context)


@_GET_POST
@analyst_page
def publish(request: HttpRequest, name: str, date: str) -> HttpResponseBase:
    """Say what publishing means; on confirmation, publish."""
    item = project_of(name)
    refusal = can_publish(request.user, item, date)
    if refusal is not None:
        return told(request, refusal, "atelier-projet", name)
    if request.method == "POST":
        try:
            job = do_publish(analyst(request), item, date)
        except RefusedError as error:
            return told(request, error.refusal, "atelier-projet", name)
        return redirect("atelier-travail", job.key)
    latest = shown_shelf().latest()
    context = {
        "item": item,
        "date": date,
        "latest_shown": latest.date if latest else "",
        "older": bool(latest and latest.date > date),
    }
    return render(request, "atelier/publier.html", context)


@_GET_POST
@analyst_page
def withdraw(request: HttpRequest, name: str, date: str) -> HttpResponseBase:
    """Ask the motive; on confirmation, withdraw."""
    item = project_of(name)
    refusal = can_withdraw(request.user, item, date)
    if refusal is not None:
        return told(request, refusal, "atelier-projet", name)
    motive = request.POST.get("motif", "").strip()
    replacement = request.POST.get("remplacee_par", "").strip()
    problems: list[dict[str, object]] = []
    if request.method == "POST":
        try:
            if replacement and not is_date(replacement):
                replacement = ""
                messages.error(request, "La date de l’édition qui la remplace n’est pas une date.")
            else:
                notice = do_withdraw(analyst(request), item, date, motive, replacement)
                messages.success(request, notice.text)
                return redirect("atelier-projet", name)
        except RefusedError as error:
            return told(request, error.refusal, "atelier-projet", name)
        except ProblemsError as error:
            problems = shown_problems(error.problems)
    context = {
        "item": item,
        "date": date,
        "motive": motive,
        "replacement": replacement,
        "problems": problems,
        "others": [other for other in shown_shelf().shown() if other != date],
    }
    return render(request, "atelier/retirer.html", context, status=400 if problems else 200)


@require_safe
@analyst_page
def look_at(request: HttpRequest, name: str, date: str, path: str = "") -> HttpResponseBase:
    """A page of the portal, shown on the draft; its links stay in the preview."""
    item = project_of(name)
    refusal = can_preview(request.user, item, date)
    if refusal is not None:
        return refused(request, refusal)
    try:
        match = get_resolver(_PUBLIC).resolve(f"/{path}")
    except Resolver404 as error:
        raise Http404 from error
    if not getattr(match.func, "takes_edition", False):
        return redirect(f"/{path}")
    look = preview(item, date)
    request.resolver_match = match
    prefix = reverse("atelier-apercu", args=(name, date)).rstrip("/")
    for key, value in (("preview", look), ("prefix", prefix), ("preview_of", name)):
        setattr(request, key, value)
    shown: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return shown
