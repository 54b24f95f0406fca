"""What do residents read and send, without an account?"""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.contrat.participation.needs import state_of
from terril.web.espace.doors import public_contract
from terril.web.espace.space import Space
from terril.web.participation import gate
from terril.web.participation.actions.raise_need import LONGEST, TITLE, Sent, faults_of, raise_need
from terril.web.participation.models import Photo, Raised, plain_code
from terril.web.participation.publication import public_photos, published
from terril.web.participation.shown import label_of, need_of, places_of, public_forms

_PAGE: Final = 20
_SAID: Final = {
    "trop_vite": "Le formulaire est parti trop vite. Relisez-le, puis envoyez-le à nouveau.",
    "trop_vieux": "Le formulaire est resté ouvert trop longtemps. Envoyez-le à nouveau\u202f: "
    "votre texte est gardé.",
    "trop_souvent": "Plusieurs envois viennent d’arriver de votre connexion. Réessayez dans une "
    "heure, ou parlez-en à votre conseil citoyen.",
}


@require_safe
@public_contract
def residents(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The forms of participation, and what became of needs and ideas."""
    every = published(space.contract, "besoins", space.rows("besoins"))
    place = _number(request.GET.get("quartier", ""))
    theme = request.GET.get("theme", "")
    state = request.GET.get("etat", "")
    rows = [
        row
        for row in every
        if (place is None or place in (row.get("quartiers") or ()))
        and (not theme or row.get("theme") == theme)
        and (not state or state_of(row) == state)
    ]
    rows.sort(key=lambda row: (row.get("recu_le"), row.number), reverse=True)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    seen = published(space.contract, "observations", space.rows("observations"))
    photos = public_photos(space.contract, [row.number for row in seen])
    states = space.catalogue.workflows["besoin"].states
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "space": space,
        "page": page,
        "chain": kept.urlencode(),
        "needs": [need_of(space, row) for row in page.object_list],
        "total": len(rows),
        "filtered": len(rows) != len(every),
        "places": _options(space, "quartier", str(place or "")),
        "themes": _chosen(space.catalogue.lists["themes_besoin"].items, theme),
        "states": _chosen({c: s.public or s.label for c, s in states.items()}, state),
        "forms": public_forms(space),
        "seen": [
            {
                "row": row,
                "places": places_of(space, row),
                "nature": label_of(space, "natures_observation", row.get("nature")),
                "who": space.name("organisations", row.get("organisation"))
                if row.get("organisation") is not None
                else "",
                "state": space.catalogue.workflows["observation"]
                .states[row.get("etat") or "relevee"].label,
                "photos": photos.get(row.number, []),
            }
            for row in seen
        ],
    }  # fmt: skip
    return render(request, "participation/habitants.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_contract
def propose(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The form by which a resident raises a need or an idea."""
    given = request.POST if request.method == "POST" else request.GET
    typed = {name: given.get(name, "").replace("\0", "") for name in
             ("titre", "texte", "nature", "theme", "quartier", "courriel")}  # fmt: skip
    sent = Sent(
        " ".join(typed["titre"].split()), typed["texte"].replace("\r\n", "\n"),
        typed["nature"], typed["theme"], typed["quartier"], typed["courriel"].strip(),
    )  # fmt: skip
    faults: dict[str, str] = {}
    said = ""
    if request.method == "POST":
        faults = faults_of(sent, space)
        wrong = gate.check(request)
        if not faults and not wrong and gate.too_often(request, space.contract.code):
            wrong = "trop_souvent"
        if wrong == "piege":  # a machine: it is told nothing
            return redirect("habitants", space.contract.code)
        if not faults and not wrong:
            raised = raise_need(space.contract, sent)
            place = reverse("suivi", args=[space.contract.code, raised.code])
            return redirect(f"{place}?recu=1")
        said = _SAID.get(wrong, "")
    lists = space.catalogue.lists
    context = {
        "space": space,
        "sent": sent,
        "faults": faults,
        "said": said,
        "opened": gate.opened(),
        "trap": gate.TRAP,
        "longest": LONGEST,
        "title_longest": TITLE,
        "places": _options(space, "quartier", sent.quartier),
        "themes": _chosen(lists["themes_besoin"].items, sent.theme),
        "natures": _chosen(lists["natures_besoin"].items, sent.nature),
        "months": int(space.catalogue.number("participation_courriel_mois")),
    }
    status = 429 if said == _SAID["trop_souvent"] else 400 if faults or said else 200
    return render(request, "participation/proposer.html", context, status=status)


@require_safe
@public_contract
def find(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Where a resident types her code."""
    typed = request.GET.get("code", "")
    code = plain_code(typed)
    if code and _raised(space, code) is not None:
        return redirect("suivi", space.contract.code, code)
    context = {"space": space, "typed": typed[:40]}
    return render(request, "participation/code.html", context, status=404 if typed else 200)


@never_cache
@require_safe
@public_contract
def follow(request: HttpRequest, space: Space, code: str) -> HttpResponseBase:
    """How far what a resident sent has gone. Its words are shown only once published."""
    raised = _raised(space, plain_code(code))
    if raised is None:
        raise Http404
    row = space.row("besoins", raised.entry.number)
    if row is None or row.archived:
        raise Http404
    shown = bool(published(space.contract, "besoins", [row]))
    context = {
        "space": space,
        "code": raised.code,
        "just": request.GET.get("recu") == "1",
        "need": need_of(space, row, words=shown),
        "shown": shown,
        "refused": row.get("publie") is False,
        "mail": bool(raised.email),
    }
    answer = render(request, "participation/suivi.html", context)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_POST
@public_contract
def forget(request: HttpRequest, space: Space, code: str) -> HttpResponseBase:
    """Erase the address that a resident left; whoever holds the code may."""
    raised = _raised(space, plain_code(code))
    if raised is None:
        raise Http404
    raised.email = ""
    raised.save(update_fields=["email"])
    return redirect("suivi", space.contract.code, raised.code)


@require_safe
@public_contract
def photo(request: HttpRequest, space: Space, photo: int) -> HttpResponseBase:
    """A photo that was read and published, of an observation that is published."""
    found = Photo.objects.select_related("entry").filter(
        pk=photo, contract=space.contract, public=True, read__isnull=False
    ).first()  # fmt: skip
    row = space.row("observations", found.entry.number) if found is not None else None
    if found is None or row is None or not published(space.contract, "observations", [row]):
        raise Http404
    return picture(found)


def picture(found: Photo) -> HttpResponseBase:
    """The pixels of a photo; a browser does nothing else with them."""
    try:
        body = found.file.open("rb")
    except OSError as error:
        raise Http404 from error
    answer = FileResponse(body, content_type="image/jpeg", filename=f"photo-{found.pk}.jpg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _raised(space: Space, code: str) -> Raised | None:
    if not code:
        return None
    return Raised.objects.select_related("entry").filter(
        entry__contract=space.contract, code=code
    ).first()  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _options(space: Space, name: str, chosen: str) -> list[tuple[str, str, bool]]:
    found = [(str(row.number), space.name("quartiers", row.number)) for row in
             space.rows("quartiers")]  # fmt: skip
    found.sort(key=lambda one: one[1].casefold())
    return [(code, label, code == chosen) for code, label in found]


def _chosen(items: Any, chosen: str) -> list[tuple[str, str, bool]]:
    return [(code, label, code == chosen) for code, label in items.items()]
