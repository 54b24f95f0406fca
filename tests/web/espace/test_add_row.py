"""Who adds a row, and what is written when she does?"""

from __future__ import annotations

import office
import pytest
from django.test import Client

from terril.web.espace.actions.add_row import add_row
from terril.web.espace.models import Entry, Revision
from terril.web.espace.writing import FaultsError
from terril.web.people.models import Journal
from terril.web.people.refusal import RefusedError

COMMUNE = {"nom": "Écully", "code": "69081"}


def test_a_row_has_a_number_a_version_and_a_line_of_the_journal(web: Client) -> None:
    contract = office.contract()
    who = office.member(contract, "chargee_mission")
    row = add_row(office.seen_by(contract, who), "communes", COMMUNE)
    assert (row.number, row.version, row.values) == (1, 1, COMMUNE)
    assert Revision.objects.get().values == COMMUNE
    line = Journal.objects.get()
    assert (line.actor, line.contract, line.register, line.number) == (who, "essai", "communes", 1)


def test_numbers_begin_again_in_another_contract(web: Client) -> None:
    first, second = office.contract("un"), office.contract("deux")
    office.fill(first, "communes", COMMUNE)
    assert office.fill(second, "communes", COMMUNE)[0].number == 1
    assert len(office.root(second).rows("communes")) == 1


@pytest.mark.parametrize("values", [{"nom": "Sans code"}, {**COMMUNE, "code": "69081"}])
def test_a_row_that_is_not_right_is_not_written(web: Client, values: dict[str, str]) -> None:
    contract = office.contract()
    office.fill(contract, "communes", COMMUNE)
    with pytest.raises(FaultsError):
        add_row(office.root(contract), "communes", values)
    assert Entry.objects.count() == 1


def test_a_link_to_a_row_that_is_not_there_is_refused(web: Client) -> None:
    contract = office.contract()
    values = {"nom": "Q", "code": "QP000001", "type": "qpv", "communes": (7,)}
    with pytest.raises(FaultsError) as caught:
        add_row(office.root(contract), "quartiers", values)
    assert "communes" in caught.value.faults


def test_only_those_whom_the_card_names_add(web: Client) -> None:
    contract = office.contract()
    for role in ("chef_projet", "porteur", "analyste", "conseiller_citoyen"):
        who = office.member(contract, role)
        with pytest.raises(RefusedError, match="Seuls les chargés de mission"):
            add_row(office.seen_by(contract, who), "communes", COMMUNE)
    stranger = office.person()
    with pytest.raises(RefusedError, match="réservé aux membres"):
        add_row(office.seen_by(contract, stranger), "communes", COMMUNE)
    elsewhere = office.member(office.contract("autre"), "chargee_mission")
    with pytest.raises(RefusedError, match="réservé aux membres"):
        add_row(office.seen_by(contract, elsewhere), "communes", COMMUNE)
    assert not Entry.objects.exists()
