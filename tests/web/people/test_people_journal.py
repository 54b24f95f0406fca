"""Does the journal say who did what, and name nobody?"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from terril.web.people.journal import HIDDEN, NO_ADDRESS, changes, note, without_addresses
from terril.web.people.models import GONE, Journal, Person


def test_a_line_holds_the_row_acted_on(ana: Person, lea: Person) -> None:
    note(
        ana, "ligne changée", "Actions, n° 12", contract="exemple", register="actions", number=12,
        subject=lea, champs={"titre": ["a", "b"]},
    )  # fmt: skip
    line = Journal.objects.get(contract="exemple", register="actions", number=12)
    assert (line.actor, line.subject, line.who, line.whom) == (ana, lea, "Ana Exemple", "lea")
    assert line.details == {"champs": {"titre": ["a", "b"]}}


def test_what_older_rooms_write_still_goes(ana: Person) -> None:
    line = note(ana, "contrôles", "essai", travail="abc", date="2020-07-01")
    assert (line.contract, line.register, line.number, line.subject) == ("", "", None, None)
    assert line.details == {"travail": "abc", "date": "2020-07-01"}


def test_without_an_account_it_is_said_who(web: Any) -> None:
    assert note(None, "base mise à jour", "site").who == "ligne de commande"
    assert note(None, "besoin déposé", "portail", origin="sans compte").who == "sans compte"


def test_a_person_whose_row_is_gone_has_no_name(ana: Person, lea: Person) -> None:
    note(ana, "ligne changée", "actions", subject=lea)
    key = ana.key
    Person.objects.filter(pk__in=(ana.pk, lea.pk)).delete()
    line = Journal.objects.get()
    assert (line.who, line.whom, line.actor_id) == (GONE, GONE, key)
    assert str(line).endswith(f"{GONE} ligne changée actions")


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("écrit à ana@exemple.fr.", f"écrit à {NO_ADDRESS}."),
        ("<Ana.Dupre+x@sous.exemple.fr>;", f"<{NO_ADDRESS}>;"),
        ("à 3 @ 5 €", "à 3 @ 5 €"),
        ("@commune et l’arobase seule @", "@commune et l’arobase seule @"),
        ("a@b", "a@b"),
    ],
)
def test_an_address_is_taken_out_wherever_it_stands(web: Any, given_: str, kept: str) -> None:
    line = note(None, "essai", given_, motif=given_, champs={"c": [given_, [given_, 3, None]]})
    assert line.thing == line.details["motif"] == kept
    assert line.details["champs"]["c"] == [kept, [kept, 3, None]]


@given(st.emails(), st.text(max_size=40), st.text(max_size=40))
def test_no_address_passes(address: str, before: str, after: str) -> None:
    if not address.isascii() or any(c in "\"'(),:;<>@[\\]" for c in address.split("@")[0]):
        return
    assert address not in without_addresses(f"{before} {address} {after}")


def test_a_long_text_is_searched_quickly() -> None:
    import time

    start = time.perf_counter()
    assert without_addresses("a" * 200_000 + "@").endswith("@")
    assert time.perf_counter() - start < 2


def test_changes_say_what_differs_and_hide_what_is_personal() -> None:
    before = {"titre": "a", "somme": 3, "telephone": "01", "lieu": None}
    after = {"titre": "b", "somme": 3, "telephone": "02", "date": "2026-01-01"}
    assert changes(before, after, personal=["telephone"]) == {
        "titre": ["a", "b"],
        "telephone": [HIDDEN, HIDDEN],
        "date": [None, "2026-01-01"],
    }


_VALUES = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 2), max_size=5)


@given(_VALUES, _VALUES)
def test_changes_lead_from_one_to_the_other(before: dict[str, int], after: dict[str, int]) -> None:
    made: dict[str, Any] = {**before}
    for name, (old, new) in changes(before, after).items():
        assert made.get(name) == old
        made[name] = new
    assert {k: v for k, v in made.items() if v is not None} == after | {
        k: v for k, v in before.items() if k not in after and made[k] is not None
    }


def test_a_page_of_lines_asks_the_names_once(ana: Person, lea: Person) -> None:
    for number in range(20):
        note(ana if number % 2 else lea, "essai", str(number), subject=lea)
    with CaptureQueriesContext(connection) as asked:
        names = {line.who for line in Journal.objects.all()} | {
            line.whom for line in Journal.objects.all()
        }
    assert names == {"Ana Exemple", "lea"} and len(asked) == 2


def test_the_database_itself_refuses_a_change(ana: Person) -> None:
    note(ana, "essai", "x")
    for text in (
        "UPDATE people_journal SET verb = 'y'",
        "UPDATE people_journal SET actor_id = NULL",
        "DELETE FROM people_journal",
    ):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            connection.cursor().execute(text)
    assert Journal.objects.get().actor == ana
