"""How are the minutes written, and which files does a meeting give?"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.contrat.meetings.papers import minutes, sign_sheet
from terril.lib.problems import ProblemsError
from terril.registres.cells import Fault, read_text, typed
from terril.registres.rows import Row
from terril.reports.meetings.docx_template import LARGEST, problems_of
from terril.reports.meetings.invitation import invitation_ics
from terril.reports.meetings.minutes_docx import minutes_docx
from terril.reports.meetings.minutes_pdf import minutes_pdf
from terril.reports.meetings.sign_sheet import sign_sheet_pdf
from terril.web.espace.answers import as_file
from terril.web.espace.doors import refused, space_page, told
from terril.web.espace.drafts import draft_of, drop_draft, keep_draft
from terril.web.espace.merging import differences
from terril.web.espace.models import Attachment
from terril.web.espace.people import names_of
from terril.web.espace.space import Space
from terril.web.espace.writing import Conflict, ConflictError, FaultsError
from terril.web.gouvernance.actions.write_minutes import COLUMNS, write_minutes
from terril.web.gouvernance.held import invitation_of, meeting_or_404, number_of
from terril.web.gouvernance.perms import can_look, can_run
from terril.web.gouvernance.views.feeds import calendar
from terril.web.people.refusal import Refusal, RefusedError

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: what the name of a template begins with, among the papers of a body
_MODEL: Final = "modele"


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def page(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """The form of the minutes."""
    row = meeting_or_404(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    refusal = can_run(space, row)
    if refusal is not None:
        return told(request, refusal, "reunion", space.contract.code, numero)
    if request.method == "POST":
        return _written(request, space, row)
    held = draft_of(space, _key(row))
    columns = space.card("reunions").columns
    fields = {name: typed(columns[name], row.get(name), space.catalogue, space.names)
              for name in COLUMNS}  # fmt: skip
    fields["cr_public"] = "oui" if row.get("cr_public") else ""
    if held is not None:
        fields = {name: "".join(held.fields.get(name, [])[:1]) for name in COLUMNS}
    version = held.base if held is not None else row.version
    return _form(request, space, row, fields, version, draft=held)


def _form(
    request: HttpRequest,
    space: Space,
    row: Row,
    fields: dict[str, Any],
    version: int,
    *,
    said: str = "",
    draft: Any = None,
    conflict: Conflict | None = None,
) -> HttpResponseBase:
    disputed = []
    if conflict is not None:
        columns = space.card("reunions").columns
        disputed = [
            (
                columns[name].label,
                differences(
                    space, "reunions", name, conflict.base, conflict.row.values, conflict.mine
                ),
            )
            for name in conflict.columns
        ]
    context = {
        "space": space,
        "section": "reunion-compte-rendu",
        "row": row,
        "title": row.get("titre") or space.name("reunions", row.number),
        "fields": fields,
        "version": version,
        "said": said,
        "draft": draft,
        "disputed": disputed,
        "who": names_of([conflict.by]).get(conflict.by, "Une autre personne") if conflict else "",
        "today": space.today,
    }
    status = 409 if said or conflict is not None else 200
    return render(request, "gouvernance/compte_rendu.html", context, status=status)


def _written(request: HttpRequest, space: Space, row: Row) -> HttpResponseBase:
    sent: QueryDict = request.POST
    fields = {name: sent.get(name, "") for name in COLUMNS}
    base = number_of(sent.get("version", "")) or row.version
    if "garder" in sent:
        try:
            keep_draft(space, _key(row), sent, base)
        except RefusedError as error:
            return _form(request, space, row, fields, base, said=error.refusal.text)
        messages.success(request, "Brouillon gardé.")
        return redirect("reunion", space.contract.code, row.number)
    columns = space.card("reunions").columns
    values: dict[str, Any] = {}
    try:
        for name in COLUMNS:
            values[name] = read_text(columns[name], fields[name], space.catalogue, space.names)
        write_minutes(space, row, values, base)
    except Fault as fault:
        return _form(request, space, row, fields, base, said=fault.what)
    except FaultsError as error:
        return _form(request, space, row, fields, base, said=next(iter(error.faults.values())).what)
    except RefusedError as error:
        if error.refusal.status == 403:
            return refused(request, error.refusal)
        return _form(request, space, row, fields, base, said=error.refusal.text)
    except ConflictError as error:
        now = error.conflict.row
        return _form(request, space, now, fields, now.version, conflict=error.conflict)
    drop_draft(space, _key(row))
    messages.success(request, "Le compte rendu est enregistré.")
    return redirect("reunion", space.contract.code, row.number)


@require_POST
@space_page
def draft(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Keep the minutes as they are typed, or forget the draft."""
    row = meeting_or_404(space, numero)
    refusal = can_run(space, row)
    if refusal is not None:
        return JsonResponse({"dit": refusal.text}, status=refusal.status)
    if "oublier" in request.POST:
        drop_draft(space, _key(row))
        return redirect("reunion-compte-rendu", space.contract.code, numero)
    try:
        base = number_of(request.POST.get("version", "")) or row.version
        kept = keep_draft(space, _key(row), request.POST, base)
    except RefusedError as error:
        return JsonResponse({"dit": error.refusal.text}, status=error.refusal.status)
    said = timezone.localtime(kept.at).strftime("Brouillon gardé à %H\u00a0h\u00a0%M.")
    return JsonResponse({"dit": said})


def _key(row: Row) -> str:
    return f"compte-rendu-{row.number}"


def template_of(space: Space, row: Row) -> tuple[str, bytes] | None:
    """Return the template of the minutes of a body: the last DOCX « modele… » among its papers."""
    papers = Attachment.objects.filter(
        entry__contract=space.contract,
        entry__register="instances",
        entry__number=row.get("instance"),
        kind=DOCX,
        name__istartswith=_MODEL,
        size__lte=LARGEST,
    )
    paper = papers.order_by("-at", "-pk").first()
    if paper is None:
        return None
    with paper.file.open("rb") as stream:
        return paper.name, stream.read()


@require_safe
@space_page
def file(request: HttpRequest, space: Space, numero: int, forme: str) -> HttpResponseBase:
    """The minutes as DOCX, in the template of the body when it has one, or as PDF."""
    row = _dated(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    told_minutes = minutes(space, space.catalogue, row, space.contract.name)
    name = f"compte-rendu-{row.values['date']:%Y-%m-%d}-{numero}"
    if forme == "pdf":
        return as_file(minutes_pdf(told_minutes), "application/pdf", f"{name}.pdf")
    if forme != "docx":
        raise Http404
    model = template_of(space, row)
    if model is not None:
        problems = problems_of(model[1], model[0])
        if problems:
            said = Refusal(f"{model[0]}\u00a0: {problems[0].what} {problems[0].remedy}", 409)
            return told(request, said, "reunion", space.contract.code, numero)
    try:
        body = minutes_docx(told_minutes, model[1] if model else None)
    except ProblemsError as error:
        said = Refusal(error.problems[0].what, 409)
        return told(request, said, "reunion", space.contract.code, numero)
    return as_file(body, DOCX, f"{name}.docx")


@require_safe
@space_page
def sheet_file(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """The sheet to sign."""
    row = _dated(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    sheet = sign_sheet(space, space.catalogue, row, space.contract.name)
    return as_file(sign_sheet_pdf(sheet), "application/pdf", f"emargement-{numero}.pdf")


@require_safe
@space_page
def invitation_file(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """The meeting for one’s own calendar."""
    row = _dated(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    body = invitation_ics(invitation_of(space, row), zone=settings.TIME_ZONE)
    return calendar(body, f"reunion-{numero}.ics", saved=True)


def _dated(space: Space, number: int) -> Row:
    """Return a meeting that has a date; raises ``Http404``."""
    row = meeting_or_404(space, number)
    if row.get("date") is None:
        raise Http404
    return row
