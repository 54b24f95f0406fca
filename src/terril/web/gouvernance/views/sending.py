"""How does one look at the invitations before they leave, and send them?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from terril.lib.french import compte
from terril.reports.meetings.letter import letter
from terril.web.espace.doors import refused, space_page, told
from terril.web.espace.space import Space
from terril.web.gouvernance.actions.send_invitations import send_invitations
from terril.web.gouvernance.held import invitation_of, meeting_or_404, number_of
from terril.web.gouvernance.perms import can_invite, can_look
from terril.web.gouvernance.sends import guests
from terril.web.people.refusal import RefusedError

#: characters of what the sender adds, at the most
LONGEST = 4000


@require_http_methods(["GET", "HEAD", "POST"])
@space_page
def invite(request: HttpRequest, space: Space, numero: int) -> HttpResponseBase:
    """Who will be written to, and what; then send."""
    row = meeting_or_404(space, numero)
    refusal = can_look(space)
    if refusal is not None:
        return refused(request, refusal)
    refusal = can_invite(space, row)
    if refusal is not None:
        return told(request, refusal, "reunion", space.contract.code, numero)
    word = request.POST.get("mot", "")[:LONGEST]
    if request.method == "POST":
        try:
            gone = send_invitations(
                space,
                row,
                request.POST.getlist("a"),
                number_of(request.POST.get("version", "")) or 0,
                word=word,
                request=request,
            )
        except RefusedError as error:
            return told(request, error.refusal, "reunion-inviter", space.contract.code, numero)
        words = compte(len(gone), "structure", "structures")
        messages.success(request, f"Message envoyé à {words}.")
        return redirect("reunion", space.contract.code, numero)
    listed = guests(space, row)
    context = {
        "space": space,
        "section": "reunion-inviter",
        "row": row,
        "title": row.get("titre") or space.name("reunions", row.number),
        "guests": listed,
        "letter": letter(invitation_of(space, row), sender=space.contract.holder),
        "nobody": not any(guest.email for guest in listed),
        "off": row.get("etat") == "annulee",
    }
    return render(request, "gouvernance/inviter.html", context)
