"""How is somebody called on the site?"""

from __future__ import annotations

import pytest
from django.test import Client
from household import EMAIL
from hypothesis import given
from hypothesis import strategies as st

from terril.web.people.actions.rename_person import LONGEST, rename_person
from terril.web.people.models import GONE, SHORT, Journal, Person
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/"


def test_the_name_is_shown_and_the_journal_does_not_hold_it(home: Client, ana: Person) -> None:
    home.post(PAGE, {"name": "  Ana   Dupré-Exemple "})
    ana.refresh_from_db()
    assert str(ana) == ana.name == "Ana Dupré-Exemple"
    line = Journal.objects.get(verb="nom affiché changé")
    assert "Dupré" not in f"{line.thing}{line.details}"
    assert line.who == line.whom == "Ana Dupré-Exemple", "the name of today"


def test_without_a_name_one_reads_the_beginning_of_the_address(ana: Person) -> None:
    rename_person(ana, "")
    assert ana.display == "ana" and "@" not in ana.display


def test_the_same_name_writes_nothing(ana: Person) -> None:
    rename_person(ana, "Ana Exemple")
    assert not Journal.objects.exists()


@pytest.mark.parametrize("name", ["x" * (LONGEST + 1), "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_written_is_refused(home: Client, ana: Person, name: str) -> None:
    with pytest.raises(RefusedError):
        rename_person(ana, name)
    answer = home.post(PAGE, {"name": name})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    ana.refresh_from_db()
    assert ana.name == "Ana Exemple"


def test_a_name_is_never_markup(home: Client, ana: Person) -> None:
    home.post(PAGE, {"name": "<b>Ana</b>"})
    text = home.get(PAGE).content.decode()
    assert "<b>Ana</b>" not in text and "&lt;b&gt;Ana" in text


def test_the_longest_name_fits_the_page(home: Client, ana: Person) -> None:
    rename_person(ana, "W" * LONGEST)
    assert f"{'W' * (SHORT - 1)}…" in home.get(PAGE).content.decode()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_a_short_name_is_short_and_begins_the_name(name: str) -> None:
    person = Person(email=EMAIL, name=name)
    assert 0 < len(person.short) <= SHORT
    assert person.display.startswith(person.short.removesuffix("…").rstrip() or person.display[0])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ana Exemple", "Ana Exemple"),
        ("Maximilienne-Apollinaire du Val", "Maximilienne-Apollinair…"),
        ("Maximilienne du Val-des-Roseaux", "Maximilienne du…"),
        ("Association des habitantes", "Association des…"),
    ],
)
def test_a_long_name_is_cut_between_words(name: str, short: str) -> None:
    assert Person(email=EMAIL, name=name).short == short


def test_somebody_who_left_has_no_name(ana: Person) -> None:
    ana.deleted = ana.joined
    assert ana.display == ana.short == str(ana) == GONE
