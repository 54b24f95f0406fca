"""How does a calendar subscribe to a contract: by which secret address, and until when?

The address is a signed word: the contract, the person, and how many times she renewed it. The
journal keeps that count, so a renewed address shuts the former one; it also shuts when she is no
longer a member.
"""

from __future__ import annotations

from typing import Final

from django.core import signing

from terril.web.espace.models import Contract
from terril.web.espace.space import Space, space_of
from terril.web.gouvernance.perms import can_subscribe
from terril.web.people.models import Journal, Person

RENEWED: Final = "adresse d’agenda renouvelée"
_FEED: Final = "terril.gouvernance.agenda"
_INVITATION: Final = "terril.gouvernance.invitation"


def feed_token(space: Space) -> str:
    """Return the secret word of the feed of a person in a contract."""
    assert space.person is not None
    held = [space.contract.code, str(space.person.key), _renewals(space.contract, space.person)]
    return signing.dumps(held, salt=_FEED, compress=True)


def space_of_feed(token: str) -> Space | None:
    """Return the space that a feed shows, ``None`` when its word is not, or no longer, good."""
    try:
        code, key, count = signing.loads(token, salt=_FEED)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    contract = Contract.objects.filter(code=code).first()
    person = Person.objects.filter(key=key, is_active=True).first()
    if contract is None or person is None or _renewals(contract, person) != count:
        return None
    space = space_of(contract, person)
    return space if can_subscribe(space) is None else None


def _renewals(contract: Contract, person: Person) -> int:
    return Journal.objects.filter(contract=contract.code, actor=person, verb=RENEWED).count()


def invitation_token(space: Space, meeting: int, organisation: int) -> str:
    """Return the word by which an invited structure gets the file of the meeting."""
    return signing.dumps([space.contract.code, meeting, organisation], salt=_INVITATION)


def of_invitation(token: str) -> tuple[Contract, int, int] | None:
    """Return the contract, the meeting and the structure of a word, ``None`` when it is none."""
    try:
        code, meeting, organisation = signing.loads(token, salt=_INVITATION)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    contract = Contract.objects.filter(code=code).first()
    return (contract, meeting, organisation) if contract is not None else None
