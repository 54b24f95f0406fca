"""Who may prepare a meeting, note who came, decide, invite, and who may not?

Every right is that of the registers; then the state of the meeting may forbid, with a sentence.
"""

from __future__ import annotations

from typing import Final

from terril.registres.rows import Row
from terril.web.espace.perms import can_add, can_enter, can_read, can_write
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal

_NO_DAY: Final = Refusal("Fixez d’abord la date de la réunion.", 409)
_OFF: Final = Refusal("Cette réunion est annulée. Remettez-la à prévoir d’abord.", 409)
_GONE: Final = Refusal("Cette réunion est archivée.", 409)


def can_look(space: Space, meeting: Row | None = None) -> Refusal | None:
    """May she see the bodies and the meetings?"""
    return can_read(space, "reunions")


def can_run(space: Space, meeting: Row) -> Refusal | None:
    """May she prepare this meeting and write its minutes?"""
    return can_write(space, "reunions", meeting)


def can_note_attendance(space: Space, meeting: Row) -> Refusal | None:
    """May she note who came?"""
    refusal = can_add(space, "presences")
    if refusal is not None:
        return refusal
    if meeting.archived:
        return _GONE
    return _OFF if meeting.get("etat") == "annulee" else None


def can_decide(space: Space, meeting: Row) -> Refusal | None:
    """May she write down a decision of this meeting?"""
    refusal = can_add(space, "decisions")
    if refusal is not None:
        return refusal
    if meeting.archived:
        return _GONE
    return _OFF if meeting.get("etat") == "annulee" else None


def can_invite(space: Space, meeting: Row) -> Refusal | None:
    """May she send the invitations of this meeting, or the word that it is called off?"""
    refusal = can_run(space, meeting)
    if refusal is not None:
        return refusal
    day = meeting.get("date")
    if day is None:
        return _NO_DAY
    state = meeting.get("etat") or "prevue"
    if state == "tenue" or day < space.today:
        return Refusal("La réunion est passée\u00a0: il n’y a plus personne à inviter.", 409)
    if state != "annulee":
        columns = space.card("reunions").columns
        missing = [
            columns[name].label for name in ("debut", "ordre_du_jour") if not meeting.get(name)
        ]
        if missing:
            listed = " et ".join(f"«\u00a0{label}\u00a0»" for label in missing)
            return Refusal(f"Remplissez d’abord {listed}.", 409)
    return None


def can_plan(space: Space) -> Refusal | None:
    """May she create the meetings of a year?"""
    return can_add(space, "reunions")


def can_settle(space: Space) -> Refusal | None:
    """May she say that a deadline is met, or set its day?"""
    return can_add(space, "echeances")


def can_subscribe(space: Space) -> Refusal | None:
    """May she have a feed of the meetings in her own calendar?"""
    return can_enter(space) or can_read(space, "reunions")
