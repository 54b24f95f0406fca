"""What does the site hold about me, and how do I leave?"""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from terril.web.people.actions.delete_person import delete_person
from terril.web.people.doors import me, own_page
from terril.web.people.held import held
from terril.web.people.proof import doubted
from terril.web.people.refusal import RefusedError
from terril.web.people.staff import has_factor


@require_safe
@own_page
def my_data(request: HttpRequest) -> HttpResponseBase:
    """What is held, kind by kind: how much of each; the file holds all."""
    kinds = [(holding.title, len(holding.rows)) for holding in held(me(request))]
    return render(request, "people/donnees.html", {"kinds": kinds})


@require_safe
@own_page
def my_data_file(request: HttpRequest) -> HttpResponseBase:
    """All that is held, as JSON."""
    content = {holding.title: list(holding.rows) for holding in held(me(request))}
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def leave(request: HttpRequest) -> HttpResponseBase:
    """Delete one’s account, the password given, and a code for whoever has a second factor."""
    person = me(request)
    context: dict[str, object] = {"has_factor": has_factor(person)}
    if request.method != "POST":
        return render(request, "people/supprimer.html", context)
    refusal = doubted(
        request, person, request.POST.get("password", ""), request.POST.get("code", "")
    )
    if refusal is None:
        try:
            delete_person(person, by=person)
        except RefusedError as error:
            refusal = error.refusal
        else:
            logout(request)
            return render(request, "people/parti.html")
    context["error"] = refusal.text
    return render(request, "people/supprimer.html", context, status=refusal.status)
