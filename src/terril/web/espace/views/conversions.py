"""How is a file of others converted: which kind, what is wrong in it, what does it make?"""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from terril.web.espace.actions.convert_file import TEXTS, can_convert, convert_file
from terril.web.espace.conversions import converters_of
from terril.web.espace.doors import readable, refused, space_page
from terril.web.espace.space import Space
from terril.web.espace.views.intakes import sweep
from terril.web.people.refusal import RefusedError
from terril.web.received import safe_name
from terril.web.uploads import too_big

#: problems shown; the rest are counted
_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def convert(request: HttpRequest, space: Space, registre: str) -> HttpResponseBase:
    """The form that takes a file of others; then what it makes, each to be seen and imported."""
    refusal = readable(space, registre)
    offered = converters_of(registre)
    if refusal is None and not offered:
        raise Http404
    refusals = [can_convert(space, one) for one in offered]
    if refusal is None and all(refusals):
        refusal = refusals[0]
    if refusal is not None:
        return refused(request, refusal)
    usable = [one for one, no in zip(offered, refusals, strict=True) if no is None]
    context = {
        "space": space,
        "code": registre,
        "card": space.card(registre),
        "converters": [
            (one, [space.card(register).title for register in one.registers]) for one in usable
        ],
        "endings": ",".join(TEXTS),
    }
    if request.method != "POST":
        return render(request, "espace/convertir.html", {**context, "chosen": usable[0].code})
    wanted = request.POST.get("sorte", "")
    chosen = next((one for one in offered if one.code == wanted), None)
    context |= {"chosen": wanted, "asked": request.POST.get("precision", "")}
    sent = request.FILES.get("fichier")
    if chosen is None or not isinstance(sent, TemporaryUploadedFile):
        said = "Choisissez un fichier." if chosen else "Choisissez une sorte de fichier."
        said = "Ce fichier dépasse 20 Mo." if too_big(request) else said
        return render(request, "espace/convertir.html", {**context, "said": said}, status=400)
    sweep()
    path = Path(sent.temporary_file_path())  # it goes away with the request
    asked = " ".join(request.POST.get("precision", "").split())[:60]
    name = safe_name(sent.name or "")
    try:
        made, waiting = convert_file(space, chosen, path, shown=name, asked=asked)
    except RefusedError as error:
        return refused(request, error.refusal)
    context |= {
        "file_name": name,
        "made": made,
        "problems": made.problems[:_SHOWN],
        "more": max(0, len(made.problems) - _SHOWN),
        "waiting": [(one, space.card(one.register)) for one in waiting],
    }
    if not waiting:
        return render(request, "espace/convertir.html", context, status=400)
    return render(request, "espace/converti.html", context)
