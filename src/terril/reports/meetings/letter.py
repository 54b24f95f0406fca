"""What does the e-mail of an invitation, of a change or of a cancellation say?"""

from __future__ import annotations

from dataclasses import dataclass

from terril.contrat.meetings.papers import Invitation, plain
from terril.lib.french import NBSP
from terril.reports.meetings.invitation import summary


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail in plain text."""

    subject: str
    text: str


def letter(invite: Invitation, *, again: bool = False, word: str = "", sender: str = "") -> Letter:
    """Return the e-mail of a meeting.

    ``again``: this person was invited already, and something changed. ``word``: what the
    sender adds. ``sender``: who signs, the contract unless given.
    """
    name = summary(invite)
    if invite.called_off:
        subject, opening = f"Annulée{NBSP}: {name}", "La réunion suivante n’aura pas lieu."
    elif again:
        subject = f"Changement{NBSP}: {name}"
        opening = "La réunion suivante a changé ; ce message remplace le précédent."
    else:
        subject, opening = f"Invitation{NBSP}: {name}", "Vous êtes invités à la réunion suivante."
    lines = ["Bonjour,", "", opening, "", name, invite.when]
    if invite.place:
        lines.append(f"Lieu : {invite.place}")
    if invite.link and not invite.called_off:
        lines.append(f"Visioconférence : {invite.link}")
    if word.strip():
        lines += ["", word.strip()]
    if not invite.called_off:
        if invite.agenda:
            lines += ["", "Ordre du jour"]
            lines += [f"{rank}. {item}" for rank, item in enumerate(invite.agenda, 1)]
        if invite.pending:
            lines += ["", "Suites attendues des réunions précédentes"]
            lines += [f"– {text}" for text in invite.pending]
        lines += ["", "Si vous ne pouvez pas venir, dites-le, et dites qui vous représente."]
    lines += ["", sender or invite.contract]
    return Letter(plain(subject), "\n".join(plain(line) for line in lines) + "\n")
