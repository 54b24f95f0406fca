"""Is a second factor begun by its owner, and asked for by nobody yet?"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from household import equip, sign_in

from terril.web.people.actions.start_factor import start_factor
from terril.web.people.models import Person, SecondFactor
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/second-facteur/"


def test_it_is_shown_as_a_picture_and_as_words(home: Client, ana: Person) -> None:
    assert not SecondFactor.objects.exists(), "looking begins nothing"
    assert "Commencer" in home.get(PAGE).content.decode()
    assert home.post(PAGE + "commencer/")["Location"] == PAGE
    text = home.get(PAGE).content.decode()
    secret = SecondFactor.objects.get(person=ana).secret
    assert re.search(r'<svg role="img" aria-label="[^"]+"', text)
    assert " ".join(re.findall(".{4}", secret)) in text
    assert "otpauth://totp/" in text and "ana%40exemple.fr" in text
    assert not re.search(r"<[^>]+\sstyle=", text), "the policy of the site forbids it"


def test_it_is_not_asked_for_before_it_is_confirmed(home: Client, web: Client) -> None:
    home.post(PAGE + "commencer/")
    assert sign_in(web) != "/connexion/code/"


def test_beginning_again_changes_the_secret(ana: Person) -> None:
    first = start_factor(ana).secret
    assert start_factor(ana).secret != first
    assert SecondFactor.objects.count() == 1


def test_it_is_not_begun_over_one_in_force(home: Client, ana: Person) -> None:
    equip(ana)
    kept = SecondFactor.objects.get().secret
    with pytest.raises(RefusedError, match="déjà en place"):
        start_factor(ana)
    text = home.post(PAGE + "commencer/", follow=True).content.decode()
    assert "déjà en place" in text and kept not in text.replace(" ", "")
    assert SecondFactor.objects.get().secret == kept
