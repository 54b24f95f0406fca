"""How are the members of a body invited to a meeting, once each?"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from terril.registres.rows import Row
from terril.reports.meetings.invitation import invitation_ics
from terril.reports.meetings.letter import letter
from terril.web.espace.actions.move_row import move_row
from terril.web.espace.space import Space
from terril.web.espace.writing import locked
from terril.web.gouvernance.feed import invitation_token
from terril.web.gouvernance.held import invitation_of, organiser
from terril.web.gouvernance.perms import can_invite
from terril.web.gouvernance.sends import VERB, Guest, still_as_seen
from terril.web.people.journal import note
from terril.web.people.mail import base_address, send
from terril.web.people.refusal import Refusal, RefusedError

_TEMPLATE = "gouvernance/courriel_convocation.txt"


def send_invitations(
    space: Space,
    meeting: Row,
    keys: Sequence[str],
    version: int,
    *,
    word: str = "",
    request: HttpRequest | None = None,
) -> list[Guest]:
    """Write to the structures that a form names; return those written to.

    ``keys``: those of the guests as the page showed them: who was written to since is left out.
    ``version``: that of the meeting when the page was read; another one is refused, so that
    nobody sends what she did not read. A meeting « prévue » becomes « convoquée ». One line of
    the journal a structure. Raises ``RefusedError``.
    """
    with transaction.atomic():
        if locked(space, "reunions", meeting.number) is None:
            raise RefusedError(Refusal("Cette réunion n’existe pas.", 404))
        space.refresh()
        row = space.row("reunions", meeting.number)
        assert row is not None
        refusal = can_invite(space, row)
        if refusal is not None:
            raise RefusedError(refusal)
        if row.version != version:
            raise RefusedError(
                Refusal("La réunion vient de changer\u00a0: relisez l’invitation.", 409)
            )
        chosen = still_as_seen(space, row, keys)
        if not chosen:
            raise RefusedError(Refusal("Personne à qui écrire parmi ceux que vous voyez.", 409))
        if (row.get("etat") or "prevue") == "prevue":
            row = move_row(space, "reunions", row.number, "convoquee", row.version)
        for guest in chosen:
            _write(space, row, guest, word, base_address(request))
        return chosen


def _write(space: Space, meeting: Row, guest: Guest, word: str, base: str) -> None:
    invite = invitation_of(space, meeting)
    told = letter(invite, again=guest.last is not None, word=word, sender=space.contract.holder)
    token = invitation_token(space, meeting.number, guest.organisation)
    send(
        guest.email,
        told.subject,
        _TEMPLATE,
        {
            "text": told.text,
            "link": base + reverse("invitation-agenda", args=[token]),
            "off": invite.called_off,
            "answer": settings.CONTACT,
        },
        calendar=invitation_ics(
            invite, organiser=organiser(), attendee=guest.email, zone=settings.TIME_ZONE
        ).decode(),
    )
    note(
        space.person,
        VERB,
        f"réunion n° {meeting.number}, {guest.name}",
        contract=space.contract.code,
        register="reunions",
        number=meeting.number,
        structure=guest.organisation,
        version=meeting.version,
        annulation=invite.called_off,
    )
