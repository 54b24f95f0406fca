"""How far is a job, what did it find, and what comes next?"""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from terril.lib.problems import ProblemsError
from terril.reports.controls import NAME as CONTROLS
from terril.web.atelier.actions.admit import admit
from terril.web.atelier.jobs import look_after
from terril.web.atelier.models import Job, Kind, State
from terril.web.atelier.results import Choice, chosen, counted, rows, shown_problems, tabs
from terril.web.atelier.views.doors import analyst, analyst_page, job_of, project_of, told
from terril.web.people.refusal import RefusedError

_PAGE = 100


@require_safe
@analyst_page
def job(request: HttpRequest, key: str) -> HttpResponseBase:
    """The progress of a job, then its results."""
    work = look_after(job_of(key))
    context = {"job": work, "item": project_of(work.project), **_results(request, work)}
    return render(request, "atelier/travail.html", context)


def _results(request: HttpRequest, work: Job) -> dict[str, object]:
    held = [] if work.active else tabs(work)
    names = [tab.name for tab in held]
    first = next((tab.name for tab in held if tab.count), names[0] if names else "")
    asked = request.GET.get("onglet", "")
    choice = Choice(
        asked if asked in names else first,
        request.GET.get("gravite", ""),
        request.GET.get("code", ""),
        request.GET.get("recherche", "")[:100],
    )
    everything = rows(work, choice.tab) if choice.tab else []
    found = chosen(everything, choice)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "tabs": held,
        "choice": choice,
        "page": page,
        "found": len(found),
        "everything": len(everything),
        "severities": counted(everything, "severity"),
        "codes": counted(everything, "secret", "code"),
        "query": query.urlencode(),
        "controls": (work.folder / CONTROLS).is_file(),
        "can_seal": work.kind == Kind.DRAFT and work.state == State.DONE,
        "can_publish": work.kind == Kind.SEAL and work.state == State.DONE,
    }


@require_safe
@analyst_page
def state(request: HttpRequest, key: str) -> HttpResponseBase:
    """The progress of a job, for the page that follows it."""
    work = look_after(job_of(key))
    return JsonResponse(
        {
            "actif": work.active,
            "etat": work.get_state_display(),
            "etapes": work.stages,
            "fait": work.done,
            "sur": work.total,
        }
    )


@require_safe
@analyst_page
def controls(request: HttpRequest, key: str) -> HttpResponseBase:
    """The workbook of the checks."""
    path = job_of(key).folder / CONTROLS
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=CONTROLS)


@require_POST
@analyst_page
def add(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take the file that a job read into its project."""
    work = job_of(key)
    item = project_of(work.project)
    try:
        spec = admit(analyst(request), item, work)
    except RefusedError as error:
        return told(request, error.refusal, "atelier-travail", key)
    except ProblemsError as error:
        for row in shown_problems(error.problems):
            messages.error(request, f"{row['what']} {row['remedy']}")
        return redirect("atelier-travail", key)
    said = f"«\u00a0{spec.id}\u00a0» est au projet. Lancez les contrôles pour voir la suite."
    messages.success(request, said)
    return redirect("atelier-projet", item.name)
