"""Who is to be invited to a meeting, at which address, and what was each already sent?

The journal is the log: one line a structure and a message, with the version of the meeting that
was told. It holds no address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from terril.contrat.meetings.bodies import awaited, members
from terril.registres.rows import Row
from terril.web.espace.space import Space
from terril.web.espace.writing import former_values
from terril.web.people.models import Journal

#: verb of the journal
VERB: Final = "convocation envoyée"
#: columns whose change is worth a message
TOLD: Final = ("titre", "date", "debut", "fin", "lieu", "visio", "ordre_du_jour")


@dataclass(frozen=True, slots=True)
class Sent:
    """The last message to a structure: its line in the journal, when, which version it told."""

    line: int
    at: dt.datetime
    version: int
    off: bool  # it told that the meeting is called off


@dataclass(frozen=True, slots=True)
class Guest:
    """A structure to invite. ``changed``: what it was told is no longer so.

    ``why``: why it gets nothing unless one insists, "" when it is to be written to.
    """

    organisation: int
    name: str
    function: str
    email: str
    last: Sent | None
    changed: bool
    why: str

    @property
    def key(self) -> str:
        """What a form sends: the structure, and the last message when the page was read."""
        return f"{self.organisation}:{self.last.line if self.last else 0}"

    @property
    def chosen(self) -> bool:
        """Is it ticked when the page opens?"""
        return not self.why


def sent_of(space: Space, meeting: Row) -> dict[int, Sent]:
    """Return the last message to each structure about a meeting."""
    lines = Journal.objects.filter(
        contract=space.contract.code, register="reunions", number=meeting.number, verb=VERB
    ).order_by("pk")
    found: dict[int, Sent] = {}
    for line in lines:
        details = line.details
        number = details.get("structure")
        if isinstance(number, int):
            found[number] = Sent(
                line.pk, line.at, int(details.get("version", 0)), bool(details.get("annulation"))
            )
    return found


def guests(space: Space, meeting: Row) -> list[Guest]:
    """Return the structures awaited at a meeting, in their order, and what each needs.

    When the meeting is called off, only those who were invited are told.
    """
    sent = sent_of(space, meeting)
    off = meeting.get("etat") == "annulee"
    body = meeting.get("instance")
    mandates = {
        member.organisation: member.email
        for member in reversed(members(space, body, meeting.get("date")) if body else ())
        if member.email
    }
    found = []
    former: dict[int, dict[str, Any] | None] = {}
    for line in awaited(space, meeting):
        row = space.row("organisations", line.organisation)
        email = mandates.get(line.organisation) or (row.get("courriel") if row else "") or ""
        last = sent.get(line.organisation)
        changed = last is not None and _changed(space, meeting, last, former)
        found.append(
            Guest(
                line.organisation, line.name, line.function, email, last, changed,
                _why(email, last, changed, off),
            )
        )  # fmt: skip
    return found


def _changed(
    space: Space, meeting: Row, last: Sent, former: dict[int, dict[str, Any] | None]
) -> bool:
    if (meeting.get("etat") == "annulee") != last.off:
        return True
    if last.version not in former:
        former[last.version] = former_values(space, "reunions", meeting.number, last.version)
    told = former[last.version]
    return told is None or any(told.get(name) != meeting.get(name) for name in TOLD)


def _why(email: str, last: Sent | None, changed: bool, off: bool) -> str:
    if not email:
        return "sans adresse"
    if off and (last is None or last.off):
        return "déjà prévenue" if last is not None else "n’a pas été invitée"
    if last is not None and not changed:
        return "déjà invitée"
    return ""


def still_as_seen(space: Space, meeting: Row, keys: Sequence[str]) -> list[Guest]:
    """Return the guests that a form names, less those written to since the page was read."""
    found = {guest.key: guest for guest in guests(space, meeting)}
    return [found[key] for key in dict.fromkeys(keys) if key in found and found[key].email]
