"""Who is in the contract, who is invited, and how does one come in?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terril.web.espace.actions.accept_invitation import accept_invitation, invitation_of
from terril.web.espace.actions.cancel_invitation import cancel_invitation
from terril.web.espace.actions.change_membership import change_membership
from terril.web.espace.actions.end_membership import end_membership
from terril.web.espace.actions.invite import DAYS, invite
from terril.web.espace.doors import person_of, refused, space_page, told
from terril.web.espace.models import Invitation, Membership
from terril.web.espace.perms import can, can_invite
from terril.web.espace.space import Space
from terril.web.people.actions.create_account import create_account
from terril.web.people.gate import open_to_all
from terril.web.people.models import Person
from terril.web.people.refusal import RefusedError


@require_safe
@space_page
def members(request: HttpRequest, space: Space) -> HttpResponseBase:
    """The members of a contract, by role, and the invitations that wait."""
    manages = can(space, "gerer_membres") is None
    given = [role for role in space.catalogue.roles if can_invite(space, role) is None]
    held = Membership.objects.filter(contract=space.contract, until__isnull=True)
    groups = []
    for code, role in space.catalogue.roles.items():
        lines = [
            (one, _organisation(space, one.organisation), _quartiers(space, one.quartiers))
            for one in held.select_related("person").order_by("person__name", "pk")
            if one.role == code
        ]
        if lines:
            groups.append((role, lines))
    waiting = Invitation.objects.filter(contract=space.contract) if given else ()
    context = {
        "space": space,
        "groups": groups,
        "manages": manages,
        "given": [(code, space.catalogue.roles[code]) for code in given],
        "waiting": [
            (one, space.catalogue.roles[one.role].label) for one in waiting if one.role in given
        ],
        "organisations": _choices(space, "organisations"),
        "quartiers": _choices(space, "quartiers"),
        "days": DAYS,
    }
    return render(request, "espace/membres.html", context)


@require_POST
@space_page
def send_invitation(request: HttpRequest, space: Space) -> HttpResponseBase:
    """Invite an address."""
    sent = request.POST
    try:
        made, _ = invite(
            space,
            sent.get("courriel", ""),
            sent.get("role", ""),
            organisation=_one(sent.get("organisation", "")),
            quartiers=_several(sent.getlist("quartiers")),
            site=request.build_absolute_uri("/").rstrip("/"),
        )
    except RefusedError as error:
        return told(request, error.refusal, "membres", space.contract.code)
    messages.success(request, f"Invitation envoyée à {made.email}. Elle est valable {DAYS} jours.")
    return redirect("membres", space.contract.code)


@require_POST
@space_page
def take_back(request: HttpRequest, space: Space, invitation: int) -> HttpResponseBase:
    """Take an invitation back."""
    found = Invitation.objects.filter(pk=invitation, contract=space.contract).first()
    if found is None:
        raise Http404
    try:
        cancel_invitation(space, found)
    except RefusedError as error:
        return told(request, error.refusal, "membres", space.contract.code)
    messages.success(request, "Invitation annulée.")
    return redirect("membres", space.contract.code)


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def member(request: HttpRequest, space: Space, membre: int) -> HttpResponseBase:
    """What a member speaks for; her role may be ended."""
    refusal = can(space, "gerer_membres")
    if refusal is not None:
        return refused(request, refusal)
    found = (
        Membership.objects.select_related("person", "contract")
        .filter(pk=membre, contract=space.contract, until__isnull=True)
        .first()
    )
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            change_membership(
                space,
                found,
                _one(request.POST.get("organisation", "")),
                _several(request.POST.getlist("quartiers")),
            )
        except RefusedError as error:
            return told(request, error.refusal, "membres", space.contract.code)
        messages.success(request, "Rôle modifié.")
        return redirect("membres", space.contract.code)
    context = {
        "space": space,
        "member": found,
        "role": space.catalogue.roles[found.role],
        "organisations": _choices(space, "organisations"),
        "quartiers": _choices(space, "quartiers"),
    }
    return render(request, "espace/membre.html", context)


@require_POST
@space_page
def leave(request: HttpRequest, space: Space, membre: int) -> HttpResponseBase:
    """End a role."""
    found = Membership.objects.filter(pk=membre, contract=space.contract).first()
    if found is None:
        raise Http404
    try:
        end_membership(space, found)
    except RefusedError as error:
        return told(request, error.refusal, "membres", space.contract.code)
    messages.success(request, "Le rôle a pris fin.")
    if found.person_id == person_of(request).pk:
        return redirect("espace")
    return redirect("membres", space.contract.code)


@open_to_all
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponseBase:
    """Take the place that was kept: with one’s account, or by opening one."""
    held = invitation_of(jeton)
    if held is None:
        return render(request, "espace/invitation.html", {"held": None}, status=410)
    user = request.user
    known = Person.objects.filter(email=held.email).exists()
    other = user.is_authenticated and isinstance(user, Person) and user.email != held.email
    context: dict[str, Any] = {
        "held": held,
        "role": _role(held),
        "known": known,
        "other": other,
        "here": request.path,
    }
    if request.method != "POST" or other:
        return render(request, "espace/invitation.html", context, status=403 if other else 200)
    try:
        if isinstance(user, Person) and user.is_authenticated:
            accept_invitation(user, jeton)
        elif known:
            return redirect(f"{_sign_in()}?next={request.path}")
        else:
            person = create_account(
                held.email,
                request.POST.get("mot_de_passe", ""),
                name=request.POST.get("nom", "").strip()[:120],
            )
            accept_invitation(person, jeton)
            login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    except RefusedError as error:
        context["said"] = error.refusal.text
        return render(request, "espace/invitation.html", context, status=error.refusal.status)
    messages.success(request, f"Bienvenue dans l’espace de travail\u00a0: {held.contract.name}.")
    return redirect("bureau", held.contract.code)


def _role(held: Invitation) -> Any:
    from terril.web.espace.cards import cards

    return cards().roles[held.role]


def _sign_in() -> str:
    from django.urls import reverse

    return reverse(settings.LOGIN_URL)


def _choices(space: Space, register: str) -> list[tuple[int, str]]:
    found = [(row.number, space.name(register, row.number)) for row in space.rows(register)]
    return sorted(found, key=lambda one: one[1].casefold())


def _organisation(space: Space, number: int | None) -> str:
    return space.name("organisations", number) if number is not None else ""


def _quartiers(space: Space, numbers: list[int]) -> str:
    return ", ".join(space.name("quartiers", number) for number in numbers)


def _one(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _several(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 10]
