"""Walks every door of the workspace with every role and every method, and says what each got.

``python tests/web/espace/walk.py`` is not a command: ``test_walk.py`` writes the table again when
``TERRIL_REFAIRE=portes`` is in the environment.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import office
from django.db import transaction
from django.test import Client
from doors_of_site import doors
from row_maker import make

from terril.web.espace.cards import cards
from terril.web.espace.models import Contract

METHODS = ("get", "post", "put", "delete")
#: what an answer means: it was let in, she may not, there is no such way, there is no such thing
LET_IN, REFUSED, NO_WAY, NOTHING = "entre", "refus", "405", "404"


class _Undo(Exception):
    """Ends a request without a trace."""


def furnished() -> Contract:
    """Return a contract with a whole row in each register."""
    contract = office.contract()
    for register in cards().registers:
        if not office.root(contract).rows(register):
            make(contract, register, whole=True)
    return contract


def got(browser: Client, method: str, address: str) -> str:
    """Ask for a door, undo what it did, and say how it answered."""
    status = 0
    with contextlib.suppress(_Undo), transaction.atomic():
        status = getattr(browser, method)(address).status_code
        raise _Undo
    if status == 403:
        return REFUSED
    if status == 405:
        return NO_WAY
    if status == 404:
        return NOTHING
    assert status < 500, (method, address, status)
    return LET_IN


def walk(contract: Contract) -> Iterator[tuple[str, str, str, str]]:
    """Yield door, method, role, what was got."""
    for role in cards().roles:
        browser = office.client_of(office.member(contract, role))
        for name, address in doors("espace/"):
            for method in METHODS:
                yield name, method, role, got(browser, method, address)
