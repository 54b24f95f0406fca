"""How does a structure keep its sheet: one page for the sheet and its offers?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.contrat.directory.sheets import OFFERS, ORGANISATIONS, SHEETS
from terril.lib.french import NBSP
from terril.registres.faults import Fault
from terril.registres.rows import Row
from terril.web.annuaire.actions.save_sheet import (
    SheetConflictError,
    SheetFaultsError,
    ask_publication,
    confirm_sheet,
    save_sheet,
)
from terril.web.annuaire.conflicts import Both, both_texts, merged
from terril.web.annuaire.held import member_directory, review_months
from terril.web.annuaire.rights import can_edit, can_review, sheet_row
from terril.web.annuaire.whole_sheet import Faults, offer_parts, read_whole, sheet_part
from terril.web.espace.doors import readable, refused, space_page, told
from terril.web.espace.drafts import as_sent, draft_key, draft_of, drop_draft, keep_draft
from terril.web.espace.shown import tag_of
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal, RefusedError

_NONE = Refusal(
    "Vous n’êtes rattaché à aucune structure dans ce contrat. Demandez à la personne qui le tient "
    "de vous rattacher à la vôtre.",
    409,
)


@require_safe
@space_page
def which(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Her sheet; the directory when she has several structures, or when she is of the team."""
    refusal = readable(space, SHEETS)
    if refusal is not None:
        return refused(request, refusal)
    mine = [n for n in sorted(space.organisations) if can_edit(space, n) is None]
    if len(mine) == 1:
        return redirect("annuaire-fiche", space.contract.code, mine[0])
    if not mine and can_review(space) is not None:
        return refused(request, _NONE)
    return redirect("annuaire-espace", space.contract.code)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def sheet(request: HttpRequest, space: Space, organisation: int) -> HttpResponseBase:
    """The form of a sheet and of its offers."""
    refusal = readable(space, SHEETS) or can_edit(space, organisation)
    if refusal is not None:
        return refused(request, refusal)
    row = sheet_row(space, organisation)
    key = draft_key(SHEETS, row.number if row is not None else None)
    place = ("annuaire-fiche", space.contract.code, organisation)
    if request.method != "POST":
        draft = draft_of(space, key)
        if (
            draft is not None
            and row is None
            and draft.fields.get("structure") != [str(organisation)]
        ):
            draft = None  # the first sheet of another structure of hers
        sent = as_sent(draft.fields) if draft is not None else None
        if sent is not None and draft is not None:
            sent["version"] = str(draft.base)
        return _form(request, space, organisation, sent, {}, draft=draft)
    if request.POST.get("oublier") == "oui":
        drop_draft(space, key)
        return redirect(*place)
    if "garder" in request.POST:
        return _kept(request, space, key, place)
    return _saved(request, space, organisation, key, place)


def _saved(
    request: HttpRequest, space: Space, organisation: int, key: str, place: tuple[Any, ...]
) -> HttpResponseBase:
    sent = request.POST
    typed, faults = read_whole(space, organisation, sent)
    if faults:
        return _form(request, space, organisation, sent, faults)
    try:
        save_sheet(space, organisation, typed)
    except SheetFaultsError as error:
        space.refresh()
        return _form(request, space, organisation, sent, {error.key: error.faults})
    except SheetConflictError as error:
        space.refresh()
        keep_draft(space, key, sent, typed[0].base)
        put = merged(space, error, sent)
        both = both_texts(space, error)
        return _form(request, space, organisation, put, {}, both=both)
    except RefusedError as error:
        keep_draft(space, key, sent, typed[0].base)
        return told(request, error.refusal, *place)
    drop_draft(space, key)
    messages.success(request, "La fiche et les offres sont enregistrées.")
    return redirect(*place)


def _kept(request: HttpRequest, space: Space, key: str, place: tuple[Any, ...]) -> HttpResponseBase:
    """Keep what is typed when there is no script to do it."""
    version = request.POST.get("version", "")
    base = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        keep_draft(space, key, request.POST, base)
    except RefusedError as error:
        messages.error(request, error.refusal.text)
    else:
        messages.success(request, "Brouillon gardé. Vous seul le voyez.")
    return redirect(*place)


def _form(
    request: HttpRequest,
    space: Space,
    organisation: int,
    sent: QueryDict | None,
    faults: Faults,
    *,
    draft: Any = None,
    both: Both | None = None,
) -> HttpResponseBase:
    row = sheet_row(space, organisation)
    found = member_directory(space).sheet(organisation)
    context = {
        "space": space,
        "organisation": organisation,
        "name": space.name(ORGANISATIONS, organisation),
        "row": row,
        "sheet": found,
        "tag": tag_of(space, SHEETS, row) if row is not None else None,
        "remark": row.get("remarques") if row is not None else None,
        "part": sheet_part(space, organisation, sent, faults.get("", {})),
        "offers": offer_parts(space, organisation, sent, faults),
        "faults": _told(space, faults),
        "both": both,
        "draft": draft,
        "draft_key": draft_key(SHEETS, row.number if row is not None else None),
        "team": can_review(space) is None,
        "may_ask": _may_ask(row),
        "months": review_months(space),
    }
    status = 409 if both is not None else 400 if faults else 200
    return render(request, "annuaire/fiche.html", context, status=status)


def _may_ask(row: Row | None) -> bool:
    return row is not None and row.get("etat") in ("brouillon", "retiree", None)


def _told(space: Space, faults: Faults) -> list[tuple[str, str, Fault]]:
    """What is wrong: the field, its name with that of its offer, the fault."""
    found = []
    for key, wrong in faults.items():
        columns: Mapping[str, Any] = space.card(OFFERS if key else SHEETS).columns
        for name, fault in wrong.items():
            label = columns[name].label if name in columns else space.card(SHEETS).title
            offer = key.removeprefix("offre-")
            if key and offer.isdecimal():
                label = f"{space.name(OFFERS, int(offer))}{NBSP}: {label}"
            elif key:
                label = f"Nouvelle offre{NBSP}: {label}"
            found.append((f"{key}-{name}" if key else name, label, fault))
    return found


@require_POST
@space_page
def confirm(request: HttpRequest, space: Space, organisation: int) -> HttpResponseBase:
    """The structure says that its sheet is right as it stands."""
    return _done(request, space, organisation, confirm_sheet, "Merci\u202f! La fiche est à jour.")


@require_POST
@space_page
def ask(request: HttpRequest, space: Space, organisation: int) -> HttpResponseBase:
    """The structure asks for its sheet to be published."""
    said = "L’équipe du contrat va relire la fiche, puis la publier."
    return _done(request, space, organisation, ask_publication, said)


def _done(
    request: HttpRequest, space: Space, organisation: int, act: Any, said: str
) -> HttpResponseBase:
    refusal = readable(space, SHEETS)
    if refusal is not None:
        return refused(request, refusal)
    place = ("annuaire-fiche", space.contract.code, organisation)
    try:
        act(space, organisation)
    except RefusedError as error:
        return told(request, error.refusal, *place)
    messages.success(request, said)
    return redirect(*place)
