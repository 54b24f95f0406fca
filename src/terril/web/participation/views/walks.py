"""How is a walk noted on a phone, and how is a photo read before anybody else sees it?"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.web.espace.doors import readable, refused, row_or_404, space_page, told
from terril.web.espace.perms import can_add, can_write
from terril.web.espace.shown import address_of, tag_of
from terril.web.espace.space import Space
from terril.web.espace.writing import FaultsError
from terril.web.participation.actions.add_photo import (
    add_photo,
    can_read_photo,
    can_see_photo,
    read_photo,
    remove_photo,
)
from terril.web.participation.actions.observe import observe
from terril.web.participation.models import Photo
from terril.web.participation.shown import label_of, photos_of, places_of
from terril.web.participation.views.public import picture
from terril.web.people.refusal import RefusedError
from terril.web.pictures import grid_of
from terril.web.uploads import too_big

_TOO_BIG = "Cette photo dépasse la taille permise. Réduisez-la, puis recommencez."
#: the position of the phone, on this page only and when she asks for it
_PERMISSIONS = "camera=(), geolocation=(self), microphone=(), interest-cohort=()"


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def walk(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """A walk: what was seen, and the form of the next observation."""
    refusal = readable(space, "marches") or readable(space, "observations")
    if refusal is not None:
        return refused(request, refusal)
    found = row_or_404(space, "marches", numero)
    typed = {"constat": "", "lieu": "", "nature": ""}
    said = ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        sent = request.FILES.get("photo")
        if too_big(request):
            said = _TOO_BIG
        else:
            try:
                row = observe(
                    space,
                    numero,
                    seen=typed["constat"],
                    place=typed["lieu"],
                    nature=typed["nature"],
                    position=(
                        request.POST.get("latitude", ""), request.POST.get("longitude", "")
                    ),
                    photo=sent.read() if sent is not None else None,
                )  # fmt: skip
            except RefusedError as error:
                if error.refusal.status in (403, 404):
                    return refused(request, error.refusal)
                said = error.refusal.text
            except FaultsError as error:
                said = " ".join(fault.what for fault in error.faults.values())
            else:
                messages.success(request, f"Noté\u00a0: {row.get('constat')}.")
                return redirect("marche", space.contract.code, numero)
    rows = [row for row in space.rows("observations") if row.get("marche") == numero]
    photos = photos_of(space, [row.number for row in rows])
    natures = space.catalogue.lists["natures_observation"].items
    context = {
        "space": space,
        "row": found,
        "name": space.name("marches", numero),
        "places": places_of(space, found),
        "seen": [
            {
                "row": row,
                "address": address_of(space, "observations", row.number),
                "nature": label_of(space, "natures_observation", row.get("nature")),
                "who": space.name("organisations", row.get("organisation"))
                if row.get("organisation") is not None
                else "",
                "tag": tag_of(space, "observations", row),
                "photos": photos.get(row.number, [])
                if can_write(space, "observations", row) is None
                else [],
            }
            for row in reversed(rows)
        ],
        "natures": [(code, label, code == typed["nature"]) for code, label in natures.items()],
        "typed": typed,
        "said": said,
        "may_add": not found.archived and can_add(space, "observations") is None,
    }
    answer = render(request, "participation/marche.html", context, status=400 if said else 200)
    answer["Permissions-Policy"] = _PERMISSIONS
    return answer


@require_POST
@space_page
def attach(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Add a photo to an observation."""
    refusal = readable(space, "observations") or can_write(
        space, "observations", row_or_404(space, "observations", numero)
    )
    if refusal is not None:
        return refused(request, refusal)
    place = ("fiche-registre", space.contract.code, "observations", numero)
    sent = request.FILES.get("photo")
    if too_big(request) or sent is None:
        messages.error(request, _TOO_BIG if too_big(request) else "Choisissez une photo.")
        return redirect(*place)
    try:
        add_photo(space, numero, sent.read(), words=request.POST.get("vu", ""))
    except RefusedError as error:
        return told(request, error.refusal, *place)
    messages.success(request, "Photo ajoutée. Elle reste privée tant qu’elle n’est pas relue.")
    return redirect(*place)


@require_safe
@space_page
def photo(request: HttpRequest, space: Space, photo: int) -> HttpResponseBase:
    """The pixels of a photo, to those who may see it before it is read."""
    found = _photo(space, photo)
    refusal = can_see_photo(space, space.row("observations", found.entry.number))
    if refusal is not None:
        return refused(request, refusal)
    return picture(found)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def read(request: HttpRequest, space: Space, photo: int) -> HttpResponseBase:
    """A photo under its grid: hide squares, say whether somebody can be recognised."""
    found = _photo(space, photo)
    refusal = can_read_photo(space, space.row("observations", found.entry.number))
    if refusal is not None:
        return refused(request, refusal)
    rows, columns = grid_of(found.width, found.height)
    if request.method == "POST":
        squares = [square for text in request.POST.getlist("case") if (square := _square(text))]
        nobody = request.POST.get("personne") == "oui"
        publish = request.POST.get("publier") == "oui"
        read_photo(
            space, found, squares, nobody=nobody, publish=publish,
            words=request.POST.get("vu", ""),
        )  # fmt: skip
        if squares and not nobody:
            messages.success(request, "Les cases cochées sont masquées. Regardez encore.")
            return redirect("relire-photo", space.contract.code, photo)
        if not nobody:
            messages.error(
                request, "La photo reste privée\u00a0: dites si personne ne peut être reconnu."
            )
            return redirect("relire-photo", space.contract.code, photo)
        messages.success(request, "Photo publiée." if publish else "Photo relue, gardée privée.")
        return redirect("fiche-registre", space.contract.code, "observations", found.entry.number)
    context = {
        "space": space,
        "photo": found,
        "row": space.row("observations", found.entry.number),
        "rows": [(r, [(c, f"{r}-{c}") for c in range(columns)]) for r in range(rows)],
        "columns": columns,
    }
    return render(request, "participation/relire_photo.html", context)


@require_POST
@space_page
def remove(request: HttpRequest, space: Space, photo: int) -> HttpResponseBase:
    """Delete a photo."""
    found = _photo(space, photo)
    number = found.entry.number
    try:
        remove_photo(space, found)
    except RefusedError as error:
        return refused(request, error.refusal)
    messages.success(request, "Photo retirée.")
    return redirect("fiche-registre", space.contract.code, "observations", number)


def _photo(space: Space, key: int) -> Photo:
    found = Photo.objects.select_related("entry", "entry__contract").filter(
        pk=key, contract=space.contract
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    return found


def _square(text: str) -> tuple[int, int] | None:
    row, _, column = text.partition("-")
    if row.isdecimal() and column.isdecimal() and len(text) < 8:
        return int(row), int(column)
    return None
