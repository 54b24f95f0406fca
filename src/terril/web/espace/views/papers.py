"""How are the papers of a row added, read, made public, taken away?"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from terril.web.espace.actions.attach_paper import attach_paper, remove_paper, show_paper
from terril.web.espace.doors import (
    public_contract,
    readable,
    refused,
    row_or_404,
    space_page,
    told,
)
from terril.web.espace.models import Attachment
from terril.web.espace.perms import can_write
from terril.web.espace.space import Space
from terril.web.people.refusal import RefusedError

#: types that a browser shows by itself without harm
_SHOWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})


@require_POST
@space_page
def attach(request: HttpRequest, space: Space, registre: str, numero: int) -> HttpResponseBase:
    """Attach a paper to a row."""
    refusal = readable(space, registre) or can_write(
        space, registre, row_or_404(space, registre, numero)
    )
    if refusal is not None:
        return refused(request, refusal)
    place = ("fiche-registre", space.contract.code, registre, numero)
    sent = request.FILES.get("piece")
    if sent is None:
        messages.error(request, "Choisissez un fichier.")
        return redirect(*place)
    try:
        paper = attach_paper(
            space, registre, numero, sent, public=request.POST.get("publique") == "oui"
        )
    except RefusedError as error:
        return told(request, error.refusal, *place)
    messages.success(request, f"Pièce ajoutée\u00a0: {paper.name}.")
    return redirect(*place)


@require_safe
@space_page
def paper(request: HttpRequest, space: Space, piece: int) -> HttpResponseBase:
    """A paper, to those who may read its register."""
    found = _found(space, piece)
    refusal = readable(space, found.entry.register)
    if refusal is not None:
        return refused(request, refusal)
    return _given(found)


@require_safe
@public_contract
def public_paper(request: HttpRequest, space: Space, piece: int) -> HttpResponseBase:
    """A public paper of a public row, to everybody."""
    found = _found(space, piece)
    entry = found.entry
    if not (found.public and not entry.archived and space.card(entry.register).public):
        raise Http404
    return _given(found)


@require_POST
@space_page
def change(request: HttpRequest, space: Space, piece: int) -> HttpResponseBase:
    """Make a paper public or private, or take it away."""
    found = _found(space, piece)
    place = ("fiche-registre", space.contract.code, found.entry.register, found.entry.number)
    wanted = request.POST.get("faire", "")
    try:
        if wanted == "retirer":
            remove_paper(space, found)
            messages.success(request, "Pièce retirée.")
        elif wanted in ("publier", "cacher"):
            show_paper(space, found, public=wanted == "publier")
            messages.success(request, "Pièce publique." if found.public else "Pièce privée.")
        else:
            raise Http404
    except RefusedError as error:
        return told(request, error.refusal, *place)
    return redirect(*place)


def _found(space: Space, piece: int) -> Attachment:
    found = (
        Attachment.objects.select_related("entry", "entry__contract")
        .filter(pk=piece, entry__contract=space.contract)
        .first()
    )
    if found is None or found.entry.register not in space.catalogue.registers:
        raise Http404
    return found


def _given(found: Attachment) -> HttpResponseBase:
    try:
        body = found.file.open("rb")
    except OSError as error:
        raise Http404 from error
    answer = FileResponse(
        body,
        as_attachment=found.kind not in _SHOWN,
        filename=found.name,
        content_type=found.kind,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
