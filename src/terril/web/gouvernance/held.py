"""What do the rules of the meetings need of a contract of the site?"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from terril.contrat.meetings.agenda import what_is_due
from terril.contrat.meetings.due import Due
from terril.contrat.meetings.legal import Term
from terril.contrat.meetings.papers import Invitation, invitation
from terril.registres.rows import Row
from terril.web.espace.perms import can_read
from terril.web.espace.shown import address_of
from terril.web.espace.space import Space
from terril.web.gouvernance.kept import dues_kept
from terril.web.people.mail import base_address

#: registers that what is due is made from
REGISTERS = ("echeances", "cycle", "reunions", "decisions")


def organiser() -> str:
    """Return the address that answers to an invitation go to."""
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    return settings.CONTACT or sender


def term_of(space: Space) -> Term:
    """Return the dates and the generation of the contract."""
    contract = space.contract
    return Term(contract.starts, contract.ends, contract.generation)


def dues_of(space: Space) -> tuple[Due, ...]:
    """Return what is due in a contract, without the registers that the person may not read."""
    shut = {name for name in REGISTERS if can_read(space, name) is not None}
    term = term_of(space)
    found = dues_kept(space, term, lambda: what_is_due(space, space.catalogue, term))
    return tuple(due for due in found if due.register not in shut)


def warning_days(space: Space) -> int:
    """Return how many days before its day a deadline is near."""
    return int(space.catalogue.number("echeance_rappel"))


def page_of(space: Space, due: Due) -> str:
    """Return the address where a thing to do is done, "" when there is none."""
    code = space.contract.code
    if due.register == "reunions" and due.number is not None:
        return reverse("reunion", args=[code, due.number])
    if due.register == "cycle":
        return f"{reverse('preparer-annee', args=[code])}?annee={due.year}"
    if due.register and due.number is not None:
        return address_of(space, due.register, due.number)
    return ""


def meeting_or_404(space: Space, number: int) -> Row:
    """Return a meeting; raises ``Http404``."""
    found = space.row("reunions", number)
    if found is None:
        raise Http404
    return found


def body_or_404(space: Space, number: int) -> Row:
    """Return a body; raises ``Http404``."""
    found = space.row("instances", number)
    if found is None:
        raise Http404
    return found


def invitation_of(space: Space, meeting: Row) -> Invitation:
    """Return the invitation of a meeting that has a date."""
    host = base_address().partition("://")[2].partition(":")[0]
    return invitation(
        space, space.catalogue, meeting, space.contract.name, space.contract.code, host
    )


def number_of(text: str, most: int = 999_999_999) -> int | None:
    """Return the number that an address or a form gives, ``None`` when it is none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        return None
    return int(text) if int(text) <= most else None


def year_of(text: str, default: int) -> int:
    """Return a year between 2000 and 2100, the default for anything else."""
    year = number_of(text)
    return year if year is not None and 2000 <= year <= 2100 else default
