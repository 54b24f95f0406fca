"""How is a row changed, and what happens when two people change it?"""

from __future__ import annotations

import office
import pytest
from django.test import Client

from terril.web.espace.actions.archive_row import archive_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.models import Revision
from terril.web.espace.writing import ConflictError, FaultsError
from terril.web.people.models import Journal
from terril.web.people.refusal import RefusedError

NAME = "Ville de Lunéville"


def test_a_change_is_a_version_and_says_from_what_to_what(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    who = office.member(contract, "chargee_mission")
    row = change_row(office.seen_by(contract, who), "organisations", 1, {"sigle": "VDL"}, 1)
    assert (row.version, row.get("sigle"), row.get("nom")) == (2, "VDL", NAME)
    line = Journal.objects.filter(register="organisations", number=1).first()
    assert line is not None and line.details["champs"] == {"sigle": [None, "VDL"]}


def test_the_journal_never_repeats_a_personal_value(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    change_row(office.root(contract), "organisations", 1, {"courriel": "a@exemple.fr"}, 1)
    assert "exemple.fr" not in str([line.details for line in Journal.objects.all()])
    assert Journal.objects.all()[0].details["champs"] == {"courriel": []}


def test_nothing_that_changes_is_no_version(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    before = Revision.objects.count()
    assert change_row(office.root(contract), "organisations", 1, {"nom": NAME}, 1).version == 1
    assert Revision.objects.count() == before


def test_two_people_in_different_columns_are_put_together(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    one = office.seen_by(contract, office.member(contract, "chargee_mission"))
    two = office.seen_by(contract, office.member(contract, "chargee_mission"))
    change_row(one, "organisations", 1, {"sigle": "VDL"}, 1)
    row = change_row(two, "organisations", 1, {"remarques": "À revoir"}, 1)
    assert (row.version, row.get("sigle"), row.get("remarques")) == (3, "VDL", "À revoir")


def test_two_people_in_the_same_column_lose_nothing(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    one = office.member(contract, "chargee_mission")
    change_row(office.seen_by(contract, one), "organisations", 1, {"remarques": "Le sien"}, 1)
    two = office.seen_by(contract, office.member(contract, "chargee_mission"))
    with pytest.raises(ConflictError) as caught:
        change_row(two, "organisations", 1, {"remarques": "Le mien", "sigle": "X"}, 1)
    conflict = caught.value.conflict
    assert conflict.columns == ("remarques",) and conflict.by == str(one.key)
    assert conflict.row.get("remarques") == "Le sien" and conflict.mine["remarques"] == "Le mien"
    row = office.root(contract).row("organisations", 1)
    assert row is not None and row.version == 2 and row.get("sigle") is None


def test_the_same_text_on_both_sides_is_no_conflict(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    change_row(office.root(contract), "organisations", 1, {"sigle": "VDL"}, 1)
    assert change_row(office.root(contract), "organisations", 1, {"sigle": "VDL"}, 1).version == 2


def test_a_version_that_never_was_is_refused(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    with pytest.raises(RefusedError, match="Rouvrez"):
        change_row(office.root(contract), "organisations", 1, {"sigle": "X"}, 9)
    with pytest.raises(RefusedError, match="n’existe pas"):
        change_row(office.root(contract), "organisations", 99, {"sigle": "X"}, 1)


def test_what_is_wrong_is_told_by_column(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    with pytest.raises(FaultsError) as caught:
        change_row(office.root(contract), "organisations", 1, {"nom": None, "nature": "x"}, 1)
    assert set(caught.value.faults) == {"nom", "nature"}


def test_an_archived_row_is_taken_back_before_it_is_changed(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    space = office.root(contract)
    archive_row(space, "organisations", 3)
    assert [row.number for row in space.rows("organisations")] == [1, 2]
    with pytest.raises(RefusedError, match="archivée"):
        change_row(space, "organisations", 3, {"sigle": "X"}, 2)
    assert archive_row(space, "organisations", 3, archived=False).version == 3


def test_a_row_whose_key_was_given_to_another_is_not_taken_back(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    space = office.root(contract)
    archive_row(space, "organisations", 1)
    office.fill(contract, "organisations", {"nom": NAME, "nature": "commune"})
    with pytest.raises(FaultsError):
        archive_row(office.root(contract), "organisations", 1, archived=False)
