"""How is a row seen, added, changed, moved, archived?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.registres.cells import Fault
from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.actions.archive_row import archive_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.move_row import move_row, moves_of
from terril.web.espace.doors import readable, refused, row_or_404, space_page, told
from terril.web.espace.drafts import as_sent, draft_key, draft_of, drop_draft, keep_draft
from terril.web.espace.forms import read_form, sections
from terril.web.espace.merging import differences
from terril.web.espace.models import Revision
from terril.web.espace.panels import panels_of
from terril.web.espace.people import names_of
from terril.web.espace.perms import (
    can_add,
    can_archive,
    can_read,
    can_restore,
    can_write,
    prefilled,
    seen_card,
)
from terril.web.espace.shown import children, facts, steps, tag_of
from terril.web.espace.space import Space
from terril.web.espace.writing import ConflictError, FaultsError, former_values
from terril.web.people.refusal import RefusedError


@require_safe
@space_page
def row(request: HttpRequest, space: Space, registre: str, numero: int) -> HttpResponseBase:
    """The page of a row."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    found = row_or_404(space, registre, numero)
    writable = can_write(space, registre, found)
    context = {
        "space": space,
        "code": registre,
        "card": space.card(registre),
        "row": found,
        "name": space.name(registre, numero),
        "tag": tag_of(space, registre, found),
        "sections": facts(space, registre, found),
        "moves": moves_of(space, registre, found),
        "children": children(space, registre, numero),
        "panels": panels_of(request, space, registre, found),
        "papers": _papers(space, registre, numero),
        "may_write": writable is None,
        "may_archive": can_archive(space, registre, found) is None,
        "may_restore": found.archived and can_restore(space, registre, found) is None,
        "why_not": writable.text if writable is not None and not found.archived else "",
        "author": names_of([found.author]).get(found.author, ""),
    }
    return render(request, "espace/fiche.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def add(request: HttpRequest, space: Space, registre: str) -> HttpResponseBase:
    """The form of a new row."""
    refusal = readable(space, registre) or can_add(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    key = draft_key(registre, None)
    sent: QueryDict | None = request.POST if request.method == "POST" else None
    faults: dict[str, Fault] = {}
    if sent is not None:
        if "garder" in sent:
            return _kept(request, space, key, 0, registre)
        values, faults = read_form(space, registre, sent)
        if not faults:
            try:
                made = add_row(space, registre, values)
            except FaultsError as error:
                faults = error.faults
            except RefusedError as error:
                return refused(request, error.refusal)
            else:
                drop_draft(space, key)
                messages.success(request, "Ligne ajoutée.")
                return redirect("fiche-registre", space.contract.code, registre, made.number)
    draft = draft_of(space, key) if sent is None else None
    start = prefilled(space, registre) | _wished(space, registre, request.GET)
    form = sections(
        space, registre, start, as_sent(draft.fields) if draft is not None else sent, faults
    )
    context = {
        **_form(space, registre, key, form, faults),
        "draft": draft,
        "version": 0,
    }
    return render(request, "espace/formulaire.html", context, status=400 if faults else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def change(request: HttpRequest, space: Space, registre: str, numero: int) -> HttpResponseBase:
    """The form of a row that stands; when two people wrote in the same columns, both are shown."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    found = row_or_404(space, registre, numero)
    refusal = can_write(space, registre, found)
    if refusal is not None:
        return told(request, refusal, "fiche-registre", space.contract.code, registre, numero)
    key = draft_key(registre, numero)
    if request.method == "POST":
        return _changed(request, space, registre, found, key)
    draft = draft_of(space, key)
    base = draft.base if draft is not None else found.version
    form = sections(
        space, registre, found.values, as_sent(draft.fields) if draft is not None else None
    )
    context = {
        **_form(space, registre, key, form, {}),
        "row": found,
        "name": space.name(registre, numero),
        "draft": draft,
        "version": base,
        "moved_on": draft is not None and draft.base != found.version,
    }
    return render(request, "espace/formulaire.html", context)


def _changed(
    request: HttpRequest, space: Space, registre: str, found: Row, key: str
) -> HttpResponseBase:
    numero = found.number
    base = _number(request.POST.get("version", ""))
    if "garder" in request.POST:
        return _kept(request, space, key, base, registre, numero)
    values, faults = read_form(space, registre, request.POST)
    former = former_values(space, registre, numero, base)
    changes = values
    if former is not None:
        changes = {name: one for name, one in values.items() if one != former.get(name)}
    if not faults:
        try:
            change_row(
                space, registre, numero, changes, base, comment=request.POST.get("motif", "")
            )
        except FaultsError as error:
            faults = error.faults
        except RefusedError as error:
            keep_draft(space, key, request.POST, base)
            return told(
                request, error.refusal, "fiche-registre", space.contract.code, registre, numero
            )
        except ConflictError as error:
            keep_draft(space, key, request.POST, base)
            return _conflict(request, space, registre, error, key)
        else:
            drop_draft(space, key)
            messages.success(request, "Modifications enregistrées.")
            return redirect("fiche-registre", space.contract.code, registre, numero)
    form = sections(space, registre, found.values, request.POST, faults)
    context = {
        **_form(space, registre, key, form, faults),
        "row": found,
        "name": space.name(registre, numero),
        "version": base,
    }
    return render(request, "espace/formulaire.html", context, status=400)


def _conflict(
    request: HttpRequest, space: Space, registre: str, error: ConflictError, key: str
) -> HttpResponseBase:
    """The page that shows both texts: she keeps hers, theirs, or writes a third."""
    conflict = error.conflict
    space.refresh()
    mine = dict(conflict.row.values)
    base, theirs = conflict.base, conflict.row.values
    for name, value in conflict.mine.items():
        if value != base.get(name):
            mine[name] = value
    form = [field for part in sections(space, registre, mine) for field in part.fields]
    context = {
        "space": space,
        "code": registre,
        "card": space.card(registre),
        "row": conflict.row,
        "name": space.name(registre, conflict.row.number),
        "version": conflict.row.version,
        "draft_key": key,
        "who": names_of([conflict.by]).get(conflict.by, "une autre personne"),
        "at": conflict.at,
        "disputed": [
            (field, differences(space, registre, field.name, base, theirs, conflict.mine))
            for field in form
            if field.name in conflict.columns
        ],
        "others": [field for field in form if field.name not in conflict.columns],
    }
    return render(request, "espace/conflit.html", context, status=409)


@require_POST
@space_page
def move(request: HttpRequest, space: Space, registre: str, numero: int) -> HttpResponseBase:
    """A row goes to another state."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    place = ("fiche-registre", space.contract.code, registre, numero)
    try:
        move_row(
            space,
            registre,
            numero,
            request.POST.get("etat", ""),
            _number(request.POST.get("version", "")),
            comment=request.POST.get("motif", ""),
        )
    except RefusedError as error:
        return told(request, error.refusal, *place)
    except FaultsError as error:
        messages.error(request, _first(error))
        return redirect(*place)
    messages.success(request, "État changé.")
    return redirect(*place)


@require_POST
@space_page
def archive(request: HttpRequest, space: Space, registre: str, numero: int) -> HttpResponseBase:
    """A row is put away, or taken back."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    place = ("fiche-registre", space.contract.code, registre, numero)
    back = request.POST.get("reprendre") == "oui"
    try:
        archive_row(space, registre, numero, archived=not back)
    except RefusedError as error:
        return told(request, error.refusal, *place)
    except FaultsError as error:
        messages.error(request, _first(error))
        return redirect(*place)
    messages.success(request, "Ligne reprise." if back else "Ligne archivée.")
    return redirect(*place)


@require_safe
@space_page
def history(request: HttpRequest, space: Space, registre: str, numero: int) -> HttpResponseBase:
    """All the versions of a row: who changed what."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    found = row_or_404(space, registre, numero)
    revisions = Revision.objects.filter(
        entry__contract=space.contract, entry__register=registre, entry__number=numero
    ).order_by("version")
    versions = [
        (
            one.version,
            former_values(space, registre, numero, one.version) or {},
            one.archived,
            one.by,
            one.at,
            one.comment,
        )
        for one in revisions
    ]
    context = {
        "space": space,
        "code": registre,
        "card": space.card(registre),
        "row": found,
        "name": space.name(registre, numero),
        "steps": steps(
            space, seen_card(space, registre, found), versions, names_of(one[3] for one in versions)
        ),
    }
    return render(request, "espace/historique.html", context)


@require_POST
@space_page
def draft(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Keep what is typed in a form, as it is typed."""
    key = request.POST.get("formulaire", "")
    register, _, number = key.partition("/")
    known = number == "nouveau" or _number(number) > 0
    if register not in space.catalogue.registers or not known:
        return JsonResponse({"dit": "Ce formulaire n’existe pas."}, status=400)
    refusal = can_read(space, register)
    if refusal is not None:
        return JsonResponse({"dit": refusal.text}, status=refusal.status)
    try:
        kept = keep_draft(space, key, request.POST, _number(request.POST.get("version", "")))
    except RefusedError as error:
        return JsonResponse({"dit": error.refusal.text}, status=error.refusal.status)
    said = timezone.localtime(kept.at).strftime("Brouillon gardé à %H\u00a0h\u00a0%M.")
    return JsonResponse({"dit": said})


@require_POST
@space_page
def drop(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Forget the draft of a form, and start again from what is saved."""
    key = request.POST.get("formulaire", "")
    drop_draft(space, key)
    register, _, number = key.partition("/")
    if register not in space.catalogue.registers:
        return redirect("bureau", space.contract.code)
    if _number(number):
        return redirect("modifier", space.contract.code, register, _number(number))
    return redirect("ajouter", space.contract.code, register)


def _kept(
    request: HttpRequest,
    space: Space,
    key: str,
    base: int,
    registre: str,
    numero: int | None = None,
) -> HttpResponseBase:
    """Keep a draft when there is no script to do it."""
    try:
        keep_draft(space, key, request.POST, base)
    except RefusedError as error:
        messages.error(request, error.refusal.text)
    else:
        messages.success(request, "Brouillon gardé. Vous seul le voyez.")
    if numero is None:
        return redirect("registre", space.contract.code, registre)
    return redirect("fiche-registre", space.contract.code, registre, numero)


def _form(
    space: Space, registre: str, key: str, form: list[Any], faults: Mapping[str, Fault]
) -> dict[str, Any]:
    card = space.card(registre)
    return {
        "space": space,
        "code": registre,
        "card": card,
        "sections": form,
        "draft_key": key,
        "faults": [
            (name, card.columns[name].label if name in card.columns else card.title, fault)
            for name, fault in faults.items()
        ],
    }


def _wished(space: Space, registre: str, asked: QueryDict) -> dict[str, Any]:
    """Return the links that an address asks to fill in a new row."""
    found: dict[str, Any] = {}
    for name, column in space.card(registre).columns.items():
        text = asked.get(name, "")
        if column.target is None or not text.isdecimal() or len(text) > 9:
            continue
        if space.row(column.target, int(text)) is not None:
            several = column.kind.value == "liens"
            found[name] = (int(text),) if several else int(text)
    return found


def _papers(space: Space, registre: str, numero: int) -> list[Any]:
    from terril.web.espace.models import Attachment

    if not space.card(registre).files:
        return []
    return list(
        Attachment.objects.filter(
            entry__contract=space.contract, entry__register=registre, entry__number=numero
        )
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _first(error: FaultsError) -> str:
    return next(f"{fault.what} {fault.remedy}".strip() for fault in error.faults.values())
