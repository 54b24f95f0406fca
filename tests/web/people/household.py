"""What the tests of accounts share: words, a clock, codes, messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyotp
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client, TestCase
from django.utils import timezone

from terril.web.people.factor import PERIOD, new_codes
from terril.web.people.models import Person, SecondFactor

EMAIL, OTHER = "ana@exemple.fr", "lea@exemple.fr"
WORD, NEW = "un-mot-tres-long", "un-autre-mot-tres-long"


@dataclass
class Clock:
    """A half-minute that passes when it is told to."""

    step: int = 50_000_000

    def code(self, person: Person, ahead: int = 0) -> str:
        """What the telephone shows, ``ahead`` half-minutes from now."""
        secret = SecondFactor.objects.get(person=person).secret
        return pyotp.TOTP(secret).at((self.step + ahead) * PERIOD)


def equip(person: Person) -> list[str]:
    """Give a person a second factor in force; return her codes of recovery."""
    SecondFactor.objects.create(
        person=person, secret=pyotp.random_base32(), confirmed=timezone.now()
    )
    return new_codes(person)


def sign_in(client: Client, email: str = EMAIL, word: str = WORD, **more: str) -> str:
    """Give the password; return where it leads, "" when it is refused."""
    answer = client.post("/connexion/", {"username": email, "password": word, **more})
    return str(answer.get("Location", ""))


def is_in(client: Client) -> bool:
    """Is a session open?"""
    return bool(client.get("/mon-compte/").status_code == 200)


@contextmanager
def delivered() -> Iterator[list[EmailMultiAlternatives]]:
    """End the transaction of what is done inside: the messages it sends."""
    box: list[EmailMultiAlternatives] = []
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield box
    box += mail.outbox  # type: ignore[arg-type]


def link_in(text: object) -> str:
    """The path of the first link of a message."""
    found = re.search(r"https?://[^/\s]+(/\S+)", str(text))
    assert found, text
    return found[1]
