"""How is a workbook sent to a register: what would change, what is wrong, then yes?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemsError
from terril.registres.incoming import pendings
from terril.web.espace.actions.convert_file import can_convert
from terril.web.espace.actions.import_table import Seen, import_table, look_at
from terril.web.espace.conversions import converters_of
from terril.web.espace.doors import person_of, readable, refused, space_page, told
from terril.web.espace.models import Intake
from terril.web.espace.perms import can_import
from terril.web.espace.shown import cut, text_of
from terril.web.espace.space import Space
from terril.web.people.refusal import RefusedError
from terril.web.received import ENDINGS, check_content, safe_name
from terril.web.uploads import too_big

#: lines shown of each kind of change
_SHOWN: Final = 100
#: how long a file that was not confirmed is kept
_KEPT: Final = dt.timedelta(days=7)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def send(request: HttpRequest, space: Space, registre: str) -> HttpResponseBase:
    """The form that takes a workbook; what was sent is read, nothing is written."""
    refusal = readable(space, registre) or can_import(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    context = {
        "space": space,
        "code": registre,
        "card": space.card(registre),
        "endings": ",".join(ENDINGS),
        "convertible": [
            one.label for one in converters_of(registre) if can_convert(space, one) is None
        ],
    }
    if request.method != "POST":
        return render(request, "espace/importer.html", context)
    sent = request.FILES.get("fichier")
    if sent is None:
        said = "Ce fichier dépasse 20 Mo." if too_big(request) else "Choisissez un fichier."
        return render(request, "espace/importer.html", {**context, "said": said}, status=400)
    sweep()
    name = safe_name(sent.name or "")
    intake = Intake(
        contract=space.contract, register=registre, person=person_of(request), name=name
    )
    intake.file.save(intake.key + Path(name).suffix.lower(), sent, save=False)
    wrong = check_content(Path(intake.file.path), name)
    if wrong:
        intake.file.delete(save=False)
        return render(request, "espace/importer.html", {**context, "problems": wrong}, status=400)
    intake.save()
    return redirect("import-lu", space.contract.code, registre, intake.key)


@require_safe
@space_page
def seen(request: HttpRequest, space: Space, registre: str, cle: str) -> HttpResponseBase:
    """What a workbook would change, and what is wrong in it, row by row."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    intake = _intake(request, space, registre, cle)
    if _first(intake) is not intake:
        return _go_first(request, space, intake)
    try:
        found = _look(space, intake)
    except RefusedError as error:
        return refused(request, error.refusal)
    except ProblemsError as error:
        context = {
            "space": space,
            "code": registre,
            "card": space.card(registre),
            "endings": ",".join(ENDINGS),
            "problems": error.problems,
        }
        return render(request, "espace/importer.html", context, status=400)
    return render(request, "espace/import_lu.html", _context(space, registre, intake, found))


@require_POST
@space_page
def confirm(request: HttpRequest, space: Space, registre: str, cle: str) -> HttpResponseBase:
    """Write what the workbook changes."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    intake = _intake(request, space, registre, cle)
    if _first(intake) is not intake:
        return _go_first(request, space, intake)
    path = Path(intake.file.path)
    try:
        counts = import_table(space, registre, path, shown=intake.name, again=intake.made)
    except RefusedError as error:
        return told(request, error.refusal, "registre", space.contract.code, registre)
    except ProblemsError as error:
        found = _look(space, intake)
        context = _context(space, registre, intake, found)
        context["problems"] = error.problems
        context["blocked"] = True
        return render(request, "espace/import_lu.html", context, status=409)
    intake.done = timezone.now()
    intake.save(update_fields=["done"])
    intake.file.delete(save=False)
    parts = [
        compte(counts.added, "ligne ajoutée", "lignes ajoutées"),
        compte(counts.changed, "ligne modifiée", "lignes modifiées"),
        compte(counts.archived, "ligne archivée", "lignes archivées"),
    ]
    messages.success(request, f"Import terminé\u00a0: {', '.join(parts)}.")
    following = _following(intake)
    if following is not None:
        return redirect("import-lu", space.contract.code, following.register, following.key)
    return redirect("registre", space.contract.code, registre)


def _look(space: Space, intake: Intake) -> Seen:
    path = Path(intake.file.path)
    return look_at(space, intake.register, path, shown=intake.name, again=intake.made)


def _following(intake: Intake) -> Intake | None:
    """Return what is to be imported next, when a file of others made several."""
    return Intake.objects.filter(after=intake, done__isnull=True).first()


def _first(intake: Intake) -> Intake:
    """Return what must be imported first: another while one before it waits."""
    first, before = intake, intake.after
    while before is not None and before.done is None:
        first, before = before, before.after
    return first


def _go_first(request: HttpRequest, space: Space, intake: Intake) -> HttpResponseBase:
    first = _first(intake)
    title = space.card(first.register).title
    messages.info(request, f"Importez d’abord\u00a0: {title}.")
    return redirect("import-lu", space.contract.code, first.register, first.key)


def _context(space: Space, registre: str, intake: Intake, found: Seen) -> dict[str, object]:
    card = space.card(registre)
    problems: list[Problem] = list(found.problems)
    following = _following(intake)
    return {
        "following": space.card(following.register).title if following is not None else "",
        "space": space,
        "code": registre,
        "card": card,
        "intake": intake,
        "problems": problems,
        "blocked": bool(found.problems.errors),
        "added": [
            (one.line, cut(_named(space, registre, one.values)))
            for one in found.plan.added[:_SHOWN]
        ],
        "changed": [
            (
                one.line,
                one.number,
                space.name(registre, one.number),
                [
                    (
                        card.columns[name].label,
                        cut(_text(space, registre, name, before)),
                        cut(_text(space, registre, name, after)),
                    )
                    for name, (before, after) in one.fields.items()
                ],
            )
            for one in found.plan.changed[:_SHOWN]
        ],
        "archived": [
            (one.line, space.name(registre, one.number)) for one in found.plan.archived[:_SHOWN]
        ],
        "conflicts": [
            (
                one.line,
                space.name(registre, one.number),
                ", ".join(card.columns[name].label for name in one.fields),
            )
            for one in found.plan.conflicts[:_SHOWN]
        ],
        "counts": {
            "added": len(found.plan.added),
            "changed": len(found.plan.changed),
            "archived": len(found.plan.archived),
            "conflicts": len(found.plan.conflicts),
            "unchanged": found.plan.unchanged,
        },
        "nothing": not (found.plan.added or found.plan.changed or found.plan.archived),
    }


def _named(space: Space, registre: str, values: Mapping[str, Any]) -> str:
    words = [_text(space, registre, name, values.get(name)) for name in space.card(registre).name]
    return " – ".join(word for word in words if word)


def _text(space: Space, registre: str, name: str, value: object) -> str:
    waiting = pendings(value)  # links to rows of the same file
    if waiting:
        return ", ".join(one.text for one in waiting)
    return text_of(space, space.card(registre).columns[name], value)


def _intake(request: HttpRequest, space: Space, registre: str, cle: str) -> Intake:
    found = Intake.objects.filter(
        key=cle,
        contract=space.contract,
        register=registre,
        person=person_of(request),
        done__isnull=True,
    ).first()
    if found is None or not found.file or not Path(found.file.path).is_file():
        raise Http404
    return found


def sweep() -> None:
    """Forget the files that were sent and never confirmed."""
    for old in Intake.objects.filter(done__isnull=True, at__lt=timezone.now() - _KEPT):
        old.file.delete(save=False)
        old.delete()
