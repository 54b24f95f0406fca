"""What do people find when they come in: their contracts, their desk, the journal?"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from terril.web.espace.awaited import awaited
from terril.web.espace.cards import grouped
from terril.web.espace.doors import member_page, person_of, refused, space_page
from terril.web.espace.models import Draft
from terril.web.espace.perms import can, can_read
from terril.web.espace.space import Space, spaces_of
from terril.web.espace.told import gathered, journal_lines
from terril.web.people.models import Journal

_PAGE = 50
_READ = 300
_RECENT = 12


@require_safe
@member_page
def home(request: HttpRequest) -> HttpResponseBase:
    """The contracts of a person; the desk when there is one only, the atelier when it is hers."""
    person = person_of(request)
    spaces = spaces_of(person)
    if not spaces and person.is_analyst:
        return redirect("atelier")
    if len(spaces) == 1:
        return redirect("bureau", spaces[0].contract.code)
    return render(request, "espace/accueil.html", {"spaces": spaces})


@require_safe
@space_page
def desk(request: HttpRequest, space: Space) -> HttpResponseBase:
    """What awaits her, what changed, where everything is."""
    recent = Journal.objects.filter(contract=space.contract.code, register__in=_open(space))
    context = {
        "space": space,
        "awaited": awaited(space),
        "drafts": _drafts(space),
        "recent": gathered(journal_lines(space, recent[:_READ]))[:_RECENT],
        "groups": [
            (label, kept)
            for label, lines in menu(space)
            if (kept := [line for line in lines if line[2]])
        ],
        "roles": [
            space.catalogue.roles[role].label
            for role in sorted(space.roles)
            if role in space.catalogue.roles
        ],  # fmt: skip
    }
    return render(request, "espace/bureau.html", context)


@require_safe
@space_page
def registers(request: HttpRequest, space: Space) -> HttpResponseBase:
    """All the registers that she may read."""
    return render(request, "espace/registres.html", {"space": space, "groups": menu(space)})


@require_safe
@space_page
def journal(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Who did what."""
    refusal = can(space, "lire_journal")
    if refusal is not None:
        return refused(request, refusal)
    lines = Journal.objects.filter(contract=space.contract.code, register__in=("", *_open(space)))
    register = request.GET.get("registre", "")
    if register:
        lines = lines.filter(register=register)
    page = Paginator(lines, _PAGE).get_page(request.GET.get("page"))
    context = {
        "space": space,
        "page": page,
        "lines": journal_lines(space, page.object_list),
        "register": register,
        "groups": menu(space),
    }
    return render(request, "espace/journal.html", context)


def _open(space: Space) -> list[str]:
    """Return the registers that she may read: she is told nothing of the others."""
    return [code for code in space.catalogue.registers if can_read(space, code) is None]


def menu(space: Space) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Return the registers that she may read: group → code, title, rows."""
    groups = [
        (label, [(code, card) for code, card in held if can_read(space, code) is None])
        for label, held in grouped()
    ]
    counts = space.counts(code for _, lines in groups for code, _ in lines)
    return [
        (label, [(code, card.title, counts[code]) for code, card in lines])
        for label, lines in groups
        if lines
    ]


def _drafts(space: Space) -> list[tuple[Draft, str, str]]:
    """Return the drafts of a person: the draft, what it is, where it is."""
    found = []
    for draft in Draft.objects.filter(contract=space.contract, person=space.person):
        register, _, number = draft.key.partition("/")
        if register not in space.catalogue.registers or can_read(space, register) is not None:
            continue
        card = space.card(register)
        if number.isdecimal():
            label = f"{card.title}\u00a0: {space.name(register, int(number))}"
            address = reverse("modifier", args=[space.contract.code, register, int(number)])
        else:
            label = f"{card.title}\u00a0: nouvelle ligne"
            address = reverse("ajouter", args=[space.contract.code, register])
        found.append((draft, label, address))
    return found
