"""What do members see of participation: the home, the board of needs, the page of answer?"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.contrat.participation.answer import Answer, Scope, answer
from terril.contrat.participation.forms import ACTIVITY_LABELS, Activity, forms
from terril.contrat.participation.levels import associations, reached
from terril.contrat.participation.needs import funnel, state_of
from terril.contrat.participation.referrals import OPEN, referrals
from terril.contrat.participation.words import days_text
from terril.registres.rows import Row
from terril.reports.participation.answer_page import (
    QUESTION,
    answer_data,
    answer_pdf,
    scope_text,
)
from terril.web.espace.doors import readable, refused, row_or_404, space_page, told
from terril.web.espace.perms import can, can_add, can_write
from terril.web.espace.shown import address_of
from terril.web.espace.space import Space
from terril.web.espace.writing import ConflictError, FaultsError
from terril.web.participation.actions.advance_need import advance_need
from terril.web.participation.actions.raise_need import TITLE, give_code
from terril.web.participation.actions.read_need import read_need
from terril.web.participation.models import Raised
from terril.web.participation.publication import RIGHT
from terril.web.participation.shown import by_place, entry_of, form_line, need_of
from terril.web.participation.waiting import to_read
from terril.web.people.refusal import RefusedError

_LISTED = 12
_CARDS = 30  # of a column of the board
_ROWS = 100  # objects of the page of answer


@require_safe
@space_page
def home(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Forms by neighbourhood, what fades, what is unanswered, what is to be read."""
    every = forms(space, space.catalogue)
    rows = space.rows("besoins") if readable(space, "besoins") is None else []
    asked = space.rows("interpellations")
    found = referrals(space, space.catalogue, asked)
    opened = sorted(
        (row for row in asked if (row.get("etat") or "posee") in OPEN),
        key=lambda row: (row.get("posee_le"), row.number),
    )
    needs, photos = to_read(space)
    mine = space.quartiers("conseiller_citoyen") | space.quartiers("chef_projet")
    counts = [(ACTIVITY_LABELS[state], sum(f.activity is state for f in every))
              for state in Activity]  # fmt: skip
    whole = funnel(rows, space, space.catalogue)
    context = {
        "space": space,
        "mine": [_mine(space, number, rows, asked) for number in sorted(mine)],
        "counts": [(label, n) for label, n in reversed(counts) if n],
        "fading": [form_line(space, f) for f in every if f.worrying],
        "forms": by_place(space, every),
        "open": [
            {
                "row": row,
                "address": address_of(space, "interpellations", row.number),
                "by": space.name("formes", row.get("forme")) if row.get("forme") else "",
                "late": row.number in found.late,
            }
            for row in opened[:_LISTED]
        ],
        "open_total": len(opened),
        "median": days_text(found.median),
        "funnel": whole,
        "median_need": days_text(whole.to_answer),
        "unread": [(n, space.row("besoins", n)) for n in needs[:_LISTED]],
        "unread_total": len(needs),
        "photos": photos[:_LISTED],
        "photos_total": len(photos),
        "walks": sorted(space.rows("marches"), key=lambda r: r.get("date"), reverse=True)[:6],
        "question": QUESTION,
        "may_raise": can_add(space, "besoins") is None,
        "may_refer": can_add(space, "interpellations") is None,
        "may_walk": can_add(space, "marches") is None,
    }
    return render(request, "participation/accueil.html", context)


def _mine(
    space: Space, number: int, needs: Sequence[Row], asked: Sequence[Row]
) -> dict[str, object]:
    """What a councillor or a project leader looks at first, in one of her neighbourhoods."""
    here = [row for row in needs if number in (row.get("quartiers") or ())]
    return {
        "number": number,
        "name": space.name("quartiers", number),
        "waiting": funnel(here, space, space.catalogue).waiting,
        "open": sum(
            number in (row.get("quartiers") or ()) and (row.get("etat") or "posee") in OPEN
            for row in asked
        ),
    }


@require_safe
@space_page
def board(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The needs in columns, one a state."""
    refusal = readable(space, "besoins")
    if refusal is not None:
        return refused(request, refusal)
    place = request.GET.get("quartier", "")
    theme = request.GET.get("theme", "")
    rows = [
        row
        for row in space.rows("besoins")
        if (not place or place in {str(n) for n in row.get("quartiers") or ()})
        and (not theme or row.get("theme") == theme)
    ]
    rows.sort(key=lambda row: (row.get("recu_le"), row.number))
    late = set(funnel(rows, space, space.catalogue).late)
    columns = []
    for code, state in space.catalogue.workflows["besoin"].states.items():
        mine = [row for row in rows if state_of(row) == code]
        if state.done:
            mine.reverse()
        columns.append((code, state.label, len(mine), [
            {
                "need": need_of(space, row),
                "address": address_of(space, "besoins", row.number),
                "late": row.number in late,
            }
            for row in mine[:_CARDS]
        ]))  # fmt: skip
    themes = space.catalogue.lists["themes_besoin"].items
    context = {
        "space": space,
        "columns": columns,
        "places": _places(space, place),
        "themes": [(code, label, code == theme) for code, label in themes.items()],
        "may_raise": can_add(space, "besoins") is None,
    }
    return render(request, "participation/besoins.html", context)


@require_safe
@space_page
def answered(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Were they associated, when, at which level: for the contract, a place, an object."""
    page = _answer(request, space)
    data = answer_data(page, space.catalogue, space.contract.name, space.contract.holder, _ROWS)
    whole = page.scope.kind == "contrat"
    subjects = page.objects if whole else reached(associations(space), space.catalogue)
    context = {
        "space": space,
        "question": QUESTION,
        "data": data,
        "no_text": data["no-text"],
        "scope": scope_text(page),
        "places": _places(space, request.GET.get("quartier", "")),
        "subjects": [(str(one.history[-1].number), one.subject) for one in subjects],
        "chosen": request.GET.get("objet", ""),
        "chain": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "participation/reponse.html", context)


@require_safe
@space_page
def answer_file(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The same on one page to print."""
    page = _answer(request, space)
    body = answer_pdf(page, space.catalogue, space.contract.name, space.contract.holder)
    found = HttpResponse(body, content_type="application/pdf")
    found["Content-Disposition"] = 'attachment; filename="habitants-associes.pdf"'
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def read(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Read what a resident sent, write what everybody will read, publish it or not."""
    row = row_or_404(space, "besoins", numero)
    refusal = can(space, RIGHT) or can_write(space, "besoins", row)
    if refusal is not None:
        return refused(request, refusal)
    raised = Raised.objects.filter(entry=entry_of(space, "besoins", numero)).first()
    title = raised.title if raised is not None and raised.title else row.get("titre") or ""
    text = raised.text if raised is not None and raised.text else row.get("texte") or ""
    said = ""
    if request.method == "POST":
        title = request.POST.get("titre", "")
        text = request.POST.get("texte", "").replace("\r\n", "\n")
        try:
            read_need(
                space, numero, _version(request), title=title, text=text,
                publish=request.POST.get("faire") == "publier",
            )  # fmt: skip
        except RefusedError as error:
            if error.refusal.status != 409:
                return refused(request, error.refusal)
            said = error.refusal.text
        except FaultsError as error:
            said = " ".join(fault.what for fault in error.faults.values())
        except ConflictError:
            said = "Quelqu’un d’autre vient de relire ce besoin. Rouvrez la page."
        else:
            messages.success(request, "C’est relu.")
            return redirect("fiche-registre", space.contract.code, "besoins", numero)
    context = {
        "space": space, "row": row, "need": need_of(space, row), "raised": raised,
        "title": title, "text": text, "said": said, "longest": TITLE,
    }  # fmt: skip
    return render(request, "participation/relire_besoin.html", context, status=409 if said else 200)


@require_POST
@space_page
def advance(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Move a need forward, with its answer."""
    refusal = readable(space, "besoins")
    if refusal is not None:
        return refused(request, refusal)
    place = ("fiche-registre", space.contract.code, "besoins", numero)
    by = request.POST.get("organisation", "")
    try:
        advance_need(
            space,
            numero,
            request.POST.get("etat", ""),
            _version(request),
            organisation=int(by) if by.isdecimal() and len(by) < 9 else None,
            answer=request.POST.get("reponse", "").replace("\r\n", "\n"),
            comment=request.POST.get("motif", "")[:500],
        )
    except RefusedError as error:
        return told(request, error.refusal, *place)
    except FaultsError as error:
        for fault in error.faults.values():
            messages.error(request, f"{fault.what} {fault.remedy}".strip())
    except ConflictError:
        messages.error(request, "Quelqu’un d’autre vient de modifier ce besoin. Relisez-le.")
    else:
        messages.success(request, "C’est noté.")
    return redirect(*place)


@require_POST
@space_page
def code(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Give a follow-up code to a need that came another way."""
    row = row_or_404(space, "besoins", numero)
    refusal = can_write(space, "besoins", row)
    entry = entry_of(space, "besoins", numero)
    if refusal is not None:
        return refused(request, refusal)
    if entry is None:
        raise Http404
    raised = give_code(entry)
    messages.success(request, f"Code de suivi à donner à l’habitant\u00a0: {raised.code}.")
    return redirect("fiche-registre", space.contract.code, "besoins", numero)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _answer(request: HttpRequest, space: Space) -> Answer:
    scope = Scope()
    for name, kind, register in (
        ("quartier", "quartier", "quartiers"), ("objet", "objet", "associations"),
    ):  # fmt: skip
        text = request.GET.get(name, "")
        if text:
            number = int(text) if text.isdecimal() and len(text) < 9 else -1
            row: Row | None = space.row(register, number)
            if row is None or row.archived:
                raise Http404
            scope = Scope(kind, number)  # type: ignore[arg-type]
    return answer(space, space.catalogue, scope)


def _places(space: Space, chosen: str) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str]] = [
        (str(row.number), space.name("quartiers", row.number)) for row in space.rows("quartiers")
    ]
    found.sort(key=lambda one: one[1].casefold())
    return [(code, label, code == chosen) for code, label in found]
