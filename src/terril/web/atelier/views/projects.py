"""Which projects are there, and what is in one?"""

from __future__ import annotations

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from terril.lib.problems import ProblemsError
from terril.sources.read import READERS
from terril.web.atelier.actions.check import check
from terril.web.atelier.actions.deposit import deposit
from terril.web.atelier.actions.draft import draft
from terril.web.atelier.jobs import look_after, look_after_all
from terril.web.atelier.models import ACTIVE, Job
from terril.web.atelier.perms import busy
from terril.web.atelier.projects import declared, held, is_date, readable, size_text, stands
from terril.web.atelier.results import shown_problems
from terril.web.atelier.views.doors import analyst, analyst_page, project_of, told
from terril.web.people.models import Journal
from terril.web.people.refusal import Refusal, RefusedError
from terril.web.received import ENDINGS
from terril.web.uploads import too_big


@require_safe
@analyst_page
def home(request: HttpRequest) -> HttpResponseBase:
    """The projects, and what runs."""
    rows = [(item, *readable(item)) for item in held().values()]
    running = [look_after(job) for job in Job.objects.filter(state__in=ACTIVE)]
    return render(
        request,
        "atelier/accueil.html",
        {"rows": rows, "running": [job for job in running if job.active]},
    )


@require_safe
@analyst_page
def project(request: HttpRequest, name: str) -> HttpResponseBase:
    """One project: its files, its editions, its last jobs, what can be done."""
    item = project_of(name)
    look_after_all(name)
    read, problems = readable(item)
    found = stands(item, read)
    context = {
        "item": item,
        "project": read,
        "problems": shown_problems(problems),
        "parts": declared(read, found[0].look if found else None) if read else [],
        "stands": found,
        "jobs": Job.objects.filter(project=name).select_related("person")[:12],
        "busy": busy(name),
        "readers": [(code, reader.label) for code, reader in READERS.items()],
        "endings": ",".join(ENDINGS),
        "limit": settings.UPLOAD_MAX,
        "limit_text": size_text(settings.UPLOAD_MAX),
    }
    return render(request, "atelier/projet.html", context)


@require_POST
@analyst_page
def send(request: HttpRequest, name: str) -> HttpResponseBase:
    """Take a file to read."""
    item = project_of(name)
    sent = request.FILES.get("fichier")
    if too_big(request) or not isinstance(sent, UploadedFile):
        text = (
            f"Ce fichier dépasse {size_text(settings.UPLOAD_MAX)}. Enregistrez-le en CSV, ou "
            "partagez-le en plusieurs."
            if too_big(request)
            else "Choisissez un fichier à déposer."
        )
        return told(request, Refusal(text, 400), "atelier-projet", name)
    try:
        wish = _wish(request)
        job = deposit(analyst(request), item, sent, wish)
    except RefusedError as error:
        return told(request, error.refusal, "atelier-projet", name)
    except ProblemsError as error:
        return told(request, Refusal(error.problems[0].what, 409), "atelier-projet", name)
    return redirect("atelier-travail", job.key)


def _wish(request: HttpRequest) -> dict[str, object]:
    """Return the settings of the form; raises ``RefusedError`` on one that is not well written."""
    form = request.POST
    replace = form.get("remplace", "")
    if replace:
        return {"replace": replace}
    reader = form.get("lecteur", "")
    priority = form.get("priorite", "").strip() or "50"
    if reader and reader not in READERS:
        raise RefusedError(Refusal("Ce lecteur n’existe pas.", 400))
    if not priority.isascii() or not priority.isdigit() or int(priority) > 999:
        raise RefusedError(Refusal("La priorité est un nombre de 0 à 999.", 400))
    options = {}
    for line in form.get("options", "").splitlines():
        key, equal, value = line.partition("=")
        if line.strip() and (not equal or not key.strip()):
            said = f"« {line.strip()} » n’est pas de la forme clé=valeur."
            raise RefusedError(Refusal(said, 400))
        if line.strip():
            options[key.strip()] = value.strip()
    return {
        "id": form.get("id", "").strip()[:80],
        "reader": reader,
        "priority": int(priority),
        "source": form.get("source", "").strip()[:80],
        "sheet": form.get("feuille", "").strip()[:120],
        "label": form.get("libelle", "").strip()[:200],
        "options": options,
    }


@require_POST
@analyst_page
def start(request: HttpRequest, name: str) -> HttpResponseBase:
    """Start the checks, or a draft."""
    item = project_of(name)
    date = request.POST.get("date", "").strip()
    if not is_date(date):
        said = Refusal(f"« {date[:20]} » n’est pas une date d’édition.", 400)
        return told(request, said, "atelier-projet", name)
    action = draft if request.POST.get("travail") == "brouillon" else check
    try:
        job = action(analyst(request), item, date)
    except RefusedError as error:
        return told(request, error.refusal, "atelier-projet", name)
    return redirect("atelier-travail", job.key)


@require_GET
@analyst_page
def journal(request: HttpRequest) -> HttpResponseBase:
    """Who did what, the newest first."""
    pages = Paginator(Journal.objects.all(), 100)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "atelier/journal.html", {"page": page})
